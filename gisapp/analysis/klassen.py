"""Level against change: where an area stands, and whether it moves with the district (Klassen typology)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from gisapp.analysis.checks import Complaints, as_number, as_numbers, need_rows, need_same_rows, row_index

#: Types in order of concern: high and falling further behind, high but catching up, low but slipping, low and ahead.
TYPES = ("high_lagging", "high_catching_up", "low_slipping", "low_leading")


def klassen_typology(level: Any, change: Any, *, level_cut: float, change_cut: float) -> pd.Series:
    """Type of each area by its level and its change, against two lines that are printed beside the picture.

    The typology of Klassen (1965) crosses the level of an indicator with its growth, each against the average of the
    containing region; here a high level is bad, so that the first type is high and changes for the worse than the line.

    Parameters
    ----------
    level : (n,) the indicator now, for example the share 0..1 of families of decile 1.
    change : (n,) now less before, in the unit of ``level``; only between periods of the same source and basis.
    level_cut, change_cut : the lines, as a rule the district's own level and change; a value at a line is on its worse
        side.

    Returns
    -------
    Text aligned with ``level``: ``high_lagging``, ``high_catching_up``, ``low_slipping``, ``low_leading``; <NA> where
    either value is missing, so that nothing is said without an earlier period.

    Raises
    ------
    InvalidInputError
        No rows, mismatched rows, infinite values by row, a line that is not a number.
    """
    complaints = Complaints("klassen_typology")
    need_rows(level, complaints, "level")
    need_same_rows(level, change, complaints, "change")
    levels = as_numbers(level, complaints, "level", allow_missing=True)
    changes = as_numbers(change, complaints, "change", allow_missing=True)
    if not np.isfinite([as_number(level_cut), as_number(change_cut)]).all():
        complaints.add("a cut is not a number", "batas bukan angka")
    complaints.refuse()
    position = 2 * (levels < level_cut).astype(int) + (changes < change_cut).astype(int)
    names = pd.Series(np.array(TYPES, dtype=object)[position], index=row_index(level), dtype="string")
    return names.mask(np.isnan(levels) | np.isnan(changes)).rename("klassen")
