"""GeoJSON as RFC 7946 has it: WGS 84, no ``crs`` member, right-hand rings, six decimals, real ids, no NaN."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import geopandas as gpd
import numpy as np
import orjson
import shapely

from gisapp.writers.values import plain_columns

#: About 11 cm; more would pretend a precision that no boundary has.
DECIMALS = 6
WGS84 = "EPSG:4326"
_CHUNK = 2000


def rounded(geometry: np.ndarray, *, decimals: int = DECIMALS) -> np.ndarray:
    """Round coordinates (degrees), orient rings by the right-hand rule, and keep polygons valid.

    Rounding may fold a sliver onto itself; such a polygon is snapped by GEOS instead, which keeps it valid.
    Empty geometries become None.
    """
    flat = shapely.force_2d(geometry)
    result = shapely.transform(flat, lambda xy: np.round(xy, decimals))
    broken = shapely.is_valid(flat) & ~shapely.is_valid(result)
    if broken.any():
        snapped = shapely.set_precision(flat[broken], 10.0**-decimals)
        result[broken] = shapely.transform(snapped, lambda xy: np.round(xy, decimals))
    result = shapely.orient_polygons(result, exterior_cw=False)
    result[shapely.is_empty(result)] = None
    return np.asarray(result, dtype=object)


def _wgs84(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame if frame.crs is None or frame.crs == WGS84 else frame.to_crs(WGS84)


def _features(geometry: np.ndarray, ids: list[str], properties: Mapping[str, list[Any]]) -> Iterator[bytes]:
    names = list(properties)
    texts = shapely.to_geojson(geometry)
    for row, values in enumerate(zip(*properties.values(), strict=True)):
        shape = None if texts[row] is None else orjson.Fragment(texts[row])
        yield orjson.dumps(
            {"type": "Feature", "id": ids[row], "geometry": shape, "properties": dict(zip(names, values, strict=True))}
        )


def write_geojson(
    frame: gpd.GeoDataFrame,
    out: BinaryIO,
    *,
    collection: str,
    id_column: str,
    metadata: Mapping[str, Any] | None = None,
) -> None:
    """Stream a frame (any CRS) as one FeatureCollection; ``metadata`` is a foreign member, which RFC 7946 allows."""
    frame = _wgs84(frame)
    geometry = rounded(np.asarray(frame.geometry.array, dtype=object))
    head: dict[str, Any] = {"type": "FeatureCollection", "name": collection}
    if metadata:
        head["metadata"] = dict(metadata)
    bounds = shapely.total_bounds(geometry) if len(geometry) else np.array([np.nan])
    if np.isfinite(bounds).all():
        head["bbox"] = bounds.tolist()
    out.write(orjson.dumps(head)[:-1] + b',"features":[')
    columns = plain_columns(frame, collection)
    ids = [str(value) for value in columns[id_column]]
    for start in range(0, len(frame), _CHUNK):
        part = slice(start, start + _CHUNK)
        chunk = {name: values[part] for name, values in columns.items()}
        body = b",\n".join(_features(geometry[part], ids[part], chunk))
        out.write((b"\n" if start == 0 else b",\n") + body)
    out.write(b"\n]}\n")
