"""A PostgreSQL server: one schema a workspace, one writer at a time, and refusals that name no password."""

import pytest
from private_cluster import PASSWORD, free_port, new_cluster
from sqlalchemy import text

from gisapp.errors import WorkspaceError
from gisapp.store.database import ServerPlace, create_database, current, engine, head, session, upgrade
from gisapp.store.places import place_of
from gisapp.store.server import drop_schema
from gisapp.store.tables import StoreFact

pytestmark = pytest.mark.xdist_group("server")


@pytest.fixture
def place(server_url, request):
    place = ServerPlace(server_url, f"gisapp_{abs(hash(request.node.name)):016x}"[:23])
    yield place
    drop_schema(place)


def refusal(url):
    with pytest.raises(WorkspaceError) as caught, session(ServerPlace(url, "gisapp_x"), write=False):
        pass
    said = f"{caught.value} {caught.value.en} {caught.value.id}"
    assert PASSWORD not in said
    assert "salah-sekali" not in said
    assert caught.value.en != caught.value.id
    return caught.value.code


def test_each_refusal_is_told_apart_and_names_no_password(server_url):
    assert refusal(server_url.replace(PASSWORD, "salah-sekali")) == "database_password"
    assert refusal(server_url.replace("gisapp:", "siapa:")) == "database_password"
    assert refusal(server_url.replace("/postgres", "/tidak_ada")) == "database_missing"
    host, _, _ = server_url.rpartition(":")
    assert refusal(f"{host}:{free_port()}/postgres") == "database_unreachable"
    assert refusal(f"{host}:salah-sekali/postgres") == "database_url"


@pytest.mark.parametrize("url", ["postgresql://u:salah-sekali@h/d", "mysql://u:salah-sekali@h/d", "gisapp.sqlite"])
def test_another_kind_of_address_is_refused_without_repeating_it(tmp_path, monkeypatch, url):
    monkeypatch.setenv("GISAPP_DATABASE_URL", url)
    with pytest.raises(WorkspaceError) as caught:
        place_of(tmp_path)
    assert caught.value.code == "database_url"
    assert "salah-sekali" not in str(caught.value)


def test_the_place_does_not_print_its_password(server_url):
    assert PASSWORD not in repr(ServerPlace(server_url, "gisapp_x"))


def test_two_workspaces_on_one_server_do_not_meet(server_url):
    one, two = ServerPlace(server_url, "gisapp_one"), ServerPlace(server_url, "gisapp_two")
    try:
        for place in (one, two):
            create_database(place)
        with session(one) as database:
            database.add(StoreFact(name="only", value="here"))
        with session(two, write=False) as database:
            assert database.get(StoreFact, "only") is None
    finally:
        drop_schema(one)
        drop_schema(two)


def test_a_question_sees_one_moment_and_cannot_write(place):
    create_database(place)
    with session(place, write=False) as reader:
        assert reader.scalar(text("SELECT count(*) FROM store_fact")) == 0
        with session(place) as writer:
            writer.add(StoreFact(name="a", value="b"))
        assert reader.scalar(text("SELECT count(*) FROM store_fact")) == 0
    with pytest.raises(WorkspaceError), session(place, write=False) as reader:
        reader.add(StoreFact(name="c", value="d"))
    with session(place, write=False) as reader:
        assert reader.scalar(text("SELECT count(*) FROM store_fact")) == 1


def test_a_second_writer_waits_and_is_then_told(place, monkeypatch):
    monkeypatch.setattr("gisapp.store.database.BUSY_TIMEOUT_MS", 50)
    create_database(place)
    impatient = engine(place)
    with session(place) as first:
        first.add(StoreFact(name="a", value="b"))
        first.flush()
        with pytest.raises(WorkspaceError) as caught, session(impatient) as second:
            second.execute(text("SELECT 1"))
    assert caught.value.code == "locked"


def test_a_server_that_stops_is_told_and_found_again_when_it_is_back(server_url):
    del server_url  # skipped where there is no server
    own = new_cluster()
    try:
        place = ServerPlace(own.url, "gisapp_stops")
        create_database(place)
        with session(place) as database:
            database.add(StoreFact(name="a", value="b"))
        own.stop()
        with pytest.raises(WorkspaceError) as caught, session(place) as database:
            database.get(StoreFact, "a")
        assert caught.value.code == "database_unreachable"
        own.start()
        with session(place) as database:
            assert database.get(StoreFact, "a").value == "b"
    finally:
        own.remove()


def test_a_newer_database_on_a_server_is_refused(place):
    create_database(place)
    with session(place) as database:
        database.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(WorkspaceError) as caught:
        upgrade(engine(place))
    assert caught.value.code == "database_newer"
    assert PASSWORD not in str(caught.value)


def test_a_schema_that_was_only_begun_gets_its_tables(place):
    engine(place)  # a crash between the schema and its tables
    with session(place, write=False) as database:
        assert database.scalar(text("SELECT count(*) FROM audit_event")) == 0
    assert current(engine(place)) == head()
