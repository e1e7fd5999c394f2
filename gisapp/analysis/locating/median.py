"""p-median from checked input to a plan: equal rows once, then the model, then who goes where."""

from __future__ import annotations

import numpy as np

from gisapp.analysis.locating import remarks as siting_remarks
from gisapp.analysis.locating.assignment_model import Assignment, best_assignment
from gisapp.analysis.locating.coverage import no_plan_found, noticed
from gisapp.analysis.locating.coverage_model import Question
from gisapp.analysis.locating.coverage_search import cheapest_columns
from gisapp.analysis.locating.inputs import checked_covers
from gisapp.analysis.locating.limits import Limits
from gisapp.analysis.locating.median_model import best_median
from gisapp.analysis.locating.median_prices import Median
from gisapp.analysis.locating.optimisation import Answer
from gisapp.analysis.locating.plan import (
    Floats,
    Ints,
    SitingPlan,
    impossible_plan,
    nearest_column,
    siting_plan,
)
from gisapp.errors import Problem


def median(weights: Floats, far: Floats, limits: Limits) -> SitingPlan:
    """Plan without capacities."""
    real, new, sites = np.flatnonzero(weights > 0), limits.new, int(limits.sites or 0)
    if not len(real):
        return _unasked(weights, far, limits)
    kinds, kind = np.unique(far[real], axis=0, return_inverse=True)
    weight = np.bincount(kind.ravel(), weights=weights[real], minlength=len(kinds))[:, None]
    base = kinds[:, limits.standing].min(axis=1, initial=np.inf) * weight[:, 0]
    question = Median(cost=kinds[:, new] * weight, base=base, sites=sites)
    chosen, answer = best_median(question, time_limit_s=limits.time_limit_s, node_limit=limits.node_limit)
    if chosen is None:
        return _none(weights, far, limits, answer.status)
    selected = new[chosen]
    assigned = nearest_column(far, np.union1d(limits.standing, selected))
    return _weighed(weights, far, limits, selected, assigned, answer)


def median_with_rooms(weights: Floats, far: Floats, limits: Limits, rooms: Floats) -> SitingPlan:
    """Plan in which every column takes no more than its room and no row is split."""
    real = np.flatnonzero(weights > 0)
    if not len(real):
        return _unasked(weights, far, limits)
    distance = np.where(np.isfinite(far[real]), far[real], np.nan)
    distance[:, limits.excluded] = np.nan
    question = Assignment(
        demand=weights[real],
        value=distance * weights[real][:, None],
        capacity=rooms,
        existing=limits.standing,
        sites=limits.sites,
        budget=None,
        cost=np.zeros(far.shape[1]),
        everyone=True,
        shut=limits.excluded,
    )
    placed, selected, answer = best_assignment(question, time_limit_s=limits.time_limit_s, node_limit=limits.node_limit)
    if placed is None:
        return _none(weights, far, limits, answer.status)
    assigned = nearest_column(far, np.union1d(limits.standing, selected))
    assigned[real] = placed
    return _weighed(weights, far, limits, selected, assigned, answer)


def _unasked(weights: Floats, far: Floats, limits: Limits) -> SitingPlan:
    """Nobody asks for anything: no column is better than another, so that none is opened, as in maximal coverage."""
    answer = Answer(values=None, bound=0.0, status="optimal")
    nothing: Ints = np.array([], dtype=np.intp)
    return _weighed(weights, far, limits, nothing, nearest_column(far, limits.standing), answer)


def _remarks(weights: Floats, far: Floats, limits: Limits) -> tuple[tuple[Problem, ...], Ints]:
    remarks, lost = noticed(weights, checked_covers(np.isfinite(far), len(weights)), limits)
    return tuple(remark for remark in remarks if remark.code != "duplicate_sites"), lost


def _weighed(
    weights: Floats, far: Floats, limits: Limits, selected: Ints, assigned: Ints, answer: Answer
) -> SitingPlan:
    served = np.flatnonzero((assigned >= 0) & (weights > 0))
    objective = float((weights[served] * far[served, assigned[served]]).sum())
    bound = min(max(answer.bound, 0.0), objective)
    remarks, lost = _remarks(weights, far, limits)
    return siting_plan(selected, assigned, objective, bound, answer.status, unreachable=lost, remarks=remarks)


def _none(weights: Floats, far: Floats, limits: Limits, status: str) -> SitingPlan:
    """Return no plan, with the rows beyond reach, or the number of sites that would reach everyone."""
    if status != "infeasible":
        raise no_plan_found()
    remarks, lost = _remarks(weights, far, limits)
    if not len(lost):
        remarks = (*remarks, siting_remarks.needs_more("sites", _sites_for_all(weights, far, limits)))
    return impossible_plan(len(weights), unreachable=lost, remarks=remarks)


def _sites_for_all(weights: Floats, far: Floats, limits: Limits) -> float | None:
    """Least number of new columns that every row with demand can reach one of, or None if it is enough already."""
    near = checked_covers(np.isfinite(far), len(weights))
    asked = np.flatnonzero((weights > 0) & ~np.isfinite(far[:, limits.standing]).any(axis=1))
    must = near[asked][:, limits.new]
    nothing = must[:0]
    question = Question(
        demand=np.zeros(0), covers=nothing, cost=np.ones(len(limits.new)), sites=None, budget=None, must=must
    )
    _, answer = cheapest_columns(question, time_limit_s=limits.time_limit_s, node_limit=limits.node_limit)
    enough = answer.status != "infeasible" and answer.bound <= (limits.sites or 0)
    return None if enough else answer.bound
