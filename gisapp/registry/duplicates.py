"""Probable duplicates: families of one desa whose heads are alike, proposed to people, never merged by themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gisapp.access.actors import LOCAL, Actor
from gisapp.access.permissions import require
from gisapp.errors import InvalidParameterError, NotFoundError
from gisapp.progress import Progress, silent
from gisapp.registry.identities import Identity
from gisapp.registry.likeness import Entry, Pair, likely_pairs, normal_name, read_birth
from gisapp.registry.sealing import clean_nik, identity_context, unseal
from gisapp.registry.snapshots import SnapshotRef, latest_snapshot, read_codes
from gisapp.registry.tables import DuplicateRow, IdentityRow, IntakeRow
from gisapp.store.audit import append_event
from gisapp.store.database import session
from gisapp.store.tables import utc_now
from gisapp.store.vault import Vault, open_vault
from gisapp.workspace.folder import Workspace

Verdict = Literal["same", "different"]
STATES = ("proposed", "same", "different")


@dataclass(frozen=True, kw_only=True)
class Duplicate:
    """A proposal: two families of a desa, how alike (0..1), why (codes), and what a person said of it."""

    number: int
    area: str
    family_a: str
    family_b: str
    score: float
    reasons: tuple[str, ...]
    state: str
    decided_by: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return {**vars(self), "reasons": list(self.reasons)}


def probable_duplicates(
    ws: Workspace, period: str | None = None, *, actor: Actor = LOCAL, progress: Progress = silent
) -> tuple[Duplicate, ...]:
    """Compare the families of the period's newest snapshot desa by desa, and store what was found as proposals.

    What a person has decided stays decided; a proposal that is no longer found goes. Returns every proposal, the
    likeliest first.
    """
    require(actor, "registry.intake")
    ref = latest_snapshot(ws, period)
    if ref is None:
        return ()
    found: list[tuple[str, Pair]] = []
    with session(ws.database, write=False) as database:
        for done, (area, entries) in enumerate(_by_desa(database, open_vault(ws.root), ref), start=1):
            found += [(area, pair) for pair in likely_pairs(entries)]
            progress("duplicates", done, done)
    with session(ws.database) as database:
        _store(database, ref, found)
        append_event(
            database, action="duplicates.look", actor=actor.name, subject=ref.period,
            detail={"snapshot": ref.hash, "pairs": len(found)},
        )  # fmt: skip
        return _listed(database, ref)


def _by_desa(database: Session, vault: Vault, ref: SnapshotRef) -> Iterator[tuple[str, list[Entry]]]:
    """Heads of the families of each desa; only one desa is in memory at a time."""
    codes = read_codes(ref)
    chain = (IntakeRow.root_import_id == ref.root_import_id, IntakeRow.number <= ref.number)
    joined = select(IdentityRow.family_id, func.max(IntakeRow.number).label("newest")).join(
        IntakeRow, IntakeRow.import_id == IdentityRow.import_id
    )
    counted = database.execute(joined.where(*chain).group_by(IdentityRow.family_id))
    newest = {row.family_id: row.newest for row in counted}
    wanted = select(IdentityRow, IntakeRow.number).join(IntakeRow, IntakeRow.import_id == IdentityRow.import_id)
    for area in sorted(set(codes.values())):
        found = database.execute(wanted.where(*chain, IdentityRow.area_code == area).order_by(IdentityRow.number))
        rows = [row for row, number in found if newest.get(row.family_id) == number and row.family_id in codes]
        yield area, list(_heads(vault, area, rows))
        database.expunge_all()


def _heads(vault: Vault, area: str, rows: list[IdentityRow]) -> Iterator[Entry]:
    families: dict[str, list[IdentityRow]] = {}
    for row in rows:
        families.setdefault(row.family_id, []).append(row)
    for family_id, members in families.items():
        persons = tuple(unseal(vault, row.sealed, identity_context(row.import_id, row.row_number)) for row in members)
        head = Identity(family_id=family_id, area=area, persons=persons).head
        nik = clean_nik(head.nik) or ""
        birth = read_birth(head.birth_date, nik)
        if birth is not None:
            yield Entry(key=family_id, name=normal_name(head.name), birth=birth, nik=nik)


def _store(database: Session, ref: SnapshotRef, found: list[tuple[str, Pair]]) -> None:
    known = {
        (row.family_a, row.family_b): row
        for row in database.scalars(select(DuplicateRow).where(DuplicateRow.root_import_id == ref.root_import_id))
    }
    for area, pair in found:
        row = known.pop((pair.a, pair.b), None)
        if row is None:
            row = DuplicateRow(
                root_import_id=ref.root_import_id, family_a=pair.a, family_b=pair.b, created_at=utc_now()
            )  # fmt: skip
            database.add(row)
        row.area_code, row.score, row.reasons = area, pair.score, json.dumps(pair.reasons)
    for row in known.values():
        if row.state == STATES[0]:
            database.delete(row)
    database.flush()


def _listed(database: Session, ref: SnapshotRef) -> tuple[Duplicate, ...]:
    wanted = select(DuplicateRow).where(DuplicateRow.root_import_id == ref.root_import_id)
    wanted = wanted.order_by(DuplicateRow.score.desc(), DuplicateRow.number)
    return tuple(_told(row) for row in database.scalars(wanted))


def _told(row: DuplicateRow) -> Duplicate:
    return Duplicate(
        number=row.number, area=row.area_code, family_a=row.family_a, family_b=row.family_b, score=row.score,
        reasons=tuple(json.loads(row.reasons)), state=row.state, decided_by=row.decided_by,
    )  # fmt: skip


def proposals(ws: Workspace, period: str | None = None, *, actor: Actor = LOCAL) -> tuple[Duplicate, ...]:
    """Proposals of the period's newest snapshot as they were last found, the likeliest first."""
    require(actor, "registry.intake")
    ref = latest_snapshot(ws, period)
    if ref is None:
        return ()
    with session(ws.database, write=False) as database:
        return _listed(database, ref)


def decide(ws: Workspace, number: int, verdict: str, *, actor: Actor = LOCAL) -> Duplicate:
    """Record what a person says of a proposal; the families stay as they are.

    Two that are the same are made one by an update (``part_of_another``, ``duplicate``) or in the source.
    """
    require(actor, "registry.intake")
    if verdict not in STATES[1:]:
        raise InvalidParameterError(
            f"{verdict!r} is no verdict: same or different.", f"{verdict!r} bukan putusan: same atau different."
        )
    with session(ws.database) as database:
        row = database.get(DuplicateRow, number)
        if row is None:
            raise NotFoundError(
                f"There is no proposal {number}. List them: gisapp duplicates.",
                f"Tidak ada dugaan {number}. Lihat daftarnya: gisapp duplicates.",
                code="duplicate_unknown",
            )
        row.state, row.decided_by, row.decided_at = verdict, actor.name, utc_now()
        append_event(
            database, action="duplicates.decide", actor=actor.name, subject=str(number), detail={"verdict": verdict}
        )  # fmt: skip
        database.flush()
        return _told(row)
