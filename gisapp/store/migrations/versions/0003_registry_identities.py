"""Identities, provenance of intakes, probable duplicates, decree lists, tombstones."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables, and say of every intake where it came from and what it may be used for."""
    _provenance()
    _identities()
    _duplicates()
    _lists()
    _tombstones()


def _text(name: str, length: int, *, nullable: bool = False, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=nullable, server_default=default)


def _long(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def _count(name: str, default: str | None = None) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default=default)


def _number() -> sa.Column[int]:
    return sa.Column("number", sa.Integer(), nullable=False, autoincrement=True)


def _day(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=True)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _sealed() -> sa.Column[bytes]:
    return sa.Column("sealed", sa.LargeBinary(), nullable=False)


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def _provenance() -> None:
    for column in (
        _text("kind", 10, default="file"),
        _long("header", "[]"),
        _long("columns", "{}"),
        _text("bast_number", 200, default=""),
        _text("received_from", 300, default=""),
        _text("purpose", 300, default=""),
        _text("permitted_use", 20, default="full"),
        _day("expires_on"),
        _day("retention_until"),
        _count("erased", "0"),
    ):
        op.add_column("registry_intake", column)


def _identities() -> None:
    table = "registry_identity"
    op.create_table(
        table,
        _number(),
        _text("import_id", 32),
        _text("family_id", 40),
        _count("row_number"),
        _text("area_code", 20),
        _text("nik_hash", 32, nullable=True),
        _text("family_hash", 32, nullable=True),
        _sealed(),
        sa.PrimaryKeyConstraint("number", name=f"pk_{table}"),
    )
    for columns in (("import_id", "family_id"), ("import_id", "area_code"), ("nik_hash",), ("family_hash",)):
        _index(table, *columns)


def _duplicates() -> None:
    table = "registry_duplicate"
    op.create_table(
        table,
        _number(),
        _text("root_import_id", 32),
        _text("family_a", 40),
        _text("family_b", 40),
        _text("area_code", 20),
        sa.Column("score", sa.Double(), nullable=False),
        _long("reasons"),
        _text("state", 20, default="proposed"),
        _text("decided_by", 200, nullable=True),
        _moment("decided_at", nullable=True),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("number", name=f"pk_{table}"),
        sa.UniqueConstraint(
            "root_import_id", "family_a", "family_b", name=f"uq_{table}_root_import_id_family_a_family_b"
        ),
    )
    _index(table, "root_import_id")


def _lists() -> None:
    table = "registry_list"
    op.create_table(
        table,
        _number(),
        _text("name", 100),
        _text("decree_number", 200),
        _day("decree_date"),
        _long("criteria"),
        _long("deciles"),
        _text("programme", 200),
        _text("source", 300),
        _text("source_sha256", 64),
        _count("entries"),
        _count("damaged"),
        _text("added_by", 200),
        _moment("added_at"),
        sa.PrimaryKeyConstraint("number", name=f"pk_{table}"),
        sa.UniqueConstraint("name", name=f"uq_{table}_name"),
    )
    entry = "registry_list_entry"
    op.create_table(
        entry,
        _number(),
        _count("list_number"),
        _count("row_number"),
        _text("area_code", 20, nullable=True),
        _text("nik_hash", 32, nullable=True),
        _text("family_hash", 32, nullable=True),
        _sealed(),
        sa.PrimaryKeyConstraint("number", name=f"pk_{entry}"),
        sa.ForeignKeyConstraint(["list_number"], ["registry_list.number"], name=f"fk_{entry}_list_number_{table}"),
    )
    for column in ("list_number", "nik_hash", "family_hash"):
        _index(entry, column)


def _tombstones() -> None:
    table = "registry_tombstone"
    op.create_table(
        table,
        _text("old_hash", 64),
        _text("new_hash", 64),
        _moment("at"),
        sa.PrimaryKeyConstraint("old_hash", name=f"pk_{table}"),
    )
    _index(table, "new_hash")
