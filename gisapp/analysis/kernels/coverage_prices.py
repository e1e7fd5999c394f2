"""Prices of rows that bound every plan of maximal coverage from above, compiled: one thread, the same sums each time.

Lagrangian relaxation of y_i <= sum_j x_j (Galvão & ReVelle 1996) by subgradient steps (Held, Wolfe & Crowder 1974).
A row sells its cover at a price 0 <= l_i <= d_i; whatever the prices, no plan covers more than
sum_i (d_i - l_i) + the best columns at those prices. The budget has a price of its own, found anew in each round.
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

from gisapp.analysis.kernels.coverage_plans import Cover, improved

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]

#: Halvings of the interval that holds the price of the budget.
_HALVINGS = 40


@numba.njit(cache=True)
def worth_of_columns(cover: Cover, price: Floats, worth: Floats) -> None:
    """Fill ``worth`` with what the rows of each column pay."""
    for column in range(worth.shape[0]):
        total = 0.0
        for at in range(cover.column_start[column], cover.column_start[column + 1]):
            total += price[cover.column_rows[at]]
        worth[column] = total


@numba.njit(cache=True)
def _takes(cover: Cover, net: Floats) -> Int64s:
    """Columns of the best plan at these net worths without a budget: the ``sites`` largest above 0, largest first."""
    order = np.argsort(-net, kind="mergesort")
    size = 0
    while size < min(cover.sites, order.shape[0]) and net[order[size]] > 0:
        size += 1
    return order[:size]


@numba.njit(cache=True)
def price_of_budget(cover: Cover, worth: Floats) -> float:
    """Price of the budget that makes the bound least, from the side where the best columns can be paid."""
    if not np.isfinite(cover.budget):
        return 0.0
    taken = _takes(cover, worth)
    if cover.cost[taken].sum() <= cover.budget:
        return 0.0
    low, high = 0.0, 0.0
    for column in range(worth.shape[0]):
        if cover.cost[column] > 0:
            high = max(high, worth[column] / cover.cost[column] * (1 + 1e-9))  # so that rounding leaves none above 0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        taken = _takes(cover, worth - middle * cover.cost)
        if cover.cost[taken].sum() <= cover.budget:
            high = middle
        else:
            low = middle
    return high


@numba.njit(cache=True)
def bound_at(cover: Cover, price: Floats, worth: Floats) -> tuple[float, float, Int64s, Floats]:
    """Return the bound at these prices, the price of the budget, the columns that give it, and all net worths."""
    worth_of_columns(cover, price, worth)
    budget_price = price_of_budget(cover, worth)
    net = worth - budget_price * cover.cost
    taken = _takes(cover, net)
    bound = budget_price * cover.budget if budget_price > 0 else 0.0
    for row in range(price.shape[0]):
        bound += cover.demand[row] - price[row]
    for column in taken:
        bound += net[column]
    return bound, budget_price, taken, net


@numba.njit(cache=True)
def covered_by(cover: Cover, columns: Int64s) -> float:
    """Demand of the rows that these columns cover."""
    seen = np.zeros(cover.demand.shape[0], np.bool_)
    total = 0.0
    for column in columns:
        for at in range(cover.column_start[column], cover.column_start[column + 1]):
            row = cover.column_rows[at]
            if not seen[row]:
                seen[row] = True
                total += cover.demand[row]
    return total


@numba.njit(cache=True)
def _move(cover: Cover, taken: Int64s, price: Floats, over: Floats, length: float) -> bool:
    """Take one step against the surplus of cover of each row; False where there is none to take."""
    over[:] = -1.0
    for column in taken:
        for at in range(cover.column_start[column], cover.column_start[column + 1]):
            over[cover.column_rows[at]] += 1.0
    norm = 0.0
    for row in range(price.shape[0]):
        if (over[row] > 0 and price[row] <= 0) or (over[row] < 0 and price[row] >= cover.demand[row]):
            over[row] = 0.0
        norm += over[row] * over[row]
    if norm == 0:
        return False
    for row in range(price.shape[0]):
        price[row] = min(max(price[row] - length / norm * over[row], 0.0), cover.demand[row])
    return True


@numba.njit(cache=True)
def search_prices(
    cover: Cover, price: Floats, best: Int64s, known: float, slack: float, rounds: int, every: int, patience: int
) -> tuple[float, Floats, Int64s, float]:
    """Lower the bound for ``rounds`` rounds; every ``every`` rounds make the relaxed plan a real one and improve it.

    ``best`` is the plan to start from and ``known`` what some plan, not necessarily of these columns, covers: the
    search ends once the bound is within ``slack`` of it. Returns the bound, its prices, the best plan met and what it
    covers.
    """
    price = price.copy()
    worth, over = np.empty(cover.cost.shape[0]), np.empty(price.shape[0])
    value, bound, kept = covered_by(cover, best), np.inf, price.copy()
    step, idle = 1.5, 0
    for number in range(rounds):
        now, _, taken, _ = bound_at(cover, price, worth)
        idle = 0 if now < bound - 1e-7 * abs(now) else idle + 1
        if now < bound:
            bound = now
            kept[:] = price
        if number % every == every - 1:
            plan = improved(cover, taken, False, 50)
            total = covered_by(cover, plan)
            if total > value:
                best, value = plan, total
        target = max(value, known)
        if bound <= target + slack or step < 1e-4:
            break
        if idle >= patience:
            step, idle = step * 0.6, 0
            price[:] = kept
        elif not _move(cover, taken, price, over, step * (now - target)):
            break
    return bound, kept, best, value


@numba.njit(cache=True)
def bounds_if_open(
    cover: Cover, price: Floats, columns: Int64s, known: float, slack: float, rounds: int, patience: int
) -> Floats:
    """Bound on every plan that opens the column, for each of ``columns`` (probing); the search of each starts anew."""
    nothing = np.zeros(0, np.int64)
    bounds = np.empty(columns.shape[0])
    for place in range(columns.shape[0]):
        column = columns[place]
        demand, base = cover.demand.copy(), 0.0
        for at in range(cover.column_start[column], cover.column_start[column + 1]):
            row = cover.column_rows[at]
            base += demand[row]
            demand[row] = 0.0
        rest = Cover(
            cover.column_start, cover.column_rows, cover.row_start, cover.row_columns, demand, cover.cost,
            cover.conflict_start, cover.conflict_columns, cover.budget - cover.cost[column], cover.sites - 1,
        )  # fmt: skip
        found, _, _, _ = search_prices(
            rest, np.minimum(price, demand), nothing, known - base, slack, rounds, rounds + 1, patience
        )
        bounds[place] = base + found
    return bounds
