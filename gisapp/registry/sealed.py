"""Everything that the registry keeps under seal, and how each kind is encrypted anew when keys are rotated."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gisapp.registry.quarantine import frame_context, quarantine_path
from gisapp.registry.sealing import entry_context, family_hash, identity_context, nik_hash, seal, unseal
from gisapp.registry.tables import IntakeRow, ListRow
from gisapp.registry.updates.meetings import meeting_context
from gisapp.registry.updates.sealing import case_context, content_hash, step_context
from gisapp.registry.updates.sealing import unseal as unseal_case
from gisapp.registry.updates.tables import CaseRow
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
        Sealed(name="updates", rows=_cases),
        Sealed(name="steps", rows=_texts("update_step", ("case_id", "number"), "sealed_reason", step_context)),
        Sealed(name="meetings", rows=_texts("update_meeting", ("id",), "sealed", meeting_context)),
        Sealed(name="quarantine", files=_quarantine(ws)),
    )


def _person(row: Any, context: str, old: Vault, new: Vault) -> dict[str, Any]:
    person = unseal(old, bytes(row.sealed), context)
    return {
        "sealed": seal(new, person, context),
        "nik_hash": nik_hash(new, person.nik),
        "family_hash": family_hash(new, person.family_number),
    }


def _identities(database: Session, old: Vault, new: Vault) -> int:
    return reseal_rows(
        database, "registry_identity",
        lambda row: _person(row, identity_context(row.import_id, row.row_number), old, new),
        under=new.key_id, keys=("number",), hashes=_HASHES, reads=("import_id", "row_number"),
    )  # fmt: skip


def _list_entries(database: Session, old: Vault, new: Vault) -> int:
    sources = dict(database.execute(select(ListRow.number, ListRow.source_sha256)).tuples().all())
    return reseal_rows(
        database, "registry_list_entry",
        lambda row: _person(row, entry_context(sources[row.list_number], row.row_number), old, new),
        under=new.key_id, keys=("number",), hashes=_HASHES, reads=("list_number", "row_number"),
    )  # fmt: skip


def _cases(database: Session, old: Vault, new: Vault) -> int:
    def values(row: Any) -> dict[str, Any]:
        context, sealed = case_context(row.id), bytes(row.sealed)
        contents = unseal_case(old, CaseRow(id=row.id, sealed=sealed))
        given = contents.identity
        known = row.content_hash is not None
        return {
            "sealed": new.encrypt(old.decrypt(sealed, context), context),
            "nik_hash": nik_hash(new, given.nik or "") if row.nik_hash else None,
            "family_hash": family_hash(new, given.family_number or "") if row.family_hash else None,
            "content_hash": content_hash(new, row.kind, row.area, contents) if known else None,
        }

    return reseal_rows(
        database, "update_case", values,
        under=new.key_id, keys=("id",), hashes=(*_HASHES, "content_hash"), reads=("kind", "area"),
    )  # fmt: skip


def _texts(
    name: str, keys: tuple[str, ...], sealed: str, context: Callable[..., str]
) -> Callable[[Session, Vault, Vault], int]:
    """Columns that are one token and are never looked for; their context is made of the primary key."""

    def rows(database: Session, old: Vault, new: Vault) -> int:
        def values(row: Any) -> dict[str, Any]:
            place = context(*(row._mapping[key] for key in keys))
            return {sealed: new.encrypt(old.decrypt(bytes(row._mapping[sealed]), place), place)}

        return reseal_rows(database, name, values, under=new.key_id, keys=keys, sealed=sealed)

    return rows


def _quarantine(ws: Workspace) -> Callable[[Path, Session, Vault, Vault], int]:
    def files(root: Path, database: Session, old: Vault, new: Vault) -> int:
        del root
        done = 0
        for import_id in database.scalars(select(IntakeRow.import_id).where(IntakeRow.quarantine_path != "")).all():
            path = quarantine_path(ws, import_id)
            if path.is_file():
                done += reseal_frames(path, lambda number, id=import_id: frame_context(id, number), old, new)  # type: ignore[misc]
        return done

    return files
