"""Archives are judged by their directory, before a byte is unpacked."""

from __future__ import annotations

import stat
import struct
import warnings
import zipfile

import pytest

from gisapp.errors import FileRefusedError
from gisapp.readers.archive import check_archive, unpack
from gisapp.readers.vector import read_vector


def refused(path) -> str:
    with pytest.raises(FileRefusedError) as caught:
        read_vector(path)
    assert caught.value.code == "archive"
    return caught.value.en


@pytest.mark.parametrize(
    "name", ["../x.geojson", "a/../../x.geojson", "/etc/x.geojson", "C:\\x.geojson", "..\\x.geojson"]
)
def test_entries_that_point_outside_are_refused(zipped, tmp_path, name):
    assert "points outside" in refused(zipped({name: b"{}"}))
    assert not list(tmp_path.parent.glob("x.geojson"))


def test_a_link_is_refused(tmp_path):
    path = tmp_path / "link.zip"
    info = zipfile.ZipInfo("a.geojson")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert "is a link" in refused(path)


def test_repeated_names_are_refused(tmp_path):
    path = tmp_path / "twice.zip"
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("a.geojson", "{}")
        archive.writestr("A.geojson", "{}")
    assert "occurs twice" in refused(path)


def test_an_archive_in_an_archive_is_refused(zipped):
    assert "is an archive itself" in refused(zipped({"inner.zip": b"PK", "a.geojson": b"{}"}))


def test_too_many_entries_are_refused_by_the_end_record(zipped):
    assert "more than 2000 files" in refused(zipped({f"{at}.txt": b"" for at in range(2001)}))


def test_a_bomb_is_refused_unopened(zipped):
    assert "expands more than 100-fold" in refused(zipped({"a.geojson": b" " * 20_000_000}))


def test_a_total_beyond_the_limit_is_refused(zipped, monkeypatch):
    monkeypatch.setattr(
        "gisapp.readers.archive.LIMITS", type("L", (), {"entries": 9, "total_bytes": 1000, "ratio": 100})()
    )
    assert "more than 0 MB" in refused(zipped({"a.geojson": b"x" * 600, "b.geojson": b"y" * 600}))


def test_an_encrypted_archive_is_refused(zipped):
    path = zipped({"a.geojson": b"{}"})
    data = bytearray(path.read_bytes())
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.index(magic) + at
        struct.pack_into("<H", data, start, 1)
    path.write_bytes(data)
    assert "encrypted" in refused(path)


def test_a_truncated_or_empty_archive_is_refused(zipped, tmp_path):
    path = zipped({"a.geojson": b"{}" * 500})
    path.write_bytes(path.read_bytes()[:-30])
    assert "cut off" in refused(path)
    empty = tmp_path / "empty.zip"
    with zipfile.ZipFile(empty, "w"):
        pass
    assert "is empty" in refused(empty)


def test_a_false_size_in_the_directory_is_refused(zipped, tmp_path):
    path = zipped({"a.geojson": bytes(range(256)) * 40})
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 100)
    path.write_bytes(data)
    (info,) = check_archive(path)
    with pytest.raises(FileRefusedError):
        unpack(path, info, tmp_path / "out")


def test_an_archive_must_hold_one_layer(zipped):
    with pytest.raises(FileRefusedError, match="exactly one layer") as caught:
        read_vector(zipped({"a.geojson": b"{}", "b.geojson": b"{}"}))
    assert caught.value.code == "archive_layers"
    with pytest.raises(FileRefusedError, match="exactly one layer"):
        read_vector(zipped({"readme.txt": b"x"}))
