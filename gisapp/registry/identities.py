"""Who a family is: found by NIK or KK number, read for a recorded purpose, by the roles of the matrix only.

Nothing here is ever imported by the analysis: a run sees snapshots, and a snapshot holds no identity.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from gisapp.access.actors import Actor
from gisapp.access.permissions import require
from gisapp.catalog.strict import Key, read_document
from gisapp.errors import InvalidParameterError, NotFoundError
from gisapp.registry.sealing import (
    Person,
    family_hash,
    identity_context,
    last_four,
    nik_hash,
    unseal,
)
from gisapp.registry.snapshots import SnapshotRef, find_snapshot, latest_snapshot, read_codes
from gisapp.registry.spool import Identified, store_identities
from gisapp.registry.tables import IdentityRow, IntakeRow
from gisapp.store.audit import append_event
from gisapp.store.database import session
from gisapp.store.vault import Vault, open_vault
from gisapp.workspace.folder import Workspace

__all__ = [
    "FamilyRef", "Identified", "Identity", "Person", "family_hash", "find_family", "last_four", "locate", "nik_hash",
    "purposes", "read_identity", "require_purpose", "store_identities",
]  # fmt: skip

PURPOSES_FILE = Path(__file__).with_name("purposes.toml")
_HEAD = ("1", "kepala", "krt", "head")


@dataclass(frozen=True, kw_only=True)
class FamilyRef:
    """A family of a snapshot, without saying who it is."""

    family_id: str
    area: str
    period: str
    snapshot_hash: str


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Who a family is; ``persons`` are the rows of the source, the family's own row where it has one per family."""

    family_id: str
    area: str
    persons: tuple[Person, ...]

    @property
    def head(self) -> Person:
        """The head of the family where the source says who that is, else its first row."""
        heads = [one for one in self.persons if one.role.casefold().startswith(_HEAD)]
        return (heads or list(self.persons) or [Person()])[0]

    @property
    def name(self) -> str:
        """Name of the head."""
        return self.head.name

    @property
    def nik(self) -> str:
        """NIK of the head."""
        return self.head.nik

    @property
    def family_number(self) -> str:
        """KK number."""
        return self.head.family_number

    @property
    def address(self) -> str:
        """Address as the source writes it."""
        return self.head.address

    @property
    def birth_date(self) -> str:
        """Birth date of the head as the source writes it."""
        return self.head.birth_date

    def masked(self) -> Identity:
        """The identity for a screen: only the last four digits of each NIK and KK."""
        persons = tuple(person.masked() for person in self.persons)
        return Identity(family_id=self.family_id, area=self.area, persons=persons)


@lru_cache(maxsize=1)
def purposes() -> dict[str, tuple[str, str]]:
    """Purposes for which an identity may be read: sentence in Indonesian and English by code."""
    document = read_document(PURPOSES_FILE)
    listed = document.data["purposes"]
    for name, entry in listed.items():
        document.check(entry, {"id": Key(kind="text"), "en": Key(kind="text")}, ("purposes", name))
    return {name: (entry["id"], entry["en"]) for name, entry in listed.items()}


def require_purpose(purpose: str) -> None:
    """Refuse a purpose that is not in the list (code ``purpose_unknown``)."""
    if purpose in purposes():
        return
    listed = ", ".join(purposes())
    raise InvalidParameterError(
        f"{purpose!r} is no purpose for which an identity may be read. Purposes: {listed}.",
        f"{purpose!r} bukan tujuan yang sah untuk melihat identitas. Tujuan: {listed}.",
        code="purpose_unknown",
    )


