"""Try thresholds: how pockets and figures would change, answered while a control is moved. Nothing is stored.

The tests are compiled code that takes seconds to load: what needs it is imported when somebody first asks.
"""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from gisapp.errors import NotFoundError
from gisapp.web.answers import as_json
from gisapp.web.language import texts
from gisapp.web.planner.pages import frame_of_page
from gisapp.web.source import district

blueprint = Blueprint("explore", __name__)


@blueprint.get("/explore")
def index() -> str:
    """The page; where the run keeps no counts to try thresholds on, it says so and what to do."""
    from gisapp.web.planner import explore_page

    found, t = district(), texts()
    try:
        return render_template("planner/explore.html", **explore_page.page(found, t))
    except NotFoundError as error:
        if error.code != "no_patterns":
            raise
        said = error.id if t.lang == "id" else error.en
        return render_template("planner/explore_absent.html", said=said, **frame_of_page(found, t))


@blueprint.get("/data/explore.json")
def answer() -> Response:
    """What would change with the thresholds of the address."""
    from gisapp.web.planner import explore_page

    return as_json(explore_page.answer(district(), request.args.to_dict(), texts()))
