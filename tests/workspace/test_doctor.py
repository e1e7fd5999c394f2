"""doctor: what a crash left is removed, what is damaged is said, what a person brought is kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gisapp.store.database import session
from gisapp.store.hashing import sha256_bytes
from gisapp.workspace.doctor import examine


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
