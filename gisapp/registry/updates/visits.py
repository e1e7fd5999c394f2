"""Verification lists and home visits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from sqlalchemy.orm import Session

from gisapp.access.actors import Actor
from gisapp.access.permissions import require
from gisapp.errors import InvalidParameterError
from gisapp.registry.ground import read_ground
from gisapp.registry.positions import District
from gisapp.registry.updates.judging import form_of, judge, require_readable
from gisapp.registry.updates.ledger import (
    case_of,
    find_case,
    find_cases,
    move,
    newest_snapshot,
    require_state,
    require_version,
)
from gisapp.registry.updates.model import Case, VisitList
from gisapp.registry.updates.queue import visit_list_of
from gisapp.registry.updates.sealing import Contents, seal, unseal, with_visit
from gisapp.registry.updates.states import RESULTS
from gisapp.registry.updates.tables import CaseRow, VisitListRow
from gisapp.store.audit import append_event
from gisapp.store.database import session
from gisapp.store.tables import utc_now
from gisapp.store.vault import Vault, open_vault
from gisapp.workspace.folder import Workspace


def put_on_list(ws: Workspace, actor: Actor, case_ids: Iterable[int]) -> list[VisitList]:
    """Put cases on new verification lists, one per desa."""
    vault = open_vault(ws.root)
    with session(ws.database) as db:
        by_area: dict[str, list[CaseRow]] = defaultdict(list)
        for row in find_cases(db, actor, case_ids, "list"):
            by_area[row.area].append(row)
        made = []
        for area, rows in sorted(by_area.items()):
            listed = VisitListRow(area=area, cases=len(rows), created_by=actor.name, created_at=utc_now())
            db.add(listed)
            db.flush()
            for row in rows:
                row.list_id = listed.id
                row.decision = row.decision_reason = row.approved_by = None
                move(db, vault, row, "list", "listed", actor, document=f"list {listed.id}")
            append_event(db, action="updates.make_list", actor=actor.name, subject=f"list {listed.id}",
                         detail={"area": area, "cases": len(rows)})  # fmt: skip
            db.flush()
            made.append(visit_list_of(db, listed))
        return made


def visit(
    ws: Workspace, actor: Actor, case_id: int, version: int, *, result: str,
    answers: Mapping[str, str] | None = None, persons: tuple[Mapping[str, str], ...] = (),
    visited_on: date | None = None, note: str = "",
) -> Case:  # fmt: skip
    """Record a home visit; its answers stand over those that were registered. A wrong record is made anew."""
    findings = Findings(result=result, answers=answers or {}, persons=persons, visited_on=visited_on, note=note)
    require(actor, "updates.visit")
    findings.check()
    with session(ws.database, write=False) as db:
        require_state(find_case(db, actor, case_id, "updates.visit"), "visit")
    district = read_ground(ws).district
    with session(ws.database) as db:
        row = find_case(db, actor, case_id, "updates.visit")
        require_version(row, version)
        findings.record(ws, db, open_vault(ws.root), row, actor, district)
        return case_of(row, newest_snapshot(db))


class Findings:
    """What one visit found."""

    def __init__(
        self, *, result: str, answers: Mapping[str, str], persons: tuple[Mapping[str, str], ...],
        visited_on: date | None, note: str,
    ) -> None:  # fmt: skip
        self.result, self.answers, self.persons, self.note = result, answers, persons, note
        self.visited_on = visited_on

    def check(self) -> None:
        """Refuse a result that is none and a visit in the future."""
        if self.result not in RESULTS:
            known = ", ".join(RESULTS)
            raise InvalidParameterError(f"Result {self.result[:40]!r} must be one of: {known}.",
                                        f"Hasil {self.result[:40]!r} harus salah satu: {known}.")  # fmt: skip
        require_past(self.visited_on)

    def contents(self, vault: Vault, row: CaseRow) -> Contents:
        """Contents of a case with these findings."""
        return with_visit(unseal(vault, row), self.answers, self.persons, self.note)

    def record(
        self, ws: Workspace, db: Session, vault: Vault, row: CaseRow, actor: Actor, district: District
    ) -> None:  # fmt: skip
        """Put the findings into a case, in the caller's transaction."""
        require_state(row, "visit")
        contents = self.contents(vault, row)
        form = form_of(ws, row.form)
        require_readable(
            judge(form, contents.in_force, contents.persons_in_force, area=row.area, district=district)
        )  # fmt: skip
        seal(vault, row, contents)
        row.result = self.result
        row.visited_on = (self.visited_on or utc_now().date()).isoformat()
        document = f"list {row.list_id}" if row.list_id else None
        move(db, vault, row, "visit", "visited", actor, reason=self.note, document=document)


def require_past(day: date | None) -> None:
    """Refuse a day that has not come (a day's grace, for the clocks of other zones)."""
    if day is not None and day > utc_now().date() + timedelta(days=1):
        raise InvalidParameterError(f"{day.isoformat()} has not come yet.", f"{day.isoformat()} belum tiba.",
                                    code="date_future")  # fmt: skip
