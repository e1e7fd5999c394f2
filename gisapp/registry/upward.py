"""Lists to pass upward: submitted and accepted updates in the columns of the form that the registry came in."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from gisapp.access.actors import Actor
from gisapp.access.permissions import require
from gisapp.analysis.codes import digits
from gisapp.errors import InvalidParameterError, RegistryError
from gisapp.registry.forms import CODE_PARTS
from gisapp.registry.ground import read_ground
from gisapp.registry.identities import require_purpose
from gisapp.registry.permitted import require_by_name
from gisapp.registry.snapshots import SnapshotRef, latest_snapshot
from gisapp.registry.tables import IntakeRow, SnapshotRow
from gisapp.registry.updates.judging import form_of
from gisapp.registry.updates.sealing import Contents, unseal
from gisapp.registry.updates.states import KINDS, RESULTS, STATES
from gisapp.registry.updates.tables import CaseRow
from gisapp.store.audit import append_event
from gisapp.store.database import session
from gisapp.store.files import atomic_path
from gisapp.store.vault import Vault, open_vault
from gisapp.workspace.folder import Workspace
from gisapp.writers.raw import write_workbook_rows
from gisapp.writers.table import inert

KINDS_OF_FILE = ("csv", "xlsx")
#: What follows the columns of the form: number, kind and state of the update, and what the visit found.
ADDED = ("usulan_nomor", "usulan_jenis", "usulan_status", "usulan_hasil_kunjungan")
TRAINING = "LATIHAN"
_IDS = ("nik", "family_number")
_PARTS = {"kemendagri": (2, 2, 2, 4), "bps": (2, 2, 3, 3)}
_NAMES = {"relation": "family_role", "name": "member_name", "nik": "nik", "birth_date": "birth_date"}


@dataclass(frozen=True, kw_only=True)
class _Origin:
    """The form of origin: its headings in order, the heading of each variable, a row's unit, how it writes a desa."""

    header: tuple[str, ...]
    columns: Mapping[str, str]
    by_person: bool
    system: str
    codes: Mapping[str, str]

    def place(self, area: str) -> dict[str, str]:
        """The desa of a row, in the columns and the code system of the form."""
        written = self.codes.get(area, area)
        if "code" in self.columns:
            return {"code": written}
        bare, values = digits(written), {}
        for name, width in zip(CODE_PARTS, _PARTS[self.system], strict=True):
            values[name], bare = bare[:width], bare[width:]
        return values


def write_upward(
    ws: Workspace, out: Path, *, period: str | None = None, actor: Actor, purpose: str = "upward", kind: str = "csv"
) -> int:
    """Write the updates of a period's registry that were submitted or accepted, by name; returns the number of rows.

    The columns are those of the file that the registry came in, and ``ADDED`` behind them. Ids are texts, and a text
    that a spreadsheet would run is made inert. That it was done is recorded, without a name.

    Raises
    ------
    PermissionRefusedError : the role may not, the set is for an end user, or its use has ended.
    """
    require(actor, "lists.export")
    require_purpose(purpose)
    if kind not in KINDS_OF_FILE:
        raise InvalidParameterError(f"{kind!r} must be csv or xlsx.", f"{kind!r} harus csv atau xlsx.")
    ref = latest_snapshot(ws, period)
    if ref is None:
        raise RegistryError(
            f"There is no snapshot of {period or 'any period'}.", f"Belum ada potret {period or 'periode apa pun'}.",
            code="no_snapshot",
        )  # fmt: skip
    require_by_name(ws, ref)
    training = bool(getattr(ws.settings, "training", False))
    with session(ws.database) as database:
        origin = _origin(ws, database, ref)
        rows = list(_rows(database, open_vault(ws.root), origin, ref, actor))
        append_event(
            database, action="list.upward", actor=actor.name, subject=ref.period,
            detail={"purpose": purpose, "rows": len(rows), "kind": kind, "snapshot": ref.hash},
        )  # fmt: skip
    header = [*origin.header, *ADDED, *([TRAINING] if training else [])]
    texts = [[*row, *([TRAINING] if training else [])] for row in rows]
    with atomic_path(Path(out)) as temporary:
        _WRITERS[kind](temporary, header, texts, {origin.columns.get(name) for name in _IDS})
    return len(rows)


def _origin(ws: Workspace, database: Session, ref: SnapshotRef) -> _Origin:
    intake = database.scalars(select(IntakeRow).where(IntakeRow.import_id == ref.root_import_id)).one()
    form = form_of(ws, intake.form)
    header, columns = json.loads(intake.header), json.loads(intake.columns)
    if not header:  # taken in before headings were kept
        columns = {name: names[0] for name, names in form.columns.items() if names}
        header = list(dict.fromkeys(columns.values()))
    book = read_ground(ws).book
    codes = {own: other for other, own in book.crosswalk.items()} if intake.codes != book.system else {}
    return _Origin(
        header=tuple(header), columns=columns, by_person=form.unit == "person", codes=codes,
        system=form.parts_system or intake.codes,
    )  # fmt: skip


def _rows(database: Session, vault: Vault, origin: _Origin, ref: SnapshotRef, actor: Actor) -> Iterator[list[str]]:
    ofperiod = select(SnapshotRow.hash).where(SnapshotRow.period == ref.period)
    here = or_(CaseRow.base_period == ref.period, CaseRow.accepted_snapshot.in_(ofperiod))
    wanted = select(CaseRow).where(CaseRow.state.in_(("submitted", "accepted")), here, CaseRow.sealed.is_not(None))
    for row in database.scalars(wanted.order_by(CaseRow.area, CaseRow.id)):
        if not actor.covers(row.area):
            continue
        added = [str(row.id), KINDS[row.kind][0], STATES[row.state][0], RESULTS[row.result][0] if row.result else ""]
        for values in _entries(origin, row, unseal(vault, row)):
            by_column = {origin.columns[name]: text for name, text in values.items() if name in origin.columns}
            yield [*(by_column.get(column, "") for column in origin.header), *added]


def _entries(origin: _Origin, row: CaseRow, said: Contents) -> Iterator[dict[str, str]]:
    """Values by variable of each row of a case: one of a family, or one of every person."""
    who = said.identity
    shared = {**said.in_force, **origin.place(row.area), "family_number": who.family_number, "address": who.address}
    head = {"head_name": who.name, "member_name": who.name, "nik": who.nik, "birth_date": who.birth_date}
    if not origin.by_person or not said.persons_in_force:
        yield {**shared, **head}
        return
    for person in said.persons_in_force:
        own = {_NAMES.get(name, name): text for name, text in person.items()}
        yield {**shared, "head_name": who.name, **own}


def _write_csv(path: Path, header: list[str], rows: list[list[str]], ids: set[str | None]) -> None:
    text = io.StringIO(newline="")
    sheet = csv.writer(text)
    sheet.writerow(header)
    quoted = [column in ids for column in header]
    for row in rows:
        sheet.writerow(
            f"'{cell}" if is_id and cell else inert(cell) for cell, is_id in zip(row, quoted, strict=True)
        )  # fmt: skip
    path.write_bytes(text.getvalue().encode("utf-8-sig"))


def _write_workbook(path: Path, header: list[str], rows: list[list[str]], ids: set[str | None]) -> None:
    del ids  # a text in a cell of a workbook stays one
    texts = [[inert(cell) for cell in row] for row in rows]
    widths = [max(12, min(len(name) + 2, 34)) for name in header]
    write_workbook_rows(path, [list(header), *texts], title="Usulan pemutakhiran", groups=[], widths=widths)


_WRITERS = {"csv": _write_csv, "xlsx": _write_workbook}
