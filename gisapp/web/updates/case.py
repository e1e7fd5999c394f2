"""One case as its page shows it: what stands, what is proposed, what happened, and what may be done now."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

import pandas as pd
from flask import url_for

from gisapp.access.actors import Actor
from gisapp.access.permissions import allowed
from gisapp.columns import DEPRIVATIONS
from gisapp.errors import GisappError, NotFoundError
from gisapp.registry.forms import Form
from gisapp.registry.identities import purposes
from gisapp.registry.sealing import last_four
from gisapp.registry.updates import matching, meetings, queue
from gisapp.registry.updates.answers import answer_word
from gisapp.registry.updates.judging import Judged, changes, form_of, judge
from gisapp.registry.updates.model import Attachment, CaseDetail, CaseSummary, Step
from gisapp.registry.updates.sealing import Contents
from gisapp.registry.updates.states import CLOSED, REJECTIONS, RESULTS
from gisapp.registry.variables import load_variables
from gisapp.web.texts import Texts
from gisapp.web.updates.families import family_of
from gisapp.web.updates.fields import questions, said
from gisapp.web.updates.places import village
from gisapp.web.updates.queue import FORWARD, acceptable, next_step, step_url
from gisapp.web.updates.time import day, machine, short, shown, today
from gisapp.web.updates.words import sentence_case, word
from gisapp.workspace.folder import Workspace

_COUNTS = ("persons", "children_0_5", "children_7_12", "children_13_15")
_AID = ("receives_pkh", "receives_bpnt", "receives_pbi")
BACKWARD = ("return", "refuse")


def page(ws: Workspace, detail: CaseDetail, actor: Actor, t: Texts, **given: Any) -> dict[str, Any]:
    """Everything the template of a case is given; ``given`` stands over it (what was typed, what went wrong)."""
    typed: Mapping[str, str] = given.get("typed") or {}
    steps = [_step(detail, name, t) for name in _forward(detail, actor)]
    return {
        "case": view(ws, detail, actor, t), "steps": steps, "typed": typed,
        "today": today(ws.settings.kode).isoformat(),
        "backward": [_step(detail, name, t) for name in BACKWARD if name in detail.next_actions],
        "only_back": t(_only_back(detail.case)),
        "waiting": word("waiting", detail.case.state, t), "can_attach": may_attach(detail, actor),
        "results": [(code, word("results", code, t)) for code in RESULTS],
        "groups": _questions(ws, detail, t, typed) if any(one["name"] == "visit" for one in steps) else (),
        "purposes": [(code, t.pick(pair)) for code, pair in purposes().items()]
        if allowed(actor, "identity.read") else [],
    } | given  # fmt: skip


def _only_back(one: CaseSummary) -> str:
    """Key of why a submitted case only goes back from here."""
    if one.decision == "reject":
        return "u_only_back"
    return "u_only_back_you" if acceptable(one) else "u_only_back_found"


def _forward(detail: CaseDetail, actor: Actor) -> list[str]:
    """The step that waits for this actor; where none does, those that are possible all the same."""
    best = next_step(detail.case, actor)
    possible = [name for name in FORWARD if name in detail.next_actions]
    if best in possible:
        again = ["match"] if detail.case.stale and "match" in possible and best != "match" else []
        return [*again, best]
    return possible


def _step(detail: CaseDetail, name: str, t: Texts) -> dict[str, Any]:
    template = "visit" if name == "visit" else "link" if name in ("deliberate", "accept") else "one"
    url = step_url(detail.case, name) if template == "link" else ""
    return {"name": name, "title": word("actions", name, t), "help": word("helps", name, t), "template": template,
            "url": url}  # fmt: skip


def may_attach(detail: CaseDetail, actor: Actor) -> bool:
    """Whether this role brings papers to a case that is still open."""
    roles = ("updates.register", "updates.visit", "updates.deliberate")
    return detail.case.state not in CLOSED and any(allowed(actor, one) for one in roles)


def view(ws: Workspace, detail: CaseDetail, actor: Actor, t: Texts) -> dict[str, Any]:
    """The case itself in words."""
    one, place = detail.case, village(ws, detail.case.area)
    found = family_of(ws, one.base_snapshot, one.family_id)
    elsewhere = found is not None and not actor.covers(str(found["code"]))
    found = None if elsewhere else found
    none = "u_compare_elsewhere" if elsewhere else "u_compare_none"
    return {
        "id": one.id, "number": one.number, "version": one.version, "state": one.state, "stale": one.stale,
        "kind": word("kinds", one.kind, t), "area": place.name, "kecamatan": place.kecamatan_name,
        "state_title": word("states", one.state, t),
        "facts": facts(detail, t), "answers": spoken(ws, detail, t), "compare": compare(ws, detail, found, t),
        "compare_note": t("u_compare_note" if found is not None else none, period=one.base_period or "–"),
        "steps": [step(ws, detail, step_, t) for step_ in detail.steps],
        "same_as": same(ws, detail, actor, t), "warnings": warnings(detail, t),
        "papers": papers(ws, detail, actor, t),
    }  # fmt: skip


def facts(detail: CaseDetail, t: Texts) -> list[tuple[str, str]]:
    """What is known of the case in a few lines; of numbers of a person the last four digits."""
    one = detail.case
    decided = {"agree": t("u_agree"), "reject": t("u_reject")}.get(one.decision or "", "")
    if one.decision_reason in REJECTIONS:
        decided = f"{decided}: {t.pick(REJECTIONS[one.decision_reason])}"
    seen = day(date.fromisoformat(one.visited_on), t) if one.visited_on else ""
    listed = [
        ("NIK", detail.nik_tail), (t("u_kk"), detail.family_number_tail), (t("u_registered_by"), one.registered_by),
        (t("u_visit_result"), word("results", one.result, t)), (t("u_visited_on"), seen),
        (t("u_decision"), decided), (t("u_approved_by"), one.approved_by or ""),
    ]  # fmt: skip
    return [(title, text) for title, text in listed if text]


def warnings(detail: CaseDetail, t: Texts) -> list[str]:
    """What matching noticed, as sentences; that a case is stale is said by its own notice."""
    open_case = detail.case.state not in CLOSED
    found = [t.pick(matching.WARNINGS[code]) for code in detail.case.notes.warnings if code in matching.WARNINGS]
    return [sentence_case(text) + "." for text in found] if open_case else []


def same(ws: Workspace, detail: CaseDetail, actor: Actor, t: Texts) -> list[dict[str, Any]]:
    """A case beside every other open one with the same NIK or KK number, where the actor may see them."""
    found = [detail.case]
    for other in detail.case.notes.same_as:
        with suppress(NotFoundError):
            found.append(queue.case(ws, actor, other).case)
    return [
        {"url": url_for("updates.case", case_id=one.id), "facts": [
            (t("u_number"), one.number), (t("u_kind"), word("kinds", one.kind, t)),
            (t("u_area"), village(ws, one.area).name), (t("u_state"), word("states", one.state, t)),
            (t("u_registered_by"), one.registered_by), (t("u_since"), short(one.created_at, ws.settings.kode, t)),
        ]}
        for one in found
    ]  # fmt: skip


def form_of_case(ws: Workspace, actor: Actor, case_id: int) -> Form | None:
    """Vocabulary in which a case was registered; None where its mapping was not kept."""
    return _form(ws, queue.case(ws, actor, case_id).case.form)


def _form(ws: Workspace, name: str) -> Form | None:
    try:
        return form_of(ws, name)
    except GisappError:
        return None


def spoken(ws: Workspace, detail: CaseDetail, t: Texts) -> list[tuple[str, str]]:
    """The answers in force as they were given, in the words of the form."""
    form, titles = _form(ws, detail.case.form), load_variables()
    return [
        (t.pick((titles[name].id, titles[name].en)) if name in titles else name,
         said(form, name, answer, t) if form else answer)
        for name, answer in detail.answers.items()
    ]  # fmt: skip


def compare(
    ws: Workspace, detail: CaseDetail, found: Mapping[str, Any] | None, t: Texts
) -> list[dict[str, Any]]:  # fmt: skip
    """What the registry holds beside what the answers would make of it; a column nobody answered is left out."""
    judged = _judged(ws, detail, found)
    if judged is None:
        return []
    stands = found or {}
    after = (
        changes(stands, judged) if found is not None else {n: judged.row[n] for n in (*_COUNTS, *DEPRIVATIONS, *_AID)}
    )
    rows = []
    for name in (*_COUNTS, *DEPRIVATIONS, *_AID):
        before, new = _said(name, stands.get(name), t), _said(name, after.get(name, stands.get(name)), t)
        known = name in after and (found is not None or not _blank(after[name]))
        if known or not _blank(stands.get(name)):
            rows.append({"title": _title(name, t), "registry": before if found is not None else "–",
                         "proposed": new if name in after else "–" if found is None else t("u_as_it_is"),
                         "changed": name in after and before != new and found is not None})  # fmt: skip
    return rows


def _judged(ws: Workspace, detail: CaseDetail, found: Mapping[str, Any] | None) -> Judged | None:
    form = _form(ws, detail.case.form)
    if form is None or not detail.answers:
        return None
    try:
        return judge(form, dict(detail.answers), (), area=detail.case.area, stands=found)
    except GisappError:
        return None


def _blank(value: Any) -> bool:
    return value is None or bool(pd.isna(value))


def _said(name: str, value: Any, t: Texts) -> str:
    if name in _COUNTS:
        return "–" if _blank(value) else t.number(int(value))
    if name in DEPRIVATIONS:
        return word("verdicts", "unknown" if _blank(value) else "deprived" if bool(value) else "not", t)
    return "–" if _blank(value) else t.pick(answer_word("", name, "", "yes" if bool(value) else "no"))


def _title(name: str, t: Texts) -> str:
    if name in DEPRIVATIONS:
        return t.pick(DEPRIVATIONS[name])
    title = load_variables()[name]
    return t.pick((title.id, title.en))


def _told(one: Step, t: Texts) -> str:
    """What was said with a step; the meeting's reason is a code that has a word."""
    known = REJECTIONS.get(one.reason) if one.action == "deliberate" else None
    return sentence_case(t.pick(known)) if known else one.reason


