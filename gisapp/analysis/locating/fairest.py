"""Coverage that leaves no group behind: the greatest least share, and then the most demand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from gisapp.analysis.locating.coverage import cover, question_of
from gisapp.analysis.locating.coverage_model import Question, allowed, coverage_program, group_line, reduced
from gisapp.analysis.locating.inputs import checked_covers, checked_demand
from gisapp.analysis.locating.limits import Groups, Limits, checked_limits, numbered_groups
from gisapp.analysis.locating.optimisation import Model, solve
from gisapp.analysis.locating.plan import Floats, SitingPlan, touched


@dataclass(frozen=True, kw_only=True)
class FairPlan:
    """Share (0..1) of its demand that the worst-served group has covered, the most that is possible, and the plan."""

    least_share: float
    bound: float
    plan: SitingPlan


def fairest_coverage(
    demand: Any,
    covers: Any,
    *,
    groups: Any,
    sites: int | None = None,
    budget: float | None = None,
    cost: Any = None,
    existing: Iterable[int] = (),
    excluded: Iterable[int] = (),
    conflicts: Any = (),
    time_limit_s: float = 60.0,
    node_limit: int | None = None,
) -> FairPlan:
    """Maximise the least covered share among the groups, then the demand covered (maximin: Marsh & Schilling 1994).

    ``groups`` is one label per row (its kecamatan, as text). A group without demand, or of whose demand nothing can be
    reached, takes no part: it would hold every plan at 0 (`plan.unreachable` counts its rows). The other parameters
    are those of `siting.maximal_coverage`.
    """
    weights = checked_demand(demand)
    matrix = checked_covers(covers, len(weights))
    limits = checked_limits(
        matrix.shape[1], sites=sites, budget=budget, cost=cost, existing=existing, excluded=excluded,
        conflicts=conflicts, time_limit_s=time_limit_s, node_limit=node_limit,
    )  # fmt: skip
    found = numbered_groups(groups, 0.0, weights)
    total = _total(found, weights, np.ones(len(weights), dtype=bool))
    within = _total(found, weights, touched(matrix, np.union1d(limits.new, limits.standing)))
    total = np.where(within > 0, total, 0.0)
    had = _total(found, weights, touched(matrix, limits.standing))
    question = question_of(weights, matrix, limits, found, None)
    share, bound = _greatest_share(question, total, had, limits)
    plan = cover(weights, matrix, limits, replace(found, least=total * share * (1 - 1e-9)), None)
    return FairPlan(least_share=share, bound=bound, plan=plan)


def _total(groups: Groups, weights: Floats, rows: npt.NDArray[np.bool_]) -> Floats:
    sums = np.bincount(groups.of_row[rows], weights=weights[rows], minlength=len(groups.names))
    return np.asarray(sums, dtype=float)


def _greatest_share(question: Question, total: Floats, had: Floats, limits: Limits) -> tuple[float, float]:
    """Return the least share of the best plan found and what no plan can pass."""
    if not (total > 0).any():
        return 1.0, 1.0
    small, _ = reduced(question)
    answer = solve(_program(small, total, had), time_limit_s=limits.time_limit_s, node_limit=limits.node_limit)
    chosen = np.zeros(0, dtype=np.intp)
    if answer.values is not None:
        chosen = np.flatnonzero(answer.values[: small.covers.shape[1]] > 0.5)
        chosen = chosen if allowed(small, chosen) else np.zeros(0, dtype=np.intp)
    hit = touched(small.covers, chosen)
    group = np.zeros(len(hit), dtype=np.intp) if small.group is None else small.group
    reached = had + np.bincount(group[hit], weights=small.demand[hit], minlength=len(total))
    share = float((reached[total > 0] / total[total > 0]).min())
    return share, share if answer.status == "optimal" else max(share, min(1.0, answer.bound))


def _program(small: Question, total: Floats, had: Floats) -> Model:
    """Coverage with one more variable, the least share: it may not pass the covered share of any group."""
    model = coverage_program(small)
    size = len(model.objective)
    groups = np.flatnonzero(total > 0)
    lines = np.array([group_line(small, int(group)) / total[group] for group in groups])
    shares = sparse.csr_array(np.column_stack([lines.reshape(len(groups), size), -np.ones(len(groups))]))
    return Model(
        objective=np.concatenate([np.zeros(size), [1.0]]),
        lower=np.zeros(size + 1),
        upper=np.ones(size + 1),
        integer=np.concatenate([model.integer, [False]]),
        matrix=sparse.vstack([sparse.hstack([model.matrix, sparse.csr_array((model.matrix.shape[0], 1))]), shares]),
        row_lower=np.concatenate([model.row_lower, -had[groups] / total[groups]]),
        row_upper=np.concatenate([model.row_upper, np.full(len(groups), np.inf)]),
        maximise=True,
    )
