"""Cluster mass: whether a connected group of high areas is heavier than chance would pile up anywhere on the map.

Tests of single areas lose a group whose members are each only somewhat high. Here the group is tested as one
(Bullmore et al. 1999; Nichols & Holmes 2002): its mass is the sum of its z above a forming threshold, and the
heaviest group of each shuffled map is the yardstick, which holds the family-wise error over the whole map.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.stats import norm

from gisapp.analysis.checks import (
    Complaints,
    Floats,
    as_numbers,
    need_rows,
    need_seed,
    need_share,
    need_whole,
    row_index,
)
from gisapp.analysis.kernels.cluster_mass import permuted_masses
from gisapp.analysis.kernels.scan import one_thread

Ints = npt.NDArray[np.int64]

#: A group is formed of areas that fewer than one in ten ordinary ones would exceed (one-sided normal).
FORMING_SHARE = 0.1
# Values to shuffle (about 2 ms) up to which a second thread is not worth waking.
_LITTLE_WORK = 200_000


def cluster_mass(
    z_score: Any,
    adjacency: Any,
    *,
    level: float = 0.05,
    forming_share: float = FORMING_SHARE,
    permutations: int = 999,
    seed: int,
) -> pd.DataFrame:
    """Test connected groups of high areas as wholes.

    Parameters
    ----------
    z_score : standardised value per area, comparable between areas under the null (NaN: never in a group).
    adjacency : symmetric sparse matrix or array of who meets whom, aligned with ``z_score``.
    level : family-wise error; the heaviest remaining group is tested, and if it stands it is taken out and the
        rest is shuffled anew, so that a strong group does not hide a weaker one (step-down).
    forming_share : one-sided normal tail that an area must be in to join a group.
    permutations : shuffled maps per test; p = rank / (permutations + 1).
    seed : names the shuffles.

    Returns
    -------
    Frame aligned with ``z_score``: ``group`` (number from the heaviest, -1 outside), ``mass`` and ``p_value`` of
    the area's group (NaN outside; adjusted by the step-down), ``high`` (bool: in a group that stands). Shuffling
    assumes that ordinary areas are exchangeable: smooth trends over the whole district are read as groups.

    Raises
    ------
    InvalidInputError : no areas, a value that is infinite, an adjacency of another size, a level outside 0..1.
    """
    need_share(level, subject="cluster_mass", name="level")
    need_share(forming_share, subject="cluster_mass", name="forming_share")
    need_whole(permutations, subject="cluster_mass", name="permutations", least=1)
    need_seed(seed, subject="cluster_mass")
    complaints = Complaints("cluster_mass")
    need_rows(z_score, complaints, "z_score")
    values = as_numbers(z_score, complaints, "z_score", allow_missing=True)
    neighbours = _square(adjacency)
    if neighbours.shape != (len(values), len(values)):
        complaints.add(
            f"adjacency is {neighbours.shape}, z_score has {len(values)} rows",
            f"adjacency berukuran {neighbours.shape}, z_score {len(values)} baris",
        )
    elif not np.isfinite(neighbours.data).all() or (neighbours != neighbours.T).nnz:
        complaints.add("adjacency is not symmetric", "adjacency tidak simetris")
    complaints.refuse()
    height = np.nan_to_num(values - norm.isf(forming_share), nan=-1.0)
    table = _step_down(height, neighbours, level=level, permutations=permutations, seed=seed)
    return table.set_axis(row_index(z_score))


def _square(adjacency: Any) -> csr_array:
    """Return the adjacency as a sparse array of numbers, an empty one for what is no matrix."""
    try:
        return csr_array(adjacency, dtype=np.float64)
    except (TypeError, ValueError):
        return csr_array((0, 0), dtype=np.float64)


def _step_down(height: Floats, neighbours: csr_array, *, level: float, permutations: int, seed: int) -> pd.DataFrame:
    """Take out the heaviest group while it stands."""
    size = len(height)
    group, mass = np.full(size, -1), np.full(size, np.nan)
    p_value, high = np.full(size, np.nan), np.zeros(size, dtype=np.bool_)
    alive, least = np.arange(size), 0.0
    for number in range(size):
        left = neighbours[alive][:, alive].tocsr()
        members, heaviest = _heaviest(height[alive], left)
        if not len(members):
            break
        indptr, indices = left.indptr.astype(np.int64), left.indices.astype(np.int64)
        with one_thread() if permutations * len(alive) < _LITTLE_WORK else nullcontext():
            shuffled = permuted_masses(height[alive], indptr, indices, permutations, seed + number)
        # Masses closer than rounding are equal, so that the order of a sum does not decide.
        p = (1 + int((shuffled >= heaviest * (1 - 1e-12)).sum())) / (permutations + 1)
        # Step-down: no group is surer than the heavier ones before it.
        p = least = max(p, least)
        rows = alive[members]
        group[rows], mass[rows], p_value[rows] = number, heaviest, p
        if p > level:
            break
        high[rows] = True
        alive = np.setdiff1d(alive, rows)
    return pd.DataFrame({"group": group, "mass": mass, "p_value": p_value, "high": high})


def _heaviest(height: Floats, neighbours: csr_array) -> tuple[Ints, float]:
    """Rows of the connected group with the largest sum of positive heights, the lowest row first at a tie."""
    above = np.flatnonzero(height > 0)
    if not len(above):
        return above, 0.0
    _, label = connected_components(neighbours[above][:, above], directed=False)
    masses = np.bincount(label, height[above])
    largest = int(np.argmax(masses))
    return above[label == largest], float(masses[largest])
