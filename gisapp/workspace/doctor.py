"""The health of a workspace: keys, database, and files that a crash left behind (those are removed)."""

from __future__ import annotations

import shutil
import stat
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gisapp.errors import Problem, WorkspaceError, some
from gisapp.store.facts import KEY_FACT, read_fact
from gisapp.store.files import is_in_use, workspace_lock
from gisapp.store.hashing import sha256_file
from gisapp.store.inventory import Inventory, audit_break, integrity, read_inventory
from gisapp.store.keyring import KEY_FILE, is_weak, read_ring
from gisapp.store.places import DATABASE_FILE
from gisapp.store.rotation import Sealed, catch_up, finish
from gisapp.workspace.folder import Workspace
from gisapp.workspace.leftovers import partial_files, without_row

_ATTACHING_SECONDS = 3600


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


def examine(workspace: Workspace, *, sealed: Sequence[Sealed] = ()) -> DoctorReport:
    """Examine keys, database, audit trail and files; finish and remove what a crash left.

    ``sealed`` is what the rooms have under seal: with it an interrupted rotation of keys is taken to its end.

    Raises
    ------
    WorkspaceError : another process is changing the workspace.
    """
    with workspace_lock(workspace.root):
        problems = _keys(workspace)
        try:
            problems += _database(workspace)
            inventory = read_inventory(workspace.database, settled=True)
            problems += _rotation(workspace, sealed)
        except WorkspaceError as error:
            return DoctorReport((*problems, _error(error.code, 1, error.en, error.id)), ())
        if any(problem.code == "database_damaged" for problem in problems):
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
        ring = read_ring(workspace.root / KEY_FILE)
    except WorkspaceError as error:
        return [_error(error.code, 1, error.en, error.id)]
    if workspace.settings.synthetic or not is_weak(ring.current, workspace.settings.seed):
        return []
    return [
        _error(
            "key_weak",
            1,
            "The key can be guessed (a synthetic district's, or too regular), and the families here are real. "
            "Change it: gisapp keys rotate",
            "Kunci dapat ditebak (kunci data contoh, atau terlalu teratur), padahal keluarga di sini nyata. "
            "Ganti: gisapp keys rotate",
        )
    ]


def _database(workspace: Workspace) -> list[Problem]:
    complaint = integrity(workspace.database)
    if complaint != "ok":
        return [
            _error(
                "database_damaged",
                1,
                f"The database is damaged: {complaint}. Restore a backup.",
                f"Basis data rusak: {complaint}. Pulihkan cadangan.",
            )
        ]
    number = audit_break(workspace.database)
    if number is None:
        return []
    return [
        _error(
            "audit_broken",
            1,
            f"The audit trail was changed at event {number}. Keep this workspace as it is for the inspection, and "
            "work on in a restored backup.",
            f"Jejak audit berubah pada kejadian {number}. Simpan ruang kerja ini apa adanya untuk pemeriksaan, dan "
            "lanjutkan kerja pada cadangan yang dipulihkan.",
        )
    ]


def _rotation(workspace: Workspace, sealed: Sequence[Sealed]) -> list[Problem]:
    """Finish a rotation of keys that was interrupted, and compare the key in force with the database's."""
    try:
        ring = read_ring(workspace.root / KEY_FILE)
    except WorkspaceError:
        return []  # told by _keys
    if ring.pending is not None:
        if not sealed:
            return [_unfinished()]
        finish(workspace.root, workspace.database, sealed)
        return [
            Problem(
                code="rotation_finished",
                severity="info",
                count=1,
                detail="An interrupted rotation of keys was finished.",
                detail_id="Penggantian kunci yang terputus diselesaikan.",
            )
        ]
    under = read_fact(workspace.database, KEY_FACT)
    if under is None or under == ring.current.id.hex():
        if sealed:
            catch_up(workspace.root, workspace.database, sealed)
        return []
    return [
        _error(
            "key_mismatch",
            1,
            f"The first key of {KEY_FILE} is not the one that the database was made with ({under}). Put that key back.",
            f"Kunci pertama {KEY_FILE} bukan kunci basis data ini ({under}). Kembalikan kunci itu.",
        )
    ]


def _unfinished() -> Problem:
    return _error(
        "rotation_unfinished",
        1,
        "A rotation of keys was interrupted. Finish it: gisapp doctor",
        "Penggantian kunci terputus. Selesaikan: gisapp doctor",
    )


def _modes(workspace: Workspace) -> list[Problem]:
    restricted = [
        workspace.registry_folder,
        workspace.root / KEY_FILE.parent,
        *sorted((workspace.root / KEY_FILE.parent).glob("*.key")),
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
    """Remove partial files everywhere, and snapshots, quarantine files, attachments and runs that no row names."""
    garbage = [path for path in partial_files(workspace.root) if not is_in_use(path)]
    garbage += [path for path in without_row(workspace.root, inventory) if not _may_get_a_row(path)]
    for path in garbage:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    return [str(path.relative_to(workspace.root)) for path in garbage]


def _may_get_a_row(path: Path) -> bool:
    """Whether somebody may be attaching this very file: its row follows it by moments, outside the workspace's lock."""
    return path.parent.name == "attachments" and time.time() - path.stat().st_mtime < _ATTACHING_SECONDS


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
