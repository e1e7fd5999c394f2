"""Scan of weighted log rates over nested windows, compiled; replicates do not depend on threads."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Members = npt.NDArray[np.int32]


@numba.njit(cache=True)
def _scan_one(
    members: Members, measure: Floats, length: int, limits: Floats, weight: Floats, weighted: Floats,
    best: Floats, size: Longs,
) -> None:  # fmt: skip
    """Highest (Σ w x)² / (2 Σ w) of one centre's windows up to each limit of population, and its members."""
    total, mass, highest, last, at = 0.0, 0.0, 0.0, 0, 0
    for number in range(limits.shape[0]):
        while at < length and abs(measure[at]) <= limits[number]:
            total += weighted[members[at]]
            mass += weight[members[at]]
            at += 1
            # A negative measure: an equally distant row follows, the window is not closed.
            if measure[at - 1] >= 0.0 and total > 0.0 and total * total > 2.0 * highest * mass:
                highest, last = total * total / (2.0 * mass), at
        best[number], size[number] = highest, last


@numba.njit(cache=True, parallel=True)
def best_normal_windows(
    members: Members, measure: Floats, length: Longs, limits: Floats, weight: Floats, weighted: Floats,
    best: Floats, size: Longs,
) -> None:  # fmt: skip
    """Fill ``best`` and ``size`` (centres, limits) for one map; ``limits`` rise."""
    for centre in numba.prange(members.shape[0]):
        _scan_one(
            members[centre], measure[centre], length[centre], limits, weight, weighted, best[centre], size[centre]
        )


@numba.njit(cache=True, parallel=True)
def raise_normal_maxima(
    members: Members, measure: Floats, length: Longs, limits: Floats, weight: Floats, weighted: Floats, maxima: Floats
) -> None:
    """Raise ``maxima`` (replicates, limits) to the highest ratio of each replicate; weights are (replicates, n)."""
    for replicate in numba.prange(maxima.shape[0]):
        best, size = np.empty(limits.shape[0]), np.empty(limits.shape[0], dtype=np.int64)
        for centre in range(members.shape[0]):
            _scan_one(
                members[centre], measure[centre], length[centre], limits, weight[replicate], weighted[replicate],
                best, size,
            )  # fmt: skip
            for number in range(limits.shape[0]):
                maxima[replicate, number] = max(maxima[replicate, number], best[number])
