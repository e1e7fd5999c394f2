"""What the paths of the OpenAPI document share: parameters, responses, schemas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gisapp.web.language import texts
from gisapp.web.ogc.asked import DEFAULT_LIMIT, FILTER_LANGUAGES, LARGEST_LIMIT
from gisapp.web.planner.documents import FORMATS
from gisapp.web.texts import LANGUAGES


def parameters(crs: Sequence[str]) -> dict[str, Any]:
    """Parameters by name; ``crs`` are the coordinate systems that are offered."""
    t = texts()

    def query(name: str, schema: dict[str, Any]) -> dict[str, Any]:
        described = t(f"ogc_parameter_{name.replace('-', '_')}")
        more = {"style": "form", "explode": False}
        return {"name": name, "in": "query", "required": False, "description": described, "schema": schema, **more}

    system = {"type": "string", "enum": list(crs), "default": crs[0]}
    found: dict[str, dict[str, Any]] = {
        "limit": {"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT, "default": DEFAULT_LIMIT},
        "offset": {"type": "integer", "minimum": 0, "maximum": 999_999_999, "default": 0},
        "bbox": {"oneOf": [_numbers(4), _numbers(6)]},
        "bbox-crs": system,
        "crs": system,
        "datetime": {"type": "string"},
        "filter": {"type": "string"},
        "filter-lang": {"type": "string", "enum": list(FILTER_LANGUAGES), "default": FILTER_LANGUAGES[0]},
        "filter-crs": system,
        "f": {"type": "string", "enum": ["json", "html"]},
        "lang": {"type": "string", "enum": list(LANGUAGES)},
        "format": {"type": "string", "enum": list(FORMATS), "default": "geojson"},
        "area": {"type": "string"},
    }
    named = {name: query(name, schema) for name, schema in found.items()}
    named["f-json"] = query("f", {"type": "string", "enum": ["json"]})
    named["download-crs"] = query("crs", {"type": "string", "example": "EPSG:32647"})
    return named


def _numbers(count: int) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "number"}, "minItems": count, "maxItems": count}


def responses() -> dict[str, Any]:
    """Refusals, each as problem details (RFC 9457), and as a page where one is preferred."""
    t = texts()
    content = {
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
        "text/html": {"schema": {"type": "string"}},
    }
    return {
        name: {"description": t(f"ogc_answer_{name}"), "content": content} for name in ("400", "401", "404", "default")
    }


def _object(required: Sequence[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": properties}


def _several(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


def schemas() -> dict[str, Any]:
    """Schemas of the documents."""
    text, whole = {"type": "string"}, {"type": "integer", "minimum": 0}
    links = _several({"$ref": "#/components/schemas/Link"})
    feature = {
        "type": {"type": "string", "enum": ["Feature"]}, "id": text, "properties": {"type": "object"},
        "geometry": {"type": "object", "nullable": True, "required": ["type"], "properties": {"type": text}},
    }  # fmt: skip
    return {
        "Document": {"type": "object"},
        "Link": _object(("rel", "href"), rel=text, href=text, type=text, hreflang=text, title=text),
        "Landing": _object(("links",), title=text, description=text, attribution=text, links=links),
        "Conformance": _object(("conformsTo",), conformsTo=_several(text), links=links),
        "Collections": _object(
            ("links", "collections"), links=links, collections=_several({"$ref": "#/components/schemas/Collection"})
        ),
        "Collection": _object(
            ("id", "links", "extent", "crs"), id=text, title=text, description=text, links=links, crs=_several(text),
            storageCrs=text, itemType={"type": "string", "enum": ["feature"]}, extent={"type": "object"},
        ),
        "Feature": _object(("type", "id", "properties", "geometry"), **feature, links=links),
        "FeatureCollection": _object(
            ("type", "features", "links", "numberMatched", "numberReturned"),
            type={"type": "string", "enum": ["FeatureCollection"]}, links=links, numberMatched=whole,
            numberReturned=whole, features=_several({"$ref": "#/components/schemas/Feature"}),
        ),
        "Problem": _object(
            ("type", "title", "status", "detail", "code", "reference", "message_id", "message_en"),
            type=text, title=text, status={"type": "integer"}, detail=text, code=text, reference=text,
            message_id=text, message_en=text,
        ),
    }  # fmt: skip
