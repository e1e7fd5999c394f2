"""The scenarios of a workspace and what became of each: computed, changed since, or a file that cannot be read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from gisapp.errors import GisappError
from gisapp.targeting.runs import MANIFEST, Sealed, list_sealed
from gisapp.workspace.folder import Workspace
from gisapp.workspace.scenarios import Scenario, read_scenario, scenario_names


@dataclass(frozen=True, kw_only=True)
class ScenarioState:
    """One scenario: its file where there is a readable one, and the latest run of it.

    ``changed``: the file says something else now than when the run was made. ``problem``: why the file is refused.
    """

    name: str
    scenario: Scenario | None
    sealed: Sealed | None
    changed: bool = False
    problem: GisappError | None = None

    def as_dict(self) -> dict[str, Any]:
        """Values of ``gisapp scenario --json``."""
        file, run = self.scenario, self.sealed
        return {
            "name": self.name,
            "title": file.title if file else None,
            "source": file.source if file else None,
            "date": file.date if file else None,
            "run": run.run_id if run else None,
            "period": run.period if run else None,
            "created_at": run.created_at if run else None,
            "changed": self.changed,
            "problem": self.problem.en if self.problem else None,
            "problem_id": self.problem.id if self.problem else None,
        }


def scenario_states(workspace: Workspace) -> list[ScenarioState]:
    """Every scenario that has a file or a run, by name."""
    latest: dict[str, Sealed] = {}
    for sealed in list_sealed(workspace):
        if sealed.scenario is not None:
            latest.setdefault(sealed.scenario, sealed)
    files = scenario_names(workspace)
    return [_state(workspace, name, latest.get(name), has_file=name in files) for name in sorted({*files, *latest})]


def _state(workspace: Workspace, name: str, sealed: Sealed | None, *, has_file: bool) -> ScenarioState:
    if not has_file:
        return ScenarioState(name=name, scenario=None, sealed=sealed)
    try:
        scenario = read_scenario(workspace, name)
    except GisappError as error:
        return ScenarioState(name=name, scenario=None, sealed=sealed, problem=error)
    changed = sealed is not None and _asked(workspace, sealed) != _as_json([scenario.changes(), scenario.budget_idr])
    return ScenarioState(name=name, scenario=scenario, sealed=sealed, changed=changed)


def _asked(workspace: Workspace, sealed: Sealed) -> Any:
    """What the run was asked: the changes of its scenario, and its budget."""
    path = workspace.runs_folder / sealed.run_id / MANIFEST
    if not path.is_file():
        return None
    parameters = json.loads(path.read_text(encoding="utf-8")).get("parameters", {})
    return [parameters.get("scenario"), parameters.get("budget_idr")]


def _as_json(value: Any) -> Any:
    return json.loads(json.dumps(value))
