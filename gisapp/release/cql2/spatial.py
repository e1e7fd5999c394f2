"""Spatial functions of CQL2: a geometry of the filter against those of the rows, as simple features relate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from gisapp.release.cql2.refusals import refused
from gisapp.release.cql2.truth import Truth

#: Takes a geometry as the filter gives it, or four numbers of a box, to longitude and latitude.
ToDegrees = Callable[[BaseGeometry | tuple[float, ...]], BaseGeometry]

PREDICATES: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "s_intersects": shapely.intersects, "s_disjoint": shapely.disjoint, "s_equals": shapely.equals,
    "s_touches": shapely.touches, "s_crosses": shapely.crosses, "s_within": shapely.within,
    "s_contains": shapely.contains, "s_overlaps": shapely.overlaps,
}  # fmt: skip
_TYPES: Final = ("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon")


def as_given(found: BaseGeometry | tuple[float, ...]) -> BaseGeometry:
    """A geometry that is in longitude and latitude already."""
    return shapely.box(*found) if isinstance(found, tuple) else found


def relation(
    predicate: Callable[[Any, Any], Any], first: Any, second: Any, frame: gpd.GeoDataFrame, to_degrees: ToDegrees
) -> Truth:
    """Truth of a spatial predicate row by row; unknown where a row has no geometry."""
    left, right = (_operand(one, frame, to_degrees) for one in (first, second))
    for one in (left, right):
        if isinstance(one, BaseGeometry):
            shapely.prepare(one)
    missing = np.asarray(shapely.is_missing(left)) | np.asarray(shapely.is_missing(right))
    return Truth.of(predicate(left, right), missing, len(frame))


def _operand(node: Any, frame: gpd.GeoDataFrame, to_degrees: ToDegrees) -> Any:
    if isinstance(node, dict) and set(node) == {"property"}:
        if node["property"] != "geometry":
            raise refused("the property with a place is 'geometry'.", "properti yang memuat letak adalah 'geometry'.")
        return np.asarray(frame.geometry.array, dtype=object)
    if isinstance(node, dict) and set(node) == {"bbox"}:
        return to_degrees(_box(node["bbox"]))
    return to_degrees(_shape(node))


def _box(numbers: Any) -> tuple[float, ...]:
    plain = isinstance(numbers, list) and all(type(one) in (int, float) for one in numbers)
    if not plain or len(numbers) not in (4, 6):
        raise refused("a bbox has four or six numbers.", "bbox berisi empat atau enam bilangan.")
    return tuple(numbers if len(numbers) == 4 else (*numbers[:2], *numbers[3:5]))


def _shape(node: Any) -> BaseGeometry:
    try:
        found = shapely.force_2d(shape(node)) if isinstance(node, dict) and node.get("type") in _TYPES else None
        usable = found is not None and not found.is_empty and found.is_valid
    except (ShapelyError, AttributeError, KeyError, TypeError, ValueError, IndexError):
        usable = False
    if not usable:
        raise refused(
            "a geometry is a valid POINT, LINESTRING, POLYGON, their MULTI forms, or a BBOX.",
            "geometri berupa POINT, LINESTRING, POLYGON, bentuk MULTI-nya, atau BBOX, dan harus sah.",
        )
    return found
