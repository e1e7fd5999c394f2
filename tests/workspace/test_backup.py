"""backup and restore: everything comes back, on another path; anything doubtful is refused whole."""

from __future__ import annotations

import json
import random
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from gisapp.errors import WorkspaceError
from gisapp.store.backup_file import MAGIC, PIECE
from gisapp.store.database import session
from gisapp.store.keyring import KEY_FILE
from gisapp.store.rotation import rotate
from gisapp.store.tables import AuditEvent, StoreFact
from gisapp.workspace import backup as backup_module
from gisapp.workspace.backup import backup
from gisapp.workspace.doctor import examine
from gisapp.workspace.folder import open_workspace
from gisapp.workspace.restore import restore

NOT_CARRIED = ("keys/", ".lock", "gisapp.sqlite", "workspace.id")


def files_of(root: Path) -> dict[str, bytes]:
    names = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in names.items() if not name.startswith(NOT_CARRIED)}


def events(ws):
    with session(ws.database, write=False) as database:
        return [event.action for event in database.query(AuditEvent).order_by(AuditEvent.number)]


@pytest.fixture
def ws(root, desa):
    """A workspace with a layer, something large, and an event."""
    (root / "mappings").mkdir()
    (root / "mappings" / "dinas.toml").write_text("x = 1\n")
    (root / "layers" / "original" / "besar.bin").write_bytes(random.Random(1).randbytes(2 * PIECE + 17))
    ws = open_workspace(root)
    with session(ws.database) as database:
        database.add(StoreFact(name="note", value="kept"))
    return ws


@pytest.fixture
def made(ws, tmp_path):
    return backup(ws, tmp_path / "a.gisapp")


def test_everything_but_the_keys_comes_back_under_another_path(ws, made, tmp_path):
    assert made.as_dict()["unsound"] == []
    before, identity = files_of(ws.root), (ws.root / "workspace.id").read_text()
    shutil.move(ws.root, tmp_path / "gone")
    report = restore(made.file, tmp_path / "lain" / "kab")
    assert report.sha256 == made.sha256
    again = open_workspace(tmp_path / "lain" / "kab")
    assert files_of(again.root) == before
    assert (again.root / "workspace.id").read_text() != identity
    assert (again.root / KEY_FILE).read_bytes() == (tmp_path / "gone" / KEY_FILE).read_bytes()
    assert stat.S_IMODE((again.root / KEY_FILE).stat().st_mode) == 0o600
    assert codes_of(again) == []
    with session(again.database, write=False) as database:
        assert database.get(StoreFact, "note").value == "kept"
    assert events(again)[-1] == "workspace.restore"
    assert sorted(path.name for path in (tmp_path / "lain").iterdir()) == ["kab"]


def codes_of(ws):
    return [problem.code for problem in examine(ws).problems if problem.code != "layer_without_toml"]


def test_the_backup_shows_nothing_and_is_private(ws, made):
    content = made.file.read_bytes()
    assert content.startswith(MAGIC)
    for text in (b"SQLite", b"gisapp.toml", b"mappings", b"kept"):
        assert text not in content
    for path in (made.file, made.key_file):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert made.bytes == len(content)
    assert events(ws)[-1] == "workspace.backup"
    assert not list(ws.root.glob(".backup*"))


def test_without_a_key_file_the_key_of_the_workspace_opens_it(ws, tmp_path):
    made = backup(ws, tmp_path / "b", with_key=False)
    assert made.key_file is None
    assert not (tmp_path / "b.key").exists()
    refuse(made.file, tmp_path / "new", "backup_key_missing")
    restore(made.file, tmp_path / "one", key=ws.root / KEY_FILE)
    (tmp_path / "two" / "keys").mkdir(parents=True)
    shutil.copy2(ws.root / KEY_FILE, tmp_path / "two" / "keys")
    restore(made.file, tmp_path / "two")
    assert files_of(tmp_path / "two") == files_of(tmp_path / "one") == files_of(ws.root)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith((".two", ".one", ".new"))]


def refuse(file, root, code, **options):
    """Refused with this code, and the neighbourhood of the target is as it was."""
    before = sorted(path.name for path in root.parent.iterdir())
    with pytest.raises(WorkspaceError) as caught:
        restore(file, root, **options)
    assert caught.value.code == code
    assert caught.value.id != caught.value.en
    assert sorted(path.name for path in root.parent.iterdir()) == before


