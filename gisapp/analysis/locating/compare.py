"""A greedy, a p-median and an exact plan of one question side by side, measured by the same yardstick."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from gisapp.analysis.checks import as_number
from gisapp.analysis.locating.coverage import question_of
from gisapp.analysis.locating.coverage_search import greedy
from gisapp.analysis.locating.inputs import checked_covers, checked_demand, checked_distance
from gisapp.analysis.locating.limits import checked_limits
from gisapp.analysis.locating.plan import Floats, Ints, gap_between, touched
from gisapp.analysis.siting import maximal_coverage, p_median
from gisapp.errors import InvalidInputError


def compare_plans(
    demand: Any,
    distance: Any,
    *,
    standard: float,
    sites: int,
    existing: Iterable[int] = (),
    excluded: Iterable[int] = (),
    time_limit_s: float = 60.0,
    node_limit: int | None = None,
) -> pd.DataFrame:
    """Greedy, p-median and exact maximal coverage of the same families, candidates and number of sites.

    ``distance`` is (n, m), 0 or more, infinite where a column cannot be reached; a row counts as covered within
    ``standard`` (inclusive). The other parameters are those of `siting.maximal_coverage`.

    Returns
    -------
    DataFrame
        One row per ``method`` (greedy, p_median, exact): ``objective`` (demand within the standard), ``bound`` (what no
        plan can pass, the same for all), ``gap``, ``status``, ``sites`` (columns, ascending), ``mean_distance`` (of
        the demand that reaches an open column). A p-median that cannot exist is ``infeasible`` without numbers.
    """
    weights = checked_demand(demand)
    far = checked_distance(distance, len(weights))
    if not as_number(standard) >= 0:
        raise InvalidInputError(
            f"standard is {standard}: give a distance of 0 or more.",
            f"standard bernilai {standard}: isi jarak 0 atau lebih.",
        )
    limits = checked_limits(
        far.shape[1], sites=sites, budget=None, cost=None, existing=existing, excluded=excluded, conflicts=(),
        time_limit_s=time_limit_s, node_limit=node_limit,
    )  # fmt: skip
    covers = checked_covers(far <= standard, len(weights))
    shared: dict[str, Any] = {
        "sites": sites, "existing": limits.standing, "excluded": limits.excluded,
        "time_limit_s": time_limit_s, "node_limit": node_limit,
    }  # fmt: skip
    exact = maximal_coverage(weights, covers, **shared)
    central = p_median(weights, far, **shared)
    quick = limits.new[greedy(question_of(weights, covers, limits, None, None))]
    rows = [
        _row("greedy", quick, "heuristic", weights, far, covers, limits.standing, exact.bound),
        _row("p_median", np.array(central.selected, dtype=np.intp), central.status, weights, far, covers,
             limits.standing, exact.bound),
        _row("exact", np.array(exact.selected, dtype=np.intp), exact.status, weights, far, covers,
             limits.standing, exact.bound),
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _row(
    method: str, new: Ints, status: str, weights: Floats, far: Floats, covers: Any, standing: Ints, bound: float
) -> dict[str, Any]:
    columns = np.union1d(new, standing)
    objective = float(weights[touched(covers, columns)].sum()) if status != "infeasible" else float("nan")
    near = far[:, columns].min(axis=1, initial=np.inf)
    served = np.isfinite(near) & (weights > 0) & (status != "infeasible")
    return {
        "method": method,
        "objective": objective,
        "bound": bound,
        "gap": gap_between(objective, bound) if status != "infeasible" else float("nan"),
        "status": status,
        "sites": tuple(int(column) for column in new),
        "mean_distance": float(np.average(near[served], weights=weights[served])) if served.any() else float("nan"),
    }
