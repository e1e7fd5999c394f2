"""Replicates of the scan statistic drawn case by case, compiled; the same for any number of threads.

Every replicate has its own SplitMix64 stream, started from the seed and its number.
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

from gisapp.analysis.kernels.permutation import _GOLDEN, _mix
from gisapp.analysis.kernels.scan import LANES

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


@numba.njit(cache=True)
def _alias_table(weight: Floats, keep: npt.NDArray[np.uint64], other: Longs, stack: Longs) -> None:
    """Fill Walker's alias table in Vose's form: row r is kept when 32 random bits are below keep[r]."""
    size, mean, heaviest = weight.shape[0], 0.0, 0
    for row in range(size):
        mean += weight[row] / size
        heaviest = row if weight[row] > weight[heaviest] else heaviest
    rest = np.empty(size, dtype=np.float64)
    small, large = 0, size
    for row in range(size):
        rest[row] = weight[row] / mean
        if rest[row] < 1.0:
            stack[small] = row
            small += 1
        else:
            large -= 1
            stack[large] = row
    for row in range(size):
        keep[row], other[row] = np.uint64(1 << 32), row
    while small > 0 and large < size:
        small -= 1
        low, high = stack[small], stack[large]
        keep[low], other[low] = np.uint64(rest[low] * 4294967296.0), high
        rest[high] -= 1.0 - rest[low]
        if rest[high] < 1.0:
            large += 1
            stack[small] = high
            small += 1
    # What is left differs from 1 by rounding, except rows that may never be drawn.
    for at in range(small):
        if weight[stack[at]] == 0.0:
            keep[stack[at]], other[stack[at]] = np.uint64(0), heaviest


@numba.njit(cache=True)
def _share_out(
    population: Floats,
    keep: npt.NDArray[np.uint64],
    other: Longs,
    total: int,
    without_return: bool,
    state: np.uint64,
    taken: Longs,
) -> None:
    """Fill taken (n) with one replicate's cases."""
    size = np.uint64(population.shape[0])
    for place in range(population.shape[0]):
        taken[place] = 0
    left = total
    while left > 0:
        state += _GOLDEN
        bits = _mix(state)
        row = np.int64(((bits >> np.uint64(32)) * size) >> np.uint64(32))
        if (bits & np.uint64(0xFFFFFFFF)) >= keep[row]:
            row = other[row]
        if without_return:
            state += _GOLDEN
            if float(_mix(state) >> np.uint64(11)) * (population[row] / 9007199254740992.0) < taken[row]:
                continue
        taken[row] += 1
        left -= 1


@numba.njit(cache=True)
def _draw_block(
    block: int,
    population: Floats,
    risk: npt.NDArray[np.float32],
    total: int,
    replicates: int,
    without_return: bool,
    seed: np.uint64,
    counts: npt.NDArray[np.int32],
) -> None:
    """One block of ``draw_cases``."""
    size = population.shape[0]
    keep, other = np.empty(size, dtype=np.uint64), np.empty(size, dtype=np.int64)
    stack, taken = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    weight = np.empty(size, dtype=np.float64)
    for lane in range(min(LANES, replicates - block * LANES)):
        replicate = block * LANES + lane
        if lane == 0 or risk.shape[0] > 1:
            heavy = 0.0
            for row in range(size):
                weight[row] = population[row] * risk[replicate % risk.shape[0], row]
                heavy += weight[row]
            _alias_table(weight if heavy > 0.0 else population, keep, other, stack)
        start = _mix(seed + _GOLDEN * np.uint64(2 * replicate + 1))
        _share_out(population, keep, other, total, without_return, start, taken)
        for row in range(size):
            counts[row, lane] = taken[row]


@numba.njit(cache=True, parallel=True)
def draw_cases(
    population: Floats,
    risk: npt.NDArray[np.float32],
    total: int,
    replicates: int,
    without_return: bool,
    seed: np.uint64,
    counts: npt.NDArray[np.int32],
) -> None:
    """Fill counts (blocks, n, LANES): each replicate shares out ``total`` cases by population times risk.

    ``risk`` is (replicates, n), or (1, n) when it is the same in all. ``without_return`` takes persons, each at
    most once (with equal risks the hypergeometric distribution, else Wallenius').
    """
    for block in numba.prange(counts.shape[0]):
        _draw_block(block, population, risk, total, replicates, without_return, seed, counts[block])
