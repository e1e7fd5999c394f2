"""Statistics of raster cells per area: by the covered share of each cell (exactextract), or by cell centres."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import exactextract
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from exactextract.feature import JSONFeatureSource
from exactextract.raster import NumPyRasterSource

from gisapp.analysis.checks import Complaints
from gisapp.analysis.zonal_centre import centre_statistics
from gisapp.errors import InvalidInputError

STATISTICS = {"mean": "mean", "sum": "sum", "count": "count", "min": "min", "max": "max", "majority": "mode"}


def zonal_statistics(
    values: Any,
    transform: Any,
    areas: gpd.GeoDataFrame,
    *,
    statistics: Sequence[str],
    nodata: float | None = None,
    rule: Literal["coverage", "centre"] = "coverage",
) -> pd.DataFrame:
    """One row per area, aligned with ``areas``; one column per statistic, weighted by the covered share of cells.

    Parameters
    ----------
    values
        Grid (rows × columns); NaN and infinite cells count as nodata too.
    transform
        affine.Affine of the grid in the CRS of ``areas``; the first row may be the northern or the southern one.
    areas
        Polygons and multipolygons; a missing or empty one has no cells.
    statistics
        Of mean, sum, count (covered cells), min, max, majority (largest covered area; of equals the higher value).
    nodata
        Value of cells without data, compared in the data type of ``values``: 0.1 is found in a grid of float32.
    rule
        ``centre`` counts a cell whole where its centre lies inside, as most raster tools do, and not at all elsewhere.

    An area without cells, or with only nodata, has count 0 and NA elsewhere.

    Raises
    ------
    InvalidInputError
        A grid that is not two-dimensional, rotated or mirrored; an unknown statistic; areas that are no polygons.
    """
    grid = _checked_grid(values, transform, statistics)
    if rule not in ("coverage", "centre"):
        raise InvalidInputError(
            f"rule {rule!r} is unknown: choose coverage or centre.",
            f"rule {rule!r} tidak dikenal: coverage atau centre.",
        )
    absent = ~np.isfinite(grid) if nodata is None else ~np.isfinite(grid) | _equals(values, nodata)
    grid = np.where(absent, np.nan, grid)
    west, first, (rows, columns) = transform.c, transform.f, grid.shape
    south, north = sorted((first, first + transform.e * rows))
    bounds = (west, south, west + transform.a * columns, north)
    grid = grid[::-1] if transform.e > 0 else grid
    shapes = areas.geometry.to_numpy()
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    _refuse_other_shapes(shapes, there, areas.index)
    drawn = np.flatnonzero(there)
    found = np.full((len(shapes), len(statistics)), np.nan)
    if len(drawn):
        by_rule = centre_statistics if rule == "centre" else _covered
        found[drawn] = by_rule(grid, bounds, shapes[drawn], list(statistics))
    result = pd.DataFrame(found, index=areas.index, columns=list(statistics))
    if "count" in result:
        result["count"] = result["count"].fillna(0.0)
    return result


def _equals(values: Any, nodata: float) -> Any:
    """Cells of this value, in the data type of the grid: -3.4028235e38 is the least float32, but no float64 of one."""
    cells = np.ma.getdata(values)
    if cells.dtype.kind != "f":
        return cells == nodata
    with np.errstate(over="ignore"):  # beyond the type: infinite, and infinite cells are without data anyway
        return cells == cells.dtype.type(nodata)


def _refuse_other_shapes(shapes: Any, there: Any, index: pd.Index) -> None:
    kinds = shapely.get_type_id(shapes)
    other = there & ~np.isin(kinds, (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    found = ", ".join(sorted({shape.geom_type for shape in shapes[other]}))
    complaints = Complaints("areas")
    complaints.rows(other, index, f"no polygon ({found})", f"bukan poligon ({found})")
    complaints.refuse()


def _covered(grid: Any, bounds: tuple[float, float, float, float], shapes: Any, statistics: list[str]) -> Any:
    """Statistics by the covered share of cells: one row per shape, NaN where no cell is covered."""
    west, south, east, north = bounds
    raster = NumPyRasterSource(grid, xmin=west, ymin=south, xmax=east, ymax=north)
    features = [
        {"type": "Feature", "properties": {"row": row}, "geometry": shape.__geo_interface__}
        for row, shape in enumerate(shapes)
    ]
    wanted = [f"{name}={STATISTICS[name]}" for name in dict.fromkeys([*statistics, "count"])]
    answers = exactextract.exact_extract(raster, JSONFeatureSource(features), wanted)
    rows = [[feature["properties"][name] for name in [*statistics, "count"]] for feature in answers]
    found = np.array(rows, dtype=float)
    return np.where((found[:, -1:] > 0), found[:, :-1], np.nan)


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