def find_family(
    ws: Workspace,
    *,
    nik: str | None = None,
    family_number: str | None = None,
    period: str | None = None,
    actor: Actor,
    purpose: str,
) -> FamilyRef | None:
    """The family of the period's newest snapshot that has this NIK or KK number; None where there is none.

    A family outside the actor's area is not told from none. The look is recorded, without the number.
    """
    require(actor, "identity.read")
    require_purpose(purpose)
    vault, ref = open_vault(ws.root), latest_snapshot(ws, period)
    sought = nik_hash(vault, nik or ""), family_hash(vault, family_number or "")
    with session(ws.database) as database:
        found = locate(database, ref, nik=sought[0], family=sought[1]) if ref else None
        if found is not None and not actor.covers(found.area):
            found = None
        append_event(
            database, action="identity.find", actor=actor.name, subject=ref.period if ref else "-",
            detail={"purpose": purpose, "found": found is not None},
        )  # fmt: skip
    return found


def locate(
    database: Session, ref: SnapshotRef, *, nik: str | None = None, family: str | None = None
) -> FamilyRef | None:
    """The family of a snapshot with this keyed hash, the KK number before the NIK; asked inside a transaction.

    Records nothing: for steps that record themselves, such as the matching of an update.
    """
    present = read_codes(ref) if nik or family else {}
    for column, value in ((IdentityRow.family_hash, family), (IdentityRow.nik_hash, nik)):
        if value is None:
            continue
        for row in database.scalars(_chain(ref, column == value)):
            if row.family_id in present and _newest(database, ref, row.family_id)[0].import_id == row.import_id:
                return FamilyRef(
                    family_id=row.family_id, area=present[row.family_id], period=ref.period, snapshot_hash=ref.hash
                )  # fmt: skip
    return None


def _chain(ref: SnapshotRef, condition: ColumnElement[bool]) -> Select[IdentityRow]:
    """Identities of the intakes that a snapshot came of, the newest intake first."""
    wanted = select(IdentityRow).join(IntakeRow, IntakeRow.import_id == IdentityRow.import_id)
    wanted = wanted.where(
        condition, IntakeRow.root_import_id == ref.root_import_id, IntakeRow.number <= ref.number
    )  # fmt: skip
    return wanted.order_by(IntakeRow.number.desc(), IdentityRow.row_number)


def _newest(database: Session, ref: SnapshotRef, family_id: str) -> list[IdentityRow]:
    """Rows of the newest intake that says who a family is."""
    rows = list(database.scalars(_chain(ref, IdentityRow.family_id == family_id)))
    return [row for row in rows if row.import_id == rows[0].import_id]


def read_identity(ws: Workspace, family_id: str, snapshot: str, *, actor: Actor, purpose: str) -> Identity:
    """Who a family of a snapshot (a period or a hash) is; the look is recorded, without the identity.

    Raises
    ------
    PermissionRefusedError : the role may not, or the family lies outside the actor's area.
    NotFoundError : the snapshot does not hold the family, or nothing is known of who it is.
    """
    require(actor, "identity.read")
    require_purpose(purpose)
    ref = find_snapshot(ws, snapshot)
    area = read_codes(ref).get(family_id)
    if area is None:
        raise _unknown(family_id, ref)
    require(actor, "identity.read", area=area)
    with session(ws.database) as database:
        identity = open_identity(database, open_vault(ws.root), ref, family_id, area)
        if not identity.persons:
            raise _unknown(family_id, ref)
        append_event(
            database, action="identity.read", actor=actor.name, subject=f"{ref.period} {family_id}",
            detail={"purpose": purpose, "area": area, "snapshot": ref.hash},
        )  # fmt: skip
    return identity


def open_identity(database: Session, vault: Vault, ref: SnapshotRef, family_id: str, area: str) -> Identity:
    """Decrypt who a family is, inside a transaction that records why."""
    rows = _newest(database, ref, family_id)
    persons = (unseal(vault, row.sealed, identity_context(row.import_id, row.row_number)) for row in rows)
    return Identity(family_id=family_id, area=area, persons=tuple(persons))


def _unknown(family_id: str, ref: SnapshotRef) -> NotFoundError:
    return NotFoundError(
        f"The registry of {ref.period} does not know who family {family_id!r} is.",
        f"Data terpadu {ref.period} tidak mengenal identitas keluarga {family_id!r}.",
        code="identity_unknown",
    )
