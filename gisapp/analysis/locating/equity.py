"""Plans for the worst-off: the least largest distance, then most families; or the greatest least share of a group."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gisapp.analysis.checks import as_number
from gisapp.analysis.locating.coverage import cover, no_plan_found, noticed
from gisapp.analysis.locating.covering import serve_all
from gisapp.analysis.locating.inputs import checked_covers, checked_demand, checked_distance
from gisapp.analysis.locating.limits import Limits, checked_limits
from gisapp.analysis.locating.plan import Floats, Ints, SitingPlan, nearest_column, siting_plan
from gisapp.errors import InvalidInputError


@dataclass(frozen=True, kw_only=True)
class WorstOffPlan:
    """The least largest distance that any plan leaves (``center``), and the best plan that keeps it (``plan``)."""

    center: SitingPlan
    plan: SitingPlan


def p_center(
    demand: Any,
    distance: Any,
    *,
    sites: int,
    existing: Iterable[int] = (),
    excluded: Iterable[int] = (),
    conflicts: Any = (),
    time_limit_s: float = 60.0,
    node_limit: int | None = None,
) -> SitingPlan:
    """Plan with at most ``sites`` new columns whose farthest row with demand is as near as possible (Hakimi 1965).

    Bisection over the distances that occur, each tried as a set covering (Minieka 1970). ``distance`` is (n, m), 0
    or more, infinite where a column cannot be reached; rows with demand that can reach no allowed column are listed in
    ``unreachable`` and left out. ``objective`` is the largest distance of the others to their nearest open column; a
    plan that must leave one of them without any is infeasible. Limits hold for each covering tried; the other
    parameters are those of `siting.maximal_coverage`.
    """
    weights = checked_demand(demand)
    far = checked_distance(distance, len(weights))
    limits = checked_limits(
        far.shape[1], sites=sites, budget=None, cost=None, existing=existing, excluded=excluded, conflicts=conflicts,
        time_limit_s=time_limit_s, node_limit=node_limit,
    )  # fmt: skip
    return _center(weights, far, limits)


def worst_off_first(
    demand: Any,
    distance: Any,
    *,
    standard: float,
    sites: int,
    existing: Iterable[int] = (),
    excluded: Iterable[int] = (),
    conflicts: Any = (),
    time_limit_s: float = 60.0,
    node_limit: int | None = None,
) -> WorstOffPlan:
    """Least largest distance first; of the plans that keep it, the one with most demand within ``standard``.

    The second step is maximal coverage with mandatory closeness (Church & ReVelle 1974): every row that can be reached
    at all has an open column within the distance that `p_center` found. Parameters as there.

    Raises
    ------
    InvalidInputError
        As `p_center`; and where no plan reaches every reachable row, because there is nothing to keep then.
    """
    weights = checked_demand(demand)
    far = checked_distance(distance, len(weights))
    if not as_number(standard) >= 0:
        raise InvalidInputError(
            f"standard is {standard}: give a distance of 0 or more.",
            f"standard bernilai {standard}: isi jarak 0 atau lebih.",
        )
    limits = checked_limits(
        far.shape[1], sites=sites, budget=None, cost=None, existing=existing, excluded=excluded, conflicts=conflicts,
        time_limit_s=time_limit_s, node_limit=node_limit,
    )  # fmt: skip
    center = _center(weights, far, limits)
    if center.status == "infeasible":
        raise InvalidInputError(
            f"sites is {sites}: no plan reaches every family that some site can reach.",
            f"sites bernilai {sites}: tidak ada rencana yang menjangkau semua keluarga yang dapat dijangkau.",
        )
    asked = np.setdiff1d(np.flatnonzero(weights > 0), center.unreachable)
    must = checked_covers(far <= center.objective, len(weights))[asked]
    within = checked_covers(far <= standard, len(weights))
    return WorstOffPlan(center=center, plan=cover(weights, within, limits, None, must))


def _center(weights: Floats, far: Floats, limits: Limits) -> SitingPlan:
    matrix = checked_covers(np.isfinite(far), len(weights))
    remarks, lost = noticed(weights, matrix, limits)
    asked = np.setdiff1d(np.flatnonzero(weights > 0), lost)
    chosen, bound, status = _bisected(far[asked], limits)
    if chosen is None:
        if status != "infeasible":
            raise no_plan_found()
        nothing = np.array([], dtype=np.intp)
        plan = siting_plan(nothing, np.full(len(weights), -1, dtype=np.intp), np.nan, np.nan, status)
        return replace(plan, unreachable=lost, remarks=remarks)
    assigned = nearest_column(far, np.union1d(limits.standing, chosen))
    largest = _largest(far[asked], np.union1d(limits.standing, chosen))
    plan = siting_plan(chosen, assigned, largest, min(bound, largest), status)
    return replace(plan, unreachable=lost, remarks=remarks)


def _largest(far: Floats, columns: Ints) -> float:
    return float(far[:, columns].min(axis=1, initial=np.inf).max(initial=0.0))


def _bisected(far: Floats, limits: Limits) -> tuple[Ints | None, float, str]:
    """Return the columns of the least radius found, the radius below which none is possible, and the status."""
    open_to = np.union1d(limits.new, limits.standing)
    if not len(far):
        return np.array([], dtype=np.intp), 0.0, "optimal"
    least = far[:, open_to].min(axis=1).max()
    radii = np.unique(far[:, open_to])
    radii = radii[np.isfinite(radii) & (radii >= least)]
    low, high, refused, best = 0, len(radii), 0, None
    while low < high:
        middle = (low + high) // 2
        chosen, sure = _within(far, float(radii[middle]), limits)
        if chosen is None:
            low, refused = middle + 1, middle + 1 if sure else refused
        else:
            best = chosen
            high = int(np.searchsorted(radii, _largest(far, np.union1d(limits.standing, chosen))))
    if best is None:
        return None, np.nan, "infeasible" if refused == len(radii) else "feasible"
    return best, float(radii[refused]), "optimal" if refused == high else "feasible"


def _within(far: Floats, radius: float, limits: Limits) -> tuple[Ints | None, bool]:
    """Return columns that serve every row within ``radius``, or None and whether that is certain."""
    chosen, bound, status = serve_all(checked_covers(far <= radius, len(far)), limits, np.ones(limits.columns))
    most = limits.sites or 0
    if chosen is not None and len(chosen) <= most:
        return chosen, True
    return None, status != "feasible" or bound > most
