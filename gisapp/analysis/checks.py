"""Collect every problem of an input, then refuse it once, naming the rows."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.errors import InvalidInputError

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_NAMED = 5


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
    """Index of a Series or frame; positions for an array or a list."""
    return values.index if isinstance(values, pd.Series | pd.DataFrame) else pd.RangeIndex(len(values))


def as_numbers(values: Any, complaints: Complaints, name: str, *, allow_missing: bool = False) -> Floats:
    """Turn ``values`` into float64; notes text, missing and infinite entries by row."""
    index = row_index(values)
    try:
        numbers = pd.Series(values, index=index).astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    except (ValueError, TypeError):
        numbers = pd.to_numeric(pd.Series(values, index=index), errors="coerce").to_numpy(dtype=np.float64)
        allow_missing = False
    bad = np.isinf(numbers) if allow_missing else ~np.isfinite(numbers)
    complaints.rows(bad, index, f"{name} is not a number", f"{name} bukan angka")
    return np.ascontiguousarray(numbers)


def need_rows(values: Any, complaints: Complaints, name: str) -> None:
    """Note an empty input."""
    if len(values) == 0:
        complaints.add(f"{name} has no rows", f"{name} tidak punya baris")


def need_same_rows(left: Any, right: Any, complaints: Complaints, name: str) -> bool:
    """Note a different length, or labels that differ or stand in another order; True when the rows agree."""
    if len(left) != len(right):
        complaints.add(
            f"{name} has {len(right)} rows where {len(left)} are expected",
            f"{name} punya {len(right)} baris, seharusnya {len(left)}",
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
    if same and at_most_population:
        complaints.rows(counts > people, index, "events exceed the population", "events melebihi population")
    elif same:
        complaints.rows((people == 0) & (counts > 0), index, "events without population", "events tanpa population")
    complaints.refuse()
    return counts, people, index


def need_share(value: float, *, subject: str, name: str) -> None:
    """Refuse a parameter that is not strictly between 0 and 1."""
    if not 0 < value < 1:
        refuse(subject, f"{name} is {value}, not between 0 and 1", f"{name} adalah {value}, tidak di antara 0 dan 1")


def duplicated_labels(labels: Iterable[Hashable]) -> list[str]:
    """Labels that occur more than once, as text, in order of appearance."""
    index = pd.Index(labels)
    return [f"{label}" for label in index[index.duplicated()].unique()]
