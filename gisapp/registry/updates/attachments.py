"""Photos, scans and minutes: cleaned, encrypted under random names beside the registry, every opening audited."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from gisapp.access.actors import Actor
from gisapp.access.permissions import allowed, require
from gisapp.analysis.codes import digits
from gisapp.errors import FileRefusedError
from gisapp.readers.pictures import clean_picture
from gisapp.registry.ground import read_ground
from gisapp.registry.updates.ledger import find_case, missing
from gisapp.registry.updates.meetings import find_meeting
from gisapp.registry.updates.model import Attachment, StepRefusedError, case_number
from gisapp.registry.updates.queue import attachment_context, attachment_of
from gisapp.registry.updates.sealing import unseal_text
from gisapp.registry.updates.states import CLOSED
from gisapp.registry.updates.tables import AttachmentRow
from gisapp.store.audit import append_event
from gisapp.store.database import session
from gisapp.store.files import atomic_write_bytes, make_private_folder
from gisapp.store.tables import utc_now
from gisapp.store.vault import open_vault
from gisapp.workspace.folder import Workspace

FOLDER = "registry/attachments"
#: Kind of attachment -> (Indonesian, English).
ATTACHMENT_KINDS = {
    "photo": ("foto", "photo"),
    "scan": ("pindaian berkas", "scan of a paper"),
    "minutes": ("berita acara", "minutes"),
}
MOST_BYTES = 10_000_000
MOST_PER_CASE = 20
LONGEST_NAME = 120

_MAY_ADD = ("updates.register", "updates.visit", "updates.deliberate", "updates.match")
_BASE_NAME = re.compile(r"[^/\\]*$")
_UNSAFE = re.compile(r"[^\w .,()+-]+")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


@dataclass(frozen=True, kw_only=True)
class OpenedAttachment:
    """An attachment with its bytes."""

    body: bytes
    media_type: str
    name: str


def attach(
    ws: Workspace, actor: Actor, *, stream: IO[bytes], filename: str, kind: str, case_id: int | None = None,
    meeting_id: int | None = None, area: str | None = None, limit: int = MOST_BYTES,
) -> Attachment:  # fmt: skip
    """Add a photo or a scan to a case or a meeting; with an ``area`` alone it waits for the meeting to be recorded."""
    if not any(allowed(actor, permission) for permission in _MAY_ADD):
        require(actor, _MAY_ADD[0])
    if kind not in ATTACHMENT_KINDS or sum(one is not None for one in (case_id, meeting_id, area)) != 1:
        raise StepRefusedError("An attachment is a photo, scan or minutes of one case or one meeting.",
                               "Lampiran adalah photo, scan atau minutes dari satu usulan atau satu musyawarah.",
                               code="attachment")  # fmt: skip
    data = _read(stream, limit)
    content, media_type = clean_picture(data)
    own = read_ground(ws).book.own.get(digits(area)) if area is not None else None
    vault, path = open_vault(ws.root), f"{FOLDER}/{secrets.token_hex(16)}.enc"
    name = safe_name(filename, media_type)
    make_private_folder(ws.root / FOLDER)
    with session(ws.database) as db:
        place = _place(db, actor, case_id, meeting_id, own)
        row = AttachmentRow(
            case_id=case_id, meeting_id=meeting_id, area=place, kind=kind, media_type=media_type, path=path,
            size=len(content), sealed_name=vault.encrypt(name.encode(), attachment_context(path)),
            added_by=actor.name, added_at=utc_now(),
        )  # fmt: skip
        db.add(row)
        db.flush()
        subject = case_number(case_id) if case_id is not None else f"attachment {row.id}"
        append_event(db, action="updates.attach", actor=actor.name, subject=subject,
                     detail={"attachment": row.id, "kind": kind, "bytes": len(content)})  # fmt: skip
        atomic_write_bytes(ws.root / path, vault.encrypt(content, attachment_context(path)))
        return attachment_of(vault, row)


def withdraw(ws: Workspace, actor: Actor, attachment_ids: Sequence[int]) -> None:
    """Take back one's own attachments that waited for a meeting which was then not recorded."""
    waiting = select(AttachmentRow).where(
        AttachmentRow.id.in_(attachment_ids), AttachmentRow.added_by == actor.name,
        AttachmentRow.case_id.is_(None), AttachmentRow.meeting_id.is_(None),
    )  # fmt: skip
    with session(ws.database) as db:
        rows = list(db.scalars(waiting))
        for row in rows:
            db.delete(row)
            append_event(db, action="updates.withdraw", actor=actor.name, subject=f"attachment {row.id}")
    for row in rows:
        (ws.root / row.path).unlink(missing_ok=True)


