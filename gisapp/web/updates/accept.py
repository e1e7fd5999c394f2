"""The second person accepts, and the next snapshot of the registry is there: the page before, and the page after."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from gisapp.errors import GisappError, InvalidParameterError, NotFoundError
from gisapp.registry.differences import compare
from gisapp.registry.snapshots import find_snapshot, latest_snapshot, list_snapshots
from gisapp.registry.updates import acceptance, queue
from gisapp.registry.updates.model import Acceptance, ConflictError, StepRefusedError, case_number
from gisapp.web import shell
from gisapp.web.answers import go_to
from gisapp.web.auth import current_actor, may
from gisapp.web.language import texts
from gisapp.web.source import source
from gisapp.web.texts import Texts
from gisapp.web.updates.fields import Field
from gisapp.web.updates.queue import next_step, row
from gisapp.web.updates.steps import chosen, sentence
from gisapp.workspace.folder import Workspace

_LAST = "accepted"
_MOST = 500


def show() -> ResponseReturnValue:
    """Cases that one person has approved and that this one may accept."""
    return _page(chosen_ids=[int(text) for text in request.args.getlist("case") if text.isascii() and text.isdigit()])


def _page(*, chosen_ids: list[int], problem: str = "", status: int = 200) -> ResponseReturnValue:
    ws, actor, t = source().workspace, current_actor(), texts()
    found = [one for one in queue.cases(ws, actor, state="submitted", limit=_MOST) if next_step(one, actor) == "accept"]
    rows = [row(ws, one, actor, t) | {"chosen": not chosen_ids or one.id in chosen_ids} for one in found]
    page = render_template(
        "updates/accept.html", rows=rows, period=_period(ws, t), problem=problem, **shell.around()
    )  # fmt: skip
    return page, status


def _period(ws: Workspace, t: Texts) -> Field:
    now = latest_snapshot(ws)
    value = request.form.get("period", now.period if now else "")
    return Field(name="period", label=t("u_period_next"), value=value, required=True, longest=20,
                 hint=t("u_period_hint", period=now.period if now else "–"))  # fmt: skip


def take() -> ResponseReturnValue:
    """Accept the ticked cases; the snapshot and the cases change together or not at all."""
    ws, actor, ids = source().workspace, current_actor(), chosen()
    before = latest_snapshot(ws)
    try:
        done = acceptance.accept(ws, actor, ids, period=request.form.get("period", "").strip())
    except ConflictError as error:
        return _page(chosen_ids=ids, problem=sentence(error), status=409)
    except (StepRefusedError, InvalidParameterError) as error:
        return _page(chosen_ids=ids, problem=sentence(error), status=422)
    session[_LAST] = _kept(done, before.hash if before else None)
    return go_to("updates.accepted")


def _kept(done: Acceptance, before: str | None) -> dict[str, Any]:
    return {"snapshot": done.snapshot, "before": before, "accepted": list(done.accepted), "stale": list(done.stale)}


def result() -> ResponseReturnValue:
    """What the acceptance did: the snapshot, how many changed, and what follows."""
    ws, t, last = source().workspace, texts(), session.get(_LAST)
    if not last:
        raise NotFoundError("Nothing was accepted in this session.", "Belum ada yang diterima pada sesi ini.")
    now = find_snapshot(ws, last["snapshot"]) if last["snapshot"] else None
    stale = [{"number": case_number(one), "url": url_for("updates.case", case_id=one)} for one in last["stale"]]
    return render_template(
        "updates/accepted.html", said=t("u_accepted_said", n=t.number(len(last["accepted"]))), stale=stale,
        snapshot=now, changes=_changes(ws, last, t), can_upward=may("lists.export"), **shell.around(),
    )  # fmt: skip


def _changes(ws: Workspace, last: dict[str, Any], t: Texts) -> dict[str, Any] | None:
    """How many families are new, gone, moved and changed against the snapshot before; None where that is not known."""
    if not last["snapshot"] or not last["before"] or last["before"] == last["snapshot"]:
        return None
    try:
        before, after = find_snapshot(ws, last["before"]), find_snapshot(ws, last["snapshot"])
        total = compare(ws, before, after).total
    except GisappError:
        return None
    counted = (("new", total.new), ("gone", total.gone), ("moved", total.moved_in), ("changed", total.changed),
               ("unchanged", total.unchanged))  # fmt: skip
    totals = [(t(f"u_difference_{name}"), n) for name, n in counted]
    return {"title": t("u_changes", before=before.period, after=after.period), "totals": totals}


def periods(ws: Workspace) -> tuple[str, ...]:
    """Periods that have a snapshot, the latest first."""
    return tuple(dict.fromkeys(one.period for one in list_snapshots(ws)))
