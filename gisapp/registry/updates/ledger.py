"""Cases found, checked and moved on: every step leaves its row, and a case that is not yours is not there."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gisapp.access.actors import Actor
from gisapp.access.permissions import allowed, require
from gisapp.errors import NotFoundError
from gisapp.registry.tables import IntakeRow
from gisapp.registry.updates.model import Case, CaseSummary, ConflictError, Notes, StepRefusedError, case_number
from gisapp.registry.updates.sealing import seal_text, step_context
from gisapp.registry.updates.states import ACCEPTABLE, ACTIONS, CLOSED, STATES
from gisapp.registry.updates.tables import CaseRow, StepRow
from gisapp.store.audit import append_event
from gisapp.store.hashing import canonical_json
from gisapp.store.tables import utc_now
from gisapp.store.vault import Vault


def find_case(db: Session, actor: Actor, case_id: int, permission: str) -> CaseRow:
    """The row of a case that this actor may see; another's case is answered as one that does not exist."""
    require(actor, permission)
    row = db.get(CaseRow, case_id)
    if row is None or not actor.covers(row.area):
        raise missing(case_number(case_id))
    return row


def missing(what: str) -> NotFoundError:
    """The one answer for what does not exist and what is another's."""
    return NotFoundError(
        f"There is no {what} in your area.", f"Tidak ada {what} di wilayah kerja Anda.", code="case_unknown"
    )


def find_cases(db: Session, actor: Actor, case_ids: Iterable[int], action: str) -> list[CaseRow]:
    """Rows of several cases, by number, each in a state from which the action may be taken."""
    wanted = sorted(set(case_ids))
    if not wanted:
        raise StepRefusedError("Choose at least one case.", "Pilih paling sedikit satu usulan.", code="no_case")
    rows = [find_case(db, actor, case_id, ACTIONS[action].permission) for case_id in wanted]
    for row in rows:
        require_state(row, action)
    return rows


def require_version(row: CaseRow, version: int) -> None:
    """Refuse to work on a case that has moved since it was looked at."""
    if row.version != version:
        raise ConflictError(
            f"{case_number(row.id)} was changed by somebody else in the meantime (version {row.version}, you saw "
            f"{version}). Look at it again, then decide.",
            f"{case_number(row.id)} sudah diubah orang lain (versi {row.version}, yang Anda lihat {version}). "
            "Buka lagi, lalu putuskan.",
        )


def require_state(row: CaseRow, action: str) -> None:
    """Refuse an action that does not follow from the case's state."""
    wanted = ACTIONS[action]
    if row.state in wanted.before:
        return
    id, en = STATES[row.state]
    listed_id = ", ".join(STATES[state][0] for state in wanted.before)
    listed_en = ", ".join(STATES[state][1] for state in wanted.before)
    raise StepRefusedError(
        f"{case_number(row.id)} is {en}; to {wanted.en} it must be: {listed_en}.",
        f"{case_number(row.id)} berstatus {id}; untuk {wanted.id} harus: {listed_id}.",
        code="state",
    )


def move(
    db: Session, vault: Vault, row: CaseRow, action: str, to: str, actor: Actor, *,
    reason: str = "", document: str | None = None,
) -> None:  # fmt: skip
    """Put a case into a state: its step, its version and its audit event, in the caller's transaction."""
    number = (db.scalar(select(func.max(StepRow.number)).where(StepRow.case_id == row.id)) or 0) + 1
    before = row.state if number > 1 else None
    now = utc_now()
    db.add(
        StepRow(
            case_id=row.id, number=number, at=now, actor=actor.name, role=actor.role, action=action,
            from_state=before, to_state=to, sealed_reason=seal_text(vault, reason, step_context(row.id, number)),
            document=document,
        )
    )  # fmt: skip
    if action != "rebase":  # what nobody did must not look like somebody else's change
        row.version, row.updated_at = row.version + 1, now
    row.state = to
    append_event(
        db, action=f"updates.{action}", actor=actor.name, subject=case_number(row.id),
        detail={"from": before, "to": to, "area": row.area, "document": document},
    )  # fmt: skip


def notes_of(row: CaseRow) -> Notes:
    """What matching noticed about a case."""
    data = json.loads(row.notes)
    return Notes(**{name: tuple(values) for name, values in data.items()})


def set_notes(row: CaseRow, notes: Notes) -> None:
    """Keep what matching noticed."""
    row.notes = canonical_json(asdict(notes))


def newest_snapshot(db: Session) -> str | None:
    """Hash of the snapshot that stands now: the newest of the latest period."""
    wanted = select(IntakeRow.snapshot_hash).where(IntakeRow.snapshot_hash.is_not(None))
    return db.scalars(wanted.order_by(IntakeRow.period.desc(), IntakeRow.number.desc()).limit(1)).first()


def is_stale(row: CaseRow, newest: str | None) -> bool:
    """Whether an open case rests on a snapshot that is no longer the newest."""
    return row.state not in CLOSED and row.base_snapshot is not None and row.base_snapshot != newest


def _plain(row: CaseRow, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names if hasattr(row, name)}


def summary_of(row: CaseRow, newest: str | None) -> CaseSummary:
    """A case as a list shows it."""
    plain = _plain(row, CaseSummary.__dataclass_fields__)
    plain |= {"number": case_number(row.id), "stale": is_stale(row, newest), "notes": notes_of(row)}
    return CaseSummary(**plain)


def case_of(row: CaseRow, newest: str | None) -> Case:
    """A case with what the workflow knows of it."""
    plain = _plain(row, Case.__dataclass_fields__)
    plain |= {"number": case_number(row.id), "stale": is_stale(row, newest), "notes": notes_of(row)}
    return Case(**plain)


def next_actions(row: CaseRow, actor: Actor, newest: str | None) -> tuple[str, ...]:
    """Names of the actions that this actor may take on the case as it stands."""
    return tuple(
        action.name
        for action in ACTIONS.values()
        if row.state in action.before
        and allowed(actor, action.permission)
        and (action.name != "match" or row.state == "registered" or is_stale(row, newest))
        and _two_people(row, actor, action.name)
    )


def acceptable(row: CaseRow) -> bool:
    """Whether the meeting agreed, the visit lets this kind be accepted, and matching does not contradict it."""
    if row.decision != "agree" or row.result not in ACCEPTABLE[row.kind]:
        return False
    known = row.family_id is not None
    return not known if row.kind == "new" else known or row.kind == "objection"


def _two_people(row: CaseRow, actor: Actor, action: str) -> bool:
    if action not in ("approve", "accept"):
        return True
    if not acceptable(row) or actor.name == row.registered_by:
        return False
    return row.approved_by is None if action == "approve" else row.approved_by not in (None, actor.name)
