"""An old database is brought up to date once, with what is in it; a migration that breaks off leaves the old one."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect, text

from gisapp.store import database as module
from gisapp.store.audit import append_event, first_broken_event
from gisapp.store.database import current, engine, head, session, upgrade

OLDER = ("0001", "0002", "0003", "0004", "0005", "0006")


def make_old(path, revision):
    """A database as an older gisapp left it, with a snapshot, an intake and an event."""
    made = engine(path)
    config = Config()
    config.set_main_option("script_location", str(module._MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with made.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.execute(
            text(
                "INSERT INTO registry_snapshot (hash, period, path, rows, file_sha256, created_at) "
                "VALUES ('h', '2024', 'registry/p.parquet', 1, 'f', '2025-01-01 00:00:00')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO registry_intake (import_id, root_import_id, period, source, source_sha256, form, codes, "
                "rows, accepted, quarantined, families, reasons, warnings, quarantine_path, snapshot_hash, created_at) "
                "VALUES "
                "('i', 'i', '2024', 's', 'x', 'f', 'bps', 1, 1, 0, 1, '{}', '{}', '', 'h', '2025-01-01 00:00:00')"
            )
        )
    with session(made) as database:
        append_event(database, action="registry.ingest", subject="i")
    return made


def tables(made):
    with made.connect() as connection:
        return {name: len(inspect(connection).get_columns(name)) for name in inspect(connection).get_table_names()}


@pytest.mark.parametrize("revision", OLDER)
def test_an_old_database_keeps_what_is_in_it(path, revision, tmp_path):
    made = make_old(path, revision)
    assert current(made) == revision
    upgrade(made)
    assert current(made) == head()
    with session(made, write=False) as database:
        assert database.execute(text("SELECT import_id, kind FROM registry_intake")).all() == [("i", "file")]
        assert database.execute(text("SELECT hash FROM registry_snapshot")).scalars().all() == ["h"]
        assert first_broken_event(database) is None
    before = tables(made)
    upgrade(made)
    assert tables(made) == before


@pytest.mark.parametrize("breaking", ["0003_registry_identities", "0006_server"])
def test_a_migration_that_breaks_off_leaves_the_old_database_and_is_done_again(path, monkeypatch, breaking):
    made = make_old(path, "0001")
    before = tables(made)

    class PowerCut(BaseException):
        pass

    def cut(*args, **kwargs):
        raise PowerCut

    from alembic import op

    real = op.create_table
    last = {"0003_registry_identities": "registry_tombstone", "0006_server": "store_fact"}[breaking]
    monkeypatch.setattr(op, "create_table", lambda name, *a, **k: cut() if name == last else real(name, *a, **k))
    with pytest.raises(PowerCut):
        upgrade(made)
    monkeypatch.undo()
    assert current(made) == "0001"
    assert tables(made) == before
    upgrade(made)
    assert current(made) == head()
