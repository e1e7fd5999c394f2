"""Rate against count: an area can be poor by share, by number, by both or by neither."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from gisapp.analysis.checks import Complaints, as_number, as_numbers, need_rows, need_same_rows, refuse, row_index

#: Classes in order of priority. Printed in words: offices number their quadrants differently.
QUADRANTS = ("high_rate_high_count", "high_rate_low_count", "low_rate_high_count", "low_rate_low_count")

#: How a cut line may be taken from the values themselves; anything else is a number that somebody decided.
CUT_RULES = ("mean", "median")


def cut_line(values: Any, *, rule: str | float, weight: Any = None) -> float:
    """Where high begins: the mean or the median of the values, or the number that is given.

    The national and provincial poverty profiles cut at the mean or the median of the containing area (Analisis
    Kemiskinan Nasional 2013). A line that is to hold over several periods is given as a number.

    Parameters
    ----------
    values : (n,) numbers in the unit of the line; a missing one is left out.
    rule : ``"mean"``, ``"median"``, or a finite number, which is returned as it is.
    weight : (n,) numbers >= 0, optional; makes the mean Σ w v / Σ w, so that the mean of shares weighted by
        population is the share of the district. The median is never weighted.

    Raises
    ------
    InvalidInputError
        Unknown rule, no row, no value at all, infinite values, negative weights or weights without any sum, by row.
    """
    if not isinstance(rule, str):
        if not np.isfinite(as_number(rule)):
            refuse("cut_line", f"the line {rule} is not a number", f"batas {rule} bukan angka")
        return float(rule)
    complaints = Complaints("cut_line")
    if rule not in CUT_RULES:
        complaints.add(
            f"rule {rule!r} is not mean, median or a number", f"aturan {rule!r} bukan mean, median atau angka"
        )
    need_rows(values, complaints, "values")
    numbers = as_numbers(values, complaints, "values", allow_missing=True)
    present = np.isfinite(numbers)
    weights = np.ones(len(numbers))
    if weight is not None and need_same_rows(values, weight, complaints, "weight"):
        weights = np.nan_to_num(as_numbers(weight, complaints, "weight", allow_missing=True))
        complaints.rows(weights < 0, row_index(weight), "weight is negative", "bobot negatif")
    if len(numbers) and not (present & (weights > 0)).any():
        complaints.add("there is no value to take a line from", "tidak ada nilai untuk menarik batas")
    complaints.refuse()
    if rule == "median":
        return float(np.median(numbers[present]))
    return float(np.average(numbers[present], weights=weights[present]))


def quadrant(rate: Any, count: Any, *, rate_cut: float, count_cut: float) -> pd.Series:
    """Class of each area by its rate and its count; a value at the cut is high, a missing one gives <NA>.

    Descriptive: it needs no test and makes no pocket by itself. Raises ``InvalidInputError`` for infinite or
    negative values and for a cut that is not a number.
    """
    complaints = Complaints("quadrant")
    need_rows(rate, complaints, "rate")
    need_same_rows(rate, count, complaints, "count")
    rates = as_numbers(rate, complaints, "rate", allow_missing=True)
    counts = as_numbers(count, complaints, "count", allow_missing=True)
    complaints.rows(rates < 0, row_index(rate), "rate is negative", "rate negatif")
    complaints.rows(counts < 0, row_index(count), "count is negative", "count negatif")
    if not np.isfinite([as_number(rate_cut), as_number(count_cut)]).all():
        complaints.add("a cut is not a number", "batas bukan angka")
    complaints.refuse()
    position = 2 * (rates < rate_cut).astype(int) + (counts < count_cut).astype(int)
    names = pd.Series(np.array(QUADRANTS, dtype=object)[position], index=row_index(rate), dtype="string")
    return names.mask(np.isnan(rates) | np.isnan(counts)).rename("quadrant")
