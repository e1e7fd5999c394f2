"""Rate against count: an area can be poor by share, by number, by both or by neither."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from gisapp.analysis.checks import Complaints, as_numbers, need_rows, need_same_rows, row_index

#: Classes in order of priority. Printed in words: offices number their quadrants differently.
QUADRANTS = ("high_rate_high_count", "high_rate_low_count", "low_rate_high_count", "low_rate_low_count")


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
    if not np.isfinite([rate_cut, count_cut]).all():
        complaints.add("a cut is not a number", "batas bukan angka")
    complaints.refuse()
    position = 2 * (rates < rate_cut).astype(int) + (counts < count_cut).astype(int)
    names = pd.Series(np.array(QUADRANTS, dtype=object)[position], index=row_index(rate), dtype="string")
    return names.mask(np.isnan(rates) | np.isnan(counts)).rename("quadrant")
