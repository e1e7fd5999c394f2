"""Share against density in 4 × 4 classes: sixteen cells, four priorities, as district offices draw it.

Cells are numbered 1 to 16 row by row, rows by the class of the share and columns by the class of the density, both
from low (1) to high (4): cell = 4 (share class − 1) + density class. The source (a thesis on Kabupaten Lebak) names
the cells of each priority, not which axis is the row; its four sets are the same when the axes are exchanged, so that
no priority depends on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.analysis.checks import (
    Complaints,
    Floats,
    as_number,
    as_numbers,
    need_rows,
    need_same_rows,
    refuse,
    row_index,
)
from gisapp.analysis.classify import Method, breaks

CLASSES = 4

#: Cell -> priority, 1 first: cell 16; cells 11, 12, 15; cells 6, 7, 8, 10, 14; the rest.
PRIORITIES: Mapping[int, int] = {
    **dict.fromkeys(range(1, CLASSES**2 + 1), 4),
    **dict.fromkeys((6, 7, 8, 10, 14), 3),
    **dict.fromkeys((11, 12, 15), 2),
    16: 1,
}

#: Class methods that can make four classes of any column; which one suits is found by trial.
CUT_METHODS: tuple[Method, ...] = ("quantile", "equal_interval", "natural_breaks")


def class_cuts(values: Any, *, method: Method = "quantile") -> tuple[float, float, float]:
    """Three rising cut lines that make four classes of a column, by a method of ``classify``.

    Zeros are a class of their own where no value is negative. Raises ``InvalidInputError`` for an unknown method,
    infinite values by row, and where the values make fewer than four classes (constant ones make one): give the
    cut lines as numbers then.
    """
    complaints = Complaints("class_cuts")
    if method not in CUT_METHODS:
        complaints.add(f"method {method!r} is not one of {', '.join(CUT_METHODS)}", f"metode {method!r} tidak dikenal")
    need_rows(values, complaints, "values")
    numbers = as_numbers(values, complaints, "values", allow_missing=True)
    complaints.refuse()
    upper = breaks(numbers, method=method, k=CLASSES)
    if len(upper) < CLASSES:
        refuse(
            "class_cuts",
            f"the values make {len(upper)} classes, not {CLASSES}: give the cut lines as numbers",
            f"nilainya hanya membentuk {len(upper)} kelas, bukan {CLASSES}: berikan batas kelas sebagai angka",
        )
    return upper[0], upper[1], upper[2]


def priority_matrix(
    share: Any,
    density: Any,
    *,
    share_cuts: Sequence[float],
    density_cuts: Sequence[float],
    priorities: Mapping[int, int] = PRIORITIES,
) -> pd.DataFrame:
    """Class of each area by its share and by its density, with the cell and the priority that follow.

    Descriptive: it needs no test and makes no pocket by itself. Cut lines that are given as numbers keep maps of
    several periods comparable; lines computed anew for each period do not.

    Parameters
    ----------
    share : (n,) ratios 0..1 of poor families or persons; density : (n,) poor families per km², 0 or more.
    share_cuts, density_cuts : three rising numbers each; a value at a line belongs to the class below it, as on maps.
    priorities : cell 1..16 -> priority 1..4.

    Returns
    -------
    Frame aligned with ``share``: share_class and density_class (1 low .. 4 high), cell (1..16), priority (1 first),
    all <NA> where a value is missing.

    Raises
    ------
    InvalidInputError
        No rows, mismatched rows, infinite or negative values by row, cut lines that are not three rising numbers,
        priorities that do not name each of the 16 cells with 1..4.
    """
    complaints = Complaints("priority_matrix")
    need_rows(share, complaints, "share")
    need_same_rows(share, density, complaints, "density")
    shares = _column(share, complaints, "share")
    densities = _column(density, complaints, "density")
    lines = [_cuts(share_cuts, complaints, "share_cuts"), _cuts(density_cuts, complaints, "density_cuts")]
    given = priorities if isinstance(priorities, Mapping) else {}
    if set(given) != set(PRIORITIES) or not set(given.values()) <= set(range(1, CLASSES + 1)):
        complaints.add(
            "priorities must give each cell 1 to 16 one of 1 to 4", "prioritas harus memberi tiap sel 1–16 nilai 1–4"
        )
    complaints.refuse()
    row, column = (_class_of(values, cuts) for values, cuts in zip((shares, densities), lines, strict=True))
    missing = np.isnan(shares) | np.isnan(densities)
    cell = CLASSES * (row - 1) + column
    priority = np.array([priorities[number] for number in sorted(priorities)])[cell - 1]
    index = row_index(share)
    columns = {"share_class": row, "density_class": column, "cell": cell, "priority": priority}
    return pd.DataFrame(
        {name: pd.Series(each, index=index, dtype="Int64").mask(missing) for name, each in columns.items()}
    )


def _column(values: Any, complaints: Complaints, name: str) -> Floats:
    numbers = as_numbers(values, complaints, name, allow_missing=True)
    complaints.rows(numbers < 0, row_index(values), f"{name} is negative", f"{name} negatif")
    return numbers


def _cuts(cuts: Sequence[float], complaints: Complaints, name: str) -> Floats:
    """Check that the lines are three rising numbers."""
    listed = isinstance(cuts, list | tuple | np.ndarray | pd.Series | pd.Index)
    lines = np.array([as_number(cut) for cut in cuts] if listed else [])
    if lines.shape != (CLASSES - 1,) or not np.isfinite(lines).all() or (np.diff(lines) <= 0).any():
        complaints.add(f"{name} must be three rising numbers", f"{name} harus tiga angka yang menaik")
    return lines


def _class_of(values: Floats, cuts: Floats) -> npt.NDArray[np.int64]:
    """1 up to and including the first line … 4 above the third."""
    return np.searchsorted(cuts, np.nan_to_num(values), side="left").astype(np.int64) + 1
