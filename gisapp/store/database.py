"""The database of a workspace: SQLite in WAL mode or PostgreSQL, sessions, and migrations that run by themselves.

On a PostgreSQL server every workspace has a schema of its own, so that one server serves many and none meets another.
Kept light: opening an up-to-date database and asking it one question imports SQLAlchemy only, not Alembic.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from gisapp.errors import WorkspaceError
from gisapp.store.server import WRITE, address, drop_schema, reading, refused, server_engine
from gisapp.store.server import ServerPlace as ServerPlace

#: How long one process waits for another's transaction.
BUSY_TIMEOUT_MS = 10_000

_MIGRATIONS = Path(__file__).parent / "migrations"

#: Where a workspace keeps its tables.
Place = Path | ServerPlace


def engine(place: Place) -> Engine:
    """Engine for a SQLite file (created with mode 0600) or for a schema of a PostgreSQL server (created, too)."""
    if isinstance(place, ServerPlace):
        return server_engine(place, wait_ms=BUSY_TIMEOUT_MS, create=True)
    _create_private(place)
    made = create_engine(f"sqlite:///{place}", connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}, poolclass=NullPool)
    event.listen(made, "connect", _prepare_connection)
    event.listen(made, "begin", _begin)
    return made


def _create_private(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise WorkspaceError(
            f"{path}: the database cannot be opened ({error.strerror}).",
            f"{path}: basis data tidak dapat dibuka ({error.strerror}).",
            code="database",
        ) from error


def _prepare_connection(connection: Any, record: Any) -> None:
    del record
    connection.isolation_level = None  # we say BEGIN ourselves, so that changes of tables are transactional too
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITE, True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@lru_cache(maxsize=32)
def _ready_engine(path: Path, inode: int) -> Engine:
    del inode  # a file that was deleted and made again is another database
    ready = engine(path)
    upgrade(ready)
    return ready


@lru_cache(maxsize=32)
def _ready_server(place: ServerPlace) -> Engine:
    ready = server_engine(place, wait_ms=BUSY_TIMEOUT_MS, create=False)
    upgrade(ready)
    return ready


def open_database(place: Place) -> Engine:
    """Engine of a workspace's database with its tables up to date; kept, so that asking again costs nothing.

    On a server the schema must be there: ``create_database`` has made it. An empty one in its place would make every
    file of the workspace look like a left-over.
    """
    if isinstance(place, ServerPlace):
        return _ready_server(place)
    if place.exists():
        return _ready_engine(place, place.stat().st_ino)
    _create_private(place)
    made = _ready_engine(place, place.stat().st_ino)
    upgrade(made)  # a new file may get the number of the deleted one
    return made


def drop_database(place: Place) -> None:
    """Remove the tables of a workspace that never came to be; a file goes with its folder."""
    if isinstance(place, ServerPlace):
        drop_schema(place)


@contextmanager
def session(database: Engine | Place, *, write: bool = True) -> Iterator[Session]:
    """One transaction on an engine or a workspace's database file: committed at a clean exit, else rolled back.

    A writing session takes the database's write lock at once, so what it read cannot change before it commits;
    ``write=False`` is for questions only and never waits for a writer.
    """
    engine = database if isinstance(database, Engine) else open_database(database)
    bind = engine.execution_options(**{WRITE: True}) if write else reading(engine)
    try:
        with Session(bind, expire_on_commit=False) as opened:  # closing it rolls back what is not committed
            yield opened
            opened.commit()
    except DBAPIError as error:
        raise refused(engine, error) from error


def create_database(place: Place) -> None:
    """Make a new workspace's tables, and keep no connection open."""
    made = engine(place)
    upgrade(made)
    made.dispose()


def head() -> str:
    """Identifier of the newest migration: the number that its file name begins with."""
    return max(path.stem.partition("_")[0] for path in (_MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def current(engine: Engine) -> str | None:
    """Identifier of the last migration that this database has seen, or None for an empty one."""
    with session(engine, write=False) as opened:
        connection = opened.connection()
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(engine: Engine) -> None:
    """Bring the tables up to date in one transaction; nothing happens where they are.

    WorkspaceError (code ``database_newer``) for a database that a newer gisapp has made.
    """
    found, newest = current(engine), head()
    if found == newest:
        return
    if found is not None and found > newest:
        where = address(engine)
        raise WorkspaceError(
            f"{where} was made by a newer gisapp (migration {found}, known: {newest}). Update gisapp.",
            f"{where} dibuat gisapp yang lebih baru (migrasi {found}, dikenal: {newest}). Perbarui gisapp.",
            code="database_newer",
        )
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except DBAPIError as error:
        raise refused(engine, error) from error
