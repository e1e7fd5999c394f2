"""Full disks, folders that cannot be written, locks that do not come free, tails that a power cut took."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from gisapp.errors import WorkspaceError
from gisapp.store.audit import append_event, first_broken_event
from gisapp.store.database import create_database, engine, session
from gisapp.store.inventory import integrity
from gisapp.store.tables import StoreFact
from gisapp.workspace.doctor import examine
from gisapp.workspace.folder import init_workspace, open_workspace
from tests.registry.conftest import DESA, family, make_workspace, write_boundary, write_csv

LIMITED = (
    "import resource, sys; from pathlib import Path\n"
    "import gisapp.cli.registry, gisapp.registry.ingest\n"
    "from gisapp.cli.main import gisapp; from gisapp.cli.options import run_guarded\n"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)\n"
    "sys.exit(run_guarded(gisapp, sys.argv[2:]))\n"
)


def everything(root: Path) -> dict[str, bytes]:
    """Every file that is not SQLite's own beside its database."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm", ".lock"))
    }


def counted(ws) -> dict[str, int]:
    with session(ws.database, write=False) as database:
        names = ("registry_intake", "registry_snapshot", "registry_identity", "audit_event")
        return {name: database.scalar(text(f"SELECT count(*) FROM {name}")) for name in names}


@pytest.fixture
def ws(tmp_path):
    """A workspace with one intake, and a larger file to bring."""
    from gisapp.registry.ingest import ingest

    ws = make_workspace(tmp_path / "kab", write_boundary(tmp_path / "desa.geojson", DESA))
    ingest(ws, write_csv(tmp_path / "a.csv", [family(n) for n in range(1, 20)]), period="2024")
    write_csv(tmp_path / "b.csv", [family(n) for n in range(1, 400)])
    return ws


# A full disk (48)


def limited(size: int, *words: object) -> tuple[int, dict]:
    """The command, with no file allowed to grow beyond a size: what a full disk is to a process."""
    done = subprocess.run([sys.executable, "-c", LIMITED, str(size), *map(str, words), "--json"], capture_output=True)
    return done.returncode, json.loads(done.stdout or b"{}")


@pytest.mark.parametrize("size", [3_000, 20_000, 60_000])
def test_an_intake_that_meets_a_full_disk_changes_nothing_and_says_so(ws, tmp_path, size):
    before, rows = everything(ws.registry_folder), counted(ws)
    code, told = limited(size, "-w", ws.root, "ingest", tmp_path / "b.csv", "--period", "2025")
    assert code == 1
    assert told["error"]["message"] != told["error"]["message_id"]
    assert examine(open_workspace(ws.root)).ok
    assert everything(ws.registry_folder) == before
    assert counted(ws) == rows
    code, _ = limited(1 << 40, "-w", ws.root, "ingest", tmp_path / "b.csv", "--period", "2025")
    assert code == 0


def test_a_backup_that_meets_a_full_disk_leaves_nothing(ws, tmp_path):
    for size in (0, 30_000):
        code, told = limited(size, "-w", ws.root, "backup", tmp_path / "b.gisapp")
        assert code == 1
        assert told["error"]["code"] in ("write_failed", "file", "database", "database_full", "database_damaged")
        assert not list(tmp_path.glob("*b.gisapp*"))
        assert not list(ws.root.glob(".backup*"))


@pytest.mark.sqlite_only(reason="a page limit stands in for the disk")
def test_a_full_database_is_said_and_unharmed(path):
    create_database(path)
    full = engine(path)

    def fill():
        with session(full) as database:
            database.execute(text("PRAGMA max_page_count=1"))
            database.add(StoreFact(name="a", value="x" * 3_000_000))

    with pytest.raises(WorkspaceError) as caught:
        fill()
    assert caught.value.code == "database_full"
    assert integrity(path) == "ok"
    with session(path, write=False) as database:
        assert database.get(StoreFact, "a") is None


# A folder that cannot be written (48)


def without_override() -> list[str]:
    """What makes permissions hold for root, too."""
    if os.getuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root without setpriv: no permission holds")
    return ["setpriv", "--bounding-set=-dac_override"]


def test_a_folder_that_cannot_be_written_is_told_and_unharmed(ws, tmp_path):
    before = everything(ws.root)
    for path in [ws.root, *ws.root.rglob("*")]:
        path.chmod(0o500 if path.is_dir() else 0o400)
    words = [*without_override(), sys.executable, "-c", LIMITED, str(1 << 40)]
    try:
        for command in (("ingest", tmp_path / "b.csv", "--period", "2025"), ("doctor",)):
            done = subprocess.run([*words, "-w", ws.root, *command, "--json"], capture_output=True, text=True)
            told = json.loads(done.stdout)
            assert done.returncode == 1
            assert told["error"]["code"] in ("write_failed", "database", "database_read_only"), told
    finally:
        for path in [ws.root, *ws.root.rglob("*")]:
            path.chmod(0o700 if path.is_dir() else 0o600)
    assert everything(ws.root) == before


