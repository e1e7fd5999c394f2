"""Where snapshots stood from which a family was erased: what a run may still say of its source."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from gisapp.registry.tables import TombstoneRow
from gisapp.store.database import session
from gisapp.store.tables import utc_now
from gisapp.workspace.folder import Workspace


def source_erased(ws: Workspace, snapshot: str) -> bool:
    """Whether a family was erased from this snapshot since: runs made from it say so."""
    with session(ws.database, write=False) as database:
        return database.get(TombstoneRow, snapshot) is not None


def erased_sources(ws: Workspace) -> frozenset[str]:
    """Hashes of every snapshot from which a family was erased since."""
    with session(ws.database, write=False) as database:
        return frozenset(database.scalars(select(TombstoneRow.old_hash)))


def bury(database: Session, old: str, new: str) -> None:
    """Leave a tombstone in the caller's transaction; a snapshot that comes back is one again."""
    database.merge(TombstoneRow(old_hash=old, new_hash=new, at=utc_now()))
    back = database.get(TombstoneRow, new)
    if back is not None:
        database.delete(back)
