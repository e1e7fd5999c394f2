"""Where new sites reach most families: maximal coverage and p-median, each with objective, bound and gap.

Exact by HiGHS (one thread, one seed). A plan that a limit stopped is still true: its bound is proven.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gisapp.analysis.assignment_model import Assignment, best_assignment
from gisapp.analysis.coverage_model import Question, best_columns
from gisapp.analysis.median_model import Median, best_median
from gisapp.analysis.optimisation import Answer
from gisapp.analysis.siting_inputs import (
    Floats,
    Ints,
    checked_covers,
    checked_demand,
    checked_distance,
    checked_existing,
    checked_limit,
    checked_per_column,
    checked_sites,
)
from gisapp.errors import InvalidInputError


@dataclass(frozen=True, kw_only=True)
class SitingPlan:
    """Columns to open, who goes where, and how good that provably is.

    ``selected`` holds the new columns in ascending order; ``assigned`` the column of each row or -1; ``bound`` is
    what no plan can pass; ``gap`` is |bound − objective| / |objective|; ``status`` is optimal, feasible (a limit
    stopped the search) or infeasible (then there is no objective: NaN).
    """

    selected: tuple[int, ...]
    assigned: Ints
    objective: float
    bound: float
    gap: float
    status: str


def maximal_coverage(
    demand: Any,
    covers: Any,
    *,
    sites: int | None = None,
    budget: float | None = None,
    cost: Any = None,
    existing: Iterable[int] = (),
    capacity: Any = None,
    time_limit_s: float = 60.0,
    node_limit: int | None = None,
) -> SitingPlan:
    """Plan that covers the most demand with at most ``sites`` new columns within ``budget`` (Church & ReVelle 1974).

    Parameters
    ----------
    demand
        Weight of each of n rows (families), 0 or more.
    covers
        (n, m) booleans, dense or sparse: the column would serve the row.
    sites, budget, cost
        Give ``sites``, or ``budget`` with a ``cost`` per column, or both. A column that adds nothing is not opened.
    existing
        Columns that stand already: free, not counted in ``sites``, counted in the objective.
    capacity
        Demand that each column can take (one number for all, or one each; may be infinite). A row is never split.
    time_limit_s, node_limit
        Seconds (infinite: none) and branch-and-bound nodes after which the best plan so far is returned.

    Raises
    ------
    InvalidInputError
        Naming the row or column that is not a number, negative, or of the wrong shape.
    """
    weights = checked_demand(demand)
    matrix = checked_covers(covers, len(weights))
    columns = matrix.shape[1]
    standing = checked_existing(existing, columns)
    count = None if sites is None else checked_sites(sites)
    money, price = _checked_money(budget, cost, columns, count)
    limit = checked_limit(time_limit_s)
    if capacity is None:
        return _cover(weights, matrix, standing, count, money, price, limit, node_limit)
    rooms = checked_per_column(capacity, columns, "capacity", "kapasitas", finite=False)
    return _cover_with_rooms(weights, matrix, standing, count, money, price, rooms, limit, node_limit)


def p_median(
    demand: Any,
    distance: Any,
    *,
    sites: int,
    existing: Iterable[int] = (),
    capacity: Any = None,
    time_limit_s: float = 60.0,
    node_limit: int | None = None,
) -> SitingPlan:
    """Plan with exactly ``sites`` new columns and the least demand-weighted distance (ReVelle & Swain 1970).

    ``distance`` is (n, m), 0 or more, infinite where a column cannot be reached; a row without demand costs nothing
    and goes to its nearest open column. The other parameters are those of `maximal_coverage`. The plan is infeasible
    when some row with demand can reach no open column, or the capacities cannot hold every row whole.
    """
    weights = checked_demand(demand)
    far = checked_distance(distance, len(weights))
    columns = far.shape[1]
    standing = checked_existing(existing, columns)
    count = checked_sites(sites)
    if count > columns - len(standing):
        raise InvalidInputError(
            f"sites is {count}, but only {columns - len(standing)} columns are not standing yet.",
            f"sites bernilai {count}, padahal hanya {columns - len(standing)} kolom yang belum berdiri.",
        )
    limit = checked_limit(time_limit_s)
    if capacity is None:
        return _median(weights, far, standing, count, limit, node_limit)
    rooms = checked_per_column(capacity, columns, "capacity", "kapasitas", finite=False)
    return _median_with_rooms(weights, far, standing, count, rooms, limit, node_limit)


def _checked_money(budget: float | None, cost: Any, columns: int, sites: int | None) -> tuple[float | None, Floats]:
    if budget is None and sites is None:
        raise InvalidInputError(
            "give sites, or budget with cost: without a limit every column would be opened.",
            "isi sites, atau budget dengan cost: tanpa batas semua kolom akan dibuka.",
        )
    if budget is not None and cost is None:
        raise InvalidInputError("budget needs cost, one per column.", "budget memerlukan cost, satu per kolom.")
    if budget is not None and not (np.isfinite(budget) and budget >= 0):
        raise InvalidInputError(f"budget is {budget}: give 0 or more.", f"budget bernilai {budget}: isi 0 atau lebih.")
    price = checked_per_column(0.0 if cost is None else cost, columns, "cost", "biaya", finite=True)
    return (None if budget is None else float(budget)), price


def _cover(
    weights: Floats,
    matrix: Any,
    standing: Ints,
    sites: int | None,
    budget: float | None,
    price: Floats,
    limit: float,
    nodes: int | None,
) -> SitingPlan:
    done = _touched(matrix, standing)
    new = np.setdiff1d(np.arange(matrix.shape[1]), standing)
    question = Question(
        demand=weights[~done], covers=matrix[np.flatnonzero(~done)][:, new], cost=price[new], sites=sites, budget=budget
    )
    chosen, answer = best_columns(question, time_limit_s=limit, node_limit=nodes)
    selected = new[chosen]
    covered = done | _touched(matrix, selected)
    objective = float(weights[covered].sum())
    reachable = float(weights[np.diff(matrix.indptr) > 0].sum())
    bound = objective if answer.status == "optimal" else min(reachable, float(weights[done].sum()) + answer.bound)
    assigned = _first_column(matrix, np.union1d(standing, selected))
    return _plan(selected, assigned, objective, max(bound, objective), answer.status)


def _cover_with_rooms(
    weights: Floats,
    matrix: Any,
    standing: Ints,
    sites: int | None,
    budget: float | None,
    price: Floats,
    rooms: Floats,
    limit: float,
    nodes: int | None,
) -> SitingPlan:
    real = np.flatnonzero(weights > 0)
    allowed = matrix[real].toarray() > 0
    question = Assignment(
        demand=weights[real],
        value=np.where(allowed, weights[real][:, None], np.nan),
        capacity=rooms,
        existing=standing,
        sites=sites,
        budget=budget,
        cost=price,
        everyone=False,
    )
    placed, selected, answer = best_assignment(question, time_limit_s=limit, node_limit=nodes)
    assigned = np.full(len(weights), -1, dtype=np.intp)
    if placed is not None:
        assigned[real] = placed
    selected = np.intersect1d(selected, assigned)
    idle = weights == 0
    assigned[idle] = _first_column(matrix, np.union1d(standing, selected))[idle]
    objective = float(weights[assigned >= 0].sum())
    reachable = float(weights[np.diff(matrix.indptr) > 0].sum())
    bound = objective if answer.status == "optimal" else min(reachable, answer.bound)
    return _plan(selected, assigned, objective, max(bound, objective), answer.status)


def _median(weights: Floats, far: Floats, standing: Ints, sites: int, limit: float, nodes: int | None) -> SitingPlan:
    real = np.flatnonzero(weights > 0)
    new = np.setdiff1d(np.arange(far.shape[1]), standing)
    kinds, kind = np.unique(far[real], axis=0, return_inverse=True)
    weight = np.bincount(kind.ravel(), weights=weights[real], minlength=len(kinds))[:, None]
    base = kinds[:, standing].min(axis=1, initial=np.inf) * weight[:, 0]
    question = Median(cost=kinds[:, new] * weight, base=base, sites=sites)
    chosen: Ints | None = np.arange(sites)
    answer = Answer(values=None, bound=0.0, status="optimal")
    if len(real):
        chosen, answer = best_median(question, time_limit_s=limit, node_limit=nodes)
    if chosen is None:
        return _no_plan(len(weights), answer.status)
    selected = new[chosen]
    assigned = _nearest_column(far, np.union1d(standing, selected))
    return _weighed(weights, far, selected, assigned, answer)


def _median_with_rooms(
    weights: Floats, far: Floats, standing: Ints, sites: int, rooms: Floats, limit: float, nodes: int | None
) -> SitingPlan:
    real = np.flatnonzero(weights > 0)
    distance = np.where(np.isfinite(far[real]), far[real], np.nan)
    question = Assignment(
        demand=weights[real],
        value=distance * weights[real][:, None],
        capacity=rooms,
        existing=standing,
        sites=sites,
        budget=None,
        cost=np.zeros(far.shape[1]),
        everyone=True,
    )
    placed, selected, answer = best_assignment(question, time_limit_s=limit, node_limit=nodes)
    if placed is None:
        return _no_plan(len(weights), answer.status)
    assigned = _nearest_column(far, np.union1d(standing, selected))
    assigned[real] = placed
    return _weighed(weights, far, selected, assigned, answer)


def _weighed(weights: Floats, far: Floats, selected: Ints, assigned: Ints, answer: Answer) -> SitingPlan:
    served = np.flatnonzero((assigned >= 0) & (weights > 0))
    objective = float((weights[served] * far[served, assigned[served]]).sum())
    bound = objective if answer.status == "optimal" else min(max(answer.bound, 0.0), objective)
    return _plan(selected, assigned, objective, bound, answer.status)


def _plan(selected: Ints, assigned: Ints, objective: float, bound: float, status: str) -> SitingPlan:
    difference = abs(bound - objective)
    gap = 0.0 if difference == 0 else (difference / abs(objective) if objective else float("inf"))
    return SitingPlan(
        selected=tuple(int(column) for column in np.sort(selected)),
        assigned=assigned,
        objective=objective,
        bound=float(bound),
        gap=gap,
        status=status,
    )


def _no_plan(rows: int, status: str) -> SitingPlan:
    if status != "infeasible":
        raise InvalidInputError(
            "no plan was found within the limit: raise time_limit_s or node_limit.",
            "belum ada rencana yang ditemukan dalam batas: naikkan time_limit_s atau node_limit.",
        )
    nothing = float("nan")
    return SitingPlan(
        selected=(),
        assigned=np.full(rows, -1, dtype=np.intp),
        objective=nothing,
        bound=nothing,
        gap=nothing,
        status=status,
    )


def _touched(matrix: Any, columns: Ints) -> Any:
    return np.asarray(matrix[:, columns].sum(axis=1)).ravel() > 0


def _first_column(matrix: Any, columns: Ints) -> Ints:
    """Return the lowest of ``columns`` that covers each row, or -1."""
    part = matrix[:, columns].tocsr()
    part.sort_indices()
    first = np.full(part.shape[0], -1, dtype=np.intp)
    some = np.diff(part.indptr) > 0
    first[some] = columns[part.indices[part.indptr[:-1][some]]]
    return first


def _nearest_column(far: Floats, columns: Ints) -> Ints:
    """Return the nearest of ``columns`` for each row (the lowest of equals), or -1 where none can be reached."""
    if not len(columns):
        return np.full(len(far), -1, dtype=np.intp)
    part = far[:, columns]
    return np.where(np.isfinite(part.min(axis=1)), columns[part.argmin(axis=1)], -1).astype(np.intp)
