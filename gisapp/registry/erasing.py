"""Who is to be erased: one family, with every row and every number under which the registry knows it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from gisapp.registry.ids import check_family_number
from gisapp.registry.sealing import (
    clean_family_number,
    clean_nik,
    family_hash,
    identity_context,
    nik_hash,
    unseal,
)
from gisapp.registry.tables import IdentityRow, IntakeRow
from gisapp.store.vault import Vault

_ROUNDS = 8


@dataclass
class Subject:
    """A family to erase. ``families``: its ids by chain of intakes; ``numbers``: its NIKs and KK numbers as text.

    ``nik_hashes`` and ``family_hashes`` lead to the family, ``member_hashes`` are of every NIK of it. ``replaced``:
    the new hash of each snapshot that held it.
    """

    nik_hashes: set[str] = field(default_factory=set)
    member_hashes: set[str] = field(default_factory=set)
    family_hashes: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    families: set[tuple[str, str]] = field(default_factory=set)
    replaced: dict[str, str] = field(default_factory=dict)

    def of_chain(self, root_import_id: str) -> set[str]:
        """Ids of the family in the snapshots of one chain of intakes."""
        return {family for root, family in self.families if root == root_import_id}

    def in_cells(self, cells: list[str]) -> bool:
        """Whether a row of a source is the family's: one of its cells is one of its numbers."""
        return any(cell and (clean_family_number(cell) or "") in self.numbers for cell in cells)

    def keys(self) -> frozenset[int]:
        """The 64-bit hashes by which a quarantine remembers accepted ids."""
        texts = pd.Series(sorted(self.numbers), dtype="str")
        return frozenset(check_family_number(texts).key.tolist()) - {0}


def find_subject(database: Session, vault: Vault, *, nik: str, family_number: str) -> Subject:
    """Everything known under a NIK or a KK number.

    The family's KK number leads to it in other periods, too; its head's NIK does so only where there is no KK number,
    since a person may have moved to another family.
    """
    subject = Subject()
    _note(subject, vault, nik, family_number)
    for _ in range(_ROUNDS):
        known = len(subject.families)
        for root, family_id in _families(database, subject):
            subject.families.add((root, family_id))
            _learn(database, vault, subject, root, family_id)
        if len(subject.families) == known:
            break
    return subject


def _note(subject: Subject, vault: Vault, nik: str, family_number: str) -> None:
    for cleaned, hashed, hashes in (
        (clean_nik(nik), nik_hash(vault, nik), subject.nik_hashes),
        (clean_family_number(family_number), family_hash(vault, family_number), subject.family_hashes),
    ):
        if cleaned and hashed:
            subject.numbers.add(cleaned)
            hashes.add(hashed)
    subject.member_hashes |= subject.nik_hashes


def _families(database: Session, subject: Subject) -> set[tuple[str, str]]:
    wanted = (
        select(IntakeRow.root_import_id, IdentityRow.family_id)
        .join(IntakeRow, IntakeRow.import_id == IdentityRow.import_id)
        .where(
            or_(IdentityRow.nik_hash.in_(subject.nik_hashes), IdentityRow.family_hash.in_(subject.family_hashes))
        )
        .distinct()
    )  # fmt: skip
    return {(root, family_id) for root, family_id in database.execute(wanted)}


def rows_of(database: Session, root: str, family_id: str) -> list[IdentityRow]:
    """Every identity that a chain of intakes has of a family."""
    wanted = select(IdentityRow).join(IntakeRow, IntakeRow.import_id == IdentityRow.import_id)
    wanted = wanted.where(IntakeRow.root_import_id == root, IdentityRow.family_id == family_id)
    return list(database.scalars(wanted))


def _learn(database: Session, vault: Vault, subject: Subject, root: str, family_id: str) -> None:
    rows = rows_of(database, root, family_id)
    for row in rows:
        person = unseal(vault, row.sealed, identity_context(row.import_id, row.row_number))
        subject.numbers |= {number for number in (clean_nik(person.nik),) if number}
        subject.member_hashes |= {one for one in (row.nik_hash,) if one}
        _note(subject, vault, "" if row.family_hash or len(rows) > 1 else person.nik, person.family_number)
