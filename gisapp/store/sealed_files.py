"""Encrypted files in frames: a length (4 bytes, big-endian) and a token of the vault, bound to its file and place.

Which frames there are is for the file's owner; that the last one is there must be said in it, so that a cut is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from gisapp.errors import WorkspaceError
from gisapp.store.files import atomic_path
from gisapp.store.vault import Vault, token_key

_LENGTH_BYTES = 4
#: No writer makes longer frames; a longer length is damage, and is not read into memory.
LONGEST_FRAME = 1 << 28

#: Context of the frame of a number.
Contexts = Callable[[int], str]


def write_frame(stream: IO[bytes], token: bytes) -> None:
    """Append one token."""
    stream.write(len(token).to_bytes(_LENGTH_BYTES, "big") + token)


def read_tokens(stream: IO[bytes]) -> Iterator[bytes]:
    """Tokens in their order; WorkspaceError (code ``vault``) where the file ends inside of one."""
    while head := stream.read(_LENGTH_BYTES):
        length = int.from_bytes(head, "big")
        if len(head) < _LENGTH_BYTES or length > LONGEST_FRAME:
            raise cut_short()
        token = stream.read(length)
        if len(token) < length:
            raise cut_short()
        yield token


def cut_short() -> WorkspaceError:
    """Say that an encrypted file is not whole."""
    return WorkspaceError(
        "An encrypted file is cut short or damaged. Take another copy of it.",
        "Berkas terenkripsi terpotong atau rusak. Ambil salinan lain.",
        code="vault",
    )


def reseal_frames(path: Path, contexts: Contexts, old: Vault, new: Vault) -> bool:
    """Encrypt a file of frames anew under the new key, old file or new one at any instant; False where it was already.

    The frames stay as they are, so a file that was cut before is still seen to be cut.
    """
    with path.open("rb") as stream:
        if all(token_key(token) == new.key_id for token in read_tokens(stream)):
            return False
    with path.open("rb") as stream, atomic_path(path) as temporary, temporary.open("wb") as out:
        for number, token in enumerate(read_tokens(stream)):
            write_frame(out, new.encrypt(old.decrypt(token, contexts(number)), contexts(number)))
    return True


def reseal_whole(path: Path, context: str, old: Vault, new: Vault) -> bool:
    """Encrypt a file that is one token anew under the new key; False where it was already."""
    token = path.read_bytes()
    if token_key(token) == new.key_id:
        return False
    with atomic_path(path) as temporary:
        temporary.write_bytes(new.encrypt(old.decrypt(token, context), context))
    return True
