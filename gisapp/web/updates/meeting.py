"""The village meeting: which cases wait for it, and its minutes as a form."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from gisapp.access.actors import Actor
from gisapp.errors import FileRefusedError, GisappError, InvalidParameterError, NotFoundError
from gisapp.registry.updates import attachments, meetings, queue
from gisapp.registry.updates.model import CaseSummary, Decision, Minutes, StepRefusedError
from gisapp.registry.updates.states import DECISIONS, REJECTIONS
from gisapp.web import shell
from gisapp.web.answers import go_to
from gisapp.web.auth import current_actor
from gisapp.web.language import texts
from gisapp.web.source import source
from gisapp.web.texts import Texts
from gisapp.web.updates.fields import Field, filled, wrong
from gisapp.web.updates.places import village
from gisapp.web.updates.steps import say, sent
from gisapp.web.updates.time import today
from gisapp.web.updates.words import sentence_case, word
from gisapp.workspace.folder import Workspace

_MOST = 500
_REFUSED = (StepRefusedError, InvalidParameterError, FileRefusedError)


def _waiting(ws: Workspace, actor: Actor, area: str | None = None) -> list[CaseSummary]:
    return queue.cases(ws, actor, state="visited", area=area, limit=_MOST)


def show() -> ResponseReturnValue:
    """Villages whose cases wait for a meeting, or the form of one village."""
    ws, actor = source().workspace, current_actor()
    area = request.args.get("area", "")
    if not area:
        return render_template("updates/meeting.html", chosen=None, villages=_villages(ws, actor), **shell.around())
    return _page(ws, actor, area, MultiDict(), fields=_fields(ws, texts()))


def _villages(ws: Workspace, actor: Actor) -> list[dict[str, Any]]:
    counts = Counter(one.area for one in _waiting(ws, actor))
    places = [(village(ws, code), n) for code, n in counts.items()]
    places.sort(key=lambda pair: (pair[0].kecamatan_name.casefold(), pair[0].name.casefold()))
    return [
        {"area": place.name, "kecamatan": place.kecamatan_name, "cases": n,
         "url": url_for("updates.meeting", area=place.code)}
        for place, n in places
    ]  # fmt: skip


def _fields(ws: Workspace, t: Texts) -> tuple[Field, ...]:
    head = (
        Field(
            name="held_on", label=t("u_held_on"), kind="date", required=True, value=today(ws.settings.kode).isoformat()
        ),
        Field(name="place", label=t("u_place"), required=True),
        Field(name="chair", label=t("u_chair")),
        Field(name="secretary", label=t("u_secretary")),
    )
    counted = [
        Field(name=f"present-{code}", label=sentence_case(t.pick(pair)), kind="digits", longest=5)
        for code, pair in meetings.ELEMENTS.items()
    ]
    remarks = Field(name="remarks", label=t("u_remarks"), kind="area", longest=2000)
    return tuple(replace(one, group="head") for one in (*head, remarks)) + tuple(
        replace(one, group="present") for one in counted
    )


def _page(
    ws: Workspace, actor: Actor, area: str, typed: MultiDict[str, str], *, fields: tuple[Field, ...],
    refused: str = "", scan_error: str = "", status: int = 200,
) -> ResponseReturnValue:  # fmt: skip
    found = _waiting(ws, actor, area)
    if not found:
        raise NotFoundError("No case of this village waits for a meeting.",
                            "Tidak ada usulan desa ini yang menunggu musyawarah.", code="case_unknown")  # fmt: skip
    t = texts()
    return render_template(
        "updates/meeting.html", chosen=village(ws, area), fields=fields, refused=refused, scan_error=scan_error,
        rows=[_row(one, typed, t) for one in found],
        rejections=[(code, sentence_case(t.pick(pair))) for code, pair in REJECTIONS.items()], **shell.around(),
    ), status  # fmt: skip


def _row(one: CaseSummary, typed: MultiDict[str, str], t: Texts) -> dict[str, Any]:
    decision, reason = typed.get(f"decision-{one.id}", ""), typed.get(f"reason-{one.id}", "")
    error = ""
    if typed and decision not in DECISIONS:
        error = t("u_wrong_decision")
    elif typed and decision == "reject" and reason not in REJECTIONS:
        error = t("u_wrong_reject")
    return {
        "id": one.id, "number": one.number, "url": url_for("updates.case", case_id=one.id), "error": error,
        "kind": word("kinds", one.kind, t), "result": word("results", one.result, t), "decision": decision,
        "reason": reason,
    }  # fmt: skip


def record() -> ResponseReturnValue:
    """Take the minutes; a mistake brings the form back with all that was typed."""
    ws, actor, t, form = source().workspace, current_actor(), texts(), request.form
    fields = tuple(_counted(one, t) for one in filled(_fields(ws, t), form, t))
    ids = [int(text) for text in form.getlist("case") if text.isascii() and text.isdigit() and len(text) < 10]
    lacking = "" if sent("scan") else t("u_wrong_scan")
    area = form.get("area", "")[:20]
    shown = {one.id: _row(one, form, t) for one in _waiting(ws, actor, area)}
    if wrong(fields) or lacking or any(shown[one]["error"] for one in ids if one in shown):
        return _page(ws, actor, area, form, fields=fields, scan_error=lacking, status=422)
    try:
        _store(ws, actor, area, ids, fields)
    except _REFUSED as error:
        said = t.pick((error.id, error.en)) if isinstance(error, GisappError) else str(error)
        return _page(ws, actor, area, form, fields=fields, refused=said, status=422)
    say(t("u_done_deliberate", n=t.number(len(ids)), name=village(ws, area).name))
    return go_to("updates.queue")


def _counted(one: Field, t: Texts) -> Field:
    if one.group != "present" or not one.value or (one.value.isascii() and one.value.isdigit()):
        return one
    return replace(one, error=t("u_wrong_present"))


def _store(ws: Workspace, actor: Actor, area: str, ids: list[int], fields: tuple[Field, ...]) -> None:
    typed, form = {one.name: one.value for one in fields}, request.form
    papers = []
    for name, kind in (("scan", "minutes"), ("attendance", "scan")):
        found = sent(name)
        if found is not None:
            stored = attachments.attach(
                ws, actor, stream=found.stream, filename=found.filename or "", kind=kind, area=area
            )
            papers.append(stored.id)
    present = {n.removeprefix("present-"): int(v) for n, v in typed.items() if n.startswith("present-") and v}
    decided = {
        one: Decision(decision=form.get(f"decision-{one}", ""), reason=form.get(f"reason-{one}") or None) for one in ids
    }
    minutes = Minutes(
        area=area, held_on=date.fromisoformat(typed["held_on"]), place=typed["place"], decisions=decided,
        present=present, chair=typed["chair"], secretary=typed["secretary"], remarks=typed["remarks"],
        attachment_ids=tuple(papers),
    )  # fmt: skip
    try:
        meetings.deliberate(ws, actor, ids, minutes)
    except GisappError:
        attachments.withdraw(ws, actor, papers)
        raise
