"""Which candidates lie too close to each other to be opened both."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from gisapp.analysis.checks import as_number
from gisapp.analysis.locating.inputs import checked_places
from gisapp.analysis.locating.plan import Ints
from gisapp.errors import InvalidInputError


def closer_than(positions: Any, *, minimum_distance_m: float) -> Ints:
    """Pairs (k, 2) of columns less than ``minimum_distance_m`` apart in a straight line, lower column first.

    ``positions`` is (m, 2) in metres. Two columns exactly that far apart may both be opened; two on one spot may not.
    Hand the pairs to `siting.maximal_coverage` as ``conflicts``.

    Raises
    ------
    InvalidInputError
        A position that is no pair of numbers, named by its row, or a distance that is not above 0.
    """
    places = checked_places(positions)
    if not 0 < as_number(minimum_distance_m) < np.inf:
        raise InvalidInputError(
            f"minimum_distance_m is {minimum_distance_m}: give metres above 0.",
            f"minimum_distance_m bernilai {minimum_distance_m}: isi meter di atas 0.",
        )
    if len(places) < 2:
        return np.zeros((0, 2), dtype=np.intp)
    pairs = cKDTree(places).query_pairs(float(minimum_distance_m), output_type="ndarray").astype(np.intp)
    apart = np.linalg.norm(places[pairs[:, 0]] - places[pairs[:, 1]], axis=1)
    pairs = np.sort(pairs[apart < minimum_distance_m], axis=1)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