def _read(stream: IO[bytes], limit: int) -> bytes:
    data = stream.read(limit + 1)
    if len(data) > limit:
        megabytes = limit // 1_000_000
        raise FileRefusedError(f"The file is larger than {megabytes} MB. Make it smaller first.",
                               f"Berkas lebih dari {megabytes} MB. Perkecil dahulu.", code="too_large")  # fmt: skip
    if not data:
        raise FileRefusedError("The file is empty.", "Berkas kosong.", code="empty")
    return data


def _place(db: Session, actor: Actor, case_id: int | None, meeting_id: int | None, own: str | None) -> str:
    """Desa of what the attachment belongs to, where the actor may add one."""
    if meeting_id is not None:
        return find_meeting(db, actor, meeting_id, "updates.view").area
    if case_id is None:
        if own is None or not actor.covers(own):
            raise missing("desa")
        return own
    row = find_case(db, actor, case_id, "updates.view")
    if row.state in CLOSED:
        raise StepRefusedError("The case is closed.", "Usulan ini sudah selesai.", code="state")
    many = db.scalar(select(func.count()).where(or_(AttachmentRow.case_id == case_id))) or 0
    if many >= MOST_PER_CASE:
        raise StepRefusedError(f"The case already has {MOST_PER_CASE} attachments.",
                               f"Sudah ada {MOST_PER_CASE} lampiran.", code="attachments_full")  # fmt: skip
    return row.area


def open_attachment(ws: Workspace, actor: Actor, attachment_id: int) -> OpenedAttachment:
    """Open one attachment; photos and scans show people, so they need ``identity.read``. Each opening is audited."""
    require(actor, "updates.view")
    vault = open_vault(ws.root)
    with session(ws.database) as db:
        row = db.get(AttachmentRow, attachment_id)
        if row is None or not actor.covers(row.area):
            raise missing(f"attachment {attachment_id} / lampiran")
        require(actor, "updates.view" if row.kind == "minutes" else "identity.read")
        content = vault.decrypt((ws.root / row.path).read_bytes(), attachment_context(row.path))
        append_event(db, action="updates.open_attachment", actor=actor.name, subject=f"attachment {row.id}",
                     detail={"kind": row.kind, "role": actor.role})  # fmt: skip
        name = unseal_text(vault, row.sealed_name, attachment_context(row.path))
        return OpenedAttachment(body=content, media_type=row.media_type, name=name)


def safe_name(filename: str, media_type: str) -> str:
    """A name that can do no harm on any machine; its ending says what the file is.

    >>> safe_name("../../a", "image/png"), safe_name("CON", "application/pdf")
    ('a.png', 'berkas CON.pdf')
    """
    match = _BASE_NAME.search(filename)
    bare = _UNSAFE.sub("_", match.group(0) if match else "").strip(" ._")
    stem = bare.rpartition(".")[0] or bare
    if not stem:
        stem = "lampiran"
    if _RESERVED.fullmatch(stem):
        stem = f"berkas {stem}"
    ending = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}.get(media_type, "pdf")
    return f"{stem[:LONGEST_NAME]}.{ending}"
