"""Largest cluster mass of permuted maps, compiled; the same masses for any number of threads."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

from gisapp.analysis.kernels.permutation import _GOLDEN, _mix

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@numba.njit(cache=True)
def _largest_mass(height: Floats, indptr: Ints, indices: Ints, stack: Ints, seen: npt.NDArray[np.bool_]) -> float:
    """Largest sum of positive heights over a connected set of rows with positive height."""
    largest = 0.0
    seen[:] = False
    for row in range(height.shape[0]):
        if seen[row] or height[row] <= 0.0:
            continue
        stack[0] = row
        seen[row] = True
        depth, mass = 1, 0.0
        while depth:
            depth -= 1
            here = stack[depth]
            mass += height[here]
            for at in range(indptr[here], indptr[here + 1]):
                there = indices[at]
                if not seen[there] and height[there] > 0.0:
                    seen[there] = True
                    stack[depth] = there
                    depth += 1
        largest = max(largest, mass)
    return largest


@numba.njit(cache=True, parallel=True)
def permuted_masses(height: Floats, indptr: Ints, indices: Ints, permutations: int, seed: int) -> Floats:
    """Largest mass of each map whose heights (value above the threshold) are shuffled over the rows.

    Replicate r shuffles (Fisher & Yates) with its own SplitMix64 stream, so threads cannot change it.
    """
    size = height.shape[0]
    masses = np.empty(permutations, dtype=np.float64)
    for replicate in numba.prange(permutations):
        shuffled = height.copy()
        state = _mix(np.uint64(seed) + _GOLDEN * np.uint64(2 * replicate + 1))
        for last in range(size - 1, 0, -1):
            state += _GOLDEN
            pick = np.int64(((_mix(state) >> np.uint64(32)) * np.uint64(last + 1)) >> np.uint64(32))
            shuffled[last], shuffled[pick] = shuffled[pick], shuffled[last]
        stack = np.empty(size, dtype=np.int64)
        seen = np.empty(size, dtype=np.bool_)
        masses[replicate] = _largest_mass(shuffled, indptr, indices, stack, seen)
    return masses
