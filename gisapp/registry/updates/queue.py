"""The queue of cases, and one case with its history."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from gisapp.access.actors import Actor
from gisapp.access.permissions import require
from gisapp.analysis.codes import digits
from gisapp.registry.sealing import last_four
from gisapp.registry.updates.ledger import case_of, find_case, newest_snapshot, next_actions, summary_of
from gisapp.registry.updates.model import (
    Attachment,
    CaseDetail,
    CaseSummary,
    Step,
    VisitList,
    case_number,
)
from gisapp.registry.updates.sealing import Contents, step_context, unseal, unseal_text
from gisapp.registry.updates.states import CLOSED
from gisapp.registry.updates.tables import AttachmentRow, CaseRow, StepRow, VisitListRow
from gisapp.store.audit import append_event
from gisapp.store.database import session
from gisapp.store.vault import Vault, open_vault
from gisapp.workspace.folder import Workspace

MOST_AT_ONCE = 500


def attachment_context(path: str) -> str:
    """What an attachment's bytes and its name are bound to."""
    return f"attachment {path}"


def cases(
    ws: Workspace, actor: Actor, *, state: str | None = None, kind: str | None = None, area: str | None = None,
    stale: bool | None = None, list_id: int | None = None, limit: int = 50, offset: int = 0,
) -> list[CaseSummary]:  # fmt: skip
    """Cases of the actor's area, those that moved last first; ``area`` may be a desa or a kecamatan."""
    require(actor, "updates.view")
    with session(ws.database, write=False) as db:
        newest = newest_snapshot(db)
        wanted = _within(select(CaseRow), actor, area)
        for column, value in ((CaseRow.state, state), (CaseRow.kind, kind), (CaseRow.list_id, list_id)):
            if value is not None:
                wanted = wanted.where(column == value)
        if stale is not None:
            wanted = wanted.where(_stale(newest) if stale else ~_stale(newest))
        wanted = wanted.order_by(CaseRow.updated_at.desc(), CaseRow.id.desc())
        rows = db.scalars(wanted.limit(min(limit, MOST_AT_ONCE)).offset(offset))
        return [summary_of(row, newest) for row in rows]


def count_cases(ws: Workspace, actor: Actor, *, area: str | None = None) -> dict[str, int]:
    """Number of cases by state in the actor's area; ``stale`` counts the open ones on an older snapshot."""
    require(actor, "updates.view")
    with session(ws.database, write=False) as db:
        newest = newest_snapshot(db)
        by_state = select(CaseRow.state, func.count()).group_by(CaseRow.state)
        counts = Counter({str(found[0]): int(found[1]) for found in db.execute(_within(by_state, actor, area))})
        old = _within(select(func.count()).select_from(CaseRow), actor, area).where(_stale(newest))
        counts["stale"] = db.scalar(old) or 0
    return dict(counts)


def _within(wanted: Any, actor: Actor, area: str | None) -> Any:
    """Only cases of the actor's area, and of ``area``; codes are compared by their digits, dots or not."""
    bare = func.replace(CaseRow.area, ".", "")
    for place in (actor.area, area):
        if place is not None:
            wanted = wanted.where(bare.like(f"{digits(place) or '-'}%"))
    return wanted


def _stale(newest: str | None) -> Any:
    return (CaseRow.state.not_in(CLOSED)) & (CaseRow.base_snapshot != (newest or ""))


def case(ws: Workspace, actor: Actor, case_id: int) -> CaseDetail:
    """One case with its steps, its attachments and what this actor may do next; NIK and KK show four digits."""
    vault = open_vault(ws.root)
    with session(ws.database, write=False) as db:
        row = find_case(db, actor, case_id, "updates.view")
        contents, newest = unseal(vault, row), newest_snapshot(db)
        return CaseDetail(
            case=case_of(row, newest),
            nik_tail=last_four(contents.identity.nik),
            family_number_tail=last_four(contents.identity.family_number),
            answers=contents.in_force,
            persons=len(contents.persons_in_force),
            steps=_steps(db, vault, row),
            attachments=attachments_of(db, vault, AttachmentRow.case_id == row.id),
            next_actions=next_actions(row, actor, newest),
        )


def read_case(ws: Workspace, actor: Actor, case_id: int, purpose: str = "update") -> Contents:
    """Who a case is about and everything that was said, for a recorded purpose; the reading is audited."""
    vault = open_vault(ws.root)
    with session(ws.database) as db:
        row = find_case(db, actor, case_id, "identity.read")
        append_event(
            db, action="updates.read_identity", actor=actor.name, subject=case_number(row.id),
            detail={"purpose": purpose[:100], "role": actor.role},
        )  # fmt: skip
        return unseal(vault, row)


def _steps(db: Session, vault: Vault, row: CaseRow) -> tuple[Step, ...]:
    rows = db.scalars(select(StepRow).where(StepRow.case_id == row.id).order_by(StepRow.number))
    return tuple(
        Step(
            number=one.number, at=one.at, actor=one.actor, role=one.role, action=one.action,
            from_state=one.from_state, to_state=one.to_state, document=one.document,
            reason=unseal_text(vault, one.sealed_reason, step_context(row.id, one.number)),
        )
        for one in rows
    )  # fmt: skip


def attachments_of(db: Session, vault: Vault, which: Any) -> tuple[Attachment, ...]:
    """Attachments of a case or a meeting, without their bytes."""
    rows = db.scalars(select(AttachmentRow).where(or_(which)).order_by(AttachmentRow.id))
    return tuple(attachment_of(vault, one) for one in rows)


def attachment_of(vault: Vault, row: AttachmentRow) -> Attachment:
    """One attachment with its name opened."""
    return Attachment(
        id=row.id, case_id=row.case_id, meeting_id=row.meeting_id, kind=row.kind, media_type=row.media_type,
        size=row.size, name=unseal_text(vault, row.sealed_name, attachment_context(row.path)), added_by=row.added_by,
        added_at=row.added_at,
    )  # fmt: skip


def visit_lists(ws: Workspace, actor: Actor, *, area: str | None = None) -> list[VisitList]:
    """Verification lists of the actor's area, the newest first, with the cases that are on them now."""
    require(actor, "updates.view")
    with session(ws.database, write=False) as db:
        rows = db.scalars(select(VisitListRow).order_by(VisitListRow.id.desc()))
        return [
            visit_list_of(db, row)
            for row in rows
            if actor.covers(row.area) and (area is None or digits(row.area).startswith(digits(area)))
        ]


def visit_list_of(db: Session, row: VisitListRow) -> VisitList:
    """A verification list with its cases."""
    ids = db.scalars(select(CaseRow.id).where(CaseRow.list_id == row.id).order_by(CaseRow.id))
    return VisitList(
        id=row.id, area=row.area, case_ids=tuple(ids), created_by=row.created_by, created_at=row.created_at
    )  # fmt: skip
