"""Searches files, however they are packed, for numbers and names that must not stand anywhere in the clear.

A number is found as digits, with one sign between them, in UTF-16, as a 64-bit integer or float of either byte order
at any offset, and inside gzip, zip (and what is zip: XLSX, KMZ), SQLite, Parquet, PDF, base64 and hexadecimal text. A
name is found in any capitals with anything but letters between its words. What is encrypted is not opened.
"""

from __future__ import annotations

import binascii
import io
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet
import pypdf

_DIGITS = re.compile(rb"\d{16,}")
_SPACED = re.compile(rb"(?<!\d)\d(?:[ .,_/-]?\d){15,}(?!\d)")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}")
_HEX = re.compile(rb"[0-9a-fA-F]{32,}")
_GZIP, _ZIP, _SQLITE, _PARQUET, _PDF = b"\x1f\x8b", b"PK\x03\x04", b"SQLite format 3\0", b"PAR1", b"%PDF"
_PACKED = (_GZIP, _ZIP, _SQLITE, _PARQUET, _PDF)
_DEEPEST = 5


@dataclass
class Sought:
    """What must not be found: 16-digit numbers, and names of two words or more."""

    numbers: set[str]
    names: set[str]
    _last: dict[bytes, list[re.Pattern[bytes]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._bytes = {number.encode() for number in self.numbers}
        whole = np.array(sorted(int(number) for number in self.numbers), dtype=np.uint64)
        self._views = [(kind, whole) for kind in ("<u8", ">u8")]
        self._views += [(kind, whole.astype(np.float64)) for kind in ("<f8", ">f8")]
        for name in self.names:
            words = name.casefold().split()
            pattern = rb"[^a-z]{1,6}".join(re.escape(word.encode()) for word in words)
            self._last.setdefault(words[-1].encode(), []).append(re.compile(rb"(?<![a-z])" + pattern + rb"(?![a-z])"))

    def in_bytes(self, data: bytes) -> Iterator[str]:
        """What stands in bytes as they are: digits and names."""
        for run in _DIGITS.finditer(data):
            text = run[0]
            for start in range(len(text) - 15):
                if text[start : start + 16] in self._bytes:
                    yield text[start : start + 16].decode()
        for run in _SPACED.finditer(data):
            bare = re.sub(rb"\D", b"", run[0])
            for start in range(len(bare) - 15):
                if bare[start : start + 16] in self._bytes:
                    yield bare[start : start + 16].decode()
        lower = data.lower()
        for last, patterns in self._last.items():
            if last in lower:
                for pattern in patterns:
                    if found := pattern.search(lower):
                        yield found[0].decode("latin-1")

    def as_numbers(self, data: bytes) -> Iterator[str]:
        """Numbers in their binary forms, at every offset."""
        for offset in range(min(8, len(data))):
            usable = (len(data) - offset) // 8 * 8
            for kind, wanted in self._views:
                values = np.frombuffer(data, dtype=kind, count=usable // 8, offset=offset)
                near = values[(values >= wanted[0]) & (values <= wanted[-1])] if len(wanted) else values[:0]
                if near.size:
                    for value in near[np.isin(near.astype(wanted.dtype), wanted)]:
                        yield f"{kind} {int(value)}"


def scan(data: bytes, sought: Sought, *, depth: int = 0) -> set[str]:
    """Everything sought that these bytes hold, however packed."""
    found = set(sought.in_bytes(data)) | set(sought.as_numbers(data))
    if b"\0" in data:
        found |= set(sought.in_bytes(data.replace(b"\0", b"")))
    if depth < _DEEPEST:
        for inner in _unpacked(data):
            found |= scan(inner, sought, depth=depth + 1)
        for inner in _decoded(data):
            found |= set(sought.in_bytes(inner))
    return found


def scan_files(folder: Path, sought: Sought) -> dict[str, set[str]]:
    """Findings by file, of every file under a folder (or of the one file), names of files included."""
    found: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("*")) if folder.is_dir() else [folder]:
        hits = set(sought.in_bytes(path.name.encode()))
        hits |= scan(path.read_bytes(), sought) if path.is_file() else set()
        if hits:
            found[str(path)] = hits
    return found


def _decoded(data: bytes) -> Iterator[bytes]:
    """What base64 and hexadecimal runs say, read from each place where a group may begin."""
    parts: list[bytes] = []
    for run in _BASE64.finditer(data):
        text = run[0].replace(b"-", b"+").replace(b"_", b"/")
        for start in range(4):
            parts.append(binascii.a2b_base64(text[start : start + (len(text) - start) // 4 * 4]))
    for run in _HEX.finditer(data):
        for start in (0, 1):
            parts.append(binascii.unhexlify(run[0][start : start + (len(run[0]) - start) // 2 * 2]))
    yield b"\n".join(parts)


def _unpacked(data: bytes) -> Iterator[bytes]:
    if data.startswith(_GZIP):
        yield zlib.decompressobj(wbits=31).decompress(data)
    elif data.startswith(_ZIP):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield archive.read(name)
    elif data.startswith(_SQLITE):
        yield from _sqlite(data)
    elif data.startswith(_PARQUET):
        table = parquet.read_table(io.BytesIO(data))
        for column in table.columns:
            yield "\n".join(str(value) for value in column.to_pylist()).encode()
        yield b"\n".join(value for pair in (table.schema.metadata or {}).items() for value in pair)
    elif data.startswith(_PDF):
        reader = pypdf.PdfReader(io.BytesIO(data))
        yield "\n".join(page.extract_text() for page in reader.pages).encode()
        yield str(reader.metadata).encode()


def _sqlite(data: bytes) -> Iterator[bytes]:
    """Every value of every table; large values are looked into, as they may be packed themselves."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(_without_wal(data))
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in names:
            texts, plain = [], []
            try:
                rows = connection.execute(f'SELECT * FROM "{name}"').fetchall()
            except sqlite3.OperationalError:
                continue  # a virtual table whose module is not here; its shadow tables are read
            for row in rows:
                for value in row:
                    if isinstance(value, bytes) and value.startswith(_PACKED):
                        yield value
                    elif isinstance(value, bytes):
                        plain.append(value)
                    elif value is not None:
                        texts.append(str(value))
            yield "\n".join(texts).encode()
            yield b"\n".join(plain)
    finally:
        connection.close()


def _without_wal(data: bytes) -> bytes:
    """A copy that opens from memory: the header's mark of a write-ahead log taken away."""
    return data[:18] + b"\x01\x01" + data[20:]
