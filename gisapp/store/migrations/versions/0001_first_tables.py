"""The first tables: audit trail, intakes, snapshots, runs."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    _audit()
    _registry()
    _targeting()


def _moment(name: str) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _long(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _audit() -> None:
    op.create_table(
        "audit_event",
        _count("number"),
        _moment("at"),
        _text("actor", 200),
        _text("action", 100),
        _text("subject", 200),
        _long("detail"),
        _text("previous_hash", 64),
        _text("hash", 64),
        sa.PrimaryKeyConstraint("number", name="pk_audit_event"),
        sa.UniqueConstraint("previous_hash", name="uq_audit_event_previous_hash"),
        sa.UniqueConstraint("hash", name="uq_audit_event_hash"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_event_no_{verb.lower()} BEFORE {verb} ON audit_event "
                "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
            )


def _registry() -> None:
    op.create_table(
        "registry_snapshot",
        _text("hash", 64),
        _text("period", 20),
        _text("path", 300),
        _count("rows"),
        _text("file_sha256", 64),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("hash", name="pk_registry_snapshot"),
    )
    op.create_index("ix_registry_snapshot_period", "registry_snapshot", ["period"])
    op.create_table(
        "registry_intake",
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=True),
        _text("import_id", 32),
        _text("root_import_id", 32),
        _text("period", 20),
        _text("source", 300),
        _text("source_sha256", 64),
        _text("form", 100),
        _text("codes", 20),
        *(_count(name) for name in ("rows", "accepted", "quarantined", "families")),
        _long("reasons"),
        _long("warnings"),
        _text("quarantine_path", 300),
        _text("snapshot_hash", 64, nullable=True),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("number", name="pk_registry_intake"),
        sa.UniqueConstraint("import_id", name="uq_registry_intake_import_id"),
        sa.ForeignKeyConstraint(
            ["snapshot_hash"], ["registry_snapshot.hash"], name="fk_registry_intake_snapshot_hash_registry_snapshot"
        ),
    )
    for column in ("root_import_id", "period", "snapshot_hash"):
        op.create_index(f"ix_registry_intake_{column}", "registry_intake", [column])


def _targeting() -> None:
    op.create_table(
        "targeting_run",
        _text("run_id", 64),
        _text("period", 20),
        _text("snapshot", 64),
        _text("parent", 64, nullable=True),
        _text("scenario", 100, nullable=True),
        _moment("created_at"),
        _moment("asked_at"),
        _text("input_hash", 64),
        _text("path", 300),
        _count("pockets"),
        _count("interventions"),
        _long("warnings"),
        sa.PrimaryKeyConstraint("run_id", name="pk_targeting_run"),
    )
    for column in ("period", "input_hash"):
        op.create_index(f"ix_targeting_run_{column}", "targeting_run", [column])
