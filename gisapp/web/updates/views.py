"""Updating of the registry by the district itself (MPM): every address of it, and the pages that are one call."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from gisapp.errors import RegistryError
from gisapp.registry.identities import require_purpose
from gisapp.registry.updates import attachments, registration
from gisapp.registry.updates import queue as cases
from gisapp.registry.updates.model import StepRefusedError
from gisapp.web import shell
from gisapp.web.answers import go_to
from gisapp.web.auth import current_actor
from gisapp.web.language import texts
from gisapp.web.source import source
from gisapp.web.updates import accept as updates_accept
from gisapp.web.updates import case as updates_case
from gisapp.web.updates import desk as updates_desk
from gisapp.web.updates import lists as updates_lists
from gisapp.web.updates import meeting as updates_meeting
from gisapp.web.updates import out as updates_out
from gisapp.web.updates import queue as updates_queue
from gisapp.web.updates import steps as updates_steps

#: Rooms for uploads: a photo or a scan, minutes with an attendance list, a table.
PAPER_BYTES, MEETING_BYTES, TABLE_BYTES = 16_000_000, 32_000_000, 16_000_000

blueprint = Blueprint("updates", __name__, url_prefix="/updates")


@blueprint.record
def _room_for_uploads(state: BlueprintSetupState) -> None:
    state.app.config["UPLOAD_LIMITS"] |= {
        "updates.visit": PAPER_BYTES, "updates.attach": PAPER_BYTES, "updates.take_meeting": MEETING_BYTES,
        "updates.take_batch": TABLE_BYTES, "updates.take_filled": TABLE_BYTES,
    }  # fmt: skip


def queue() -> str:
    """The work queue."""
    wanted = updates_queue.wanted(request.args)
    page = updates_queue.page(source().workspace, current_actor(), wanted, texts())
    return render_template("updates/queue.html", said=updates_steps.heard(), problem=updates_steps.warned(), **page,
                           **shell.around())  # fmt: skip


def desk() -> str:
    """The form of the desk, empty."""
    ws, t = source().workspace, texts()
    page = updates_desk.page(updates_desk.desk(ws, current_actor(), t), t)
    return render_template("updates/desk.html", **page, **shell.around())


def register() -> ResponseReturnValue:
    """Register what was typed, or bring the form back with it."""
    ws, actor, t, refused = source().workspace, current_actor(), texts(), None
    found = updates_desk.desk(ws, actor, t, request.form)
    if found.good:
        try:
            made = registration.register(ws, actor, found.proposal())
            updates_steps.say(t("u_done_register", number=made.number))
            return go_to("updates.case", case_id=made.id)
        except (RegistryError, StepRefusedError) as error:
            refused = error
    return render_template("updates/desk.html", **updates_desk.page(found, t, refused), **shell.around()), 422


def case(case_id: int) -> ResponseReturnValue:
    """One case with its time line."""
    return updates_steps.case_page(case_id, said=updates_steps.heard())


def identity(case_id: int) -> ResponseReturnValue:
    """Who a case is about, for a purpose that is recorded."""
    ws, purpose = source().workspace, request.form.get("purpose", "")
    require_purpose(purpose)
    contents = cases.read_case(ws, current_actor(), case_id, purpose)
    return updates_steps.case_page(case_id, identity=updates_case.identity(contents, texts()))


def attach(case_id: int) -> ResponseReturnValue:
    """Add a photo or a scan to a case."""
    found, ws, actor = updates_steps.sent("file"), source().workspace, current_actor()
    try:
        if found is None:
            raise StepRefusedError("Choose a file.", "Pilih sebuah berkas.", code="file_missing")
        attachments.attach(ws, actor, case_id=case_id, stream=found.stream, filename=found.filename or "", kind="scan")
    except updates_steps.MISTAKES as error:
        return updates_steps.case_page(case_id, status=422, problem=updates_steps.sentence(error))
    updates_steps.say(texts()("u_done_attach"))
    return go_to("updates.case", case_id=case_id)


#: Every address: method, path, endpoint, view.
ROUTES = (
    ("GET", "", "queue", queue),
    ("GET", "/new", "desk", desk),
    ("POST", "/new", "register", register),
    ("GET", "/batch", "batch", updates_lists.batch),
    ("POST", "/batch", "take_batch", updates_lists.take_batch),
    ("GET", "/batch/<word>", "refused_rows", updates_lists.refused_rows),
    ("GET", "/lists", "lists", updates_lists.lists),
    ("GET", "/lists/<int:list_id>.<kind>", "list_file", updates_lists.list_file),
    ("GET", "/lists/filled", "filled", updates_lists.filled),
    ("POST", "/lists/filled", "take_filled", updates_lists.take_filled),
    ("GET", "/meeting", "meeting", updates_meeting.show),
    ("POST", "/meeting", "take_meeting", updates_meeting.record),
    ("GET", "/meeting.pdf", "blank_minutes", updates_out.blank_minutes),
    ("GET", "/accept", "accept", updates_accept.show),
    ("POST", "/accept", "take_accept", updates_accept.take),
    ("GET", "/accepted", "accepted", updates_accept.result),
    ("GET", "/where-first", "where_first", updates_out.where_first),
    ("GET", "/upward", "upward", updates_out.upward),
    ("POST", "/upward", "take_upward", updates_out.take_upward),
    ("GET", "/papers/<int:attachment_id>", "attachment", updates_out.attachment),
    ("GET", "/meetings/<int:meeting_id>.pdf", "minutes", updates_out.minutes),
    ("POST", "/together/<action>", "together", updates_steps.together),
    ("GET", "/<int:case_id>", "case", case),
    ("POST", "/<int:case_id>/identity", "identity", identity),
    ("POST", "/<int:case_id>/visit", "visit", updates_steps.visit),
    ("POST", "/<int:case_id>/back", "turn_back", updates_steps.turn_back),
    ("POST", "/<int:case_id>/papers", "attach", attach),
    ("POST", "/<int:case_id>/step/<action>", "take_step", updates_steps.take_step),
)
for _method, _path, _endpoint, _view in ROUTES:
    blueprint.add_url_rule(_path, endpoint=_endpoint, view_func=_view, methods=[_method])
