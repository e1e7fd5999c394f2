"""What was taken in, for those who see counts only: each file with its provenance, and which one stands."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from gisapp.access.actors import Actor
from gisapp.access.permissions import allowed, require
from gisapp.errors import NotFoundError
from gisapp.registry.reasons import REASONS, WARNINGS
from gisapp.registry.tables import IntakeRow, SnapshotRow
from gisapp.store.database import session
from gisapp.store.tables import utc_now
from gisapp.workspace.folder import Workspace


@dataclass(frozen=True, kw_only=True)
class IntakeSummary:
    """One intake with its counts and where it came from. ``stands``: its snapshot is the newest of its period.

    ``families`` came with it; ``snapshot_families`` are in its snapshot.
    """

    number: int
    import_id: str
    root_import_id: str
    kind: str
    period: str
    source: str
    form: str
    codes: str
    rows: int
    accepted: int
    quarantined: int
    families: int
    reasons: dict[str, int]
    warnings: dict[str, int]
    snapshot: str | None
    snapshot_families: int
    created_at: datetime
    bast_number: str
    received_from: str
    purpose: str
    permitted_use: str
    expires_on: date | None
    retention_until: date | None
    erased: int
    stands: bool

    @property
    def expired(self) -> bool:
        """Whether what the file may be used for has ended."""
        return self.expires_on is not None and self.expires_on < utc_now().date()

    @property
    def corrects(self) -> bool:
        """Whether the file was a corrected quarantine."""
        return self.root_import_id != self.import_id


def intakes(ws: Workspace, actor: Actor) -> list[IntakeSummary]:
    """Every intake, the newest first. A file's name may name people: who takes no files in sees the intake's id."""
    require(actor, "registry.overview")
    named = allowed(actor, "registry.intake")
    with session(ws.database, write=False) as database:
        rows = list(database.scalars(select(IntakeRow).order_by(IntakeRow.number.desc())))
        snapshots = {row.hash: row.rows for row in database.scalars(select(SnapshotRow))}
    standing: dict[str, int] = {}
    for row in rows:
        if row.snapshot_hash is not None:
            standing.setdefault(row.period, row.number)
    return [
        _summary(
            row,
            snapshots.get(row.snapshot_hash or "", 0),
            stands=standing.get(row.period) == row.number,
            source=row.source if named or row.kind != "file" else row.import_id,
        )
        for row in rows
    ]


def intake(ws: Workspace, import_id: str, actor: Actor) -> IntakeSummary:
    """One intake; NotFoundError where there is none of this id."""
    for one in intakes(ws, actor):
        if one.import_id == import_id:
            return one
    raise NotFoundError("There is no such intake.", "Tidak ada penerimaan itu.", code="import_unknown")


def words() -> dict[str, tuple[str, str]]:
    """Sentence for every reason and warning: (Indonesian, English)."""
    return {**WARNINGS, **REASONS}


def _summary(row: IntakeRow, snapshot_families: int, *, stands: bool, source: str) -> IntakeSummary:
    return IntakeSummary(
        number=row.number, import_id=row.import_id, root_import_id=row.root_import_id, kind=row.kind,
        period=row.period, source=source, form=row.form, codes=row.codes, rows=row.rows, accepted=row.accepted,
        quarantined=row.quarantined, families=row.families, reasons=json.loads(row.reasons),
        warnings=json.loads(row.warnings), snapshot=row.snapshot_hash,
        snapshot_families=snapshot_families, created_at=row.created_at,
        bast_number=row.bast_number, received_from=row.received_from, purpose=row.purpose,
        permitted_use=row.permitted_use, expires_on=row.expires_on, retention_until=row.retention_until,
        erased=row.erased, stands=stands,
    )  # fmt: skip
