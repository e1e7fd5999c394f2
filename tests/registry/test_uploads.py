"""What a browser sends before it is taken in: never in the clear in the workspace, gone at every exit."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest

from gisapp.access.actors import Actor
from gisapp.cli.main import gisapp
from gisapp.cli.options import run_guarded
from gisapp.errors import FileRefusedError, NotFoundError, PermissionRefusedError, RegistryError
from gisapp.registry import uploads
from gisapp.registry.incoming import waiting_problems
from gisapp.registry.sealed import everything_sealed
from gisapp.store.keyring import KEY_FILE, read_ring
from gisapp.store.rotation import rotate
from gisapp.store.sealed_files import read_tokens
from gisapp.store.tables import utc_now
from gisapp.store.vault import token_key
from gisapp.workspace.folder import Workspace

OFFICE = Actor(name="dinsos", role="social_office")
OTHER = Actor(name="dinsos2", role="social_office")
NIK = "9901010101700012"
CONTENT = f"nik,nama\n{NIK},Nama Rekaan\n".encode() * 100_000


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def send(ws: Workspace, content: bytes = CONTENT, name: str = "keluarga.csv") -> uploads.Upload:
    return uploads.receive(ws, io.BytesIO(content), name=name, actor=OFFICE)


def test_what_was_sent_comes_back(workspace: Workspace, own_temporary_folder: Path) -> None:
    sent = send(workspace)
    found = uploads.find(workspace, sent.token, actor=OFFICE)
    assert found == sent
    assert (found.size, found.frames, found.rows) == (len(CONTENT), 4, 199_999)
    with uploads.in_the_clear(workspace, found) as path:
        assert path.name == "keluarga.csv"
        assert path.parent.stat().st_mode & 0o777 == 0o700
        assert path.read_bytes() == CONTENT
    assert list(own_temporary_folder.iterdir()) == []


def test_nothing_in_the_clear_in_the_workspace(workspace: Workspace) -> None:
    sent = uploads.choose(workspace, send(workspace), received_from=f"NIK {NIK}")
    for path in workspace.root.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert NIK.encode() not in content, path
            assert b"Nama Rekaan" not in content, path
    assert uploads.find(workspace, sent.token, actor=OFFICE).choices == {"received_from": f"NIK {NIK}"}


def test_anothers_upload_is_as_none(workspace: Workspace) -> None:
    sent = send(workspace)
    for token, actor in ((sent.token, OTHER), ("0" * 32, OFFICE), ("../../gisapp", OFFICE), ("", OFFICE)):
        with pytest.raises(NotFoundError) as caught:
            uploads.find(workspace, token, actor=actor)
        assert caught.value.code == "upload_gone"


def test_only_who_may_take_in(workspace: Workspace) -> None:
    with pytest.raises(PermissionRefusedError):
        uploads.receive(workspace, io.BytesIO(CONTENT), name="a.csv", actor=Actor(name="a", role="viewer"))


def test_an_empty_file_leaves_nothing(workspace: Workspace) -> None:
    with pytest.raises(FileRefusedError, match="kosong"):
        send(workspace, b"")
    assert list((workspace.root / uploads.FOLDER).iterdir()) == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../a.csv", "a.csv"), ("CON.csv", "CON.csv"), ("x" * 300 + ".csv", "x" * 80 + ".csv"),
        ("a\nb.csv", "a b.csv"), ("a%00.csv", "a 00.csv"), ("a\x00.csv", "a.csv"), ("C:\\data\\a.XLSX", "a.xlsx"),
        (f"KK {NIK}.csv", "KK.csv"), (".csv", "berkas.csv"), ("<script>.csv", "script.csv"), ('a";b=.csv', "a b.csv"),
        ("http://x/a.csv", "a.csv"), ("/vsicurl/a.csv", "a.csv"),
    ],
)  # fmt: skip
def test_names(given: str, kept: str) -> None:
    assert uploads.safe_name(given) == kept


@pytest.mark.parametrize("name", ["a.zip", "a.exe", "a", "a.csv.gz", "", "a.xlsm", "a.geojson"])
def test_other_endings_are_refused(name: str) -> None:
    with pytest.raises(FileRefusedError):
        uploads.safe_name(name)


def test_errors_do_not_tell_the_folder(workspace: Workspace, own_temporary_folder: Path) -> None:
    with pytest.raises(RegistryError) as caught, uploads.in_the_clear(workspace, send(workspace)) as path:
        raise RegistryError(f"{path}: bad.", f"{path}: buruk.")
    assert (caught.value.en, caught.value.id) == ("keluarga.csv: bad.", "keluarga.csv: buruk.")
    assert list(own_temporary_folder.iterdir()) == []


def test_a_crash_leaves_the_clear_to_the_next_start(own_temporary_folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        dead.wait()
    left = own_temporary_folder / f"gisapp-incoming-{dead.pid}-x"
    mine = own_temporary_folder / f"gisapp-incoming-{os.getpid()}-x"
    for folder in (left, mine, own_temporary_folder / "gisapp-incoming-other"):
        folder.mkdir()
    uploads.sweep_clear()
    assert not left.exists()
    assert len(list(own_temporary_folder.iterdir())) == 2


def test_old_uploads_go(workspace: Workspace) -> None:
    old, new = send(workspace), send(workspace)
    then = (utc_now() - timedelta(hours=uploads.KEPT_HOURS + 1)).timestamp()
    for path in (workspace.root / uploads.FOLDER).glob(f"{old.token}*"):
        os.utime(path, (then, then))
    uploads.sweep(workspace)
    assert {path.name.partition(".")[0] for path in (workspace.root / uploads.FOLDER).iterdir()} == {new.token}


def test_a_changed_frame_does_not_open(workspace: Workspace) -> None:
    sent = send(workspace)
    data = workspace.root / uploads.FOLDER / f"{sent.token}.enc"
    data.write_bytes(data.read_bytes()[:-1] + b"x")
    with pytest.raises(Exception, match="cannot be opened"), uploads.in_the_clear(workspace, sent):
        pass


def test_discard(workspace: Workspace) -> None:
    sent = send(workspace)
    uploads.discard(workspace, sent.token)
    uploads.discard(workspace, sent.token)
    assert list((workspace.root / uploads.FOLDER).iterdir()) == []


def test_a_later_choice_does_not_keep_a_file_longer(workspace: Workspace) -> None:
    sent = send(workspace)
    then = (utc_now() - timedelta(hours=uploads.KEPT_HOURS + 1)).timestamp()
    os.utime(workspace.root / uploads.FOLDER / f"{sent.token}.enc", (then, then))
    uploads.choose(workspace, sent, period="2025")
    uploads.sweep(workspace)
    assert list((workspace.root / uploads.FOLDER).iterdir()) == []


def test_the_doctor_tells_what_waits(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    sent = send(workspace)
    (found,) = waiting_problems(workspace)
    assert (found.code, found.count, found.severity) == ("uploads_waiting", 1, "info")
    assert run_guarded(gisapp, ["-w", str(workspace.root), "doctor", "--json"]) == 0
    assert "uploads_waiting" in capsys.readouterr().out
    uploads.discard(workspace, sent.token)
    assert waiting_problems(workspace) == ()


def test_a_rotation_of_keys_seals_what_waits_anew(workspace: Workspace) -> None:
    sent = send(workspace)
    data = workspace.root / uploads.FOLDER / f"{sent.token}.enc"
    then = (utc_now() - timedelta(hours=3)).timestamp()
    os.utime(data, (then, then))
    done = rotate(workspace.root, workspace.database, everything_sealed(workspace))
    assert done.sealed["uploads"] == 1
    tokens = list(read_tokens(io.BytesIO(data.read_bytes())))
    plan = (workspace.root / uploads.FOLDER / f"{sent.token}.plan.enc").read_bytes()
    now = read_ring(workspace.root / KEY_FILE).current.id
    assert {token_key(token) for token in (*tokens, plan)} == {now}
    assert data.stat().st_mtime == pytest.approx(then, abs=1)
    assert uploads.find(workspace, sent.token, actor=OFFICE) == sent
    with uploads.in_the_clear(workspace, sent) as path:
        assert path.read_bytes() == CONTENT
