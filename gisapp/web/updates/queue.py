"""The work queue: what the address asks for, and the table that answers it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import url_for
from werkzeug.datastructures import MultiDict

from gisapp.access.actors import Actor
from gisapp.access.permissions import allowed
from gisapp.analysis.codes import digits
from gisapp.errors import NotFoundError
from gisapp.registry.updates import queue
from gisapp.registry.updates.model import CaseSummary
from gisapp.registry.updates.states import ACCEPTABLE, ACTIONS, CLOSED, KINDS, STATES
from gisapp.web.texts import Texts
from gisapp.web.updates.places import grouped, of_actor, village
from gisapp.web.updates.time import machine, short
from gisapp.web.updates.words import word
from gisapp.workspace.folder import Workspace

PAGE_ROWS = 25
MINE = "mine"
#: Steps that several cases may take at once from the queue, with the state in which they wait.
BULK = {"list": ("matched", "unmatched"), "submit": ("deliberated",), "approve": ("submitted",)}
#: A case's next step is the first of these that the one who asks may take; going back is never the next step.
FORWARD = ("match", "list", "visit", "deliberate", "submit", "approve", "accept")
#: States in which each forward step is the thing to do; elsewhere it is only possible (a second match, say).
WAITS_FOR = {
    "match": ("registered",), "list": ("matched", "unmatched"), "visit": ("listed", "returned"),
    "deliberate": ("visited",), "submit": ("deliberated",), "approve": ("submitted",), "accept": ("submitted",),
}  # fmt: skip
#: Matched states in which a newer snapshot calls for another match before anything else.
_MATCHED = ("matched", "unmatched")
_NUMBER = re.compile(r"\s*(?:mpm)?[\s-]*0*(\d{1,9})\s*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the address asks the queue for; words that mean nothing are left out."""

    state: str | None = None
    kind: str | None = None
    area: str | None = None
    stale: bool = False
    q: str = ""
    page: int = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything but the state was chosen."""
        return bool(self.kind or self.area or self.stale or self.q)

    def url(self, **other: Any) -> str:
        """Address of the queue with these filters, some of them changed."""
        now = {"state": self.state, "kind": self.kind, "area": self.area, "stale": "1" if self.stale else None,
               "q": self.q or None} | other  # fmt: skip
        query = urlencode({name: value for name, value in now.items() if value})
        return url_for("updates.queue") + (f"?{query}" if query else "")


def wanted(args: MultiDict[str, str]) -> Wanted:
    """Read the address."""
    state, kind, page = args.get("state", ""), args.get("kind", ""), args.get("page", "1")
    return Wanted(
        state=state if state in STATES or state == MINE else None,
        kind=kind if kind in KINDS else None,
        area=args.get("area", "")[:20] or None,
        stale=args.get("stale") == "1",
        q=args.get("q", "").strip()[:40],
        page=int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 6 else 1,
    )


def my_states(actor: Actor) -> tuple[str, ...]:
    """States in which something waits for this role, in the order of the work."""
    mine = {state for name in FORWARD if allowed(actor, ACTIONS[name].permission) for state in WAITS_FOR[name]}
    return tuple(state for state in STATES if state in mine)


def next_step(one: CaseSummary, actor: Actor) -> str | None:
    """The step that this actor is to take on a case now; None where it waits for somebody else."""
    if one.stale and one.state in _MATCHED and allowed(actor, ACTIONS["match"].permission) and actor.covers(one.area):
        return "match"
    for name in FORWARD:
        if one.state in WAITS_FOR[name] and allowed(actor, ACTIONS[name].permission) and actor.covers(one.area):
            if name in ("approve", "accept") and not _decides(one, actor, name):
                continue
            return name
    hopeless = one.state == "submitted" and not acceptable(one)
    return "refuse" if hopeless and allowed(actor, ACTIONS["refuse"].permission) else None


def acceptable(one: CaseSummary) -> bool:
    """Whether it was agreed upon, the visit lets this kind be accepted, and matching does not contradict it."""
    return (
        one.decision == "agree" and one.result in ACCEPTABLE[one.kind]
        and not {"already_registered", "not_registered"} & set(one.notes.warnings)
    )  # fmt: skip


def _decides(one: CaseSummary, actor: Actor, name: str) -> bool:
    """Two people decide, on what can be accepted; whoever registered a case is neither of them."""
    if not acceptable(one) or actor.name == one.registered_by:
        return False
    return one.approved_by is None if name == "approve" else one.approved_by not in (None, actor.name)


def step_url(one: CaseSummary, step: str) -> str:
    """Where a step is taken: the case's own page, or the page for several at once."""
    if step == "deliberate":
        return url_for("updates.meeting", area=one.area)
    if step == "accept":
        return url_for("updates.accept", case=one.id)
    return url_for("updates.case", case_id=one.id) + "#step"