def step(ws: Workspace, detail: CaseDetail, one: Step, t: Texts) -> dict[str, Any]:
    """One step of the time line."""
    title = word("steps", one.action, t)
    if one.action == "match":
        title = f"{title}: {word('states', one.to_state, t).lower()}"
    if one.action == "visit" and one.number == max(s.number for s in detail.steps if s.action == "visit"):
        title = f"{title}: {word('results', detail.case.result, t).lower()}"
    return {
        "title": title, "at": shown(one.at, ws.settings.kode, t), "at_utc": machine(one.at), "said": _told(one, t),
        "who": f"{one.actor} · {t(f'role_{one.role}')}", "back": one.to_state in ("returned", "refused"),
        "number": one.number, "action": one.action,
    }  # fmt: skip


def papers(ws: Workspace, detail: CaseDetail, actor: Actor, t: Texts) -> list[dict[str, str]]:
    """Photos and scans of the case, then the minutes of the meeting that decided about it."""
    found = [paper(ws, one, t) for one in detail.attachments]
    if detail.case.meeting_id is None:
        return found
    held = meetings.meeting(ws, actor, detail.case.meeting_id)
    found += [paper(ws, one, t) for one in held.attachments]
    printed = {"url": url_for("updates.minutes", meeting_id=held.id), "title": t("u_minutes_print"), "note": "PDF"}
    return [*found, printed]


