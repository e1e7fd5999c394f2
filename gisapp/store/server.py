"""A PostgreSQL server as the home of a workspace's tables: one schema each, one writer at a time, clear refusals.

All workspaces of a process share the server's connections; which schema a transaction works in is said at its begin.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from gisapp.errors import WorkspaceError

#: Execution options: does this connection write, which schema is its own, how long may it wait for another.
WRITE, SCHEMA, WAIT_MS = "gisapp_write", "gisapp_schema", "gisapp_wait_ms"

_CONNECT_SECONDS = 10
_made: list[Engine] = []


@dataclass(frozen=True)
class ServerPlace:
    """A workspace's tables on a PostgreSQL server: the address of the database, and the workspace's own schema."""

    url: str = field(repr=False)
    schema: str


def server_engine(place: ServerPlace, *, wait_ms: int, create: bool) -> Engine:
    """Engine whose transactions work in the place's schema, which is made where it is absent and ``create`` says so."""
    made: Engine = _connections(place.url).execution_options(**{SCHEMA: place.schema, WAIT_MS: wait_ms})
    try:
        with made.begin() as connection:
            absent = connection.scalar(text("SELECT to_regnamespace(:name)"), {"name": place.schema}) is None
            if absent and create:
                connection.exec_driver_sql(f'CREATE SCHEMA "{place.schema}"')
    except DBAPIError as error:
        raise refused(made, error) from error
    if absent and not create:
        raise WorkspaceError(
            f"{address(made)} does not hold the tables of this workspace ({place.schema}): GISAPP_DATABASE_URL names "
            "another server, or the schema was dropped. Correct it, or restore a backup.",
            f"{address(made)} tidak memuat tabel ruang kerja ini ({place.schema}): GISAPP_DATABASE_URL menunjuk server "
            "lain, atau skemanya sudah dihapus. Perbaiki, atau pulihkan cadangan.",
            code="database_elsewhere",
        )
    return made


@lru_cache(maxsize=8)
def _connections(url: str) -> Engine:
    try:
        made = create_engine(
            url, pool_pre_ping=True, pool_size=5, max_overflow=15, connect_args={"connect_timeout": _CONNECT_SECONDS}
        )
    except (ArgumentError, ValueError) as error:
        raise bad_address() from error
    event.listen(made, "begin", _begin)
    _made.append(made)
    return made


def _begin(connection: Connection) -> None:
    """Work in the workspace's schema only, and let one writer of it in at a time; readers never wait."""
    options = connection.get_execution_options()
    schema, wait = options[SCHEMA], int(options[WAIT_MS])
    connection.exec_driver_sql(f"SET LOCAL search_path TO \"{schema}\"; SET LOCAL lock_timeout TO '{wait}ms'")
    if options.get(WRITE, True):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock(hashtext('{schema}'))")


def reading(engine: Engine) -> Engine:
    """Engine for questions: it sees one moment of the database through the whole transaction, and cannot write."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{WRITE: False})
    return engine.execution_options(**{WRITE: False}, isolation_level="REPEATABLE READ", postgresql_readonly=True)


def drop_schema(place: ServerPlace) -> None:
    """Remove a workspace's tables from the server: for one that never came to be."""
    with _connections(place.url).execution_options(**{SCHEMA: place.schema, WAIT_MS: 10_000}).begin() as connection:
        connection.exec_driver_sql(f'DROP SCHEMA IF EXISTS "{place.schema}" CASCADE')


def bad_address() -> WorkspaceError:
    """GISAPP_DATABASE_URL is no address; it is not repeated, because a password may stand in it."""
    return WorkspaceError(
        "GISAPP_DATABASE_URL must be like postgresql+psycopg://user:password@host/database; leave it out for the "
        "embedded database.",
        "GISAPP_DATABASE_URL harus seperti postgresql+psycopg://pengguna:sandi@host/basisdata; kosongkan untuk basis "
        "data bawaan.",
        code="database_url",
    )


def address(engine: Engine) -> str:
    """Name a database for a message: the file, or server and database without user and password."""
    url = engine.url
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    host = url.host or url.query.get("host") or "localhost"
    return f"{host}{f':{url.port}' if url.port else ''}/{url.database}"


#: SQLSTATE, or a part of libpq's sentence where a refused connection has none -> which refusal it is.
_SIGNS = {
    "locked": ("55P03", "database is locked", "lock timeout"),
    "database_password": ("28P01", "28000", "password authentication failed", "no password supplied", "role \""),
    "database_missing": ("3D000", "database \""),
    "database_full": ("53100", "database or disk is full", "No space left"),
    "database_read_only": ("25006", "readonly database"),
    "database_unreachable": (
        "08", "57P", "connection failed", "connection timeout", "Connection refused", "could not translate",
        "failed to resolve", "server closed the connection", "consuming input failed", "connection is bad",
    ),
}  # fmt: skip
_SENTENCES = {
    "locked": (
        "{0} is in use by another process; try again in a moment. Nothing was changed.",
        "{0} sedang dipakai proses lain; coba lagi sebentar. Tidak ada yang berubah.",
    ),
    "database_password": (
        "{0} refuses the user or the password of GISAPP_DATABASE_URL. Correct it; nothing was changed.",
        "{0} menolak pengguna atau sandi pada GISAPP_DATABASE_URL. Perbaiki; tidak ada yang berubah.",
    ),
    "database_missing": (
        "{0}: this database does not exist on the server. Make it (createdb) or correct GISAPP_DATABASE_URL.",
        "{0}: basis data ini tidak ada di server. Buat (createdb) atau perbaiki GISAPP_DATABASE_URL.",
    ),
    "database_full": (
        "{0}: the disk is full; nothing was changed. Free some space, then try again.",
        "{0}: ruang disk penuh; tidak ada yang berubah. Kosongkan ruang, lalu coba lagi.",
    ),
    "database_read_only": (
        "{0} cannot be written; nothing was changed. Check the permissions of the file and its folder.",
        "{0} tidak dapat ditulis; tidak ada yang berubah. Periksa izin berkas dan foldernya.",
    ),
    "database_unreachable": (
        "{0}: the database server does not answer. Start it or correct GISAPP_DATABASE_URL; nothing was changed.",
        "{0}: server basis data tidak menjawab. Jalankan server atau perbaiki GISAPP_DATABASE_URL; tidak ada yang "
        "berubah.",
    ),
}


def refused(engine: Engine, error: DBAPIError) -> WorkspaceError:
    """Say in two languages why a database refuses; neither address nor password of the URL is repeated."""
    where, reason = address(engine), str(error.orig)
    state = getattr(error.orig, "sqlstate", None) or ""
    for code, signs in _SIGNS.items():
        if any((state.startswith(sign) if sign[0].isdigit() else sign in reason) for sign in signs):
            en, id = _SENTENCES[code]
            return WorkspaceError(en.format(where), id.format(where), code=code)
    reason = reason.splitlines()[0] if reason else type(error.orig).__name__
    return WorkspaceError(
        f"{where}: the database refuses ({reason}). Run `gisapp doctor`.",
        f"{where}: basis data menolak ({reason}). Jalankan `gisapp doctor`.",
        code="database",
    )


def disconnect() -> None:
    """Close every idle connection of this process."""
    for made in _made:
        made.dispose()