def row(ws: Workspace, one: CaseSummary, actor: Actor, t: Texts) -> dict[str, Any]:
    """One line of a table of cases."""
    place, step = village(ws, one.area), next_step(one, actor)
    return {
        "id": one.id, "number": one.number, "version": one.version, "stale": one.stale, "state": one.state,
        "kind": word("kinds", one.kind, t), "area": place.name, "kecamatan": place.kecamatan_name,
        "state_title": word("states", one.state, t), "approved_by": one.approved_by or "–",
        "since": short(one.updated_at, ws.settings.kode, t), "since_utc": machine(one.updated_at),
        "url": url_for("updates.case", case_id=one.id), "mine": step is not None, "step": step,
        "next": {"title": word("actions", step, t), "url": step_url(one, step)} if step else None,
    }  # fmt: skip


def _found(ws: Workspace, actor: Actor, asked: Wanted) -> list[CaseSummary]:
    """Cases that the address asks for: one more than a page holds where there are more."""
    if asked.q:
        return _by_number(ws, actor, asked)
    first, last = (asked.page - 1) * PAGE_ROWS, asked.page * PAGE_ROWS + 1
    stale = True if asked.stale else None
    if asked.state != MINE:
        return queue.cases(ws, actor, state=asked.state, kind=asked.kind, area=asked.area, stale=stale,
                           limit=last - first, offset=first)  # fmt: skip
    waiting = [
        one
        for state in my_states(actor)
        for one in queue.cases(ws, actor, state=state, kind=asked.kind, area=asked.area, stale=stale, limit=500)
        if next_step(one, actor)
    ]
    return sorted(waiting, key=lambda one: (one.updated_at, one.id))[first:last]


def _by_number(ws: Workspace, actor: Actor, asked: Wanted) -> list[CaseSummary]:
    found = _NUMBER.fullmatch(asked.q)
    try:
        one = queue.case(ws, actor, int(found[1])).case if found else None
    except NotFoundError:
        one = None
    return [one] if one is not None and _fits(one, asked) else []


def _fits(one: CaseSummary, asked: Wanted) -> bool:
    """Whether a case that was asked for by its number passes the other filters too."""
    near = not asked.area or digits(one.area).startswith(digits(asked.area))
    return (
        near and asked.state in (None, MINE, one.state) and asked.kind in (None, one.kind)
        and (one.stale or not asked.stale)
    )  # fmt: skip


def tabs(ws: Workspace, actor: Actor, asked: Wanted, t: Texts) -> list[dict[str, Any]]:
    """One tab for what waits for me, one for all, one per state, each with its count in the chosen area."""
    counts = queue.count_cases(ws, actor, area=asked.area)
    every = sum(counts.get(state, 0) for state in STATES)
    shown = [{"title": t("u_all"), "count": every, "url": asked.url(state=None, page=None), "current": not asked.state}]
    if my_states(actor):
        waiting = sum(counts.get(state, 0) for state in my_states(actor) if state != "submitted")
        if "submitted" in my_states(actor):
            open_ones = queue.cases(ws, actor, state="submitted", area=asked.area, limit=500)
            waiting += sum(1 for one in open_ones if next_step(one, actor))
        shown.insert(0, {"title": t("u_mine"), "count": waiting, "url": asked.url(state=MINE, page=None),
                         "current": asked.state == MINE, "mine": True})  # fmt: skip
    for state in STATES:
        shown.append({"title": word("states", state, t), "count": counts.get(state, 0), "current": asked.state == state,
                      "url": asked.url(state=state, page=None)})  # fmt: skip
    return shown


