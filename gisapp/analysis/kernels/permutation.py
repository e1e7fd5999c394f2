"""Conditional permutation of neighbours, compiled: one table of random rows that all rows share.

A draw is the beginning of a random permutation of all rows. With the row under test left out of it, it is the
beginning of a random permutation of all other rows, which is what that row's null distribution needs. Rows with
equally many neighbours therefore share their random sums, and only the rows that occur in a draw look at it again.

Every draw has its own stream (SplitMix64 started from the seed and the draw's number), so neither blocks nor the
number of threads change it.
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Rows = npt.NDArray[np.int32]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


@numba.njit(cache=True, inline="always")
def _mix(state: np.uint64) -> np.uint64:
    """Finaliser of SplitMix64 (Steele, Lea & Flood 2014)."""
    mixed = (state ^ (state >> np.uint64(30))) * _MIX_1
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX_2
    return mixed ^ (mixed >> np.uint64(31))


@numba.njit(cache=True)
def draw_rows(size: int, columns: int, first: int, count: int, seed: int) -> Rows:
    """Draws ``first`` … ``first + count − 1``: each the first ``columns`` of a random permutation of 0 … size − 1."""
    drawn = np.empty((count, columns), dtype=np.int32)
    swapped = np.empty(columns, dtype=np.int64)
    pool = np.arange(size).astype(np.int32)
    for draw in range(count):
        state = _mix(np.uint64(seed) + _GOLDEN * np.uint64(2 * (first + draw) + 1))
        for done in range(columns):
            state += _GOLDEN
            # Multiply-shift of 32 random bits: bias below size / 2^32.
            pick = done + np.int64(((_mix(state) >> np.uint64(32)) * np.uint64(size - done)) >> np.uint64(32))
            pool[done], pool[pick] = pool[pick], pool[done]
            drawn[draw, done], swapped[done] = pool[done], pick
        for done in range(columns - 1, -1, -1):
            pick = swapped[done]
            pool[done], pool[pick] = pool[pick], pool[done]
    return drawn


@numba.njit(cache=True)
def running_sums(values: Floats, drawn: Rows, steps: Ints) -> Floats:
    """Sum of the values of the first ``steps[s]`` rows of each draw, (steps, draws); steps ascend from 1 or more."""
    sums = np.empty((steps.shape[0], drawn.shape[0]), dtype=np.float64)
    for draw in range(drawn.shape[0]):
        total, step = 0.0, 0
        for at in range(steps[-1]):
            total += values[drawn[draw, at]]
            if at + 1 == steps[step]:
                sums[step, draw] = total
                step += 1
    return sums


@numba.njit(cache=True)
def leave_self_out(
    values: Floats, drawn: Rows, sums: Floats, steps: Ints, step_of_row: Ints, lower: Floats, upper: Floats,
    at_least: Ints, at_most: Ints,
) -> None:  # fmt: skip
    """Count again, in place, where a row occurs among the neighbours drawn for it: the next row drawn replaces it."""
    for draw in range(drawn.shape[0]):
        for at in range(steps[-1]):
            row = drawn[draw, at]
            step = step_of_row[row]
            if step < 0 or at >= steps[step]:
                continue
            before = sums[step, draw]
            after = before - values[row] + values[drawn[draw, steps[step]]]
            at_least[row] += int(after >= lower[row]) - int(before >= lower[row])
            at_most[row] += int(after <= upper[row]) - int(before <= upper[row])


@numba.njit(cache=True, parallel=True)
def weighted_tails(
    drawn_values: Floats, indptr: Ints, weights: Floats, own_start: Ints, own_draw: Ints, own_at: Ints,
    lower: Floats, upper: Floats,
) -> tuple[Ints, Ints]:  # fmt: skip
    """How often Σ w x over random neighbours is ≥ ``lower`` and ≤ ``upper``, per row, for weights of any kind.

    ``drawn_values`` is (columns, draws). ``own_draw`` and ``own_at`` list, from ``own_start[row]`` on, the
    draws and places at which the row itself was drawn; there it is passed over.
    """
    rows, draws = indptr.shape[0] - 1, drawn_values.shape[1]
    at_least, at_most = np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.int64)
    for row in numba.prange(rows):
        begin, degree = indptr[row], indptr[row + 1] - indptr[row]
        total = np.zeros(draws, dtype=np.float64)
        for at in range(degree):
            total += weights[begin + at] * drawn_values[at]
        for own in range(own_start[row], own_start[row + 1]):
            if own_at[own] < degree:
                again = 0.0
                for at in range(degree):
                    place = at if at < own_at[own] else at + 1
                    again += weights[begin + at] * drawn_values[place, own_draw[own]]
                total[own_draw[own]] = again
        high, low = 0, 0
        for draw in range(draws):
            high += int(total[draw] >= lower[row])
            low += int(total[draw] <= upper[row])
        at_least[row], at_most[row] = high, low
    return at_least, at_most
