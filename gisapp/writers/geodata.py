"""GeoPackage, FlatGeobuf, GeoParquet and KML through GDAL and Arrow, with the same bytes for the same rows."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import shapely

from gisapp.errors import InvalidInputError
from gisapp.writers.geojson import DECIMALS, rounded
from gisapp.writers.values import PARTS, column, plain_columns

#: GeoPackage must hold a date of change; the run id says when and from what, so this one is fixed.
_FIXED_DATE = "2000-01-01T00:00:00.000Z"
_METRE_DECIMALS = 2
_turn = threading.Lock()

_DTYPES = {"text": "string", "integer": "Int64", "number": "float64", "ratio": "float64", "boolean": "boolean"}


@contextmanager
def _gdal_option(name: str, value: str) -> Iterator[None]:
    """Set an option of GDAL for one write; options belong to the whole process, so writes that need one take turns."""
    with _turn:
        before = pyogrio.get_gdal_config_option(name)
        pyogrio.set_gdal_config_options({name: value})
        try:
            yield
        finally:
            pyogrio.set_gdal_config_options({name: before})


def one_geometry_type(geometry: np.ndarray, collection: str) -> np.ndarray:
    """Return the geometries as one type: single points or lines stay, polygons become MultiPolygon.

    Raises InvalidInputError where points, lines and polygons are mixed, because GIS layers and Shapefiles hold one.
    """
    kinds = {shape.geom_type for shape in geometry if shape is not None}
    parts = [part for part, types in PARTS.items() if kinds & set(types)]
    if len(parts) > 1:
        names = ", ".join(parts)
        raise InvalidInputError(
            f"{collection} mixes {names}: export {collection}_{parts[0]} and the others one by one.",
            f"{collection} memuat campuran {names}: ekspor {collection}_{parts[0]} dan lainnya satu per satu.",
            code="mixed_geometry",
        )
    if parts == ["polygon"] or any(kind.startswith("Multi") for kind in kinds):
        wrap = {"point": shapely.multipoints, "line": shapely.multilinestrings, "polygon": shapely.multipolygons}[
            parts[0]
        ]
        singles = [s if s is None or s.geom_type.startswith("Multi") else wrap([s]) for s in geometry]
        return np.array(singles, dtype=object)
    return geometry


def prepared(frame: gpd.GeoDataFrame, *, collection: str, crs: str) -> gpd.GeoDataFrame:
    """Reproject, round (1e-6 degree or 1 cm), unify the geometry type, and give each column its declared type."""
    moved = frame.to_crs(crs) if frame.crs is not None and frame.crs != crs else frame
    decimals = DECIMALS if moved.crs is None or moved.crs.is_geographic else _METRE_DECIMALS
    geometry = rounded(np.asarray(moved.geometry.array, dtype=object), decimals=decimals)
    columns = {
        name: pd.array(values, dtype=_DTYPES[column(collection, name, frame[name]).kind])
        for name, values in plain_columns(frame, collection).items()
    }
    return gpd.GeoDataFrame(columns, geometry=one_geometry_type(geometry, collection), crs=crs)


def _texts(metadata: Mapping[str, Any]) -> dict[str, str]:
    return {key: json.dumps(value) if isinstance(value, bool) else str(value) for key, value in metadata.items()}


def _description(metadata: Mapping[str, Any]) -> str:
    return "; ".join(f"{key}={value}" for key, value in _texts(metadata).items())


def _geometry_type(frame: gpd.GeoDataFrame) -> str:
    kinds = frame.geometry.geom_type.dropna().unique()
    return str(kinds[0]) if len(kinds) else "Unknown"


def write_geopackage(frame: gpd.GeoDataFrame, path: Path, *, collection: str, metadata: Mapping[str, Any]) -> None:
    """Write a prepared frame as one GeoPackage layer; ``metadata`` goes to the layer's metadata and description."""
    with _gdal_option("OGR_CURRENT_DATE", _FIXED_DATE):
        pyogrio.write_dataframe(
            frame,
            path,
            driver="GPKG",
            layer=collection,
            use_arrow=True,
            geometry_type=_geometry_type(frame),
            layer_metadata=_texts(metadata),
            layer_options={"DESCRIPTION": _description(metadata), "IDENTIFIER": collection},
        )


def write_flatgeobuf(frame: gpd.GeoDataFrame, path: Path, *, collection: str, metadata: Mapping[str, Any]) -> None:
    """Write a prepared frame as FlatGeobuf; without a spatial index where a row has no geometry."""
    pyogrio.write_dataframe(
        frame,
        path,
        driver="FlatGeobuf",
        layer=collection,
        use_arrow=True,
        geometry_type=_geometry_type(frame),
        layer_options={
            "TITLE": collection,
            "DESCRIPTION": _description(metadata),
            "SPATIAL_INDEX": "NO" if frame.geometry.isna().any() or frame.empty else "YES",
        },
    )


def write_kml(
    frame: gpd.GeoDataFrame, path: Path, *, collection: str, metadata: Mapping[str, Any], name_column: str
) -> None:
    """Write a prepared WGS 84 frame as KML; a placemark is named by ``name_column``."""
    named = frame.assign(placemark=frame[name_column])
    for name in named.columns[named.dtypes == "Int64"]:
        named[name] = named[name].astype("float64")  # LIBKML writes 64-bit integers as text
    with _gdal_option("LIBKML_NAME_FIELD", "placemark"):
        pyogrio.write_dataframe(
            named,
            path,
            driver="LIBKML",
            layer=collection,
            geometry_type=_geometry_type(frame),
            layer_options={"NAME": collection, "DESCRIPTION": _description(metadata)},
        )


def write_parquet(frame: gpd.GeoDataFrame, path: Path, *, metadata: Mapping[str, Any]) -> None:
    """Write a prepared frame as GeoParquet 1.1 (WKB, covering bbox); ``metadata`` is JSON under the key ``gisapp``."""
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False, schema_version="1.1.0", write_covering_bbox=True)
    table = pq.read_table(buffer)
    kept = {**(table.schema.metadata or {}), b"gisapp": json.dumps(dict(metadata), sort_keys=True).encode()}
    pq.write_table(table.replace_schema_metadata(kept), path, compression="zstd")
