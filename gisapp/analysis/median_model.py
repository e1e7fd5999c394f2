"""p-median without capacities: greedy and swap from above, Lagrangian relaxation from below, the rest to HiGHS.

ReVelle & Swain (1970); bound and fixing of sites by reduced costs as in Cornuéjols, Fisher & Nemhauser (1977).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from gisapp.analysis.optimisation import Answer, Floats, Model, solve

Ints = npt.NDArray[np.intp]

_ROUNDS = 600
_PATIENCE = 20


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
    bound: float
    best: Ints
    value: float
    closed: npt.NDArray[np.bool_]
    opened: npt.NDArray[np.bool_]


def best_median(question: Median, *, time_limit_s: float, node_limit: int | None) -> tuple[Ints | None, Answer]:
    """Return the columns to open (None when not every row can be reached, or none was found) and the bound."""
    relaxed = _relax(question)
    if relaxed.bound >= relaxed.value:
        return relaxed.best, Answer(values=None, bound=relaxed.value, status="optimal")
    rest = np.flatnonzero(~relaxed.closed & ~relaxed.opened)
    opened = np.flatnonzero(relaxed.opened)
    small = Median(
        cost=question.cost[:, rest],
        base=value_per_row(question, opened),
        sites=question.sites - len(opened),
    )
    answer = solve(
        _model(small), time_limit_s=time_limit_s, node_limit=node_limit, start=_start(small, relaxed.best, rest)
    )
    if answer.status == "infeasible":
        return None, answer
    best, value = relaxed.best, relaxed.value
    if answer.values is not None:
        found = np.sort(np.concatenate([opened, rest[answer.values[: len(rest)] > 0.5]]))
        if len(found) == question.sites and (total := float(value_per_row(question, found).sum())) < value:
            best, value = found, total
    bound = value if answer.status == "optimal" else min(max(relaxed.bound, answer.bound), value)
    return (best if np.isfinite(value) else None), Answer(values=None, bound=bound, status=answer.status)


def value_per_row(question: Median, columns: Ints) -> Floats:
    """What each row pays when ``columns`` are open."""
    if not len(columns):
        return question.base.copy()
    return np.asarray(np.minimum(question.base, question.cost[:, columns].min(axis=1)), dtype=float)


def greedy_and_swap(question: Median) -> Ints:
    """Open the column that saves most, again and again; then exchange while that saves anything (Teitz & Bart)."""
    cost, base = _without_infinity(question)
    chosen: list[int] = []
    paid = base
    for _ in range(question.sites):
        totals = np.minimum(cost, paid[:, None]).sum(axis=0)
        totals[chosen] = np.inf
        chosen.append(int(np.argmin(totals)))
        paid = np.minimum(paid, cost[:, chosen[-1]])
    total = float(paid.sum())
    for _ in range(_ROUNDS):
        better = _best_swap(cost, base, chosen, total)
        if better is None:
            break
        out, enter, total = better
        chosen[out] = enter
    return np.array(sorted(chosen), dtype=np.intp)


def _best_swap(cost: Floats, base: Floats, chosen: list[int], total: float) -> tuple[int, int, float] | None:
    best: tuple[int, int, float] | None = None
    limit = total - 1e-9 * max(1.0, abs(total))
    for out in range(len(chosen)):
        kept = chosen[:out] + chosen[out + 1 :]
        paid = np.minimum(base, cost[:, kept].min(axis=1)) if kept else base
        totals = np.minimum(cost, paid[:, None]).sum(axis=0)
        totals[chosen] = np.inf
        enter = int(np.argmin(totals))
        if totals[enter] < limit:
            best, limit = (out, enter, float(totals[enter])), float(totals[enter])
    return best


def _without_infinity(question: Median) -> tuple[Floats, Floats]:
    """Replace infinity by more than any plan that reaches everyone could cost."""
    finite = question.cost[np.isfinite(question.cost)]
    reached = question.base[np.isfinite(question.base)]
    top = max(float(finite.max(initial=0.0)), float(reached.max(initial=0.0)), 1.0)
    large = top * (len(question.base) + 1.0)
    return np.where(np.isfinite(question.cost), question.cost, large), np.where(
        np.isfinite(question.base), question.base, large
    )


def _relax(question: Median) -> _Relaxed:
    """Subgradient search on the prices of the rows; sites fixed open or closed where the bound proves it."""
    best = greedy_and_swap(question)
    value = float(value_per_row(question, best).sum())
    whole = bool((np.mod(question.cost[np.isfinite(question.cost)], 1) == 0).all()) and bool(
        (np.mod(question.base[np.isfinite(question.base)], 1) == 0).all()
    )
    columns = question.cost.shape[1]
    closed, opened = np.zeros(columns, dtype=bool), np.zeros(columns, dtype=bool)
    prices, bound, step, idle = _first_prices(question), -np.inf, 2.0, 0
    for _ in range(_ROUNDS):
        slack = np.minimum(question.cost - prices[:, None], 0.0)
        from_base = np.minimum(question.base - prices, 0.0)
        rho = slack.sum(axis=0)
        order = np.argsort(rho, kind="stable")
        chosen, others = order[: question.sites], order[question.sites :]
        lower = float(prices.sum() + from_base.sum() + rho[chosen].sum())
        total = float(value_per_row(question, chosen).sum())
        if total < value:
            best, value = np.sort(chosen), total
        proven = _proven(lower, whole)
        bound, idle, step = (proven, 0, step) if proven > bound else (bound, idle + 1, step)
        if bound >= value:
            break
        if idle >= _PATIENCE:
            step, idle = step / 2, 0
        _fix(rho, chosen, others, lower, value, closed, opened)
        served = (slack[:, chosen] < 0).sum(axis=1) + (from_base < 0)
        move = 1.0 - served
        norm = float(move @ move)
        target = value if np.isfinite(value) else lower + abs(lower) + 1.0
        if norm == 0 or step < 1e-4:
            break
        prices = prices + step * (target - lower) / norm * move
    return _Relaxed(bound=min(bound, value), best=best, value=value, closed=closed, opened=opened)


def _proven(lower: float, whole: bool) -> float:
    return float(np.ceil(lower - 1e-6)) if whole else lower - 1e-9 * abs(lower)


def _first_prices(question: Median) -> Floats:
    cost, base = _without_infinity(question)
    nearest = np.sort(np.column_stack([cost, base]), axis=1)
    return np.asarray(nearest[:, min(1, nearest.shape[1] - 1)], dtype=float)


def _fix(
    rho: Floats,
    chosen: Ints,
    others: Ints,
    lower: float,
    value: float,
    closed: npt.NDArray[np.bool_],
    opened: npt.NDArray[np.bool_],
) -> None:
    """Mark columns whose opposite choice would cost more than the plan already known."""
    if not np.isfinite(value) or not len(chosen) or not len(others):
        return
    limit = value + 1e-6 * max(1.0, abs(value))
    closed[others[lower + rho[others] - rho[chosen[-1]] > limit]] = True
    opened[chosen[lower - rho[chosen] + rho[others[0]] > limit]] = True


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
