"""Statistics of raster cells per area, weighted by the share of each cell that lies inside (exactextract)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import exactextract
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from exactextract.feature import JSONFeatureSource
from exactextract.raster import NumPyRasterSource

from gisapp.errors import InvalidInputError

STATISTICS = {"mean": "mean", "sum": "sum", "count": "count", "min": "min", "max": "max", "majority": "mode"}


def zonal_statistics(
    values: Any, transform: Any, areas: gpd.GeoDataFrame, *, statistics: Sequence[str], nodata: float | None = None
) -> pd.DataFrame:
    """One row per area, aligned with ``areas``; one column per statistic, weighted by the covered share of cells.

    Parameters
    ----------
    values
        Grid (rows × columns); NaN counts as nodata too.
    transform
        affine.Affine of the grid in the CRS of ``areas``; the first row may be the northern or the southern one.
    statistics
        Of mean, sum, count (covered cells), min, max, majority (largest covered area; of equals the higher value).

    An area without cells, or with only nodata, has count 0 and NA elsewhere.

    Raises
    ------
    InvalidInputError
        A grid that is not two-dimensional, rotated or mirrored; an unknown statistic.
    """
    grid = _checked_grid(values, transform, statistics)
    if nodata is not None and not np.isnan(nodata):
        grid = np.where(grid == nodata, np.nan, grid)
    rows, columns = grid.shape
    west, first = transform.c, transform.f
    south, north = sorted((first, first + transform.e * rows))
    if transform.e > 0:
        grid = grid[::-1]
    raster = NumPyRasterSource(grid, xmin=west, ymin=south, xmax=west + transform.a * columns, ymax=north)
    shapes = areas.geometry.to_numpy()
    drawn = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    features = [
        {"type": "Feature", "properties": {"row": int(row)}, "geometry": shapes[row].__geo_interface__} for row in drawn
    ]
    result = pd.DataFrame(np.nan, index=areas.index, columns=list(statistics), dtype=float)
    if features:
        wanted = [f"{name}={STATISTICS[name]}" for name in dict.fromkeys([*statistics, "count"])]
        found = exactextract.exact_extract(raster, JSONFeatureSource(features), wanted)
        _fill(result, drawn, found)
    if "count" in result:
        result["count"] = result["count"].fillna(0.0)
    return result


def _fill(result: pd.DataFrame, rows: Any, found: list[dict[str, Any]]) -> None:
    for row, feature in zip(rows, found, strict=True):
        given = feature["properties"]
        for column in result.columns:
            value = given[column]
            usable = value is not None and (column == "count" or given["count"] > 0)
            result.iloc[row, result.columns.get_loc(column)] = float(value) if usable else np.nan


def _checked_grid(values: Any, transform: Any, statistics: Sequence[str]) -> Any:
    grid: Any = np.ma.filled(np.ma.asarray(values, dtype=float), np.nan)
    if grid.ndim != 2 or not grid.size:
        raise InvalidInputError(
            f"values must be a grid of rows × columns, not the shape {grid.shape}.",
            f"values harus kisi baris × kolom, bukan ukuran {grid.shape}.",
        )
    if transform.b or transform.d or transform.a <= 0 or not transform.e:
        raise InvalidInputError(
            "the grid is rotated or mirrored: warp it first.",
            "kisi diputar atau tercermin: luruskan dulu.",
        )
    unknown = [name for name in statistics if name not in STATISTICS]
    if unknown or not statistics:
        known = ", ".join(STATISTICS)
        raise InvalidInputError(
            f"unknown statistic {', '.join(unknown) or '(none given)'}: choose from {known}.",
            f"statistik tidak dikenal {', '.join(unknown) or '(kosong)'}: pilih dari {known}.",
        )
    return grid
