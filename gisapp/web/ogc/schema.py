"""What a row is made of: the schema of a collection (Part 5), what may be asked about (Part 3), and both in OpenAPI."""

from __future__ import annotations

from typing import Any, Final

from gisapp.columns import STATUSES, Column, Kind
from gisapp.web.language import texts
from gisapp.web.ogc.offers import Offer

_TYPES: Final[dict[Kind, str]] = {
    "text": "string", "integer": "integer", "number": "number", "ratio": "number", "boolean": "boolean",
}  # fmt: skip
#: Columns whose values are known beforehand.
_VALUES: Final = {"status": STATUSES, "level": ("desa", "kecamatan", "kabupaten")}


def json_type(column: Column) -> dict[str, Any]:
    """Type of a column's values, in JSON Schema and in OpenAPI 3.0 alike."""
    found: dict[str, Any] = {"type": _TYPES[column.kind]}
    if column.name in _VALUES:
        found["enum"] = list(_VALUES[column.name])
    return found


def document(found: Offer, *, address: str) -> dict[str, Any]:
    """JSON Schema of a collection: every column with its title, unit and role, and the geometry.

    Everything that is handed out may also be asked about, so the same document names the queryables.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "type": "object",
        "title": found.title,
        "description": found.description,
        "properties": {
            "geometry": {
                "title": texts()("ogc_geometry"),
                "format": found.geometry_format,
                "x-ogc-role": "primary-geometry",
                "x-ogc-propertySeq": 1,
            },
            **{
                name: _property(column, found.key, number)
                for number, (name, column) in enumerate(found.fields.items(), start=2)
            },
        },
        "additionalProperties": False,
    }


def _property(column: Column, key: str, number: int) -> dict[str, Any]:
    described = {"title": texts().pick((column.id, column.en)), **json_type(column), "x-ogc-propertySeq": number}
    if column.unit:
        described["x-ogc-unit"] = column.unit
    if column.name == key:
        described["x-ogc-role"] = "id"
    return described


def properties_in_openapi(found: Offer) -> dict[str, Any]:
    """Schema of a row's properties as OpenAPI 3.0 writes it: a withheld or absent value is null."""
    return {
        "type": "object",
        "required": list(found.fields),
        "properties": {name: _nullable(json_type(column)) for name, column in found.fields.items()},
        "additionalProperties": False,
    }


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    more = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, **more, "nullable": True}
