"""Pages for planners: the map, a pocket, the suggestions, and what can be taken along."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from gisapp.errors import NotFoundError
from gisapp.web.language import texts
from gisapp.web.planner import documents, pages, statistics, suggestion_page, suggestions
from gisapp.web.source import District, district, source

blueprint = Blueprint("planner", __name__)


def _first_start() -> str:
    return render_template("planner/first_start.html", name=source().workspace.settings.name)


@blueprint.get("/")
def index() -> str:
    """The planner's map; a page that says what to do next where nothing was run yet."""
    try:
        found = district()
    except NotFoundError as error:
        if error.code == "no_run":
            return _first_start()
        raise
    return render_template("planner/index.html", **pages.planner(found, texts()))


@blueprint.get("/pockets/<pocket_id>")
def pocket(pocket_id: str) -> str | BaseResponse:
    """Why this pocket, with its numbers and what is suggested; a link of the period before leads to its successor."""
    found = district()
    if (now := found.successor(pocket_id)) is not None:
        return redirect(url_for("planner.pocket", pocket_id=now))
    return render_template("planner/pocket.html", **pages.pocket(found, pocket_id, texts()))


@blueprint.get("/interventions")
def interventions() -> str:
    """Every suggestion, filtered by strategy and pocket."""
    strategy = suggestions.strategy_of(request.args.get("strategy"))
    page = pages.interventions(district(), texts(), strategy=strategy, pocket_id=request.args.get("pocket") or None)
    return render_template("planner/interventions.html", **page)


@blueprint.get("/interventions/<intervention_id>")
def suggestion(intervention_id: str) -> str:
    """One suggestion: what, where, for whom, how much, why, how sure, and what was not checked."""
    return render_template("planner/suggestion.html", **suggestion_page.page(district(), intervention_id, texts()))


@blueprint.get("/interventions/rab.xlsx")
def budget() -> Response:
    """The budget table of all suggestions, a workbook."""
    body = documents.budget(district())
    return documents.attachment(body, name="gisapp-rab.xlsx", mimetype=documents.FORMATS["xlsx"][1])


@blueprint.get("/statistics", endpoint="statistics")
def how_sure() -> str:
    """What the figures of the desa can bear: ranges, equal ranks, types, and what was tested."""
    found = district()
    kecamatan = statistics.kecamatan_of(found, request.args.get("kecamatan"))
    return render_template("planner/statistics.html", **statistics.page(found, texts(), kecamatan=kecamatan))


@blueprint.get("/healthz")
def healthz() -> Response:
    """Alive, and which run is served."""
    try:
        return jsonify(status="ok", run=district().run.run_id)
    except NotFoundError:
        return jsonify(status="ok", run=None)


def _portable(found: District, pocket_id: str | None) -> Response:
    body = documents.portable_map(found, pocket_id, lang=texts().lang)
    return documents.attachment(body, name=f"gisapp-{pocket_id or 'peta'}.html", mimetype="text/html")


@blueprint.get("/map.html")
def portable_map() -> Response:
    """The whole district as one file that opens without internet; always a download, never shown in place."""
    return _portable(district(), None)


@blueprint.get("/pockets/<pocket_id>/map.html")
def portable_pocket_map(pocket_id: str) -> Response:
    """The same file, opened at one pocket."""
    found = district()
    found.pocket(pocket_id)
    return _portable(found, pocket_id)


@blueprint.get("/pockets/<pocket_id>/sheet.pdf")
def sheet(pocket_id: str) -> Response:
    """One A4 page about a pocket, to print."""
    found = district()
    found.pocket(pocket_id)
    body = documents.sheet(found, pocket_id, lang=texts().lang)
    return documents.attachment(body, name=f"gisapp-{pocket_id}.pdf", mimetype="application/pdf")
