"""Count, sum, least and largest value of the cells of each zone, compiled: one pass, in the order of the cells."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@numba.njit(cache=True, nogil=True)
def tally(zone: npt.NDArray[np.int32], values: Floats, found: Floats) -> None:
    """Add cells to ``found`` (zones, 4): count, sum, least and largest; zone 0 and values of NaN count nowhere."""
    for at in range(zone.shape[0]):
        row, value = zone[at] - 1, values[at]
        if row >= 0 and value == value:
            found[row, 0] += 1.0
            found[row, 1] += value
            found[row, 2] = min(found[row, 2], value)
            found[row, 3] = max(found[row, 3], value)
