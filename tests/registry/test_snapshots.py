"""Snapshots: old or new after any failure, checked when read, light to find."""

import subprocess
import sys

import pytest

from gisapp.errors import WorkspaceError
from gisapp.registry import ingest as reading
from gisapp.registry import record as recording
from gisapp.registry.ingest import ingest
from gisapp.registry.snapshots import latest_snapshot, read_snapshot, snapshot_bytes
from gisapp.store.audit import first_broken_event
from gisapp.store.database import session
from tests.registry.conftest import family, make_workspace

GOOD = [family(number) for number in range(1, 6)]


@pytest.mark.parametrize("where", ["QuarantineWriter.end", "snapshot_bytes", "atomic_write_bytes", "append_event"])
def test_a_failure_at_any_step_leaves_the_old_state(workspace, files, monkeypatch, where):
    old = ingest(workspace, files.csv(GOOD), period="2025")

    def broken(*args, **kwargs):
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        name, _, method = where.partition(".")
        patch.setattr(reading.QuarantineWriter if method else recording, method or name, broken)
        with pytest.raises(RuntimeError, match="power cut"):
            ingest(workspace, files.csv(GOOD[:2], "baru.csv"), period="2025")
    assert latest_snapshot(workspace).hash == old.snapshot
    assert len(read_snapshot(latest_snapshot(workspace))) == 5
    assert not list(workspace.root.rglob("*.partial"))
    new = ingest(workspace, files.csv(GOOD[:2], "baru.csv"), period="2025")
    assert latest_snapshot(workspace).hash == new.snapshot
    with session(workspace.database, write=False) as database:
        assert first_broken_event(database) is None


def test_a_changed_or_missing_snapshot_is_noticed(workspace, files):
    ingest(workspace, files.csv(GOOD), period="2025")
    ref = latest_snapshot(workspace)
    ref.path.write_bytes(ref.path.read_bytes()[:-1])
    with pytest.raises(WorkspaceError, match="changed"):
        read_snapshot(ref)
    ref.path.unlink()
    with pytest.raises(WorkspaceError, match="missing"):
        read_snapshot(ref)


def test_a_lost_snapshot_file_is_made_again_from_the_same_file(workspace, files):
    file = files.csv(GOOD)
    first = ingest(workspace, file, period="2025")
    latest_snapshot(workspace).path.unlink()
    again = ingest(workspace, file, period="2025")
    assert again.snapshot == first.snapshot
    assert len(read_snapshot(latest_snapshot(workspace))) == 5


def test_two_workspaces_make_the_same_bytes(tmp_path, boundary_file, files):
    file = files.csv(GOOD)
    seen = set()
    for name in ("a", "b"):
        workspace = make_workspace(tmp_path / name, boundary_file)
        report = ingest(workspace, file, period="2025")
        seen.add((report.quarantine, report.snapshot, latest_snapshot(workspace).path.read_bytes()))
    assert len(seen) == 1


def test_what_is_read_back_is_written_the_same(workspace, files):
    ingest(workspace, files.csv([*GOOD, family(8, desil="", kd_pkh="", lintang="")]), period="2025")
    ref = latest_snapshot(workspace)
    content, digest = snapshot_bytes(read_snapshot(ref), "2025")
    assert (digest, content) == (ref.hash, ref.path.read_bytes())
    assert snapshot_bytes(read_snapshot(ref), "2026")[1] != ref.hash


def test_finding_the_latest_snapshot_imports_no_frames(workspace, files):
    ingest(workspace, files.csv(GOOD), period="2025")
    code = (
        "import sys; from pathlib import Path; from gisapp.workspace.folder import open_workspace\n"
        "from gisapp.registry.snapshots import latest_snapshot\n"
        "print(latest_snapshot(open_workspace(Path(sys.argv[1]))).rows)\n"
        "print(sorted({'pandas', 'numpy', 'pyarrow', 'geopandas', 'alembic'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(workspace.root)], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["5", "[]"]


def test_kill_9_leaves_the_old_state_or_the_new_one(workspace, files):
    """A process killed in the middle of an intake, at four moments of its length."""
    import time

    old = ingest(workspace, files.csv(GOOD), period="2025").snapshot
    file = files.csv([family(number) for number in range(1, 2001)], "banyak.csv")
    code = (
        "import sys; from pathlib import Path; from gisapp.workspace.folder import open_workspace\n"
        "from gisapp.registry.ingest import ingest\n"
        "print('ready', flush=True)\n"
        "ingest(open_workspace(Path(sys.argv[1])), Path(sys.argv[2]), period='2025'); print('done', flush=True)"
    )
    rows = set()
    for moment in range(4):
        child = subprocess.Popen(
            [sys.executable, "-c", code, str(workspace.root), str(file)], stdout=subprocess.PIPE, text=True
        )
        with child:
            assert child.stdout.readline() == "ready\n"
            time.sleep(0.15 * moment)
            child.kill()
        ref = latest_snapshot(workspace)
        assert len(read_snapshot(ref)) == ref.rows
        assert ref.rows in (5, 2000)
        rows.add(ref.rows)
        with session(workspace.database, write=False) as database:
            assert first_broken_event(database) is None
    assert old == latest_snapshot(workspace).hash or 2000 in rows
