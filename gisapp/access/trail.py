"""The audit trail as people read it: page by page, by actor, action and day, with the word of the chain itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, select

from gisapp.access.actors import Actor
from gisapp.access.permissions import require
from gisapp.access.scrub import scrub
from gisapp.store.audit import first_broken_event
from gisapp.store.database import session
from gisapp.store.tables import AuditEvent

if TYPE_CHECKING:
    from gisapp.workspace.folder import Workspace

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which events are asked for; ``None`` is every one. Days are of UTC, both ends included."""

    actor: str | None = None
    action: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Event:
    """One event, its detail as pairs; never an identity."""

    number: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Trail:
    """One page of events, newest first. ``broken`` is the number of the first event that was tampered with, or None."""

    events: tuple[Event, ...]
    total: int
    page: int
    actors: tuple[str, ...]
    actions: tuple[str, ...]
    broken: int | None

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE))


def read_trail(workspace: Workspace, wanted: Wanted, *, page: int, actor: Actor) -> Trail:
    """Read one page of the trail, and check the whole chain."""
    require(actor, "audit.read")
    asked = select(AuditEvent).where(*_conditions(wanted))
    with session(workspace.database, write=False) as db:
        total = db.scalar(select(func.count()).select_from(asked.subquery())) or 0
        rows = db.scalars(asked.order_by(AuditEvent.number.desc()).limit(PAGE).offset((page - 1) * PAGE)).all()
        return Trail(
            events=tuple(_event(row) for row in rows),
            total=total,
            page=page,
            actors=tuple(db.scalars(select(AuditEvent.actor).distinct().order_by(AuditEvent.actor))),
            actions=tuple(db.scalars(select(AuditEvent.action).distinct().order_by(AuditEvent.action))),
            broken=first_broken_event(db),
        )


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.actor is not None:
        found.append(AuditEvent.actor == wanted.actor)
    if wanted.action is not None:
        found.append(AuditEvent.action == wanted.action)
    if wanted.since is not None:
        found.append(AuditEvent.at >= _midnight(wanted.since))
    if wanted.until is not None and wanted.until < date.max:
        found.append(AuditEvent.at < _midnight(wanted.until) + timedelta(days=1))
    return found


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _event(row: AuditEvent) -> Event:
    detail: dict[str, Any] = json.loads(row.detail)
    pairs = tuple((name, scrub(_plain(value))) for name, value in detail.items() if value is not None)
    return Event(
        number=row.number, at=row.at, actor=row.actor, action=row.action, subject=scrub(row.subject), detail=pairs
    )


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
