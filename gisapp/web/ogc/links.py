"""Links of OGC API documents: relation, media type, language, title and a whole address."""

from __future__ import annotations

from typing import Any, Final

from flask import request, url_for

from gisapp.web.language import current_language

JSON: Final = "application/json"
GEOJSON: Final = "application/geo+json"
HTML: Final = "text/html"
SCHEMA: Final = "application/schema+json"
OPENAPI: Final = "application/vnd.oai.openapi+json;version=3.0"
_OGC: Final = "http://www.opengis.net/def/rel/ogc/1.0/"
REL_SCHEMA: Final = f"{_OGC}schema"
REL_QUERYABLES: Final = f"{_OGC}queryables"
REL_CONFORMANCE: Final = f"{_OGC}conformance"
REL_DATA: Final = f"{_OGC}data"


def link(rel: str, kind: str, href: str, title: str) -> dict[str, str]:
    """One link; a title is in the reader's language, and so is a page."""
    return {"rel": rel, "type": kind, "hreflang": current_language(), "title": title, "href": href}


def address(endpoint: str, **values: Any) -> str:
    """Whole address of one of our resources (``ogc.`` is put before the name)."""
    return url_for(f"ogc.{endpoint}", **values, _external=True)


def here(**changes: Any) -> str:
    """Address of the resource that is asked for, with its parameters, some of them changed; None takes one away."""
    given: dict[str, Any] = {**request.args.to_dict(), **changes}
    values = {name: value for name, value in given.items() if value is not None}
    return url_for(request.endpoint or "", **(request.view_args or {}), **values, _external=True)


def self_and_page(kind: str, title: str) -> list[dict[str, str]]:
    """The resource itself as it was asked for, and as a page for people."""
    return [link("self", kind, request.url, title), link("alternate", HTML, here(f="html"), title)]
