"""p-median without capacities: exchange from above, Lagrangian relaxation from below, the rest to HiGHS.

ReVelle & Swain (1970). Columns and pairs whose reduced cost shows that no better plan uses them leave, as in
Cornuéjols, Fisher & Nemhauser (1977); what is left is usually a handful of columns.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from gisapp.analysis.kernels.median_search import bound_at, exchanged, opened_greedily, search_prices
from gisapp.analysis.optimisation import Answer, Floats, Model, solve

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
class _Relaxed:
    """Columns of the best plan, what it pays, what no plan pays less than, and the prices that show it."""

    best: Ints
    value: float
    bound: float
    left: Ints
    price: Floats


def best_median(question: Median, *, time_limit_s: float, node_limit: int | None) -> tuple[Ints | None, Answer]:
    """Return the columns to open (None when not every row can be reached, or none was found) and the bound."""
    if question.sites == 0:
        total = float(question.base.sum())
        status = "optimal" if np.isfinite(total) else "infeasible"
        return (np.zeros(0, dtype=np.intp) if np.isfinite(total) else None), Answer(
            values=None, bound=total, status=status
        )
    known = _relaxed(question)
    if known.bound >= known.value:
        return known.best, Answer(values=None, bound=known.value, status="optimal")
    small, opened, rest = _left_over(question, known)
    answer = solve(
        _model(small),
        time_limit_s=time_limit_s,
        node_limit=node_limit,
        start=_start(small, known.best, rest),
        unit=_unit(question),
    )
    best, value = known.best, known.value
    if answer.values is not None:
        found = np.sort(np.concatenate([opened, rest[answer.values[: len(rest)] > 0.5]]))
        if len(found) == question.sites and (total := float(value_per_row(question, found).sum())) < value:
            best, value = found, total
    if not np.isfinite(value):
        return None, answer
    if answer.status == "infeasible":  # no plan is better than the one known
        return best, Answer(values=None, bound=value, status="optimal")
    bound = value if answer.status == "optimal" else min(max(known.bound, answer.bound), value)
    return best, Answer(values=None, bound=bound, status="optimal" if bound >= value else answer.status)


def value_per_row(question: Median, columns: Ints) -> Floats:
    """What each row pays when ``columns`` are open."""
    if not len(columns):
        return question.base.copy()
    return np.asarray(np.minimum(question.base, question.cost[:, columns].min(axis=1)), dtype=float)


def greedy_and_exchange(question: Median) -> Ints:
    """Open the column that saves most, again and again; then exchange while that saves anything (Teitz & Bart 1968)."""
    cost, base = _without_infinity(question)
    by_column = np.ascontiguousarray(cost.T)
    start = opened_greedily(by_column, base, question.sites)
    return np.asarray(exchanged(by_column, base, start, _EXCHANGES), dtype=np.intp)


def _unit(question: Median) -> float:
    """Return 1 where every finite cost is whole (two plans then differ by 1 or more), else 0."""
    given = np.concatenate([question.cost.ravel(), question.base])
    given = given[np.isfinite(given)]
    return float((np.mod(given, 1) == 0).all() and given.sum() < 2.0**50)


def _proven(lower: float, unit: float) -> float:
    """What no plan pays less than, given a bound with the rounding errors of its sums."""
    return float(np.ceil(lower - 1e-6 - 1e-12 * abs(lower))) if unit else lower - 1e-12 * abs(lower)


def _without_infinity(question: Median) -> tuple[Floats, Floats]:
    """Replace infinity by more than any plan that reaches everyone could cost."""
    finite = question.cost[np.isfinite(question.cost)]
    reached = question.base[np.isfinite(question.base)]
    top = max(float(finite.max(initial=0.0)), float(reached.max(initial=0.0)), 1.0)
    large = top * (len(question.base) + 1.0)
    return np.where(np.isfinite(question.cost), question.cost, large), np.where(
        np.isfinite(question.base), question.base, large
    )


def _relaxed(question: Median) -> _Relaxed:
    """Search plans and prices in passes; a column that no better plan opens leaves after each."""
    unit, (cost, base) = _unit(question), _without_infinity(question)
    best = greedy_and_exchange(question)
    value = float(value_per_row(question, best).sum())
    left = np.arange(cost.shape[1])
    known = _Relaxed(best=best, value=value, bound=0.0, left=left, price=_first_prices(cost, base))
    for rounds in _PASSES:
        known = _pass(question, known, cost, base, rounds, unit)
        if known.bound >= known.value or len(known.left) <= question.sites:
            break
    return known


def _pass(question: Median, known: _Relaxed, cost: Floats, base: Floats, rounds: int, unit: float) -> _Relaxed:
    left = np.union1d(known.left, known.best)
    part = np.ascontiguousarray(cost[:, left].T)
    start = np.searchsorted(left, known.best).astype(np.int64)
    bound, price, best, _ = search_prices(part, base, known.price, start, 0.999 * unit, rounds, _EVERY, _PATIENCE)
    found = left[best]
    total = float(value_per_row(question, found).sum())
    if total < known.value:
        known = replace(known, best=found, value=total)
    proven = min(known.value, max(known.bound, _proven(bound, unit)))
    if not np.isfinite(known.value):
        return replace(known, bound=known.bound if np.isfinite(known.bound) else 0.0, price=price, left=left)
    opening, _ = _reduced_costs(part, base, question.sites, price)
    keep = ~_useless(opening, known.value, unit)
    return replace(known, bound=proven, price=price, left=left[keep])


def _reduced_costs(cost: Floats, base: Floats, sites: int, price: Floats) -> tuple[Floats, Floats]:
    """Bound on every plan that opens the column, and on every plan that does not."""
    rho = np.empty(len(cost))
    bound, order = bound_at(cost, base, sites, price, rho)
    chosen, others = order[:sites], order[sites:]
    opening, closing = np.full(len(cost), bound), np.full(len(cost), bound)
    if len(chosen):
        opening[others] = bound + rho[others] - rho[chosen[-1]]
    closing[chosen] = bound - rho[chosen] + rho[others[0]] if len(others) else np.inf
    return opening, closing


def _useless(bounds: Floats, value: float, unit: float) -> Bools:
    """Whether a plan under this bound cannot pay less than ``value``."""
    return np.array([_proven(float(bound), unit) >= value for bound in bounds], dtype=bool)


def _first_prices(cost: Floats, base: Floats) -> Floats:
    nearest = np.sort(np.column_stack([cost, base]), axis=1)
    return np.asarray(nearest[:, min(1, nearest.shape[1] - 1)], dtype=float)


def _left_over(question: Median, known: _Relaxed) -> tuple[Median, Ints, Ints]:
    """Return the question about the columns and pairs of better plans, the columns of all of them, and the rest."""
    columns = known.left
    if not np.isfinite(known.value):
        return question, np.zeros(0, dtype=np.intp), np.arange(question.cost.shape[1])
    cost, base = _without_infinity(question)
    unit, part = _unit(question), np.ascontiguousarray(cost[:, columns].T)
    if len(columns) < question.sites:
        return Median(cost=question.cost[:, :0], base=question.base, sites=1), columns, columns[:0]
    opening, closing = _reduced_costs(part, base, question.sites, known.price)
    certain = _useless(closing, known.value, unit)
    rest = columns[~certain]
    extra = np.maximum(cost[:, rest] - known.price[:, None], 0.0)
    limit = known.value - unit + 1e-6 if unit else known.value
    asked = np.where(opening[~certain] + extra <= limit, question.cost[:, rest], np.inf)
    small = Median(
        cost=asked,
        base=value_per_row(question, columns[certain]),
        sites=question.sites - int(certain.sum()),
    )
    return small, columns[certain], rest


def _model(question: Median) -> Model:
    rows, columns = question.cost.shape
    row, column = np.nonzero(question.cost < question.base[:, None])
    n, at = len(row), np.arange(len(row))
    free = np.flatnonzero(np.isfinite(question.base))
    once = sparse.hstack(
        [
            sparse.csr_array((rows, columns)),
            sparse.csr_array((np.ones(n), (row, at)), shape=(rows, n)),
            sparse.csr_array((np.ones(len(free)), (free, np.arange(len(free)))), shape=(rows, len(free))),
        ]
    )
    link = sparse.hstack(
        [
            sparse.csr_array((-np.ones(n), (at, column)), shape=(n, columns)),
            sparse.eye_array(n),
            sparse.csr_array((n, len(free))),
        ]
    )
    count = sparse.csr_array(np.concatenate([np.ones(columns), np.zeros(n + len(free))])[None, :])
    size = columns + n + len(free)
    return Model(
        objective=np.concatenate([np.zeros(columns), question.cost[row, column], question.base[free]]),
        lower=np.zeros(size),
        upper=np.ones(size),
        integer=np.arange(size) < columns,
        matrix=sparse.vstack([once, link, count]),
        row_lower=np.concatenate([np.ones(rows), np.full(n, -np.inf), [question.sites]]),
        row_upper=np.concatenate([np.ones(rows), np.zeros(n), [question.sites]]),
        maximise=False,
    )


def _start(question: Median, best: Ints, rest: Ints) -> Floats | None:
    """Return the known plan as a point of ``_model``, or None where it leaves a row unreached."""
    on = np.isin(rest, best)
    row, column = np.nonzero(question.cost < question.base[:, None])
    masked = np.where(on[None, :], question.cost, np.inf)
    nearest = masked.argmin(axis=1) if len(rest) else np.zeros(len(question.base), dtype=np.intp)
    saves = masked.min(axis=1, initial=np.inf) < question.base
    if on.sum() != question.sites or not (saves | np.isfinite(question.base)).all():
        return None
    pairs = saves[row] & (column == nearest[row])
    stays = ~saves[np.isfinite(question.base)]
    return np.concatenate([on, pairs, stays]).astype(float)
