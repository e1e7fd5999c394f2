"""The vault: one key file outside the database, authenticated encryption and a keyed hash.

A token is ``magic, key id, nonce, AES-256-GCM ciphertext``. The context (what the data are and where they belong)
is authenticated with it, so a token that was moved to another place does not open.
"""

from __future__ import annotations

import hmac
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path

from gisapp.errors import WorkspaceError
from gisapp.store.files import atomic_write_bytes, make_private_folder
from gisapp.store.hashing import sha256_bytes

KEY_FILE = Path("keys") / "vault.key"

_MAGIC = b"GISV1"
_ID_BYTES = 8
_NONCE_BYTES = 12
_KEY_TEXT = re.compile(rb"[0-9a-f]{64}\n?")


@dataclass(frozen=True)
class Vault:
    """Encrypts, decrypts and hashes with the keys of one workspace; its representation shows no key."""

    _cipher_key: bytes = field(repr=False)
    _hash_key: bytes = field(repr=False)
    key_id: bytes

    def encrypt(self, data: bytes, context: str) -> bytes:
        """Encrypt ``data`` (below 2 GiB) under a fresh random nonce, bound to ``context``."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = os.urandom(_NONCE_BYTES)
        return _MAGIC + self.key_id + nonce + AESGCM(self._cipher_key).encrypt(nonce, data, context.encode())

    def decrypt(self, token: bytes, context: str) -> bytes:
        """Give back what ``encrypt`` took; WorkspaceError when key, context or a single byte differs."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        start = len(_MAGIC) + _ID_BYTES
        if token[: len(_MAGIC)] != _MAGIC or len(token) < start + _NONCE_BYTES + 16:
            raise _unreadable("it is not an encrypted file of gisapp", "bukan berkas terenkripsi gisapp")
        if token[len(_MAGIC) : start] != self.key_id:
            raise _unreadable("it was encrypted with another key", "dienkripsi dengan kunci lain")
        nonce, body = token[start : start + _NONCE_BYTES], token[start + _NONCE_BYTES :]
        try:
            return AESGCM(self._cipher_key).decrypt(nonce, body, context.encode())
        except InvalidTag as error:
            raise _unreadable("it was changed or moved", "isinya berubah atau dipindahkan") from error

    def keyed_hash(self, text: str) -> str:
        """HMAC-SHA256 of ``text`` (64 hexadecimal characters): equal texts are equal, and no one can guess back."""
        return hmac.digest(self._hash_key, text.encode(), "sha256").hex()


def _unreadable(en: str, id: str) -> WorkspaceError:
    return WorkspaceError(
        f"Encrypted data cannot be opened: {en}. Restore the workspace with the key file it was made with.",
        f"Data terenkripsi tidak dapat dibuka: {id}. Pulihkan ruang kerja dengan berkas kunci asalnya.",
        code="vault",
    )


def create_keys(root: Path, seed: int | None = None) -> Path:
    """Write ``keys/vault.key`` (mode 0600) unless it exists, and return its path.

    ``seed`` makes the key of a synthetic district reproducible; it must never be given where real data will lie.
    """
    path = root / KEY_FILE
    if path.exists():
        return path
    make_private_folder(path.parent)
    secret = os.urandom(32).hex() if seed is None else sha256_bytes(f"gisapp synthetic district {seed}".encode())
    atomic_write_bytes(path, f"{secret}\n".encode())
    return path


def open_vault(root: Path) -> Vault:
    """Open the vault of a workspace; WorkspaceError when its key is missing, malformed or readable by others."""
    path = root / KEY_FILE
    try:
        mode = path.stat().st_mode
        text = path.read_bytes()
    except OSError as error:
        raise _refused(path, "is missing or cannot be read", "tidak ada atau tidak dapat dibaca") from error
    if stat.S_IMODE(mode) & 0o077:
        raise _refused(
            path, "can be read by others: run chmod 600 on it", "dapat dibaca orang lain: jalankan chmod 600"
        )
    if not _KEY_TEXT.fullmatch(text):
        raise _refused(path, "is not a key of 64 hexadecimal characters", "bukan kunci 64 karakter heksadesimal")
    master = bytes.fromhex(text.decode().strip())
    return Vault(_derive(master, "encrypt"), _derive(master, "hash"), _derive(master, "id")[:_ID_BYTES])


def _refused(path: Path, en: str, id: str) -> WorkspaceError:
    return WorkspaceError(
        f"{path} {en}. Without the right key the encrypted rows of this workspace stay closed.",
        f"{path} {id}. Tanpa kunci yang benar, baris terenkripsi ruang kerja ini tetap tertutup.",
        code="vault_key",
    )


def _derive(master: bytes, purpose: str) -> bytes:
    """One 32-byte key per purpose (the expand step of HKDF, RFC 5869, for a single block)."""
    return hmac.digest(master, f"gisapp {purpose} key".encode() + b"\x01", "sha256")
