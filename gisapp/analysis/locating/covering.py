"""Nobody beyond the standard: the cheapest sites that serve every family which any site can serve."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from gisapp.analysis.locating import remarks as siting_remarks
from gisapp.analysis.locating.coverage import no_plan_found, noticed
from gisapp.analysis.locating.coverage_model import Question
from gisapp.analysis.locating.coverage_search import cheapest_columns
from gisapp.analysis.locating.inputs import checked_covers
from gisapp.analysis.locating.limits import Limits, checked_limits
from gisapp.analysis.locating.plan import Ints, SitingPlan, first_column, impossible_plan, siting_plan, touched
from gisapp.analysis.locating.reduction import pairs_among


def set_covering(
    covers: Any,
    *,
    cost: Any = None,
    existing: Iterable[int] = (),
    excluded: Iterable[int] = (),
    conflicts: Any = (),
    time_limit_s: float = 60.0,
    node_limit: int | None = None,
) -> SitingPlan:
    """Plan of least cost in which every row has an open column (Toregas, Swain, ReVelle & Bergman 1971).

    Parameters
    ----------
    covers
        (n, m) booleans, dense or sparse: the column would serve the row.
    cost
        Cost of each column, 0 or more; without it the number of new columns is least.
    existing, excluded, conflicts, time_limit_s, node_limit
        As in `siting.maximal_coverage`.

    Returns
    -------
    SitingPlan
        ``objective`` is the cost (or number) of the new columns. Rows that no allowed column covers are listed in
        ``unreachable`` and the others solved. ``infeasible``: rivals leave no way to cover the rest.

    Raises
    ------
    InvalidInputError
        Naming the row or column that is not a number, negative, or of the wrong shape.
    """
    matrix = checked_covers(covers, None)
    rows, columns = matrix.shape
    limits = checked_limits(
        columns, sites=None, budget=None, cost=1.0 if cost is None else cost, existing=existing, excluded=excluded,
        conflicts=conflicts, time_limit_s=time_limit_s, node_limit=node_limit, unlimited=True,
    )  # fmt: skip
    remarks, lost = noticed(np.ones(rows), matrix, limits)
    chosen, bound, status = serve_all(matrix, limits, limits.price)
    if chosen is None:
        if status != "infeasible":
            raise no_plan_found()
        return impossible_plan(rows, unreachable=lost, remarks=(*remarks, siting_remarks.needs_more("sites", None)))
    assigned = first_column(matrix, np.union1d(limits.standing, chosen))
    total = float(limits.price[chosen].sum())
    return siting_plan(chosen, assigned, total, min(max(bound, 0.0), total), status, unreachable=lost, remarks=remarks)


def serve_all(matrix: Any, limits: Limits, price: Any) -> tuple[Ints | None, float, str]:
    """Return the cheapest new columns that serve each row which a new one can serve, the bound and the status."""
    new = limits.new
    open_rows = np.flatnonzero(~touched(matrix, limits.standing) & touched(matrix, new))
    must = matrix[open_rows][:, new]
    question = Question(
        demand=np.zeros(0),
        covers=must[:0],
        cost=price[new],
        sites=None,
        budget=None,
        conflicts=pairs_among(limits.conflicts, new, limits.columns),
        must=must,
    )
    chosen, answer = cheapest_columns(question, time_limit_s=limits.time_limit_s, node_limit=limits.node_limit)
    return (None if chosen is None else new[chosen]), answer.bound, answer.status
