"""The AccessMod demo from its files to minutes: without slope as scikit-image says, with slope by its direction."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from gisapp.analysis.friction import friction_surface
from gisapp.analysis.travel_time import reach
from gisapp.analysis.travelling.catchments import catchments, share_within
from gisapp.analysis.travelling.friction_grid import Grid
from gisapp.analysis.travelling.reach import Snapping
from gisapp.readers.raster import read_band
from gisapp.readers.raster_window import read_on_grid

pytestmark = pytest.mark.shared_data

#: The demo's table_model.xlsx, whose worksheet no reader of XLSX opens (numbers with leading blanks, a lost drawing).
MODEL = [
    ("land", 1, 2, "tobler"),
    ("land", 2, 15, "limit"),
    ("land", 3, 2, "tobler"),
    ("land", 4, 3, "tobler"),
    ("land", 5, 4, "tobler"),
    ("land", 6, 4, "tobler"),
    ("road", 1001, 80, "none"),
    ("road", 1002, 80, "none"),
    ("road", 1003, 60, "none"),
    ("road", 1004, 12, "limit"),
    ("road", 1005, 10, "limit"),
    ("water", "river", 0, "none"),
]
#: Printed by benchmarks/accessmod_oracle.py (scikit-image 0.26, its own drawing of lines; 2026-11-23).
ORACLE = {"crossable": 263173, "reached": 260798, "people": 103310, "people_reached": 100394}
MINUTES_OF_CELLS, MINUTES_OF_PEOPLE = 6877711.031714, 866102.513793
SHARES = [0.304559094, 0.971551641, 0.971687155]
STANDARDS = {"5 menit": 5, "30 menit": 30, "60 menit": 60}


@pytest.fixture(scope="module")
def demo(shared_data):
    """Grid, layers and people of the demo."""
    folder = shared_data / "rasters" / "accessmod_demo"
    band = read_band(folder / "land_cover.tif")
    grid = Grid(band.transform, band.crs, band.values.shape)
    speeds = pd.DataFrame(MODEL, columns=["group", "class", "speed_kmh", "slope"]).assign(
        mode="walking", season="dry", source="AccessMod demo, table_model.xlsx", date="2015"
    )
    layers = {name: gpd.read_file(folder / f"{name}.gpkg") for name in ("road", "barrier_river", "barrier_restricted")}
    height = read_on_grid(
        folder / "dem.tif", transform=grid.transform, crs=grid.crs, shape=grid.shape, resampling="bilinear"
    )
    people = read_band(folder / "population.tif", kind="population").values.astype(float)
    return {
        "land_cover": band.values,
        "grid": grid,
        "labels": {code: str(code) for code in range(1, 7)},
        "speeds": speeds,
        "roads": layers["road"].assign(bridge=True),
        "water": layers["barrier_river"],
        "forbidden": layers["barrier_restricted"],
    }, {
        "height": height,
        "people": people,
        "facilities": gpd.read_file(folder / "health_facilities.gpkg").set_index("name"),
    }


@pytest.fixture(scope="module")
def level(demo):
    """Surface and reach without slope; nobody is moved off a barrier, as in the oracle."""
    given, others = demo
    surface = friction_surface(**given, mode="walking", season="dry")
    return surface, reach(points(surface, others), others["facilities"], surface, snapping=Snapping(within_m=0))


def points(surface, others):
    rows, columns = np.nonzero(others["people"] > 0)
    return np.column_stack(surface.grid.centres(rows, columns))


def weight(others):
    return others["people"][others["people"] > 0]


def test_without_slope_minutes_are_those_of_scikit_image(level, demo):
    surface, found = level
    people = weight(demo[1])
    assert int(np.isfinite(surface.minutes_per_metre).sum()) == ORACLE["crossable"]
    reached = np.isfinite(found.minutes)
    assert int(reached.sum()) == ORACLE["reached"]
    assert found.minutes[reached].sum() == pytest.approx(MINUTES_OF_CELLS, rel=1e-9)
    families = found.families
    there = (families["status"] == "reached").to_numpy()
    assert (people.sum(), people[there].sum()) == (ORACLE["people"], ORACLE["people_reached"])
    assert (people * families["travel_time_min"])[there].sum() == pytest.approx(MINUTES_OF_PEOPLE, rel=1e-9)


def test_without_slope_the_shares_are_those_of_scikit_image(level, demo):
    share = share_within(level[1].families, STANDARDS, weight=weight(demo[1]))
    assert share["share_within"].tolist() == pytest.approx(SHARES, abs=1e-9)
    assert share["unreachable"].tolist() == [ORACLE["people"] - ORACLE["people_reached"]] * 3
    assert share["unknown"].tolist() == [0, 0, 0]


def test_metres_and_minutes_agree_with_the_speeds(level):
    families = level[1].families.query("status == 'reached' and travel_time_min > 0")
    speed = families["distance_m"] / 1000 / (families["travel_time_min"] / 60)
    assert speed.between(2 - 1e-9, 80 + 1e-9).all()


def test_catchments_cover_every_cell_that_is_reached(level, demo):
    surface, found = level
    zones = catchments(found.nearest, surface.grid, facilities=demo[1]["facilities"].index)
    assert set(zones["facility"]) <= set(demo[1]["facilities"].index)
    cell = surface.grid.cell_size_m**2 / 1e6
    assert zones["area_km2"].sum() == pytest.approx(ORACLE["reached"] * cell, rel=1e-6)


def test_families_on_a_barrier_walk_to_the_nearest_cell(level, demo):
    surface, found = level
    moved = reach(points(surface, demo[1]), demo[1]["facilities"], surface).families
    before = found.families["status"]
    assert (moved["status"] == "reached").sum() > (before == "reached").sum()
    assert (moved.loc[before == "reached", "snapped_m"] == 0).all()
    assert moved["snapped_m"].max() <= Snapping().within_m


def test_with_slope_ways_take_longer_and_direction_matters(level, demo):
    surface, _ = level
    given = {**demo[0], "mode": "walking", "season": "dry", "elevation": demo[1]["height"]}
    steep = friction_surface(**given)
    assert dict(zip(steep.report["kind"], steep.report["count"], strict=True))["elevation_missing"] == 23
    level_again = replace(steep, elevation=None)
    here, facilities = points(surface, demo[1]), demo[1]["facilities"]
    stay = Snapping(within_m=0)
    there = reach(here, facilities, steep, snapping=stay).families
    back = reach(here, facilities, steep, snapping=stay, direction="from_source").families
    flat = reach(here, facilities, level_again, snapping=stay).families
    walked = flat["travel_time_min"].between(1, 1e6)
    # Most people of the demo live where they ride; slopes lengthen the way of those who walk.
    longer = there.loc[walked, "travel_time_min"] / flat.loc[walked, "travel_time_min"]
    assert (longer > 1.01).mean() > 0.1
    assert (longer < 0.99).mean() < (longer > 1.01).mean()
    assert not np.allclose(there.loc[walked, "travel_time_min"], back.loc[walked, "travel_time_min"], rtol=1e-3)
    shares = share_within(there, STANDARDS, weight=weight(demo[1]))["share_within"]
    assert (shares <= np.add(SHARES, 1e-9)).all()
    assert shares.is_monotonic_increasing
    # The lowest factor of the hiking function bounds what a slope can save.
    assert (there["travel_time_min"] >= flat["travel_time_min"] * np.exp(-3.5 * 0.05) - 1e-9).all()
