"""What a run's suggestions buy: the plan that was sealed, and the one that another budget would buy."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.analysis.interventions import BUDGETED
from gisapp.analysis.siting import maximal_coverage
from gisapp.errors import InvalidParameterError
from gisapp.targeting.runs import Run

Ints = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]

#: Somebody waits: after so many seconds the best plan so far is told, with its proven bound.
PATIENCE_S = 0.5


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Suggestions of a basis (row positions), the families reached once each, rupiah, and what no plan can pass."""

    rows: tuple[int, ...]
    families: int
    cost_idr: float
    bound: float
    status: str


@dataclass(frozen=True, kw_only=True, eq=False)
class PlanBasis:
    """Suggestions of one run that a budget can buy, and whom each reaches.

    ``suggestions`` are rows of the run's interventions, numbered from 0; ``reached`` has ``row`` (of a suggestion),
    ``family``, ``kecamatan_code`` and ``poor`` (of ``poor_deciles``). ``left_out`` counts those that may not be shown.
    """

    run_id: str
    snapshot: str
    crs: str
    budget_idr: float | None
    suggestions: gpd.GeoDataFrame
    reached: pd.DataFrame
    left_out: int = 0
    poor_deciles: tuple[int, ...] = ()

    @cached_property
    def cost_idr(self) -> Floats:
        """Rupiah of each suggestion."""
        rupiah: Floats = self.suggestions["cost_idr"].to_numpy(dtype=np.float64)
        return rupiah

    @cached_property
    def profiles(self) -> tuple[npt.NDArray[np.bool_], Floats]:
        """Families that the same suggestions reach, as one row, and how many families each row stands for."""
        rows, place = np.unique(self.reached["family"].to_numpy(), return_inverse=True)
        covers = np.zeros((len(rows), len(self.suggestions)), dtype=bool)
        covers[place, self.reached["row"].to_numpy()] = True
        if not covers.size:
            return covers, np.zeros(len(rows))
        _, first, count = np.unique(np.packbits(covers, axis=1), axis=0, return_index=True, return_counts=True)
        return covers[first], count.astype(float)

    @cached_property
    def sealed(self) -> Plan:
        """The plan of the run: what its own budget buys; without a budget, all that one could buy."""
        rows = np.arange(len(self.suggestions))
        if self.budget_idr is not None:
            rows = np.flatnonzero(self.suggestions["in_budget"].fillna(False).to_numpy(dtype=bool))
        families = self.count(rows)
        return Plan(rows=_whole(rows), families=families, cost_idr=self._cost(rows), bound=families, status="sealed")

    def count(self, rows: Any) -> int:
        """Families that any of these suggestions reaches, each once."""
        return int(self.of_rows(rows)["family"].nunique())

    def of_rows(self, rows: Any) -> pd.DataFrame:
        """Families that any of these suggestions reaches, one row each: ``family``, ``kecamatan_code``, ``poor``."""
        mine = self.reached[self.reached["row"].isin(list(rows))]
        return mine.drop(columns="row").drop_duplicates("family").sort_values("family", ignore_index=True)

    def buy(self, budget_idr: float) -> Plan:
        """Return the plan that reaches most families, each counted once, for at most this many rupiah.

        Exact unless it takes longer than ``PATIENCE_S``; then ``status`` is feasible and ``bound`` what none can pass.
        Raises InvalidParameterError for a budget that is negative or no number.
        """
        if not 0 <= budget_idr < float("inf"):
            raise InvalidParameterError(
                f"budget_idr is {budget_idr}: give rupiah, 0 or more.",
                f"budget_idr bernilai {budget_idr}: isi rupiah, 0 atau lebih.",
            )
        covers, families = self.profiles
        if not covers.size:
            return Plan(rows=(), families=0, cost_idr=0.0, bound=0.0, status="optimal")
        found = maximal_coverage(
            families, covers, budget=budget_idr, cost=self.cost_idr, time_limit_s=PATIENCE_S
        )  # fmt: skip
        return Plan(
            rows=found.selected, families=round(found.objective), cost_idr=self._cost(found.selected),
            bound=found.bound, status=found.status,
        )  # fmt: skip

    def _cost(self, rows: Any) -> float:
        return float(self.cost_idr[np.asarray(rows, dtype=np.intp)].sum())


def plan_basis(run: Run, *, shown: Collection[str]) -> PlanBasis:
    """Return what a budget can buy of a run: strategies 2 to 5, not answered by funded works, known family by family.

    ``shown`` are the ids of the suggestions whose figures may be seen; the others are bought by no plan here, so that
    no total tells of them. Raises NotFoundError (code no_reached) for a run of an earlier gisapp.
    """
    reached, frame = run.reached(), run.collection("interventions")
    count = reached.groupby("intervention_id").size().reindex(frame["intervention_id"]).fillna(0).to_numpy()
    known = count == frame["families"].fillna(-1).to_numpy(dtype=float)
    answered = frame["pre_empted"].fillna(False).to_numpy(dtype=bool)
    buyable = frame["strategy"].isin(BUDGETED).to_numpy(dtype=bool) & known & ~answered
    seen = frame["intervention_id"].isin(set(shown)).to_numpy()
    mine = frame[buyable & seen].reset_index(drop=True)
    row_of = pd.Series(range(len(mine)), index=mine["intervention_id"])
    rows = reached["intervention_id"].map(row_of)
    table = reached.drop(columns="intervention_id").assign(row=rows)[rows.notna()]
    manifest = run.manifest
    parameters = manifest.get("parameters", {})
    return PlanBasis(
        run_id=run.run_id,
        snapshot=str(manifest.get("snapshot", "")),
        crs=str(manifest["crs"]),
        budget_idr=parameters.get("budget_idr"),
        poor_deciles=tuple(parameters.get("poor_deciles", ())),
        suggestions=mine,
        reached=table.astype({"row": "int64"}).reset_index(drop=True),
        left_out=int((buyable & ~seen).sum()),
    )


def _whole(rows: Any) -> tuple[int, ...]:
    return tuple(int(row) for row in rows)
