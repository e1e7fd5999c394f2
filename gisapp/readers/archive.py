"""Zip archives (shapefiles, KMZ, XLSX): judged by their directory before a byte is unpacked."""

from __future__ import annotations

import stat
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from gisapp.errors import FileRefusedError
from gisapp.readers.guard import refuse

_NESTED = (".zip", ".kmz", ".rar", ".7z", ".gz", ".tar", ".tgz", ".bz2", ".xz", ".zst")
_END = b"PK\x05\x06"
_NEGLIGIBLE_BYTES = 1_000_000


@dataclass(frozen=True)
class ArchiveLimits:
    """How much an archive may hold and how far it may expand."""

    entries: int = 2_000
    total_bytes: int = 500_000_000
    ratio: int = 100


LIMITS = ArchiveLimits()


def check_archive(path: Path) -> list[zipfile.ZipInfo]:
    """Return the files of an archive in their order; refuse bombs, traversal, links, encryption and nesting.

    Raises
    ------
    FileRefusedError : code ``archive``; the message names the entry.
    """
    _check_directory(path)
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise _archive_error(path, f"is damaged ({error})", f"rusak ({error})") from error
    _check_names(path, infos)
    _check_sizes(path, infos)
    return [info for info in infos if not info.is_dir()]


def unpack(path: Path, info: zipfile.ZipInfo, target: Path) -> Path:
    """Unpack one checked entry to ``target``, never more bytes than its directory declared."""
    left = info.file_size
    try:
        with zipfile.ZipFile(path) as archive, archive.open(info) as source, target.open("wb") as out:
            while block := source.read(1 << 20):
                left -= len(block)
                if left < 0:
                    raise _archive_error(
                        path,
                        f"{info.filename!r} is larger than declared",
                        f"{info.filename!r} lebih besar dari yang dinyatakan",
                    )
                out.write(block)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        if isinstance(error, FileRefusedError):
            raise
        raise _archive_error(
            path, f"{info.filename!r} is damaged ({error})", f"{info.filename!r} rusak ({error})"
        ) from error
    if left:
        raise _archive_error(
            path, f"{info.filename!r} is shorter than declared", f"{info.filename!r} lebih pendek dari yang dinyatakan"
        )
    return target


def _check_directory(path: Path) -> None:
    """Read the end record by hand: the number of entries is refused before Python builds a list of them."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - 65_557))
        tail = stream.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < 22:
        raise _archive_error(path, "is cut off or not a zip", "terpotong atau bukan zip")
    entries, directory_bytes = struct.unpack("<HI", tail[at + 10 : at + 16])
    if entries > LIMITS.entries or directory_bytes > 5_000_000:
        raise _archive_error(
            path, f"holds more than {LIMITS.entries} files", f"berisi lebih dari {LIMITS.entries} berkas"
        )
    if entries == 0:
        raise _archive_error(path, "is empty", "kosong")


def _check_names(path: Path, infos: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for info in infos:
        name = info.filename.replace("\\", "/")
        parts = PurePosixPath(name)
        shown = repr(info.filename[:80])
        if (
            ".." in parts.parts
            or name.startswith("/")
            or ":" in name
            or any(ord(char) < 32 for char in name)
            or len(name) > 1000
        ):
            raise _archive_error(path, f"the entry {shown} points outside", f"isi {shown} menunjuk ke luar")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise _archive_error(path, f"the entry {shown} is a link", f"isi {shown} berupa tautan")
        if info.flag_bits & 0x1:
            raise _archive_error(
                path,
                f"the entry {shown} is encrypted",
                f"isi {shown} terkunci sandi",
                hint=("Remove the password.", "Hapus sandinya."),
            )
        if name.casefold() in seen:
            raise _archive_error(path, f"the entry {shown} occurs twice", f"isi {shown} ada dua kali")
        if name.lower().endswith(_NESTED):
            raise _archive_error(
                path,
                f"the entry {shown} is an archive itself",
                f"isi {shown} juga arsip",
                hint=("Unpack it first.", "Buka dulu arsip dalamnya."),
            )
        seen.add(name.casefold())


def _check_sizes(path: Path, infos: list[zipfile.ZipInfo]) -> None:
    if sum(info.file_size for info in infos) > LIMITS.total_bytes:
        limit = LIMITS.total_bytes // 1_000_000
        raise _archive_error(path, f"unpacks to more than {limit} MB", f"isinya lebih dari {limit} MB")
    for info in infos:
        if info.file_size > _NEGLIGIBLE_BYTES and info.file_size > LIMITS.ratio * max(info.compress_size, 1):
            shown = repr(info.filename[:80])
            raise _archive_error(
                path,
                f"the entry {shown} expands more than {LIMITS.ratio}-fold",
                f"isi {shown} mengembang lebih dari {LIMITS.ratio} kali",
            )


def _archive_error(
    path: Path, en: str, id: str, *, hint: tuple[str, str] = ("Make the archive again.", "Buat ulang arsipnya.")
) -> FileRefusedError:
    return refuse(f"{path}: {en}. {hint[0]}", f"{path}: {id}. {hint[1]}", code="archive")
