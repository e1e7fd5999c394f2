"""The registry as staff see it: what was taken in, what stands, what changed; counts only."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from gisapp.registry import overview
from gisapp.registry.records import anonymous_records
from gisapp.web import shell
from gisapp.web.auth import current_actor
from gisapp.web.moments import moments
from gisapp.web.planner.documents import attachment
from gisapp.web.registry import pages as registry_pages
from gisapp.web.source import source

blueprint = Blueprint("registry", __name__, url_prefix="/admin/registry")
blueprint.context_processor(moments)


@blueprint.get("")
def index() -> str:
    """Periods and their snapshots, every intake, and what changed between two periods."""
    page = registry_pages.overview_page(source().workspace, current_actor(), request.args)
    return render_template("registry/index.html", bar=registry_pages.bar, **page, **shell.around())


@blueprint.get("/imports/<import_id>")
def intake(import_id: str) -> str:
    """What one intake did, and what it put aside and why."""
    found = overview.intake(source().workspace, import_id, current_actor())
    return render_template("intake/report.html", one=found, words=overview.words(), **shell.around())


@blueprint.post("/records")
def records() -> Response:
    """Anonymous records of one period, for statisticians; who took them is recorded."""
    period = request.form.get("period", "")
    found = anonymous_records(source().workspace, period, actor=current_actor())
    return attachment(found.content, name="keluarga-anonim.csv", mimetype="text/csv")
