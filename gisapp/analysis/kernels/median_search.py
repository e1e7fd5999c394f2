"""p-median by exchange from above and by prices from below, compiled: one thread, ties to the lowest column."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@numba.njit(cache=True)
def _two_nearest(cost: Floats, base: Floats, is_open: Bools, first: Floats, who: Int64s, second: Floats) -> None:
    """Fill what each row pays, to which column (-1: the base), and what it would pay without that column."""
    first[:] = base
    who[:] = -1
    second[:] = np.inf
    for column in range(cost.shape[0]):
        if not is_open[column]:
            continue
        for row in range(base.shape[0]):
            paid = cost[column, row]
            if paid < first[row]:
                second[row] = first[row]
                first[row] = paid
                who[row] = column
            elif paid < second[row]:
                second[row] = paid


@numba.njit(cache=True)
def opened_greedily(cost: Floats, base: Floats, sites: int) -> Int64s:
    """Open the column that saves most, ``sites`` times; ``cost`` is (columns, rows) and finite."""
    is_open, paid = np.zeros(cost.shape[0], np.bool_), base.copy()
    for _ in range(sites):
        best, most = -1, -1.0
        for column in range(cost.shape[0]):
            if is_open[column]:
                continue
            saved = 0.0
            for row in range(paid.shape[0]):
                saved += max(paid[row] - cost[column, row], 0.0)
            if saved > most:
                best, most = column, saved
        is_open[best] = True
        paid = np.minimum(paid, cost[best])
    return np.flatnonzero(is_open).astype(np.int64)


@numba.njit(cache=True)
def exchanged(cost: Floats, base: Floats, start: Int64s, exchanges: int) -> Int64s:
    """Exchange one open column for a closed one while that saves most, as Whitaker's fast interchange (1983) counts it.

    Opening a column saves what its rows then pay less; closing one of its rivals costs its rows the way to the second
    nearest, or to the new one. ``cost`` is (columns, rows) and finite. At most ``exchanges`` exchanges.
    """
    columns, rows = cost.shape
    is_open = np.zeros(columns, np.bool_)
    is_open[start] = True
    first, second, who = np.empty(rows), np.empty(rows), np.empty(rows, np.int64)
    lost = np.empty(columns)
    for _ in range(exchanges):
        _two_nearest(cost, base, is_open, first, who, second)
        least, out, enter = -1e-9 * max(first.sum(), 1e-300), -1, -1
        for new in range(columns):
            if is_open[new]:
                continue
            saved = 0.0
            lost[:] = 0.0
            for row in range(rows):
                paid = cost[new, row]
                if paid < first[row]:
                    saved += first[row] - paid
                elif who[row] >= 0:
                    lost[who[row]] += min(paid, second[row]) - first[row]
            for old in range(columns):
                if is_open[old] and lost[old] - saved < least:
                    least, out, enter = lost[old] - saved, old, new
        if out < 0:
            break
        is_open[out], is_open[enter] = False, True
    return np.flatnonzero(is_open).astype(np.int64)


@numba.njit(cache=True)
def paid_by(cost: Floats, base: Floats, columns: Int64s) -> float:
    """Total that the rows pay when ``columns`` are open."""
    paid = base.copy()
    for column in columns:
        paid = np.minimum(paid, cost[column])
    return float(paid.sum())


@numba.njit(cache=True)
def savings(cost: Floats, price: Floats, rho: Floats) -> None:
    """Fill ``rho`` with what the rows of each column bring at these prices: sum of min(0, cost - price)."""
    for column in range(cost.shape[0]):
        total = 0.0
        for row in range(price.shape[0]):
            total += min(cost[column, row] - price[row], 0.0)
        rho[column] = total


@numba.njit(cache=True)
def bound_at(cost: Floats, base: Floats, sites: int, price: Floats, rho: Floats) -> tuple[float, Int64s]:
    """Return the bound at these prices and the columns, best first; ``rho`` takes the savings of all."""
    savings(cost, price, rho)
    order = np.argsort(rho, kind="mergesort")
    bound = 0.0
    for row in range(price.shape[0]):
        bound += price[row] + min(base[row] - price[row], 0.0)
    for place in range(sites):
        bound += rho[order[place]]
    return bound, order


@numba.njit(cache=True)
def _move(cost: Floats, base: Floats, taken: Int64s, price: Floats, over: Floats, length: float) -> bool:
    """Take one step along the rows that are served too little or too often; False where there is none to take."""
    for row in range(price.shape[0]):
        over[row] = 0.0 if base[row] < price[row] else 1.0
    for column in taken:
        for row in range(price.shape[0]):
            if cost[column, row] < price[row]:
                over[row] -= 1.0
    norm = (over * over).sum()
    if norm == 0:
        return False
    price += length / norm * over
    return True


@numba.njit(cache=True)
def search_prices(
    cost: Floats,
    base: Floats,
    price: Floats,
    best: Int64s,
    known: float,
    slack: float,
    rounds: int,
    every: int,
    patience: int,
) -> tuple[float, Floats, Int64s, float]:
    """Raise the bound for ``rounds`` subgradient steps on the prices of the rows (Held, Wolfe & Crowder 1974).

    Every ``every`` rounds the relaxed plan is improved by exchange. ``best`` is the plan to start from and ``known``
    what some plan, not necessarily of these columns, pays: the search ends once the bound is within ``slack`` of it.
    Returns the bound, its prices, the best plan met and what it pays.
    """
    sites, price = best.shape[0], price.copy()
    rho, over = np.empty(cost.shape[0]), np.empty(price.shape[0])
    value, bound, kept = paid_by(cost, base, best), -np.inf, price.copy()
    step, idle = 1.5, 0
    for number in range(rounds):
        now, order = bound_at(cost, base, sites, price, rho)
        idle = 0 if now > bound + 1e-7 * abs(now) else idle + 1
        if now > bound:
            bound = now
            kept[:] = price
        chosen = order[:sites]
        if number % every == every - 1:
            chosen = exchanged(cost, base, chosen, 30)
        total = paid_by(cost, base, chosen)
        if total < value:
            best, value = np.sort(chosen), total
        target = min(value, known)
        if bound >= target - slack or step < 1e-4:
            break
        if idle >= patience:
            step, idle = step * 0.6, 0
            price[:] = kept
        elif not _move(cost, base, order[:sites], price, over, step * (target - now)):
            break
    return bound, kept, best, value
