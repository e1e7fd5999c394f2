"""A decree list against the registry: who of it is registered, who is not found, who is eligible and not on it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from gisapp.access.actors import LOCAL, Actor
from gisapp.access.permissions import require
from gisapp.errors import RegistryError
from gisapp.registry.lists import find_list
from gisapp.registry.snapshots import SnapshotRef, latest_snapshot, read_snapshot
from gisapp.registry.tables import IdentityRow, IntakeRow, ListEntryRow
from gisapp.store.audit import append_event
from gisapp.store.database import session
from gisapp.workspace.folder import Workspace

#: Stands for the lines of a list whose desa is not in the boundary.
NOWHERE = "-"


@dataclass(frozen=True, kw_only=True)
class ListCounts:
    """Lines and families of one desa, or of all. Lines: ``entries = found + not_found + damaged``.

    A found line counts where its family is registered, another where the list puts it. ``damaged``: not found, and the
    NIK cannot be compared. Families: ``on_list_and_registered``, ``eligible`` by decile, ``eligible_not_on_list``.
    """

    code: str
    entries: int = 0
    found: int = 0
    not_found: int = 0
    damaged: int = 0
    on_list_and_registered: int = 0
    eligible: int = 0
    eligible_not_on_list: int = 0


@dataclass(frozen=True, kw_only=True)
class ListMatch:
    """How a list agrees with a snapshot, per desa and in all."""

    name: str
    period: str
    snapshot: str
    deciles: tuple[int, ...]
    total: ListCounts
    desa: tuple[ListCounts, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return JSON-ready counts."""
        return {**asdict(self), "deciles": list(self.deciles)}


def match_list(ws: Workspace, name: str, period: str | None = None, *, actor: Actor = LOCAL) -> ListMatch:
    """Match a list with the newest snapshot of a period, by NIK, else by KK number; that it was done is recorded."""
    require(actor, "lists.read")
    ref = latest_snapshot(ws, period)
    if ref is None:
        raise RegistryError(
            f"There is no snapshot of {period or 'any period'} to match with. Take one in: gisapp ingest.",
            f"Belum ada potret {period or 'periode apa pun'} untuk dicocokkan. Terima dahulu: gisapp ingest.",
            code="no_snapshot",
        )
    families = read_snapshot(ref).set_index("family_id")
    with session(ws.database) as database:
        row = find_list(database, name)
        wanted = select(ListEntryRow.number, ListEntryRow.area_code, ListEntryRow.nik_hash, ListEntryRow.family_hash)
        entries = pd.DataFrame(
            [tuple(one) for one in database.execute(wanted.where(ListEntryRow.list_number == row.number))],
            columns=["number", "area", "nik", "kk"],
        ).set_index("number")
        found = _found(database, row.number, ref, set(families.index))
        append_event(
            database, action="list.match", actor=actor.name, subject=name,
            detail={"snapshot": ref.hash, "found": len(found), "entries": len(entries)},
        )  # fmt: skip
        deciles = tuple(int(one) for one in json.loads(row.deciles))
    counted = _count(entries, pd.Series(found, dtype=object), families, deciles)
    total = ListCounts(code="", **{name: int(value) for name, value in counted.sum().items()})
    desa = tuple(ListCounts(code=str(code), **values) for code, values in counted.to_dict("index").items())
    return ListMatch(name=name, period=ref.period, snapshot=ref.hash, deciles=deciles, total=total, desa=desa)


def _found(database: Session, list_number: int, ref: SnapshotRef, present: set[str]) -> dict[int, str]:
    """Family of each line that is registered: by NIK, and of the rest by KK number; the newest intake counts."""
    found: dict[int, str] = {}
    for entry, identity in (
        (ListEntryRow.nik_hash, IdentityRow.nik_hash),
        (ListEntryRow.family_hash, IdentityRow.family_hash),
    ):
        for number, family_id in database.execute(_joined(entry, identity, list_number, ref)):
            if family_id in present:
                found.setdefault(number, family_id)
    return found


def _joined(
    entry: InstrumentedAttribute[str | None], identity: InstrumentedAttribute[str | None], list_number: int, ref: Any
) -> Any:
    return (
        select(ListEntryRow.number, IdentityRow.family_id)
        .join(IdentityRow, identity == entry)
        .join(IntakeRow, IntakeRow.import_id == IdentityRow.import_id)
        .where(
            ListEntryRow.list_number == list_number,
            IntakeRow.root_import_id == ref.root_import_id,
            IntakeRow.number <= ref.number,
        )
        .order_by(IntakeRow.number.desc(), IdentityRow.number)
    )


def _count(entries: pd.DataFrame, found: pd.Series, families: pd.DataFrame, deciles: tuple[int, ...]) -> pd.DataFrame:
    family = found.reindex(entries.index)
    registered = family.notna()
    where = family.map(families["code"]).where(registered, entries["area"]).fillna(NOWHERE)
    damaged = ~registered & entries["nik"].isna() & entries["kk"].isna()
    on_list = families.index.isin(family.dropna())
    eligible = families["decile"].isin(deciles).to_numpy(dtype=bool)
    counted = pd.DataFrame(
        {
            "entries": where.value_counts(),
            "found": where[registered].value_counts(),
            "not_found": where[~registered & ~damaged].value_counts(),
            "damaged": where[damaged].value_counts(),
            "on_list_and_registered": families.loc[on_list, "code"].value_counts(),
            "eligible": families.loc[eligible, "code"].value_counts(),
            "eligible_not_on_list": families.loc[eligible & ~on_list, "code"].value_counts(),
        }
    )
    return counted.fillna(0).astype(int).sort_index()
