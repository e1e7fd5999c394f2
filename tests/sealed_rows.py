"""A sealed run as its row and its folder say it, for tests that publish and compute nothing."""

from __future__ import annotations

from datetime import UTC, datetime

from gisapp.store.database import session
from gisapp.targeting.runs import MANIFEST
from gisapp.targeting.tables import RunRow
from gisapp.workspace.folder import Workspace


def seal_row(workspace: Workspace, run_id: str, *, period: str = "2025-1", scenario: str | None = None) -> None:
    """Add the row of a run of a period, and the folder that it names."""
    folder = workspace.runs_folder / run_id
    folder.mkdir()
    (folder / MANIFEST).write_text("{}", encoding="utf-8")
    now = datetime.now(UTC)
    with session(workspace.database) as database:
        database.add(
            RunRow(
                run_id=run_id, period=period, snapshot="h", parent=None, scenario=scenario, created_at=now,
                asked_at=now, input_hash="x", path=f"runs/{run_id}", pockets=2, interventions=3, warnings="{}",
            )
        )  # fmt: skip
