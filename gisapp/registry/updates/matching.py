"""Matching: which registered family a case is about, what it would change, and what a newer snapshot has done to it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from gisapp.access.actors import Actor
from gisapp.registry.ground import read_ground
from gisapp.registry.positions import District
from gisapp.registry.sealing import Person, family_hash, nik_hash
from gisapp.registry.tables import DuplicateRow
from gisapp.registry.updates.judging import changes, form_of, judge
from gisapp.registry.updates.ledger import (
    case_of,
    find_case,
    find_cases,
    is_stale,
    move,
    newest_snapshot,
    require_state,
    require_version,
    set_notes,
)
from gisapp.registry.updates.model import Case, ConflictError, Notes, StepRefusedError, case_number
from gisapp.registry.updates.sealing import unseal
from gisapp.registry.updates.standing import Standing, same_family, same_value, stands_now, stood_then
from gisapp.registry.updates.states import CLOSED
from gisapp.registry.updates.tables import CaseRow
from gisapp.store.database import session
from gisapp.store.vault import Vault, open_vault
from gisapp.workspace.folder import Workspace

#: What matching points at -> (Indonesian, English).
WARNINGS = {
    "already_registered": ("keluarga ini sudah terdaftar", "this family is registered already"),
    "not_registered": ("keluarga ini tidak ada di data terpadu", "this family is not in the registry"),
    "other_desa": ("terdaftar di desa lain", "registered in another desa"),
    "same_desa": ("sudah terdaftar di desa ini", "registered in this desa already"),
    "probable_duplicate": ("mungkin ganda dengan keluarga lain", "probably a duplicate of another family"),
    "changed_since": ("berubah di potret baru: periksa lagi", "changed in a newer snapshot: look again"),
    "form_code_unknown": ("kode jawaban di luar daftar formulir", "an answer code that the form does not list"),
    "number_unreadable": ("angka tidak terbaca", "a number cannot be read"),
}


def match(ws: Workspace, actor: Actor, case_id: int, version: int) -> Case:
    """Match one case with the newest snapshot: by NIK, then by No. KK; the result is ``matched`` or ``unmatched``.

    A stale case whose family a newer snapshot leaves as it was moves to that snapshot and stays where it stands in the
    workflow; one whose family has changed or gone begins again at ``matched`` or ``unmatched``.
    """
    with session(ws.database, write=False) as db:
        row = find_case(db, actor, case_id, "updates.match")
        require_version(row, version)
    return _match(ws, actor, [case_id], {case_id: version})[0]


def match_many(ws: Workspace, actor: Actor, case_ids: Iterable[int]) -> list[Case]:
    """Match several cases at once; the registry is read once."""
    return _match(ws, actor, case_ids, {})


def _match(ws: Workspace, actor: Actor, case_ids: Iterable[int], versions: dict[int, int]) -> list[Case]:
    case_ids = list(case_ids)
    with session(ws.database, write=False) as db:
        find_cases(db, actor, case_ids, "match")
    matcher = Matcher(ws)
    with session(ws.database) as db:
        rows = find_cases(db, actor, case_ids, "match")
        if newest_snapshot(db) != matcher.now.ref.hash:
            raise ConflictError("A new snapshot arrived at this moment. Try again.",
                                "Potret baru masuk saat ini juga. Coba lagi.")  # fmt: skip
        for row in rows:
            require_version(row, versions.get(row.id, row.version))
            matcher.match(db, row, actor)
        return [case_of(row, matcher.now.ref.hash) for row in rows]


class Matcher:
    """Matches cases with the newest snapshot, which is read once."""

    def __init__(self, ws: Workspace) -> None:
        self.ws = ws
        self.now: Standing = stands_now(ws)
        self.vault: Vault = open_vault(ws.root)
        self.district: District = read_ground(ws).district
        self._then: dict[str | None, Standing | None] = {}

    def match(self, db: Session, row: CaseRow, actor: Actor) -> None:
        """Give a case its family and its state, in the caller's transaction."""
        require_state(row, "match")
        fresh = row.state == "registered"
        stale = is_stale(row, self.now.ref.hash)
        if not fresh and not stale:
            raise StepRefusedError(
                f"{case_number(row.id)} rests on the newest snapshot; there is nothing to match again.",
                f"{case_number(row.id)} sudah memakai potret terbaru; tidak perlu dicocokkan lagi.",
                code="not_stale",
            )
        if not fresh and self.unchanged(db, row):
            self.rebase(db, row, actor)
            return
        self._begin(db, row, actor, again=not fresh)

    def unchanged(self, db: Session, row: CaseRow) -> bool:
        """Whether the newest snapshot leaves the family of a stale case as it was when the case was matched."""
        if row.base_snapshot not in self._then:
            self._then[row.base_snapshot] = stood_then(self.ws, row.base_snapshot)
        then = self._then[row.base_snapshot]
        if then is None:
            return False
        return same_family(then.row(row.family_id), self.now.row(self.family(db, row)))

    def rebase(self, db: Session, row: CaseRow, actor: Actor) -> None:
        """Move a case to the newest snapshot, with a step that says so."""
        row.family_id = self.family(db, row)
        row.base_period, row.base_snapshot = self.now.ref.period, self.now.ref.hash
        move(db, self.vault, row, "rebase", row.state, actor, document=f"snapshot {self.now.ref.hash[:12]}")

    def family(self, db: Session, row: CaseRow) -> str | None:
        """Family of the newest snapshot that a case is about, or None."""
        found = self.now.find_case(db, row)
        if found is not None:
            return found
        given = self.now.row(row.family_id)
        nobody = given is not None and self.now.newest_import(db, str(row.family_id)) is None
        return row.family_id if nobody or self._same_chain(row, given) else None

    def hashes(self, person: Person) -> set[str]:
        """Keyed hashes by which a person would be found."""
        found = (nik_hash(self.vault, person.nik), family_hash(self.vault, person.family_number))
        return {value for value in found if value is not None}

    def _same_chain(self, row: CaseRow, given: object) -> bool:
        """Whether a family that was matched before is still the same one, though its numbers say nothing now."""
        then = self._then.get(row.base_snapshot)
        return given is not None and then is not None and then.ref.root_import_id == self.now.ref.root_import_id

    def _begin(self, db: Session, row: CaseRow, actor: Actor, *, again: bool) -> None:
        row.family_id = self.family(db, row)
        row.base_period, row.base_snapshot = self.now.ref.period, self.now.ref.hash
        row.result = row.visited_on = row.decision = row.decision_reason = row.approved_by = None
        row.list_id = row.meeting_id = None
        set_notes(row, self._notes(db, row, again=again))
        move(db, self.vault, row, "match", "matched" if row.family_id else "unmatched", actor)

    def _notes(self, db: Session, row: CaseRow, *, again: bool) -> Notes:
        stands = self.now.row(row.family_id)
        contents = unseal(self.vault, row)
        judged = judge(
            form_of(self.ws, row.form), contents.in_force, contents.persons_in_force, area=row.area,
            district=self.district, stands=stands,
        )  # fmt: skip
        warnings = [*(code for code in judged.warnings if code in WARNINGS), *_place_warnings(row, stands)]
        differs: tuple[str, ...] = ()
        if stands is not None:
            new = changes(stands, judged)
            warnings += ["probable_duplicate"] * self._is_probable_duplicate(db, str(row.family_id))
            differs = tuple(name for name, value in new.items() if not same_value(stands[name], value))
        same = select(CaseRow.id).where(
            CaseRow.id != row.id, CaseRow.state.not_in(CLOSED),
            or_(
                (CaseRow.nik_hash == row.nik_hash) & CaseRow.nik_hash.is_not(None),
                (CaseRow.family_hash == row.family_hash) & CaseRow.family_hash.is_not(None),
            ),
        )  # fmt: skip
        return Notes(
            differs=differs, warnings=tuple(warnings + ["changed_since"] * again),
            same_as=tuple(sorted(db.scalars(same))),
        )  # fmt: skip

    def _is_probable_duplicate(self, db: Session, family_id: str) -> bool:
        """Whether the registry proposes this family as a duplicate of another, and nobody has decided yet."""
        found = select(DuplicateRow.number).where(
            DuplicateRow.root_import_id == self.now.ref.root_import_id, DuplicateRow.state == "proposed",
            or_(DuplicateRow.family_a == family_id, DuplicateRow.family_b == family_id),
        )  # fmt: skip
        return db.scalars(found.limit(1)).first() is not None


def _place_warnings(row: CaseRow, stands: dict[str, object] | None) -> list[str]:
    if stands is None:
        return [] if row.kind == "new" else ["not_registered"]
    if row.kind == "new":
        return ["already_registered"]
    here = stands["code"] == row.area
    return ["same_desa"] if row.kind == "move" and here else ["other_desa"] if row.kind != "move" and not here else []
