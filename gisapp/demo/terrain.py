"""A made-up relief: hills in the south-west, coast in the north-east; and the land kept from settling."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gisapp.demo.profiles import stream

Array = npt.NDArray[np.float64]

_PEAK_M = 1400.0
_FOREST_FROM = 0.62
_ESTATES_PER_1000_KM2 = 4
_SETTLED_M = 1100.0


class Terrain:
    """Relative height 0..1 at any point (metres) of one district."""

    def __init__(self, bounds: tuple[float, float, float, float], *, seed: int) -> None:
        west, south, east, north = bounds
        self.origin = np.array([west, south])
        self.extent = np.array([east - west, north - south])
        rng = stream(seed, "terrain")
        self._waves = [
            (rng.uniform(0, 2 * np.pi), rng.uniform(0, 2 * np.pi), length, size)
            for length, size in ((0.5, 0.05), (0.21, 0.035), (0.09, 0.02), (0.04, 0.008))
        ]

    def height(self, x: Array, y: Array) -> Array:
        """Relative height, 0 at the coast to 1 on the highest ridge."""
        u = (x - self.origin[0]) / self.extent[0]
        v = (y - self.origin[1]) / self.extent[1]
        height = 1 - (u + v) / 2
        for angle, phase, length, size in self._waves:
            height = height + size * np.sin(2 * np.pi * (u * np.cos(angle) + v * np.sin(angle)) / length + phase)
        return np.asarray(np.clip(height, 0, 1))

    def elevation_m(self, x: Array, y: Array) -> Array:
        """Metres above the sea: flat near the coast, steep inland."""
        return np.asarray(_PEAK_M * np.clip(self.height(x, y) - 0.12, 0, 1) ** 2.2 / 0.88**2.2)


def forest(areas: gpd.GeoDataFrame, settlements: gpd.GeoDataFrame, terrain: Terrain) -> gpd.GeoDataFrame:
    """Forest land (kawasan hutan): the high part of the district, without a ring around every hamlet."""
    west, south, east, north = areas.total_bounds
    step = max((east - west), (north - south)) / 90
    x, y = np.meshgrid(np.arange(west, east + step, step), np.arange(south, north + step, step))
    high = terrain.height(x, y) > _FOREST_FROM
    squares = shapely.box(x[high] - step / 2, y[high] - step / 2, x[high] + step / 2, y[high] + step / 2)
    region = shapely.buffer(shapely.union_all(squares), 1.2 * step, quad_segs=2)
    region = shapely.simplify(shapely.buffer(region, -1.2 * step, quad_segs=2), 60)
    return _context(region, areas, settlements, "Kawasan Hutan Contoh", "hutan lindung (contoh)")


def estates(areas: gpd.GeoDataFrame, settlements: gpd.GeoDataFrame, terrain: Terrain, *, seed: int) -> gpd.GeoDataFrame:
    """Estate land (HGU): blobs in the middle heights, without a ring around every hamlet."""
    rng = stream(seed, "estates")
    outline = shapely.union_all(areas.geometry.to_numpy())
    count = max(2, round(_ESTATES_PER_1000_KM2 * outline.area / 1e9))
    x = terrain.origin[0] + terrain.extent[0] * rng.uniform(0, 1, 60 * count)
    y = terrain.origin[1] + terrain.extent[1] * rng.uniform(0, 1, 60 * count)
    height = terrain.height(x, y)
    fits = shapely.contains_xy(outline, x, y) & (height > 0.25) & (height < _FOREST_FROM - 0.05)
    reach = rng.uniform(0.35, 1.0, 60 * count) * np.sqrt(outline.area / count) * 0.32
    turn = np.linspace(0, 2 * np.pi, 33)[:-1]
    blobs = []
    for position in np.flatnonzero(fits)[:count]:
        radius = reach[position] * (1 + 0.18 * np.sin(2 * turn + position) + 0.12 * np.sin(3 * turn + 2 * position))
        around = np.column_stack([x[position] + radius * np.cos(turn), y[position] + radius * np.sin(turn)])
        blobs.append(shapely.Polygon(around))
    return _context(shapely.union_all(blobs), areas, settlements, "HGU Kebun Contoh", "hak guna usaha (contoh)")


def _context(
    region: shapely.Geometry, areas: gpd.GeoDataFrame, settlements: gpd.GeoDataFrame, name: str, status: str
) -> gpd.GeoDataFrame:
    outline = shapely.union_all(areas.geometry.to_numpy())
    settled = shapely.union_all(shapely.buffer(settlements.geometry.to_numpy(), _SETTLED_M, quad_segs=4))
    kept = shapely.difference(shapely.intersection(region, outline), settled)
    parts = [part for part in shapely.get_parts(kept) if part.geom_type == "Polygon" and part.area > 2e6]
    parts.sort(key=lambda part: (-part.area, part.bounds))
    frame = pd.DataFrame({"nama": [f"{name} {number}" for number in range(1, len(parts) + 1)], "status": status})
    return gpd.GeoDataFrame(frame, geometry=parts, crs=areas.crs)
