"""How many visits to draw from each area: exact optimal allocation in whole numbers."""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.analysis.checks import Complaints, Floats, as_numbers, need_rows, need_same_rows, refuse, row_index

Counts = npt.NDArray[np.int64]

#: Whole numbers are exact up to here.
_LARGEST_SIZE = 1e15


def neyman(sizes: Any, standard_deviation: Any, *, visits: int, least: Any = 0, most: Any = None) -> pd.Series:
    """Visits per area (whole numbers that add up to ``visits``) that estimate the district's total best.

    Σ N² S² (1/n − 1/N) is least for a stratified sample without replacement (Neyman 1934). Found exactly by Wright
    (2012; 2017, algorithm III): the next visit goes to the highest priority N² S² / (n (n + 1)). An area gets at most
    its size. A first visit comes before every second one; while visits are fewer than areas they go to the largest
    N S. Ties go to the lower row label (as text). Areas without spread (S = 0) come last, when all others are full.

    Parameters
    ----------
    sizes
        Families N of each area, whole numbers from 0.
    standard_deviation
        Spread S of the measured quantity inside each area, from 0; √(p (1 − p)) for a share p. Where nothing is known
        of the share of wrong entries, 0.5 everywhere is the cautious choice, and the allocation is proportional.
    visits
        All visits together.
    least, most
        Fewest and most visits of an area, one number or one per area; the size is a limit for both.

    Raises ``InvalidInputError`` for sizes that are no whole numbers or negative, for negative spreads, for ``least``
    above ``most`` by row, and for visits that the limits do not allow.
    """
    numbers, spread = _checked(sizes, standard_deviation)
    index = row_index(sizes)
    low, high = _limits(numbers, index, least, most)
    if isinstance(visits, bool) or not isinstance(visits, int | np.integer) or not low.sum() <= visits <= high.sum():
        refuse(
            "neyman",
            f"visits is {visits}, not a whole number from {int(low.sum())} to {int(high.sum())}",
            f"visits {visits} bukan bilangan bulat dari {int(low.sum())} sampai {int(high.sum())}",
        )
    given = _given(numbers * spread, low, high, int(visits) - int(low.sum()), [f"{label}" for label in index])
    return pd.Series(given, index=index, name="visits")


def _checked(sizes: Any, standard_deviation: Any) -> tuple[Floats, Floats]:
    complaints = Complaints("neyman")
    need_rows(sizes, complaints, "sizes")
    need_same_rows(sizes, standard_deviation, complaints, "standard_deviation")
    numbers = as_numbers(sizes, complaints, "sizes")
    spread = as_numbers(standard_deviation, complaints, "standard_deviation")
    whole = (numbers >= 0) & (numbers == np.floor(numbers))
    complaints.rows(numbers > _LARGEST_SIZE, row_index(sizes), "sizes is beyond 10^15", "sizes lebih dari 10^15")
    complaints.rows(~whole, row_index(sizes), "sizes is no whole number from 0", "sizes bukan bilangan bulat dari 0")
    negative = spread < 0
    complaints.rows(
        negative, row_index(standard_deviation), "standard_deviation is negative", "standard_deviation negatif"
    )
    complaints.refuse()
    return numbers, spread


def _limits(numbers: Floats, index: pd.Index, least: Any, most: Any) -> tuple[Counts, Counts]:
    """Fewest and most visits per area, both within the size."""
    complaints = Complaints("neyman")
    ends = []
    for name, given in (("least", least), ("most", numbers if most is None else most)):
        row = pd.Series(given, index=index) if np.ndim(given) == 0 else given
        if need_same_rows(pd.Series(numbers, index=index), row, complaints, name):
            values = as_numbers(row, complaints, name)
            whole = (values >= 0) & (values == np.floor(values))
            complaints.rows(~whole, index, f"{name} is no whole number from 0", f"{name} bukan bilangan bulat dari 0")
            ends.append(np.minimum(values, numbers))
    complaints.refuse()
    low, high = ends
    complaints.rows(low > high, index, "least is above most", "least di atas most")
    complaints.refuse()
    return low.astype(np.int64), high.astype(np.int64)


def _given(scale: Floats, low: Counts, high: Counts, visits: int, labels: list[str]) -> Counts:
    """Give one visit after the other to the highest priority."""
    given = low.copy()
    tie = np.argsort(np.argsort(labels, kind="stable"), kind="stable")

    def entry(at: int) -> tuple[float, float, int, int]:
        count = int(given[at])
        # A first visit has no finite priority: an area that nobody visits has no estimate at all.
        first = -np.inf if count == 0 and scale[at] > 0 else 0.0
        return first, -(scale[at] ** 2) / max(count * (count + 1), 1), int(tie[at]), at

    waiting = [entry(at) for at in range(len(given)) if given[at] < high[at]]
    heapq.heapify(waiting)
    for _ in range(visits):
        at = waiting[0][-1]
        given[at] += 1
        if given[at] < high[at]:
            heapq.heapreplace(waiting, entry(at))
        else:
            heapq.heappop(waiting)
    return given
