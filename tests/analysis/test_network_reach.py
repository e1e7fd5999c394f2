"""Minutes along the roads, counted by hand in little towns and by Floyd and Warshall in drawn ones."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from shapely import LineString

from gisapp.analysis.network import Network, road_network
from gisapp.analysis.roads.journeys import journeys
from gisapp.analysis.roads.reach import detour_minutes, reach
from gisapp.analysis.roads.travel import road_speeds
from gisapp.errors import CRSMismatchError, InvalidInputError
from tests.analysis.drawn_roads import METRES, drawn, maps

#: 1 km takes 2 minutes on a road of the desa and 1 on a road of the kabupaten; a walk of 100 m takes 1.2 minutes.
SPEEDS = {"desa": 30, "kabupaten": 60}
WALK = {"walking_kmh": 5, "access_max_m": 500}


def town(*lines, **columns) -> Network:
    return road_network(drawn(*lines, **columns), tolerance_m=1)


def asked(points, facilities, network, speeds=None, **given) -> list[list]:
    """Minutes, metres, facility and status, rounded to what a hand computes."""
    told = reach(points, facilities, network, speeds_kmh=speeds or SPEEDS, **{**WALK, **given})
    return told.round(9).to_numpy().tolist()


def test_a_family_walks_to_the_road_rides_along_and_walks_from_it():
    # 100 m of walk (1.2 min), 1,000 m of desa road (2 min), 50 m of walk (0.6 min)
    assert asked([[0, 100]], [[1000, 50]], town([(0, 0), (2000, 0)])) == [[3.8, 1150, 0, "reached"]]


def test_the_quicker_way_is_taken_though_it_is_longer():
    # straight: 2 km of desa road, 4 min; round: 1 + 1.6 + 1 km of kabupaten road, 3.6 min
    roads = town([(0, 0), (2000, 0)], [(0, 0), (200, 980), (1800, 980), (2000, 0)], road_class=["desa", "kabupaten"])
    side = np.hypot(200, 980)
    told = asked([[0, 0]], [[2000, 0]], roads)
    assert told == [[round((2 * side + 1600) / 1000, 9), round(2 * side + 1600, 9), 0, "reached"]]


def test_a_facility_on_the_same_road_is_not_passed_by():
    roads = town([(0, 0), (1000, 0)])
    assert asked([[400, 0]], [[600, 0]], roads) == [[0.4, 200, 0, "reached"]]
    assert asked([[400, 0], [500, 0], [700, 0]], [[500, 0], [600, 0]], roads) == [
        [0.2, 100, 0, "reached"], [0, 0, 0, "reached"], [0.2, 100, 1, "reached"],
    ]  # fmt: skip


def test_one_way_streets_are_kept_from_the_family_to_the_facility():
    ring = [[(0, 0), (1000, 0)], [(1000, 0), (1000, 1000), (0, 1000), (0, 0)]]
    roads = town(*ring, oneway=["yes", "yes"])
    assert asked([[250, 0]], [[750, 0]], roads) == [[1, 500, 0, "reached"]]
    assert asked([[750, 0]], [[250, 0]], roads) == [[7, 3500, 0, "reached"]]  # once round the block
    assert asked([[750, 0]], [[250, 0]], roads, oneway=False) == [[1, 500, 0, "reached"]]


def test_at_the_end_of_a_one_way_street_there_is_no_way_back():
    assert asked([[750, 0]], [[250, 0]], town([(0, 0), (1000, 0)], oneway=["yes"])) == [
        [np.inf, np.inf, -1, "unreachable"],
    ]  # fmt: skip


def test_unreachable_and_unknown_are_told_apart():
    roads = town([(0, 0), (1000, 0)], [(0, 5000), (100, 5000)])
    told = reach(
        pd.DataFrame({"x": [0, 0, np.nan, 0], "y": [0, 501, 0, 5000]}, index=list("dacb")),
        [[1000, 0]],
        roads,
        speeds_kmh=SPEEDS,
        **WALK,
    )
    assert told["status"].to_dict() == {
        "d": "reached", "a": "unreachable", "c": "unknown_position", "b": "unreachable",
    }  # fmt: skip
    assert told["minutes"].tolist()[1:2] == [np.inf]
    assert np.isnan(told.loc["c", ["minutes", "metres"]].to_numpy(dtype=float)).all()
    assert told["facility"].tolist() == [0, -1, -1, -1]


def test_the_longest_walk_is_allowed():
    assert asked([[0, 500]], [[0, 0]], town([(0, 0), (1000, 0)])) == [[6, 500, 0, "reached"]]


def test_a_lane_that_leads_nowhere_does_not_hide_the_road_behind_it():
    roads = town([(0, 0), (1000, 0)], [(0, 200), (100, 200)])  # a lane of 100 m that is not connected
    assert asked([[50, 210]], [[1000, 0]], roads) == [[2.52 + 1.9, 1160, 0, "reached"]]


def test_of_facilities_in_equal_minutes_the_first_row_is_told():
    roads = town([(-1000, 0), (1000, 0)], [(0, 0), (0, 500)])
    assert asked([[0, 500]], [[1000, 0], [-1000, 0]], roads)[0][2] == 0
    assert asked([[0, 500]], [[-1000, 0], [1000, 0]], roads)[0][2] == 0
    assert asked([[0, 500]], [[5000, 0], [-1000, 0], [1000, 0], [1000, 0]], roads)[0][2] == 1


def test_a_closed_class_is_no_road_and_gives_no_access():
    roads = town([(0, 0), (1000, 0)], [(0, 100), (1000, 100), (1000, 0)], road_class=["desa", "kabupaten"])
    wet = {"desa": 0, "kabupaten": 60}
    assert asked([[0, 0]], [[1000, 0]], roads) == [[2, 1000, 0, "reached"]]
    assert asked([[0, 0]], [[1000, 0]], roads, wet) == [[1.2 + 1.1, 1200, 0, "reached"]]


def test_surface_goes_before_class():
    roads = town([(0, 0), (1000, 0)], surface=["Tanah"])
    assert asked([[0, 0]], [[1000, 0]], roads, {"desa": 30, "desa/tanah": 10})[0][0] == 6


def test_a_river_is_not_walked_through():
    roads = town([(0, 0), (1000, 0)], [(0, 300), (1000, 300), (1000, 0)])
    river = gpd.GeoSeries([LineString([(-500, 100), (900, 100)])], crs=METRES)
    # without the river 80 m to the southern road; with it 220 m to the northern, 1,000 + 300 m of road
    assert asked([[0, 80]], [[1000, 0]], roads)[0][:2] == [0.96 + 2, 1080]
    assert asked([[0, 120]], [[0, 0]], roads) == [[1.44, 120, 0, "reached"]]
    assert asked([[0, 120]], [[0, 0]], roads, barriers=river) == [[2.16 + 2 * 2.3, 180 + 2300, 0, "reached"]]
    assert asked([[0, 80]], [[0, 0]], roads, barriers=river) == [[0.96, 80, 0, "reached"]]


def test_a_road_that_crosses_the_river_is_entered_on_this_side():
    roads = town([(0, -1000), (0, 1000)])
    river = gpd.GeoSeries([LineString([(-400, -400), (400, 400)])], crs=METRES)
    # at (300, 100) the nearest place of the road is across the river; the bridge at (0, 0) is on both sides
    walk = np.hypot(300, 100)
    told = asked([[300, 100]], [[0, -500]], roads, barriers=river)
    assert told[0][:2] == [round(walk * 0.012 + 1, 9), round(walk + 500, 9)]


def test_facilities_far_from_every_road_are_not_reached_and_are_told():
    roads = town([(0, 0), (1000, 0)])
    assert asked([[0, 0]], [[0, 900]], roads)[0][3] == "unreachable"
    ways = journeys([[0, 0]], [[0, 900], [0, 10]], roads, speeds_kmh=SPEEDS, **WALK)
    assert ways.off_road.tolist() == [0]


def test_without_facilities_or_families_there_is_an_answer():
    roads = town([(0, 0), (1000, 0)])
    assert asked([[0, 0]], [], roads) == [[np.inf, np.inf, -1, "unreachable"]]
    assert asked([], [[0, 0]], roads) == []


def test_the_straight_line_is_stretched_by_the_detour_factor():
    told = detour_minutes([[0, 0], [np.nan, 0]], [[300, 400]], speed_kmh=6, detour_factor=1.4)
    assert told.round(9).iloc[0].tolist() == [7, 700, 0, "reached"]
    assert told["status"].tolist() == ["reached", "unknown_position"]
    none = detour_minutes([[0, 0], [np.nan, 0]], [], speed_kmh=6, detour_factor=1)
    assert none["minutes"].tolist()[0] == np.inf
    assert none["status"].tolist() == ["unreachable", "unknown_position"]


def test_the_table_of_speeds_is_that_of_rasters():
    rows = [("road", "desa", 20.0, "dry"), ("road", "desa", 0.0, "wet"), ("land", "hutan", 2.0, "dry")]
    table = pd.DataFrame(rows, columns=["group", "class", "speed_kmh", "season"])
    table = table.assign(mode="car", slope="none", source="contoh", date="2025-01-01")
    assert road_speeds(table, mode="car", season="dry") == {"desa": pytest.approx(20)}
    assert road_speeds(table, mode="car", season="wet") == {"desa": 0}
    refused(lambda: road_speeds(table, mode="boat", season="dry"), "boat")


def shortest(network: Network, per_m: dict[str, float]) -> np.ndarray:
    """Minutes between all nodes by Floyd (1962) and Warshall."""
    count = len(network.nodes)
    minutes = np.full((count, count), np.inf)
    np.fill_diagonal(minutes, 0)
    for start, end, length, kind, oneway in network.edges[
        ["start", "end", "length_m", "road_class", "oneway"]
    ].itertuples(index=False):
        minutes[start, end] = min(minutes[start, end], length * per_m[kind])
        if not oneway:
            minutes[end, start] = min(minutes[end, start], length * per_m[kind])
    for by in range(count):
        minutes = np.minimum(minutes, minutes[:, [by]] + minutes[[by], :])
    return minutes


@settings(max_examples=25)
@given(maps, st.data())
def test_minutes_are_those_of_floyd_and_warshall(lines, data):
    count = len(lines)
    classes = data.draw(st.lists(st.sampled_from(list(SPEEDS)), min_size=count, max_size=count))
    ways = data.draw(st.lists(st.sampled_from(["yes", "no"]), min_size=count, max_size=count))
    network = town(*lines, road_class=classes, oneway=ways)
    xy = network.nodes[["x", "y"]].to_numpy()
    stands = data.draw(st.lists(st.integers(0, len(xy) - 1), min_size=1, max_size=3))
    between = shortest(network, {name: 0.06 / kmh for name, kmh in SPEEDS.items()})
    told = reach(xy, xy[stands], network, speeds_kmh=SPEEDS, walking_kmh=5, access_max_m=0.5)
    wanted = between[:, stands]
    np.testing.assert_allclose(told["minutes"], wanted.min(axis=1), atol=1e-9)
    named = np.flatnonzero(told["facility"] >= 0)
    np.testing.assert_allclose(wanted[named, told["facility"].to_numpy()[named]], wanted.min(axis=1)[named], atol=1e-9)
    first = [int(np.flatnonzero(row <= row.min() + 1e-9)[0]) for row in wanted[named]]
    assert told["facility"].to_numpy()[named].tolist() == first


@settings(max_examples=15)
@given(maps, st.lists(st.tuples(st.integers(-50, 650), st.integers(-50, 650)), min_size=2, max_size=8))
def test_at_one_speed_minutes_are_metres_and_order_changes_nothing(lines, places):
    network = town(*lines)
    homes, stands = np.array(places, dtype=float), np.array(places[:2], dtype=float)[:1]
    given = {"speeds_kmh": {"desa": 5}, "walking_kmh": 5, "access_max_m": 80}
    told = reach(homes, stands, network, **given)
    held = told["status"] == "reached"
    np.testing.assert_allclose(told["minutes"][held], told["metres"][held] * 0.012, atol=1e-9)
    turned = reach(homes[::-1], stands, town(*lines[::-1]), **given)
    assert_frame_equal(turned.iloc[::-1].reset_index(drop=True), told)


@settings(max_examples=15)
@given(maps, st.lists(st.tuples(st.floats(0, 600), st.floats(0, 600)), min_size=2, max_size=2))
def test_there_and_back_take_the_same_minutes(lines, ends):
    """Families and facilities are put on the roads by different rules of the code."""
    network = town(*lines)
    there = reach(ends[:1], ends[1:], network, speeds_kmh={"desa": 30}, walking_kmh=5, access_max_m=300)
    back = reach(ends[1:], ends[:1], network, speeds_kmh={"desa": 30}, walking_kmh=5, access_max_m=300)
    assert there["status"].tolist() == back["status"].tolist()
    np.testing.assert_allclose(there[["minutes", "metres"]], back[["minutes", "metres"]], atol=1e-2)


@settings(max_examples=15)
@given(maps, st.tuples(st.integers(0, 600), st.integers(0, 600)), st.tuples(st.integers(0, 600), st.integers(0, 600)))
def test_nobody_is_quicker_than_the_straight_line(lines, home, stand):
    told = reach([home], [stand], town(*lines), speeds_kmh={"desa": 60}, walking_kmh=5, access_max_m=400).iloc[0]
    assert told["metres"] >= np.hypot(home[0] - stand[0], home[1] - stand[1]) - 2.0  # ends a metre apart are one


def refused(call, *words):
    with pytest.raises(InvalidInputError) as told:
        call()
    assert told.value.en != told.value.id
    for word in words:
        assert word in told.value.en
        assert word in told.value.id


ROADS = town([(0, 0), (1000, 0)], road_class="lokal")
GIVEN = {"speeds_kmh": {"lokal": 30}, **WALK}


def test_positions_that_are_none_are_refused_by_row():
    homes = pd.DataFrame({"x": [0.0, np.inf], "y": [0.0, 1.0]}, index=["a", "b"])
    refused(lambda: reach(homes, [[0, 0]], ROADS, **GIVEN), "b")
    refused(lambda: reach([[0, 0]], homes, ROADS, **GIVEN), "b")
    refused(lambda: reach([[0, 0]], [[0, 0], [np.nan, 0]], ROADS, **GIVEN), "1")
    refused(lambda: detour_minutes(homes, [[0, 0]], speed_kmh=5, detour_factor=1.4), "b")
    for wrong in ([1, 2, 3], [[1, 2, 3]], [["a", "b"]], [[0, 0], [1]]):
        refused(lambda wrong=wrong: reach(wrong, [[0, 0]], ROADS, **GIVEN), "(x, y)")
        refused(lambda wrong=wrong: reach([[0, 0]], wrong, ROADS, **GIVEN), "(x, y)")
    refused(lambda: reach(None, [[0, 0]], ROADS, **GIVEN))


@pytest.mark.parametrize("wrong", [0, -1, np.nan, np.inf, None, "a"])
def test_numbers_out_of_range_are_refused(wrong):
    refused(lambda: reach([[0, 0]], [[0, 0]], ROADS, **{**GIVEN, "walking_kmh": wrong}), "walking_kmh")
    refused(lambda: reach([[0, 0]], [[0, 0]], ROADS, **{**GIVEN, "access_max_m": wrong}), "access_max_m")
    refused(lambda: detour_minutes([[0, 0]], [[0, 0]], speed_kmh=wrong, detour_factor=1.4), "speed_kmh")
    refused(lambda: detour_minutes([[0, 0]], [[0, 0]], speed_kmh=5, detour_factor=wrong), "detour_factor")
    if wrong != 0:
        refused(lambda: reach([[0, 0]], [[0, 0]], ROADS, **{**GIVEN, "speeds_kmh": {"lokal": wrong}}), "lokal")


def test_a_class_without_a_speed_is_named_with_its_length():
    refused(lambda: reach([[0, 0]], [[0, 0]], ROADS, **{**GIVEN, "speeds_kmh": {"desa": 20}}), "lokal", "1.0 km")


def test_barriers_in_another_crs_are_refused():
    river = gpd.GeoSeries([LineString([(0, 1), (1, 1)])], crs=4326)
    with pytest.raises(CRSMismatchError):
        reach([[0, 0]], [[0, 0]], ROADS, **GIVEN, barriers=river)
