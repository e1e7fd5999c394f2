"""Values that are compared: columns of a frame and literals, with what is missing beside them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.columns import Kind
from gisapp.errors import some
from gisapp.release.cql2.refusals import refused

ScalarKind = Literal["text", "number", "boolean", "date", "timestamp"]

_KINDS: Final[Mapping[Kind, ScalarKind]] = {
    "text": "text", "integer": "number", "number": "number", "ratio": "number", "boolean": "boolean",
}  # fmt: skip
_BLANK: Final[Mapping[ScalarKind, Any]] = {"text": "", "number": 0.0, "boolean": False}


@dataclass(frozen=True)
class Scalar:
    """Values of one kind, one per row or a single one for all (shape ``()``); a missing one means nothing."""

    kind: ScalarKind
    values: npt.NDArray[Any]
    missing: npt.NDArray[np.bool_]

    @property
    def is_literal(self) -> bool:
        """Whether it is one value for all rows."""
        return self.values.ndim == 0


def column_of(frame: pd.DataFrame, kinds: Mapping[str, Kind], name: Any) -> Scalar:
    """A column of the frame; InvalidParameterError for one that it does not have."""
    if not isinstance(name, str) or name not in kinds:
        known = some(kinds)
        raise refused(
            f"there is no property {str(name)[:60]!r} here; there are {known}. The link 'queryables' lists them.",
            f"properti {str(name)[:60]!r} tidak ada; yang ada: {known}. Tautan 'queryables' memuat semuanya.",
        )
    kind, series = _KINDS[kinds[name]], frame[name]
    missing = series.isna().to_numpy(dtype=bool)
    if kind == "number":
        values = series.to_numpy(dtype="float64", na_value=np.nan)
        missing = missing | ~np.isfinite(values)
        return Scalar(kind, np.where(missing, 0.0, values), missing)
    dtype = object if kind == "text" else bool
    values = np.array([_BLANK[kind] if gone else value for value, gone in zip(series, missing, strict=True)], dtype)
    return Scalar(kind, values, missing)


def literal(value: Any) -> Scalar:
    """A literal of CQL2 JSON: text, number, boolean, ``{"date": …}`` or ``{"timestamp": …}``."""
    if isinstance(value, bool):
        return _single("boolean", np.array(value))
    if isinstance(value, int | float):
        return _single("number", np.array(_finite(value)))
    if isinstance(value, str):
        return _single("text", np.array(value, dtype=object))
    if isinstance(value, dict) and len(value) == 1:
        (name, text), *_ = value.items()
        if name in _INSTANTS and isinstance(text, str):
            return _single(name, np.array(_INSTANTS[name](text), dtype=object))
    raise refused(
        "a value is a text in single quotes, a number, true, false or a property.",
        "nilai berupa teks dalam tanda kutip tunggal, bilangan, true, false, atau properti.",
    )


def _single(kind: ScalarKind, values: npt.NDArray[Any]) -> Scalar:
    return Scalar(kind, values, np.array(False))


def _finite(value: float) -> float:
    try:
        number = float(value)
    except OverflowError:  # a whole number of more digits than a float has room for
        number = math.inf
    if not math.isfinite(number):
        raise refused("a number is too large.", "ada bilangan yang terlalu besar.")
    return number


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refused(
            f"{text[:40]!r} is no date like 2025-01-31.", f"{text[:40]!r} bukan tanggal seperti 2025-01-31."
        ) from None


def _timestamp(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise refused(
            f"{text[:40]!r} is no timestamp like 2025-01-31T08:00:00Z.",
            f"{text[:40]!r} bukan waktu seperti 2025-01-31T08:00:00Z.",
        )
    return found.astimezone(UTC)


_INSTANTS: Final[Mapping[str, Callable[[str], Any]]] = {"date": _date, "timestamp": _timestamp}


def without_case(scalar: Scalar) -> Scalar:
    """CASEI: a text as it is compared where capitals do not matter."""
    if scalar.kind != "text":
        raise refused("casei() takes a text.", "casei() hanya untuk teks.")
    folded = [text.casefold() for text in scalar.values.ravel()]
    return Scalar("text", np.array(folded, dtype=object).reshape(scalar.values.shape), scalar.missing)
