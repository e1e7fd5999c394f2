"""Minutes from each family to the nearest facility of every service, over ground, roads and water as they are known."""

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

from gisapp.analysis.facilities.catchment import beyond_minutes
from gisapp.analysis.friction import Surface, friction_surface
from gisapp.analysis.roads.reach import UNKNOWN, detour_minutes
from gisapp.analysis.travel_time import reach
from gisapp.analysis.travelling.friction_grid import Grid
from gisapp.analysis.travelling.reach import Snapping, placed
from gisapp.analysis.travelling.slopes import SlopeRules
from gisapp.catalog.spec import LayerSpec
from gisapp.catalog.travel_speeds import TravelSpeeds, load_travel_speeds
from gisapp.columns import SERVICES
from gisapp.readers.raster_window import read_on_grid
from gisapp.targeting.load import District
from gisapp.workspace.folder import Workspace
from gisapp.workspace.settings import WorkspaceSettings

#: How the minutes came about: over a grid of ground and roads, or by straight line times a factor.
GRID, STRAIGHT_LINE = "grid", "straight_line"
#: Classes on foot or on rough ground: drawn across a river they say nothing of a bridge.
_NO_BRIDGE = ("setapak", "path", "track")
#: Class of road whose speed stands for a way that nobody knows.
_ORDINARY_ROAD = "unclassified"
_PREFIX = "travel_time_min_"


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

    def surface(self, mode: str) -> Surface:
        """Minutes per metre of one mode; ground whose class has no speed is a barrier, and counted."""
        return friction_surface(
            self.land_cover,
            self.grid,
            labels=self.table.land_cover | {code: f"kode {code}" for code in self._unnamed},
            speeds=self.table.speeds,
            mode=mode,
            season=self.season,
            elevation=self.elevation,
            roads=self.roads,
            water=self.rivers,
            unknown="barrier",
        )

    @cached_property
    def _unnamed(self) -> list[int]:
        codes = np.unique(self.land_cover[np.isfinite(self.land_cover)])
        return sorted({int(code) for code in codes} - set(self.table.land_cover))


@dataclass(frozen=True, kw_only=True)
class Ways:
    """How people of a district travel: over its ground where that is known, else by straight lines times a factor."""

    settings: WorkspaceSettings
    table: TravelSpeeds
    ground: Ground | None
    #: Each mode's surface, made once.
    surfaces: dict[str, Surface] = field(default_factory=dict)

    def over(self, service: str) -> Surface | None:
        """Surface of the mode by which people go to a service; None where no ground is known."""
        mode = self.settings.travel_modes[service]
        if self.ground is not None and mode not in self.surfaces:
            self.surfaces[mode] = self.ground.surface(mode)
        return self.surfaces.get(mode)

    @property
    def snapping(self) -> Snapping:
        """How far who stands beside the ground walks to it."""
        return Snapping(within_m=float(self.settings.travel_snap_m))

    def slopes(self, mode: str) -> SlopeRules:
        """What slopes do to a mode."""
        limit = self.table.slope_limit.get(mode)
        return SlopeRules() if limit is None else SlopeRules(wheels_limit=limit[0])

    def ordinary_kmh(self, service: str) -> float:
        """Speed on an unclassified road by the mode of a service: stands for a way that nobody knows."""
        speeds = self.table.speeds
        rows = speeds["group"].eq("road") & speeds["class"].eq(_ORDINARY_ROAD)
        rows &= speeds["mode"].eq(self.settings.travel_modes[service])
        return float(speeds.loc[rows & speeds["season"].eq(self.settings.travel_season), "speed_kmh"].iloc[0])


def ways_of(workspace: Workspace, district: District) -> Ways:
    """The ground of a workspace (a raster of kind land_cover), the dated speeds and the settings of travel."""
    table = load_travel_speeds()
    return Ways(settings=workspace.settings, table=table, ground=ground_of(workspace, district, table))


def travel_times(ways: Ways, district: District, facilities: pd.DataFrame) -> pd.DataFrame:
    """Columns ``travel_time_min_<service>``, aligned with the families; infinite without a way, NaN where not known.

    ``facilities`` has ``service``, ``x`` and ``y`` in metres. Whether over a grid or by straight line times
    ``detour_factor``, ``district.facts["travel"]`` says.
    """
    points = district.families[["x", "y"]].to_numpy(dtype=float)
    services = [name for name in SERVICES if name != "road" and facilities["service"].eq(name).any()]
    columns, told = {}, {}
    for service in services:
        places = facilities.loc[facilities["service"].eq(service), ["x", "y"]].to_numpy(dtype=float)
        surface = ways.over(service)
        found = (
            _by_straight_line(points, places, ways, service)
            if surface is None
            else _over(surface, points, places, ways)
        )
        columns[f"{_PREFIX}{service}"] = found["minutes"].to_numpy()
        counts = {str(status): int(n) for status, n in found["status"].value_counts().items()}
        told[service] = {"mode": ways.settings.travel_modes[service], **counts}
    district.facts["travel"] = _facts(ways, told)
    return pd.DataFrame(columns, index=district.families.index)


