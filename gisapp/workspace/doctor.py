"""The health of a workspace: keys, database, and files that a crash left behind (those are removed)."""

from __future__ import annotations

import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gisapp.errors import Problem, WorkspaceError, some
from gisapp.store.files import PARTIAL, workspace_lock
from gisapp.store.hashing import sha256_file
from gisapp.store.inventory import Inventory, integrity, read_inventory
from gisapp.store.places import DATABASE_FILE
from gisapp.store.vault import open_vault
from gisapp.workspace.folder import Workspace


@dataclass(frozen=True)
class DoctorReport:
    """What was found; ``removed`` lists the left-overs that were removed, relative to the workspace."""

    problems: tuple[Problem, ...]
    removed: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is left that a person must mend."""
        return not any(problem.severity == "error" for problem in self.problems)

    def as_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return {
            "ok": self.ok,
            "problems": [problem.as_dict() for problem in self.problems],
            "removed": list(self.removed),
        }


def examine(workspace: Workspace) -> DoctorReport:
    """Examine keys, database and files; remove what a crash left: partial files, snapshots and runs without a row.

    Raises
    ------
    WorkspaceError : another process is changing the workspace.
    """
    with workspace_lock(workspace.root):
        problems = _keys(workspace)
        try:
            complaint = integrity(workspace.database)
            inventory = read_inventory(workspace.database)
        except WorkspaceError as error:
            return DoctorReport((*problems, _error("database", 1, error.en, error.id)), ())
        if complaint != "ok":
            problems.append(
                _error(
                    "database_damaged",
                    1,
                    f"The database is damaged: {complaint}. Restore a backup.",
                    f"Basis data rusak: {complaint}. Pulihkan cadangan.",
                )
            )
            return DoctorReport(tuple(problems), ())
        problems += _lost_files(workspace, inventory)
        removed = _remove_leftovers(workspace, inventory)
        problems += _modes(workspace)
    if removed:
        problems.append(
            Problem(
                code="leftovers_removed",
                severity="info",
                count=len(removed),
                detail="Left-overs of an interrupted work were removed.",
                detail_id="Sisa pekerjaan yang terputus dibuang.",
            )
        )
    return DoctorReport((*problems, *_loose_data(workspace)), tuple(removed))


def _keys(workspace: Workspace) -> list[Problem]:
    try:
        open_vault(workspace.root)
    except WorkspaceError as error:
        return [_error(error.code, 1, error.en, error.id)]
    return []


def _modes(workspace: Workspace) -> list[Problem]:
    restricted = [
        workspace.registry_folder,
        workspace.root / DATABASE_FILE,
        *sorted(workspace.registry_folder.rglob("*")),
    ]
    loose = [path for path in restricted if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077]
    if not loose:
        return []
    first = loose[0].relative_to(workspace.root)
    return [
        _error(
            "mode",
            len(loose),
            f"Others can read {first}: run chmod -R go= on the workspace.",
            f"Orang lain dapat membaca {first}: jalankan chmod -R go= pada ruang kerja.",
        )
    ]


def _lost_files(workspace: Workspace, inventory: Inventory) -> list[Problem]:
    problems = []
    lost = [path for path in sorted(inventory.snapshots) if not (workspace.root / path).is_file()]
    if lost:
        problems.append(
            _error(
                "snapshot_missing",
                len(lost),
                f"Snapshots are gone: {some(lost)}. Restore a backup.",
                f"Snapshot hilang: {some(lost)}. Pulihkan cadangan.",
            )
        )
    damaged = [
        path
        for path, digest in sorted(inventory.snapshots.items())
        if path not in lost and sha256_file(workspace.root / path) != digest
    ]
    if damaged:
        problems.append(
            _error(
                "snapshot_damaged",
                len(damaged),
                f"Snapshots were changed: {some(damaged)}. Restore a backup.",
                f"Snapshot berubah: {some(damaged)}. Pulihkan cadangan.",
            )
        )
    runs = [path for path in sorted(inventory.runs) if not (workspace.root / path / "manifest.json").is_file()]
    if runs:
        problems.append(
            _error(
                "run_missing",
                len(runs),
                f"Runs are gone: {some(runs)}. Run again: gisapp run.",
                f"Hasil hitung hilang: {some(runs)}. Hitung lagi: gisapp run.",
            )
        )
    return problems


def _remove_leftovers(workspace: Workspace, inventory: Inventory) -> list[str]:
    """Remove partial files everywhere, and snapshots, quarantine files and runs that no row names."""
    garbage = [path for path in sorted(workspace.root.rglob(f".*{PARTIAL}")) if path.is_file()]
    garbage += _unknown(workspace, workspace.registry_folder.glob("*.parquet"), set(inventory.snapshots))
    garbage += _unknown(workspace, (workspace.registry_folder / "quarantine").glob("*.enc"), inventory.quarantine)
    garbage += _unknown(workspace, workspace.runs_folder.iterdir(), inventory.runs)
    for path in garbage:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    return [str(path.relative_to(workspace.root)) for path in garbage]


def _unknown(workspace: Workspace, paths: Any, known: set[str] | frozenset[str]) -> list[Path]:
    return [path for path in sorted(paths) if path.relative_to(workspace.root).as_posix() not in known]


def _loose_data(workspace: Workspace) -> list[Problem]:
    """Data beside the layers that no TOML names: told, never removed."""
    named = {name for spec in workspace.catalog.layers.values() for name in (spec.path, spec.original) if name}
    loose = [
        path.relative_to(workspace.layers_folder).as_posix()
        for path in sorted(workspace.layers_folder.rglob("*"))
        if path.is_file() and path.suffix != ".toml"
    ]
    loose = [name for name in loose if name not in named]
    if not loose:
        return []
    return [
        Problem(
            code="layer_without_toml",
            severity="info",
            count=len(loose),
            detail=f"Files that no layer names: {some(loose)}.",
            detail_id=f"Berkas yang tidak disebut lapisan mana pun: {some(loose)}.",
        )
    ]


def _error(code: str, count: int, en: str, id: str) -> Problem:
    return Problem(code=code, severity="error", count=count, detail=en, detail_id=id)
