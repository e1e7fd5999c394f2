"""Household files by browser: sent, looked at, mapped, taken in as a job, and told about."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from gisapp.errors import FileRefusedError, GisappError, InvalidParameterError
from gisapp.registry import overview, uploads
from gisapp.registry.preview import Preview
from gisapp.web import shell
from gisapp.web.answers import go_to
from gisapp.web.auth import current_actor
from gisapp.web.errors import status_of
from gisapp.web.language import texts
from gisapp.web.moments import moments
from gisapp.web.planner.documents import attachment
from gisapp.web.registry import intake_choices, intake_work
from gisapp.web.registry.jobs import queue
from gisapp.web.source import source

#: The largest household file that a browser may send; a larger one is taken in on the command line.
LARGEST_UPLOAD_BYTES = 500_000_000

blueprint = Blueprint("intake", __name__, url_prefix="/admin/intake")
blueprint.context_processor(moments)


@blueprint.record
def _room_for_uploads(state: BlueprintSetupState) -> None:
    state.app.config["UPLOAD_LIMITS"] |= {"intake.receive": LARGEST_UPLOAD_BYTES}


@blueprint.teardown_request
def _close_files(_: BaseException | None) -> None:
    request.close()


def _upload(token: str) -> uploads.Upload:
    return uploads.find(source().workspace, token, actor=current_actor())


def _to_preview(token: str) -> Response:
    return go_to("intake.preview", token=token)


@blueprint.get("")
def index() -> str:
    """The form that sends a file, and what was taken in before."""
    return _index()


def _index(error: GisappError | None = None) -> str:
    ws, actor = source().workspace, current_actor()
    return render_template(
        "intake/index.html", choices=intake_choices.offered(ws), error=error, largest=LARGEST_UPLOAD_BYTES,
        intakes=overview.intakes(ws, actor)[:10], given=request.values, **shell.around(),
    )  # fmt: skip


@blueprint.post("")
def receive() -> ResponseReturnValue:
    """Take a file and what was said about it; a mistake in either brings the form back."""
    ws, actor, sent = source().workspace, current_actor(), request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise FileRefusedError("Choose a file.", "Pilih sebuah berkas.", code="file_missing")
        choices = intake_choices.read(request.form)
        upload = uploads.receive(ws, sent.stream, name=sent.filename, actor=actor)
        uploads.choose(ws, upload, **choices)
    except (FileRefusedError, InvalidParameterError) as error:
        return _index(error), status_of(error)
    return _to_preview(upload.token)


@blueprint.get("/uploads/<token>")
def preview(token: str) -> ResponseReturnValue:
    """What the file would become, before anything is stored."""
    upload = _upload(token)
    return _preview(upload, intake_work.look(source().workspace, upload))


def _preview(upload: uploads.Upload, seen: Preview, error: GisappError | None = None) -> tuple[str, int]:
    ws = source().workspace
    page = render_template(
        "intake/preview.html", upload=upload, seen=seen, mapping_error=error, words=overview.words(),
        **intake_choices.editor(ws, upload, seen, texts()), **shell.around(),
    )  # fmt: skip
    return page, status_of(error) if error else 422 if seen.refusal else 200


@blueprint.post("/uploads/<token>/choices")
def choose(token: str) -> ResponseReturnValue:
    """Change what was said about a file, and look at it again."""
    uploads.choose(source().workspace, _upload(token), **intake_choices.read(request.form))
    return _to_preview(token)


@blueprint.post("/uploads/<token>/mapping")
def save_mapping(token: str) -> ResponseReturnValue:
    """Keep what each column is as the office's mapping, and look at the file with it."""
    upload, ws = _upload(token), source().workspace
    seen = intake_work.look(ws, upload)
    try:
        name = intake_choices.keep_mapping(ws, request.form, seen, current_actor())
    except InvalidParameterError as error:
        return _preview(upload, seen, error)
    uploads.choose(ws, upload, form=None, mapping=name)
    return _to_preview(token)


@blueprint.post("/uploads/<token>/start")
def start(token: str) -> ResponseReturnValue:
    """Take the file in, in the background; the same file with the same choices is one job."""
    job = intake_work.submit(queue(), source().workspace, _upload(token), current_actor())
    return go_to("jobs.page", job_id=job)


@blueprint.post("/uploads/<token>/discard")
def discard(token: str) -> ResponseReturnValue:
    """Remove a file that was sent and not taken in."""
    uploads.throw_away(source().workspace, _upload(token))
    return go_to("intake.index")


@blueprint.post("/imports/<import_id>/quarantine")
def quarantine(import_id: str) -> Response:
    """The rejected rows, whole, to be corrected; who took them is recorded."""
    body = intake_work.quarantine_bytes(source().workspace, import_id, current_actor())
    return attachment(body, name=f"karantina-{import_id}.csv", mimetype="text/csv")
