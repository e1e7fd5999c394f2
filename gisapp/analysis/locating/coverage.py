"""Maximal coverage from checked input to a plan: what stands first, then the model, then what was noticed."""

from __future__ import annotations

from typing import Any

import numpy as np

from gisapp.analysis.locating import remarks as siting_remarks
from gisapp.analysis.locating.assignment_model import Assignment, best_assignment
from gisapp.analysis.locating.coverage_model import Question
from gisapp.analysis.locating.coverage_search import best_columns, cheapest_columns
from gisapp.analysis.locating.limits import Groups, Limits
from gisapp.analysis.locating.plan import (
    Floats,
    Ints,
    SitingPlan,
    first_column,
    impossible_plan,
    siting_plan,
    touched,
)
from gisapp.analysis.locating.reduction import pairs_among
from gisapp.errors import InvalidInputError, Problem


def cover(weights: Floats, matrix: Any, limits: Limits, groups: Groups | None, must: Any) -> SitingPlan:
    """Plan without capacities."""
    remarks, lost = noticed(weights, matrix, limits)
    beyond = _beyond_reach(weights, matrix, limits, groups)
    if beyond is not None:
        return impossible_plan(len(weights), unreachable=lost, remarks=(*remarks, beyond))
    done = touched(matrix, limits.standing)
    question = question_of(weights, matrix, limits, groups, must)
    chosen, answer = best_columns(question, time_limit_s=limits.time_limit_s, node_limit=limits.node_limit)
    if chosen is None:
        if answer.status != "infeasible":
            raise no_plan_found()
        return impossible_plan(len(weights), unreachable=lost, remarks=(*remarks, _least_needed(question, limits)))
    selected = limits.new[chosen]
    standing = np.union1d(limits.standing, selected)
    objective = float(weights[done | touched(matrix, selected)].sum())
    bound = min(_reachable(weights, lost), float(weights[done].sum()) + answer.bound)
    return siting_plan(
        selected,
        first_column(matrix, standing),
        objective,
        max(bound, objective),
        answer.status,
        unreachable=lost,
        remarks=remarks,
    )


def question_of(weights: Floats, matrix: Any, limits: Limits, groups: Groups | None, must: Any) -> Question:
    """Return what is left to ask once the standing columns serve their rows."""
    done, new = touched(matrix, limits.standing), limits.new
    floor = np.zeros(0)
    if groups is not None:
        had = np.bincount(groups.of_row[done], weights=weights[done], minlength=len(groups.names))
        floor = np.maximum(groups.least - had, 0.0)
    open_rows = np.flatnonzero(~done)
    return Question(
        demand=weights[open_rows],
        covers=matrix[open_rows][:, new],
        cost=limits.price[new],
        sites=limits.sites,
        budget=limits.budget,
        conflicts=pairs_among(limits.conflicts, new, limits.columns),
        group=None if groups is None else groups.of_row[open_rows],
        floor=floor,
        must=None if must is None else must[np.flatnonzero(~touched(must, limits.standing))][:, new],
    )


def cover_with_rooms(weights: Floats, matrix: Any, limits: Limits, groups: Groups | None, rooms: Floats) -> SitingPlan:
    """Plan in which every column takes no more than its room and no row is split."""
    remarks, lost = noticed(weights, matrix, limits)
    real = np.flatnonzero(weights > 0)
    allowed = matrix[real].toarray() > 0
    allowed[:, np.setdiff1d(np.arange(limits.columns), np.union1d(limits.new, limits.standing))] = False
    question = Assignment(
        demand=weights[real],
        value=np.where(allowed, weights[real][:, None], np.nan),
        capacity=rooms,
        existing=limits.standing,
        sites=limits.sites,
        budget=limits.budget,
        cost=limits.price,
        everyone=False,
        conflicts=limits.conflicts[np.isin(limits.conflicts, limits.new).all(axis=1)],
        group=None if groups is None else groups.of_row[real],
        floor=np.zeros(0) if groups is None else groups.least,
    )
    placed, selected, answer = best_assignment(question, time_limit_s=limits.time_limit_s, node_limit=limits.node_limit)
    if placed is None and answer.status == "infeasible":
        return impossible_plan(
            len(weights), unreachable=lost, remarks=(*remarks, siting_remarks.needs_more("sites", None))
        )
    if placed is None:
        raise no_plan_found()
    assigned = np.full(len(weights), -1, dtype=np.intp)
    assigned[real] = placed
    selected = np.intersect1d(selected, assigned)
    idle = weights == 0
    assigned[idle] = first_column(matrix, np.union1d(limits.standing, selected))[idle]
    objective = float(weights[assigned >= 0].sum())
    bound = min(_reachable(weights, lost), answer.bound, _room(rooms, limits))
    return siting_plan(
        selected,
        assigned,
        objective,
        max(bound, objective),
        answer.status,
        unreachable=lost,
        remarks=remarks,
    )


