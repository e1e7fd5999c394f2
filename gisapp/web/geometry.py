"""Shapes for the page: thinned together so that neighbours still touch, rounded, without any figure."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import orjson
import shapely

#: Five decimals of a degree are about one metre.
DECIMALS = 5
#: Tolerance of thinning in degrees (about 45 m): below one pixel until the map is zoomed in to a village.
TOLERANCE_DEG = 0.0004


def thinned(frame: gpd.GeoDataFrame, *, tolerance: float = TOLERANCE_DEG) -> gpd.GeoDataFrame:
    """Thin polygons as one coverage: borders that two areas share stay shared."""
    shapes = np.asarray(frame.geometry.array)
    present = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    result = shapes.copy()
    if present.any():
        result[present] = shapely.coverage_simplify(shapes[present], tolerance)
    return frame.set_geometry(gpd.GeoSeries(result, index=frame.index, crs=frame.crs))


def rounded(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Round coordinates to the page's precision without changing topology."""
    return frame.set_geometry(frame.geometry.transform(lambda xy: np.round(xy, DECIMALS)))


def features(frame: gpd.GeoDataFrame, *, key: str, columns: list[str]) -> dict[str, Any]:
    """A GeoJSON document of the frame's rows: ids from ``key``, the named columns as properties."""
    shapes = shapely.to_geojson(np.asarray(rounded(frame).geometry.array))
    properties = frame[columns].astype(object).where(frame[columns].notna(), None).to_dict("records")
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "id": str(row_id), "properties": row, "geometry": orjson.loads(shape) if shape else None}
            for row_id, row, shape in zip(frame[key], properties, shapes, strict=True)
        ],
    }


def bounds(frame: gpd.GeoDataFrame) -> list[list[float]]:
    """South-west and north-east corners as Leaflet wants them: [[lat, lon], [lat, lon]]."""
    west, south, east, north = (float(value) for value in frame.total_bounds)
    return [[south, west], [north, east]]