def test_a_wrong_key_is_refused(ws, made, tmp_path):
    wrong = tmp_path / "wrong.key"
    wrong.touch(mode=0o600)
    wrong.write_text("ab" * 32 + "\n")
    refuse(made.file, tmp_path / "new", "backup_key_wrong", key=wrong)
    wrong.write_text("not a key")
    refuse(made.file, tmp_path / "new", "vault_key", key=wrong)
    refuse(made.file, tmp_path / "new", "vault_key", key=tmp_path / "none.key")
    made.key_file.unlink()
    refuse(made.file, tmp_path / "new", "backup_key_missing")


def test_what_is_no_backup_is_refused(tmp_path, ws, made):
    other = tmp_path / "x"
    shutil.copy2(made.key_file, tmp_path / "x.key")
    for content in (b"", b"PK\x03\x04 a zip", MAGIC, MAGIC + b"0" * 16, MAGIC + b"0" * 16 + b"\xff" * 100):
        other.write_bytes(content)
        refuse(other, tmp_path / "new", "backup_damaged")
    refuse(tmp_path / "none", tmp_path / "new", "backup_missing")


def test_a_cut_backup_is_refused_wherever_it_was_cut(ws, made, tmp_path):
    content, cut = made.file.read_bytes(), tmp_path / "cut"
    shutil.copy2(made.key_file, tmp_path / "cut.key")
    points = {0, 1, 15, 16, 31, 32, 40, len(content) - 1, len(content) - 4, len(content) - 100}
    points |= {random.Random(7).randrange(len(content)) for _ in range(25)}
    position = len(MAGIC) + 16  # at every boundary between frames, where nothing looks broken
    while position < len(content):
        points.add(position)
        position += 4 + int.from_bytes(content[position : position + 4], "big")
    for point in points:
        cut.write_bytes(content[:point])
        refuse(cut, tmp_path / "new", "backup_damaged")
    cut.write_bytes(content + content[-200:])
    refuse(cut, tmp_path / "new", "backup_damaged")


def test_a_flipped_byte_is_refused_wherever_it_is(ws, made, tmp_path):
    content, bad = made.file.read_bytes(), tmp_path / "bad"
    shutil.copy2(made.key_file, tmp_path / "bad.key")
    draw = random.Random(8)
    for point in [16, 20, 32, 33, 36, *(draw.randrange(50, len(content)) for _ in range(25))]:
        changed = bytearray(content)
        changed[point] ^= 1 << draw.randrange(8)
        bad.write_bytes(bytes(changed))
        refuse(bad, tmp_path / "new", "backup_damaged")


def test_frames_cannot_be_exchanged_between_backups(ws, made, tmp_path):
    other = backup(ws, tmp_path / "b")
    mixed = tmp_path / "mixed"
    shutil.copy2(made.key_file, tmp_path / "mixed.key")
    one, two = made.file.read_bytes(), other.file.read_bytes()
    mixed.write_bytes(one[: len(one) - 300] + two[len(two) - 300 :])
    refuse(mixed, tmp_path / "new", "backup_damaged")
    mixed.write_bytes(two[:32] + one[32:])
    refuse(mixed, tmp_path / "new", "backup_damaged")


def test_an_occupied_target_is_refused_and_left(ws, made, tmp_path):
    before = files_of(ws.root)
    refuse(made.file, ws.root, "workspace_exists")
    assert files_of(ws.root) == before
    full = tmp_path / "full"
    full.mkdir()
    (full / "foto.jpg").touch()
    refuse(made.file, full, "workspace_not_empty")
    refuse(made.file, made.file, "workspace_not_folder")


def test_a_place_that_is_taken_or_inside_is_refused(ws, made, tmp_path):
    for file, code in (
        (made.file, "file_exists"),
        (ws.root / "x", "backup_inside"),
        (ws.root / "runs/x", "backup_inside"),
    ):
        with pytest.raises(WorkspaceError) as caught:
            backup(ws, file)
        assert caught.value.code == code
    (tmp_path / "c.key").write_text("mine")
    with pytest.raises(WorkspaceError):
        backup(ws, tmp_path / "c")
    assert (tmp_path / "c.key").read_text() == "mine"


