"""Which sites two plans have in common: the same kind, near enough, each counted once."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from gisapp.analysis.checks import Complaints, as_number, as_numbers
from gisapp.errors import InvalidInputError

Pairs = npt.NDArray[np.intp]
_NEEDED = ("kind", "x", "y")


def shared_sites(left: pd.DataFrame, right: pd.DataFrame, *, within_m: float) -> Pairs:
    """Pair sites of a kind that stand within a distance: as many pairs as possible, and of those the shortest.

    Parameters
    ----------
    left, right : ``kind``, ``x``, ``y`` (metres) of the sites of each plan.
    within_m : metres, 0 or more, inclusive.

    Returns
    -------
    (n, 2) row positions in ``left`` and ``right``, sorted; no row stands in two pairs (an assignment problem: Kuhn
    1955, solved by scipy).

    Raises
    ------
    InvalidInputError
        A missing column, a place that is no number (naming the row), a distance that is negative or no number.
    """
    places = [_places(frame, name) for frame, name in ((left, "left"), (right, "right"))]
    limit = as_number(within_m)
    if not 0 <= limit < np.inf:
        raise InvalidInputError(
            f"within_m is {within_m}: give metres, 0 or more.",
            f"within_m bernilai {within_m}: isi meter, 0 atau lebih.",
        )
    kinds = [frame["kind"].astype(str).to_numpy(dtype=object) for frame in (left, right)]
    found: list[tuple[int, int]] = []
    for kind in sorted(set(kinds[0]) & set(kinds[1])):
        rows, columns = np.flatnonzero(kinds[0] == kind), np.flatnonzero(kinds[1] == kind)
        far = cdist(places[0][rows], places[1][columns])
        pairs = _paired(far, limit)
        found += [(int(rows[row]), int(columns[column])) for row, column in pairs]
    return np.array(sorted(found), dtype=np.intp).reshape(-1, 2)


def _paired(far: npt.NDArray[np.float64], limit: float) -> list[tuple[int, int]]:
    """Pairs within the limit; each pair beyond it costs more than all that are within together."""
    too_far = (limit + 1.0) * (min(far.shape) + 1)
    rows, columns = linear_sum_assignment(np.where(far <= limit, far, too_far))
    return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True) if far[row, column] <= limit]


def _places(frame: Any, name: str) -> npt.NDArray[np.float64]:
    absent = [column for column in _NEEDED if column not in frame]
    if absent:
        listed = ", ".join(absent)
        raise InvalidInputError(f"{name}: no column {listed}.", f"{name}: tidak ada kolom {listed}.")
    complaints = Complaints("shared_sites")
    x, y = (as_numbers(frame[axis], complaints, f"{name}.{axis}") for axis in ("x", "y"))
    complaints.refuse()
    return np.column_stack([x, y])
