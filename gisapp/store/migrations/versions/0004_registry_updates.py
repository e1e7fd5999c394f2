"""MPM: updates, their steps, verification lists, meetings, attachments."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables."""
    _papers()
    _cases()
    _steps()
    _attachments()


def _moment(name: str) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _sealed(name: str, *, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _key(table: str) -> tuple[sa.Column[int], sa.PrimaryKeyConstraint]:
    column = sa.Column("id", sa.Integer(), nullable=False, autoincrement=True)
    return column, sa.PrimaryKeyConstraint("id", name=f"pk_{table}")


def _link(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column])


def _papers() -> None:
    op.create_table(
        "update_list", *_key("update_list"), _text("area", 20), _number("cases"), _text("created_by", 200),
        _moment("created_at"),
    )  # fmt: skip
    op.create_table(
        "update_meeting", *_key("update_meeting"), _text("area", 20), _text("held_on", 10), _number("present"),
        _sealed("sealed"), _text("created_by", 200), _moment("created_at"),
    )  # fmt: skip
    _index("update_list", "area")
    _index("update_meeting", "area")


def _cases() -> None:
    op.create_table(
        "update_case",
        *_key("update_case"),
        _number("version"),
        *(_text(name, 20) for name in ("kind", "state", "area")),
        _text("form", 100),
        _text("base_period", 20, nullable=True),
        *(_text(name, 64, nullable=True) for name in ("base_snapshot", "content_hash")),
        _text("family_id", 40, nullable=True),
        *(_text(name, 32, nullable=True) for name in ("nik_hash", "family_hash")),
        _sealed("sealed", nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        _text("result", 20, nullable=True),
        _text("visited_on", 10, nullable=True),
        _text("decision", 10, nullable=True),
        _text("decision_reason", 20, nullable=True),
        _number("list_id", nullable=True),
        _number("meeting_id", nullable=True),
        _text("registered_by", 200),
        _text("approved_by", 200, nullable=True),
        _text("accepted_snapshot", 64, nullable=True),
        _moment("created_at"),
        _moment("updated_at"),
        _link("update_case", "list_id", "update_list"),
        _link("update_case", "meeting_id", "update_meeting"),
    )
    _index(
        "update_case", "state", "area", "base_snapshot", "content_hash", "nik_hash", "family_hash", "list_id",
        "meeting_id",
    )  # fmt: skip


def _steps() -> None:
    op.create_table(
        "update_step",
        _number("case_id"),
        _number("number"),
        _moment("at"),
        _text("actor", 200),
        _text("role", 40),
        _text("action", 20),
        _text("from_state", 20, nullable=True),
        _text("to_state", 20),
        _sealed("sealed_reason", nullable=True),
        _text("document", 100, nullable=True),
        sa.PrimaryKeyConstraint("case_id", "number", name="pk_update_step"),
        _link("update_step", "case_id", "update_case"),
    )
    op.create_table(
        "update_decision",
        _number("meeting_id"),
        _number("case_id"),
        _text("decision", 10),
        _text("reason", 20, nullable=True),
        sa.PrimaryKeyConstraint("meeting_id", "case_id", name="pk_update_decision"),
        _link("update_decision", "meeting_id", "update_meeting"),
        _link("update_decision", "case_id", "update_case"),
    )


def _attachments() -> None:
    op.create_table(
        "update_attachment",
        *_key("update_attachment"),
        _number("case_id", nullable=True),
        _number("meeting_id", nullable=True),
        _text("area", 20),
        _text("kind", 20),
        _text("media_type", 40),
        _text("path", 300),
        _number("size"),
        _sealed("sealed_name"),
        _text("added_by", 200),
        _moment("added_at"),
        sa.UniqueConstraint("path", name="uq_update_attachment_path"),
        _link("update_attachment", "case_id", "update_case"),
        _link("update_attachment", "meeting_id", "update_meeting"),
    )
    _index("update_attachment", "case_id", "meeting_id")
