"""Sealed runs: which there are, and what is in one. Nothing heavy is imported until a frame is asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gisapp.columns import ID_COLUMNS
from gisapp.errors import NotFoundError, WorkspaceError
from gisapp.registry.tombstones import erased_sources, source_erased
from gisapp.store.database import session
from gisapp.targeting.tables import RunRow
from gisapp.workspace.folder import Workspace

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

MANIFEST = "manifest.json"
#: Counts by pattern of deprivations: internal to the run, not a collection.
PATTERNS = "patterns.parquet"
#: Which families each suggestion reaches: internal to the run as well.
REACHED = "reached.parquet"


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """The facts of a sealed run that its database row keeps; ``scenario`` is None for a baseline."""

    run_id: str
    period: str
    pockets: int
    interventions: int
    warnings: dict[str, int]
    created_at: str
    snapshot: str = ""
    scenario: str | None = None


@dataclass(frozen=True, kw_only=True)
class Run:
    """A sealed run: its manifest and its collections, read where they are asked for.

    ``source_erased``: a family was erased since from the snapshot that it was made from. Its figures stay as they were,
    and its manifest says so under ``registry.erased``.
    """

    run_id: str
    folder: Path
    source_erased: bool = False

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What went in and how it was computed."""
        document: dict[str, Any] = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
        if self.source_erased:
            document.setdefault("registry", {})["erased"] = True
        return document

    def collection(self, name: str) -> gpd.GeoDataFrame:
        """One collection of ``columns.COLLECTIONS``, EPSG:4326, before any disclosure control."""
        if name not in ID_COLUMNS:
            known = ", ".join(ID_COLUMNS)
            raise NotFoundError(f"No collection {name!r}: {known}.", f"Tidak ada koleksi {name!r}: {known}.")
        return self._frame(f"{name}.parquet")

    def context(self, name: str) -> gpd.GeoDataFrame:
        """What a map shows around the pockets: ``facilities``, ``lines``, ``polygons`` (EPSG:4326)."""
        return self._frame(f"context/{name}.parquet")

    def patterns(self) -> pd.DataFrame:
        """Families by area, decile and pattern (``targeting.patterns``): for counting anew, never for leaving.

        NotFoundError (code no_patterns) for a run that was made before runs kept them.
        """
        import pandas as pd

        path = self.folder / PATTERNS
        if not path.is_file():
            raise NotFoundError(
                "This run keeps no counts to try thresholds on: an earlier gisapp made it. Run `gisapp run` again.",
                "Hasil ini belum menyimpan hitungan untuk mencoba ambang: dibuat oleh gisapp versi lama. "
                "Jalankan lagi `gisapp run`.",
                code="no_patterns",
            )
        return pd.read_parquet(path)

    def reached(self) -> pd.DataFrame:
        """Families that each suggestion reaches (``targeting.reached``): for counting each once, never for leaving.

        NotFoundError (code no_reached) for a run that was made before runs kept them.
        """
        import pandas as pd

        path = self.folder / REACHED
        if not path.is_file():
            raise NotFoundError(
                f"The run {self.run_id} does not keep whom its suggestions reach: an earlier gisapp made it. Run "
                "`gisapp run` again.",
                f"Hasil {self.run_id} belum menyimpan siapa yang dijangkau usulannya: dibuat oleh gisapp versi lama. "
                "Jalankan lagi `gisapp run`.",
                code="no_reached",
            )
        return pd.read_parquet(path)

    def rasters(self) -> dict[str, Path]:
        """Picture rasters of the run (EPSG:3857, one band) by layer name."""
        return {path.stem: path for path in sorted((self.folder / "context").glob("*.tif"))}

    def _frame(self, relative: str) -> gpd.GeoDataFrame:
        import geopandas as gpd

        path = self.folder / relative
        if not path.is_file():
            raise WorkspaceError(
                f"{path} is missing: run `gisapp doctor`, then `gisapp run`.",
                f"{path} hilang: jalankan `gisapp doctor`, lalu `gisapp run`.",
            )
        return gpd.read_parquet(path)


