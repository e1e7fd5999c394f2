"""Taking a step: one case at its page, several from the queue; somebody faster is shown, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from flask import render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from gisapp.errors import FileRefusedError, GisappError, InvalidParameterError, NotFoundError, RegistryError
from gisapp.registry.updates import attachments, decisions, matching, meetings, queue, visits
from gisapp.registry.updates.model import CaseDetail, ConflictError, StepRefusedError, case_number
from gisapp.registry.updates.states import RESULTS
from gisapp.web import shell
from gisapp.web.answers import go_to
from gisapp.web.auth import current_actor
from gisapp.web.language import texts
from gisapp.web.source import source
from gisapp.web.updates import case as updates_case
from gisapp.web.updates.fields import answered, questions, said, wrong
from gisapp.web.updates.words import word

#: Mistakes that bring the page back with what was typed; everything else is an error page.
MISTAKES = (StepRefusedError, InvalidParameterError, FileRefusedError, RegistryError)
_SAID, _WARNED = "said", "warned"


def say(text: str) -> None:
    """Keep a sentence for the next page."""
    session[_SAID] = text


def heard() -> str:
    """The sentence kept for this page; it is said once."""
    return str(session.pop(_SAID, ""))


def warned() -> str:
    """What went wrong on the page before; it is said once."""
    return str(session.pop(_WARNED, ""))


def sentence(error: Exception) -> str:
    """What an error says, in the language of the page."""
    return texts().pick((error.id, error.en)) if isinstance(error, GisappError) else str(error)


def version() -> int:
    """Version of the case that the form was made for."""
    given = request.form.get("version", "")
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise InvalidParameterError("The form lacks the case's version: open the case again.",
                                    "Formulir tanpa versi usulan: buka lagi usulannya.", code="version")  # fmt: skip
    return int(given)


def chosen() -> list[int]:
    """Cases that were ticked."""
    found = [text.partition(":")[0] for text in request.form.getlist("case")]
    return [int(text) for text in found if text.isascii() and text.isdigit() and len(text) < 10]


def case_page(case_id: int, *, status: int = 200, **given: Any) -> ResponseReturnValue:
    """The page of a case."""
    ws, actor = source().workspace, current_actor()
    detail = queue.case(ws, actor, case_id)
    page = updates_case.page(ws, detail, actor, texts(), **given)
    return render_template("updates/case.html", **page, **shell.around()), status


def conflict(detail: CaseDetail, seen: int, again: str, names: Iterable[tuple[str, str]]) -> ResponseReturnValue:
    """Somebody was faster: what they did, and what was typed here, ready to be sent on top of it."""
    ws, t, form = source().workspace, texts(), request.form
    typed = [(name, form[name]) for name in form if name not in ("csrf_token", "version") and form[name]]
    titles = dict(names)
    shown = updates_case.view(ws, detail, current_actor(), t)
    page = render_template(
        "updates/conflict.html", case=shown, newer=[one for one in shown["steps"] if one["number"] > seen],
        typed_rows=[(titles[name], _spoken(detail, name, text)) for name, text in typed if name in titles],
        again={"url": again, "fields": [("version", str(detail.case.version)), *typed]},
        lost_files=any(one.filename for one in request.files.values()), **shell.around(),
    )  # fmt: skip
    return page, 409


def _spoken(detail: CaseDetail, name: str, text: str) -> str:
    """What was typed in words: an answer in those of the form, a choice in those of its list."""
    group = {"result": "results", "action": "actions"}.get(name)
    if group is not None:
        return word(group, text, texts())
    form = updates_case.form_of_case(source().workspace, current_actor(), detail.case.id)
    variable = name.removeprefix("answer-")
    return said(form, variable, text, texts()) if form and variable != name else text


def guarded(
    case_id: int, done: Callable[[int], str], again: str, names: Iterable[tuple[str, str]] = ()
) -> ResponseReturnValue:
    """Take a step; a conflict and a mistake come back as pages that keep what was typed."""
    seen = version()
    try:
        say(done(seen))
    except ConflictError:
        detail = queue.case(source().workspace, current_actor(), case_id)
        return conflict(detail, seen, again, names)
    except NotFoundError:
        raise
    except MISTAKES as error:
        return case_page(case_id, status=422, typed={**request.form}, problem=sentence(error))
    return go_to("updates.case", case_id=case_id)


def take_step(case_id: int, action: str) -> ResponseReturnValue:
    """Match, put on a list, submit or approve one case."""
    ws, actor = source().workspace, current_actor()
    steps: dict[str, Callable[[int], object]] = {
        "match": lambda seen: matching.match(ws, actor, case_id, seen),
        "list": lambda seen: _unchanged(case_id, seen) and visits.put_on_list(ws, actor, [case_id]),
        "submit": lambda seen: _unchanged(case_id, seen) and meetings.submit(ws, actor, [case_id]),
        "approve": lambda seen: _unchanged(case_id, seen) and decisions.approve(ws, actor, [case_id]),
    }
    if action not in steps:
        raise NotFoundError("There is no such step.", "Tidak ada langkah itu.")

    def done(seen: int) -> str:
        steps[action](seen)
        return texts()(f"u_done_{action}", number=case_number(case_id))

    return guarded(case_id, done, url_for("updates.take_step", case_id=case_id, action=action))


def _unchanged(case_id: int, seen: int) -> bool:
    """Refuse a step that is taken for several cases at once where this one moved since it was looked at."""
    now = queue.case(source().workspace, current_actor(), case_id).case.version
    if now != seen:
        raise ConflictError(f"{case_number(case_id)} was changed by somebody else in the meantime.",
                            f"{case_number(case_id)} sudah diubah orang lain.")  # fmt: skip
    return True


def turn_back(case_id: int) -> ResponseReturnValue:
    """Return or refuse a case, with the reason."""
    ws, actor, t = source().workspace, current_actor(), texts()
    action, reason = request.form.get("action", ""), request.form.get("reason", "").strip()
    take = {"return": decisions.send_back, "refuse": decisions.refuse}.get(action)
    if take is None:
        raise NotFoundError("There is no such step.", "Tidak ada langkah itu.")

    def done(seen: int) -> str:
        if not reason:
            raise StepRefusedError("Write the reason.", "Tulis alasannya.", code="reason_missing")
        take(ws, actor, case_id, seen, reason=reason)
        return t(f"u_done_{action}", number=case_number(case_id))

    names = (("action", t("u_next_step")), ("reason", t("u_reason")))
    return guarded(case_id, done, url_for("updates.turn_back", case_id=case_id), names)


def visit(case_id: int) -> ResponseReturnValue:
    """Record a home visit with what was found, a photo and a note."""
    t = texts()
    names = [("result", t("u_visit_result")), ("visited_on", t("u_visited_on")), ("note", t("u_note"))]
    form = updates_case.form_of_case(source().workspace, current_actor(), case_id)
    blocks = questions(form, t, request.form) if form else ()
    names += [(one.name, one.label) for block in blocks for one in block.fields]

    def done(seen: int) -> str:
        if any(wrong(block.fields) for block in blocks):
            raise StepRefusedError("Some answers cannot be read.", "Ada jawaban yang belum benar.", code="answers")
        _visit(case_id, seen, answered(blocks))
        return t("u_done_visit", number=case_number(case_id))

    return guarded(case_id, done, url_for("updates.visit", case_id=case_id), names)


def _visit(case_id: int, seen: int, answers: dict[str, str]) -> None:
    ws, actor, form = source().workspace, current_actor(), request.form
    if form.get("result") not in RESULTS:
        raise StepRefusedError("Choose the result of the visit.", "Pilih hasil kunjungan.", code="result")
    try:
        on = date.fromisoformat(form.get("visited_on", ""))
    except ValueError:
        raise StepRefusedError("Give the day of the visit.", "Isi tanggal kunjungan.", code="visited_on") from None
    photo = sent("photo")
    if photo is not None and _unchanged(case_id, seen):
        attachments.attach(ws, actor, case_id=case_id, stream=photo.stream, filename=photo.filename or "", kind="photo")
    visits.visit(ws, actor, case_id, seen, result=form["result"], answers=answers, visited_on=on,
                 note=form.get("note", ""))  # fmt: skip


def sent(name: str) -> FileStorage | None:
    """A file of the form; None where none was chosen."""
    found = request.files.get(name)
    return found if found is not None and found.filename else None


def together(action: str) -> ResponseReturnValue:
    """One step for every ticked case of the queue, all or none."""
    ws, actor, t = source().workspace, current_actor(), texts()
    steps: dict[str, Callable[[list[int]], object]] = {
        "list": lambda ids: visits.put_on_list(ws, actor, ids),
        "submit": lambda ids: meetings.submit(ws, actor, ids),
        "approve": lambda ids: decisions.approve(ws, actor, ids),
    }
    if action not in steps:
        raise NotFoundError("There is no such step.", "Tidak ada langkah itu.")
    ids = chosen()
    try:
        steps[action](ids)
        say(t(f"u_done_all_{action}", n=t.number(len(ids))))
    except (*MISTAKES, ConflictError) as error:
        session[_WARNED] = sentence(error)
    return go_to("updates.queue", state="mine")
