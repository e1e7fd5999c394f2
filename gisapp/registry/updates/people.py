"""Who the families of the next snapshot are: identities of new families, and of those that moved or said it anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from gisapp.registry.ids import KeySet, check_family_number, check_nik
from gisapp.registry.sealing import Person, clean_nik, identity_context, unseal
from gisapp.registry.spool import Identified
from gisapp.registry.tables import IdentityRow
from gisapp.registry.updates.applying import Accepted, new_family_id
from gisapp.registry.updates.model import IdentityInput
from gisapp.registry.updates.standing import Standing
from gisapp.store.vault import Vault


def identities_after(
    db: Session, vault: Vault, standing: Standing, accepted: Iterable[Accepted]
) -> list[Identified]:  # fmt: skip
    """Identities that the acceptance says anew; those of every other family stay with the imports before."""
    people: list[tuple[str, str, Person]] = []
    for one in sorted(accepted, key=lambda case: case.id):
        if one.kind == "new":
            listed = _listed(one)
            people += [(new_family_id(one.id), one.area, person) for person in listed]
        elif one.kind in ("change", "move"):
            family_id = str(one.family_id)
            known = known_people(db, vault, standing, family_id)
            listed = _anew(one, [person for _, person in known])
            moved = any(area != one.area for area, _ in known) and one.kind == "move"
            if moved or listed != [person for _, person in known]:
                area = one.area if one.kind == "move" else str(standing.families.at[family_id, "code"])
                people += [(family_id, area, person) for person in listed]
    return [
        Identified(family_id=family_id, row_number=number, area_code=area, person=person)
        for number, (family_id, area, person) in enumerate(people, start=1)
    ]


def known_people(db: Session, vault: Vault, standing: Standing, family_id: str) -> list[tuple[str, Person]]:
    """Desa and person of each identity of a family, as the newest import of the chain says."""
    newest = standing.newest_import(db, family_id)
    rows = db.scalars(
        select(IdentityRow)
        .where(IdentityRow.import_id == newest, IdentityRow.family_id == family_id)
        .order_by(IdentityRow.row_number)
    )
    return [
        (row.area_code, unseal(vault, row.sealed, identity_context(row.import_id, row.row_number))) for row in rows
    ]  # fmt: skip


def _listed(one: Accepted) -> list[Person]:
    who = one.contents.identity
    members = [_member(person, who) for person in one.contents.persons_in_force if _named(person)]
    same = [at for at, person in enumerate(members) if clean_nik(who.nik) and person.nik == who.nik.strip()]
    head = _head(who)
    if same:
        members[same[0]] = replace(head, role=members[same[0]].role)
        return members
    return [head, *members]


def _anew(one: Accepted, known: list[Person]) -> list[Person]:
    """People of a family after a change: its members where they were listed, else those who stand, the head renewed."""
    if any(_named(person) for person in one.contents.persons_in_force) or not known:
        return _listed(one)
    who = one.contents.identity
    at = next((n for n, person in enumerate(known) if clean_nik(person.nik) == clean_nik(who.nik)), 0)
    said = {name: text.strip() for name, text in vars(who).items() if text.strip()}
    if at == 0 and clean_nik(who.nik) and clean_nik(known[0].nik) not in (None, clean_nik(who.nik)):
        said.pop("nik")  # somebody else of the family came to the desk
        said.pop("name", None)
        said.pop("birth_date", None)
    return [*known[:at], replace(known[at], **said), *known[at + 1 :]]


def _head(who: IdentityInput) -> Person:
    return Person(**{name: text.strip() for name, text in vars(who).items()})


def _member(person: Mapping[str, str], who: IdentityInput) -> Person:
    return Person(
        name=person.get("name", ""), nik=person.get("nik", ""), family_number=who.family_number.strip(),
        address=who.address.strip(), birth_date=person.get("birth_date", ""), role=person.get("relation", ""),
    )  # fmt: skip


def _named(person: Mapping[str, str]) -> bool:
    return bool(person.get("name") or person.get("nik"))


def keys_of(many: Iterable[Identified]) -> dict[str, KeySet]:
    """64-bit keys of the identities, by which a later correction of rejected rows knows them again."""
    people = [one.person for one in many]
    checked = {
        "nik": check_nik(pd.Series([person.nik for person in people], dtype="str")),
        "family": check_family_number(pd.Series([person.family_number for person in people], dtype="str")),
    }
    return {kind: KeySet(ids.key[ids.key != 0].tolist()) for kind, ids in checked.items()}
