"""Lines that meet are joined, lines that do not are told apart; every repair is counted with its rows."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from shapely import LineString, MultiLineString, Point

from gisapp.analysis.network import Network, road_network, with_nodes_every
from gisapp.analysis.roads.gaps import network_problems, unconnected
from gisapp.errors import CRSMismatchError, InvalidInputError
from tests.analysis.drawn_roads import METRES, drawn, maps

STREET = [(0, 0), (100, 0)]


def found(network: Network) -> dict[str, int]:
    """Count of each kind of repair."""
    return dict(zip(network.repairs["kind"], network.repairs["count"], strict=True))


def degrees(network: Network) -> dict[tuple[float, float], int]:
    return {(x, y): degree for x, y, degree in network.nodes[["x", "y", "degree"]].itertuples(index=False)}


def test_a_crossing_at_one_level_is_a_junction():
    network = road_network(drawn(STREET, [(50, -50), (50, 50)]), tolerance_m=1)
    assert degrees(network) == {(0, 0): 1, (50, -50): 1, (50, 0): 4, (50, 50): 1, (100, 0): 1}
    assert network.edges["length_m"].tolist() == [50] * 4
    assert found(network) == {"crossing_joined": 1}
    assert network.components.to_dict("list") == {"nodes": [5], "edges": [4], "length_m": [200.0], "share": [1.0]}


@pytest.mark.parametrize("told", [{"bridge": ["", "yes"]}, {"tunnel": ["no", "yes"]}, {"layer": [None, 1]}])
def test_a_bridge_a_tunnel_or_another_layer_crosses_without_a_junction(told):
    network = road_network(drawn(STREET, [(50, -50), (50, 50)], **told), tolerance_m=1)
    assert len(network.edges) == 2
    assert found(network) == {"crossing_levels": 1}
    assert network.components["length_m"].tolist() == [100, 100]


def test_two_bridges_on_one_layer_meet():
    roads = drawn(STREET, [(50, -50), (50, 50)], bridge=["yes", "yes"], layer=["2", 2.0])
    assert found(road_network(roads, tolerance_m=1)) == {"crossing_joined": 1}


def test_without_a_shared_vertex_openstreetmap_means_no_junction():
    plain = drawn(STREET, [(50, -50), (50, 50)])
    assert found(road_network(plain, tolerance_m=1, crossings="shared_vertex")) == {"crossing_unshared": 1}
    shared = drawn([(0, 0), (50, 0), (100, 0)], [(50, -50), (50, 0), (50, 50)])
    assert found(road_network(shared, tolerance_m=1, crossings="shared_vertex")) == {"crossing_joined": 1}


def test_an_end_near_the_middle_of_a_road_divides_it():
    roads = drawn(STREET, [(40, 3), (40, 50)], index=["jalan", "gang"])
    network = road_network(roads, tolerance_m=5)
    assert degrees(network) == {(0, 0): 1, (40, 0): 3, (40, 50): 1, (100, 0): 1}
    assert network.edges["length_m"].tolist() == [40, 47, 60]  # the gap is no road
    told = network.repairs.iloc[0]
    assert told[["kind", "count", "largest_m", "rows"]].tolist() == ["t_junction", 1, 3.0, "gang"]


def test_an_end_exactly_on_a_road_is_no_repair_and_needs_no_level():
    network = road_network(drawn(STREET, [(40, 0), (40, 50)], bridge=["no", "yes"]), tolerance_m=5)
    assert found(network) == {"touching": 1}
    assert len(network.components) == 1


def test_a_flyover_that_ends_above_a_street_is_not_joined_to_it():
    roads = drawn(STREET, [(40, 3), (40, 50)], bridge=["no", "yes"])
    network = road_network(roads, tolerance_m=5)
    assert found(network) == {}
    assert len(network.components) == 2


def test_beyond_the_tolerance_nothing_is_bridged_and_the_gap_is_told():
    roads = drawn(STREET, [(130, 0), (180, 0)], [(40, 6), (40, 16)], index=["a", "b", "c"])
    network = road_network(roads, tolerance_m=5)
    assert found(network) == {}
    assert network.components["length_m"].tolist() == [100, 50, 10]
    told = unconnected(network, search_m=100)
    assert told["gap_m"].tolist() == [30, 6]
    assert told[["row", "other_row"]].to_numpy().tolist() == [["b", "a"], ["c", "a"]]
    assert told["other"].tolist() == [0, 0]
    assert [shape.length for shape in told.geometry] == [30, 6]


def test_roads_that_do_not_connect_are_a_message_with_counts():
    roads = drawn(STREET, [(40, 3), (40, 900)], [(5000, 0), (5050, 0)], [(7000, 0), (7050, 0)], index=list("abcd"))
    told = network_problems(road_network(roads, tolerance_m=5))
    assert [(problem.code, problem.severity, problem.count) for problem in told] == [
        ("road_t_junction", "warning", 1), ("roads_unconnected", "warning", 2),
    ]  # fmt: skip
    assert "at most 3.0 m" in told[0].detail
    assert "paling jauh 3,0 m" in told[0].detail_id
    assert "Rows: b." in told[0].detail
    # 100 m of the 1,097 m drawn
    assert "2 parts with 0.1 km (9.1 %)" in told[1].detail
    assert "2 bagian, 0,1 km (9,1 %)" in told[1].detail_id
    assert network_problems(road_network(drawn(STREET), tolerance_m=5)) == []


def test_a_part_with_nothing_near_it_keeps_its_row_and_place():
    network = road_network(drawn(STREET, [(900, 0), (950, 0)], index=["a", "b"]), tolerance_m=5)
    told = unconnected(network, search_m=100).iloc[0]
    assert np.isnan(told["gap_m"])
    assert pd.isna(told["other"])
    assert told["row"] == "b"
    assert told["geometry"] == Point(900, 0)


def test_the_middle_of_a_small_part_may_be_nearest():
    network = road_network(drawn([(0, 0), (100, 0)], [(50, 20), (50, 90)], [(-9, 30), (40, 30)]), tolerance_m=1)
    assert unconnected(network, search_m=50)["gap_m"].tolist() == [10, 10]


def test_a_connected_network_has_no_gaps():
    assert unconnected(road_network(drawn(STREET), tolerance_m=1), search_m=10).empty


def test_ends_near_each_other_become_one_junction():
    roads = drawn(STREET, [(102, 0), (200, 0)], [(100, 2), (100, 90)], index=list("abc"))
    network = road_network(roads, tolerance_m=4)
    assert network.nodes["degree"].tolist() == [1, 3, 1, 1]
    assert found(network) == {"end_joined": 3}  # each of three parts with each other
    assert network.repairs["largest_m"].iloc[0] == pytest.approx(np.hypot(2, 2))


def test_a_junction_short_of_a_road_of_another_part_is_joined_too():
    fork = [[(0, 50), (48, 2)], [(100, 50), (48, 2)]]  # two roads meet two metres short of the street
    network = road_network(drawn(STREET, *fork), tolerance_m=3)
    assert found(network) == {"t_junction": 1}
    assert len(network.components) == 1


def test_short_streets_keep_their_ends_apart():
    network = road_network(
        drawn([(10, -40), (40, 0), (70, -40)], [(40, 0), (40, 3)], [(10, 43), (40, 3), (70, 43)]), tolerance_m=5
    )
    assert len(network.nodes) == 6
    assert sorted(network.edges["length_m"]) == [3, 50, 50, 50, 50]


def test_what_is_dropped_is_counted():
    roads = drawn(
        STREET,
        list(reversed(STREET)),  # the same street, drawn from the other end
        STREET,
        [(7, 7), (7, 7)],
        None,
        MultiLineString([[(0, 50), (10, 50)], [(20, 50), (30, 50)]]),
        LineString(),
        index=list("abcdefg"),
    )
    network = road_network(roads, tolerance_m=1)
    assert found(network) == {"no_geometry": 2, "multi_part": 1, "zero_length": 1, "duplicate": 2}
    rows = dict(zip(network.repairs["kind"], network.repairs["rows"], strict=True))
    assert rows == {"no_geometry": "e, g", "multi_part": "f", "zero_length": "d", "duplicate": "b, c"}
    assert network.components["length_m"].tolist() == [100, 10, 10]


def test_a_stretch_drawn_twice_counts_once():
    network = road_network(drawn([(0, 0), (60, 0)], [(40, 0), (100, 0)]), tolerance_m=1)
    assert network.edges["length_m"].tolist() == [40, 20, 40]
    assert found(network)["overlap"] == 1


def test_a_line_that_crosses_itself_has_a_junction_there():
    network = road_network(drawn([(0, 0), (100, 0), (100, 50), (50, 50), (50, -50)]), tolerance_m=1)
    assert degrees(network)[(50, 0)] == 4
    assert found(network) == {"self_crossing": 1, "crossing_joined": 1}


def test_a_roundabout_is_entered_where_roads_touch_it():
    ring = [(0, 0), (20, 0), (20, 20), (0, 20), (0, 0)]
    network = road_network(drawn(ring, [(20, 10), (90, 10)], oneway=["yes", "no"]), tolerance_m=1)
    assert degrees(network)[(20, 10)] == 3
    assert network.edges["length_m"].sum() == 80 + 70
    assert len(network.components) == 1


def test_directions_are_read_as_openstreetmap_writes_them():
    lines = [[(0, 10 * at), (100, 10 * at)] for at in range(6)]
    network = road_network(drawn(*lines, oneway=["yes", "-1", "no", None, "1.0", "reversible"]), tolerance_m=1)
    edges = network.edges.set_index("row").loc[list("012345")]
    assert edges["oneway"].tolist() == [True, True, False, False, True, False]
    from_x = network.nodes["x"].to_numpy()[edges["start"]]
    assert from_x.tolist() == [0, 100, 0, 0, 0, 0]
    assert found(network) == {"oneway_unknown": 1}


def test_a_level_that_is_no_number_is_counted():
    assert found(road_network(drawn(STREET, layer=["atas"]), tolerance_m=1)) == {"level_unknown": 1}


def test_nodes_in_the_middle_change_no_length():
    network = road_network(
        drawn([(0, 0), (100, 0), (100, 25)], [(0, 60), (30, 60)], surface=["aspal", ""]), tolerance_m=1
    )
    dense = with_nodes_every(network, metres=40)
    assert sorted(dense.edges["length_m"]) == [30] + 4 * [31.25]
    assert dense.components["length_m"].tolist() == [125, 30]
    assert set(dense.edges["row"]) == {"0", "1"}
    assert_frame_equal(with_nodes_every(network, metres=500).edges, network.edges)


@settings(max_examples=15)
@given(maps, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_the_way_they_are_drawn_change_nothing(lines, random):
    ways = random.choices(["yes", "no"], k=len(lines))
    network = road_network(drawn(*lines, oneway=ways), tolerance_m=2)
    order = random.sample(range(len(lines)), len(lines))
    other = [
        (lines[at], "yes") if ways[at] == "yes" and random.random() < 0.5
        else (lines[at][::-1], "-1" if ways[at] == "yes" else "no")
        for at in order
    ]  # fmt: skip
    shuffled = road_network(drawn(*[line for line, _ in other], oneway=[way for _, way in other]), tolerance_m=2)
    assert_frame_equal(shuffled.nodes, network.nodes)
    assert_frame_equal(shuffled.components, network.components)
    assert_frame_equal(shuffled.edges.drop(columns=["row"]), network.edges.drop(columns=["row"]))
    assert found(shuffled) == found(network)


@settings(max_examples=15)
@given(maps)
def test_the_network_is_as_long_as_the_lines_that_it_is_made_of(lines):
    roads = drawn(*lines)
    network = road_network(roads, tolerance_m=0.001)
    assert network.edges["length_m"].sum() == pytest.approx(shapely.union_all(roads.geometry.to_numpy()).length)
    assert network.components["length_m"].sum() == pytest.approx(network.edges["length_m"].sum())


@settings(max_examples=15)
@given(maps)
def test_lines_that_touch_are_in_one_part(lines):
    roads = drawn(*lines)
    network = road_network(roads, tolerance_m=0.001)
    touch = np.array([[one.intersects(other) for other in roads.geometry] for one in roads.geometry])
    for _ in lines:
        touch = (touch.astype(int) @ touch.astype(int)) > 0  # Warshall's closure
    assert len(network.components) == len(np.unique(touch, axis=0))


@settings(max_examples=15)
@given(maps, st.sampled_from([0.001, 30, 60]))
def test_a_wider_tolerance_takes_no_parts_apart_and_leaves_no_gap_within_it(lines, tolerance_m):
    narrow = road_network(drawn(*lines), tolerance_m=0.001)
    wide = road_network(drawn(*lines), tolerance_m=tolerance_m)
    assert len(wide.components) <= len(narrow.components)
    assert not (unconnected(wide, search_m=200)["gap_m"] < tolerance_m - 1e-6).any()


def refused(call, *words):
    with pytest.raises(InvalidInputError) as told:
        call()
    assert told.value.en != told.value.id
    for word in words:
        assert word in told.value.en
        assert word in told.value.id


def test_what_makes_no_network_is_refused_by_row():
    index = ["a", "b"]
    refused(lambda: road_network(drawn(STREET, Point(1, 1), index=index), tolerance_m=1), "b")
    with np.errstate(invalid="ignore"):
        endless = drawn(STREET, [(0, 0), (np.nan, 1)], index=index)
    refused(lambda: road_network(endless, tolerance_m=1), "b")
    refused(lambda: road_network(drawn(STREET, STREET, index=index, road_class=["a", None]), tolerance_m=1), "b")
    refused(lambda: road_network(drawn(STREET, STREET, index=index, road_class=["a", " "]), tolerance_m=1), "b")
    refused(lambda: road_network(drawn(STREET).drop(columns="road_class"), tolerance_m=1), "road_class")
    refused(lambda: road_network(drawn(None, [(5, 5), (5, 5)]), tolerance_m=1), "2")
    refused(lambda: road_network(drawn(STREET).iloc[:0], tolerance_m=1))
    refused(lambda: road_network(None, tolerance_m=1))
    refused(lambda: road_network(pd.DataFrame({"road_class": ["a"]}), tolerance_m=1))
    refused(lambda: road_network(gpd.GeoSeries([LineString(STREET)], crs=METRES), tolerance_m=1), "road_class")


def test_degrees_are_refused():
    with pytest.raises(CRSMismatchError):
        road_network(drawn(STREET).set_crs(4326, allow_override=True), tolerance_m=1)


@pytest.mark.parametrize("wrong", [0, -1, np.nan, None, "a", 101, np.inf])
def test_numbers_out_of_range_are_refused(wrong):
    refused(lambda: road_network(drawn(STREET), tolerance_m=wrong), "tolerance_m")
    if wrong != 101:
        network = road_network(drawn(STREET), tolerance_m=1)
        refused(lambda: unconnected(network, search_m=wrong), "search_m")
        if wrong != np.inf:
            refused(lambda: with_nodes_every(network, metres=wrong), "metres")
    refused(lambda: road_network(drawn(STREET), tolerance_m=1, crossings="all"), "all")
