"""The documents around the items: landing page, conformance, collections."""

from __future__ import annotations

from typing import Any, Final

from flask import request

from gisapp.release.coordinates import CRS84
from gisapp.release.facts import registry_source
from gisapp.release.selecting import year_of
from gisapp.web.language import texts
from gisapp.web.ogc import links as to
from gisapp.web.ogc.links import address, link, self_and_page
from gisapp.web.ogc.offers import Offer, offers
from gisapp.web.planner.documents import FORMATS
from gisapp.web.source import District, district

_SPEC: Final = "http://www.opengis.net/spec/"
CONFORMANCE: Final = tuple(
    f"{_SPEC}{part}/conf/{name}"
    for part, names in (
        ("ogcapi-common-1/1.0", ("core", "landing-page", "json", "html", "oas30")),
        ("ogcapi-common-2/1.0", ("collections",)),
        ("ogcapi-features-1/1.0", ("core", "oas30", "geojson", "html")),
        ("ogcapi-features-2/1.0", ("crs",)),
        ("ogcapi-features-3/1.0", ("queryables", "queryables-query-parameters", "filter", "features-filter")),
        ("ogcapi-features-5/1.0", ("schemas", "core-roles-features")),
        (
            "cql2/1.0",
            (
                "cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison",
                "basic-spatial-functions", "basic-spatial-functions-plus", "spatial-functions", "property-property",
            ),
        ),
    )
    for name in names
)  # fmt: skip


def landing() -> dict[str, Any]:
    """Where everything begins: the API document, the conformance, the collections."""
    t, found = texts(), district()
    return {
        "title": t("ogc_title", name=found.name),
        "description": t("ogc_lead", period=found.period),
        "attribution": registry_source(found.run),
        "links": [
            *self_and_page(to.JSON, t("ogc_landing")),
            link("service-desc", to.OPENAPI, address("openapi_json"), t("ogc_openapi")),
            link("conformance", to.JSON, address("conformance"), t("ogc_conformance")),
            link(to.REL_CONFORMANCE, to.JSON, address("conformance"), t("ogc_conformance")),
            link("data", to.JSON, address("collections"), t("ogc_collections")),
            link(to.REL_DATA, to.JSON, address("collections"), t("ogc_collections")),
        ],
    }


def conformance() -> dict[str, Any]:
    """Conformance classes that hold here."""
    return {"links": self_and_page(to.JSON, texts()("ogc_conformance")), "conformsTo": list(CONFORMANCE)}


def collections() -> dict[str, Any]:
    """Every collection that the one who asks may see."""
    return {
        "links": self_and_page(to.JSON, texts()("ogc_collections")),
        "collections": [collection(found) for found in offers()],
    }


def collection(found: Offer) -> dict[str, Any]:
    """One collection: what it is, where and when, in which coordinates, and the ways to its rows."""
    return {
        "id": found.id,
        "title": found.title,
        "description": found.description,
        "attribution": registry_source(found.district.run),
        "itemType": "feature",
        "extent": {
            "spatial": {"bbox": [found.bounds], "crs": CRS84},
            **_temporal(found.district),
        },
        "crs": list(found.crs),
        "storageCrs": CRS84,
        "links": _links(found),
    }


def _temporal(found: District) -> dict[str, Any]:
    year = year_of(found.period)
    if year is None:
        return {}
    interval = [f"{year[0].isoformat()}T00:00:00Z", f"{year[1].isoformat()}T23:59:59Z"]
    return {"temporal": {"interval": [interval], "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"}}


def _links(found: Offer) -> list[dict[str, str]]:
    t, name = texts(), found.id
    own = address("collection", collection=name)
    rel = "self" if request.endpoint == "ogc.collection" else "item"
    return [
        link(rel, to.JSON, own, found.title),
        link("alternate", to.HTML, address("collection", collection=name, f="html"), found.title),
        link("items", to.GEOJSON, address("items_page", collection=name), t("ogc_items")),
        link("items", to.HTML, address("items_page", collection=name, f="html"), t("ogc_items")),
        link(to.REL_SCHEMA, to.SCHEMA, address("schema_json", collection=name), t("ogc_schema")),
        link(to.REL_QUERYABLES, to.SCHEMA, address("queryables", collection=name), t("ogc_queryables")),
        *(
            link("enclosure", kind, address("download", collection=name, format=form), form)
            for form, (_, kind) in FORMATS.items()
        ),
    ]
