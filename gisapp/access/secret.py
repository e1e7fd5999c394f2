"""The secret that signs the browser's cookie: 32 random bytes beside the vault's key, or GISAPP_SECRET_KEY."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from gisapp.errors import ConfigurationError
from gisapp.settings import secret_key
from gisapp.store.files import atomic_write_bytes, make_private_folder

KEY_FILE = Path("keys") / "session.key"
SHORTEST_BYTES = 32

#: Words of examples that people copy; a key that holds one is known to everybody.
KNOWN = (
    "changeme",
    "change-me",
    "change_me",
    "secret",
    "default",
    "password",
    "example",
    "thisismyscretkey",
    "dev-key",
)

_KEY_TEXT = re.compile(rb"[0-9a-f]{64}\n?")


def create_session_key(root: Path) -> Path:
    """Write ``keys/session.key`` (mode 0600) unless it exists, and return its path.

    Always random, for a synthetic district too: nothing that is stored is made with it.
    """
    path = root / KEY_FILE
    if not path.exists():
        make_private_folder(path.parent)
        atomic_write_bytes(path, f"{os.urandom(SHORTEST_BYTES).hex()}\n".encode())
    return path


def session_secret(root: Path) -> bytes:
    """The secret of a workspace; ConfigurationError where the one that was given is weak or the file is not private."""
    given = secret_key()
    return _from_file(create_session_key(root)) if given is None else _given(given)


def _given(text: str) -> bytes:
    if len(text.encode()) < SHORTEST_BYTES:
        raise _refused(
            f"GISAPP_SECRET_KEY is shorter than {SHORTEST_BYTES} bytes",
            f"GISAPP_SECRET_KEY lebih pendek dari {SHORTEST_BYTES} bita",
        )
    if len(set(text)) < 10 or any(word in text.casefold() for word in KNOWN):
        raise _refused("GISAPP_SECRET_KEY can be guessed", "GISAPP_SECRET_KEY dapat ditebak")
    return text.encode()


def _from_file(path: Path) -> bytes:
    text = path.read_bytes()
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise _refused(f"{path} can be read by others", f"{path} dapat dibaca orang lain")
    if not _KEY_TEXT.fullmatch(text) or len(set(text.strip())) < 4:
        raise _refused(f"{path} is not a key of 64 hexadecimal digits", f"{path} bukan kunci 64 angka heksadesimal")
    return bytes.fromhex(text.decode().strip())


def _refused(en: str, id: str) -> ConfigurationError:
    return ConfigurationError(
        f"{en}: the service does not start. Leave GISAPP_SECRET_KEY out, or remove keys/session.key to have a new one "
        "made (everybody logs in again).",
        f"{id}: layanan tidak dijalankan. Kosongkan GISAPP_SECRET_KEY, atau hapus keys/session.key agar dibuat baru "
        "(semua pengguna masuk lagi).",
        code="secret_key",
    )
