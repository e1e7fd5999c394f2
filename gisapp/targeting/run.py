"""One run from beginning to end: known already, or computed and sealed.

Light on purpose: an unchanged workspace is answered from the database without any numerical library.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from gisapp import __version__
from gisapp.errors import NotFoundError
from gisapp.progress import Progress, silent
from gisapp.registry.snapshots import SnapshotRef, latest_snapshot
from gisapp.store.hashing import sha256_json
from gisapp.targeting.inputs import Input, list_inputs, parameters_of
from gisapp.targeting.runs import baseline_before, find_sealed
from gisapp.workspace.folder import Workspace


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
        }


@dataclass(frozen=True, kw_only=True)
class RunRequest:
    """Everything that decides what a run computes; its hash is the run's name."""

    snapshot: SnapshotRef
    inputs: tuple[Input, ...]
    parameters: dict[str, Any]
    parent: str | None

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


def request_for(workspace: Workspace, *, period: str | None, budget_idr: float | None) -> RunRequest:
    """Collect what a run would use; raises NotFoundError where no household data have been taken in."""
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
        parameters=parameters_of(workspace.settings, budget_idr),
        parent=baseline_before(workspace, snapshot.period),
    )


def run(
    workspace: Workspace,
    *,
    period: str | None = None,
    budget_idr: float | None = None,
    progress: Progress = silent,
) -> RunSummary:
    """Return the sealed run for these inputs and parameters, computing it where it does not exist yet.

    Parameters
    ----------
    workspace : Workspace
    period : text, optional; the newest accepted snapshot of this period, else of the latest one.
    budget_idr : number >= 0, optional; what the suggestions of one kind may cost together.
    progress : told the step's name and how far it is.

    Raises
    ------
    NotFoundError : no household data, or no desa boundary.
    InvalidInputError : data that no honest answer can be computed from.
    """
    began = time.monotonic()
    request = request_for(workspace, period=period, budget_idr=budget_idr)
    sealed = find_sealed(workspace, request.run_id)
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
    )
