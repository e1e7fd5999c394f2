"""What is asked of a run: everything that decides what it computes, and the name that follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gisapp import __version__
from gisapp.errors import NotFoundError
from gisapp.registry.snapshots import SnapshotRef, latest_snapshot
from gisapp.store.hashing import sha256_json
from gisapp.targeting.inputs import Input, list_inputs, parameters_of
from gisapp.targeting.runs import baseline_before
from gisapp.workspace.folder import Workspace
from gisapp.workspace.scenarios import Scenario


@dataclass(frozen=True, kw_only=True)
class RunRequest:
    """Everything that decides what a run computes; its hash is the run's name."""

    snapshot: SnapshotRef
    inputs: tuple[Input, ...]
    parameters: dict[str, Any]
    parent: str | None
    scenario: Scenario | None = None

    @property
    def run_id(self) -> str:
        """First 12 hexadecimal digits of the hash of inputs, parameters, parent and version."""
        named = {
            "inputs": [entry.identity() for entry in self.inputs],
            "parameters": self.parameters,
            "parent": self.parent,
            "version": __version__,
        }
        return sha256_json(named)[:12]


def request_for(
    workspace: Workspace, *, period: str | None, budget_idr: float | None, scenario: Scenario | None = None
) -> RunRequest:
    """Collect what a run would use; raises NotFoundError where no household data have been taken in.

    With a scenario ``workspace`` is the one that ``with_scenario`` makes. Its pockets follow the same parent as the
    baseline's: a scenario is nobody's parent.
    """
    snapshot = latest_snapshot(workspace, period)
    if snapshot is None:
        which = f" untuk periode {period}" if period else ""
        raise NotFoundError(
            f"No household data{f' for period {period}' if period else ''} in {workspace.root}: "
            "run `gisapp ingest FILE --period P` first.",
            f"Belum ada data keluarga{which} di {workspace.root}: jalankan `gisapp ingest BERKAS --period P` dahulu.",
            code="no_snapshot",
        )
    return RunRequest(
        snapshot=snapshot,
        inputs=list_inputs(workspace, snapshot),
        parameters=parameters_of(workspace.settings, budget_idr, scenario),
        parent=baseline_before(workspace, snapshot.period),
        scenario=scenario,
    )