def test_an_old_backup_opens_after_a_rotation_and_its_key_is_in_force_again(ws, made, tmp_path):
    old = (ws.root / KEY_FILE).read_text().split()[0]
    rotate(ws.root, ws.database, ())
    report = restore(made.file, tmp_path / "new", key=ws.root / KEY_FILE)
    lines = (report.workspace / KEY_FILE).read_text().split()
    assert lines[0] == old
    assert len(lines) == 2
    assert codes_of(open_workspace(report.workspace)) == []


def test_a_file_that_changes_while_it_is_read_is_read_again(ws, tmp_path, monkeypatch):
    left = [2]
    add = backup_module.BackupWriter.add

    def meddling(self, name, path, *, mode):
        digest = add(self, name, path, mode=mode)
        if name == "mappings/dinas.toml" and left[0]:
            left[0] -= 1
            path.write_text(f"x = {left[0]}\n" + "#" * left[0])
        return digest

    monkeypatch.setattr(backup_module.BackupWriter, "add", meddling)
    made = backup(ws, tmp_path / "b")
    assert left == [0]
    restore(made.file, tmp_path / "new")
    assert (tmp_path / "new" / "mappings" / "dinas.toml").read_text() == "x = 0\n"
    left[0] = 1000
    with pytest.raises(WorkspaceError) as caught:
        backup(ws, tmp_path / "c")
    assert caught.value.code == "locked"
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(("c", ".c"))) == []


WRITER = """
import sys
from pathlib import Path
from gisapp.store.audit import append_event
from gisapp.store.database import session
from gisapp.workspace.folder import open_workspace
ws = open_workspace(Path(sys.argv[1]))
number = 0
while True:
    with session(ws.database) as database:
        for part in ("one", "two"):
            append_event(database, action=part, subject=str(number))
    if number == 0:
        print("it writes", flush=True)
    number += 1
"""


def test_a_backup_taken_while_another_process_writes_is_of_one_moment(ws, tmp_path):
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(ws.root)], stdout=subprocess.PIPE)
    try:
        writer.stdout.readline()
        made = [backup(ws, tmp_path / f"b{number}") for number in range(3)]
    finally:
        writer.kill()
        writer.communicate()
    for number, one in enumerate(made):
        report = restore(one.file, tmp_path / f"new{number}")
        again = open_workspace(report.workspace)
        assert codes_of(again) == []  # the chain of the audit trail is whole
        counted = events(again)
        assert counted.count("one") == counted.count("two")
    assert counted.count("one") > 0


def test_the_command_says_it_loudly_in_both_languages(ws, tmp_path, capsys):
    from gisapp.cli.main import gisapp
    from gisapp.cli.options import run_guarded

    assert run_guarded(gisapp, ["-w", str(ws.root), "backup", str(tmp_path / "b")]) == 0
    said = capsys.readouterr().out
    assert "TERPISAH" in said
    assert "APART" in said
    assert run_guarded(gisapp, ["-w", str(tmp_path / "n"), "restore", str(tmp_path / "b"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["workspace"] == str(tmp_path / "n")
    assert run_guarded(gisapp, ["-w", str(tmp_path / "n"), "backup", str(tmp_path / "c"), "--no-key", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told) >= {"file", "sha256", "bytes", "key_file", "snapshots", "runs"}
    assert told["key_file"] is None


def test_memory_does_not_grow_with_the_workspace(ws, tmp_path):
    with (ws.root / "layers" / "original" / "besar.bin").open("wb") as stream:
        stream.truncate(300 << 20)
    code = (
        "import resource, sys; from pathlib import Path\n"
        "from gisapp.workspace.backup import backup; from gisapp.workspace.restore import restore\n"
        "from gisapp.workspace.folder import open_workspace\n"
        "ws = open_workspace(Path(sys.argv[1])); before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "made = backup(ws, Path(sys.argv[2]) / 'b'); restore(made.file, Path(sys.argv[2]) / 'n')\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, ws.root, tmp_path], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 60  # MiB more than before, for 300 MiB of data
