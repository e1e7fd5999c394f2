"""Village meetings (musdes/muskel): what was decided about each case, and its submission."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gisapp.access.actors import Actor
from gisapp.access.permissions import require
from gisapp.analysis.codes import digits
from gisapp.registry.updates.ledger import case_of, find_cases, missing, move, newest_snapshot
from gisapp.registry.updates.model import Case, Decision, Meeting, Minutes, StepRefusedError, case_number
from gisapp.registry.updates.queue import attachments_of
from gisapp.registry.updates.states import DECISIONS, REJECTIONS
from gisapp.registry.updates.tables import AttachmentRow, CaseRow, DecisionRow, MeetingRow
from gisapp.registry.updates.visits import require_past
from gisapp.store.audit import append_event
from gisapp.store.database import session
from gisapp.store.hashing import canonical_json
from gisapp.store.tables import utc_now
from gisapp.store.vault import Vault, open_vault
from gisapp.workspace.folder import Workspace

#: Elements of a meeting whose presence the minutes count -> (Indonesian, English).
ELEMENTS = {
    "government": ("pemerintah desa/kelurahan", "desa government"),
    "bpd": ("BPD/LPM", "village council"),
    "hamlets": ("kepala dusun, RW dan RT", "heads of hamlets and neighbourhoods"),
    "women": ("wakil perempuan/PKK", "women"),
    "youth": ("pemuda", "youth"),
    "poor_families": ("wakil keluarga kurang mampu", "families in need"),
    "facilitators": ("pendamping/pilar sosial", "facilitators"),
    "others": ("unsur lain", "others"),
}
_MOST_PRESENT = 10_000
_LONGEST = 2_000


def deliberate(ws: Workspace, actor: Actor, case_ids: Iterable[int], minutes: Minutes) -> Meeting:
    """Record a meeting that decided about visited cases of one desa."""
    require(actor, "updates.deliberate", area=minutes.area)
    wanted = sorted(set(case_ids))
    _check(wanted, minutes)
    vault = open_vault(ws.root)
    with session(ws.database) as db:
        rows = find_cases(db, actor, wanted, "deliberate")
        strange = [case_number(row.id) for row in rows if digits(row.area) != digits(minutes.area)]
        if strange:
            raise _refused("other_desa", f"Not of this desa: {', '.join(strange)}.",
                           f"Bukan dari desa ini: {', '.join(strange)}.")  # fmt: skip
        meeting = _store(db, vault, actor, minutes, rows[0].area)
        _take_attachments(db, actor, minutes, meeting)
        for row in rows:
            _decide(db, vault, actor, row, meeting, minutes.decisions[row.id])
        append_event(db, action="updates.meeting", actor=actor.name, subject=f"meeting {meeting.id}",
                     detail={"area": meeting.area, "cases": len(rows), "present": meeting.present})  # fmt: skip
        db.flush()
        return _meeting_of(db, vault, meeting)


def _refused(code: str, en: str, id: str) -> StepRefusedError:
    return StepRefusedError(en, id, code=code)


def _check(wanted: list[int], minutes: Minutes) -> None:
    require_past(minutes.held_on)
    if set(wanted) != set(minutes.decisions):
        raise _refused("decision_missing", "Every case of the meeting needs a decision, and no other.",
                       "Setiap usulan dalam musyawarah perlu keputusan, dan tidak ada yang lain.")  # fmt: skip
    for case_id, one in minutes.decisions.items():
        if one.decision not in DECISIONS or (one.decision == "reject" and one.reason not in REJECTIONS):
            known = ", ".join(REJECTIONS)
            raise _refused("decision", f"{case_number(case_id)}: agree, or reject with a reason ({known}).",
                           f"{case_number(case_id)}: agree, atau reject dengan alasan ({known}).")  # fmt: skip
    counts = minutes.present
    if set(counts) - set(ELEMENTS) or any(not 0 <= n <= _MOST_PRESENT for n in counts.values()) or not any(
        counts.values()
    ):  # fmt: skip
        known = ", ".join(ELEMENTS)
        raise _refused("present", f"Count the people present by element ({known}); somebody was there.",
                       f"Hitung yang hadir menurut unsur ({known}); pasti ada yang hadir.")  # fmt: skip
    if not minutes.place.strip():
        raise _refused("place", "Say where the meeting was held.", "Sebutkan tempat musyawarah.")
    if any(len(text) > _LONGEST for text in (minutes.place, minutes.chair, minutes.secretary, minutes.remarks)):
        raise _refused("text_too_long", f"A text is longer than {_LONGEST} characters.",
                       f"Ada teks lebih dari {_LONGEST} karakter.")  # fmt: skip


def _store(db: Session, vault: Vault, actor: Actor, minutes: Minutes, area: str) -> MeetingRow:
    row = MeetingRow(
        area=area, held_on=minutes.held_on.isoformat(), present=sum(minutes.present.values()), sealed=b"",
        created_by=actor.name, created_at=utc_now(),
    )  # fmt: skip
    db.add(row)
    db.flush()
    told = {"place": minutes.place, "chair": minutes.chair, "secretary": minutes.secretary,
            "remarks": minutes.remarks, "present": dict(minutes.present)}  # fmt: skip
    row.sealed = vault.encrypt(canonical_json(told).encode(), meeting_context(row.id))
    return row


def meeting_context(meeting_id: int) -> str:
    """What the sealed part of a meeting is bound to."""
    return f"update meeting {meeting_id}"


def _take_attachments(db: Session, actor: Actor, minutes: Minutes, meeting: MeetingRow) -> None:
    for attachment_id in minutes.attachment_ids:
        found = db.get(AttachmentRow, attachment_id)
        free = found is not None and found.case_id is None and found.meeting_id is None
        if found is None or not free or found.added_by != actor.name:
            raise missing("attachment / lampiran")
        found.meeting_id = meeting.id


def _decide(db: Session, vault: Vault, actor: Actor, row: CaseRow, meeting: MeetingRow, one: Decision) -> None:
    reason = one.reason if one.decision == "reject" else None
    row.decision, row.decision_reason, row.meeting_id = one.decision, reason, meeting.id
    db.add(DecisionRow(meeting_id=meeting.id, case_id=row.id, decision=one.decision, reason=reason))
    move(db, vault, row, "deliberate", "deliberated", actor, reason=reason or "", document=f"meeting {meeting.id}")


def submit(ws: Workspace, actor: Actor, case_ids: Iterable[int]) -> list[Case]:
    """Submit deliberated cases, agreed and rejected ones alike: those above decide."""
    vault = open_vault(ws.root)
    with session(ws.database) as db:
        rows = find_cases(db, actor, case_ids, "submit")
        for row in rows:
            move(db, vault, row, "submit", "submitted", actor, document=f"meeting {row.meeting_id}")
        newest = newest_snapshot(db)
        return [case_of(row, newest) for row in rows]


def meetings(ws: Workspace, actor: Actor, *, area: str | None = None) -> list[Meeting]:
    """Meetings of the actor's area, the newest first."""
    require(actor, "updates.view")
    vault = open_vault(ws.root)
    with session(ws.database, write=False) as db:
        rows = db.scalars(select(MeetingRow).order_by(MeetingRow.id.desc()))
        near = [row for row in rows if actor.covers(row.area)]
        return [_meeting_of(db, vault, row) for row in near if not area or digits(row.area).startswith(digits(area))]


