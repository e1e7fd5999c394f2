"""How long the quarantine is kept: a date for every intake, what is due, and its removal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from gisapp.access.actors import LOCAL, Actor
from gisapp.errors import Problem
from gisapp.registry.quarantine import keep_rows, quarantine_path
from gisapp.registry.tables import IntakeRow
from gisapp.store.audit import append_event
from gisapp.store.database import session
from gisapp.store.files import workspace_lock
from gisapp.store.tables import utc_now
from gisapp.workspace.folder import Workspace
from gisapp.workspace.settings import WorkspaceSettings


@dataclass(frozen=True, kw_only=True)
class Due:
    """A quarantine whose time has come."""

    import_id: str
    period: str
    source: str
    rows: int
    retention_until: date


def keep_until(settings: WorkspaceSettings) -> date:
    """Last day on which the quarantine of an intake of today is kept."""
    return utc_now().date() + timedelta(days=settings.quarantine_retention_days)


def due(ws: Workspace, *, today: date | None = None) -> tuple[Due, ...]:
    """Quarantines with rows that were to be kept until a day before today, oldest first."""
    day = today or utc_now().date()
    wanted = select(IntakeRow).where(IntakeRow.retention_until < day, IntakeRow.quarantined > 0)
    with session(ws.database, write=False) as database:
        rows = database.scalars(wanted.order_by(IntakeRow.number)).all()
    return tuple(
        Due(
            import_id=row.import_id, period=row.period, source=row.source, rows=row.quarantined,
            retention_until=row.retention_until,
        )
        for row in rows
        if row.retention_until is not None
    )  # fmt: skip


def purge(ws: Workspace, actor: Actor = LOCAL, *, today: date | None = None) -> int:
    """Remove the rows of every quarantine that is due, and record it; returns how many quarantines.

    What stays of a quarantine are the hashes of accepted ids, so that the same file taken in again still changes
    nothing and a correction is still compared. The counts of the intake stay as they were.
    """
    with workspace_lock(ws.root):
        found = due(ws, today=today)
        for one in found:
            if quarantine_path(ws, one.import_id).is_file():
                keep_rows(ws, one.import_id, _none)
            with session(ws.database) as database:
                row = database.scalars(select(IntakeRow).where(IntakeRow.import_id == one.import_id)).one()
                row.retention_until = None
                append_event(
                    database,
                    action="quarantine.purge",
                    actor=actor.name,
                    subject=one.import_id,
                    detail={"rows": one.rows, "retention_until": one.retention_until.isoformat()},
                )
    return len(found)


def purged_problems(ws: Workspace, actor: Actor = LOCAL, *, today: date | None = None) -> tuple[Problem, ...]:
    """Purge what is due, and say so (code ``quarantine_purged``) where something was."""
    count = purge(ws, actor, today=today)
    if not count:
        return ()
    return (
        Problem(
            code="quarantine_purged",
            severity="info",
            count=count,
            detail="Quarantined rows whose retention had ended were removed (quarantine_retention_days).",
            detail_id="Baris karantina yang habis masa simpannya dibuang (quarantine_retention_days).",
        ),
    )


def _none(cells: list[str]) -> bool:
    del cells
    return False
