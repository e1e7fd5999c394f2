"""The audit trail only grows, and tells where it was touched."""

import pytest
from sqlalchemy import text

from gisapp.errors import WorkspaceError
from gisapp.store.audit import GENESIS, append_event, first_broken_event
from gisapp.store.database import session


@pytest.fixture
def path(path):
    for number in range(4):
        with session(path) as database:
            append_event(database, action="test", subject=f"s{number}", detail={"n": number})
    return path


def test_each_event_carries_the_hash_of_the_one_before(path):
    with session(path, write=False) as database:
        rows = database.execute(text("SELECT number, previous_hash, hash FROM audit_event ORDER BY number")).all()
        assert first_broken_event(database) is None
    assert [number for number, _, _ in rows] == [1, 2, 3, 4]
    assert [previous for _, previous, _ in rows] == [GENESIS, *(hash for _, _, hash in rows[:3])]


def unguard(database):
    """Take the triggers away, as somebody with the owner's rights could."""
    on = " ON audit_event" if database.connection().dialect.name == "postgresql" else ""
    for verb in ("update", "delete"):
        database.execute(text(f"DROP TRIGGER audit_event_no_{verb}{on}"))


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET actor = 'x'", "DELETE FROM audit_event"])
def test_events_cannot_be_changed_or_removed(path, statement):
    with pytest.raises(WorkspaceError, match="append-only"), session(path) as database:
        database.execute(text(statement))


def test_a_server_does_not_empty_the_trail_either(path, on_server):
    if not on_server:
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(WorkspaceError, match="append-only"), session(path) as database:
        database.execute(text("TRUNCATE audit_event"))


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit_event SET detail = '{}' WHERE number = 2", 2),
        ("DELETE FROM audit_event WHERE number = 3", 3),
        ("UPDATE audit_event SET hash = 'f' WHERE number = 4", 4),
        ("UPDATE audit_event SET at = '2020-01-01 00:00:00' WHERE number = 1", 1),
    ],
)
def test_a_change_behind_our_back_is_found(path, statement, broken):
    with session(path) as database:
        unguard(database)
        database.execute(text(statement))
    with session(path, write=False) as database:
        assert first_broken_event(database) == broken


def test_an_event_belongs_to_its_transaction(path):
    def failing():
        with session(path) as database:
            append_event(database, action="test", subject="lost")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing()
    with session(path, write=False) as database:
        assert database.scalar(text("SELECT count(*) FROM audit_event")) == 4
