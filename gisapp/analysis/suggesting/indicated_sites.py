"""New sites for the families of one pocket who lack one service: exact maximal coverage among given candidates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.spatial import cKDTree

from gisapp.analysis.siting import SitingPlan, maximal_coverage
from gisapp.analysis.suggesting.reasons import number_id

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

#: Branch-and-bound nodes that one plan may take: the same end on every machine, unlike seconds.
NODE_LIMIT = 2_000


@dataclass(frozen=True, kw_only=True)
class IndicatedSites:
    """Chosen candidates (rows), the site of each family (-1: none; nearest of the chosen), and the plan."""

    candidates: Ints
    site_of_family: Ints
    plan: SitingPlan

    @property
    def words(self) -> str:
        """Status, objective, bound and gap of the plan, in Indonesian."""
        objective, bound = number_id(self.plan.objective), number_id(np.floor(self.plan.bound + 1e-6))
        asked = number_id(len(self.site_of_family))
        gap = number_id(100 * self.plan.gap, 1).removesuffix(",0")
        word = {"optimal": "optimal", "feasible": "belum terbukti optimal"}[self.plan.status]
        return f"{word}: {objective} dari {asked} keluarga; batas {bound}; selisih {gap} %"


def indicate_sites(
    families: Floats, candidates: Floats, *, reach_m: float, sites: int, minimum: int
) -> IndicatedSites | None:
    """Choose at most ``sites`` candidates, each reaching ``minimum`` families of its own; None where none can.

    ``families`` and ``candidates`` are (n, 2) positions in metres; a family is reached within ``reach_m`` (straight
    line). Fewer sites are tried until every one has enough families.
    """
    if not len(families) or not len(candidates):
        return None
    near = cKDTree(families).query_ball_point(candidates, reach_m, return_sorted=True)
    size = np.array([len(rows) for rows in near], dtype=np.intp)
    rows = np.concatenate([np.asarray(rows, dtype=np.intp) for rows in near])
    columns = np.repeat(np.arange(len(candidates)), size)
    covers = sparse.csr_array((np.ones(len(rows), dtype=bool), (rows, columns)), shape=(len(families), len(candidates)))
    for count in range(sites, 0, -1):
        plan = maximal_coverage(
            np.ones(len(families)), covers, sites=count, time_limit_s=float("inf"), node_limit=NODE_LIMIT
        )
        chosen = np.array(plan.selected, dtype=np.intp)
        if not len(chosen):
            return None
        nearest = cKDTree(candidates[chosen]).query(families)[1]
        site = np.where(plan.assigned >= 0, nearest, -1)
        if (np.bincount(site[site >= 0], minlength=len(chosen)) >= minimum).all():
            return IndicatedSites(candidates=chosen, site_of_family=site, plan=plan)
    return None