def ground_of(workspace: Workspace, district: District, table: TravelSpeeds) -> Ground | None:
    """The working grid over the desa, or None where no land cover was added."""
    land_cover = _first(workspace, "land_cover")
    if land_cover is None:
        return None
    settings = workspace.settings
    grid = _grid(district, settings.travel_cell_m)
    heights = _first(workspace, "elevation")
    return Ground(
        grid=grid,
        land_cover=_read(land_cover, grid, "nearest"),
        elevation=None if heights is None else _read(heights, grid, "bilinear"),
        table=table,
        roads=with_bridges(district.roads, settings.rivers_crossed_by),
        rivers=district.rivers.assign(**{"class": "river"}),
        season=settings.travel_season,
    )


def median_minutes(times: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
    """Median minutes per group, tenths; missing where half of the families or more have no way or are not known."""
    medians = times.groupby(by).median()
    return medians.where(np.isfinite(medians)).round(1)


def beyond_standards(times: pd.DataFrame, by: pd.Series, standards: Mapping[str, float]) -> pd.DataFrame:
    """Families beyond the minutes of each dated standard per group: how many, which share, of whom it is not known.

    Columns ``beyond_minutes_<service>``, ``beyond_minutes_share_<service>`` (of the families whose time is known) and
    ``minutes_unknown_share_<service>`` (of all); no way at all is beyond.
    """
    columns = {}
    for service, limit in sorted(standards.items()):
        if f"{_PREFIX}{service}" in times:
            found = beyond_minutes(times[f"{_PREFIX}{service}"], by, limit_min=limit)
            columns[f"beyond_minutes_{service}"] = found["beyond"].where(found["known"] > 0).astype("Int64")
            columns[f"beyond_minutes_share_{service}"] = found["share_beyond"]
            columns[f"minutes_unknown_share_{service}"] = found["share_unknown"]
    return pd.DataFrame(columns, index=times.groupby(by).size().index)


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


def with_bridges(roads: gpd.GeoDataFrame, crossed_by: str) -> gpd.GeoDataFrame:
    """Roads whose ``bridge`` is filled in where their layer does not say, as ``rivers_crossed_by`` has it."""
    taken = ~roads["class"].isin(_NO_BRIDGE) if crossed_by == "road" else pd.Series(False, index=roads.index)
    return roads.assign(bridge=roads["bridge"].astype("boolean").fillna(taken))


def _over(surface: Surface, points: Any, places: Any, ways: Ways) -> pd.DataFrame:
    if not placed(places, surface, ways.snapping, "facilities").on_grid().any():
        # Nobody can say how long the way is to places that stand where nothing is known of the ground.
        return pd.DataFrame({"minutes": np.nan, "status": "facilities_off_ground"}, index=range(len(points)))
    found = reach(points, places, surface, snapping=ways.snapping, slopes=ways.slopes(surface.mode))
    return found.families.rename(columns={"travel_time_min": "minutes"})


def _by_straight_line(points: Any, places: Any, ways: Ways, service: str) -> pd.DataFrame:
    speed, factor = ways.ordinary_kmh(service), ways.settings.detour_factor
    found = detour_minutes(points, places, speed_kmh=speed, detour_factor=factor)
    return found.replace({"status": {UNKNOWN: "unknown"}})  # the word of a grid, so that the manifest has one


def _facts(ways: Ways, told: dict[str, Any]) -> dict[str, Any]:
    """What the manifest says of the minutes: how they came about, and how many families have no way."""
    settings, ground = ways.settings, ways.ground
    source, date = settings.sources["standard_minutes"]
    facts: dict[str, Any] = {
        "basis": STRAIGHT_LINE if ground is None else GRID,
        "season": settings.travel_season,
        "services": told,
        "standards": {"minutes": dict(sorted(settings.standard_minutes.items())), "source": source, "date": date},
    }
    if ground is None:
        return facts | {"detour_factor": settings.detour_factor}
    reports = {
        mode: [dict(zip(("kind", "count", "detail"), row, strict=True))
               for row in one.report[["kind", "count", "detail"]].itertuples(index=False)]
        for mode, one in sorted(ways.surfaces.items())
    }  # fmt: skip
    return facts | {"cell_m": settings.travel_cell_m, "slope": ground.elevation is not None, "ground": reports}
