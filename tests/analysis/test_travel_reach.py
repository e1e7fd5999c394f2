"""Reach of families over a surface, catchments and shares: towns of a few cells, minutes done by hand."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point

from gisapp.analysis.friction import Surface
from gisapp.analysis.travel_time import least_cost, reach
from gisapp.analysis.travelling.catchments import catchments, share_within
from gisapp.analysis.travelling.friction_grid import Grid
from gisapp.analysis.travelling.reach import Snapping
from gisapp.errors import CRSMismatchError, InvalidInputError

NAN, INF = float("nan"), float("inf")
MOVES = [(r, c) for r in (-1, 0, 1) for c in (-1, 0, 1) if (r, c) != (0, 0)]
CRS = "EPSG:32647"
#: Half a kilometre of cells of 100 m, north up; 0.06 minutes a metre is 1 km/h.
AT = Affine(100, 0, 500_000, 0, -100, 400_000)


def surface(minutes, *, elevation=None, rule=None):
    found = np.array(minutes, dtype=float)
    rules = np.zeros(found.shape, dtype=np.uint8) if rule is None else np.array(rule, dtype=np.uint8)
    height = None if elevation is None else np.array(elevation, dtype=float)
    return Surface(found, rules, height, Grid(AT, CRS, found.shape), "walking", "dry", pd.DataFrame())


def cell(row, column):
    return 500_000 + 100 * column + 50, 400_000 - 100 * row - 50


def test_minutes_metres_and_facility_of_each_family():
    found = reach(
        pd.DataFrame([cell(0, 0), cell(0, 2), cell(0, 4)], columns=["x", "y"], index=["a", "b", "c"]),
        pd.DataFrame([cell(0, 4), cell(0, 0)], columns=["x", "y"], index=["SD 1", "SD 2"]),
        surface([[0.01, 0.01, 0.01, 0.03, 0.01]]),
    )
    assert found.families["status"].tolist() == ["reached"] * 3
    assert found.families["travel_time_min"].tolist() == pytest.approx([0, 2, 0])
    assert found.families["distance_m"].tolist() == pytest.approx([0, 200, 0])
    assert found.families["facility"].tolist() == ["SD 2", "SD 2", "SD 1"]
    assert found.families.index.tolist() == ["a", "b", "c"]
    assert found.nearest.tolist() == [[1, 1, 1, 0, 0]]


def test_an_island_is_unreachable_and_a_missing_place_is_unknown():
    points = [cell(0, 0), cell(0, 2), (NAN, 1.0), (400_000, 400_000)]
    found = reach(points, [cell(0, 0)], surface([[0.01, NAN, 0.01]]), snapping=Snapping(within_m=0))
    assert found.families["status"].tolist() == ["reached", "unreachable", "unknown", "unreachable"]
    assert found.families["travel_time_min"].tolist()[1] == INF
    assert np.isnan(found.families["travel_time_min"].iloc[2])
    assert found.families["distance_m"].isna().tolist() == [False, True, True, True]
    assert found.families["facility"].isna().tolist() == [False, True, True, True]
    counts = dict(zip(found.report["kind"], found.report["count"], strict=True))
    assert counts == {
        "points_snapped": 0,
        "points_beyond_snapping": 1,
        "points_unknown": 1,
        "points_without_way": 1,
        "facilities_snapped": 0,
        "facilities_beyond_snapping": 0,
        "facilities_unknown": 0,
    }


def test_who_stands_on_a_barrier_walks_to_the_nearest_cell_and_that_counts():
    x, y = cell(0, 1)
    found = reach([(x - 10, y)], [cell(0, 0)], surface([[0.01, NAN, 0.01]]))
    row = found.families.iloc[0]
    assert row["snapped_m"] == pytest.approx(90)
    assert row["travel_time_min"] == pytest.approx(90 * 0.06 / 5)
    assert row["distance_m"] == pytest.approx(90)


def test_who_stands_beside_the_grid_walks_to_its_nearest_cell():
    x, y = cell(0, 0)
    found = reach([(x - 100, y), (x - 260, y)], [cell(0, 1)], surface([[0.01, 0.01]]))
    assert found.families["snapped_m"].iloc[0] == pytest.approx(100)
    assert found.families["status"].tolist() == ["reached", "unreachable"]


def test_a_facility_too_far_from_any_cell_is_counted_and_the_others_keep_their_rows():
    found = reach([cell(0, 0)], [(0.0, 0.0), cell(0, 1)], surface([[0.01, 0.01]]))
    assert found.families["facility"].tolist() == [1]
    assert found.nearest.tolist() == [[1, 1]]
    assert dict(zip(found.report["kind"], found.report["count"], strict=True))["facilities_beyond_snapping"] == 1


def test_a_facility_on_a_barrier_is_reached_on_foot_from_the_nearest_cell():
    found = reach([cell(0, 0)], [cell(0, 1)], surface([[0.01, NAN]]))
    assert found.families["travel_time_min"].iloc[0] == pytest.approx(100 * 0.06 / 5)


def test_metres_follow_the_way_that_is_quickest_not_the_shortest():
    ground = surface([[0.01, 1.0, 0.01], [0.01, 0.01, 0.01]])
    found = reach([cell(0, 2)], [cell(0, 0)], ground)
    assert found.families["distance_m"].iloc[0] == pytest.approx(200 * 2**0.5)


def test_slopes_count_where_the_surface_has_heights():
    ground = surface([[0.012, 0.012]], elevation=[[10.0, 0.0]], rule=[[1, 1]])
    up = reach([cell(0, 1)], [cell(0, 0)], ground).families
    down = reach([cell(0, 1)], [cell(0, 0)], ground, direction="from_source").families
    level = 100 * 0.012
    assert up["travel_time_min"].iloc[0] == pytest.approx(level * np.exp(3.5 * 0.1))
    assert down["travel_time_min"].iloc[0] == pytest.approx(level)
    assert up["distance_m"].iloc[0] == down["distance_m"].iloc[0] == pytest.approx(100)


@given(st.integers(0, 2**32 - 1))
def test_minutes_along_the_way_add_up_over_the_metres(seed):
    generator = np.random.default_rng(seed)
    even = np.full((6, 8), 0.02)
    even[generator.random((6, 8)) < 0.3] = NAN
    even[3, 3] = 0.02
    points = [cell(row, column) for row in range(6) for column in range(8)]
    found = reach(points, [cell(3, 3)], surface(even), snapping=Snapping(within_m=0)).families
    reached = found["status"] == "reached"
    np.testing.assert_allclose(found.loc[reached, "distance_m"] * 0.02, found.loc[reached, "travel_time_min"])
    minutes, _ = least_cost(even, [[3, 3]], cell_size_m=100)
    np.testing.assert_allclose(found["travel_time_min"], minutes.ravel())


def test_layers_of_points_are_taken_in_the_crs_of_the_surface_only():
    places = gpd.GeoDataFrame(geometry=[Point(cell(0, 0)), None], index=["a", "b"], crs=CRS)
    found = reach(places, places.iloc[:1], surface([[0.01]]))
    assert found.families["status"].tolist() == ["reached", "unknown"]
    with pytest.raises(CRSMismatchError):
        reach(places.to_crs(4326), places.iloc[:1], surface([[0.01]]))
    with pytest.raises(CRSMismatchError):
        reach(gpd.GeoDataFrame(geometry=[Point(0, 0)]), places.iloc[:1], surface([[0.01]]))
    lines = gpd.GeoDataFrame(geometry=[LineString([(0, 0), (1, 1)])], crs=CRS, index=["x"])
    with pytest.raises(InvalidInputError, match="not a point in row x"):
        reach(lines, places.iloc[:1], surface([[0.01]]))


def test_no_families_no_rows():
    assert reach([], [cell(0, 0)], surface([[0.01]])).families.empty


@pytest.mark.parametrize(
    ("facilities", "words"),
    [
        ([], "there is none"),
        ([(NAN, 1.0), (0, 0)], "row 0"),
        ([(0.0, 0.0)], "none stands within 250 m"),
        ([(1.0, 2.0, 3.0)], "two columns"),
        ("abc", "two columns"),
    ],
    ids=str,
)
def test_facilities_that_cannot_be_reached_by_anybody_are_refused(facilities, words):
    with pytest.raises(InvalidInputError, match=words):
        reach([cell(0, 0)], facilities, surface([[0.01]]))


@pytest.mark.parametrize("wrong", [{"within_m": -1}, {"within_m": NAN}, {"walking_kmh": 0}, {"walking_kmh": "a"}])
def test_what_is_no_snapping_is_refused(wrong):
    with pytest.raises(InvalidInputError):
        Snapping(**wrong)


# Catchments and shares.


def test_catchments_cover_what_is_reached_once():
    nearest = np.array([[0, 0, 2], [-1, 0, 2]], dtype=np.int32)
    found = catchments(nearest, Grid(AT, CRS, (2, 3)), facilities=["A", "B", "C"])
    assert found["facility"].tolist() == ["A", "C"]
    assert found["area_km2"].tolist() == pytest.approx([0.03, 0.02])
    assert found.crs == CRS
    assert found.geometry.iloc[0].intersection(found.geometry.iloc[1]).area == 0


@given(st.integers(0, 2**32 - 1))
def test_the_catchments_of_a_search_have_its_cells(seed):
    generator = np.random.default_rng(seed)
    friction = generator.uniform(0.01, 0.05, (9, 11))
    sources = np.unique(generator.integers(0, 9, (4, 2)), axis=0)
    _, nearest = least_cost(friction, sources, cell_size_m=100)
    found = catchments(nearest, Grid(AT, CRS, (9, 11)))
    cells = np.bincount(nearest[nearest >= 0], minlength=len(sources))
    np.testing.assert_allclose(found["area_km2"] * 100, cells[found["facility"]])


def test_nobody_reached_is_no_catchment():
    assert catchments(np.full((1, 1), -1), Grid(AT, CRS, (1, 1))).empty


@pytest.mark.parametrize("nearest", [np.zeros((1, 2)), np.zeros((2, 2), dtype=int), np.full((1, 2), 3)], ids=str)
def test_what_is_no_grid_of_rows_is_refused(nearest):
    with pytest.raises(InvalidInputError):
        catchments(nearest, Grid(AT, CRS, (1, 2)), facilities=["A"])


def people(*rows):
    return pd.DataFrame(rows, columns=["status", "travel_time_min"])


def test_the_share_counts_the_unreachable_and_leaves_out_the_unknown():
    families = people(("reached", 10), ("reached", 30), ("reached", 31), ("unreachable", INF), ("unknown", NAN))
    found = share_within(families, {"IDM 30 menit": 30, "1 jam": 60}, weight=[1, 1, 1, 1, 5])
    row = found.loc["IDM 30 menit"]
    assert row.tolist() == [30, 2, 1, 1, 5, 0.5]
    assert found.loc["1 jam"].tolist() == [60, 3, 0, 1, 5, 0.75]
    assert np.isnan(share_within(people(("unknown", NAN)), {"x": 30})["share_within"].iloc[0])


@pytest.mark.parametrize(
    ("families", "standards", "weight", "words"),
    [
        (people(("reached", 1)), {}, None, "no standard"),
        (people(("reached", 1)), {"x": 0}, None, "standard x"),
        (people(("reached", 1)), {"x": NAN}, None, "standard x"),
        (people(("dekat", 1)), {"x": 1}, None, "row 0"),
        (people(("reached", 1)), {"x": 1}, [-1], "negative"),
        (people(("reached", 1)), {"x": 1}, [1, 2], "weight has 2 rows"),
        (people(("reached", 1)), {"x": 1}, ["satu"], "not a number"),
    ],
)
def test_shares_of_nothing_are_refused(families, standards, weight, words):
    with pytest.raises(InvalidInputError, match=words):
        share_within(families, standards, weight=weight)


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["to_source", "from_source"]))
def test_metres_are_those_of_the_quickest_way_on_slopes(seed, direction):
    generator = np.random.default_rng(seed)
    friction, height = generator.uniform(0.01, 0.05, (5, 6)), generator.uniform(0, 60, (5, 6))
    rule = generator.integers(0, 3, (5, 6))
    ground = surface(friction, elevation=height, rule=rule)
    points = [cell(row, column) for row in range(5) for column in range(6)]
    found = reach(points, [cell(2, 2)], ground, direction=direction, snapping=Snapping(within_m=0)).families
    metres = quickest_ways(friction, height, rule, direction)[1]
    np.testing.assert_allclose(found["distance_m"].to_numpy(), np.where(np.isinf(metres), np.nan, metres), rtol=1e-9)


def quickest_ways(friction, height, rule, direction):
    """Minutes and metres to cell (2, 2) by rounds over all steps (Bellman & Ford), a step written out."""
    minutes, metres = np.full((5, 6), np.inf), np.full((5, 6), np.inf)
    minutes[2, 2] = metres[2, 2] = 0.0
    steps = [
        ((row, column), (row + down, column + right))
        for row, column in np.ndindex(5, 6)
        for down, right in MOVES
        if 0 <= row + down < 5 and 0 <= column + right < 6
    ]
    before = None
    while not np.array_equal(before, minutes):
        before = minutes.copy()
        for here, to in steps:
            run = 100.0 * np.hypot(to[0] - here[0], to[1] - here[1])
            slope = (height[to] - height[here]) / run * (1 if direction == "to_source" else -1)
            slower = {0: 1.0, 1: np.exp(3.5 * (abs(slope + 0.05) - 0.05)), 2: 1.0 if abs(slope) <= 0.3 else np.inf}
            cost = run / 2 * (friction[here] * slower[rule[here]] + friction[to] * slower[rule[to]])
            if minutes[to] + cost < minutes[here]:
                minutes[here], metres[here] = minutes[to] + cost, metres[to] + run
    return minutes.ravel(), metres.ravel()
