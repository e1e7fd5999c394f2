"""One run from beginning to end: known already, or computed and sealed.

Light on purpose: an unchanged workspace is answered from the database without any numerical library.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from gisapp.errors import InvalidParameterError
from gisapp.progress import Progress, silent
from gisapp.targeting.request import request_for
from gisapp.targeting.runs import find_sealed
from gisapp.workspace.folder import Workspace
from gisapp.workspace.scenarios import Scenario, read_scenario, with_scenario


@dataclass(frozen=True, kw_only=True)
class RunSummary:
    """What the caller is told about a run."""

    run_id: str
    cached: bool
    pockets: int
    interventions: int
    warnings: dict[str, int]
    seconds: float
    path: str
    period: str
    scenario: str | None = None
    budget_idr: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Values of ``gisapp run --json``."""
        return {
            "run": self.run_id,
            "cached": self.cached,
            "pockets": self.pockets,
            "interventions": self.interventions,
            "warnings": self.warnings,
            "seconds": round(self.seconds, 3),
            "path": self.path,
            "period": self.period,
            "scenario": self.scenario,
            "budget_idr": self.budget_idr,
        }


def run(
    workspace: Workspace,
    *,
    period: str | None = None,
    budget_idr: float | None = None,
    scenario: str | None = None,
    progress: Progress = silent,
) -> RunSummary:
    """Return the sealed run for these inputs and parameters, computing it where it does not exist yet.

    Parameters
    ----------
    workspace : Workspace
    period : text, optional; the newest accepted snapshot of this period, else of the latest one.
    budget_idr : number >= 0, optional; what the suggestions of strategies 2 to 5 may cost together.
    scenario : name of a scenario of the workspace, optional; it brings its own budget, and never becomes the baseline.
    progress : told the step's name and how far it is.

    Raises
    ------
    NotFoundError : no household data, no desa boundary, or no such scenario.
    ConfigurationError : the file of the scenario has a wrong key or value.
    InvalidInputError : data that no honest answer can be computed from.
    """
    began = time.monotonic()
    if scenario is not None:
        workspace, found = _changed(workspace, scenario, budget_idr)
        request = request_for(workspace, period=period, budget_idr=found.budget_idr, scenario=found)
    else:
        request = request_for(workspace, period=period, budget_idr=budget_idr)
    sealed = find_sealed(workspace, request.run_id, scenario)
    cached = sealed is not None
    if sealed is None:
        from gisapp.targeting.pipeline import compute_and_seal

        sealed = compute_and_seal(workspace, request, progress)
    return RunSummary(
        run_id=sealed.run_id,
        cached=cached,
        pockets=sealed.pockets,
        interventions=sealed.interventions,
        warnings=sealed.warnings,
        seconds=time.monotonic() - began,
        path=str(workspace.runs_folder / sealed.run_id),
        period=request.snapshot.period,
        scenario=scenario,
        budget_idr=request.parameters["budget_idr"],
    )


def _changed(workspace: Workspace, name: str, budget_idr: float | None) -> tuple[Workspace, Scenario]:
    """Return the workspace as a scenario has it, and the scenario."""
    if budget_idr is not None:
        raise InvalidParameterError(
            f"The budget of a scenario stands in its file ({name}.toml): leave --budget out.",
            f"Anggaran skenario tertulis di berkasnya ({name}.toml): jangan pakai --budget.",
        )
    found = read_scenario(workspace, name)
    return with_scenario(workspace, found), found