def _sealed(row: RunRow) -> Sealed:
    return Sealed(
        run_id=row.run_id, period=row.period, pockets=row.pockets, interventions=row.interventions,
        warnings=json.loads(row.warnings), created_at=row.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        snapshot=row.snapshot, scenario=row.scenario,
    )  # fmt: skip


def find_sealed(workspace: Workspace, run_id: str, scenario: str | None = None) -> Sealed | None:
    """The run of this id where its row and its files stand, else None.

    It becomes its period's baseline, or the latest run of its scenario: of scenarios that change the same under two
    names there is one run, which has the name that was asked for last.
    """
    folder = workspace.runs_folder / run_id
    if not all((folder / name).is_file() for name in (MANIFEST, PATTERNS, REACHED)):
        return None
    with session(workspace.database) as database:
        row = database.get(RunRow, run_id)
        if row is None:
            return None
        row.asked_at = asked_now(database)
        row.scenario = scenario
        return _sealed(row)


def asked_now(database: Session) -> datetime:
    """Return a moment after every one that a run was asked for at: two runs may be asked for within one second."""
    now, latest = datetime.now(UTC), database.scalar(select(func.max(RunRow.asked_at)))
    return now if latest is None else max(now, latest + timedelta(microseconds=1))


def _rows(workspace: Workspace) -> list[Sealed]:
    newest_first = (RunRow.period.desc(), RunRow.asked_at.desc(), RunRow.run_id)
    with session(workspace.database, write=False) as database:
        return [_sealed(row) for row in database.scalars(select(RunRow).order_by(*newest_first))]


def list_runs(workspace: Workspace) -> list[dict[str, Any]]:
    """Every sealed run, the latest period first and in it the one that was asked for last."""
    erased = erased_sources(workspace)
    return [
        {
            "run": sealed.run_id, "period": sealed.period, "scenario": sealed.scenario, "pockets": sealed.pockets,
            "interventions": sealed.interventions, "warnings": sealed.warnings, "created_at": sealed.created_at,
            "path": str(workspace.runs_folder / sealed.run_id), "source_erased": sealed.snapshot in erased,
        }
        for sealed in _rows(workspace)
    ]  # fmt: skip


def list_sealed(workspace: Workspace) -> list[Sealed]:
    """The facts of every sealed run, in the order of ``list_runs``."""
    return _rows(workspace)


def baseline_before(workspace: Workspace, period: str) -> str | None:
    """Id of the baseline run of the latest period before this one: the parent that pockets are followed from."""
    earlier = [sealed for sealed in _rows(workspace) if sealed.period < period and sealed.scenario is None]
    return earlier[0].run_id if earlier else None


def load_run(workspace: Workspace, run_id: str | None = None) -> Run:
    """The run of an id, else the latest period's baseline that was asked for last; NotFoundError where there is none.

    The name of a scenario stands for the latest run of it. Without an id a scenario is never meant.
    """
    sealed = _rows(workspace)
    baselines = [entry.run_id for entry in sealed if entry.scenario is None]
    if run_id is None and not baselines:
        raise NotFoundError(
            f"No run in {workspace.root} yet: run `gisapp run`.",
            f"Belum ada hasil hitung di {workspace.root}: jalankan `gisapp run`.",
            code="no_run",
        )
    known = {entry.run_id: entry.snapshot for entry in sealed}
    wanted = baselines[0] if run_id is None else run_id
    if wanted not in known:
        wanted = next((entry.run_id for entry in sealed if entry.scenario == run_id), wanted)
    if wanted not in known:
        raise NotFoundError(
            f"No run {wanted!r} in this workspace: `gisapp runs` lists what there is.",
            f"Tidak ada hasil {wanted!r} di ruang kerja ini: lihat `gisapp runs`.",
            code="no_run",
        )
    erased = source_erased(workspace, known[wanted])
    return Run(run_id=wanted, folder=workspace.runs_folder / wanted, source_erased=erased)
