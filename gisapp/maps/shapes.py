"""Shapes for drawing: thinned together so that neighbours still touch, five decimals (about one metre), no figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import orjson
import shapely
from pyproj import Geod

DECIMALS = 5
#: Tolerances of thinning in degrees (about 22 to 440 m), tried until the shapes fit the budget of vertices.
TOLERANCES_DEG = (0.0002, 0.0004, 0.0008, 0.0016, 0.004)
VERTICES = 60_000


def thinned(shapes: np.ndarray, *, vertices: int = VERTICES) -> np.ndarray:
    """Thin polygons (WGS 84) as one coverage, so that a shared border stays shared, until they fit the budget."""
    present = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    result = shapes.copy()
    for tolerance in TOLERANCES_DEG:
        result[present] = _thinned_once(shapes[present], tolerance)
        if shapely.get_num_coordinates(result[present]).sum() <= vertices:
            break
    return result


def _thinned_once(shapes: np.ndarray, tolerance: float) -> np.ndarray:
    """Together where the shapes are a coverage; one by one where slivers of real boundaries make that fail."""
    try:
        return np.asarray(shapely.coverage_simplify(shapes, tolerance), dtype=object)
    except shapely.errors.GEOSException:
        return np.asarray(shapely.simplify(shapes, tolerance), dtype=object)


def thinned_lines(shapes: np.ndarray, *, vertices: int = VERTICES) -> np.ndarray:
    """Thin lines (WGS 84) one by one until they fit the budget of vertices."""
    result = shapes
    for tolerance in TOLERANCES_DEG:
        result = shapely.simplify(shapes, tolerance)
        if shapely.get_num_coordinates(result).sum() <= vertices:
            break
    return np.asarray(result, dtype=object)


def are_fine(pockets: gpd.GeoDataFrame) -> bool:
    """Whether pockets are made of cells or SLS, so that their outlines cross the desa; a run has one kind only."""
    return "unit" in pockets and bool(pockets["unit"].isin(["grid", "sls"]).any())


def together(members: np.ndarray, own: Any) -> Any:
    """Union of the drawn member areas, so that a pocket's outline lies on theirs; its own shape where none is known."""
    present = members[~shapely.is_missing(members)]
    return shapely.union_all(present) if len(present) else own


def feature_collection(
    shapes: np.ndarray, ids: Sequence[Any], properties: Sequence[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """JSON-ready GeoJSON of drawn shapes; rows without a shape are left out."""
    rounded = shapely.transform(shapely.force_2d(shapes), lambda xy: np.round(xy, DECIMALS))
    texts = shapely.to_geojson(rounded)
    rows = properties if properties is not None else [{} for _ in ids]
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "id": str(name), "geometry": orjson.loads(text), "properties": row}
            for name, text, row in zip(ids, texts, rows, strict=True)
            if text is not None
        ],
    }


def inside(shape: Any) -> list[float] | None:
    """[lat, lon] of a point inside the largest part of a shape; None where there is no shape."""
    if shape is None or shape.is_empty:
        return None
    parts = shapely.get_parts(shape)
    point = shapely.point_on_surface(parts[int(np.argmax(shapely.area(parts)))])
    return [round(point.y, DECIMALS), round(point.x, DECIMALS)]


def leaflet_bounds(frame: gpd.GeoDataFrame) -> list[list[float]] | None:
    """South-west and north-east corners as [[lat, lon], [lat, lon]]; None where nothing has a shape."""
    west, south, east, north = (round(float(value), DECIMALS) for value in frame.total_bounds)
    return [[south, west], [north, east]] if np.isfinite([west, south, east, north]).all() else None


def length_km(lines: gpd.GeoDataFrame) -> float:
    """Length on the ellipsoid, kilometres."""
    ellipsoid = Geod(ellps="WGS84")
    return float(sum(ellipsoid.geometry_length(shape) for shape in shapely.force_2d(lines.geometry.to_numpy()))) / 1000
