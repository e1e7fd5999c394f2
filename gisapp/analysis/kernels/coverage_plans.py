"""Plans of maximal coverage by adding and exchanging columns, compiled: one thread, ties to the lowest column."""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Cover(NamedTuple):
    """Which of m columns cover which of n rows, from both sides, and what a plan may hold."""

    column_start: Int32s
    """(m + 1,) position of each column's first row in ``column_rows``."""
    column_rows: Int32s
    row_start: Int32s
    """(n + 1,) position of each row's first column in ``row_columns``."""
    row_columns: Int32s
    demand: Floats
    """(n,) what a covered row is worth."""
    cost: Floats
    """(m,) what a column takes from ``budget``."""
    conflict_start: Int32s
    """(m + 1,) position of each column's first rival in ``conflict_columns``."""
    conflict_columns: Int32s
    """Columns that may not stand beside this one."""
    budget: float
    """Infinite: none."""
    sites: int
    """Most columns of a plan."""


class Standing(NamedTuple):
    """A plan while it changes; every array is kept true by ``_open`` and ``_close``."""

    times: Int32s
    """(n,) open columns that cover the row."""
    gain: Floats
    """(m,) demand that the column would add."""
    rivals: Int32s
    """(m,) open columns that the column may not stand beside."""
    is_open: Bools


@numba.njit(cache=True)
def _begin(cover: Cover) -> Standing:
    columns = cover.column_start.shape[0] - 1
    gain = np.zeros(columns)
    for column in range(columns):
        for at in range(cover.column_start[column], cover.column_start[column + 1]):
            gain[column] += cover.demand[cover.column_rows[at]]
    return Standing(
        np.zeros(cover.demand.shape[0], np.int32),
        gain,
        np.zeros(columns, np.int32),
        np.zeros(columns, np.bool_),
    )


@numba.njit(cache=True)
def _turn(cover: Cover, plan: Standing, column: int, step: int) -> None:
    """Open (step 1) or close (step -1) a column."""
    plan.is_open[column] = step > 0
    for at in range(cover.conflict_start[column], cover.conflict_start[column + 1]):
        plan.rivals[cover.conflict_columns[at]] += step
    for at in range(cover.column_start[column], cover.column_start[column + 1]):
        row = cover.column_rows[at]
        plan.times[row] += step
        if plan.times[row] == (1 if step > 0 else 0):
            worth = -step * cover.demand[row]
            for place in range(cover.row_start[row], cover.row_start[row + 1]):
                plan.gain[cover.row_columns[place]] += worth


@numba.njit(cache=True)
def _spent(cover: Cover, plan: Standing) -> tuple[float, int]:
    money, opened = 0.0, 0
    for column in range(plan.is_open.shape[0]):
        if plan.is_open[column]:
            money += cover.cost[column]
            opened += 1
    return money, opened


@numba.njit(cache=True)
def _best_addition(cover: Cover, plan: Standing, money: float, per_cost: bool) -> int:
    """Return the allowed column with the greatest gain (per cost if asked), or -1 where none gains."""
    best, most = -1, 0.0
    for column in range(plan.gain.shape[0]):
        if plan.is_open[column] or plan.rivals[column] > 0 or money + cover.cost[column] > cover.budget:
            continue
        worth = plan.gain[column]
        if per_cost:
            worth = worth / max(cover.cost[column], 1e-12)
        if worth > most * (1 + 1e-12):
            best, most = column, worth
    return best


@numba.njit(cache=True)
def _fill(cover: Cover, plan: Standing, per_cost: bool) -> None:
    while True:
        money, opened = _spent(cover, plan)
        if opened >= cover.sites:
            return
        best = _best_addition(cover, plan, money, per_cost)
        if best < 0:
            return
        _turn(cover, plan, best, 1)


@numba.njit(cache=True)
def _losses(cover: Cover, plan: Standing, column: int, extra: Floats) -> float:
    """Demand lost by closing ``column``; ``extra`` takes what each column would win back of it."""
    extra[:] = 0.0
    loss = 0.0
    for at in range(cover.column_start[column], cover.column_start[column + 1]):
        row = cover.column_rows[at]
        if plan.times[row] == 1:
            loss += cover.demand[row]
            for place in range(cover.row_start[row], cover.row_start[row + 1]):
                extra[cover.row_columns[place]] += cover.demand[row]
    return loss


@numba.njit(cache=True)
def _best_exchange(cover: Cover, plan: Standing, extra: Floats, least: float) -> tuple[int, int]:
    """Return the pair (close, open) that adds most, more than ``least``; -1 where none does."""
    money, _ = _spent(cover, plan)
    out, enter, most = -1, -1, least
    for old in range(plan.is_open.shape[0]):
        if not plan.is_open[old]:
            continue
        loss = _losses(cover, plan, old, extra)
        left = cover.budget - money + cover.cost[old]
        for at in range(cover.conflict_start[old], cover.conflict_start[old + 1]):
            plan.rivals[cover.conflict_columns[at]] -= 1
        for new in range(plan.gain.shape[0]):
            worth = plan.gain[new] + extra[new] - loss
            if worth > most and not plan.is_open[new] and plan.rivals[new] == 0 and cover.cost[new] <= left:
                out, enter, most = old, new, worth
        for at in range(cover.conflict_start[old], cover.conflict_start[old + 1]):
            plan.rivals[cover.conflict_columns[at]] += 1
    return out, enter


@numba.njit(cache=True)
def improved(cover: Cover, first: Int64s, per_cost: bool, exchanges: int) -> Int64s:
    """Plan from ``first`` (as far as the limits allow): greedy additions, then at most ``exchanges`` best exchanges.

    Greedy of Nemhauser, Wolsey & Fisher (1978), per cost as in Khuller, Moss & Naor (1999); exchange of Teitz & Bart
    (1968). Returns the open columns, ascending.
    """
    plan = _begin(cover)
    for column in first:
        money, opened = _spent(cover, plan)
        fits = opened < cover.sites and money + cover.cost[column] <= cover.budget
        if fits and plan.rivals[column] == 0 and not plan.is_open[column] and plan.gain[column] > 0:
            _turn(cover, plan, column, 1)
    _fill(cover, plan, per_cost)
    least = 1e-9 * cover.demand.sum()
    extra = np.empty(plan.gain.shape[0])
    for _ in range(exchanges):
        out, enter = _best_exchange(cover, plan, extra, least)
        if out < 0:
            break
        _turn(cover, plan, out, -1)
        _turn(cover, plan, enter, 1)
        _fill(cover, plan, per_cost)
    return np.flatnonzero(plan.is_open).astype(np.int64)
