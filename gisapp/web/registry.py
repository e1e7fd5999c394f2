"""The registry as staff see it: what was taken in, what stands, what changed; counts only."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from gisapp.registry import overview
from gisapp.web import registry_pages, shell
from gisapp.web.auth import current_actor
from gisapp.web.language import texts
from gisapp.web.moments import moments
from gisapp.web.source import source

blueprint = Blueprint("registry", __name__, url_prefix="/admin/registry")
blueprint.context_processor(moments)


@blueprint.get("")
def index() -> str:
    """Periods and their snapshots, every intake, and what changed between two periods."""
    page = registry_pages.overview_page(source().workspace, current_actor(), request.args, texts())
    return render_template("registry/index.html", **page, **shell.around())


@blueprint.get("/imports/<import_id>")
def intake(import_id: str) -> str:
    """What one intake did, and what it put aside and why."""
    found = overview.intake(source().workspace, import_id, current_actor())
    return render_template("intake/report.html", one=found, words=overview.words(), **shell.around())
