"""Which cells have their centre in which area, and statistics of them: the rule of most raster tools."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from affine import Affine
from rasterio.features import rasterize

from gisapp.analysis.kernels.zones import tally

Floats = npt.NDArray[np.float64]
Zones = npt.NDArray[np.int32]


def centre_statistics(
    grid: Floats, bounds: tuple[float, float, float, float], shapes: Any, statistics: Sequence[str]
) -> Floats:
    """(shapes, statistics) of the cells whose centre lies in each shape, every cell whole or not at all.

    Parameters
    ----------
    grid
        Cells from north to south, NaN where there is none.
    bounds
        West, south, east and north of the grid.
    shapes
        Polygons, none missing or empty; where they overlap a cell counts in each.
    statistics
        Of mean, sum, count, min, max, majority (of equals the higher value).
    """
    west, south, east, north = bounds
    transform = Affine((east - west) / grid.shape[1], 0.0, west, 0.0, (south - north) / grid.shape[0], north)
    sums = np.tile([0.0, 0.0, np.inf, -np.inf], (len(shapes), 1))
    most = np.full(len(shapes), np.nan)
    for zone, values in _parts(np.ascontiguousarray(grid), transform, shapes):
        tally(zone, values, sums)
        if "majority" in statistics:
            _majority(zone, values, most)
    count, total, least, largest = sums.T
    held = np.where(count > 0, count, np.nan)
    known = {"count": count, "sum": total, "mean": total / held, "min": least, "max": largest, "majority": most}
    columns = [known[name] if name == "count" else np.where(count > 0, known[name], np.nan) for name in statistics]
    found: Floats = np.column_stack(columns)
    return found


def _majority(zone: Zones, values: Floats, found: Floats) -> None:
    """Write the most frequent value of each zone; of equals the highest."""
    held = (zone > 0) & ~np.isnan(values)
    row, value = zone[held].astype(np.int64) - 1, values[held]
    if not len(row):
        return
    order = np.lexsort((value, row))
    row, value = row[order], value[order]
    first = np.flatnonzero(np.r_[True, (row[1:] != row[:-1]) | (value[1:] != value[:-1])])
    length = np.diff(np.r_[first, len(row)])
    # The longest run of a zone, and of equals the highest value, comes to its end and is written last.
    run = first[np.lexsort((value[first], length, row[first]))]
    found[row[run]] = value[run]


def _parts(grid: Floats, transform: Affine, shapes: Any) -> Iterator[tuple[Zones, Floats]]:
    """Zone (row + 1, 0: none) and value of cells: all at once where zones fit together, else zone by zone."""
    if shapely.coverage_is_valid(shapes):
        drawn = [(shape, row + 1) for row, shape in enumerate(shapes)]
        labels = rasterize(drawn, out_shape=grid.shape, transform=transform, fill=0, dtype="int32")
        yield labels.ravel(), grid.ravel()
        return
    for row, shape in enumerate(shapes):
        west, south, east, north = shapely.bounds(shape)
        first = max(0, int((west - transform.c) / transform.a))
        last = min(grid.shape[1], int((east - transform.c) / transform.a) + 1)
        top = max(0, int((north - transform.f) / transform.e))
        bottom = min(grid.shape[0], int((south - transform.f) / transform.e) + 1)
        if first >= last or top >= bottom:
            continue
        left, upper = transform.c + first * transform.a, transform.f + top * transform.e
        corner = Affine(transform.a, 0.0, left, 0.0, transform.e, upper)
        box = (bottom - top, last - first)
        labels = rasterize([(shape, row + 1)], out_shape=box, transform=corner, fill=0, dtype="int32")
        yield labels.ravel(), grid[top:bottom, first:last].ravel()
