"""Minutes per metre of a mode and season: land cover, water and roads burnt over it, crossings, forbidden zones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.analysis.checks import refuse
from gisapp.analysis.travelling.friction_burn import Burnt, add_crossings, add_forbidden, add_roads, add_water
from gisapp.analysis.travelling.friction_grid import USUAL_NODATA, Grid, checked_heights, require_same_grid
from gisapp.analysis.travelling.friction_speeds import Speeds, Unknown, refuse_missing, speeds_for
from gisapp.errors import some

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Surface:
    """What one mode travels over in one season.

    ``minutes_per_metre`` (NaN: barrier), ``rule`` (0 slope does not count, 1 walked, 2 on wheels) and ``elevation``
    (metres, or None: level) lie on ``grid``. ``report`` has a row per finding: ``kind``, ``count``, ``detail``.
    """

    minutes_per_metre: Floats
    rule: npt.NDArray[np.uint8]
    elevation: Floats | None
    grid: Grid
    mode: str
    season: str
    report: pd.DataFrame = field(repr=False)


def friction_surface(
    land_cover: Any,
    grid: Grid,
    *,
    labels: Mapping[int, str],
    speeds: pd.DataFrame,
    mode: str,
    season: str,
    nodata: float | None = None,
    elevation: Any = None,
    roads: gpd.GeoDataFrame | None = None,
    water: gpd.GeoDataFrame | None = None,
    crossings: gpd.GeoDataFrame | None = None,
    forbidden: gpd.GeoDataFrame | None = None,
    crossing_reach_m: float = 60.0,
    unknown: Unknown = "refuse",
) -> Surface:
    """Time to cross each cell, for one mode and season; what is drawn later lies over what was drawn before.

    1. Land cover by class. 2. ``water`` (lines, polygons) by its speeds: barriers, except by boat; every cell that it
    touches, so that nobody slips through between two of them. 3. ``roads``, the fastest of a cell, every cell touched;
    not over water, unless the row says ``bridge``. 4. ``crossings`` open the water below them; the minutes of
    ``wait_min`` are spread over the metres of the crossing. 5. ``forbidden`` is a barrier.

    Parameters
    ----------
    land_cover
        Codes (whole numbers) on the grid; NaN and ``nodata`` are barriers and counted.
    labels
        Class of each code.
    speeds
        Table as ``friction_speeds.speeds_for`` takes it; a speed of 0 is a barrier.
    elevation
        Metres on the grid; a cell without height is a barrier and counted.
    roads, water, crossings
        Layers in the CRS of the grid with a column ``class``; roads may have ``bridge`` (true or false), crossings
        ``wait_min``. ``class`` of water may be absent: river.
    crossing_reach_m
        A crossing that is a point opens the water within this distance, metres (default of 2026-11-22, by gisapp: half
        of a river of 100 m and a cell).
    unknown
        Classes without a speed are refused, or become barriers and are counted.

    Raises
    ------
    InvalidInputError
        Classes without a speed (listed with counts), codes that are none, other sizes; CRSMismatchError for layers.
    """
    chosen = speeds_for(speeds, mode=mode, season=season)
    minutes, rule, found = _land(land_cover, grid, labels, chosen, nodata, unknown)
    burnt = Burnt(minutes, rule, grid, chosen, unknown, found)
    wet = add_water(burnt, water)
    add_roads(burnt, roads, wet)
    add_crossings(burnt, crossings, wet, crossing_reach_m)
    add_forbidden(burnt, forbidden)
    height = None
    if elevation is not None:
        height = checked_heights(elevation, grid)
        unknown_height = np.isnan(height) & np.isfinite(minutes)
        burnt.note("elevation_missing", int(unknown_height.sum()), "cells made barriers")
        minutes[unknown_height] = np.nan
    if not np.isfinite(minutes).any():
        refuse(
            "friction",
            "no cell of the grid can be crossed: no class of the land cover or of a road has a speed",
            "tidak ada sel yang dapat dilalui: tidak ada kelas tutupan lahan atau jalan yang punya kecepatan",
        )
    report = pd.DataFrame(burnt.found, columns=["kind", "count", "detail"])
    return Surface(minutes, rule, height, grid, mode, season, report[report["count"] > 0].reset_index(drop=True))


def _land(
    land_cover: Any, grid: Grid, labels: Mapping[int, str], speeds: Speeds, nodata: float | None, unknown: Unknown
) -> tuple[Floats, npt.NDArray[np.uint8], list[tuple[str, int, str]]]:
    require_same_grid(land_cover, grid, "land cover")
    codes = np.ma.filled(np.ma.asarray(land_cover, dtype=np.float64), np.nan)
    if nodata is not None:
        codes = np.where(codes == nodata, np.nan, codes)
    known, count = np.unique(codes[~np.isnan(codes)], return_counts=True)
    if not len(known):
        refuse("land cover", "every cell is nodata", "semua sel tanpa data")
    found = [("land_nodata", int(np.isnan(codes).sum()), "cells made barriers")]
    _check_codes(known, count, labels)
    names = [str(labels[int(code)]) for code in known]
    refuse_missing(speeds, "land", _summed(names, count), unknown)
    found += [("land_unknown", int(count[names.index(name)]), name) for name in speeds.missing("land", names)]
    minutes_of, rule_of = speeds.of("land", names)
    at = np.searchsorted(known, np.where(np.isnan(codes), known[0], codes))
    minutes = np.where(np.isnan(codes), np.nan, minutes_of[at])
    return minutes, rule_of[at], found


def _summed(names: list[str], count: npt.NDArray[np.int64]) -> dict[str, int]:
    return {name: int(sum(c for n, c in zip(names, count, strict=True) if n == name)) for name in names}


def _check_codes(known: Floats, count: npt.NDArray[np.int64], labels: Mapping[int, str]) -> None:
    """Refuse codes that are not whole or have no class; say of the usual ones that they look like nodata."""
    broken = known != np.floor(known)
    if broken.any():
        shown = some(f"{code:g} ({n:,})" for code, n in zip(known[broken], count[broken], strict=True))
        refuse(
            "land cover",
            f"codes are not whole numbers: {shown} (cells in brackets)",
            f"kode bukan bilangan bulat: {shown} (jumlah sel dalam kurung)",
        )
    strange = [(c, n) for c, n in zip(known.tolist(), count.tolist(), strict=True) if c not in labels]
    if not strange:
        return
    listed = ", ".join(f"{code:g} ({n:,})" for code, n in strange[:8]) + (", …" if len(strange) > 8 else "")
    usual = any(code in USUAL_NODATA or code < 0 for code, _ in strange)
    hint = "; negative ones and 255 look like nodata that was not declared: declare it" if usual else ""
    hint_id = "; yang negatif dan 255 mirip nodata yang tidak dinyatakan: nyatakan" if usual else ""
    refuse(
        "land cover",
        f"no class for code {listed} (cells in brackets): name its class{hint}",
        f"tidak ada kelas untuk kode {listed} (jumlah sel dalam kurung): sebutkan kelasnya{hint_id}",
    )
