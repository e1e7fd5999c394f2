"""Conditional permutation of neighbours, compiled; the same counts for any number of threads.

Every row draws from its own stream (SplitMix64 started from the seed and the row's position), so neither
the order in which rows are done nor the number of threads changes a draw.
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


@numba.njit(cache=True, inline="always")
def _mix(state: np.uint64) -> np.uint64:
    """Finaliser of SplitMix64 (Steele, Lea & Flood 2014)."""
    mixed = (state ^ (state >> np.uint64(30))) * _MIX_1
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX_2
    return mixed ^ (mixed >> np.uint64(31))


@numba.njit(cache=True, parallel=True)
def tail_counts(
    values: Floats, indptr: Ints, indices: Ints, weights: Floats, permutations: int, seed: int, slack: float
) -> tuple[Ints, Ints]:
    """How often the weighted sum over random neighbours is ≥, and ≤, the observed one, per row.

    Row i keeps its own value and its weights; its neighbours are drawn without replacement from all other
    rows. Sums closer than ``slack`` are equal, because the order of a sum must not decide a tie.
    """
    size = values.shape[0]
    at_least = np.zeros(size, dtype=np.int64)
    at_most = np.zeros(size, dtype=np.int64)
    for row in numba.prange(size):
        begin, end = indptr[row], indptr[row + 1]
        observed = 0.0
        for at in range(begin, end):
            observed += weights[at] * values[indices[at]]
        pool = np.empty(size - 1, dtype=np.float64)
        pool[:row] = values[:row]
        pool[row:] = values[row + 1 :]
        state = _mix(np.uint64(seed) + _GOLDEN * np.uint64(2 * row + 1))
        high, low = 0, 0
        for _ in range(permutations):
            drawn = 0.0
            for at in range(begin, end):
                done = at - begin
                state += _GOLDEN
                # Multiply-shift of 32 random bits: bias below size / 2^32.
                span = np.uint64(size - 1 - done)
                pick = done + np.int64(((_mix(state) >> np.uint64(32)) * span) >> np.uint64(32))
                pool[done], pool[pick] = pool[pick], pool[done]
                drawn += weights[at] * pool[done]
            if drawn >= observed - slack:
                high += 1
            if drawn <= observed + slack:
                low += 1
        at_least[row] = high
        at_most[row] = low
    return at_least, at_most
