"""The vault: keys outside the database, authenticated encryption and a keyed hash.

A token is ``magic, key id, nonce, AES-256-GCM ciphertext``. The context (what the data are and where they belong)
is authenticated with it, so a token that was moved to another place does not open.
"""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass, field
from pathlib import Path

from gisapp.errors import WorkspaceError
from gisapp.store.keyring import ID_BYTES, KEY_FILE, KeyRing, create_keys, read_ring

__all__ = ["KEY_FILE", "KEY_ID_AT", "Vault", "create_keys", "open_ring", "open_vault", "token_key", "vault_of"]

_MAGIC = b"GISV1"
_NONCE_BYTES = 12
#: Where a token says which key it was made with, counted as SQL does: first byte, number of bytes.
KEY_ID_AT = (len(_MAGIC) + 1, ID_BYTES)


@dataclass(frozen=True)
class Vault:
    """Encrypts and hashes with the current key of a workspace, reads with every key it has; shows none of them."""

    _cipher_key: bytes = field(repr=False)
    _hash_key: bytes = field(repr=False)
    key_id: bytes
    _readers: dict[bytes, bytes] = field(repr=False)

    def encrypt(self, data: bytes, context: str) -> bytes:
        """Encrypt ``data`` (below 2 GiB) under a fresh random nonce, bound to ``context``."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = os.urandom(_NONCE_BYTES)
        return _MAGIC + self.key_id + nonce + AESGCM(self._cipher_key).encrypt(nonce, data, context.encode())

    def decrypt(self, token: bytes, context: str) -> bytes:
        """Give back what ``encrypt`` took; WorkspaceError when key, context or a single byte differs."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        start = len(_MAGIC) + ID_BYTES
        key_id = token_key(token)
        if key_id is None or len(token) < start + _NONCE_BYTES + 16:
            raise _unreadable("it is not an encrypted file of gisapp", "bukan berkas terenkripsi gisapp")
        if key_id not in self._readers:
            raise _unreadable("it was encrypted with another key", "dienkripsi dengan kunci lain")
        nonce, body = token[start : start + _NONCE_BYTES], token[start + _NONCE_BYTES :]
        try:
            return AESGCM(self._readers[key_id]).decrypt(nonce, body, context.encode())
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


def token_key(token: bytes) -> bytes | None:
    """Id of the key that a token was made with, or None where the bytes are no token."""
    start = len(_MAGIC)
    return token[start : start + ID_BYTES] if token[:start] == _MAGIC and len(token) >= start + ID_BYTES else None


def open_ring(root: Path) -> KeyRing:
    """The keys of a workspace as they are in force: in the middle of a rotation, as the database says."""
    ring = read_ring(root / KEY_FILE)
    if ring.pending is None:
        return ring
    from gisapp.store.facts import KEY_FACT, read_fact
    from gisapp.store.places import existing_place

    moved = read_fact(existing_place(root), KEY_FACT) == ring.pending.id.hex()
    return ring.under(ring.pending if moved else ring.current)


def vault_of(ring: KeyRing) -> Vault:
    """The vault of a ring: its first key writes and hashes, all of them read."""
    readers = {key.id: key.derive("encrypt") for key in ring.keys}
    return Vault(ring.current.derive("encrypt"), ring.current.derive("hash"), ring.current.id, readers)


def open_vault(root: Path) -> Vault:
    """Open the vault of a workspace; WorkspaceError when its key is missing, malformed or readable by others."""
    return vault_of(open_ring(root))
