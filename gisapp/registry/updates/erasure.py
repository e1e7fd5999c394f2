"""What the MPM gives up when a family is erased, and how its seals are renewed under another key."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from gisapp.access.actors import LOCAL, Actor
from gisapp.registry.sealing import family_hash, nik_hash
from gisapp.registry.updates.ledger import move
from gisapp.registry.updates.meetings import meeting_context
from gisapp.registry.updates.queue import attachment_context
from gisapp.registry.updates.sealing import case_context, content_hash, step_context, unseal
from gisapp.registry.updates.states import CLOSED
from gisapp.registry.updates.tables import AttachmentRow, CaseRow, MeetingRow, StepRow
from gisapp.store.sealed_files import reseal_whole
from gisapp.store.vault import Vault, open_vault, token_key
from gisapp.workspace.folder import Workspace


def erase(db: Session, ws: Workspace, hashes: Iterable[str], *, actor: Actor = LOCAL) -> list[Path]:
    """Empty every case about a family, in the caller's transaction; returns the files to remove once it has committed.

    A case keeps its number, its states and its people in office, and nothing of the family; one that was open ends as
    refused. Minutes of a meeting stay: they are about many.
    """
    wanted = sorted(set(hashes))
    rows = list(
        db.scalars(select(CaseRow).where(or_(CaseRow.nik_hash.in_(wanted), CaseRow.family_hash.in_(wanted))))
    )  # fmt: skip
    ids = [row.id for row in rows]
    attachments = list(db.scalars(select(AttachmentRow).where(AttachmentRow.case_id.in_(ids))))
    files = [ws.root / one.path for one in attachments]
    for one in attachments:
        db.delete(one)
    db.execute(update(StepRow).where(StepRow.case_id.in_(ids)).values(sealed_reason=None))
    vault = open_vault(ws.root)
    for row in rows:
        row.sealed = row.nik_hash = row.family_hash = row.content_hash = row.family_id = None
        row.notes, row.approved_by = "{}", None if row.state not in CLOSED else row.approved_by
        move(db, vault, row, "erase", row.state if row.state in CLOSED else "refused", actor)
    db.flush()
    return files


def reseal(db: Session, old_vault: Vault, new_vault: Vault) -> int:
    """Seal every row anew and hash it anew, in one transaction of the caller's; returns the number of seals."""
    done = 0
    for row in db.scalars(select(CaseRow).where(CaseRow.sealed.is_not(None))):
        contents = unseal(old_vault, row)
        row.sealed = _again(row.sealed, case_context(row.id), old_vault, new_vault)
        row.nik_hash = nik_hash(new_vault, contents.identity.nik)
        row.family_hash = family_hash(new_vault, contents.identity.family_number)
        row.content_hash = content_hash(new_vault, row.kind, row.area, contents)
        done += 1
    for step in db.scalars(select(StepRow).where(StepRow.sealed_reason.is_not(None))):
        context = step_context(step.case_id, step.number)
        step.sealed_reason = _again(step.sealed_reason, context, old_vault, new_vault)
        done += 1
    for meeting in db.scalars(select(MeetingRow)):
        meeting.sealed = _again(meeting.sealed, meeting_context(meeting.id), old_vault, new_vault)
        done += 1
    for one in db.scalars(select(AttachmentRow)):
        one.sealed_name = _again(one.sealed_name, attachment_context(one.path), old_vault, new_vault)
        done += 1
    db.flush()
    return done


def _again(token: bytes | None, context: str, old: Vault, new: Vault) -> bytes:
    if token is not None and token_key(token) == new.key_id:
        return token
    return new.encrypt(old.decrypt(token or b"", context), context)


def reseal_files(root: Path, db: Session, old_vault: Vault, new_vault: Vault) -> int:
    """Encrypt the files of the attachments anew; may run again, and skips what is done."""
    paths = db.scalars(select(AttachmentRow.path).order_by(AttachmentRow.id))
    return sum(
        reseal_whole(root / path, attachment_context(path), old_vault, new_vault)
        for path in paths
        if (root / path).is_file()
    )
