"""The last step of an intake: files are written, then one transaction makes them exist."""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd
from sqlalchemy import select

from gisapp.access.actors import Actor
from gisapp.registry.intake import Intake
from gisapp.registry.plan import Plan
from gisapp.registry.quarantine import quarantine_path
from gisapp.registry.report import IngestReport, Outcome, OutcomeKind, report_of
from gisapp.registry.retention import keep_until
from gisapp.registry.snapshots import SnapshotRef, latest_snapshot, read_snapshot, snapshot_bytes
from gisapp.registry.spool import IdentitySpool
from gisapp.registry.tables import IntakeRow, SnapshotRow
from gisapp.store.audit import append_event
from gisapp.store.database import session
from gisapp.store.files import atomic_write_bytes
from gisapp.store.hashing import canonical_json, sha256_bytes
from gisapp.store.tables import utc_now
from gisapp.workspace.folder import Workspace


def store_intake(
    ws: Workspace, plan: Plan, intake: Intake, families: pd.DataFrame, identities: IdentitySpool, *, actor: Actor
) -> IngestReport:
    """Write the snapshot file, then commit the rows that make it exist, the identities with them."""
    added = len(families)
    if plan.base is not None:
        families = pd.concat([read_snapshot(plan.base), families], ignore_index=True)
    before = latest_snapshot(ws, plan.period)
    snapshot = _write_snapshot(ws, plan, families) if len(families) else None
    row = _intake_row(plan, intake, added, snapshot)
    row.quarantine_path = quarantine_path(ws, plan.import_id).relative_to(ws.root).as_posix()
    row.retention_until = keep_until(ws.settings)
    with session(ws.database) as database:
        if snapshot is not None:
            database.merge(snapshot)
            database.flush()
        former = database.scalars(select(IntakeRow).where(IntakeRow.import_id == plan.import_id)).first()
        if former is not None:
            row.number = former.number
        row = database.merge(row)
        identities.store(database)
        append_event(
            database,
            action="registry.ingest",
            actor=actor.name,
            subject=plan.import_id,
            detail={"period": plan.period, "rows": row.rows, "accepted": row.accepted, "snapshot": row.snapshot_hash},
        )
    return report_of(
        row, _outcome(plan, before, snapshot),
        reason_rows=intake.first_reasons, warning_rows=intake.first_warnings,
    )  # fmt: skip


def _outcome(plan: Plan, before: SnapshotRef | None, snapshot: SnapshotRow | None) -> Outcome:
    if snapshot is None:
        return standing("nothing", before)
    kind: OutcomeKind = "joined" if plan.base else "replaced" if before else "new"
    return Outcome(kind=kind, source=before.source if before else None, families=snapshot.rows)


def standing(kind: OutcomeKind, stands: SnapshotRef | None) -> Outcome:
    """What an intake did that left the period's snapshot as it stands."""
    if stands is None:
        return Outcome(kind=kind)
    return Outcome(kind=kind, source=stands.source, families=stands.rows)


def _write_snapshot(ws: Workspace, plan: Plan, families: pd.DataFrame) -> SnapshotRow:
    content, digest = snapshot_bytes(families, plan.period)
    path = f"registry/{plan.period}-{digest[:12]}.parquet"
    atomic_write_bytes(ws.root / path, content)
    return SnapshotRow(
        hash=digest, period=plan.period, path=path, rows=len(families), file_sha256=sha256_bytes(content),
        created_at=utc_now(),
    )  # fmt: skip


def _intake_row(plan: Plan, intake: Intake, families: int, snapshot: SnapshotRow | None) -> IntakeRow:
    system = intake.ground.book.system
    other = "bps" if system == "kemendagri" else "kemendagri"
    return IntakeRow(
        import_id=plan.import_id,
        root_import_id=plan.base.root_import_id if plan.base else plan.import_id,
        period=plan.period,
        source=plan.file.name[:300],
        source_sha256=plan.source_sha256,
        form=plan.form.name,
        codes=other if intake.translate else system,
        rows=intake.rows,
        accepted=intake.accepted,
        quarantined=intake.rows - intake.accepted,
        families=families,
        reasons=canonical_json(_positive(intake.reasons)),
        warnings=canonical_json(_positive(intake.warnings)),
        snapshot_hash=snapshot.hash if snapshot else None,
        created_at=utc_now(),
        header=canonical_json(plan.header),
        columns=canonical_json(plan.columns),
        **asdict(plan.provenance),
    )


def _positive(counts: dict[str, int]) -> dict[str, int]:
    return {code: number for code, number in sorted(counts.items()) if number}
