"""How far a survey estimate may be used: its relative standard error, and the classes that BPS reads."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from gisapp.analysis.checks import (
    LARGEST,
    Complaints,
    as_number,
    as_numbers,
    need_rows,
    need_same_rows,
    one_column,
    refuse,
    row_index,
)

RSE_CLASSES = ("usable", "caution", "not_usable")


def relative_standard_error(estimate: Any, mse: Any) -> pd.Series:
    """Root of the mean squared error over the estimate, as a ratio (0.25 is 25 %).

    ``mse`` is the sampling variance of a direct estimate, or what ``fay_herriot`` gives. It is infinite where the
    estimate is 0 or less: no share of nothing is exact enough. Only for estimates from a sample; a full listing has
    no sampling error and no RSE. Raises ``InvalidInputError`` for missing values and a negative error, by row.
    """
    complaints = Complaints("relative_standard_error")
    need_rows(estimate, complaints, "estimate")
    need_same_rows(estimate, mse, complaints, "mse")
    value, error = as_numbers(estimate, complaints, "estimate"), as_numbers(mse, complaints, "mse")
    complaints.rows(error < 0, row_index(mse), "mse is negative", "mse negatif")
    complaints.refuse()
    ratio = np.divide(np.sqrt(error), value, out=np.full_like(value, np.inf), where=value > 0)
    return pd.Series(ratio, index=row_index(estimate), name="relative_standard_error")


def rse_class(rse: Any, *, usable: float = 0.25, caution: float = 0.5) -> pd.Series:
    """Class of each relative standard error: ``usable``, ``caution`` or ``not_usable``; NA where it is missing.

    At most ``usable`` (BPS: 25 %) may be used, at most ``caution`` (50 %) with care, above that not; the limits
    belong to the better class. Raises ``InvalidInputError`` for a negative error by row and for limits out of order.
    """
    if not 0 < as_number(usable) < as_number(caution):
        refuse(
            "rse_class",
            f"limits {usable} and {caution} do not rise from above 0",
            f"batas {usable} dan {caution} tidak naik dari atas 0",
        )
    complaints = Complaints("rse_class")
    need_rows(rse, complaints, "rse")
    index = row_index(rse)
    finite = one_column(rse, index, complaints, "rse").replace(np.inf, LARGEST)
    numbers = as_numbers(finite, complaints, "rse", allow_missing=True)
    complaints.rows(numbers < 0, index, "rse is negative", "rse negatif")
    complaints.refuse()
    place = np.where(np.isnan(numbers), 3, (numbers > usable).astype(int) + (numbers > caution))
    return pd.Series(np.array([*RSE_CLASSES, pd.NA], dtype=object)[place], index=index, name="rse_class")
