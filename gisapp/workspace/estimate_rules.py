"""What tables of estimates must say about themselves: the concept that is counted, its unit, and how sure it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from gisapp.analysis.codes import digits
from gisapp.errors import GisappError
from gisapp.readers.guard import refuse

#: What an expected number of families counts, as the column ``concept`` holds it: all families of an area.
ALL_FAMILIES = "all_families"
_ALL = {"semua keluarga", "seluruh keluarga", "keluarga", "all families", "all_families"}
_DECILES = re.compile(
    r"(?:desil|decile)[ _]?(\d{1,2})(?:\s*(?:-|–|s/d|sampai|to)\s*(?:(?:desil|decile)[ _]?)?(\d{1,2}))?"
)
_FAMILIES = {"keluarga", "families", "family", "kk"}
_PERCENT = {"persen": 0.01, "%": 0.01, "percent": 0.01, "rasio": 1.0, "ratio": 1.0, "0-1": 1.0}


def decile_concept(deciles: tuple[int, ...]) -> str:
    """Concept of families in a list of deciles.

    >>> decile_concept((1,)), decile_concept((1, 2))
    ('decile_1', 'decile_1-2')
    """
    numbers = sorted(deciles)
    run = numbers == list(range(numbers[0], numbers[-1] + 1))
    if len(numbers) == 1:
        return f"decile_{numbers[0]}"
    return f"decile_{numbers[0]}-{numbers[-1]}" if run else "decile_" + ",".join(f"{one}" for one in numbers)


def expected_rules(path: Path, frame: pd.DataFrame) -> pd.DataFrame:
    """Expected families with canonical concept and unit; FileRefusedError where they cannot be compared with families.

    ``concept`` becomes ``all_families`` or ``decile_1``, ``decile_1-2`` …; a household (rumah tangga) is not a family.
    """
    concept = _worded(path, frame, "concept", _concept, "semua keluarga, desil 1, desil 1-2 …")
    unit = _worded(path, frame, "unit", lambda text: "families" if text in _FAMILIES else None, "keluarga")
    out = frame.assign(concept=concept, unit=unit)
    present = {"lower", "upper"} & set(out.columns)
    if len(present) == 1:
        raise _refused(path, "lower and upper belong together", "batas bawah dan batas atas harus ada keduanya")
    if present:
        out = out.astype({"families": "float64", "lower": "float64", "upper": "float64"})
        outside = (out["lower"] > out["families"]) | (out["upper"] < out["families"])
        half = out["lower"].isna() != out["upper"].isna()
        _no_row(
            path, out, outside | half, "has a range that does not hold its number", "rentangnya tidak memuat angkanya"
        )
    return _once(path, out)


def direct_rules(path: Path, frame: pd.DataFrame) -> pd.DataFrame:
    """Direct survey estimates as ratios 0..1, each with its ``standard_error`` (NaN where it is blank)."""
    scale = _worded(path, frame, "unit", _PERCENT.get, "persen, rasio").astype("float64")
    estimate = frame["estimate"].astype("float64") * scale
    _no_row(path, frame, estimate > 1, "has an estimate above 100 %", "taksirannya di atas 100 %")
    error = pd.Series(np.nan, index=frame.index)
    if "standard_error" in frame:
        error = frame["standard_error"].astype("float64") * scale
    if "variance" in frame:
        error = error.fillna(np.sqrt(frame["variance"].astype("float64")) * scale)
    if "rse" in frame:
        error = error.fillna(frame["rse"].astype("float64") / 100 * estimate)
    if not {"standard_error", "variance", "rse"} & set(frame.columns):
        raise _refused(
            path,
            "a direct_estimates table needs a column galat_baku (standard_error), varians or rse",
            "tabel direct_estimates memerlukan kolom galat_baku (standard_error), varians atau rse",
        )
    return _once(path, frame.assign(estimate=estimate, standard_error=error))


def _concept(text: str) -> str | None:
    if text in _ALL:
        return ALL_FAMILIES
    found = _DECILES.fullmatch(text)
    if found is None:
        return None
    first, last = int(found[1]), int(found[2] or found[1])
    return decile_concept(tuple(range(first, last + 1))) if 1 <= first <= last <= 10 else None


def _worded(path: Path, frame: pd.DataFrame, column: str, meaning: Callable[[str], Any], known: str) -> pd.Series:
    """Each text of a column in its canonical form; refused with its row where it has none."""
    folded = [" ".join(f"{text}".split()).casefold() for text in frame[column]]
    found = pd.Series([meaning(text) for text in folded], index=frame.index, dtype="object")
    if found.isna().any():
        row = found[found.isna()].index[0]
        value = frame[column].loc[row]
        hint = " A household is not a family." if "tangga" in f"{value}".casefold() else ""
        petunjuk = " Rumah tangga bukan keluarga." if hint else ""
        raise _refused(
            path,
            f"row {row}: {column} {value!r} is not known; write one of: {known}.{hint}",
            f"baris {row}: {column} {value!r} tidak dikenal; tulis salah satu: {known}.{petunjuk}",
        )
    return found


def _once(path: Path, frame: pd.DataFrame) -> pd.DataFrame:
    named = pd.DataFrame({"code": [digits(code) for code in frame["code"]]}, index=frame.index)
    named = named.assign(concept=frame["concept"], year=frame["year"])
    _no_row(path, frame, named.duplicated(), "is there twice", "ada dua kali")
    return frame


def _no_row(path: Path, frame: pd.DataFrame, bad: pd.Series, en: str, id: str) -> None:
    if bad.any():
        row, count = bad[bad].index[0], int(bad.sum())
        code = frame["code"].loc[row]
        raise _refused(
            path, f"row {row}, code {code}: {en} ({count} such rows)", f"baris {row}, kode {code}: {id} ({count} baris)"
        )


def _refused(path: Path, en: str, id: str) -> GisappError:
    return refuse(f"{path}: {en}.".replace("..", "."), f"{path}: {id}.".replace("..", "."), code="table_value")
