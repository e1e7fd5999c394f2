"""Plans and their comparison as they may be seen: counts of families in steps, small ones withheld.

A budget can be moved and scenarios be laid beside each other in many ways, so that two totals could be subtracted. So
every count of families here is told in steps of k, and one below k not at all: no difference of two of them is exact.
Suggestions that the collection withholds are in no plan, and thus in no total.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from gisapp.analysis.locating.fairness import Fairness, between_groups
from gisapp.release.collections import disclosed, smallest_count
from gisapp.targeting.plans import Plan, PlanBasis, plan_basis
from gisapp.targeting.plans_compare import compare_families, compare_sites, poor_reached
from gisapp.targeting.runs import Run


def shown_plans(workspace: Any, run: Run) -> PlanBasis:
    """Return the suggestions of a run that staff may see, as something that a budget can buy."""
    frame = disclosed(workspace, run, "interventions").frame
    return plan_basis(run, shown=frame.loc[frame["status"].eq("present"), "intervention_id"].astype(str))


def told(count: int, k: int) -> int | None:
    """A count of families in steps of k: 0 as it is, None below k, else the nearest multiple of k.

    >>> [told(count, 5) for count in (0, 4, 5, 7, 8)]
    [0, None, 5, 5, 10]
    """
    if 0 < count < k:
        return None
    return (2 * count + k) // (2 * k) * k


def plan_figures(basis: PlanBasis, plan: Plan, k: int) -> dict[str, Any]:
    """What is told of one plan: suggestions, rupiah with its sources, families and poor families reached once each."""
    families = basis.of_rows(plan.rows)
    return {
        "run": basis.run_id,
        "budget_idr": basis.budget_idr,
        "suggestions": len(plan.rows),
        "cost_idr": plan.cost_idr,
        "cost_sources": sorted(set(basis.suggestions["cost_source"].iloc[list(plan.rows)].dropna().astype(str))),
        "families": told(len(families), k),
        "poor_families": told(int(families["poor"].sum()), k),
        "poor_deciles": list(basis.poor_deciles),
        "withheld": basis.left_out,
    }


def by_kecamatan(workspace: Any, run: Run, basis: PlanBasis, plan: Plan) -> pd.DataFrame:
    """Poor families that a plan reaches in each kecamatan, as they may be seen.

    Returns
    -------
    ``code``, ``name``, ``poor_families`` (registered, NA where withheld), ``reached``, ``share`` (0..1; of those
    registered) and ``status``. Withheld where the kecamatan is, where 1 to k - 1 are reached, and where fewer than k
    are not: a share of all says of each one what it lacks. Where none is reached the share is 0.
    """
    k = smallest_count(workspace, "staff")
    areas = disclosed(workspace, run, "areas").frame
    mine = areas[areas["level"].eq("kecamatan")].sort_values("code", ignore_index=True)
    reached = poor_reached(basis, plan.rows).reindex(mine["code"].astype(str)).fillna(0).to_numpy(dtype=float)
    poor = mine["poor_families"].astype("float64").to_numpy()
    hidden = mine["status"].ne("present").to_numpy() | ((reached > 0) & ((reached < k) | (poor - reached < k)))
    rounded = np.array([told(int(count), k) or 0 for count in reached], dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(poor > 0, np.minimum(rounded, poor) / poor, np.nan)
    return pd.DataFrame(
        {
            "code": mine["code"].astype(str),
            "name": mine["name"].astype(str),
            "poor_families": poor,
            "reached": np.where(hidden, np.nan, rounded),
            "share": np.where(hidden, np.nan, share),
            "status": np.where(hidden, "suppressed", np.where(poor > 0, "present", "no_data")),
        }
    )


def fairness(table: pd.DataFrame) -> tuple[Fairness, int]:
    """Fairness between the kecamatan that are shown, and how many are left out because they are withheld."""
    shown = table[table["status"].eq("present")]
    reached = np.minimum(shown["reached"].to_numpy(), shown["poor_families"].to_numpy())
    hidden = int(table["status"].eq("suppressed").sum())
    if shown.empty:
        return between_groups([0.0], [0.0]), hidden
    return between_groups(reached, shown["poor_families"].to_numpy()), hidden


def compared(workspace: Any, before: Run, after: Run) -> dict[str, Any]:
    """Two sealed plans side by side, JSON-ready: the same figures for the page and for ``gisapp runs diff``.

    ``plans``: figures of each. ``sites``: pairs in both (with metres), ids in one alone. ``families``: ``both``,
    ``gained``, ``lost`` (None where below k); None where the runs are of two snapshots. ``kecamatan``: per code the
    poor families reached and their share in each plan. ``fairness``: of each plan, between the kecamatan shown.
    Raises NotFoundError (code no_reached) for a run of an earlier gisapp.
    """
    k, within_m = smallest_count(workspace, "staff"), float(workspace.settings.site_match_m)
    runs = (before, after)
    bases = [shown_plans(workspace, run) for run in runs]
    sites = compare_sites(bases[0], bases[1], within_m=within_m)
    families = compare_families(bases[0], bases[1])
    tables = [by_kecamatan(workspace, run, basis, basis.sealed) for run, basis in zip(runs, bases, strict=True)]
    return {
        "k": k,
        "within_m": within_m,
        "same_snapshot": families is not None,
        "plans": [plan_figures(basis, basis.sealed, k) for basis in bases],
        "sites": {
            "shared": [[one, two, round(metres)] for one, two, metres in sites.shared],
            "only_before": list(sites.only_before),
            "only_after": list(sites.only_after),
        },
        "families": None if families is None else {name: told(count, k) for name, count in vars(families).items()},
        "kecamatan": _side_by_side(*tables),
        "fairness": [_fair(table) for table in tables],
    }


def _side_by_side(before: pd.DataFrame, after: pd.DataFrame) -> list[dict[str, Any]]:
    names = dict(zip(before["code"], before["name"], strict=True)) | dict(
        zip(after["code"], after["name"], strict=True)
    )
    tables = [table.set_index("code").reindex(sorted(names)) for table in (before, after)]
    return [
        {
            "code": code,
            "name": names[code],
            **{column: [_count(table.at[code, column]) for table in tables] for column in ("poor_families", "reached")},
            "share": [plain(table.at[code, "share"]) for table in tables],
            "status": [str(table.at[code, "status"]) for table in tables],
        }
        for code in sorted(names)
    ]


def _fair(table: pd.DataFrame) -> dict[str, Any]:
    found, hidden = fairness(table)
    figures = {name: plain(value) for name, value in vars(found).items() if name != "groups"}
    return {"groups": found.groups, "withheld": hidden, **figures}


def plain(value: Any) -> float | None:
    """A number for JSON; None where it is not known."""
    return None if pd.isna(value) else round(float(value), 6)


def _count(value: Any) -> int | None:
    return None if pd.isna(value) else round(float(value))