def paper(ws: Workspace, one: Attachment, t: Texts) -> dict[str, str]:
    """One photo or scan as a line with a link."""
    size = f"{t.number(max(1, round(one.size / 1024)))} kB"
    return {"url": url_for("updates.attachment", attachment_id=one.id), "title": word("papers", one.kind, t),
            "note": f"{size} · {one.added_by} · {shown(one.added_at, ws.settings.kode, t)}"}  # fmt: skip


def _questions(ws: Workspace, detail: CaseDetail, t: Texts, typed: Mapping[str, str]) -> Any:
    form = _form(ws, detail.case.form)
    if form is None:
        return ()
    before = {f"answer-{name}": answer for name, answer in detail.answers.items()}
    return questions(form, t, {**before, **{n: v for n, v in typed.items() if n.startswith("answer-")}})


def identity(contents: Contents, t: Texts) -> list[tuple[str, str]]:
    """Who a case is about, for one who has said why; of NIK and KK the last four digits."""
    who = contents.identity
    listed = [(t("u_name"), who.name), ("NIK", last_four(who.nik)), (t("u_kk"), last_four(who.family_number)),
              (t("u_address"), who.address), (t("u_birth_date"), who.birth_date), (t("u_reason"), contents.reason),
              (t("u_note"), contents.visit_note)]  # fmt: skip
    return [(title, text) for title, text in listed if text]
