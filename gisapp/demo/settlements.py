"""Hamlets: where people live inside each area."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from gisapp.demo.population import shared_out
from gisapp.demo.profiles import stream
from gisapp.demo.terrain import Terrain

Array = npt.NDArray[np.float64]

_FAMILIES_PER_HAMLET = 190
_MOST_HAMLETS = 9
_TRIALS = 80


def make_settlements(
    areas: gpd.GeoDataFrame, families: npt.NDArray[np.int64], terrain: Terrain, *, scale: float, seed: int
) -> gpd.GeoDataFrame:
    """One point per hamlet inside its area (CRS of ``areas``, metres): area (row), number, name, share, geometry.

    ``scale`` is the number of listed families over the profile's own, so that a small demo keeps its hamlets.
    ``share`` is the part of the area's families that lives there; the first hamlet of an area is its centre.
    """
    rng = stream(seed, "settlements")
    wanted = np.clip(np.round(families / max(scale, 1e-9) / _FAMILIES_PER_HAMLET), 2, _MOST_HAMLETS).astype(int)
    rows: list[tuple[int, int, str, float]] = []
    points: list[Array] = []
    for row, (geometry, name) in enumerate(zip(areas.geometry, areas["name"], strict=True)):
        inside = _hamlets(geometry, int(wanted[row]), terrain, rng)
        share = shared_out(1000, 1 / np.arange(1.5, len(inside) + 1.5)) / 1000
        rows += [(row, n + 1, f"Dusun {n + 1} {name}", float(share[n])) for n in range(len(inside))]
        points.append(inside)
    x, y = np.concatenate(points).T
    columns = dict(zip(("area", "number", "name", "share"), zip(*rows, strict=True), strict=True))
    return gpd.GeoDataFrame(columns, geometry=shapely.points(x, y), crs=areas.crs)


def scatter(
    x: Array,
    y: Array,
    area: npt.NDArray[np.int64],
    polygons: npt.NDArray[np.object_],
    *,
    sd_m: float,
    rng: np.random.Generator,
) -> tuple[Array, Array]:
    """Points moved by a normal offset, drawn back towards the start until each lies inside its area again."""
    dx, dy = rng.normal(0, sd_m, len(x)), rng.normal(0, sd_m, len(x))
    pending = np.arange(len(x))
    shrink = np.ones(len(x))
    for _ in range(10):
        if not len(pending):
            break
        moved_x = x[pending] + dx[pending] * shrink[pending]
        moved_y = y[pending] + dy[pending] * shrink[pending]
        inside = _contained(moved_x, moved_y, area[pending], polygons)
        pending = pending[~inside]
        shrink[pending] *= 0.45
    return x + dx * shrink, y + dy * shrink


def _contained(
    x: Array, y: Array, area: npt.NDArray[np.int64], polygons: npt.NDArray[np.object_]
) -> npt.NDArray[np.bool_]:
    order = np.argsort(area, kind="stable")
    present, first = np.unique(area[order], return_index=True)
    inside = np.zeros(len(x), dtype=bool)
    for number, rows in zip(present, np.split(order, first[1:]), strict=True):
        shapely.prepare(polygons[number])
        inside[rows] = shapely.contains_xy(polygons[number], x[rows], y[rows])
    return inside


def _hamlets(geometry: shapely.Geometry, wanted: int, terrain: Terrain, rng: np.random.Generator) -> Array:
    """A centre on low land well inside, and hamlets clustered around it."""
    shapely.prepare(geometry)
    west, south, east, north = geometry.bounds
    trial = np.column_stack([rng.uniform(west, east, _TRIALS), rng.uniform(south, north, _TRIALS)])
    around = rng.normal(0, 0.3 * np.sqrt(geometry.area), (3 * _TRIALS, 2))
    trial = trial[shapely.contains_xy(geometry, trial)]
    if not len(trial):
        point = shapely.point_on_surface(geometry)
        trial = np.array([[point.x, point.y]])
    depth = shapely.distance(shapely.boundary(geometry), shapely.points(trial)) / np.sqrt(geometry.area)
    centre = trial[int((depth - 0.6 * terrain.height(trial[:, 0], trial[:, 1])).argmax())]
    near = centre + around
    near = near[shapely.contains_xy(geometry, near)]
    kept = [centre]
    spacing = 0.13 * np.sqrt(geometry.area)
    for point in near:
        if len(kept) == wanted:
            break
        if np.hypot(*(np.array(kept) - point).T).min() > spacing:
            kept.append(point)
    return np.round(np.array(kept), 1)
