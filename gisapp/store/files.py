"""Files that are either the old one or the new one after a crash, and the lock of a workspace."""

from __future__ import annotations

import fcntl
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gisapp.errors import GisappError, WorkspaceError

#: Ending of a file that is still being written; ``doctor`` may remove what a crash left.
PARTIAL = ".partial"

_LOCK_NAME = ".lock"
_held: dict[tuple[str, int], int] = {}
_guard = threading.Lock()


def fsync_folder(path: Path) -> None:
    """Make the names inside a folder survive a power cut: what a rename needs to be lasting."""
    _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_private_folder(path: Path) -> Path:
    """Create a folder (and its parents) that only its owner can enter; an existing one is left as it is."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


@contextmanager
def atomic_path(path: Path, *, mode: int = 0o600) -> Iterator[Path]:
    """Give a temporary name beside ``path``; at a clean exit it is synced, given ``mode`` and renamed to ``path``.

    On an exception the temporary file is removed and an existing ``path`` stays as it was.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}{PARTIAL}")
    try:
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with in_use(temporary):
            yield temporary
            temporary.chmod(mode)
            _sync(temporary)
            temporary.replace(path)
        fsync_folder(path.parent)
    except OSError as error:
        raise error if isinstance(error, GisappError) else _cannot_write(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def in_use(path: Path) -> Iterator[None]:
    """Mark a partial file or folder as being worked on; the mark ends with the process, so a crash leaves none."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)


def is_in_use(path: Path) -> bool:
    """Whether some process is working on a partial file or folder; False where it has gone meanwhile."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _cannot_write(path: Path, error: OSError) -> WorkspaceError:
    reason = error.strerror or str(error)
    return WorkspaceError(
        f"{path}: cannot be written ({reason}). Check free space and permissions; nothing was changed.",
        f"{path}: tidak dapat ditulis ({reason}). Periksa ruang disk dan izin; tidak ada yang berubah.",
        code="write_failed",
    )


def atomic_write_bytes(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Write bytes under ``path`` so that a crash leaves the old file or the new one, never a part."""
    with atomic_path(path, mode=mode) as temporary:
        temporary.write_bytes(data)


@contextmanager
def workspace_lock(root: Path) -> Iterator[None]:
    """Hold the workspace for one writer; WorkspaceError (code ``locked``) when another process holds it.

    The same thread may take it again inside. The lock ends with the process, so a crash leaves none behind.
    """
    key = (str(root.resolve()), threading.get_ident())
    with _guard:
        again = key in _held
        _held[key] = _held.get(key, 0) + 1
    try:
        if again:
            yield
        else:
            with _exclusive(root):
                yield
    finally:
        with _guard:
            _held[key] -= 1
            if not _held[key]:
                del _held[key]


@contextmanager
def _exclusive(root: Path) -> Iterator[None]:
    try:
        descriptor = os.open(root / _LOCK_NAME, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise _cannot_write(root / _LOCK_NAME, error) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise WorkspaceError(
                f"{root} is being changed by another gisapp process. Wait until it has finished, then try again.",
                f"{root} sedang diubah oleh proses gisapp lain. Tunggu sampai selesai, lalu coba lagi.",
                code="locked",
            ) from error
        yield
    finally:
        os.close(descriptor)
