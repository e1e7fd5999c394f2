"""The routes of OGC API - Features; every row comes from ``release/`` and nothing is written."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from gisapp.web.answers import as_json
from gisapp.web.ogc import documents, download, items, openapi, pages, schema
from gisapp.web.ogc.asked import parse_crs, parse_items
from gisapp.web.ogc.links import GEOJSON, OPENAPI, SCHEMA, address
from gisapp.web.ogc.offers import Offer, offer
from gisapp.web.ogc.renditions import EVERYWHERE, rendition, require_json, require_known

blueprint = Blueprint("ogc", __name__, url_prefix="/api")
blueprint.add_url_rule("/collections/<collection>/download", view_func=download.download)


def _as_asked(
    document: dict[str, Any], template: str, *, mimetype: str = "application/json", found: Offer | None = None
) -> Response:
    """A document (of a collection, where one is given) as JSON or as a page."""
    if rendition(request) == "html":
        return pages.page(template, document, found)
    response = as_json(document, mimetype=mimetype)
    response.vary.add("Accept")
    return response


@blueprint.get("/")
def landing() -> Response:
    """Landing page."""
    require_known(request.args, EVERYWHERE)
    return _as_asked(documents.landing(), "landing")


@blueprint.get("/conformance")
def conformance() -> Response:
    """Conformance classes."""
    require_known(request.args, EVERYWHERE)
    return _as_asked(documents.conformance(), "conformance")


@blueprint.get("/openapi.json")
def openapi_json() -> Response:
    """The API described in OpenAPI 3.0, as the one who asks may use it."""
    require_known(request.args, EVERYWHERE)
    require_json(request.args)
    return as_json(openapi.document(), mimetype=OPENAPI)


@blueprint.get("/collections")
def collections() -> Response:
    """Every collection that may be seen."""
    require_known(request.args, EVERYWHERE)
    return _as_asked(documents.collections(), "collections")


@blueprint.get("/collections/<collection>")
def collection(collection: str) -> Response:
    """One collection."""
    found = offer(collection)
    require_known(request.args, EVERYWHERE)
    return _as_asked(documents.collection(found), "collection", found=found)


@blueprint.get("/collections/<collection>/schema")
def schema_json(collection: str) -> Response:
    """What a row is made of (Part 5)."""
    return _schema(collection, "schema_json")


@blueprint.get("/collections/<collection>/queryables")
def queryables(collection: str) -> Response:
    """What may be asked about (Part 3)."""
    return _schema(collection, "queryables")


def _schema(collection: str, endpoint: str) -> Response:
    found = offer(collection)
    require_known(request.args, EVERYWHERE)
    require_json(request.args)
    return as_json(schema.document(found, address=address(endpoint, collection=collection)), mimetype=SCHEMA)


@blueprint.get("/collections/<collection>/items")
def items_page(collection: str) -> Response:
    """Rows of a collection, page by page."""
    found = offer(collection)
    asked = parse_items(request.args, found)
    response = _as_asked(items.page_of(found, asked), "items", mimetype=GEOJSON, found=found)
    response.headers["Content-Crs"] = f"<{asked.crs}>"
    return response


@blueprint.get("/collections/<collection>/items/<feature_id>")
def item(collection: str, feature_id: str) -> Response:
    """One row of a collection."""
    found = offer(collection)
    require_known(request.args, EVERYWHERE | {"crs"})
    crs = parse_crs(request.args, "crs", found)
    response = _as_asked(items.feature(found, feature_id, crs=crs), "item", mimetype=GEOJSON, found=found)
    response.headers["Content-Crs"] = f"<{crs}>"
    return response
