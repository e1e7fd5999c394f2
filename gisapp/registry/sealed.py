"""Everything that the registry keeps under seal, and how each kind is encrypted anew when keys are rotated."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gisapp.registry import incoming
from gisapp.registry.quarantine import frame_context, quarantine_path
from gisapp.registry.sealing import entry_context, family_hash, identity_context, nik_hash, seal, unseal
from gisapp.registry.tables import IntakeRow, ListRow
from gisapp.registry.updates import erasure as updates
from gisapp.store.rotation import Sealed, reseal_rows
from gisapp.store.sealed_files import reseal_frames
from gisapp.store.vault import Vault
from gisapp.workspace.folder import Workspace

_HASHES = ("nik_hash", "family_hash")


def everything_sealed(ws: Workspace) -> tuple[Sealed, ...]:
    """Each kind of sealed thing of a workspace."""
    return (
        Sealed(name="identities", rows=_identities),
        Sealed(name="lists", rows=_list_entries),
        Sealed(name="updates", rows=updates.reseal, files=updates.reseal_files),
        Sealed(name="quarantine", files=_quarantine(ws)),
        Sealed(name="uploads", files=incoming.reseal_files),
    )


def _person(row: Any, context: str, old: Vault, new: Vault) -> dict[str, Any]:
    """A number without a hash stays without one: it cannot be compared."""
    person = unseal(old, bytes(row.sealed), context)
    return {
        "sealed": seal(new, person, context),
        "nik_hash": nik_hash(new, person.nik) if row.nik_hash else None,
        "family_hash": family_hash(new, person.family_number) if row.family_hash else None,
    }


def _identities(database: Session, old: Vault, new: Vault) -> int:
    return reseal_rows(
        database, "registry_identity",
        lambda row: _person(row, identity_context(row.import_id, row.row_number), old, new),
        under=new.key_id, keys=("number",), hashes=_HASHES, reads=("import_id", "row_number"),
    )  # fmt: skip


def _list_entries(database: Session, old: Vault, new: Vault) -> int:
    sources = {one.number: one.source_sha256 for one in database.scalars(select(ListRow))}
    return reseal_rows(
        database, "registry_list_entry",
        lambda row: _person(row, entry_context(sources[row.list_number], row.row_number), old, new),
        under=new.key_id, keys=("number",), hashes=_HASHES, reads=("list_number", "row_number"),
    )  # fmt: skip


def _quarantine(ws: Workspace) -> Callable[[Path, Session, Vault, Vault], int]:
    def files(root: Path, database: Session, old: Vault, new: Vault) -> int:
        del root
        imports = database.scalars(select(IntakeRow.import_id).where(IntakeRow.quarantine_path != "")).all()
        return sum(
            reseal_frames(path, partial(frame_context, import_id), old, new)
            for import_id in imports
            if (path := quarantine_path(ws, import_id)).is_file()
        )

    return files
