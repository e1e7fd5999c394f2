"""Collect every problem of an input, then refuse it once, naming the rows."""

from __future__ import annotations

import numbers
from collections.abc import Hashable, Iterable
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.errors import InvalidInputError

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_NAMED = 5
#: No quantity of a district is larger; fourth powers of more overflow.
LARGEST = 1e60
#: Counts beyond this are no longer told apart from their neighbours by one.
_MOST_COUNTED = 1e15
#: A share of one person below this is no population.
_LEAST_COUNTED = 1e-9
#: Seeds are kept in 63 bits by the compiled draws.
_LARGEST_SEED = 2**63


class Complaints:
    """What is wrong with the input of one calculation; ``refuse`` raises once with all of it."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self._found: list[tuple[str, str]] = []

    def add(self, en: str, id: str) -> None:
        """Note one problem in English and Indonesian."""
        self._found.append((en, id))

    def rows(self, bad: Bools, index: pd.Index, en: str, id: str) -> None:
        """Note the rows where ``bad`` holds, naming the first few by index label."""
        if not bad.any():
            return
        labels = [f"{label}" for label in index[bad][:_NAMED]]
        more = int(bad.sum()) - len(labels)
        named = ", ".join(labels)
        self.add(
            f"{en} in row {named}" + (f" and {more} more" if more else ""),
            f"{id} pada baris {named}" + (f" dan {more} lagi" if more else ""),
        )

    def refuse(self) -> None:
        """Raise ``InvalidInputError`` when anything was noted."""
        if self._found:
            raise InvalidInputError(
                f"{self.subject}: {'; '.join(en for en, _ in self._found)}. Correct the input and repeat.",
                f"{self.subject}: {'; '.join(id for _, id in self._found)}. Perbaiki masukan lalu ulangi.",
            )


def refuse(subject: str, en: str, id: str) -> None:
    """Raise ``InvalidInputError`` for one problem of a parameter."""
    complaints = Complaints(subject)
    complaints.add(en, id)
    complaints.refuse()


def row_index(values: Any) -> pd.Index:
    """Index of a Series or frame; positions for an array or a list. Refuses what has no rows at all."""
    return values.index if isinstance(values, pd.Series | pd.DataFrame) else pd.RangeIndex(_length(values))


def _length(values: Any) -> int:
    """Count the rows; a single value or nothing at all is refused."""
    try:
        if isinstance(values, str | bytes):
            raise TypeError
        return len(values)
    except TypeError:
        kind = type(values).__name__
        refuse(
            "rows", f"a list, array or Series is expected, not {kind}", f"perlu daftar, larik atau Series, bukan {kind}"
        )
        raise


def as_numbers(values: Any, complaints: Complaints, name: str, *, allow_missing: bool = False) -> Floats:
    """Turn ``values`` into float64; notes text, missing, infinite and absurdly large entries by row."""
    index = row_index(values)
    column = one_column(values, index, complaints, name)
    try:
        found = column.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    except (ValueError, TypeError):
        found = column.astype(object).map(_number_in).to_numpy(dtype=np.float64)
        allow_missing = False
    bad = np.isinf(found) if allow_missing else ~np.isfinite(found)
    complaints.rows(bad, index, f"{name} is not a number", f"{name} bukan angka")
    complaints.rows(
        np.isfinite(found) & (np.abs(found) > LARGEST), index, f"{name} is beyond 10^60", f"{name} lebih dari 10^60"
    )
    return np.ascontiguousarray(found)


def one_column(values: Any, index: pd.Index, complaints: Complaints, name: str) -> pd.Series:
    """Return one value per row as a Series, or refuse: a table, dates and complex numbers are no column of numbers."""
    try:
        column = pd.Series(values, index=index)
    except (ValueError, TypeError):
        column = pd.Series(dtype="complex128")
    if column.dtype.kind in "cmM":
        complaints.add(f"{name} is not one number per row", f"{name} bukan satu angka per baris")
        complaints.refuse()
    return column


def _number_in(value: Any) -> float:
    """Read one cell as a number, NaN if it is none; digits as text count."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")


