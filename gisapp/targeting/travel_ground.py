"""The ground of a district on which people travel: land cover, heights, roads and rivers on one working grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from affine import Affine

from gisapp.analysis.friction import Surface, friction_surface
from gisapp.analysis.travelling.friction_grid import Grid
from gisapp.catalog.spec import LayerSpec
from gisapp.catalog.travel_speeds import TravelSpeeds
from gisapp.readers.raster_codes import count_codes
from gisapp.readers.raster_window import read_on_grid
from gisapp.targeting.load import District
from gisapp.workspace.folder import Workspace
from gisapp.workspace.land_cover import code_classes, code_problems, without_class
from gisapp.workspace.usable import refuse_unusable

#: Classes on foot or on rough ground: drawn across a river they say nothing of a bridge.
_NO_BRIDGE = ("setapak", "path", "track")


@dataclass(frozen=True, kw_only=True)
class Ground:
    """The working grid of a district with its land cover and heights, on which any mode travels."""

    grid: Grid
    land_cover: Any
    elevation: Any
    table: TravelSpeeds
    roads: gpd.GeoDataFrame
    rivers: gpd.GeoDataFrame
    season: str
    #: Name of the layer of land cover, and what its ``[kind_map]`` says of its codes.
    layer: str = ""
    own: Mapping[str, str] = field(default_factory=dict)

    def surface(self, mode: str) -> Surface:
        """Minutes per metre of one mode; ground whose class has no speed is a barrier, and counted."""
        return friction_surface(
            self.land_cover,
            self.grid,
            labels=code_classes(self.table, self.own) | {code: f"kode {code}" for code in self._unnamed},
            speeds=self.table.speeds,
            mode=mode,
            season=self.season,
            elevation=self.elevation,
            roads=self.roads,
            water=self.rivers,
            unknown="barrier",
        )

    @cached_property
    def codes(self) -> dict[float, int]:
        """Cells of the grid of each code."""
        return count_codes(self.land_cover)

    @property
    def without_class(self) -> dict[int, int]:
        """Cells of the grid of each code whose class is not known or has no speed."""
        return without_class(self.codes, self.table, self.own)

    @property
    def _unnamed(self) -> list[int]:
        return sorted({int(code) for code in self.codes} - set(code_classes(self.table, self.own)))


def ground_of(workspace: Workspace, district: District, table: TravelSpeeds) -> Ground | None:
    """The working grid over the desa, or None where no land cover was added.

    Raises FileRefusedError (``land_cover_empty``, ``land_cover_codes``) where the land cover says nothing of the desa.
    """
    land_cover = _first(workspace, "land_cover")
    if land_cover is None:
        return None
    settings = workspace.settings
    grid = _grid(district, settings.travel_cell_m)
    heights = _first(workspace, "elevation")
    spec, path = land_cover
    cover = _read(land_cover, grid, "nearest")
    refuse_unusable(path, code_problems(count_codes(cover), table, name=spec.name, own=spec.kind_map))
    return Ground(
        layer=spec.name,
        own=spec.kind_map,
        grid=grid,
        land_cover=cover,
        elevation=None if heights is None else _read(heights, grid, "bilinear"),
        table=table,
        roads=with_bridges(district.roads, settings.rivers_crossed_by),
        rivers=district.rivers.assign(**{"class": "river"}),
        season=settings.travel_season,
    )


def with_bridges(roads: gpd.GeoDataFrame, crossed_by: str) -> gpd.GeoDataFrame:
    """Roads whose ``bridge`` is filled in where their layer does not say, as ``rivers_crossed_by`` has it."""
    taken = ~roads["class"].isin(_NO_BRIDGE) if crossed_by == "road" else pd.Series(False, index=roads.index)
    return roads.assign(bridge=roads["bridge"].astype("boolean").fillna(taken))


def _first(workspace: Workspace, kind: str) -> tuple[LayerSpec, Path] | None:
    found = [(spec, spec.data_path) for spec in workspace.catalog.rasters() if spec.kind == kind and spec.data_path]
    return found[0] if found else None


def _grid(district: District, cell_m: int) -> Grid:
    """Whole cells over the desa, their corners at multiples of the edge."""
    west, south, east, north = district.desa.total_bounds
    left, top = np.floor(west / cell_m) * cell_m, np.ceil(north / cell_m) * cell_m
    shape = (int(np.ceil((top - south) / cell_m)), int(np.ceil((east - left) / cell_m)))
    return Grid(Affine(cell_m, 0.0, left, 0.0, -cell_m, top), district.crs, shape)


def _read(layer: tuple[LayerSpec, Path], grid: Grid, resampling: str) -> Any:
    spec, path = layer
    return read_on_grid(
        path, transform=grid.transform, crs=str(grid.crs), shape=grid.shape, resampling=resampling,
        kind=spec.kind, source_crs=spec.crs,
    )  # fmt: skip
