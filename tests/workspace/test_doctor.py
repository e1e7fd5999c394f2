"""doctor: what a crash left is removed, what is damaged is said, what a person brought is kept."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from gisapp.store.database import session
from gisapp.store.files import atomic_path
from gisapp.store.hashing import sha256_bytes
from gisapp.store.keyring import KEY_FILE, Key, KeyRing, read_ring, synthetic_key, write_ring
from gisapp.store.places import create_identity
from gisapp.store.rotation import rotate
from gisapp.workspace.doctor import examine
from gisapp.workspace.settings import fill_settings_text


def codes(report) -> list[str]:
    return [problem.code for problem in report.problems]


def test_a_fresh_workspace_is_healthy(reopen):
    report = examine(reopen())
    assert report.ok
    assert report.as_dict() == {"ok": True, "problems": [], "removed": []}


def test_files_without_a_row_are_removed_and_others_kept(root, reopen):
    (root / "registry" / "2024-abc.parquet").touch(mode=0o600)
    (root / "registry" / "quarantine" / "x.enc").touch(mode=0o600)
    (root / "runs" / ".making-1").mkdir()
    (root / "runs" / "deadbeef").mkdir()
    (root / "runs" / "deadbeef" / "areas.parquet").touch()
    (root / "layers" / ".desa.parquet.0123.partial").touch()
    (root / "layers" / "foto.jpg").touch()
    report = examine(reopen())
    assert report.ok
    assert sorted(report.removed) == [
        "layers/.desa.parquet.0123.partial", "registry/2024-abc.parquet", "registry/quarantine/x.enc", "runs/.making-1",
        "runs/deadbeef",
    ]  # fmt: skip
    assert codes(report) == ["leftovers_removed", "layer_without_toml"]
    assert (root / "layers" / "foto.jpg").exists()
    assert examine(reopen()).removed == ()


def test_a_snapshot_with_a_row_stays_and_its_damage_is_said(root, reopen):
    from gisapp.registry.tables import SnapshotRow

    content = b"a snapshot"
    path = root / "registry" / "2024-abc.parquet"
    path.touch(mode=0o600)
    path.write_bytes(content)
    with session(reopen().database) as opened:
        opened.add(
            SnapshotRow(
                hash="a" * 64, period="2024", path="registry/2024-abc.parquet", rows=1,
                file_sha256=sha256_bytes(content), created_at=datetime(2025, 1, 1, tzinfo=UTC),
            )
        )  # fmt: skip
    assert examine(reopen()).as_dict() == {"ok": True, "problems": [], "removed": []}
    path.write_bytes(b"another")
    assert codes(examine(reopen())) == ["snapshot_damaged"]
    path.unlink()
    report = examine(reopen())
    assert not report.ok
    assert codes(report) == ["snapshot_missing"]


def test_keys_and_modes_are_looked_after(root, reopen):
    key = root / "keys" / "vault.key"
    key.chmod(0o644)
    (root / "registry").chmod(0o755)
    assert codes(examine(reopen())) == ["vault_key", "mode"]
    key.unlink()
    (root / "registry").chmod(0o700)
    assert codes(examine(reopen())) == ["vault_key"]


def test_a_key_that_can_be_guessed_is_an_error_where_families_are_real(root, reopen):
    write_ring(root, KeyRing(synthetic_key(reopen().settings.seed)))
    assert codes(examine(reopen())) == ["key_weak"]
    write_ring(root, KeyRing(Key("0f" * 32)))
    assert codes(examine(reopen())) == ["key_weak"]
    settings = reopen().settings_path
    settings.write_text(fill_settings_text(settings.read_text(), {"synthetic": True}))
    assert examine(reopen()).ok
    settings.write_text(fill_settings_text(settings.read_text(), {"synthetic": False}))
    rotate(root, reopen().database, ())
    assert examine(reopen()).ok


def test_another_key_than_the_database_was_made_with_is_told(root, reopen):
    rotate(root, reopen().database, ())
    ring = read_ring(root / KEY_FILE)
    write_ring(root, ring.under(ring.former[0]))
    assert codes(examine(reopen())) == ["key_mismatch"]
    write_ring(root, ring)
    assert examine(reopen()).ok


def test_tables_that_are_elsewhere_make_no_file_a_left_over(root, reopen, monkeypatch, on_server, tmp_path):
    (root / "runs" / "r1").mkdir()
    if on_server:
        monkeypatch.delenv("GISAPP_DATABASE_URL")
    else:
        (root / "gisapp.sqlite").rename(tmp_path / "away")
    report = examine(reopen())
    assert codes(report) == ["database_elsewhere"]
    assert report.removed == ()
    assert (root / "runs" / "r1").exists()
    assert not (root / "gisapp.sqlite").exists()


@pytest.mark.xdist_group("server")
def test_a_server_that_does_not_have_the_tables_is_told(root, reopen, monkeypatch, server_url):
    (root / "runs" / "r1").mkdir()
    if (root / "gisapp.sqlite").exists():
        monkeypatch.setenv("GISAPP_DATABASE_URL", server_url)
        assert codes(examine(reopen())) == ["database_elsewhere"]
        (root / "gisapp.sqlite").unlink()
    create_identity(root)
    assert codes(examine(reopen())) == ["database_elsewhere"]
    assert (root / "runs" / "r1").exists()


def test_an_attachment_without_a_row_goes_when_nobody_can_be_adding_it(root, reopen):
    folder = root / "registry" / "attachments"
    folder.mkdir(mode=0o700)
    for name in ("old.enc", "coming.enc"):
        (folder / name).touch(mode=0o600)
    os.utime(folder / "old.enc", (0, 0))
    os.utime(folder / "coming.enc", (2**33, 2**33))
    assert examine(reopen()).removed == ("registry/attachments/old.enc",)


def test_a_file_that_is_being_written_is_left_alone(root, reopen):
    with atomic_path(root / "layers" / "x.bin"), atomic_path(root / "mappings.toml"):
        assert examine(reopen()).removed == ()
    left = root / "registry" / ".backup.0.partial"
    left.mkdir()
    (left / "gisapp.sqlite").touch(mode=0o600)
    assert examine(reopen()).removed == ("registry/.backup.0.partial",)


@pytest.mark.sqlite_only(reason="a server has no file to damage")
def test_a_damaged_database_is_said_and_nothing_is_removed(root, reopen):
    for name in ("gisapp.sqlite-wal", "gisapp.sqlite-shm"):
        (root / name).unlink(missing_ok=True)
    (root / "gisapp.sqlite").write_bytes(b"SQLite format 3\x00" + b"\xff" * 8000)
    (root / "runs" / "r1").mkdir()
    report = examine(reopen())
    assert not report.ok
    assert codes(report)[0].startswith("database")
    assert (root / "runs" / "r1").exists()
