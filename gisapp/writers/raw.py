"""Plain files in the formats that a district would bring: GeoJSON, CSV, GeoTIFF. Same input, same bytes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import orjson
import pandas as pd
import pyarrow as pa
import shapely
from affine import Affine
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from pyarrow import csv

from gisapp.settings import guard_gdal
from gisapp.writers.table import undated

_DECIMALS = 6


def write_geojson_layer(frame: gpd.GeoDataFrame, path: Path, *, name: str, source: str) -> None:
    """Write a layer as RFC 7946 GeoJSON in EPSG:4326 with six decimals; ``source`` stands in the collection."""
    geometry = shapely.transform(frame.to_crs(4326).geometry.to_numpy(), lambda xy: np.round(xy, _DECIMALS))
    geometry = shapely.orient_polygons(geometry)
    properties = frame.drop(columns=frame.geometry.name).to_dict("records")
    shapes = [shape.encode() for shape in shapely.to_geojson(geometry)]
    features = [
        {"type": "Feature", "properties": values, "geometry": orjson.Fragment(shape)}
        for values, shape in zip(properties, shapes, strict=True)
    ]
    collection: dict[str, Any] = {"type": "FeatureCollection", "name": name, "source": source, "features": features}
    path.write_bytes(orjson.dumps(collection, option=orjson.OPT_SERIALIZE_NUMPY) + b"\n")


def write_csv_rows(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as UTF-8 CSV with a header line; numbers stay bare, texts are quoted, missing values are empty."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    csv.write_csv(table.replace_schema_metadata(None), path)


def write_geotiff(
    values: npt.NDArray[Any],
    path: Path,
    *,
    west: float,
    north: float,
    cell_m: float,
    crs: str,
    nodata: float,
    tags: dict[str, str],
) -> None:
    """Write one band (rows from the north) as a compressed GeoTIFF with its tags."""
    guard_gdal()
    import rasterio

    profile = {
        "driver": "GTiff",
        "height": values.shape[0],
        "width": values.shape[1],
        "count": 1,
        "dtype": values.dtype.name,
        "crs": crs,
        "transform": Affine(cell_m, 0.0, west, 0.0, -cell_m, north),
        "nodata": nodata,
        "compress": "deflate",
        "tiled": True,
    }
    with rasterio.open(path, "w", **profile) as file:
        file.write(values, 1)
        file.update_tags(**tags)


def write_workbook_rows(
    path: Path, rows: list[list[Any]], *, title: str, groups: list[tuple[int, int, str]], widths: list[int]
) -> None:
    """Write one sheet as an office makes it: a merged title, merged groups of columns (first, last, text), the rows.

    Texts that begin with ``=`` become formulas, as they would under a person's hands. Same input, same bytes.
    """
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new workbook has a sheet
    sheet.title = "Data"
    across = max(len(rows[0]), 2)
    sheet.append([title])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=across)
    if groups:
        for first, last, text in groups:
            sheet.cell(2, first, text)
            if last > first:
                sheet.merge_cells(start_row=2, start_column=first, end_row=2, end_column=last)
    start = 3 if groups else 2
    for number, row in enumerate(rows, start):
        for place, value in enumerate(row, 1):
            if value != "":
                sheet.cell(number, place, value)
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    stream = io.BytesIO()
    book.save(stream)
    path.write_bytes(undated(stream.getvalue()))
