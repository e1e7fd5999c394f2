"""A workspace is made whole or not at all, and opens without heavy libraries."""

from __future__ import annotations

import stat
import subprocess
import sys

import pytest

from gisapp.errors import WorkspaceError
from gisapp.store.database import current, engine, head
from gisapp.store.vault import open_vault
from gisapp.workspace.folder import init_workspace, open_workspace


def refused(call, *args, code: str):
    with pytest.raises(WorkspaceError) as caught:
        call(*args)
    assert caught.value.code == code
    assert caught.value.id != caught.value.en


def test_init_makes_everything_needed(tmp_path, on_server):
    workspace = init_workspace(tmp_path / "a" / "kab", name="Kabupaten A")
    assert workspace.settings.name == "Kabupaten A"
    assert current(engine(workspace.database)) == head()
    assert open_vault(workspace.root).decrypt(open_vault(workspace.root).encrypt(b"x", "c"), "c") == b"x"
    for folder in (workspace.root, workspace.layers_folder, workspace.registry_folder, workspace.runs_folder):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    tables = [] if on_server else [workspace.database]
    for file in (workspace.settings_path, *tables, workspace.root / "keys" / "vault.key"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["kab"]


def test_init_takes_an_empty_folder_but_no_other(tmp_path):
    (tmp_path / "empty").mkdir()
    init_workspace(tmp_path / "empty")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "foto.jpg").touch()
    refused(init_workspace, tmp_path / "full", code="workspace_not_empty")
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["foto.jpg"]
    (tmp_path / "file").touch()
    refused(init_workspace, tmp_path / "file", code="workspace_not_folder")


def test_an_existing_workspace_is_left_as_it_is(root):
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    refused(init_workspace, root, code="workspace_exists")
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_a_failed_init_leaves_nothing(tmp_path, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("gisapp.store.vault.create_keys", fail)
    refused(init_workspace, tmp_path / "kab", code="write_failed")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_workspace_says_how_to_make_one(tmp_path):
    with pytest.raises(WorkspaceError, match="gisapp init"):
        open_workspace(tmp_path)


def test_the_same_seed_gives_the_same_keys_only_to_synthetic_districts(tmp_path):
    keys = [
        (init_workspace(tmp_path / name, synthetic=synthetic, seed=7).root / "keys" / "vault.key").read_bytes()
        for name, synthetic in (("a", True), ("b", True), ("c", False))
    ]
    assert keys[0] == keys[1]
    assert keys[2] != keys[0]


def test_opening_imports_no_frames(root):
    code = (
        "import sys; from pathlib import Path; from gisapp.workspace.folder import open_workspace;"
        f"open_workspace(Path({str(root)!r}));"
        "print([name for name in ('pandas', 'geopandas', 'numpy', 'pyogrio', 'rasterio') if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
