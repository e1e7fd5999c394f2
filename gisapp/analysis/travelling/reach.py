"""Families and facilities on a surface: which cell they start from, how far that is, and what they reach."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gisapp.analysis.checks import Complaints, as_number, refuse
from gisapp.analysis.friction import Surface
from gisapp.analysis.kernels.terrain import way_lengths
from gisapp.analysis.travelling.friction_grid import Grid, require_metres
from gisapp.analysis.travelling.slopes import SlopeRules
from gisapp.errors import CRSMismatchError

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
#: Points looked at together while snapping; times the cells around each they fill some megabytes.
_AT_ONCE = 512


@dataclass(frozen=True, kw_only=True)
class Snapping:
    """How far (metres, straight line) somebody on a barrier or beside the grid walks to the nearest cell, how fast."""

    within_m: float = 250.0
    walking_kmh: float = 5.0
    source: str = "bawaan gisapp: dua sel 100 m (gisapp default); 5 km/jam: Weiss 2020"
    date: str = "2026-11-22"

    def __post_init__(self) -> None:
        """Refuse a distance or a speed that is none."""
        if not 0 <= as_number(self.within_m) <= 10_000:
            refuse(
                "snapping",
                f"within_m is {self.within_m}, not 0 to 10,000",
                f"within_m {self.within_m}, seharusnya 0 sampai 10.000",
            )
        if not 0 < as_number(self.walking_kmh) <= 20:
            refuse(
                "snapping",
                f"walking_kmh is {self.walking_kmh}, not above 0 and at most 20",
                f"walking_kmh {self.walking_kmh}, seharusnya di atas 0 dan paling banyak 20",
            )


@dataclass(frozen=True)
class Reach:
    """What families reach: ``families`` by row, ``minutes`` and ``nearest`` by cell, ``report`` (kind, count)."""

    families: pd.DataFrame
    minutes: Floats = field(repr=False)
    nearest: npt.NDArray[np.int32] = field(repr=False)
    report: pd.DataFrame = field(repr=False)


@dataclass(frozen=True)
class Placed:
    """Points on the grid: ``row`` and ``column`` (-1: none near enough), metres to it, whether the place is known."""

    index: pd.Index
    row: Longs
    column: Longs
    snapped_m: Floats
    known: npt.NDArray[np.bool_]
    name: str

    def on_grid(self) -> npt.NDArray[np.bool_]:
        """Whether the point has a cell."""
        held: npt.NDArray[np.bool_] = self.row >= 0
        return held

    def cells(self) -> Longs:
        """(k, 2) rows and columns of the points that have one."""
        held = self.on_grid()
        return np.column_stack([self.row[held], self.column[held]])

    def report(self, families: pd.DataFrame | None) -> pd.DataFrame:
        """Count who was snapped, stands too far from any cell, has no known place, or has no way (``families``)."""
        counts = {
            f"{self.name}_snapped": int((self.snapped_m > 0).sum()),
            f"{self.name}_beyond_snapping": int((self.known & ~self.on_grid()).sum()),
            f"{self.name}_unknown": int((~self.known).sum()),
        }
        if families is not None:
            counts[f"{self.name}_without_way"] = int(
                (self.on_grid() & (families["status"] == "unreachable").to_numpy()).sum()
            )
        return pd.DataFrame({"kind": list(counts), "count": list(counts.values())})


def placed(points: Any, surface: Surface, snap: Snapping, name: str) -> Placed:
    """Cell from which each point travels: its own, or the nearest that can be crossed within the distance."""
    places, index = _coordinates(points, surface.grid, name)
    known = np.asarray(np.isfinite(places).all(axis=1), dtype=bool)
    row, column = surface.grid.cells_of(places[:, 0], places[:, 1])
    crossable = np.isfinite(surface.minutes_per_metre)
    held = (row >= 0) & crossable[row, column]
    snapped = np.zeros(len(places))
    lost = np.flatnonzero(known & ~held)
    row[~held] = column[~held] = -1
    for at in range(0, len(lost), _AT_ONCE):
        some = lost[at : at + _AT_ONCE]
        row[some], column[some], snapped[some] = _nearest(places[some], crossable, surface.grid, snap.within_m)
    return Placed(index, row, column, snapped, known, name)


def place_facilities(facilities: Any, surface: Surface, snap: Snapping) -> Placed:
    """Cells of the facilities; refuses one without a position, and when none stands near a cell."""
    found = placed(facilities, surface, snap, "facilities")
    complaints = Complaints("facilities")
    if not len(found.index):
        complaints.add("there is none", "tidak ada satu pun")
    complaints.rows(~found.known, found.index, "no position (leave it out)", "tanpa posisi (keluarkan)")
    if len(found.index) and not found.on_grid().any():
        complaints.add(
            f"none stands within {snap.within_m:g} m of a cell that can be crossed",
            f"tidak ada yang berada dalam {snap.within_m:g} m dari sel yang dapat dilalui",
        )
    complaints.refuse()
    return found


def way_metres(
    families: Placed, surface: Surface, minutes: Floats, nearest: Any, slopes: SlopeRules, direction: str
) -> Floats:
    """Metres along the cheapest way from the cell of each family; NaN where there is none."""
    row, column = np.maximum(families.row, 0), np.maximum(families.column, 0)
    reached = families.on_grid() & np.isfinite(minutes[row, column])
    cells = row * minutes.shape[1] + column
    length = np.full(minutes.shape, np.nan)
    height = np.empty((0, 0)) if surface.elevation is None else surface.elevation
    uphill = 1.0 if direction == "to_source" else -1.0
    way_lengths(
        np.unique(cells[reached]), surface.minutes_per_metre, minutes, nearest, height, surface.rule,
        uphill * surface.grid.cell_size_m, (slopes.steepness, slopes.easiest, slopes.wheels_limit), length,
    )  # fmt: skip
    return np.where(reached, length[row, column], np.nan)


def families_frame(
    families: Placed, sources: Placed, minutes: Floats, nearest: Any, way: Floats, snap: Snapping
) -> pd.DataFrame:
    """Status, minutes, metres and facility of each family; the walk to the first cell and from the last one counts."""
    row, column = np.maximum(families.row, 0), np.maximum(families.column, 0)
    reached = families.on_grid() & np.isfinite(minutes[row, column])
    source = np.where(reached, nearest[row, column], 0)
    walked = np.where(reached, families.snapped_m + sources.snapped_m[source], 0.0)
    taken = np.where(reached, minutes[row, column] + walked * 0.06 / snap.walking_kmh, np.inf)
    status = np.where(families.known, np.where(reached, "reached", "unreachable"), "unknown")
    facility = pd.Series(sources.index.take(source), index=families.index).astype(object).where(reached, pd.NA)
    return pd.DataFrame(
        {
            "status": status,
            "travel_time_min": np.where(families.known, taken, np.nan),
            "distance_m": np.where(reached, way + walked, np.nan),
            "facility": facility,
            "snapped_m": np.where(families.on_grid(), families.snapped_m, np.nan),
        },
        index=families.index,
    )


def _coordinates(points: Any, grid: Grid, name: str) -> tuple[Floats, pd.Index]:
    if isinstance(points, gpd.GeoDataFrame | gpd.GeoSeries):
        if points.crs is None or points.crs != require_metres(grid.crs):
            raise CRSMismatchError(
                f"{name}: the layer is not in the coordinate reference system of the surface; reproject it first.",
                f"{name}: lapisan tidak dalam sistem koordinat permukaan; proyeksikan ulang dahulu.",
            )
        shapes = np.asarray(points.geometry.array)
        dots = shapely.is_missing(shapes) | (shapely.get_type_id(shapes) == 0)
        complaints = Complaints(name)
        complaints.rows(~dots, points.index, "the shape is not a point", "bentuknya bukan titik")
        complaints.refuse()
        return np.c_[shapely.get_x(shapes), shapely.get_y(shapes)], points.index
    index = points.index if isinstance(points, pd.DataFrame) else None
    try:
        places = np.asarray(points, dtype=float)
    except (TypeError, ValueError):
        places = np.empty((1, 1))
    if places.size == 0:
        places = places.reshape(0, 2)
    if places.ndim != 2 or places.shape[1] != 2:
        refuse(name, "needs two columns, x and y in metres", "perlu dua kolom, x dan y dalam meter")
    return places, pd.RangeIndex(len(places)) if index is None else index


def _nearest(places: Floats, crossable: Any, grid: Grid, within_m: float) -> tuple[Longs, Longs, Floats]:
    """Cell whose centre is nearest to each place and within the distance; of equals the first by row and column."""
    around = int(np.ceil(within_m / grid.cell_size_m)) + 1
    down, right = (turn.ravel() for turn in np.mgrid[-around : around + 1, -around : around + 1])
    column = np.floor((places[:, 0] - grid.transform.c) / grid.transform.a).astype(np.int64)[:, None] + right
    row = np.floor((places[:, 1] - grid.transform.f) / grid.transform.e).astype(np.int64)[:, None] + down
    inside = (row >= 0) & (row < grid.shape[0]) & (column >= 0) & (column < grid.shape[1])
    usable = inside & crossable[np.where(inside, row, 0), np.where(inside, column, 0)]
    x, y = grid.centres(row, column)
    away = np.where(usable, np.hypot(x - places[:, :1], y - places[:, 1:]), np.inf)
    best = np.argmin(away, axis=1)
    each = np.arange(len(places))
    metres = away[each, best]
    near = metres <= within_m
    return np.where(near, row[each, best], -1), np.where(near, column[each, best], -1), np.where(near, metres, 0.0)
