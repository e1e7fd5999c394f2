"""Lines and polygons drawn over a surface of minutes per metre, and what was found on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from rasterio.features import rasterize

from gisapp.analysis.checks import Complaints, as_number, as_numbers, refuse
from gisapp.analysis.crs import require_layer
from gisapp.analysis.travelling.friction_grid import Grid, require_metres
from gisapp.analysis.travelling.friction_speeds import Speeds, Unknown, class_names, refuse_missing
from gisapp.errors import CRSMismatchError

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass
class Burnt:
    """A surface while it is drawn; ``minutes`` and ``rule`` are changed in place, ``found`` grows."""

    minutes: Floats
    rule: npt.NDArray[np.uint8]
    grid: Grid
    speeds: Speeds
    unknown: Unknown
    found: list[tuple[str, int, str]]

    def note(self, kind: str, count: int, detail: str) -> None:
        """Add one line to the report."""
        self.found.append((kind, count, detail))

    def drawn(self, layer: gpd.GeoDataFrame | None, name: str) -> gpd.GeoDataFrame:
        """Rows of a layer that have a shape, in the CRS of the grid; the others are counted."""
        if layer is None:
            return gpd.GeoDataFrame({"class": []}, geometry=[])
        require_layer(layer)
        if layer.crs is None or require_metres(self.grid.crs) != layer.crs:
            raise CRSMismatchError(
                f"{name}: the layer is not in the coordinate reference system of the grid; reproject it first.",
                f"{name}: lapisan tidak dalam sistem koordinat kisi; proyeksikan ulang dahulu.",
            )
        shapes = np.asarray(layer.geometry.array)
        empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
        self.note(f"{name}_empty", int(empty.sum()), "rows without a shape")
        return layer[~empty]

    def classed(self, layer: gpd.GeoDataFrame, group: str, default: str | None = None) -> tuple[pd.Series, Floats, Any]:
        """Class, minutes per metre and rule of each row; classes without a speed are refused, or counted."""
        if "class" not in layer and default is None:
            refuse(group, "no column class", "tidak ada kolom class")
        names = class_names(layer["class"]) if "class" in layer else pd.Series(default, index=layer.index)
        counts = {str(name): int(n) for name, n in names.value_counts().items()}
        refuse_missing(self.speeds, group, counts, self.unknown)
        for name in self.speeds.missing(group, counts):
            self.note(f"{group}_unknown", counts[name], name)
        minutes, rule = self.speeds.of(group, names)
        return names, minutes, rule


def burn(shapes: Any, order: Any, grid: Grid) -> npt.NDArray[np.int32]:
    """Position of the shape drawn last in each cell (of those in ``order``), -1 where none: every cell touched."""
    drawn = [(shapes[row], int(row) + 1) for row in order]
    if not drawn:
        return np.full(grid.shape, -1, dtype=np.int32)
    found: npt.NDArray[np.int32] = rasterize(
        drawn, out_shape=grid.shape, transform=grid.transform, all_touched=True, dtype="int32", fill=0
    )
    return found - 1


def add_water(burnt: Burnt, water: gpd.GeoDataFrame | None) -> Bools:
    """Draw water, where two lie in one cell the slower; return the cells that nobody crosses without a crossing."""
    layer = burnt.drawn(water, "water")
    _, minutes, rule = burnt.classed(layer, "water", "river")
    # The barrier (NaN) sorts last and so is drawn last.
    at = burn(np.asarray(layer.geometry.array), np.argsort(minutes, kind="stable"), burnt.grid)
    _write(burnt, at >= 0, at, minutes, rule)
    return (at >= 0) & np.isnan(burnt.minutes)


def add_roads(burnt: Burnt, roads: gpd.GeoDataFrame | None, wet: Bools) -> None:
    """Draw roads, where two lie in one cell the faster; over water only those that are bridges."""
    layer = burnt.drawn(roads, "road")
    _, minutes, rule = burnt.classed(layer, "road", None if len(layer) else "")
    shapes = np.asarray(layer.geometry.array)
    over = np.zeros(len(layer), dtype=bool)
    if "bridge" in layer:
        over = layer["bridge"].astype("boolean").fillna(False).to_numpy(dtype=bool)
    # Faster means fewer minutes; a class closed to this mode (NaN) is not drawn: the ground below stays.
    open_rows = np.flatnonzero(~np.isnan(minutes))
    order = open_rows[np.argsort(-minutes[open_rows], kind="stable")]
    at = burn(shapes, order, burnt.grid)
    _write(burnt, (at >= 0) & ~wet, at, minutes, rule)
    blocked = (at >= 0) & wet
    at = burn(shapes, [row for row in order if over[row]], burnt.grid)
    _write(burnt, (at >= 0) & wet, at, minutes, rule)
    burnt.note("road_cells_under_water", int((blocked & (at < 0)).sum()), "roads end at water without a crossing")
    burnt.note("road_closed", int(np.isnan(minutes).sum()), "roads closed to this mode and season")


def add_crossings(burnt: Burnt, crossings: gpd.GeoDataFrame | None, wet: Bools, reach_m: float) -> None:
    """Open the water below bridges, fords and ferries; where two meet the faster."""
    if not 0 < as_number(reach_m) <= 10_000:
        refuse(
            "crossings",
            f"crossing_reach_m is {reach_m}, not from 0 to 10,000",
            f"crossing_reach_m {reach_m}, seharusnya 0 sampai 10.000",
        )
    layer = burnt.drawn(crossings, "crossing")
    _, minutes, rule = burnt.classed(layer, "crossing", None if len(layer) else "")
    shapes = np.asarray(layer.geometry.array)
    points = shapely.get_dimensions(shapes) == 0
    length = np.where(points, 2 * reach_m, np.maximum(shapely.length(shapes), burnt.grid.cell_size_m))
    shapes = np.where(points, shapely.buffer(shapes, reach_m), shapes)
    minutes = minutes + _waits(layer) / length
    open_rows = np.flatnonzero(~np.isnan(minutes))
    at = burn(shapes, open_rows[np.argsort(-minutes[open_rows], kind="stable")], burnt.grid)
    opened = (at >= 0) & wet
    _write(burnt, opened, at, minutes, rule)
    used = len(np.unique(at[opened]))
    burnt.note("crossing_closed", len(layer) - len(open_rows), "crossings closed to this mode and season")
    burnt.note("crossing_off_water", len(open_rows) - used, "crossings that open no water, or lie under a faster one")


def add_forbidden(burnt: Burnt, zones: gpd.GeoDataFrame | None) -> None:
    """Make every cell that a forbidden zone touches a barrier."""
    layer = burnt.drawn(zones, "forbidden")
    at = burn(np.asarray(layer.geometry.array), range(len(layer)), burnt.grid)
    burnt.note("forbidden_cells", int(((at >= 0) & np.isfinite(burnt.minutes)).sum()), "cells made barriers")
    burnt.minutes[at >= 0] = np.nan


def _write(burnt: Burnt, where: Bools, at: npt.NDArray[np.int32], minutes: Floats, rule: Any) -> None:
    burnt.minutes[where] = minutes[at[where]]
    burnt.rule[where] = rule[at[where]]


def _waits(layer: gpd.GeoDataFrame) -> Floats:
    if "wait_min" not in layer:
        return np.zeros(len(layer))
    complaints = Complaints("crossings")
    waits = np.nan_to_num(as_numbers(layer["wait_min"], complaints, "wait_min", allow_missing=True))
    complaints.rows(waits < 0, layer.index, "wait_min is negative", "wait_min negatif")
    complaints.refuse()
    return waits