def test_a_workspace_cannot_be_made_where_nothing_can_be_written():
    with pytest.raises(WorkspaceError) as caught:
        init_workspace(Path("/proc/gisapp"))
    assert caught.value.code == "write_failed"


# Locks and what a crash leaves beside the database (49)


def test_a_writer_waits_for_another_and_then_goes_on(path):
    create_database(path)
    inside, leave = threading.Event(), threading.Event()

    def first():
        with session(path) as database:
            database.add(StoreFact(name="first", value="1"))
            database.flush()
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=first)
    thread.start()
    inside.wait(10)
    threading.Timer(0.2, leave.set).start()
    with session(path) as database:
        assert database.get(StoreFact, "first").value == "1"
    thread.join()


CRASHING = """
import os, signal, sys
from pathlib import Path
from gisapp.store.audit import append_event
from gisapp.store.database import session
from gisapp.store.places import place_of
place = place_of(Path(sys.argv[1]))
for number in range(5):
    with session(place) as database:
        append_event(database, action="committed", subject=str(number))
with session(place) as database:
    for number in range(2000):
        append_event(database, action="lost", subject=str(number))
    database.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def crash(folder):
    done = subprocess.run([sys.executable, "-c", CRASHING, str(folder)])
    assert done.returncode == -signal.SIGKILL


def test_what_a_killed_process_committed_is_there_and_nothing_else(path, tmp_path, on_server):
    create_database(path)
    crash(tmp_path)
    if not on_server:
        assert (tmp_path / "gisapp.sqlite-wal").exists()
    with session(path) as database:  # waits until a server has noticed
        actions = database.execute(text("SELECT action FROM audit_event")).scalars().all()
        assert actions == ["committed"] * 5
        assert first_broken_event(database) is None
    assert integrity(path) == "ok"


# Tails that were lost (50)


@pytest.mark.sqlite_only(reason="the server looks after its own log")
def test_a_log_that_lost_its_tail_gives_an_earlier_whole_state(path, tmp_path):
    create_database(path)
    crash(tmp_path)
    wal, database_file = tmp_path / "gisapp.sqlite-wal", path.read_bytes()
    content = wal.read_bytes()
    for cut in range(0, len(content), max(1, len(content) // 12)):
        folder = tmp_path / f"cut{cut}"
        folder.mkdir()
        (folder / "gisapp.sqlite").write_bytes(database_file)
        (folder / "gisapp.sqlite-wal").write_bytes(content[:cut])
        place = folder / "gisapp.sqlite"
        assert integrity(place) == "ok"
        with session(place, write=False) as database:
            events = database.execute(text("SELECT action FROM audit_event")).scalars().all()
            assert events == ["committed"] * len(events)
            assert first_broken_event(database) is None


def test_a_snapshot_that_lost_its_tail_is_seen_and_the_former_one_still_serves(ws, tmp_path):
    from gisapp.registry.ingest import ingest
    from gisapp.registry.snapshots import latest_snapshot, read_snapshot

    ingest(ws, tmp_path / "b.csv", period="2025")
    cut = latest_snapshot(ws)
    os.truncate(cut.path, cut.path.stat().st_size - 100)
    assert [problem.code for problem in examine(ws).problems] == ["snapshot_damaged"]
    with pytest.raises(WorkspaceError) as caught:
        read_snapshot(cut)
    assert caught.value.code == "snapshot_damaged"
    assert len(read_snapshot(latest_snapshot(ws, "2024"))) == 19


@pytest.mark.sqlite_only(reason="a server has no file to cut")
def test_a_database_that_lost_its_tail_is_seen_and_nothing_is_removed(ws):
    before = everything(ws.registry_folder)
    with sqlite3.connect(ws.root / "gisapp.sqlite") as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.execute("PRAGMA journal_mode=DELETE")
    raw.close()
    size = (ws.root / "gisapp.sqlite").stat().st_size
    os.truncate(ws.root / "gisapp.sqlite", size // 2 // 4096 * 4096)
    report = examine(open_workspace(ws.root))
    assert not report.ok
    assert report.problems[0].code.startswith("database")
    assert report.removed == ()
    assert everything(ws.registry_folder) == before


def test_an_audit_trail_that_lost_an_event_is_told_with_its_number(ws, on_server):
    with session(ws.database) as database:
        append_event(database, action="x", subject="y")
        on = " ON audit_event" if on_server else ""
        database.execute(text(f"DROP TRIGGER audit_event_no_delete{on}"))
        database.execute(text("DELETE FROM audit_event WHERE number = 1"))
    problems = examine(ws).problems
    assert [problem.code for problem in problems] == ["audit_broken"]
    assert "event 1" in problems[0].detail
