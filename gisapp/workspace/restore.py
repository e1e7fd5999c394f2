"""restore: a backup becomes a workspace again, on any machine, under any path, in either database; or nothing does."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gisapp.errors import WorkspaceError
from gisapp.store.audit import append_event
from gisapp.store.backup_file import Hashed, damaged, key_of, unpack
from gisapp.store.database import Place, ServerPlace, drop_database, engine, session, upgrade
from gisapp.store.files import fsync_folder
from gisapp.store.inventory import read_inventory
from gisapp.store.keyring import KEY_FILE, KeyRing, read_ring, write_ring
from gisapp.store.places import DATABASE_FILE, create_identity, place_of
from gisapp.store.portable import read_portable
from gisapp.store.vault import vault_of
from gisapp.workspace.backup import KEY_ENDING
from gisapp.workspace.folder import FOLDERS, built_beside, refuse_occupied
from gisapp.workspace.settings import FILE_NAME


@dataclass(frozen=True, kw_only=True)
class RestoreReport:
    """What was restored; ``sha256`` is the backup's."""

    workspace: Path
    sha256: str
    created_at: str
    files: int
    snapshots: int
    runs: int

    def as_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return {**vars(self), "workspace": str(self.workspace)}


def restore(file: Path, root: Path, *, key: Path | None = None, actor: str = "local") -> RestoreReport:
    """Make a workspace of a backup in a new or empty folder (one that holds only its key is empty, too).

    The key is the one given, else ``keys/vault.key`` lying in the folder already, else the file beside the backup. The
    workspace gets an identity of its own and opens where GISAPP_DATABASE_URL says.

    Raises
    ------
    WorkspaceError : the folder is taken, the key is missing or another, or the backup is not whole. Nothing is left.
    """
    file, root = Path(file), Path(root).absolute()
    _refuse_target(root)
    ring = _find_ring(file, root, key)
    with built_beside(root) as building:
        return _restore(file, root, building, ring, actor)


def _restore(file: Path, root: Path, building: Path, ring: KeyRing, actor: str) -> RestoreReport:
    with file.open("rb") as stream:
        hashed = Hashed(stream)
        unpacked = unpack(file, hashed, vault_of(ring), building)
    if not (building / FILE_NAME).is_file() or not (building / DATABASE_FILE).is_file():
        raise damaged(file)
    for folder in FOLDERS:
        (building / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    write_ring(building, ring)
    create_identity(building)
    place = place_of(building)
    try:
        inventory = _tables(building, place, hashed.sha256, actor)
        _put_in_place(building, root)
    except BaseException:
        drop_database(place)
        raise
    return RestoreReport(
        workspace=root, sha256=hashed.sha256, created_at=unpacked.header["created_at"], files=unpacked.files,
        snapshots=len(inventory.snapshots), runs=len(inventory.runs),
    )  # fmt: skip


def _tables(building: Path, place: Place, sha256: str, actor: str) -> Any:
    """Bring the tables to where they belong; returns what they know to exist."""
    portable = building / DATABASE_FILE
    if isinstance(place, ServerPlace):
        read_portable(portable, place)
        for path in building.glob(f"{DATABASE_FILE}*"):
            path.unlink()
    made = engine(place)
    upgrade(made)
    with session(made) as database:
        append_event(
            database, action="workspace.restore", subject="workspace", detail={"sha256": sha256}, actor=actor
        )  # fmt: skip
    return read_inventory(made)


def _refuse_target(root: Path) -> None:
    """Refuse a folder with anything in it but a key that is waiting for its backup."""
    if root.is_dir() and not root.is_symlink():
        found = {path.relative_to(root).as_posix() for path in root.rglob("*")}
        if found <= {KEY_FILE.parent.as_posix(), KEY_FILE.as_posix()}:
            return
    refuse_occupied(root)


def _find_ring(file: Path, root: Path, key: Path | None) -> KeyRing:
    """The ring that opens the backup, with the backup's key as the current one: its hashes were made with that."""
    try:
        wanted = key_of(file)
    except OSError as error:
        reason = error.strerror or str(error)
        raise WorkspaceError(
            f"{file} cannot be read ({reason}).", f"{file} tidak dapat dibaca ({reason}).", code="backup_missing"
        ) from error
    beside = file.with_name(file.name + KEY_ENDING)
    candidates = [key] if key is not None else [path for path in (root / KEY_FILE, beside) if path.exists()]
    for path in candidates:
        ring = read_ring(path)
        found = ring.find(wanted)
        if found is not None:
            return ring.under(found)
    if not candidates:
        raise WorkspaceError(
            f"There is no key for {file}: neither {root / KEY_FILE} nor {beside}. Name it with --key.",
            f"Tidak ada kunci untuk {file}: {root / KEY_FILE} maupun {beside} tidak ada. Sebutkan dengan --key.",
            code="backup_key_missing",
        )
    tried = ", ".join(str(path) for path in candidates)
    raise WorkspaceError(
        f"{tried} is not the key that {file} was made with. Name the right one with --key; nothing was restored.",
        f"{tried} bukan kunci pembuat {file}. Sebutkan yang benar dengan --key; tidak ada yang dipulihkan.",
        code="backup_key_wrong",
    )


def _put_in_place(building: Path, root: Path) -> None:
    """Rename the finished folder; a key that waited there is kept until the workspace, which has it too, stands."""
    if root.is_dir() and any(root.iterdir()):
        aside = Path(tempfile.mkdtemp(prefix=f".{root.name}-key-", dir=root.parent))
        root.rename(aside)
        building.rename(root)
        shutil.rmtree(aside)
    else:
        building.rename(root)
    fsync_folder(root.parent)
