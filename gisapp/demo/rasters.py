"""Grids of people, land cover and height, on one lattice in metres."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from scipy.ndimage import gaussian_filter

from gisapp.demo.terrain import Terrain

Array = npt.NDArray[np.float64]

NODATA = -9999.0
_CELL_M = 250.0
_MOST_CELLS = 600

#: Classes of land cover: code -> Indonesian name (codes of ESA WorldCover v200, so that a palette fits both).
LAND_COVER = {10: "Hutan", 30: "Semak dan padang", 40: "Pertanian dan kebun", 50: "Permukiman", 80: "Air", 95: "Bakau"}


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Lattice of square cells from its north-western corner; ``x`` and ``y`` are cell centres, rows from the north."""

    west: float
    north: float
    cell_m: float
    x: Array
    y: Array
    inside: npt.NDArray[np.bool_]

    def position(self, x: Array, y: Array) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Row and column of points, clipped to the lattice."""
        row = np.clip(((self.north - y) // self.cell_m).astype(np.intp), 0, self.x.shape[0] - 1)
        column = np.clip(((x - self.west) // self.cell_m).astype(np.intp), 0, self.x.shape[1] - 1)
        return row, column


def make_grid(areas: gpd.GeoDataFrame) -> Grid:
    """Lattice over the areas: 250 m cells, larger where the district would need more than 600 on a side."""
    west, south, east, north = areas.total_bounds
    cell = max(_CELL_M, float(np.ceil(max(east - west, north - south) / (_MOST_CELLS - 2) / 50) * 50))
    left, top = np.floor(west / cell) * cell, np.ceil(north / cell) * cell
    x, y = np.meshgrid(
        np.arange(left + cell / 2, east + cell / 2, cell), np.arange(top - cell / 2, south - cell / 2, -cell)
    )
    outline = shapely.union_all(areas.geometry.to_numpy())
    shapely.prepare(outline)
    return Grid(west=float(left), north=float(top), cell_m=cell, x=x, y=y, inside=shapely.contains_xy(outline, x, y))


def elevation(grid: Grid, terrain: Terrain) -> npt.NDArray[np.float32]:
    """Metres above the sea; NODATA outside the district."""
    return np.where(grid.inside, np.round(terrain.elevation_m(grid.x, grid.y), 1), NODATA).astype(np.float32)


def people(grid: Grid, settlements: gpd.GeoDataFrame, persons: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """Persons per cell around the hamlets; sums to the population; NODATA outside the district."""
    at = grid.position(*shapely.get_coordinates(settlements.geometry.to_numpy()).T)
    weight = np.zeros(grid.x.shape)
    np.add.at(weight, at, persons[settlements["area"].to_numpy()] * settlements["share"].to_numpy())
    near = gaussian_filter(weight, 1.6, mode="constant") + 0.1 * gaussian_filter(weight, 7.0, mode="constant")
    near = np.where(grid.inside, near, 0.0)
    return np.where(grid.inside, near * (persons.sum() / near.sum()), NODATA).astype(np.float32)


def land_cover(
    grid: Grid, terrain: Terrain, density: npt.NDArray[np.float32], forest: gpd.GeoDataFrame, rivers: gpd.GeoDataFrame
) -> npt.NDArray[np.uint8]:
    """Classes of ``LAND_COVER``; 0 outside the district."""
    height = terrain.height(grid.x, grid.y)
    cover = np.full(grid.x.shape, 40, dtype=np.uint8)
    cover[(height > 0.5) & (density < 4)] = 30
    cover[(height < 0.10) & (density < 8)] = 95
    wooded = shapely.union_all(forest.geometry.to_numpy())
    shapely.prepare(wooded)
    cover[shapely.contains_xy(wooded, grid.x, grid.y)] = 10
    along = shapely.get_coordinates(shapely.segmentize(rivers.geometry.to_numpy(), grid.cell_m / 2))
    cover[grid.position(along[:, 0], along[:, 1])] = 80
    cover[density > 60 * (grid.cell_m / _CELL_M) ** 2 * _level(density)] = 50
    return np.where(grid.inside, cover, 0).astype(np.uint8)


def _level(density: npt.NDArray[np.float32]) -> float:
    """Mean persons per settled cell over 25, so that a scaled-down demo keeps its built-up land."""
    settled = density[density > 0]
    return float(settled.mean() / 10) if len(settled) else 1.0
