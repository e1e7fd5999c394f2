"""A chunk of text rows as typed values: numbers, verdicts, ids, and the reasons that keep a row out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.readers.numbers import parse_number, parse_rupiah
from gisapp.registry.deprivations import Verdicts, classify, verdicts
from gisapp.registry.forms import CODED, NUMBERS, Form
from gisapp.registry.ids import CheckedIds, SeenIds, check_family_number, check_nik, mark_repeats
from gisapp.registry.positions import read_degrees
from gisapp.registry.reasons import Sets, add, no_reasons
from gisapp.registry.rules import YES_NO

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

#: Largest plausible family; a larger number is a year, an id or a sum.
MOST_PERSONS = 99
#: Texts that stand for no finite number.
NOT_FINITE = r"(?i)\s*[+-]?(?:nan|inf|infinity|∞)\s*|\s*#(?:num|div/0|n/a|value|ref|name|null)[!?]?\s*"
_WORDED = r"[A-Za-z#∞]"
_DEGREES = ("longitude", "latitude")


@dataclass
class TypedRows:
    """Typed values of some rows, aligned with each other; NaN and UNKNOWN where the file does not say.

    ``strange`` and ``unreadable`` mark, by variable, the answers and the numbers behind two of the ``marks``.
    """

    rows: int
    reasons: Sets
    numbers: dict[str, Floats] = field(default_factory=dict)
    judged: dict[str, Verdicts] = field(default_factory=dict)
    nik: CheckedIds | None = None
    family: CheckedIds | None = None
    marks: dict[str, Flags] = field(default_factory=dict)
    strange: dict[str, Flags] = field(default_factory=dict)
    unreadable: dict[str, Flags] = field(default_factory=dict)


def read_rows(frame: pd.DataFrame, columns: dict[str, str], form: Form) -> TypedRows:
    """Type the mapped columns of a chunk; rows that cannot be accepted get their reasons, but for areas and repeats."""
    typed = TypedRows(rows=len(frame), reasons=no_reasons(len(frame)))
    _formulas(typed, frame, columns)
    _numbers(typed, frame, columns)
    _answers(typed, frame, columns, form)
    _ids(typed, frame, columns, form)
    return typed


def _formulas(typed: TypedRows, frame: pd.DataFrame, columns: dict[str, str]) -> None:
    mapped = set(columns.values())
    found = np.zeros(typed.rows, dtype=bool)
    for column in mapped:
        found |= frame[column].str.startswith("=").to_numpy(dtype=bool)
    noted = {row for row, column in frame.attrs.get("formula_cells", []) if column in mapped}
    if noted:
        found |= frame.index.isin(list(noted))
    add(typed.reasons, "formula_cell", found)
    ragged = frame.attrs.get("ragged", [])
    if ragged:
        add(typed.reasons, "columns_mismatch", frame.index.isin(ragged))


def _numbers(typed: TypedRows, frame: pd.DataFrame, columns: dict[str, str]) -> None:
    endless = np.zeros(typed.rows, dtype=bool)
    unreadable = np.zeros(typed.rows, dtype=bool)
    for variable in NUMBERS:
        if variable not in columns:
            continue
        text = frame[columns[variable]]
        worded = text.str.contains(_WORDED).to_numpy(dtype=bool)
        if worded.any():
            endless[worded] |= text[worded].str.fullmatch(NOT_FINITE).to_numpy(dtype=bool)
        values = read_degrees(text) if variable in _DEGREES else _plain_numbers(text, variable)
        check = _CHECKS.get(variable)
        if check is not None:
            blank = (text.str.strip() == "").to_numpy(dtype=bool)
            values, bad = check(values, blank)
            if variable in _STRICT:
                add(typed.reasons, _STRICT[variable], bad)
            else:
                unreadable |= bad
                if bad.any():
                    typed.unreadable[variable] = bad
        typed.numbers[variable] = values
    add(typed.reasons, "not_finite", endless)
    typed.marks["number_unreadable"] = unreadable
    if "decile" not in typed.numbers and "percentile" in typed.numbers:
        typed.numbers["decile"] = np.ceil(typed.numbers.pop("percentile") / 10)


def _plain_numbers(text: pd.Series, variable: str) -> Floats:
    """Numbers, each read by itself: what the other rows of a chunk hold must not decide what 36.500 is."""
    if variable == "decile":
        text = text.str.replace(r"(?i)^\s*desil\s*", "", regex=True)
    read = parse_rupiah if variable == "expenditure_idr" else parse_number
    table = {one: read(one) for one in pd.unique(text)}
    values: Floats = text.map(table).to_numpy(dtype=float, copy=True)
    values[~np.isfinite(values)] = np.nan
    return values


def _whole(low: float, high: float, *, needed: bool = False) -> Any:
    def check(values: Floats, blank: Flags) -> tuple[Floats, Flags]:
        good = (values >= low) & (values <= high) & (values == np.floor(values))
        bad = ~good if needed else ~good & ~blank
        return np.where(good, values, np.nan), bad

    return check


def _positive(values: Floats, blank: Flags) -> tuple[Floats, Flags]:
    good = values > 0
    return np.where(good, values, np.nan), ~good & ~blank


_CHECKS = {
    "decile": _whole(1, 10),
    "percentile": _whole(1, 100),
    "persons": _whole(1, MOST_PERSONS, needed=True),
    "children_0_5": _whole(0, MOST_PERSONS),
    "children_7_12": _whole(0, MOST_PERSONS),
    "children_13_15": _whole(0, MOST_PERSONS),
    "age": _whole(0, 130),
    "floor_area_m2": _positive,
    "expenditure_idr": _positive,
}
#: Variables whose bad value keeps the row out; a bad value of another is unknown, with a warning.
_STRICT = {"decile": "decile_invalid", "percentile": "decile_invalid", "persons": "persons_invalid"}


def _answers(typed: TypedRows, frame: pd.DataFrame, columns: dict[str, str], form: Form) -> None:
    classes: dict[str, npt.NDArray[np.object_]] = {}
    any_strange = np.zeros(typed.rows, dtype=bool)
    for variable in (*CODED, *YES_NO):
        if variable not in columns or variable == "power":
            continue
        classes[variable], strange = classify(form, variable, frame[columns[variable]])
        if strange.any():
            typed.strange[variable] = strange
            any_strange |= strange
    typed.marks["form_code_unknown"] = any_strange
    typed.judged = verdicts(form, classes, typed.rows)
    for variable in ("receives_pkh", "receives_bpnt", "receives_pbi"):
        answered = classes.get(variable, np.full(typed.rows, None, dtype=object))
        yes, no = answered == "yes", answered == "no"
        typed.judged[variable] = np.where(yes, 1, np.where(no, 0, -1)).astype(np.int8)


def _ids(typed: TypedRows, frame: pd.DataFrame, columns: dict[str, str], form: Form) -> None:
    if "nik" in columns:
        typed.nik = check_nik(frame[columns["nik"]])
        add(typed.reasons, "nik_damaged", typed.nik.damaged)
        typed.marks["nik_unknown"] = typed.nik.unknown
    if "family_number" in columns:
        typed.family = check_family_number(frame[columns["family_number"]])
        add(typed.reasons, "kk_damaged", typed.family.damaged)
        if form.unit == "person":
            add(typed.reasons, "kk_missing", typed.family.unknown)


class Repeats:
    """Finds rows that repeat the NIK or the KK of an earlier accepted row, over the chunks of a file."""

    def __init__(self, form: Form) -> None:
        """A KK number repeats in every row of a file of persons, so there only NIKs are compared."""
        self._compare_families = form.unit == "family"
        self.nik = SeenIds()
        self.family = SeenIds()
        self.rounded: Counter[str] = Counter()

    def mark(self, typed: TypedRows, frame: pd.DataFrame, columns: dict[str, str]) -> None:
        """Add the reasons ``nik_duplicate`` and ``kk_duplicate``; the first acceptable row of an id is kept.

        In a file of persons whose KK numbers were rounded, rows of a rounded number are ``kk_damaged``: they would join
        families that have nothing to do with each other.
        """
        if typed.family is not None and not self._compare_families:
            zero = self.family.look_at_endings(frame[columns["family_number"]], typed.family, repeating=True)
            if self.family.rounded:
                add(typed.reasons, "kk_damaged", zero)
        found: list[tuple[str, SeenIds, npt.NDArray[np.uint64]]] = []
        if typed.nik is not None:
            keys = self._comparable(typed, self.nik, typed.nik, frame[columns["nik"]], "nik_damaged")
            found.append(("nik_duplicate", self.nik, keys))
        if typed.family is not None and self._compare_families:
            keys = self._comparable(typed, self.family, typed.family, frame[columns["family_number"]], "kk_damaged")
            found.append(("kk_duplicate", self.family, keys))
        if not found:
            return
        codes, seen, compared = zip(*found, strict=True)
        for code, repeated in zip(codes, mark_repeats(seen, compared, typed.reasons != 0), strict=True):
            add(typed.reasons, code, repeated)

    def _comparable(
        self, typed: TypedRows, seen: SeenIds, ids: CheckedIds, texts: pd.Series, code: str
    ) -> npt.NDArray[np.uint64]:
        zero = seen.look_at_endings(texts, ids)
        if not seen.rounded:
            return ids.key
        typed.marks[code] = zero
        return np.where(zero, 0, ids.key).astype(np.uint64)
