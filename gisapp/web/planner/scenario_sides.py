"""The runs that can be set side by side: the one that is served, and the latest run of each scenario."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import pandas as pd

from gisapp.errors import NotFoundError
from gisapp.release.plans import by_kecamatan, compared, plan_figures, shown_plans
from gisapp.targeting.plans import Plan, PlanBasis
from gisapp.targeting.runs import load_run
from gisapp.targeting.scenarios import scenario_states
from gisapp.web.planner import suggestions
from gisapp.web.source import District
from gisapp.web.texts import Texts


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One run that may be chosen: its id, its name on the page, and whether its file says something else now."""

    run_id: str
    title: str
    scenario: str | None = None
    changed: bool = False


@dataclass(kw_only=True, eq=False)
class Side:
    """One run with what its suggestions buy, read once."""

    district: District
    basis: PlanBasis

    @cached_property
    def kecamatan(self) -> pd.DataFrame:
        """Poor families that the sealed plan reaches in each kecamatan."""
        run: Any = self.district.run
        return by_kecamatan(self.district.workspace, run, self.basis, self.basis.sealed)

    def figures(self, plan: Plan) -> dict[str, Any]:
        """What is told of a plan of this run."""
        return plan_figures(self.basis, plan, self.k)

    @property
    def k(self) -> int:
        """Smallest number of families that is told."""
        return self.district.released("interventions").k

    def rows(self, t: Texts) -> dict[str, dict[str, Any]]:
        """Suggestions that a budget can buy, as the pages write them, by id."""
        pockets = self.district.released("pockets").frame
        labels = dict(zip(pockets["pocket_id"], pockets["label"], strict=True))
        mine = set(self.basis.suggestions["intervention_id"].astype(str))
        found = suggestions.rows(self.district.released("interventions").frame, t, labels)
        return {row["intervention_id"]: row for row in found if row["intervention_id"] in mine}


def choices(found: District, t: Texts) -> list[Choice]:
    """The served run first, then the scenarios that were computed, by name."""
    offered = [Choice(run_id=found.run.run_id, title=t("scenario_baseline", period=found.period))]
    for state in scenario_states(found.workspace):
        if state.sealed is None:
            continue
        title = state.scenario.title if state.scenario else state.name
        offered.append(
            Choice(
                run_id=state.sealed.run_id, title=f"{title} ({state.sealed.period})", scenario=state.name,
                changed=state.changed,
            )
        )  # fmt: skip
    return offered


def chosen(offered: list[Choice], asked: str | None, *, otherwise: int) -> Choice:
    """The choice of an address, by the id of its run; NotFoundError for one that is not offered."""
    if not asked:
        return offered[min(otherwise, len(offered) - 1)]
    found = next((one for one in offered if one.run_id == asked), None)
    if found is None:
        raise NotFoundError(
            f"No run {asked[:40]!r} to compare here: choose one of the list.",
            f"Tidak ada hasil {asked[:40]!r} untuk dibandingkan di sini: pilih dari daftar.",
        )
    return found


@lru_cache(maxsize=8)
def side_of(served: District, run_id: str) -> Side:
    """The side of a run; NotFoundError (code no_reached) where the run does not keep whom it reaches."""
    district = served
    if run_id != served.run.run_id:
        district = District(served.workspace, load_run(served.workspace, run_id))
    return Side(district=district, basis=shown_plans(district.workspace, district.run))


@lru_cache(maxsize=16)
def comparison_of(served: District, before: str, after: str) -> dict[str, Any]:
    """Both sealed plans side by side, kept for as long as this run is served."""
    sides = side_of(served, before), side_of(served, after)
    return compared(served.workspace, sides[0].district.run, sides[1].district.run)
