"""Papers of the MPM: the verification list as a workbook and in print, visit forms, minutes of the village meeting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gisapp.access.actors import Actor
from gisapp.access.permissions import require
from gisapp.analysis.codes import parent_code
from gisapp.errors import InvalidParameterError, NotFoundError
from gisapp.registry.forms import Form
from gisapp.registry.updates.answers import Question, group_of, questions
from gisapp.registry.updates.filled import RESULT_WORDS, STATIC, read_visit_list
from gisapp.registry.updates.judging import form_of
from gisapp.registry.updates.ledger import missing
from gisapp.registry.updates.meetings import ELEMENTS, find_meeting, meeting
from gisapp.registry.updates.model import Meeting, case_number
from gisapp.registry.updates.queue import cases
from gisapp.registry.updates.sealing import Contents, unseal
from gisapp.registry.updates.states import DECISIONS, KINDS, REJECTIONS, RESULTS
from gisapp.registry.updates.tables import CaseRow, DecisionRow, VisitListRow
from gisapp.settings import templates_folder
from gisapp.store.audit import append_event
from gisapp.store.database import session
from gisapp.store.files import atomic_write_bytes
from gisapp.store.vault import open_vault
from gisapp.workspace import layers
from gisapp.workspace.folder import Workspace
from gisapp.writers.barcode import code39
from gisapp.writers.document import compile_pdf, document_fonts
from gisapp.writers.form_sheet import FormColumn, write_form_sheet

__all__ = [
    "read_visit_list", "write_blank_minutes", "write_minutes", "write_minutes_annex", "write_visit_form",
    "write_visit_list",
]  # fmt: skip

TRAINING = "LATIHAN"
MEMBER_ROWS = 7
_MOST_WAITING = 500
_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
    "Desember",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class _Sheet:
    """One case on paper."""

    row: CaseRow
    said: Contents


def write_visit_list(ws: Workspace, actor: Actor, list_id: int, out: Path, kind: str = "xlsx") -> int:
    """Write a verification list: ``xlsx`` to fill in, ``pdf`` to print, ``forms`` one visit form per case.

    It names families, so it needs ``updates.papers`` and is audited. Returns the number of cases.
    """
    makers = {"xlsx": _workbook, "pdf": _list_pdf, "forms": _forms_pdf}
    if kind not in makers:
        raise InvalidParameterError(f"A list is written as {', '.join(makers)}.",
                                    f"Daftar ditulis sebagai {', '.join(makers)}.", code="format")  # fmt: skip
    require(actor, "updates.papers")
    with session(ws.database) as db:
        listed = db.get(VisitListRow, list_id)
        if listed is None or not actor.covers(listed.area):
            raise missing(f"list {list_id} / daftar")
        area = listed.area
        rows = db.scalars(select(CaseRow).where(CaseRow.list_id == list_id).order_by(CaseRow.id))
        sheets = _open(ws, db, list(rows))
        append_event(db, action="updates.write_list", actor=actor.name, subject=f"list {list_id}",
                     detail={"kind": kind, "cases": len(sheets), "area": area})  # fmt: skip
    atomic_write_bytes(Path(out), makers[kind](ws, f"Daftar {list_id}", area, sheets))
    return len(sheets)


def _open(ws: Workspace, db: Session, rows: list[CaseRow]) -> list[_Sheet]:
    del db
    vault = open_vault(ws.root)
    return [_Sheet(row=row, said=unseal(vault, row)) for row in rows]


def _place(ws: Workspace, area: str) -> dict[str, str]:
    """Names of a desa, its kecamatan and the district, as the boundaries give them."""
    desa, kecamatan = layers.read_boundary(ws, "desa"), layers.read_boundary(ws, "kecamatan")
    parent = parent_code(area, "desa", ws.settings.code_system) or ""
    return {
        "desa": _name(desa, area), "kecamatan": _name(kecamatan, parent) or parent, "code": area,
        "kabupaten": ws.settings.name or ws.settings.kode,
    }  # fmt: skip


def _name(frame: Any, code: str) -> str:
    names = [] if frame is None else frame.loc[frame["code"] == code, "name"].tolist()
    return str(names[0]) if names else ""


def _mark(ws: Workspace) -> str:
    return TRAINING if ws.settings.training else ""


def _workbook(ws: Workspace, title: str, area: str, sheets: Sequence[_Sheet]) -> bytes:
    place = _place(ws, area)
    marked = f"{TRAINING} · " if _mark(ws) else ""
    asked = _asked(ws, sheets)
    fixed = {
        "no_usulan": [case_number(one.row.id) for one in sheets],
        "versi": [str(one.row.version) for one in sheets],
        "jenis": [KINDS[one.row.kind][0] for one in sheets],
        "nama": [one.said.identity.name for one in sheets],
        "nik": [one.said.identity.nik for one in sheets],
        "no_kk": [one.said.identity.family_number for one in sheets],
        "alamat": [one.said.identity.address for one in sheets],
    }
    blank = [""] * len(sheets)
    columns = [
        FormColumn(heading=name, texts=texts, hidden=name == "versi", width=26 if name in ("nama", "alamat") else 19)
        for name, texts in fixed.items()
    ]
    columns += [
        FormColumn(heading="hasil", texts=blank, fill_in=True, choices=list(RESULT_WORDS), width=24,
                   note="Hasil kunjungan. Kosongkan bila belum dikunjungi."),
        FormColumn(heading="tanggal", texts=blank, fill_in=True, width=13),
        FormColumn(heading="catatan", texts=blank, fill_in=True, width=30),
    ]  # fmt: skip
    columns += [
        FormColumn(heading=question.column, texts=[one.said.in_force.get(question.variable, "") for one in sheets],
                   fill_in=True, choices=[f"{code} · {word[0]}" for code, word in question.codes.items()],
                   note=question.id)
        for question in asked
    ]  # fmt: skip
    out = BytesIO()
    heading = f"{marked}Daftar sasaran verifikasi · {title} · {place['desa']} ({area}), {place['kecamatan']}"
    write_form_sheet(out, sheet=f"{marked}Verifikasi", title=heading, columns=columns, guide=_guide(asked))
    return out.getvalue()


def _asked(ws: Workspace, sheets: Sequence[_Sheet]) -> tuple[Question, ...]:
    forms = {one.row.form for one in sheets}
    found: dict[str, Question] = {}
    for name in sorted(forms):
        for question in questions(form_of(ws, name), family_only=True):
            found.setdefault(question.column, question)
    return tuple(found.values())


def _guide(asked: Sequence[Question]) -> list[tuple[str, str]]:
    rows = [*STATIC.items()]
    for question in asked:
        codes = "; ".join(f"{code} = {word[0]}" for code, word in question.codes.items())
        rows.append((question.column, f"{question.id}. {codes or 'Angka.'}"))
    return rows


def _list_pdf(ws: Workspace, title: str, area: str, sheets: Sequence[_Sheet]) -> bytes:
    rows = [
        {
            "number": case_number(one.row.id), "kind": KINDS[one.row.kind][0], "name": one.said.identity.name,
            "nik": one.said.identity.nik, "family_number": one.said.identity.family_number,
            "address": one.said.identity.address,
        }
        for one in sheets
    ]  # fmt: skip
    groups = Counter(row["kind"] for row in rows)
    data = {"title": title, "place": _place(ws, area), "rows": rows, "training": _mark(ws),
            "groups": [f"{kind}: {n}" for kind, n in groups.items()],
            "results": [word for word, _ in RESULTS.values()]}  # fmt: skip
    return _pdf("visit_list.typ", data)


def _forms_pdf(ws: Workspace, title: str, area: str, sheets: Sequence[_Sheet]) -> bytes:
    place = _place(ws, area)
    pages = [_form_page(form_of(ws, one.row.form), one) for one in sheets]
    return _pdf("visit_form.typ", {"title": title, "place": place, "pages": pages, "training": _mark(ws),
                                   "results": [word for word, _ in RESULTS.values()]})  # fmt: skip


def _form_page(form: Form, one: _Sheet) -> dict[str, Any]:
    who, said = one.said.identity, one.said.in_force
    groups: dict[str, list[dict[str, Any]]] = {"place": [], "housing": [], "members": [], "programmes": []}
    for question in questions(form):
        groups[group_of(question)].append(
            {"title": question.id, "choices": _choices(question), "said": said.get(question.variable, ""),
             "column": question.column}
        )  # fmt: skip
    members = [
        {"name": person.get("name", ""), "nik": person.get("nik", ""), "relation": person.get("relation", ""),
         "birth_date": person.get("birth_date", "")}
        for person in one.said.persons_in_force
    ]  # fmt: skip
    return {
        "number": case_number(one.row.id), "bars": code39(case_number(one.row.id)), "kind": KINDS[one.row.kind][0],
        "form": form.title, "who": dict(vars(who)), "reason": one.said.reason, "members": members,
        "rows": max(MEMBER_ROWS - len(members), 2), "groups": groups,
    }  # fmt: skip


def _choices(question: Question) -> list[dict[str, str]]:
    """Codes and words of a question; codes in a row that mean the same stand together: 1–5."""
    found: list[dict[str, str]] = []
    for word, pairs in groupby(question.codes.items(), key=lambda pair: pair[1][0]):
        codes = [code for code, _ in pairs]
        found.append({"code": codes[0] if len(codes) == 1 else f"{codes[0]}–{codes[-1]}", "word": word})
    return found


def write_visit_form(ws: Workspace, actor: Actor, case_id: int, out: Path) -> None:
    """Write the visit form of one case as a PDF; it names a family, so it is audited."""
    from gisapp.registry.updates.ledger import find_case

    with session(ws.database) as db:
        row = find_case(db, actor, case_id, "updates.papers")
        sheets = _open(ws, db, [row])
        append_event(db, action="updates.write_form", actor=actor.name, subject=case_number(row.id),
                     detail={"area": row.area})  # fmt: skip
    atomic_write_bytes(Path(out), _forms_pdf(ws, case_number(case_id), row.area, sheets))


def write_minutes(ws: Workspace, actor: Actor, meeting_id: int, out: Path) -> None:
    """Write the draft minutes of a meeting as a PDF: counts only; the names stand in the annex."""
    found = meeting(ws, actor, meeting_id)
    with session(ws.database, write=False) as db:
        rows = db.scalars(select(CaseRow).where(CaseRow.id.in_(list(found.decisions))))
        kinds = {row.id: row.kind for row in rows}
    atomic_write_bytes(Path(out), _pdf("minutes.typ", _minutes_data(ws, found, kinds)))


def write_blank_minutes(ws: Workspace, actor: Actor, area: str, out: Path) -> None:
    """Write minutes to be filled in by hand at a meeting: how many cases of each kind wait for it, and blanks."""
    require(actor, "updates.deliberate")
    waiting = Counter(one.kind for one in cases(ws, actor, state="visited", area=area, limit=_MOST_WAITING))
    if not waiting:
        raise NotFoundError("No case of this village waits for a meeting.",
                            "Tidak ada usulan desa ini yang menunggu musyawarah.", code="case_unknown")  # fmt: skip
    table = [{"kind": words[0], "proposed": waiting[kind]} for kind, words in KINDS.items() if waiting[kind]]
    data = {
        "number": "BA", "place": _place(ws, area), "where": "", "date": "", "blank": True, "total": 0, "table": table,
        "present": [{"element": words[0], "count": 0} for words in ELEMENTS.values()], "removed": 0, "reasons": [],
        "proposed": waiting.total(), "agreed": 0, "chair": "", "secretary": "", "remarks": "", "training": _mark(ws),
    }  # fmt: skip
    atomic_write_bytes(Path(out), _pdf("minutes.typ", data))


def _minutes_data(ws: Workspace, found: Meeting, kinds: Mapping[int, str]) -> dict[str, Any]:
    agreed = [one for one, said in found.decisions.items() if said.decision == "agree"]
    reasons = Counter(said.reason for said in found.decisions.values() if said.reason)
    table = [
        {"kind": words[0], "proposed": sum(kinds.get(one) == kind for one in found.decisions),
         "agreed": sum(kinds.get(one) == kind for one in agreed)}
        for kind, words in KINDS.items()
    ]  # fmt: skip
    removed = sum(kinds.get(one) == "leave" for one in agreed)
    return {
        "number": f"BA-{found.id:04d}", "place": _place(ws, found.area), "where": found.place,
        "date": long_date(found.held_on), "present": [
            {"element": words[0], "count": found.present.get(name, 0)} for name, words in ELEMENTS.items()
        ],
        "total": sum(found.present.values()), "table": [row for row in table if row["proposed"]],
        "proposed": len(found.decisions), "agreed": len(agreed), "removed": removed,
        "reasons": [{"reason": REJECTIONS[code][0], "count": n} for code, n in sorted(reasons.items())],
        "chair": found.chair, "secretary": found.secretary, "remarks": found.remarks, "training": _mark(ws),
        "blank": False,
        "synthetic": ws.settings.synthetic,
    }  # fmt: skip


def write_minutes_annex(ws: Workspace, actor: Actor, meeting_id: int, out: Path) -> None:
    """Write the by-name annex of the minutes as a PDF of its own: ``updates.papers``, audited, never published."""
    vault = open_vault(ws.root)
    with session(ws.database) as db:
        found = find_meeting(db, actor, meeting_id, "updates.papers")
        area = found.area
        decided = db.execute(
            select(CaseRow, DecisionRow)
            .join(DecisionRow, DecisionRow.case_id == CaseRow.id)
            .where(DecisionRow.meeting_id == meeting_id)
            .order_by(CaseRow.id)
        ).all()
        rows = [_annex_row(row, one, unseal(vault, row)) for row, one in decided]
        append_event(db, action="updates.write_annex", actor=actor.name, subject=f"meeting {meeting_id}",
                     detail={"cases": len(rows), "area": area})  # fmt: skip
        data = {"number": f"BA-{meeting_id:04d}", "place": _place(ws, area), "date": long_date(found.held_on),
                "rows": rows, "training": _mark(ws)}  # fmt: skip
    atomic_write_bytes(Path(out), _pdf("minutes_annex.typ", data))


def _annex_row(row: CaseRow, one: DecisionRow, said: Contents) -> dict[str, str]:
    who = said.identity
    return {
        "number": case_number(row.id), "kind": KINDS[row.kind][0], "name": who.name, "nik": who.nik,
        "family_number": who.family_number, "address": who.address, "decision": DECISIONS[one.decision][0],
        "reason": REJECTIONS[one.reason][0] if one.reason else "",
    }  # fmt: skip


def long_date(day: str) -> str:
    """A day in Indonesian words.

    >>> long_date("2026-03-09")
    'Senin, 9 Maret 2026'
    """
    from datetime import date

    found = date.fromisoformat(day)
    return f"{_DAYS[found.weekday()]}, {found.day} {_MONTHS[found.month - 1]} {found.year}"


def _pdf(template: str, data: Mapping[str, Any]) -> bytes:
    return compile_pdf(templates_folder() / "documents" / template, data, fonts=[document_fonts()])
