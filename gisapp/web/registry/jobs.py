"""Work in the background, as its owner sees it: a list, one page with a live bar, and a way to stop it."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, current_app, jsonify, render_template
from flask.typing import ResponseReturnValue

from gisapp.errors import NotFoundError
from gisapp.jobs.queue import Builder, JobQueue
from gisapp.jobs.status import JobStatus
from gisapp.store.database import Place
from gisapp.web import shell
from gisapp.web.answers import go_to
from gisapp.web.auth import current_actor
from gisapp.web.language import texts
from gisapp.web.moments import moments
from gisapp.web.texts import Texts, catalogue

EXTENSION = "gisapp.jobs"

blueprint = Blueprint("jobs", __name__)
blueprint.context_processor(moments)


def queue() -> JobQueue:
    """The queue of the application that answers."""
    return queue_of(current_app)


def queue_of(app: Flask) -> JobQueue:
    """The queue of an application."""
    found: JobQueue = app.extensions[EXTENSION]
    return found


def register(app: Flask, place: Place, builders: dict[str, Builder]) -> None:
    """Give an application its queue; its threads start with the first job, or with ``start``."""
    app.extensions[EXTENSION] = JobQueue(place, builders=builders)


def said(job: JobStatus, t: Texts) -> str:
    """One sentence on where a job stands."""
    if job.state == "queued":
        return t("job_queued_text", n=t.number(job.ahead))
    if job.state != "running" or not job.step:
        return t("job_starting") if not job.finished else t(f"job_{job.state}")
    key = f"job_step_{job.step}"
    step, done = t(key) if key in catalogue() else job.step, t.number(job.done)
    if job.total > job.done:
        return t("job_of_about", step=step, done=done, total=t.number(job.total))
    return t("job_so_far", step=step, done=done)


def _sees_all() -> bool:
    return current_actor().role == "admin"


def own_job(job_id: str) -> JobStatus:
    """A job that this user may see; another's is as none."""
    status = queue().status(job_id)
    if status.owner != current_actor().name and not _sees_all():
        raise NotFoundError("There is no such job.", "Tidak ada pekerjaan dengan nomor itu.", code="job_unknown")
    return status


@blueprint.get("/jobs")
def index() -> str:
    """One's own jobs, newest first; the administrator sees everybody's."""
    found = queue().jobs(None if _sees_all() else current_actor().name)
    return render_template("jobs/index.html", jobs=found, all_owners=_sees_all(), **shell.around())


@blueprint.get("/jobs/<job_id>")
def page(job_id: str) -> str:
    """Where one job stands; without scripts the page loads itself again."""
    job = own_job(job_id)
    again = job.parameters.get("token") if job.owner == current_actor().name else None
    return render_template("jobs/page.html", job=job, said=said(job, texts()), again=again, **shell.around())


@blueprint.get("/data/jobs/<job_id>.json")
def status_json(job_id: str) -> Response:
    """Where one job stands, for the live bar."""
    job = own_job(job_id)
    return jsonify({**job.as_dict(), "text": said(job, texts())})


@blueprint.post("/jobs/<job_id>/cancel")
def cancel(job_id: str) -> ResponseReturnValue:
    """Ask a job to stop."""
    own_job(job_id)
    queue().cancel(job_id, actor=current_actor().name, any_owner=_sees_all())
    return go_to("jobs.page", job_id=job_id)
