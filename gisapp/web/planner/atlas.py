"""The printed atlas on the planner's page: made in the background, taken along by whoever asked for it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from gisapp.errors import NotFoundError
from gisapp.jobs.queue import Builder, Work
from gisapp.release.atlas import write_atlas
from gisapp.store.hashing import sha256_json
from gisapp.targeting.runs import load_run
from gisapp.web.answers import go_to
from gisapp.web.auth import current_actor
from gisapp.web.language import texts
from gisapp.web.planner.documents import attachment
from gisapp.web.registry.jobs import own_job, queue
from gisapp.web.source import district, source
from gisapp.workspace.folder import Workspace, open_workspace

KIND = "atlas"

blueprint = Blueprint("atlas", __name__, url_prefix="/atlas")


def builder(workspace: Workspace) -> Builder:
    """Makes the work of an atlas from its job's parameters, also after a restart."""
    root = workspace.root

    def build(parameters: dict[str, Any]) -> Work:
        def work(progress: Any) -> dict[str, Any]:
            opened = open_workspace(root)
            name = f"atlas-{parameters['hash'][:16]}.pdf"
            run = load_run(opened, parameters["run"])
            report = write_atlas(opened, run, opened.release_folder / name, lang=parameters["lang"], progress=progress)
            return {"file": name, "run": run.run_id, "pages": report.pages, "pockets": report.pockets}

        return work

    return build


@blueprint.post("")
def start() -> ResponseReturnValue:
    """Make the atlas of the run that is served, in the language of the page."""
    found, t, actor = district(), texts(), current_actor()
    settings, run = source().workspace.settings, found.run
    made_from = [KIND, run.run_id, run.manifest, t.lang, settings.k_staff, settings.k_public, settings.min_methods]
    digest = sha256_json(made_from)
    parameters = {"run": run.run_id, "lang": t.lang, "hash": digest}
    title = f"{t('atlas')} · {found.name} · {found.period}"
    job = queue().submit(
        KIND, title, builder(source().workspace)(parameters), owner=actor.name, input_hash=digest,
        parameters=parameters,
    )  # fmt: skip
    return go_to("jobs.page", job_id=job)


@blueprint.get("/<job_id>.pdf")
def file(job_id: str) -> Response:
    """The atlas that one's own job has made."""
    job = own_job(job_id)
    path = source().workspace.release_folder / str((job.result or {}).get("file", ""))
    if job.kind != KIND or job.state != "done" or not path.is_file():
        raise NotFoundError(
            "This atlas is not there (any more): have it made again.",
            "Atlas ini tidak (lagi) ada: buat sekali lagi.",
            code="no_atlas",
        )
    return attachment(path.read_bytes(), name=f"gisapp-atlas-{job.parameters['run']}.pdf", mimetype="application/pdf")
