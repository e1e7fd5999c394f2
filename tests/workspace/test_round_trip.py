"""A workspace moves between the databases by backup and restore, and nothing that it answers changes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import inspect, text

import gisapp.workspace.restore as restore_module
from gisapp.errors import WorkspaceError
from gisapp.store.database import ServerPlace, session
from gisapp.store.facts import set_fact
from gisapp.store.places import place_of
from gisapp.store.server import drop_schema
from gisapp.workspace.backup import backup
from gisapp.workspace.doctor import examine
from gisapp.workspace.folder import open_workspace
from gisapp.workspace.restore import restore

pytestmark = pytest.mark.xdist_group("server")
URL = "GISAPP_DATABASE_URL"


def rows_of(ws) -> dict[str, list]:
    """Every row of every table but the audit trail, which says that there was a backup and a restoration."""
    with session(ws.database, write=False) as database:
        names = set(inspect(database.connection()).get_table_names()) - {"audit_event", "alembic_version"}
        found = {name: database.execute(text(f'SELECT * FROM "{name}"')).mappings().all() for name in names}
    return {name: sorted(json.dumps(plain(row), sort_keys=True) for row in rows) for name, rows in found.items()}


def plain(row) -> dict[str, str]:
    """Values as both databases give them: moments and yes/no differ in their dress."""
    return {name: _plain(value) for name, value in row.items()}


def _plain(value) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, bool):
        return str(int(value))
    return str(value).removesuffix("+00:00").removesuffix(".000000")


def export(root: Path) -> bytes:
    out = root.parent / f"{root.name}.geojson"
    code = "from gisapp.cli.main import main; main()"
    subprocess.run([sys.executable, "-c", code, "-w", root, "export", "areas", "-o", out], check=True)
    return out.read_bytes()


def test_from_sqlite_to_a_server_and_back_with_the_same_exports(
    small_demo, server_url, tmp_path, monkeypatch, on_server
):
    if on_server:
        pytest.skip("begins on SQLite")
    first = open_workspace(shutil.copytree(small_demo, tmp_path / "first"))
    made = backup(first, tmp_path / "one")
    before, exported = rows_of(first), export(first.root)
    assert sum(map(len, before.values())) > 8000  # identities are among them

    monkeypatch.setenv(URL, server_url)
    second = open_workspace(restore(made.file, tmp_path / "server").workspace)
    assert isinstance(second.database, ServerPlace)
    try:
        assert not list(second.root.glob("gisapp.sqlite*"))
        assert examine(second).ok
        assert rows_of(second) == before
        assert export(second.root) == exported
        with session(second.database) as database:  # counters go on where they were
            new = "INSERT INTO update_list (area, cases, created_by, created_at) VALUES ('x', 0, 'y', now())"
            database.execute(text(new))
            set_fact(database, "place", "server")
        again = backup(second, tmp_path / "two")
    finally:
        drop_schema(second.database)

    monkeypatch.delenv(URL)
    third = open_workspace(restore(again.file, tmp_path / "file").workspace)
    assert examine(third).ok
    back = rows_of(third)
    assert json.loads(back.pop("store_fact")[0])["value"] == "server"
    assert len(back.pop("update_list")) == 1
    assert {name: rows for name, rows in before.items() if name in back} == back
    assert export(third.root) == exported


def test_a_restoration_on_a_server_that_fails_leaves_no_schema(root, server_url, tmp_path, monkeypatch):
    made = backup(open_workspace(root), tmp_path / "one")
    monkeypatch.setenv(URL, server_url)

    made_for: list[str] = []

    def failing(building: Path, _root: Path) -> None:
        made_for.append(place_of(building).schema)
        assert made_for[0] in schemas()
        raise WorkspaceError("no", "tidak")

    def schemas() -> set[str]:  # other workers of the suite make schemas of their own meanwhile
        with psycopg.connect(server_url.replace("+psycopg", "")) as connection:
            return {name for (name,) in connection.execute("SELECT nspname FROM pg_namespace")}

    monkeypatch.setattr(restore_module, "_put_in_place", failing)
    with pytest.raises(WorkspaceError, match="no"):
        restore(made.file, tmp_path / "new")
    assert made_for[0] not in schemas()
    assert not (tmp_path / "new").exists()
