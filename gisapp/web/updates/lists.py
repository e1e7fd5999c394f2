"""Verification lists per village, filled lists that come back, and registrations by CSV."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from gisapp.errors import FileRefusedError, GisappError, InvalidParameterError, NotFoundError, RegistryError
from gisapp.readers.table import read_text_table
from gisapp.registry.forms import Form
from gisapp.registry.updates import papers, queue, registration
from gisapp.registry.updates.batches import COLUMNS, KIND_WORDS, REFUSED_COLUMN
from gisapp.registry.updates.judging import askable
from gisapp.registry.updates.model import BatchReport, RowRefused
from gisapp.registry.updates.states import KINDS
from gisapp.registry.uploads import private_folder
from gisapp.registry.variables import load_variables
from gisapp.web import shell
from gisapp.web.auth import current_actor, may
from gisapp.web.language import texts
from gisapp.web.planner.documents import attachment
from gisapp.web.source import source
from gisapp.web.texts import Texts
from gisapp.web.updates.desk import form_of_registry
from gisapp.web.updates.handout import Handouts
from gisapp.web.updates.places import village
from gisapp.web.updates.time import shown
from gisapp.web.updates.words import word
from gisapp.writers.table import inert

HANDOUTS = "gisapp.handouts"
_MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "forms": "application/pdf",
}
_REFUSED = (FileRefusedError, RegistryError, InvalidParameterError)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A batch report as the page shows it."""

    rows: int
    done: int
    done_word: str
    refused: tuple[dict[str, Any], ...]


def lists() -> str:
    """Every verification list of one's area, with the cases that still wait for their visit."""
    ws, actor, t = source().workspace, current_actor(), texts()
    rows = []
    for one in queue.visit_lists(ws, actor):
        place = village(ws, one.area)
        waiting = queue.cases(ws, actor, state="listed", list_id=one.id, limit=500)
        rows.append({
            "id": one.id, "number": f"DSV-{one.id:05d}", "area": place.name, "kecamatan": place.kecamatan_name,
            "cases": len(one.case_ids), "open": len(waiting), "at": shown(one.created_at, ws.settings.kode, t),
            "who": one.created_by,
        })  # fmt: skip
    return render_template("updates/lists.html", rows=rows, can_read_back=may("updates.visit"), **shell.around())


def list_file(list_id: int, kind: str) -> Response:
    """A verification list as a workbook to fill or a form to print; it names people, so the taking is recorded."""
    if kind not in _MEDIA:
        raise NotFoundError("There is no such file.", "Tidak ada berkas itu.")
    ws = source().workspace
    with private_folder() as folder:
        path = folder / f"list.{kind}"
        papers.write_visit_list(ws, current_actor(), list_id, path, kind=kind)
        body = path.read_bytes()
    name = "formulir.pdf" if kind == "forms" else f"daftar.{kind}"
    return attachment(body, name=f"{training(ws)}dsv-{list_id:05d}-{name}", mimetype=_MEDIA[kind])


def training(ws: Any) -> str:
    """Beginning of a file's name in an exercise."""
    return "LATIHAN-" if getattr(ws.settings, "training", False) else ""


def _page(which: str, t: Texts) -> dict[str, Any]:
    action = url_for(f"updates.{which}")
    if which == "filled":
        return {"title": t("u_filled"), "intro": t("u_filled_intro"), "action": action, "accept": ".xlsx",
                "label": t("u_filled_file"), "hint": t("u_filled_hint"), "columns": []}  # fmt: skip
    form = form_of_registry(source().workspace)
    return {"title": t("u_batch"), "intro": t("u_batch_intro"), "action": action, "accept": ".csv,.txt,text/csv",
            "label": t("u_batch_file"), "hint": t("u_batch_hint"), "columns": _columns(form, t)}  # fmt: skip


def _typed(code: str) -> tuple[str, str]:
    """How a kind is written in a file: in Indonesian, and as its code."""
    return next(typed for typed, kind in KIND_WORDS.items() if kind == code), code


