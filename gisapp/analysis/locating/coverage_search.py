"""Which columns to open: the reductions, then prices where the question is large, then HiGHS on what is left."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gisapp.analysis.locating.coverage_bound import Narrowed, narrowed
from gisapp.analysis.locating.coverage_model import (
    Ints,
    Question,
    allowed,
    coverage_program,
    covered,
    proven,
    reduced,
    start_point,
    unit_of,
    without_useless,
)
from gisapp.analysis.locating.optimisation import Answer, solve
from gisapp.analysis.locating.reduction import implied

#: Columns up to which two sites are found by looking at every pair.
_PAIRS_UP_TO = 3_000
#: Pairs of row and column above which prices are sought first: below, HiGHS is done before the kernels are loaded.
LARGE = 20_000


def best_columns(
    question: Question, *, time_limit_s: float, node_limit: int | None, large: int = LARGE
) -> tuple[Ints | None, Answer]:
    """Return the chosen columns, none of them useless (None: no plan is possible or found), and the proven bound."""
    small, columns = reduced(question)
    if small.plain and (not len(columns) or small.sites == 0):
        return np.array([], dtype=np.intp), Answer(values=None, bound=0.0, status="optimal")
    if _by_looking(small):
        chosen = _best_pair(small)
        answer = Answer(values=None, bound=covered(small, chosen), status="optimal")
    elif small.plain and small.covers.nnz > large:
        chosen, answer = _by_prices(small, time_limit_s, node_limit)
    else:
        found, answer = _by_program(small, time_limit_s, node_limit)
        if found is None:
            return None, answer
        chosen = found
        if answer.status == "feasible" and small.covers.nnz > large:
            answer = replace(answer, bound=min(answer.bound, _without_conditions(small).bound))
    return columns[without_useless(small, chosen)], answer


def cheapest_columns(question: Question, *, time_limit_s: float, node_limit: int | None) -> tuple[Ints | None, Answer]:
    """Return the columns of least cost that keep floors, rivals and what must be covered (None: none do or found)."""
    small, columns = reduced(replace(question, sites=None, budget=None))
    if small.plain:
        return np.array([], dtype=np.intp), Answer(values=None, bound=0.0, status="optimal")
    if small.must is not None:
        small = replace(small, must=small.must[np.flatnonzero(~implied(small.must))])
    unit, first = unit_of(small.cost), _cheap_first(small)
    answer = solve(
        coverage_program(small, cheapest=True),
        time_limit_s=time_limit_s,
        node_limit=node_limit,
        start=None if first is None else start_point(small, first),
        unit=unit,
    )
    found = None if answer.values is None else np.flatnonzero(answer.values[: len(columns)] > 0.5)
    plans = [plan for plan in (found, first) if plan is not None and allowed(small, plan)]
    if not plans or answer.status == "infeasible":
        return None, answer
    best = min((without_useless(small, plan) for plan in plans), key=lambda plan: small.cost[plan].sum())
    bound = max(answer.bound, 0.0) - 1e-9 * abs(answer.bound) if np.isfinite(answer.bound) else 0.0
    return columns[best], replace(answer, bound=float(np.ceil(bound - 1e-6)) if unit else bound)


def _cheap_first(small: Question) -> Ints | None:
    """Columns by most unserved rows of ``must`` per cost (Chvátal 1979), or None where that ends nowhere."""
    if small.must is None or (small.floor > 0).any():
        return None
    by_column, rivals = small.must.astype(float).T.tocsr(), small.conflicts
    left, weight = np.ones(small.must.shape[0]), np.maximum(small.cost, 1e-12)
    chosen: list[int] = []
    while left.any():
        gain = by_column @ left
        gain[rivals[np.isin(rivals, chosen).any(axis=1)].ravel()] = 0.0
        best = int(np.argmax(gain / weight)) if len(gain) else -1
        if best < 0 or gain[best] <= 0:
            return None
        chosen.append(best)
        left[by_column[[best]].indices] = 0.0
    return np.array(sorted(chosen), dtype=np.intp)


def _by_looking(small: Question) -> bool:
    few = small.sites is not None and small.sites <= 2 and small.covers.shape[1] <= _PAIRS_UP_TO
    return few and small.plain and small.budget is None and not len(small.conflicts)


def _best_pair(question: Question) -> Ints:
    """Return the one column, or the two, that cover most; of equals the first."""
    covers = question.covers.astype(float)
    alone = covers.T @ question.demand
    if question.sites == 1:
        return np.array([np.argmax(alone)], dtype=np.intp)
    both = (covers.T @ (covers.multiply(question.demand[:, None]))).toarray()
    together = alone[:, None] + alone[None, :] - both
    return np.unique(np.unravel_index(int(np.argmax(together)), together.shape)).astype(np.intp)


def _by_program(small: Question, time_limit_s: float, node_limit: int | None) -> tuple[Ints | None, Answer]:
    unit = unit_of(small.demand)
    first = greedy(small) if small.plain else None
    start = None if first is None else start_point(small, first)
    answer = solve(coverage_program(small), time_limit_s=time_limit_s, node_limit=node_limit, start=start, unit=unit)
    found = None if answer.values is None else np.flatnonzero(answer.values[: small.covers.shape[1]] > 0.5)
    options = [plan for plan in (found, first) if plan is not None and allowed(small, plan)]
    if not options:
        return None, answer
    best = max(options, key=lambda plan: covered(small, plan))
    return best, replace(answer, bound=max(proven(answer.bound, unit), covered(small, best)))


def _by_prices(small: Question, time_limit_s: float, node_limit: int | None) -> tuple[Ints, Answer]:
    known = narrowed(small)
    if known.bound <= known.value:
        return known.chosen, Answer(values=None, bound=known.value, status="optimal")
    found, answer = _by_program(known.question, time_limit_s, node_limit)
    return _joined(small, known, found, answer)


def _without_conditions(small: Question) -> Narrowed:
    """What can be known without floors and rows that must be covered: its bound holds with them too."""
    return narrowed(replace(small, floor=np.zeros(0), group=None, must=None))


def _joined(small: Question, known: Narrowed, found: Ints | None, answer: Answer) -> tuple[Ints, Answer]:
    """Better of the plan known and the plan found among the rest; what neither settled bounds both."""
    chosen, value = known.chosen, known.value
    if found is not None:
        other = np.sort(np.concatenate([known.opened, known.rest[found]]))
        if allowed(small, other) and covered(small, other) > value:
            chosen, value = other, covered(small, other)
    if answer.status != "feasible":
        return chosen, Answer(values=None, bound=value, status="optimal")
    bound = min(known.bound, max(value, known.base + answer.bound))
    return chosen, Answer(values=None, bound=bound, status="optimal" if bound <= value else "feasible")


def greedy(question: Question) -> Ints:
    """Columns by greatest gain (per rupiah under a budget) while the limits allow; ties go to the first."""
    by_column = question.covers.astype(float).T.tocsr()
    rivals = question.conflicts
    left, money = question.demand.copy(), np.inf if question.budget is None else question.budget
    weight = np.ones(len(question.cost)) if question.budget is None else np.maximum(question.cost, 1e-12)
    chosen: list[int] = []
    while question.sites is None or len(chosen) < question.sites:
        gain = by_column @ left
        gain[question.cost > money] = 0.0
        gain[rivals[np.isin(rivals, chosen).any(axis=1)].ravel()] = 0.0
        best = int(np.argmax(gain / weight))
        if gain[best] <= 0:
            break
        chosen.append(best)
        money -= question.cost[best] if question.budget is not None else 0.0
        left[by_column[[best]].indices] = 0.0
    return np.array(sorted(chosen), dtype=np.intp)
