"""Prices and plans of the p-median without capacities: exchange from above, Lagrangian relaxation from below.

ReVelle & Swain (1970). Columns whose reduced cost shows that no better plan opens them leave, as in Cornuéjols, Fisher
& Nemhauser (1977).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from gisapp.analysis.kernels.median_search import bound_at, exchanged, opened_greedily, search_prices

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]

#: Rounds of each pass over the prices; columns that a pass rules out take no part in the next.
_PASSES = (100, 200, 400, 800)
_PATIENCE = 15
#: Rounds after which the relaxed plan is improved by exchange.
_EVERY = 25
_EXCHANGES = 600


@dataclass(frozen=True, kw_only=True)
class Median:
    """Open exactly ``sites`` columns of ``cost`` (demand × distance, infinite: not reachable).

    ``base`` is what each row pays without any of them (the nearest existing site; infinite without one).
    """

    cost: Floats
    base: Floats
    sites: int


@dataclass(frozen=True, kw_only=True)
class Relaxed:
    """Columns of the best plan, what it pays, what no plan pays less than, and the prices that show it."""

    best: Ints
    value: float
    bound: float
    left: Ints
    price: Floats


def value_per_row(question: Median, columns: Ints) -> Floats:
    """What each row pays when ``columns`` are open."""
    if not len(columns):
        return question.base.copy()
    return np.asarray(np.minimum(question.base, question.cost[:, columns].min(axis=1)), dtype=float)


def greedy_and_exchange(question: Median) -> Ints:
    """Open the column that saves most, again and again; then exchange while that saves anything (Teitz & Bart 1968)."""
    cost, base = without_infinity(question)
    by_column = np.ascontiguousarray(cost.T)
    start = opened_greedily(by_column, base, question.sites)
    return np.asarray(exchanged(by_column, base, start, _EXCHANGES), dtype=np.intp)


def unit_of(question: Median) -> float:
    """Return 1 where every finite cost is whole (two plans then differ by 1 or more), else 0."""
    given = np.concatenate([question.cost.ravel(), question.base])
    given = given[np.isfinite(given)]
    return float((np.mod(given, 1) == 0).all() and given.sum() < 2.0**50)


def proven(lower: float, unit: float) -> float:
    """What no plan pays less than, given a bound with the rounding errors of its sums."""
    return float(np.ceil(lower - 1e-6 - 1e-12 * abs(lower))) if unit else lower - 1e-12 * abs(lower)


def without_infinity(question: Median) -> tuple[Floats, Floats]:
    """Replace infinity by more than any plan that reaches everyone could cost."""
    finite = question.cost[np.isfinite(question.cost)]
    reached = question.base[np.isfinite(question.base)]
    top = max(float(finite.max(initial=0.0)), float(reached.max(initial=0.0)), 1.0)
    large = top * (len(question.base) + 1.0)
    return np.where(np.isfinite(question.cost), question.cost, large), np.where(
        np.isfinite(question.base), question.base, large
    )


def relaxed(question: Median) -> Relaxed:
    """Search plans and prices in passes; a column that no better plan opens leaves after each."""
    unit, (cost, base) = unit_of(question), without_infinity(question)
    best = greedy_and_exchange(question)
    value = float(value_per_row(question, best).sum())
    left = np.arange(cost.shape[1])
    known = Relaxed(best=best, value=value, bound=0.0, left=left, price=_first_prices(cost, base))
    for rounds in _PASSES:
        known = _pass(question, known, cost, base, rounds, unit)
        if known.bound >= known.value or len(known.left) <= question.sites:
            break
    return known


def _pass(question: Median, known: Relaxed, cost: Floats, base: Floats, rounds: int, unit: float) -> Relaxed:
    left = np.union1d(known.left, known.best)
    part = np.ascontiguousarray(cost[:, left].T)
    start = np.searchsorted(left, known.best).astype(np.int64)
    bound, price, best, _ = search_prices(
        part, base, known.price, start, known.value, 0.999 * unit, rounds, _EVERY, _PATIENCE
    )
    found = left[best]
    total = float(value_per_row(question, found).sum())
    if total < known.value:
        known = replace(known, best=found, value=total)
    least = min(known.value, max(known.bound, proven(bound, unit)))
    if not np.isfinite(known.value):
        return replace(known, bound=known.bound if np.isfinite(known.bound) else 0.0, price=price, left=left)
    opening, _ = reduced_costs(part, base, question.sites, price)
    keep = ~useless(opening, known.value, unit)
    return replace(known, bound=least, price=price, left=left[keep])


def reduced_costs(cost: Floats, base: Floats, sites: int, price: Floats) -> tuple[Floats, Floats]:
    """Bound on every plan that opens the column, and on every plan that does not."""
    rho = np.empty(len(cost))
    bound, order = bound_at(cost, base, sites, price, rho)
    chosen, others = order[:sites], order[sites:]
    opening, closing = np.full(len(cost), bound), np.full(len(cost), bound)
    if len(chosen):
        opening[others] = bound + rho[others] - rho[chosen[-1]]
    closing[chosen] = bound - rho[chosen] + rho[others[0]] if len(others) else np.inf
    return opening, closing


def useless(bounds: Floats, value: float, unit: float) -> Bools:
    """Whether a plan under this bound cannot pay less than ``value``."""
    return np.array([proven(float(bound), unit) >= value for bound in bounds], dtype=bool)


def _first_prices(cost: Floats, base: Floats) -> Floats:
    nearest = np.sort(np.column_stack([cost, base]), axis=1)
    return np.asarray(nearest[:, min(1, nearest.shape[1] - 1)], dtype=float)
