"""Minutes per metre of a mode and season: land, water, roads, crossings, zones, each over what was drawn before."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, box

from gisapp.analysis.friction import friction_surface
from gisapp.analysis.travel_time import reach
from gisapp.analysis.travelling.friction_grid import Grid, checked_heights, require_metres, require_same_grid
from gisapp.analysis.travelling.friction_speeds import speeds_for
from gisapp.errors import CRSMismatchError, InvalidInputError

NAN = float("nan")
CRS = "EPSG:32647"
AT = Affine(100, 0, 0, 0, -100, 300)
LABELS = {1: "field", 2: "forest", 3: "swamp"}

#: group, class, mode, season, km/h, slope.
TABLE = [
    ("land", "field", "walking", "dry", 6.0, "tobler"),
    ("land", "forest", "walking", "dry", 3.0, "tobler"),
    ("land", "swamp", "walking", "dry", 0.0, "tobler"),
    ("water", "river", "walking", "dry", 0.0, "none"),
    ("water", "brook", "walking", "dry", 1.0, "none"),
    ("road", "desa", "walking", "dry", 12.0, "tobler"),
    ("road", "kabupaten", "walking", "dry", 30.0, "none"),
    ("road", "tol", "walking", "dry", 0.0, "none"),
    ("crossing", "bridge", "walking", "dry", 6.0, "none"),
    ("crossing", "ferry", "walking", "dry", 6.0, "none"),
    ("crossing", "ford", "walking", "dry", 0.0, "none"),
    ("land", "field", "car", "wet", 3.0, "limit"),
]


def speeds(rows=TABLE):
    frame = pd.DataFrame(rows, columns=["group", "class", "mode", "season", "speed_kmh", "slope"])
    return frame.assign(source="a survey", date="2026-01-01")


def layer(*shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=CRS)


def made(codes, **given):
    codes = np.array(codes)
    held = {"labels": LABELS, "speeds": speeds(), "mode": "walking", "season": "dry", **given}
    return friction_surface(codes, Grid(AT, CRS, codes.shape), **held)


def kmh(surface):
    return np.round(0.06 / surface.minutes_per_metre, 6).tolist()


def report(surface):
    return dict(zip(surface.report["kind"], surface.report["count"].tolist(), strict=True))


FIELD = [[1, 1, 1], [1, 1, 1], [1, 1, 1]]
ROW = LineString([(0, 150), (300, 150)])
COLUMN = LineString([(150, 0), (150, 300)])


def test_land_cover_by_class_and_what_has_no_way():
    surface = made([[1, 2, 3], [1, 9, 1]], nodata=9)
    np.testing.assert_equal(kmh(surface), [[6, 3, NAN], [6, NAN, 6]])
    assert report(surface) == {"land_nodata": 1}
    assert surface.rule[0].tolist() == [1, 1, 1]
    assert (surface.mode, surface.season, surface.elevation) == ("walking", "dry", None)


def test_a_road_lies_over_land_and_the_faster_over_the_slower():
    roads = layer(ROW, COLUMN, **{"class": ["desa", "kabupaten"]})
    for rows in (roads, roads.iloc[::-1]):
        surface = made(FIELD, roads=rows)
        np.testing.assert_equal(kmh(surface), [[6, 30, 6], [12, 30, 12], [6, 30, 6]])
        assert surface.rule.tolist() == [[1, 0, 1], [1, 0, 1], [1, 0, 1]]


def test_a_road_closed_to_the_mode_leaves_the_ground_as_it_is():
    surface = made(FIELD, roads=layer(ROW, **{"class": ["tol"]}))
    assert kmh(surface) == [[6, 6, 6]] * 3
    assert report(surface) == {"road_closed": 1}


def test_a_river_is_a_barrier_that_a_slanting_line_leaves_no_gap_in():
    surface = made(np.ones((3, 3), dtype=int), water=layer(LineString([(0, 10), (290, 300)])))
    found = reach([(50, 250)], [(250, 50)], surface)
    assert found.families["status"].tolist() == ["unreachable"]


def test_a_road_over_a_river_is_cut_unless_it_is_a_bridge():
    roads = layer(ROW, **{"class": ["desa"]})
    river = layer(COLUMN)
    cut = made(FIELD, roads=roads, water=river)
    np.testing.assert_equal(kmh(cut), [[6, NAN, 6], [12, NAN, 12], [6, NAN, 6]])
    assert report(cut) == {"road_cells_under_water": 1}
    whole = made(FIELD, roads=roads.assign(bridge=[True]), water=river)
    np.testing.assert_equal(kmh(whole), [[6, NAN, 6], [12, 12, 12], [6, NAN, 6]])
    assert report(whole) == {}


def test_a_brook_slows_and_the_slower_of_two_waters_counts():
    water = layer(COLUMN, ROW, **{"class": ["river", "brook"]})
    for rows in (water, water.iloc[::-1]):
        np.testing.assert_equal(kmh(made(FIELD, water=rows)), [[6, NAN, 6], [1, NAN, 1], [6, NAN, 6]])


def test_a_bridge_point_opens_the_water_below_it_and_nothing_else():
    crossing = layer(Point(150, 150), Point(50, 250), **{"class": ["bridge", "bridge"]})
    surface = made([[2, 2, 2]] * 3, water=layer(COLUMN), crossings=crossing, crossing_reach_m=40.0)
    np.testing.assert_equal(kmh(surface), [[3, NAN, 3], [3, 6, 3], [3, NAN, 3]])
    assert report(surface) == {"crossing_off_water": 1}


def test_a_ferry_takes_its_waiting_time():
    ferry = layer(LineString([(100, 150), (200, 150)]), **{"class": ["ferry"], "wait_min": [30.0]})
    surface = made(FIELD, water=layer(COLUMN), crossings=ferry)
    found = reach([(50, 150)], [(250, 150)], surface)
    assert found.families["travel_time_min"].iloc[0] == pytest.approx(2 + 30)


def test_a_ford_that_is_closed_opens_nothing_and_is_counted():
    surface = made(FIELD, water=layer(COLUMN), crossings=layer(Point(150, 150), **{"class": ["ford"]}))
    assert np.isnan(surface.minutes_per_metre[1, 1])
    assert report(surface) == {"crossing_closed": 1}


def test_a_forbidden_zone_is_a_barrier_over_everything():
    surface = made(FIELD, roads=layer(ROW, **{"class": ["desa"]}), forbidden=layer(box(210, 110, 290, 190)))
    np.testing.assert_equal(kmh(surface)[1], [12, 12, NAN])
    assert report(surface) == {"forbidden_cells": 1}


def test_cells_without_height_are_barriers_and_counted():
    surface = made([[1, 1, 3]], elevation=[[5.0, NAN, NAN]])
    np.testing.assert_equal(kmh(surface), [[6, NAN, NAN]])
    assert report(surface) == {"elevation_missing": 1}


def test_rows_without_a_shape_are_counted():
    surface = made(FIELD, roads=layer(None, ROW, **{"class": ["desa", "desa"]}))
    assert report(surface) == {"road_empty": 1}


def test_mode_and_season_choose_the_speeds():
    surface = made([[1, 1]], mode="car", season="wet")
    assert kmh(surface) == [[3, 3]]
    assert surface.rule.tolist() == [[2, 2]]


@given(st.permutations(range(4)), st.integers(0, 2**32 - 1))
def test_the_order_of_rows_changes_nothing(order, seed):
    generator = np.random.default_rng(seed)
    ends = generator.uniform(0, 300, (4, 4))
    shapes = [LineString(end.reshape(2, 2)) for end in ends]
    roads = layer(*shapes, **{"class": ["desa", "kabupaten", "desa", "tol"]})
    codes = generator.integers(1, 3, (3, 3))
    first, second = made(codes, roads=roads), made(codes, roads=roads.iloc[list(order)])
    np.testing.assert_array_equal(first.minutes_per_metre, second.minutes_per_metre)
    np.testing.assert_array_equal(first.rule, second.rule)
    assert (first.minutes_per_metre <= made(codes).minutes_per_metre).all()


def test_roads_stay_connected_whatever_their_direction():
    slow = speeds([("land", "field", "walking", "dry", 0.001, "none"), ("road", "desa", "walking", "dry", 6.0, "none")])
    generator = np.random.default_rng(5)
    for _ in range(20):
        line = LineString(generator.uniform(0, 300, (3, 2)))
        surface = made(FIELD, speeds=slow, roads=layer(line, **{"class": ["desa"]}))
        ends = [line.coords[0], line.coords[-1]]
        minutes = reach(ends[:1], ends[1:], surface).families["travel_time_min"].iloc[0]
        assert minutes < 20


# Refusals.


def refused(*words, codes=FIELD, error=InvalidInputError, **given):
    with pytest.raises(error) as told:
        made(codes, **given)
    assert told.value.en != told.value.id
    for word in words:
        assert word in told.value.en


def test_a_code_without_class_is_listed_with_its_cells_and_undeclared_nodata_is_told():
    refused("7 (2)", codes=[[7, 7, 1]])
    refused("-9999 (1)", "nodata", codes=[[-9999, 1, 1]])
    refused("255 (1)", "nodata", codes=np.array([[255, 1, 1]], dtype=np.uint8))
    refused("1.5 (1)", codes=[[1.5, 1, 1]])


def test_a_class_without_a_speed_is_listed_or_made_a_barrier():
    some = speeds(TABLE[1:])
    refused("field (9)", "unknown=", speeds=some)
    surface = made([[1, 2]], speeds=some, unknown="barrier")
    np.testing.assert_equal(kmh(surface), [[NAN, 3]])
    assert report(surface) == {"land_unknown": 1}
    refused("setapak (1)", "road", roads=layer(ROW, **{"class": ["setapak"]}))
    refused("(none) (1)", roads=layer(ROW, **{"class": [None]}))
    surface = made(FIELD, roads=layer(ROW, **{"class": ["setapak"]}), unknown="barrier")
    assert kmh(surface) == [[6, 6, 6]] * 3
    assert report(surface) == {"road_unknown": 1, "road_closed": 1}


def test_nothing_to_cross_is_refused():
    refused("no cell", codes=[[3, 3]])
    refused("every cell", codes=[[9, 9]], nodata=9)


def test_layers_that_do_not_fit_are_refused():
    refused("road", error=CRSMismatchError, roads=layer(ROW, **{"class": ["desa"]}).to_crs(4326))
    refused("no column class", roads=layer(ROW))
    refused("wait_min is negative", crossings=layer(ROW, **{"class": ["ferry"], "wait_min": [-1.0]}))
    refused("crossing_reach_m", crossing_reach_m=0)
    refused("2 × 3", elevation=[[1.0, 2.0, 3.0]] * 2)
    refused("1 cells are no height", "declare it as nodata", elevation=[[1.0] * 3, [1.0] * 3, [1, 1, -9999.0]])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"speed_kmh": [-1.0]}, "row 0"),
        ({"speed_kmh": [NAN]}, "row 0"),
        ({"speed_kmh": [1000.0]}, "300"),
        ({"speed_kmh": ["cepat"]}, "not a number"),
        ({"source": [" "]}, "source is missing"),
        ({"date": [None]}, "date is missing"),
        ({"slope": ["steep"]}, "slope"),
        ({"mode": ["plane"]}, "no row for walking"),
    ],
    ids=str,
)
def test_a_table_of_speeds_that_says_nothing_is_refused(change, words):
    with pytest.raises(InvalidInputError, match=words):
        speeds_for(speeds(TABLE[:1]).assign(**change), mode="walking", season="dry")


def test_a_class_twice_and_a_column_less_are_refused():
    with pytest.raises(InvalidInputError, match="already"):
        speeds_for(speeds(TABLE[:1] * 2), mode="walking", season="dry")
    with pytest.raises(InvalidInputError, match="no column source"):
        speeds_for(speeds().drop(columns="source"), mode="walking", season="dry")
    with pytest.raises(InvalidInputError, match="no column group"):
        speeds_for(None, mode="walking", season="dry")


# The grid.


@pytest.mark.parametrize("crs", [None, "EPSG:4326", "EPSG:2225", "nonsense"], ids=str)
def test_a_raster_without_metres_is_refused(crs):
    with pytest.raises(CRSMismatchError, match="metres"):
        Grid(AT, crs, (3, 3))
    assert require_metres(CRS).to_epsg() == 32647


@pytest.mark.parametrize(
    ("transform", "shape", "words"),
    [
        (Affine(100, 1, 0, 0, -100, 0), (2, 2), "rotated"),
        (Affine(-100, 0, 0, 0, -100, 0), (2, 2), "mirrored"),
        (Affine(100, 0, 0, 0, -90, 0), (2, 2), "100 × 90"),
        (AT, (0, 2), "0 cells"),
        (AT, (100_000, 100_000), "larger cells"),
    ],
    ids=str,
)
def test_a_grid_that_distances_cannot_be_measured_on_is_refused(transform, shape, words):
    with pytest.raises(InvalidInputError, match=words):
        Grid(transform, CRS, shape)


def test_cells_of_points_and_back():
    grid = Grid(AT, CRS, (3, 3))
    row, column = grid.cells_of([0, 100, 300, 301, NAN], [300, 150, 0, 0, 0])
    assert row.tolist() == [0, 1, 2, -1, -1]
    assert column.tolist() == [0, 1, 2, -1, -1]
    assert [values.tolist() for values in grid.centres([0, 2], [1, 2])] == [[150, 250], [250, 50]]


def test_rasters_beside_the_grid_are_refused():
    grid = Grid(AT, CRS, (2, 2))
    require_same_grid(np.zeros((2, 2)), grid, "x", transform=AT, crs=CRS)
    with pytest.raises(InvalidInputError, match="30 m beside"):
        require_same_grid(np.zeros((2, 2)), grid, "x", transform=Affine(100, 0, 30, 0, -100, 300))
    with pytest.raises(CRSMismatchError):
        require_same_grid(np.zeros((2, 2)), grid, "x", crs="EPSG:32648")
    heights = checked_heights(np.ma.masked_equal([[1, 0], [3, 4]], 0), grid)
    assert np.isnan(heights[0, 1])
    assert np.isnan(checked_heights([[1, -9999], [3, 4]], grid, nodata=-9999)[0, 1])
