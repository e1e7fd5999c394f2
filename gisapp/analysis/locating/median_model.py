"""p-median without capacities: prices and exchange, then what they leave to HiGHS or to a tree search of its own."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from gisapp.analysis.locating.median_branch import branched
from gisapp.analysis.locating.median_prices import (
    Floats,
    Ints,
    Median,
    Relaxed,
    reduced_costs,
    relaxed,
    unit_of,
    useless,
    value_per_row,
    without_infinity,
)
from gisapp.analysis.locating.optimisation import Answer, Model, solve

#: Pairs of row and column up to which the solver is given what is left: it is faster there.
_SOLVED_UP_TO = 20_000
#: Nodes of the tree search, and the additions (pairs × rounds) that all of them may take: some ten seconds.
_NODES = 5_000
_ROUNDS_PER_NODE = 80
_TREE_WORK = 20_000_000_000


def best_median(question: Median, *, time_limit_s: float, node_limit: int | None) -> tuple[Ints | None, Answer]:
    """Return the columns to open (None when not every row can be reached, or none was found) and the bound."""
    if question.sites == 0:
        total = float(question.base.sum())
        status = "optimal" if np.isfinite(total) else "infeasible"
        return (np.zeros(0, dtype=np.intp) if np.isfinite(total) else None), Answer(
            values=None, bound=total, status=status
        )
    known = relaxed(question)
    if known.bound >= known.value:
        return known.best, Answer(values=None, bound=known.value, status="optimal")
    small, opened, rest = _left_over(question, known)
    if np.isfinite(known.value) and (small.cost < small.base[:, None]).sum() > _SOLVED_UP_TO:
        return _by_tree(question, known, node_limit)
    start = _start(small, known.best, rest)
    unit = unit_of(question)
    answer = solve(_model(small), time_limit_s=time_limit_s, node_limit=node_limit, start=start, unit=unit)
    best, value = known.best, known.value
    if answer.values is not None:
        found = np.sort(np.concatenate([opened, rest[answer.values[: len(rest)] > 0.5]]))
        if len(found) == question.sites and (total := float(value_per_row(question, found).sum())) < value:
            best, value = found, total
    if not np.isfinite(value):
        return None, answer
    if answer.status != "feasible":  # infeasible: no plan is better than the one known
        return best, Answer(values=None, bound=value, status="optimal")
    return best, _ended(value, max(known.bound, answer.bound))


def _by_tree(question: Median, known: Relaxed, node_limit: int | None) -> tuple[Ints, Answer]:
    cost, base = without_infinity(question)
    work = _TREE_WORK // max(_ROUNDS_PER_NODE * len(known.left) * len(base), 1)
    nodes = min(_NODES, work) if node_limit is None else node_limit
    by_column = np.ascontiguousarray(cost.T)
    best, _, bound = branched(by_column, base, question.sites, known, unit=unit_of(question), nodes=nodes)
    return best, _ended(float(value_per_row(question, best).sum()), bound)


def _ended(value: float, bound: float) -> Answer:
    return Answer(values=None, bound=min(bound, value), status="optimal" if bound >= value else "feasible")


def _left_over(question: Median, known: Relaxed) -> tuple[Median, Ints, Ints]:
    """Return the question about the columns and pairs of better plans, the columns of all of them, and the rest."""
    columns = known.left
    if not np.isfinite(known.value):
        return question, np.zeros(0, dtype=np.intp), np.arange(question.cost.shape[1])
    cost, base = without_infinity(question)
    unit, part = unit_of(question), np.ascontiguousarray(cost[:, columns].T)
    if len(columns) < question.sites:
        return Median(cost=question.cost[:, :0], base=question.base, sites=1), columns, columns[:0]
    opening, closing = reduced_costs(part, base, question.sites, known.price)
    certain = useless(closing, known.value, unit)
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
