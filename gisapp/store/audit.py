"""The audit trail: append-only, each event chained to the one before it by a hash."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gisapp.store.hashing import canonical_json, sha256_json
from gisapp.store.tables import AuditEvent, utc_now

#: What stands in for the event before the first.
GENESIS = "0" * 64


def _hash(event: AuditEvent) -> str:
    return sha256_json(
        [
            event.number,
            event.at.isoformat(),
            event.actor,
            event.action,
            event.subject,
            event.detail,
            event.previous_hash,
        ]
    )


def append_event(
    session: Session, *, action: str, subject: str, detail: dict[str, Any] | None = None, actor: str = "local"
) -> AuditEvent:
    """Add an event in the caller's transaction; ``detail`` must hold no identity of a family."""
    last = session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc()).limit(1)).first()
    event = AuditEvent(
        number=last.number + 1 if last else 1,
        at=utc_now(),
        actor=actor,
        action=action,
        subject=subject,
        detail=canonical_json(detail or {}),
        previous_hash=last.hash if last else GENESIS,
    )
    event.hash = _hash(event)
    session.add(event)
    session.flush()
    return event


def first_broken_event(session: Session) -> int | None:
    """Number of the first event that was changed, removed or inserted, or None where the chain is whole."""
    previous = GENESIS
    events = session.scalars(select(AuditEvent).order_by(AuditEvent.number).execution_options(yield_per=1000))
    with events:
        for position, event in enumerate(events, start=1):
            if event.number != position or event.previous_hash != previous or event.hash != _hash(event):
                return position
            previous = event.hash
    return None
