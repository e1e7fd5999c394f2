"""Minutes from each family to the nearest facility of every service, over ground, roads and water as they are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from gisapp.analysis.facilities.catchment import beyond_minutes
from gisapp.analysis.friction import Surface
from gisapp.analysis.roads.reach import UNKNOWN, detour_minutes
from gisapp.analysis.travel_time import reach
from gisapp.analysis.travelling.reach import Snapping, placed
from gisapp.analysis.travelling.slopes import SlopeRules
from gisapp.catalog.travel_speeds import TravelSpeeds, load_travel_speeds
from gisapp.columns import SERVICES
from gisapp.targeting.load import District
from gisapp.targeting.travel_ground import Ground, ground_of
from gisapp.workspace.folder import Workspace
from gisapp.workspace.settings import WorkspaceSettings

#: How the minutes came about: over a grid of ground and roads, or by straight line times a factor.
GRID, STRAIGHT_LINE = "grid", "straight_line"
#: Class of road whose speed stands for a way that nobody knows.
_ORDINARY_ROAD = "unclassified"
_PREFIX = "travel_time_min_"


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
    columns, told, off_ground = {}, {}, {}
    for service in services:
        places = facilities.loc[facilities["service"].eq(service), ["x", "y"]].to_numpy(dtype=float)
        surface = ways.over(service)
        if surface is None:
            found = _by_straight_line(points, places, ways, service)
        else:
            found, off_ground[service] = _over(surface, points, places, ways)
        columns[f"{_PREFIX}{service}"] = found["minutes"].to_numpy()
        counts = {str(status): int(n) for status, n in found["status"].value_counts().items()}
        told[service] = {"mode": ways.settings.travel_modes[service], **counts}
    district.facts["travel"] = _facts(ways, told, off_ground)
    district.warnings |= ground_warnings(ways.ground, off_ground)
    return pd.DataFrame(columns, index=district.families.index)


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


def _over(surface: Surface, points: Any, places: Any, ways: Ways) -> tuple[pd.DataFrame, dict[str, int]]:
    """Minutes and status of the families, and how many facilities and families stand too far from any ground."""
    sources = placed(places, surface, ways.snapping, "facilities")
    off = {"facilities": int((~sources.on_grid()).sum()), "of": len(places)}
    if off["facilities"] == off["of"]:
        # Nobody can say how long the way is to places that stand where nothing is known of the ground.
        unknown = pd.DataFrame({"minutes": np.nan, "status": "facilities_off_ground"}, index=range(len(points)))
        return unknown, off | {"families": 0}
    found = reach(points, places, surface, snapping=ways.snapping, slopes=ways.slopes(surface.mode))
    beside = found.report.set_index("kind")["count"]["points_beyond_snapping"]
    return found.families.rename(columns={"travel_time_min": "minutes"}), off | {"families": int(beside)}


def ground_warnings(ground: Ground | None, off_ground: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """What the minutes lack: cells without a class, facilities and families that stand on no ground."""
    if ground is None:
        return {}
    warnings = {
        "land_cover_unknown": sum(ground.without_class.values()),
        "facility_off_ground": sum(off["facilities"] for off in off_ground.values()),
        "family_off_ground": max((off["families"] for off in off_ground.values()), default=0),
    }
    return {code: count for code, count in warnings.items() if count}


def _by_straight_line(points: Any, places: Any, ways: Ways, service: str) -> pd.DataFrame:
    speed, factor = ways.ordinary_kmh(service), ways.settings.detour_factor
    found = detour_minutes(points, places, speed_kmh=speed, detour_factor=factor)
    return found.replace({"status": {UNKNOWN: "unknown"}})  # the word of a grid, so that the manifest has one


def _facts(ways: Ways, told: dict[str, Any], off_ground: dict[str, dict[str, int]]) -> dict[str, Any]:
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
    lost = {str(code): cells for code, cells in ground.without_class.items()}
    cover = {"layer": ground.layer, "cells": sum(ground.codes.values()), "without_class": lost}
    return facts | {
        "cell_m": settings.travel_cell_m,
        "slope": ground.elevation is not None,
        "ground": reports,
        "land_cover": cover,
        "off_ground": off_ground,
    }
