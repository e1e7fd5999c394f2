"""Atomic writes and the workspace lock."""

import os
import stat
import subprocess
import sys

import pytest

from gisapp.errors import RegistryError, WorkspaceError
from gisapp.store.files import atomic_path, atomic_write_bytes, make_private_folder, workspace_lock


def test_a_written_file_is_whole_and_private(tmp_path):
    target = tmp_path / "a.bin"
    atomic_write_bytes(target, b"new")
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["a.bin"]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    target = tmp_path / "a.bin"
    target.write_bytes(b"old")

    def failing():
        with atomic_path(target) as temporary:
            temporary.write_bytes(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing()
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.bin"]


def test_a_refusal_inside_is_not_taken_for_a_full_disk(tmp_path):
    with pytest.raises(RegistryError), atomic_path(tmp_path / "a"):
        raise RegistryError("no")


def test_a_missing_folder_is_said_in_words(tmp_path):
    with pytest.raises(WorkspaceError, match="cannot be written") as caught:
        atomic_write_bytes(tmp_path / "no" / "a", b"")
    assert caught.value.code == "write_failed"


def test_a_full_disk_keeps_the_old_file(tmp_path, monkeypatch):
    target = tmp_path / "a.bin"
    target.write_bytes(b"old")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WorkspaceError, match="No space left"):
        atomic_write_bytes(target, b"new")
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.bin"]


def test_private_folder(tmp_path):
    made = make_private_folder(tmp_path / "keys")
    assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_another_process_cannot_take_the_lock(tmp_path):
    code = (
        "import sys; from pathlib import Path; from gisapp.store.files import workspace_lock\n"
        "from gisapp.errors import WorkspaceError\n"
        "try:\n"
        "    with workspace_lock(Path(sys.argv[1])): print('taken')\n"
        "except WorkspaceError as error: print(error.code)\n"
    )

    def other():
        return subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)

    with workspace_lock(tmp_path), workspace_lock(tmp_path):
        assert other().stdout.strip() == "locked"
    assert other().stdout.strip() == "taken"
