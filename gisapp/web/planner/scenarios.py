"""Scenarios side by side, and budgets tried on a sealed run while a control is moved. Nothing is stored."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from gisapp.errors import NotFoundError
from gisapp.web.answers import as_json
from gisapp.web.language import texts
from gisapp.web.planner.pages import frame_of_page
from gisapp.web.source import district

blueprint = Blueprint("scenarios", __name__)


@blueprint.get("/scenarios")
def index() -> str:
    """The page; where a run does not keep whom its suggestions reach, it says so and what to do."""
    from gisapp.web.planner import scenario_page

    found, t = district(), texts()
    try:
        return render_template("planner/scenarios.html", **scenario_page.page(found, request.args.to_dict(), t))
    except NotFoundError as error:
        if error.code != "no_reached":
            raise
        said = error.id if t.lang == "id" else error.en
        return render_template("planner/scenario_absent.html", said=said, **frame_of_page(found, t))


@blueprint.get("/data/scenarios.json")
def answer() -> Response:
    """What the budget and the importances of the address buy of one run."""
    from gisapp.web.planner import scenario_page

    return as_json(scenario_page.answer(district(), request.args.to_dict(), texts()))
