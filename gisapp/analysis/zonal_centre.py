"""Which cells have their centre in which area, and statistics of them: the rule of most raster tools."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from affine import Affine
from rasterio.enums import MergeAlg
from rasterio.features import rasterize

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


def centre_statistics(
    grid: Floats, bounds: tuple[float, float, float, float], shapes: Any, statistics: Sequence[str]
) -> pd.DataFrame:
    """One row per shape: statistics of the cells whose centre lies in it, each cell whole or not at all.

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
    zone, cell = _pairs(grid.shape, bounds, shapes)
    values = grid.ravel()[cell]
    held = ~np.isnan(values)
    zone, values = zone[held], values[held]
    count = np.bincount(zone, minlength=len(shapes)).astype(float)
    total = np.bincount(zone, weights=values, minlength=len(shapes))
    # By zone, then value: the first and the last of a zone are its least and its largest.
    order = np.lexsort((values, zone))
    zone, values = zone[order], values[order]
    found = pd.DataFrame(index=range(len(shapes)), columns=list(statistics), dtype=float)
    for name in found:
        if name in ("count", "sum", "mean"):
            sums = {"count": count, "sum": total, "mean": total / np.where(count > 0, count, np.nan)}
            found[name] = np.where((count > 0) | (name == "count"), sums[name], np.nan)
        else:
            here, chosen = _chosen(zone, values, name)
            found.loc[here, name] = chosen
    return found


def _chosen(zone: Longs, values: Floats, name: str) -> tuple[Longs, Floats]:
    """Zones with cells, and the least, largest or most frequent value of each; rows are sorted by zone and value."""
    if not len(zone):
        return zone, values
    new = np.r_[True, (zone[1:] != zone[:-1]) | ((values[1:] != values[:-1]) & (name == "majority"))]
    first = np.flatnonzero(new)
    last = np.r_[first[1:], len(zone)] - 1
    if name != "majority":
        return zone[first], values[first if name == "min" else last]
    # Runs of one value in one zone: the longest of a zone, and of equals the last (highest), comes to its end.
    order = np.lexsort((values[first], last - first, zone[first]))
    runs = first[order]
    ends = np.r_[zone[runs][1:] != zone[runs][:-1], True]
    return zone[runs][ends], values[runs][ends]


def _pairs(shape: tuple[int, ...], bounds: tuple[float, float, float, float], shapes: Any) -> tuple[Longs, Longs]:
    """Zone and cell of every cell whose centre lies in a zone: all at once, or zone by zone where zones overlap."""
    west, south, east, north = bounds
    transform = Affine((east - west) / shape[1], 0.0, west, 0.0, (south - north) / shape[0], north)
    drawn = {"out_shape": shape, "transform": transform, "fill": 0}
    often = rasterize([(each, 1) for each in shapes], merge_alg=MergeAlg.add, dtype="int32", **drawn)
    if often.max() <= 1:
        labels = rasterize([(each, row + 1) for row, each in enumerate(shapes)], dtype="int32", **drawn).ravel()
        cell = np.flatnonzero(labels)
        return labels[cell].astype(np.int64) - 1, cell
    parts = [_cells_of(each, shape, transform) for each in shapes]
    zone = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    return zone, np.concatenate(parts)


def _cells_of(area: Any, shape: tuple[int, ...], transform: Any) -> Longs:
    """Cells of one zone, drawn in its own box only."""
    west, south, east, north = shapely.bounds(area)
    first = max(0, int((west - transform.c) / transform.a))
    last = min(shape[1], int((east - transform.c) / transform.a) + 1)
    top = max(0, int((north - transform.f) / transform.e))
    bottom = min(shape[0], int((south - transform.f) / transform.e) + 1)
    if first >= last or top >= bottom:
        return np.empty(0, dtype=np.int64)
    left, upper = transform.c + first * transform.a, transform.f + top * transform.e
    corner = Affine(transform.a, 0.0, left, 0.0, transform.e, upper)
    inside = rasterize([area], out_shape=(bottom - top, last - first), transform=corner, dtype="uint8")
    row, column = np.nonzero(inside)
    cells: Longs = (row + top) * shape[1] + column + first
    return cells
