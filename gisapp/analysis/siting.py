"""Where new sites reach most families: maximal coverage and p-median, each with objective, bound and gap.

Exact by HiGHS (one thread, one seed) after reductions. A plan that a limit stopped is still true: its bound is proven.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from gisapp.analysis.locating.coverage import cover, cover_with_rooms
from gisapp.analysis.locating.inputs import checked_covers, checked_demand, checked_distance, checked_per_column
from gisapp.analysis.locating.limits import checked_groups, checked_limits
from gisapp.analysis.locating.median import median, median_with_rooms
from gisapp.analysis.locating.plan import SitingPlan
from gisapp.errors import InvalidInputError

__all__ = ["SitingPlan", "maximal_coverage", "p_median"]


def maximal_coverage(
    demand: Any,
    covers: Any,
    *,
    sites: int | None = None,
    budget: float | None = None,
    cost: Any = None,
    existing: Iterable[int] = (),
    excluded: Iterable[int] = (),
    conflicts: Any = (),
    capacity: Any = None,
    groups: Any = None,
    least_share: Any = None,
    must_cover: Any = None,
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
    existing, excluded
        Columns that stand already: free, not counted in ``sites``, counted in the objective. Columns never opened.
    conflicts
        Pairs of columns that may not both be open (`siting_conflicts.closer_than` finds those within a minimum
        distance); one beside a standing column is not opened. Two standing ones may stand.
    capacity
        Demand that each column can take (one number for all, or one each; may be infinite). A row is never split.
    groups, least_share
        A label per row (its kecamatan) and the share (0..1) of each group's demand, rows beyond reach included, that
        must be covered; one for all or a mapping by label (equity between groups: Marsh & Schilling 1994).
    must_cover
        (n, m) booleans: every row with demand must have an open column of this matrix, the mandatory closeness of
        Church & ReVelle (1974). Not together with ``capacity``.
    time_limit_s, node_limit
        Seconds (infinite: none) and branch-and-bound nodes of the solver after which the best plan so far is returned.
        The search for prices before it takes a fixed number of rounds, no seconds.

    Raises
    ------
    InvalidInputError
        Naming the row or column that is not a number, negative, or of the wrong shape.
    """
    weights = checked_demand(demand)
    matrix = checked_covers(covers, len(weights))
    limits = checked_limits(
        matrix.shape[1], sites=sites, budget=budget, cost=cost, existing=existing, excluded=excluded,
        conflicts=conflicts, time_limit_s=time_limit_s, node_limit=node_limit,
    )  # fmt: skip
    floors = checked_groups(groups, least_share, weights)
    must = None if must_cover is None else checked_covers(must_cover, len(weights))[np.flatnonzero(weights > 0)]
    if capacity is None:
        return cover(weights, matrix, limits, floors, must)
    if must is not None:
        raise InvalidInputError(
            "must_cover and capacity cannot be asked for together.",
            "must_cover dan capacity tidak dapat diminta bersama.",
        )
    rooms = checked_per_column(capacity, limits.columns, "capacity", "kapasitas", finite=False)
    return cover_with_rooms(weights, matrix, limits, floors, rooms)


def p_median(
    demand: Any,
    distance: Any,
    *,
    sites: int,
    existing: Iterable[int] = (),
    excluded: Iterable[int] = (),
    capacity: Any = None,
    time_limit_s: float = 60.0,
    node_limit: int | None = None,
) -> SitingPlan:
    """Plan with exactly ``sites`` new columns and the least demand-weighted distance (ReVelle & Swain 1970).

    Where no row has demand no column is opened (remark ``no_demand``), as in `maximal_coverage`.
    ``distance`` is (n, m), 0 or more, infinite where a column cannot be reached; a row without demand costs nothing
    and goes to its nearest open column. The other parameters are those of `maximal_coverage`. The plan is infeasible
    when some row with demand can reach no open column, or the capacities cannot hold every row whole.
    """
    weights = checked_demand(demand)
    far = checked_distance(distance, len(weights))
    limits = checked_limits(
        far.shape[1], sites=sites, budget=None, cost=None, existing=existing, excluded=excluded, conflicts=(),
        time_limit_s=time_limit_s, node_limit=node_limit,
    )  # fmt: skip
    if limits.sites is None or limits.sites > len(limits.new):
        raise InvalidInputError(
            f"sites is {sites}, but only {len(limits.new)} columns are not standing yet or excluded.",
            f"sites bernilai {sites}, padahal hanya {len(limits.new)} kolom yang belum berdiri atau dikecualikan.",
        )
    if capacity is None:
        return median(weights, far, limits)
    rooms = checked_per_column(capacity, limits.columns, "capacity", "kapasitas", finite=False)
    return median_with_rooms(weights, far, limits, rooms)
