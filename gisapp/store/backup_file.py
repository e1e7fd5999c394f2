"""One encrypted file that holds many: the format of a backup.

``magic, 16 random bytes``, then frames of the vault (``sealed_files``), each bound to those bytes and to its place:
a header, then for each file its name and its bytes in pieces of 1 MiB, and at the end how much there was and its hash.
So nothing can be cut off, exchanged, left out or taken from another backup without being seen.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from gisapp.errors import WorkspaceError
from gisapp.store.sealed_files import read_tokens, write_frame
from gisapp.store.vault import Vault, token_key

MAGIC = b"GISAPP BACKUP 1\n"
PIECE = 1 << 20

_MARK_BYTES = 16
_HEADER, _FILE, _DATA, _END = b"H", b"F", b"D", b"E"


class Hashed:
    """A stream that knows the SHA-256 and the number of the bytes that went through it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._digest, self.size = stream, hashlib.sha256(), 0

    def write(self, data: bytes) -> int:
        """Pass bytes on."""
        self._count(data)
        return self._stream.write(data)

    def read(self, size: int = -1) -> bytes:
        """Hand bytes out."""
        data = self._stream.read(size)
        self._count(data)
        return data

    def _count(self, data: bytes) -> None:
        self._digest.update(data)
        self.size += len(data)

    @property
    def sha256(self) -> str:
        """Hexadecimal SHA-256 of what went through so far."""
        return self._digest.hexdigest()


class BackupWriter:
    """Writes a backup to an open stream."""

    def __init__(self, stream: Any, vault: Vault, header: dict[str, Any]) -> None:
        self._stream, self._vault, self._mark = stream, vault, os.urandom(_MARK_BYTES)
        self._frames = self._files = self._bytes = 0
        self._digest = hashlib.sha256()
        stream.write(MAGIC + self._mark)
        self._frame(_HEADER + json.dumps(header).encode())

    def add(self, name: str, path: Path, *, mode: int) -> str:
        """Add a file under a name; returns the SHA-256 of what was read."""
        self._frame(_FILE + json.dumps({"name": name, "mode": mode}).encode())
        digest = hashlib.sha256()
        with path.open("rb") as source:
            while piece := source.read(PIECE):
                digest.update(piece)
                self._bytes += len(piece)
                self._frame(_DATA + piece)
        self._files += 1
        return digest.hexdigest()

    def end(self) -> None:
        """Write the frame that closes the backup."""
        total = {"files": self._files, "bytes": self._bytes, "sha256": self._digest.hexdigest()}
        self._frame(_END + json.dumps(total).encode())

    def _frame(self, data: bytes) -> None:
        self._digest.update(data)
        write_frame(self._stream, self._vault.encrypt(data, _context(self._mark, self._frames)))
        self._frames += 1


@dataclass(frozen=True)
class Unpacked:
    """What ``unpack`` found: the header, and how many files it wrote."""

    header: dict[str, Any]
    files: int


def key_of(path: Path) -> bytes:
    """Id of the key that a backup was made with; WorkspaceError (code ``backup_damaged``) where it is none."""
    with path.open("rb") as stream:
        _mark(path, stream)
        token = next(_tokens(path, stream), b"")
    found = token_key(token)
    if found is None:
        raise damaged(path)
    return found


def unpack(path: Path, stream: Any, vault: Vault, folder: Path) -> Unpacked:
    """Write every file of a backup below an empty folder; WorkspaceError unless the backup is whole and unchanged."""
    frames = _frames(path, stream, vault)
    kind, data = next(frames, (b"", b""))
    if kind != _HEADER:
        raise damaged(path)
    header, files = json.loads(data), 0
    out: IO[bytes] | None = None
    try:
        for kind, data in frames:
            if kind == _FILE:
                _close(out)
                out, files = _create(path, folder, json.loads(data)), files + 1
            elif out is not None:
                out.write(data)
    finally:
        _close(out)
    return Unpacked(header, files)


def _frames(path: Path, stream: Any, vault: Vault) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of every frame but the last, which is compared with what came before it."""
    mark, digest, ended = _mark(path, stream), hashlib.sha256(), False
    for number, token in enumerate(_tokens(path, stream)):
        if ended:
            raise damaged(path)
        try:
            data = vault.decrypt(token, _context(mark, number))
        except WorkspaceError as error:
            raise damaged(path) from error
        if data[:1] == _END:
            ended = json.loads(data[1:])["sha256"] == digest.hexdigest()
            if not ended:
                raise damaged(path)
            continue
        digest.update(data)
        yield data[:1], data[1:]
    if not ended:
        raise damaged(path)


def _tokens(path: Path, stream: Any) -> Iterator[bytes]:
    try:
        yield from read_tokens(stream)
    except WorkspaceError as error:
        raise damaged(path) from error


def _mark(path: Path, stream: Any) -> bytes:
    head: bytes = stream.read(len(MAGIC) + _MARK_BYTES)
    if not head.startswith(MAGIC) or len(head) < len(MAGIC) + _MARK_BYTES:
        raise damaged(path)
    return head[len(MAGIC) :]


def _context(mark: bytes, frame: int) -> str:
    return f"backup {mark.hex()} {frame}"


def _create(backup: Path, folder: Path, entry: dict[str, Any]) -> IO[bytes]:
    name = PurePosixPath(entry["name"])
    if name.is_absolute() or ".." in name.parts or not name.parts:
        raise damaged(backup)
    path = folder / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, int(entry["mode"]) & 0o755)
    return os.fdopen(descriptor, "wb")


def _close(out: IO[bytes] | None) -> None:
    if out is not None and not out.closed:
        out.flush()
        os.fsync(out.fileno())
        out.close()


def damaged(path: Path) -> WorkspaceError:
    """Say that a file is no whole backup."""
    return WorkspaceError(
        f"{path} is not a backup of gisapp, or it was cut short or changed. Take another copy; nothing was restored.",
        f"{path} bukan cadangan gisapp, atau terpotong atau berubah. Ambil salinan lain; tidak ada yang dipulihkan.",
        code="backup_damaged",
    )
