"""What a run is made from: every input with its hash, and every parameter; stdlib only."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from gisapp.registry.snapshots import SnapshotRef
from gisapp.store.hashing import sha256_file
from gisapp.workspace.folder import Workspace
from gisapp.workspace.scenarios import Scenario
from gisapp.workspace.settings import WorkspaceSettings


@dataclass(frozen=True, kw_only=True)
class Input:
    """One file that a run reads."""

    name: str
    role: str
    sha256: str
    source: str
    date: str
    licence: str

    def identity(self) -> list[str]:
        """What of it decides the run's name: the role, the name and the bytes."""
        return [self.role, self.name, self.sha256]

    def as_dict(self) -> dict[str, str]:
        """Return the entry for the manifest."""
        return asdict(self)


def list_inputs(workspace: Workspace, snapshot: SnapshotRef) -> tuple[Input, ...]:
    """Every layer of the workspace (declaration and data) and the household snapshot, sorted by name."""
    found = [
        Input(
            name=f"{snapshot.period}", role="registry", sha256=snapshot.hash, source=snapshot.source,
            date=snapshot.period, licence="",
        )
    ]  # fmt: skip
    for name, spec in sorted(workspace.catalog.layers.items()):
        declared = sha256_file(spec.file) if spec.file else ""
        data = sha256_file(spec.data_path) if spec.data_path else ""
        found.append(
            Input(
                name=name, role=spec.role, sha256=f"{declared}{data}", source=spec.source or "",
                date=spec.date or "", licence=spec.licence or "",
            )
        )  # fmt: skip
    return tuple(found)


#: Settings that say how data are kept, what is printed on papers and how runs are compared; they change no result.
_HOUSEKEEPING = ("quarantine_retention_days", "training", "site_match_m")


def parameters_of(
    settings: WorkspaceSettings, budget_idr: float | None, scenario: Scenario | None = None
) -> dict[str, Any]:
    """Every threshold of gisapp.toml that can change a result with its source and date, and what the caller asked.

    With a scenario ``settings`` are those that it makes, and ``scenario`` holds what it changes: even one that changes
    nothing has another run than the baseline, so that neither can be taken for the other.
    """
    values = asdict(settings)
    for name in _HOUSEKEEPING:
        del values[name]
        values["sources"].pop(name, None)
    asked = {**values, "budget_idr": budget_idr}
    return asked if scenario is None else {**asked, "scenario": scenario.changes()}
