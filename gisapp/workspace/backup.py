"""backup: a whole workspace but its keys in one encrypted file, while others go on working in it."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gisapp import __version__
from gisapp.errors import WorkspaceError
from gisapp.progress import Progress, silent
from gisapp.store.audit import append_event
from gisapp.store.backup_file import BackupWriter, Hashed
from gisapp.store.database import engine, head, session
from gisapp.store.files import PARTIAL, atomic_path, atomic_write_bytes, in_use, make_private_folder
from gisapp.store.inventory import Inventory, read_inventory
from gisapp.store.keyring import KEY_FILE, KeyRing, read_ring
from gisapp.store.places import DATABASE_FILE, IDENTITY_FILE
from gisapp.store.portable import settle, write_portable
from gisapp.store.tables import utc_now
from gisapp.store.vault import vault_of
from gisapp.workspace.folder import Workspace
from gisapp.workspace.leftovers import partial_files, without_row

#: What the key file beside a backup is called: the backup's own name and this.
KEY_ENDING = ".key"

_ATTEMPTS = 5
_NOT_TAKEN = ("keys", ".lock", IDENTITY_FILE, DATABASE_FILE, f"{DATABASE_FILE}-wal", f"{DATABASE_FILE}-shm")


@dataclass(frozen=True, kw_only=True)
class BackupReport:
    """What was written. ``unsound`` are snapshots and files that the database names and that are gone or changed."""

    file: Path
    sha256: str
    bytes: int
    key_file: Path | None
    snapshots: int
    runs: int
    unsound: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return {
            "file": str(self.file),
            "sha256": self.sha256,
            "bytes": self.bytes,
            "key_file": str(self.key_file) if self.key_file else None,
            "snapshots": self.snapshots,
            "runs": self.runs,
            "unsound": list(self.unsound),
        }


class _ChangedMeanwhile(Exception):
    """A file went or changed between its listing and its end; the whole is tried again."""


def backup(
    ws: Workspace, file: Path, *, with_key: bool = True, actor: str = "local", progress: Progress = silent
) -> BackupReport:
    """Write everything of a workspace but its keys to one encrypted file, and the keys beside it unless not wanted.

    Nobody has to stop: the tables are those of one moment, the files those that they name.

    Raises
    ------
    WorkspaceError : the place is taken or inside the workspace, a rotation of keys is unfinished, or others changed
        files faster than they could be read. Nothing is left behind.
    """
    file = Path(file)
    _refuse_place(ws, file)
    for attempt in range(_ATTEMPTS):
        try:
            report = _write(ws, file, with_key=with_key, last=attempt == _ATTEMPTS - 1, progress=progress)
        except _ChangedMeanwhile:
            continue
        with session(ws.database) as database:
            detail = {"sha256": report.sha256, "key": with_key}
            append_event(database, action="workspace.backup", subject="workspace", detail=detail, actor=actor)
        return report
    raise WorkspaceError(
        f"{ws.root} changes all the time; try again when less is being done.",
        f"{ws.root} terus berubah; coba lagi saat tidak terlalu sibuk.",
        code="locked",
    )


def _refuse_place(ws: Workspace, file: Path) -> None:
    for path in (file, file.with_name(file.name + KEY_ENDING)):
        if path.exists():
            raise WorkspaceError(
                f"{path} exists already; nothing was written. Choose another name.",
                f"{path} sudah ada; tidak ada yang ditulis. Pilih nama lain.",
                code="file_exists",
            )
    if file.resolve().is_relative_to(ws.root.resolve()):
        raise WorkspaceError(
            f"{file} lies inside the workspace: what takes the workspace would take its backup. Choose another place.",
            f"{file} berada di dalam ruang kerja: bila ruang kerja hilang, cadangannya ikut hilang. Pilih tempat lain.",
            code="backup_inside",
        )


def _write(ws: Workspace, file: Path, *, with_key: bool, last: bool, progress: Progress) -> BackupReport:
    ring = _settled_ring(ws)
    key_file = file.with_name(file.name + KEY_ENDING) if with_key else None
    with _portable(ws) as (tables, inventory), atomic_path(file) as temporary:
        listed, missing = _list(ws.root, inventory)
        if missing and not last:
            raise _ChangedMeanwhile
        with temporary.open("wb") as stream:
            hashed = Hashed(stream)
            header = {"gisapp": __version__, "migration": head(), "created_at": utc_now().isoformat(),
                      "snapshots": len(inventory.snapshots), "runs": len(inventory.runs)}  # fmt: skip
            writer = BackupWriter(hashed, vault_of(ring), header)
            writer.add(DATABASE_FILE, tables, mode=0o600)
            changed = _add_files(writer, ws.root, listed, inventory, progress)
            writer.end()
        if read_ring(ws.root / KEY_FILE) != ring:
            raise _ChangedMeanwhile
        if key_file is not None:
            atomic_write_bytes(key_file, ring.text().encode())
    return BackupReport(
        file=file, sha256=hashed.sha256, bytes=hashed.size, key_file=key_file, snapshots=len(inventory.snapshots),
        runs=len(inventory.runs), unsound=(*missing, *changed),
    )  # fmt: skip


def _settled_ring(ws: Workspace) -> KeyRing:
    ring = read_ring(ws.root / KEY_FILE)
    if ring.pending is None:
        return ring
    raise WorkspaceError(
        "A rotation of keys was interrupted. Finish it first: gisapp doctor",
        "Penggantian kunci terputus. Selesaikan dahulu: gisapp doctor",
        code="rotation_unfinished",
    )


@contextmanager
def _portable(ws: Workspace) -> Iterator[tuple[Path, Inventory]]:
    """The tables of this moment as a file that lives as long as the backup is being made."""
    folder = make_private_folder(ws.root / f".backup.{secrets.token_hex(6)}{PARTIAL}")
    try:
        with in_use(folder):
            tables = folder / DATABASE_FILE
            write_portable(ws.database, tables)
            inventory = read_inventory(engine(tables))
            settle(tables)
            yield tables, inventory
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _list(root: Path, inventory: Inventory) -> tuple[dict[str, os.stat_result], list[str]]:
    """Every file to take with its state, and the files that the database names and that are not there."""
    skipped = {*partial_files(root), *without_row(root, inventory)}
    listed = {}
    for folder, names, files in os.walk(root):
        here = Path(folder)
        top = here == root
        names[:] = sorted(name for name in names if here / name not in skipped and not (top and name in _NOT_TAKEN))
        for name in sorted(files):
            path = here / name
            if path in skipped or (top and name in _NOT_TAKEN) or not path.is_file():
                continue
            listed[path.relative_to(root).as_posix()] = path.stat()
    runs = {f"{path}/manifest.json" for path in inventory.runs}
    named = {*inventory.snapshots, *inventory.quarantine, *inventory.attachments, *runs}
    return listed, sorted(named - set(listed))


def _add_files(
    writer: BackupWriter, root: Path, listed: dict[str, os.stat_result], inventory: Inventory, progress: Progress
) -> list[str]:
    """Add the files; returns the snapshots whose content is not what the database says."""
    changed = []
    for number, (name, before) in enumerate(listed.items()):
        progress("backup", number, len(listed))
        path = root / name
        try:
            digest = writer.add(name, path, mode=stat.S_IMODE(before.st_mode))
            after = path.stat()
        except FileNotFoundError as error:
            raise _ChangedMeanwhile from error
        if (before.st_ino, before.st_size, before.st_mtime_ns) != (after.st_ino, after.st_size, after.st_mtime_ns):
            raise _ChangedMeanwhile
        if inventory.snapshots.get(name, digest) != digest:
            changed.append(name)
    progress("backup", len(listed), len(listed))
    return changed
