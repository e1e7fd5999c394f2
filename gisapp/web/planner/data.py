"""JSON for the planner's page: shapes apart from values, so that another indicator needs no new shapes."""

from __future__ import annotations

from flask import Blueprint, Response, request

from gisapp.maps import legend
from gisapp.maps.shapes import DECIMALS
from gisapp.web.answers import as_json, tagged
from gisapp.web.language import texts
from gisapp.web.planner import choropleth, layers, manifest
from gisapp.web.planner.geometry import features, outlines, thinned
from gisapp.web.source import district

blueprint = Blueprint("data", __name__, url_prefix="/data")


@blueprint.get("/manifest.json")
def manifest_json() -> Response:
    """What the page can show: indicators, layers, pockets, suggestions, words."""
    return as_json(manifest.page_manifest(district(), texts()))


@blueprint.get("/areas/<level>.json")
def shapes(level: str) -> Response:
    """Thinned shapes of one level, with code and name only."""
    return as_json(features(thinned(district().areas(level)), key="code", columns=["name"], decimals=DECIMALS))


@blueprint.get("/values/<level>.json")
def values(level: str) -> Response:
    """Every mapped indicator of one level, column by column, in order of code."""
    return as_json(manifest.columnar(district().areas(level)))


@blueprint.get("/legend/<level>/<name>.json")
def classes(level: str, name: str) -> Response:
    """Classes of one indicator and the class of every area, in order of code."""
    found = district()
    one = manifest.indicator(found, name)
    method, count = choropleth.parse_classes(request.args.get("method"), request.args.get("k"))
    classed = legend.classes(found.areas(level), one.column, method=method, k=count)
    smallest = found.released("areas").k
    return as_json(classed | {"rows": legend.labelled(classed, unit=one.unit, lang=texts().lang, smallest=smallest)})


@blueprint.get("/pockets.json")
def pockets() -> Response:
    """Outlines of the pockets."""
    found = district()
    frame = outlines(found.released("pockets").frame, found.areas(found.levels[0]))
    return as_json(features(frame, key="pocket_id", columns=["label", "name"], decimals=DECIMALS))


@blueprint.get("/interventions.json")
def interventions() -> Response:
    """Places of the suggestions that have one; what is meant for a whole pocket has none."""
    frame = district().released("interventions").frame
    titled = frame.assign(title=frame[f"title_{texts().lang}"])[layers.placed(frame)]
    columns = ["pocket_id", "strategy", "kind", "service", "title", "status"]
    return as_json(features(titled, key="intervention_id", columns=columns, decimals=DECIMALS))


@blueprint.get("/context/<name>.json")
def context(name: str) -> Response:
    """One layer around the pockets: facilities of a kind, roads, rivers, forest or estate land."""
    return as_json(layers.context_features(district(), name))


@blueprint.get("/raster/<name>.png")
def raster(name: str) -> Response:
    """Picture of one raster of the run, transparent where it holds nothing."""
    return tagged(layers.raster_picture(district(), name), mimetype="image/png")
