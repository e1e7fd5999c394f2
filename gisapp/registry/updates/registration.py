"""Registration: one update at the desk, or many of them in a CSV of which no row is lost."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from gisapp.access.actors import Actor
from gisapp.access.permissions import require
from gisapp.analysis.codes import digits
from gisapp.errors import GisappError, RegistryError
from gisapp.registry.forms import Form
from gisapp.registry.ground import Ground, read_ground
from gisapp.registry.sealing import clean_nik, family_hash, nik_hash
from gisapp.registry.snapshots import SnapshotRef, latest_snapshot
from gisapp.registry.updates.judging import check_answers, form_of, judge, require_readable
from gisapp.registry.updates.ledger import case_of, move, newest_snapshot, set_notes
from gisapp.registry.updates.model import BatchReport, Case, Notes, Proposal, RowRefused, StepRefusedError, case_number
from gisapp.registry.updates.sealing import content_hash, contents_of, seal
from gisapp.registry.updates.states import CLOSED, KINDS
from gisapp.registry.updates.tables import CaseRow
from gisapp.store.database import session
from gisapp.store.tables import utc_now
from gisapp.store.vault import Vault, open_vault
from gisapp.workspace.folder import Workspace

_LONGEST_TEXT = 2_000


class _Desk:
    """What a registration is checked against, read once."""

    def __init__(self, ws: Workspace, actor: Actor) -> None:
        require(actor, "updates.register")
        self.actor = actor
        self.base = _base(ws)
        self.form: Form = form_of(ws, self.base.form)
        self.ground: Ground = read_ground(ws)
        self.vault: Vault = open_vault(ws.root)

    def check(self, proposal: Proposal) -> str:
        """Refuse what cannot become a case; returns the desa's code as the boundary writes it."""
        if proposal.kind not in KINDS:
            known = ", ".join(KINDS)
            raise _refused("kind", f"Unknown kind {proposal.kind[:40]!r}: {known}.",
                           f"Jenis {proposal.kind[:40]!r} tidak dikenal: {known}.")  # fmt: skip
        area = self.ground.book.own.get(digits(proposal.area))
        if area is None:
            raise _refused("area_unknown", f"Desa {proposal.area[:40]!r} is not in the boundary layer.",
                           f"Desa {proposal.area[:40]!r} tidak ada di batas desa.")  # fmt: skip
        require(self.actor, "updates.register", area=area)
        self._check_identity(proposal)
        check_answers(self.form, proposal.answers, proposal.persons)
        judged = judge(self.form, proposal.answers, proposal.persons, area=area, district=self.ground.district)
        require_readable(judged)
        return area

    def _check_identity(self, proposal: Proposal) -> None:
        who = proposal.identity
        if not (who.name.strip() and (who.nik.strip() or who.family_number.strip() or proposal.kind == "new")):
            raise _refused("identity_missing", "Give the name and the NIK or the No. KK of the family.",
                           "Isi nama dan NIK atau No. KK keluarga.")  # fmt: skip
        if who.nik.strip() and clean_nik(who.nik) is None:
            raise _refused("nik_damaged", "The NIK is not 16 digits; leave it blank where there is none.",
                           "NIK bukan 16 angka; kosongkan bila belum punya.")  # fmt: skip
        if any(len(text) > _LONGEST_TEXT for text in (*vars(who).values(), proposal.reason_text)):
            raise _refused("text_too_long", f"A text is longer than {_LONGEST_TEXT} characters.",
                           f"Ada teks lebih dari {_LONGEST_TEXT} karakter.")  # fmt: skip

    def enter(self, db: Session, proposal: Proposal, area: str) -> tuple[CaseRow, bool]:
        """Store a checked proposal; an open case that says the very same is given back, with False."""
        contents = contents_of(proposal)
        same = content_hash(self.vault, proposal.kind, area, contents)
        found = db.scalars(
            select(CaseRow).where(CaseRow.content_hash == same, CaseRow.state.not_in(CLOSED))
        ).first()  # fmt: skip
        if found is not None:
            return found, False
        now = utc_now()
        row = CaseRow(
            version=0, kind=proposal.kind, state="registered", area=area, form=self.form_name, notes="{}",
            base_period=self.base.period, base_snapshot=self.base.hash, family_id=proposal.family_id,
            content_hash=same, nik_hash=nik_hash(self.vault, proposal.identity.nik),
            family_hash=family_hash(self.vault, proposal.identity.family_number), registered_by=self.actor.name,
            created_at=now, updated_at=now,
        )  # fmt: skip
        set_notes(row, Notes())
        db.add(row)
        db.flush()
        seal(self.vault, row, contents)
        move(db, self.vault, row, "register", "registered", self.actor)
        return row, True

    @property
    def form_name(self) -> str:
        """Name under which the form is found again."""
        return self.base.form


def _base(ws: Workspace) -> SnapshotRef:
    base = latest_snapshot(ws)
    if base is None:
        raise RegistryError(
            "There is no registry yet to update. Take in a household file first: gisapp ingest.",
            "Belum ada data terpadu untuk dimutakhirkan. Terima berkas keluarga dahulu: gisapp ingest.",
            code="no_snapshot",
        )
    return base


def _refused(code: str, en: str, id: str) -> RegistryError:
    return RegistryError(en, id, code=code)


def register(ws: Workspace, actor: Actor, proposal: Proposal) -> Case:
    """Register one update; RegistryError where it cannot be one, and nothing is stored.

    The same registration while an earlier one is open is refused (code ``case_exists``), naming the earlier one.
    """
    desk = _Desk(ws, actor)
    area = desk.check(proposal)
    with session(ws.database) as db:
        row, fresh = desk.enter(db, proposal, area)
        if not fresh:
            number = case_number(row.id)
            raise StepRefusedError(f"This was registered already: {number}.", f"Ini sudah didaftarkan: {number}.",
                                   code="case_exists")  # fmt: skip
        return case_of(row, newest_snapshot(db))


def register_batch(ws: Workspace, actor: Actor, csv_path: Path) -> BatchReport:
    """Register the rows of a CSV (``docs/mpm.md`` names its columns) in one transaction.

    A row that cannot be a case is handed back with its place and the reason; a row that stands already changes nothing.
    """
    from gisapp.registry.updates.batches import CELLS, read_batch

    desk = _Desk(ws, actor)
    rows, problems = read_batch(csv_path, desk.form)
    refused, good = list(problems), []
    for number, proposal in rows:
        try:
            good.append((number, proposal, desk.check(proposal)))
        except GisappError as error:
            refused.append(
                RowRefused(row=number, column=CELLS.get(error.code, ""), code=error.code, reason_id=error.id,
                           reason_en=error.en)
            )  # fmt: skip
    with session(ws.database) as db:
        entered = [desk.enter(db, proposal, area) for _, proposal, area in good]
    registered = tuple(row.id for row, fresh in entered if fresh)
    return BatchReport(
        file=csv_path.name, rows=len(rows) + len({one.row for one in problems}), registered=registered,
        unchanged=len(entered) - len(registered), refused=tuple(sorted(refused, key=lambda one: one.row)),
    )  # fmt: skip