def meeting(ws: Workspace, actor: Actor, meeting_id: int) -> Meeting:
    """One meeting of the actor's area."""
    vault = open_vault(ws.root)
    with session(ws.database, write=False) as db:
        return _meeting_of(db, vault, find_meeting(db, actor, meeting_id, "updates.view"))


def find_meeting(db: Session, actor: Actor, meeting_id: int, permission: str) -> MeetingRow:
    """The row of a meeting that this actor may see."""
    require(actor, permission)
    row = db.get(MeetingRow, meeting_id)
    if row is None or not actor.covers(row.area):
        raise missing(f"meeting {meeting_id} / musyawarah")
    return row


def _meeting_of(db: Session, vault: Vault, row: MeetingRow) -> Meeting:
    told: dict[str, Any] = json.loads(vault.decrypt(row.sealed, meeting_context(row.id)))
    decided = db.scalars(select(DecisionRow).where(DecisionRow.meeting_id == row.id).order_by(DecisionRow.case_id))
    return Meeting(
        id=row.id, area=row.area, held_on=row.held_on, **told,
        decisions={one.case_id: Decision(decision=one.decision, reason=one.reason) for one in decided},
        attachments=attachments_of(db, vault, AttachmentRow.meeting_id == row.id), created_by=row.created_by,
        created_at=row.created_at,
    )  # fmt: skip