def _columns(form: Form | None, t: Texts) -> list[tuple[str, str]]:
    meaning = {"kind": ", ".join(f"{' / '.join(_typed(code))} ({word('kinds', code, t).lower()})" for code in KINDS),
               "area": t("u_column_area"), "name": t("u_name"), "nik": "NIK", "family_number": t("u_kk"),
               "address": t("u_address"), "birth_date": t("u_birth_date"), "reason": t("u_reason")}  # fmt: skip
    own = [(headings[0], meaning[name]) for name, headings in COLUMNS.items()]
    titles = load_variables()
    asked = [name for name in askable(form) if name in titles] if form else []
    return own + [(form.columns[name][0], t.pick((titles[name].id, titles[name].en))) for name in asked if form]


def show(which: str) -> str:
    """The form that takes a file."""
    return render_template("updates/batch.html", page=_page(which, texts()), report=None, **shell.around())


def batch() -> ResponseReturnValue:
    """The form for a CSV of registrations."""
    return show("batch")


def filled() -> ResponseReturnValue:
    """The form for a filled verification list."""
    return show("filled")


def take_batch() -> ResponseReturnValue:
    """Register every good row of a CSV; the others are handed back with their reasons."""
    return _take("batch", ".csv", registration.register_batch)


def take_filled() -> ResponseReturnValue:
    """Record every good row of a filled verification list."""
    return _take("filled", ".xlsx", papers.read_visit_list)


def _take(which: str, ending: str, read: Callable[..., BatchReport]) -> ResponseReturnValue:
    ws, actor, t, file = source().workspace, current_actor(), texts(), request.files.get("file")
    with private_folder() as folder:
        path = folder / f"berkas{ending}"
        try:
            if file is None or not file.filename:
                raise FileRefusedError("Choose a file.", "Pilih sebuah berkas.", code="file_missing")
            file.save(path)
            report = read(ws, actor, path)
            back = _handed_back(path, report, t) if report.refused and which == "batch" else None
        except _REFUSED as error:
            said = t.pick((error.id, error.en)) if isinstance(error, GisappError) else str(error)
            page = render_template(
                "updates/batch.html", page=_page(which, t), report=None, problem=said, **shell.around()
            )
            return page, 422
    url = url_for("updates.refused_rows", word=handouts().keep(actor.name, back, "ditolak.csv")) if back else None
    return render_template("updates/batch.html", page=_page(which, t), report=_shown(which, report, t), refused_url=url,
                           **shell.around())  # fmt: skip


def _shown(which: str, report: BatchReport, t: Texts) -> Shown:
    refused = tuple(
        {"row": t.number(one.row), "column": one.column, "reason": t.pick((one.reason_id, one.reason_en))}
        for one in report.refused
    )
    done = t("u_batch_registered" if which == "batch" else "u_batch_visited", n=t.number(report.unchanged))
    return Shown(rows=report.rows, done=len(report.registered), done_word=done, refused=refused)


def _handed_back(path: Path, report: BatchReport, t: Texts) -> bytes:
    """The refused rows as they came, with the reason behind them; no cell can become a formula."""
    reasons: dict[int, list[str]] = {}
    for one in report.refused:
        reasons.setdefault(one.row, []).append(_reason(one, t))
    frame = read_text_table(path)
    rows = frame[frame.index.isin(list(reasons))].map(lambda cell: inert(str(cell)))
    rows[REFUSED_COLUMN] = [inert("; ".join(reasons[row])) for row in rows.index.tolist()]
    return bytes(rows.to_csv(index=False, sep=";", lineterminator="\r\n").encode("utf-8-sig"))


def _reason(one: RowRefused, t: Texts) -> str:
    said = t.pick((one.reason_id, one.reason_en))
    return f"{one.column}: {said}" if one.column else said


def handouts() -> Handouts:
    """Files of this server that wait to be taken."""
    found: Handouts = current_app.extensions.setdefault(HANDOUTS, Handouts())
    return found


def refused_rows(word: str) -> Response:
    """The refused rows of a batch, for the one who brought it."""
    found = handouts().take(current_actor().name, word)
    if found is None:
        raise NotFoundError("This file is not kept any more: bring the CSV again.",
                            "Berkas ini sudah tidak disimpan: unggah CSV-nya lagi.", code="handout_gone")  # fmt: skip
    return attachment(found.body, name=training(source().workspace) + found.name, mimetype="text/csv")
