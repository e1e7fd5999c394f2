"""The API in OpenAPI 3.0.3, one literal path per collection, true to what the one who asks may see.

GDAL and QGIS read it: the limit of a page stands under ``components/parameters/limit`` and is referred to; each
column is a query parameter of its own, which really filters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gisapp import __version__
from gisapp.web.language import texts
from gisapp.web.ogc import openapi_parts as parts
from gisapp.web.ogc.links import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, address
from gisapp.web.ogc.offers import Offer, is_public, offers, reference_systems
from gisapp.web.ogc.schema import json_type, properties_in_openapi
from gisapp.web.planner.documents import FORMATS
from gisapp.web.source import district

_ITEM_PARAMETERS = (
    "limit", "offset", "bbox", "bbox-crs", "crs", "datetime", "filter", "filter-lang", "filter-crs", "f", "lang",
)  # fmt: skip


def document() -> dict[str, Any]:
    """The whole document."""
    t, found = texts(), district()
    served = offers()
    paths = {
        "/": _get(t("ogc_landing"), "landing", {JSON: "Landing", HTML: None}),
        "/conformance": _get(t("ogc_conformance"), "conformance", {JSON: "Conformance", HTML: None}),
        "/openapi.json": _get(t("ogc_openapi"), "openapi", {OPENAPI: "Document"}, parameters=("f-json", "lang")),
        "/collections": _get(t("ogc_collections"), "collections", {JSON: "Collections", HTML: None}),
    }
    for one in served:
        paths |= _paths(one)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": t("ogc_title", name=found.name), "version": __version__,
            "description": t("ogc_lead", period=found.period),
        },
        "servers": [{"url": address("landing").rstrip("/")}],
        "paths": paths,
        "components": {
            "parameters": parts.parameters(reference_systems(found)),
            "responses": parts.responses(),
            "schemas": parts.schemas() | {f"properties-{one.id}": properties_in_openapi(one) for one in served},
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "gisapp"}},
        },
    }  # fmt: skip


def _get(
    summary: str,
    operation: str,
    answers: dict[str, str | None],
    *,
    parameters: Sequence[str | dict[str, Any]] = ("f", "lang"),
    public: bool = True,
    refusals: Sequence[str] = ("400",),
    headers: Sequence[str] = (),
) -> dict[str, Any]:
    """One path with its GET; ``answers`` names the schema of each media type, None for a page or a file."""
    content = {
        kind: {"schema": {"$ref": f"#/components/schemas/{name}"} if name else {"type": "string"}}
        for kind, name in answers.items()
    }
    done: dict[str, Any] = {"description": summary, "content": content}
    if headers:
        done["headers"] = {name: {"schema": {"type": "string"}} for name in headers}
    refused = {code: {"$ref": f"#/components/responses/{code}"} for code in (*refusals, *(() if public else ("401",)))}
    listed = [{"$ref": f"#/components/parameters/{one}"} if isinstance(one, str) else one for one in parameters]
    return {
        "get": {
            "summary": summary,
            "operationId": operation,
            "parameters": listed,
            "security": [{}, {"session": []}] if public else [{"session": []}],
            "responses": {"200": done, **refused, "default": {"$ref": "#/components/responses/default"}},
        }
    }


def _paths(found: Offer) -> dict[str, Any]:
    t, name = texts(), found.id
    root, public = f"/collections/{name}", is_public(name)
    item = {"name": "featureId", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    return {
        root: _get(found.title, f"{name}.collection", {JSON: "Collection", HTML: None}, public=public),
        f"{root}/schema": _get(
            t("ogc_schema"), f"{name}.schema", {SCHEMA: "Document"}, parameters=("f-json", "lang"), public=public
        ),
        f"{root}/queryables": _get(
            t("ogc_queryables"), f"{name}.queryables", {SCHEMA: "Document"}, parameters=("f-json", "lang"),
            public=public,
        ),
        f"{root}/items": _with_schema(
            _get(
                found.title, f"{name}.items", {GEOJSON: None, HTML: None},
                parameters=(*_ITEM_PARAMETERS, *_columns(found)), public=public, headers=("Content-Crs",),
            ),
            {"$ref": "#/components/schemas/FeatureCollection"}, name,
        ),
        f"{root}/items/{{featureId}}": _with_schema(
            _get(
                found.title, f"{name}.item", {GEOJSON: None, HTML: None}, parameters=(item, "crs", "f", "lang"),
                public=public, refusals=("400", "404"), headers=("Content-Crs",),
            ),
            {"$ref": "#/components/schemas/Feature"}, name,
        ),
        f"{root}/download": _get(
            t("download"), f"{name}.download", dict.fromkeys(kind.partition(";")[0] for _, kind in FORMATS.values()),
            parameters=("format", "download-crs", "area", "lang"), public=public, refusals=("400", "404"),
        ),
    }  # fmt: skip


def _columns(found: Offer) -> list[dict[str, Any]]:
    """One parameter per column, as QGIS recognises what may be asked about; a value that no row has selects none."""
    return [
        {
            "name": name, "in": "query", "required": False, "style": "form", "explode": False,
            "description": texts().pick((column.id, column.en)), "schema": {"type": json_type(column)["type"]},
        }
        for name, column in found.fields.items()
    ]  # fmt: skip


def _with_schema(path: dict[str, Any], schema: dict[str, Any], collection: str) -> dict[str, Any]:
    """The path with the schema of its features: those of every collection, with this one's properties."""
    own = {"type": "object", "properties": {"properties": {"$ref": f"#/components/schemas/properties-{collection}"}}}
    many = schema["$ref"].endswith("FeatureCollection")
    inner = {"type": "object", "properties": {"features": {"type": "array", "items": own}}} if many else own
    path["get"]["responses"]["200"]["content"][GEOJSON]["schema"] = {"allOf": [schema, inner]}
    return path