def noticed(weights: Floats, matrix: Any, limits: Limits) -> tuple[tuple[Problem, ...], Ints]:
    """Return what the input makes impossible, and the rows with demand that nothing can serve."""
    new = limits.new
    open_to = np.union1d(new, limits.standing)
    lost = np.flatnonzero((weights > 0) & ~touched(matrix, open_to))
    remarks = []
    if not len(new):
        remarks.append(siting_remarks.no_candidates())
    if not (weights > 0).any():
        remarks.append(siting_remarks.no_demand(len(weights)))
    if len(lost):
        remarks.append(siting_remarks.unreachable(lost, weights))
    if len(limits.crowded):
        remarks.append(siting_remarks.too_close(len(np.setdiff1d(limits.crowded, limits.excluded))))
    if repeated := _duplicates(matrix, new, limits.price):
        remarks.append(siting_remarks.duplicate_sites(repeated))
    useful = new[touched(matrix[weights > 0][:, new].T, np.arange(int((weights > 0).sum())))]
    if limits.budget is not None and len(useful) and limits.price[useful].min() > limits.budget:
        remarks.append(siting_remarks.budget_too_small(limits.budget, float(limits.price[useful].min())))
    return tuple(remarks), lost


def _duplicates(matrix: Any, new: Ints, price: Floats) -> int:
    """Count columns that serve exactly the rows of another at no lower cost."""
    by_column = matrix[:, new].T.tocsr()
    by_column.sort_indices()
    start, cheapest, repeated = by_column.indptr, {}, 0
    for column in np.argsort(price[new], kind="stable"):
        key = by_column.indices[start[column] : start[column + 1]].tobytes()
        repeated += key in cheapest and bool(key)
        cheapest[key] = True
    return repeated


def _reachable(weights: Floats, lost: Ints) -> float:
    within = np.ones(len(weights), dtype=bool)
    within[lost] = False
    return float(weights[within].sum())


def _room(rooms: Floats, limits: Limits) -> float:
    """Room of what stands and of the largest columns that may be opened."""
    most = np.sort(rooms[limits.new])[::-1][: limits.sites]
    return float(rooms[limits.standing].sum() + most.sum())


def _beyond_reach(weights: Floats, matrix: Any, limits: Limits, groups: Groups | None) -> Problem | None:
    """Name the groups that would miss their share even if every allowed column were open."""
    if groups is None:
        return None
    within = touched(matrix, np.union1d(limits.new, limits.standing))
    count = len(groups.names)
    reach = np.bincount(groups.of_row[within], weights=weights[within], minlength=count)
    total = np.bincount(groups.of_row, weights=weights, minlength=count)
    short = np.flatnonzero(reach < groups.least * (1 - 1e-12))
    if not len(short):
        return None
    return siting_remarks.groups_beyond_reach([groups.names[i] for i in short], reach[short] / total[short])


def _least_needed(question: Question, limits: Limits) -> Problem:
    """Say what the cheapest plan that keeps the conditions takes: money if there is a budget, else sites."""
    what = "sites" if limits.budget is None else "budget"
    price = np.ones(len(question.cost)) if what == "sites" else question.cost
    asked = Question(**{**vars(question), "cost": price})
    _, answer = cheapest_columns(asked, time_limit_s=limits.time_limit_s, node_limit=limits.node_limit)
    return siting_remarks.needs_more(what, answer.bound if answer.status != "infeasible" else None)


def no_plan_found() -> InvalidInputError:
    """Error for a limit that ended the search before any plan was found."""
    return InvalidInputError(
        "no plan was found within the limit: raise time_limit_s or node_limit.",
        "belum ada rencana yang ditemukan dalam batas: naikkan time_limit_s atau node_limit.",
    )