def as_number(value: Any) -> float:
    """Return a parameter as float, or NaN if it is no number: every ``not low < as_number(value)`` then refuses it."""
    single = value.item() if isinstance(value, np.ndarray) and value.ndim == 0 else value
    wanted = isinstance(single, numbers.Real | Decimal) and not isinstance(single, bool)
    return float(single) if wanted else float("nan")


def is_whole(value: Any) -> bool:
    """Whether a parameter is a whole number; a truth value is none."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def need_whole(value: Any, *, subject: str, name: str, least: int) -> None:
    """Refuse a parameter that is not a whole number from ``least``."""
    if not is_whole(value) or value < least:
        refuse(
            subject,
            f"{name} is {value}, not a whole number from {least}",
            f"{name} {value}, seharusnya bulat dari {least}",
        )


def need_seed(seed: Any, *, subject: str) -> None:
    """Refuse a seed that names no draws: anything but a whole number from 0 to 2^63 - 1."""
    if not is_whole(seed) or not 0 <= seed < _LARGEST_SEED:
        refuse(
            subject, f"seed is {seed}, not a whole number from 0 to 2^63 - 1", f"seed {seed}, seharusnya bulat dari 0"
        )


def need_rows(values: Any, complaints: Complaints, name: str) -> None:
    """Note an empty input."""
    if _length(values) == 0:
        complaints.add(f"{name} has no rows", f"{name} tidak punya baris")


def need_same_rows(left: Any, right: Any, complaints: Complaints, name: str) -> bool:
    """Note a different length, or labels that differ or stand in another order; True when the rows agree."""
    expected, found = _length(left), _length(right)
    if expected != found:
        complaints.add(
            f"{name} has {found} rows where {expected} are expected",
            f"{name} punya {found} baris, seharusnya {expected}",
        )
        return False
    labelled = isinstance(left, pd.Series | pd.DataFrame) and isinstance(right, pd.Series | pd.DataFrame)
    if labelled and not left.index.equals(right.index):
        at = int(np.flatnonzero(np.asarray(left.index != right.index))[0])
        complaints.add(
            f"{name} is not aligned: row {right.index[at]} stands where {left.index[at]} is expected",
            f"{name} tidak sejajar: baris {right.index[at]} berada di tempat {left.index[at]}",
        )
        return False
    return True


def event_counts(
    events: Any, population: Any, *, subject: str, at_most_population: bool = True
) -> tuple[Floats, Floats, pd.Index]:
    """Check counts of events against a population and return both as float arrays with the index."""
    complaints = Complaints(subject)
    need_rows(events, complaints, "events")
    same = need_same_rows(events, population, complaints, "population")
    index = row_index(events)
    counts = as_numbers(events, complaints, "events")
    people = as_numbers(population, complaints, "population")
    complaints.rows(counts < 0, index, "events is negative", "events negatif")
    complaints.rows(people < 0, row_index(population), "population is negative", "population negatif")
    _note_sizes(counts, index, complaints, "events")
    _note_sizes(people, row_index(population), complaints, "population")
    if same and at_most_population:
        complaints.rows(counts > people, index, "events exceed the population", "events melebihi population")
    elif same:
        complaints.rows((people == 0) & (counts > 0), index, "events without population", "events tanpa population")
    complaints.refuse()
    return counts, people, index


def _note_sizes(counts: Floats, index: pd.Index, complaints: Complaints, name: str) -> None:
    """Note counts too large to be exact, and those so small that dividing by them says nothing."""
    complaints.rows(counts > _MOST_COUNTED, index, f"{name} is beyond 10^15", f"{name} lebih dari 10^15")
    tiny = (counts > 0) & (counts < _LEAST_COUNTED)
    complaints.rows(tiny, index, f"{name} is below 10^-9 and not 0", f"{name} kurang dari 10^-9 dan bukan 0")


def need_share(value: Any, *, subject: str, name: str) -> None:
    """Refuse a parameter that is not strictly between 0 and 1."""
    if not 0 < as_number(value) < 1:
        refuse(subject, f"{name} is {value}, not between 0 and 1", f"{name} adalah {value}, tidak di antara 0 dan 1")


def duplicated_labels(labels: Iterable[Hashable]) -> list[str]:
    """Labels that occur more than once, as text, in order of appearance."""
    index = pd.Index(labels)
    return [f"{label}" for label in index[index.duplicated()].unique()]
