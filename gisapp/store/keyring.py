"""The key file of a workspace: the current key, the former ones that only read, and one that is about to be current.

Each line is a key of 64 hexadecimal characters. The first is current. While keys are being rotated a line begins with
``new``; the database then says which of the two it is under, so that a crash at any instant leaves both readable.
"""

from __future__ import annotations

import hmac
import os
import re
import stat
from dataclasses import dataclass, field, replace
from pathlib import Path

from gisapp.errors import WorkspaceError
from gisapp.store.files import atomic_write_bytes, make_private_folder
from gisapp.store.hashing import sha256_bytes

KEY_FILE = Path("keys") / "vault.key"
ID_BYTES = 8

_LINE = re.compile(r"(?:new )?([0-9a-f]{64})")
_NEW = "new "
#: Fewer different bytes than this in a key of 32 do not happen by chance.
_DIFFERENT_BYTES = 8
#: Seeds that people would try first, beside the one in gisapp.toml.
_COMMON_SEEDS = (*range(10_000), 20250205)


@dataclass(frozen=True)
class Key:
    """One master key and what is derived from it; its representation shows its id only."""

    text: str = field(repr=False)

    @property
    def master(self) -> bytes:
        """The 32 bytes of the key."""
        return bytes.fromhex(self.text)

    @property
    def id(self) -> bytes:
        """Tells keys apart in front of what they encrypt; it says nothing about the key."""
        return self.derive("id")[:ID_BYTES]

    def derive(self, purpose: str) -> bytes:
        """One 32-byte key per purpose (the expand step of HKDF, RFC 5869, for a single block)."""
        return hmac.digest(self.master, f"gisapp {purpose} key".encode() + b"\x01", "sha256")


@dataclass(frozen=True)
class KeyRing:
    """The keys of a workspace; ``pending`` is there only while a rotation is under way."""

    current: Key
    former: tuple[Key, ...] = ()
    pending: Key | None = None

    @property
    def keys(self) -> tuple[Key, ...]:
        """Every key, the current one first."""
        return (self.current, *((self.pending,) if self.pending else ()), *self.former)

    def find(self, key_id: bytes) -> Key | None:
        """The key of an id, or None."""
        return next((key for key in self.keys if key.id == key_id), None)

    def under(self, key: Key) -> KeyRing:
        """The ring with this key of it as the current one and all others as former ones: no rotation under way."""
        return KeyRing(key, tuple(one for one in self.keys if one != key))

    def begin(self, key: Key) -> KeyRing:
        """The ring while everything is being encrypted anew under ``key``."""
        return replace(self, pending=key)

    def text(self) -> str:
        """The lines of the key file."""
        new = [f"{_NEW}{self.pending.text}"] if self.pending else []
        return "".join(f"{line}\n" for line in (self.current.text, *new, *(key.text for key in self.former)))


def read_ring(path: Path) -> KeyRing:
    """Read a key file; WorkspaceError (code ``vault_key``) when it is missing, malformed or readable by others."""
    try:
        mode = path.stat().st_mode
        text = path.read_bytes().decode("ascii", errors="replace")
    except OSError as error:
        raise refused(path, "is missing or cannot be read", "tidak ada atau tidak dapat dibaca") from error
    if stat.S_IMODE(mode) & 0o077:
        raise refused(path, "can be read by others: run chmod 600 on it", "dapat dibaca orang lain: jalankan chmod 600")
    lines = text.removesuffix("\n").split("\n")
    found = [_LINE.fullmatch(line) for line in lines]
    new = [match for match in found if match and match[0].startswith(_NEW)]
    if not all(found) or len(new) > 1 or lines[0].startswith(_NEW):
        raise refused(path, "is not a key of 64 hexadecimal characters", "bukan kunci 64 karakter heksadesimal")
    keys = [Key(match[1]) for match in found if match and match not in new]
    return KeyRing(keys[0], tuple(keys[1:]), Key(new[0][1]) if new else None)


def write_ring(root: Path, ring: KeyRing) -> Path:
    """Write the key file of a workspace (mode 0600): after a crash it is the old one or this one."""
    path = root / KEY_FILE
    make_private_folder(path.parent)
    atomic_write_bytes(path, ring.text().encode())
    return path


def new_key() -> Key:
    """A random key."""
    return Key(os.urandom(32).hex())


def synthetic_key(seed: int) -> Key:
    """The key of the synthetic district of a seed: anybody can make it."""
    return Key(sha256_bytes(f"gisapp synthetic district {seed}".encode()))


def create_keys(root: Path, seed: int | None = None) -> Path:
    """Write ``keys/vault.key`` (mode 0600) unless it exists, and return its path.

    ``seed`` makes the key of a synthetic district reproducible; it must never be given where real data will lie.
    """
    path = root / KEY_FILE
    return path if path.exists() else write_ring(root, KeyRing(new_key() if seed is None else synthetic_key(seed)))


def is_weak(key: Key, *seeds: int) -> bool:
    """Whether a key can be guessed: too regular, or made from a seed that is in ``seeds`` or that people try first."""
    if len(set(key.master)) < _DIFFERENT_BYTES:
        return True
    return any(key == synthetic_key(seed) for seed in (*seeds, *_COMMON_SEEDS))


def refused(path: Path, en: str, id: str) -> WorkspaceError:
    """Say what is wrong with a key file."""
    return WorkspaceError(
        f"{path} {en}. Without the right key the encrypted rows of this workspace stay closed.",
        f"{path} {id}. Tanpa kunci yang benar, baris terenkripsi ruang kerja ini tetap tertutup.",
        code="vault_key",
    )
