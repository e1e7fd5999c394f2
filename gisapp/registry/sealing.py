"""Identities as they are kept: sealed one by one by the vault, and found again by keyed hashes only."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace

from gisapp.registry.tables import HASH_LENGTH
from gisapp.store.vault import Vault

_NIK = re.compile(r"\d{16}")
_UNKNOWN = re.compile(r"0*|-+")
_BETWEEN_DIGITS = re.compile(r"[\s.\-]")


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who one row of a source is; texts as the source writes them, empty where it does not say."""

    name: str = ""
    nik: str = ""
    family_number: str = ""
    address: str = ""
    birth_date: str = ""
    role: str = ""

    def masked(self) -> Person:
        """The person for a screen: of NIK and KK only the last four digits."""
        return replace(self, nik=last_four(self.nik), family_number=last_four(self.family_number))

    def __repr__(self) -> str:
        return "Person(…)"


def last_four(text: str) -> str:
    """A number of a person with everything but its end hidden.

    >>> last_four("9901010101700012"), last_four("12"), last_four("")
    ('••••••••••••0012', '••', '')
    """
    hidden = len(text) - 4 if len(text) > 4 else len(text)
    return "•" * hidden + text[hidden:]


def clean_nik(text: str) -> str | None:
    """The 16 digits of a NIK, or None where it is unknown or damaged."""
    bare = text.strip().removeprefix("'")
    return bare if _NIK.fullmatch(bare) and not _UNKNOWN.fullmatch(bare) else None


def clean_family_number(text: str) -> str | None:
    """A KK number (or another family id) as it is compared, or None where it is unknown."""
    bare = text.strip().removeprefix("'")
    if _UNKNOWN.fullmatch(bare):
        return None
    joined = _BETWEEN_DIGITS.sub("", bare)
    return joined if _NIK.fullmatch(joined) else bare.casefold()


def nik_hash(vault: Vault, text: str) -> str | None:
    """Keyed hash of a NIK; None where it is unknown or damaged."""
    cleaned = clean_nik(text)
    return vault.keyed_hash(f"nik {cleaned}")[:HASH_LENGTH] if cleaned else None


def family_hash(vault: Vault, text: str) -> str | None:
    """Keyed hash of a KK number; None where it is unknown."""
    cleaned = clean_family_number(text)
    return vault.keyed_hash(f"family {cleaned}")[:HASH_LENGTH] if cleaned else None


def seal(vault: Vault, person: Person, context: str) -> bytes:
    """Encrypt a person, bound to the place where it is kept."""
    values = (person.name, person.nik, person.family_number, person.address, person.birth_date, person.role)
    return vault.encrypt(json.dumps(values).encode(), context)


def unseal(vault: Vault, sealed: bytes, context: str) -> Person:
    """Decrypt what ``seal`` made; WorkspaceError where key or place differ."""
    name, nik, family_number, address, birth_date, role = json.loads(vault.decrypt(sealed, context))
    return Person(
        name=name, nik=nik, family_number=family_number, address=address, birth_date=birth_date, role=role
    )  # fmt: skip


def identity_context(import_id: str, row_number: int) -> str:
    """Place of an identity: its import and its row."""
    return f"identity {import_id} {row_number}"


def entry_context(source_sha256: str, row_number: int) -> str:
    """Place of a line of a decree list: its file and its row."""
    return f"list entry {source_sha256} {row_number}"