def tools(actor: Actor, t: Texts) -> list[dict[str, Any]]:
    """Buttons above the queue: what this role begins here."""
    offered = (
        ("updates.register", "updates.desk", "u_tool_desk", True),
        ("updates.register", "updates.batch", "u_tool_batch", False),
        ("updates.deliberate", "updates.meeting", "u_tool_meeting", False),
        ("updates.list", "updates.lists", "u_lists", False),
        ("updates.visit", "updates.lists", "u_lists", True),
        ("updates.decide", "updates.accept", "u_tool_accept", False),
        ("lists.export", "updates.upward", "u_tool_upward", False),
        ("registry.intake", "duplicates.index", "u_tool_duplicates", False),
        ("updates.view", "updates.where_first", "u_tool_where", False),
    )
    return [
        {"url": url_for(endpoint), "title": t(key), "primary": primary}
        for permission, endpoint, key, primary in offered
        if allowed(actor, permission)
    ]


def _bulk(asked: Wanted, rows: list[dict[str, Any]], t: Texts) -> dict[str, Any] | None:
    """The one step that every chosen case of a tab may take at once."""
    for name, states in BULK.items():
        if asked.state in states and any(one["step"] == name for one in rows):
            for one in rows:
                one["pickable"] = one["step"] == name
            return {"url": url_for("updates.together", action=name), "title": t(f"u_together_{name}"),
                    "hint": word("helps", name, t)}  # fmt: skip
    return None


def _empty(asked: Wanted, actor: Actor, t: Texts) -> dict[str, Any]:
    """What an empty queue says: why, and what to do."""
    if asked.narrowed:
        again = {"url": asked.url(kind=None, area=None, stale=None, q=None, page=None), "title": t("u_clear"),
                 "primary": True}  # fmt: skip
        return {"title": t("u_empty_filter"), "text": t("u_empty_filter_text"), "actions": [again]}
    if asked.state == MINE:
        every = {"url": asked.url(state=None, page=None), "title": t("u_all"), "primary": False}
        return {"title": t("u_empty_mine"), "text": t("u_empty_mine_text"), "actions": [every]}
    if asked.state in CLOSED:
        return {"title": t("u_empty_state"), "text": t("u_empty_closed_text"), "actions": []}
    if asked.state:
        return {"title": t("u_empty_state"), "text": t("u_empty_state_text"), "actions": []}
    first = [one for one in tools(actor, t) if one["primary"]][:1]
    return {"title": t("u_empty"), "text": t("u_empty_text"), "actions": first}


def page(ws: Workspace, actor: Actor, asked: Wanted, t: Texts) -> dict[str, Any]:
    """Everything the template of the queue is given."""
    found = _found(ws, actor, asked)
    rows = [row(ws, one, actor, t) for one in found[:PAGE_ROWS]]
    shown_tabs = tabs(ws, actor, asked, t)
    first = (asked.page - 1) * PAGE_ROWS + 1
    return {
        "tabs": shown_tabs, "chosen": asked, "tools": tools(actor, t), "rows": rows,
        "kinds": [(code, word("kinds", code, t)) for code in KINDS], "areas": grouped(of_actor(ws, actor)),
        "bulk": _bulk(asked, rows, t), "empty": None if rows else _empty(asked, actor, t),
        "pager": {
            "first": first, "last": first + len(rows) - 1,
            "before": asked.url(page=asked.page - 1) if asked.page > 1 else None,
            "after": asked.url(page=asked.page + 1) if len(found) > PAGE_ROWS else None,
        },
    }  # fmt: skip
