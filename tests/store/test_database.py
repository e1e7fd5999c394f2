"""The database: migrations, sessions, times."""

import importlib
import pkgutil
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import StatementError

import gisapp
from gisapp.errors import WorkspaceError
from gisapp.registry.tables import SnapshotRow
from gisapp.store.database import current, engine, head, open_database, session, upgrade
from gisapp.store.tables import Base


def a_snapshot(name="a", at=datetime(2025, 1, 1, tzinfo=UTC)):
    return SnapshotRow(hash=name, period="2025", path="p", rows=1, file_sha256="f", created_at=at)


@pytest.mark.sqlite_only(reason="a file has a mode and pragmas")
def test_a_new_database_is_private_in_wal_mode_and_checks_its_references(path):
    with session(path) as database:
        assert database.scalar(text("PRAGMA journal_mode")) == "wal"
        assert database.scalar(text("PRAGMA foreign_keys")) == 1
        assert database.scalar(text("PRAGMA busy_timeout")) >= 1000
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_migrations_make_exactly_the_declared_tables(path):
    for module in pkgutil.walk_packages(gisapp.__path__, "gisapp."):
        if module.name.endswith(".tables") and not module.name.startswith("gisapp.workspace"):
            importlib.import_module(module.name)
    with open_database(path).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_upgrading_twice_changes_nothing_and_needs_no_alembic(path, tmp_path):
    upgrade(engine(path))
    assert current(engine(path)) == head()
    code = (
        "import sys; from pathlib import Path; from gisapp.store.database import engine, upgrade\n"
        "from gisapp.store.places import place_of; upgrade(engine(place_of(Path(sys.argv[1]))))\n"
        "print(sorted({'alembic', 'pandas', 'numpy', 'geopandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_database_of_a_newer_version_is_refused(path):
    with session(path) as database:
        database.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(WorkspaceError, match="newer gisapp") as caught:
        upgrade(engine(path))
    assert caught.value.code == "database_newer"


def test_a_migration_that_fails_leaves_nothing_behind(path):
    made = engine(path)
    with made.begin() as connection:
        connection.execute(text("CREATE TABLE targeting_run (x INTEGER)"))  # in the way of the first migration
    with pytest.raises(WorkspaceError):
        upgrade(made)
    with made.connect() as connection:
        assert inspect(connection).get_table_names() == ["targeting_run"]


@pytest.mark.sqlite_only(reason="a server has no file to damage")
def test_a_file_that_is_no_database_is_refused(path):
    path.write_bytes(b"this is not a database, but long enough to be looked at" * 40)
    with pytest.raises(WorkspaceError), session(path):
        pass


def test_a_session_commits_or_rolls_back(path):
    with session(path) as database:
        database.add(a_snapshot("kept"))

    def failing():
        with session(path) as database:
            database.add(a_snapshot("lost"))
            database.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing()
    with session(path, write=False) as database:
        assert database.scalars(select(SnapshotRow.hash)).all() == ["kept"]


def test_a_session_may_commit_early(path):
    with session(path) as database:
        database.add(a_snapshot())
        database.commit()
    with session(path, write=False) as database:
        assert database.get(SnapshotRow, "a") is not None


def test_reading_does_not_wait_for_a_writer(path):
    open_database(path)
    with session(path) as writer:
        writer.add(a_snapshot())
        writer.flush()
        with session(path, write=False) as reader:
            assert reader.scalars(select(SnapshotRow)).all() == []


def test_a_second_writer_is_told_to_wait(path, monkeypatch):
    monkeypatch.setattr("gisapp.store.database.BUSY_TIMEOUT_MS", 10)
    one, two = engine(path), engine(path)
    upgrade(one)
    with session(one) as first:
        first.add(a_snapshot())
        first.flush()
        with pytest.raises(WorkspaceError, match="in use") as caught, session(two) as second:
            second.execute(text("SELECT 1"))
    assert caught.value.code == "locked"


def test_a_reference_to_nothing_is_refused(path):
    from gisapp.registry.tables import IntakeRow

    columns = dict.fromkeys(("source", "source_sha256", "form", "codes", "reasons", "warnings", "quarantine_path"), "x")
    counts = dict.fromkeys(("rows", "accepted", "quarantined", "families"), 1)
    row = IntakeRow(
        import_id="i", root_import_id="i", period="2025", snapshot_hash="none",
        created_at=datetime(2025, 1, 1, tzinfo=UTC), **columns, **counts,
    )  # fmt: skip
    with pytest.raises(WorkspaceError, match=r"(?i)foreign key"), session(path) as database:
        database.add(row)


def test_times_are_kept_in_utc(path):
    wib = timezone(timedelta(hours=7))
    with session(path) as database:
        database.add(a_snapshot(at=datetime(2025, 3, 1, 6, 30, tzinfo=wib)))
    with session(path, write=False) as database:
        assert database.scalars(select(SnapshotRow.created_at)).one() == datetime(2025, 2, 28, 23, 30, tzinfo=UTC)


def test_a_time_without_zone_is_refused(path):
    with pytest.raises(StatementError, match="time zone"), session(path) as database:
        database.add(a_snapshot(at=datetime(2025, 3, 1)))


@pytest.mark.sqlite_only(reason="files are removed")
def test_a_database_made_again_at_the_same_place_gets_its_tables(path):
    with session(path) as database:
        database.add(a_snapshot())
    for file in path.parent.iterdir():
        file.unlink()
    with session(path, write=False) as database:
        assert database.scalars(select(SnapshotRow)).all() == []
