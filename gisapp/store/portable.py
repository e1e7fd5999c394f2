"""A workspace's tables as one SQLite file that either database can be made from: what a backup carries.

From SQLite it is an online copy, from PostgreSQL the rows of one moment; writers go on meanwhile.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, select, text
from sqlalchemy.exc import DBAPIError

from gisapp.errors import WorkspaceError
from gisapp.store.database import Place, ServerPlace, create_database, engine, open_database, upgrade
from gisapp.store.server import WRITE, reading, refused

_ROWS = 1_000
_VERSION_TABLE = "alembic_version"


def write_portable(place: Place, out: Path) -> None:
    """Write the tables of one moment to a new SQLite file; WorkspaceError where the database is damaged."""
    opened = open_database(place)
    if isinstance(place, ServerPlace):
        create_database(out)
        target = engine(out)
        try:
            with reading(opened).connect() as source, target.begin() as into:
                _copy(source, into)
        except DBAPIError as error:
            raise refused(opened, error) from error
        return
    try:
        with closing(sqlite3.connect(place, timeout=10)) as source_file, closing(sqlite3.connect(out)) as copy:
            source_file.backup(copy)
            complaint = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        raise _damaged(str(place), str(error)) from error
    if complaint != "ok":
        raise _damaged(str(place), complaint)


def settle(file: Path) -> None:
    """Fold what lies beside a SQLite file into it, so that the file alone is the database."""
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA journal_mode=DELETE").fetchone()


def read_portable(file: Path, place: ServerPlace) -> None:
    """Make a workspace's tables on a server from a portable file, which is brought up to date first."""
    source_engine = engine(file)
    upgrade(source_engine)
    create_database(place)
    target = engine(place)
    try:
        with source_engine.execution_options(**{WRITE: False}).connect() as source, target.begin() as into:
            keys = _foreign_keys(into)
            for table, name in keys:
                into.exec_driver_sql(f'ALTER TABLE "{table}" ALTER CONSTRAINT "{name}" DEFERRABLE INITIALLY DEFERRED')
            for table, column in _copy(source, into):
                into.execute(
                    text(f"SELECT setval(:sequence, (SELECT max({column}) FROM {table}))"),  # noqa: S608 - our names
                    {"sequence": _sequence(into, table, column)},
                )
            into.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
            for table, name in keys:
                into.exec_driver_sql(f'ALTER TABLE "{table}" ALTER CONSTRAINT "{name}" NOT DEFERRABLE')
    except DBAPIError as error:
        raise refused(target, error) from error


def _foreign_keys(connection: Connection) -> list[tuple[str, str]]:
    found = connection.execute(
        text(
            "SELECT conrelid::regclass::text AS owner, conname FROM pg_constraint "
            "WHERE contype = 'f' AND connamespace = to_regnamespace(current_schema())"
        )
    )
    return [(row.owner.strip('"'), row.conname) for row in found]


def _sequence(connection: Connection, table: str, column: str) -> str:
    return str(connection.scalar(text("SELECT pg_get_serial_sequence(:t, :c)"), {"t": table, "c": column}))


def _copy(source: Connection, into: Connection) -> list[tuple[str, str]]:
    """Copy every row of every table, parents first; returns (table, column) of the counters that have to follow."""
    known, wanted = MetaData(), MetaData()
    known.reflect(source)
    wanted.reflect(into)
    if into.dialect.name == "sqlite":
        into.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    counted = []
    for table in wanted.sorted_tables:
        if table.name != _VERSION_TABLE and _copy_rows(source, known.tables[table.name], into, table):
            counted += [(table.name, name) for name in _counters(into, table)]
    return counted


def _copy_rows(source: Connection, known: Table, into: Connection, table: Table) -> int:
    names = [column.name for column in table.columns]
    rows = source.execution_options(yield_per=_ROWS).execute(
        select(*(known.columns[name] for name in names)).order_by(*known.primary_key.columns)
    )
    convert, copied = _moment_for(into), 0
    for some in rows.partitions(_ROWS):
        into.execute(table.insert(), [dict(zip(names, (convert(value) for value in row), strict=True)) for row in some])
        copied += len(some)
    return copied


def _moment_for(into: Connection) -> Any:
    """Times as each database keeps them: SQLite in UTC without a zone, a server with one."""
    aware = into.dialect.name != "sqlite"

    def convert(value: Any) -> Any:
        if not isinstance(value, datetime):
            return value
        utc = value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
        return utc if aware else utc.replace(tzinfo=None)

    return convert


def _counters(into: Connection, table: Table) -> list[str]:
    if into.dialect.name == "sqlite":
        return []
    return [column.name for column in table.columns if "nextval(" in str(getattr(column.server_default, "arg", ""))]


def _damaged(place: str, complaint: str) -> WorkspaceError:
    return WorkspaceError(
        f"{place} is damaged ({complaint}), so it cannot be backed up. Restore an earlier backup.",
        f"{place} rusak ({complaint}), jadi tidak dapat dicadangkan. Pulihkan cadangan sebelumnya.",
        code="database_damaged",
    )
