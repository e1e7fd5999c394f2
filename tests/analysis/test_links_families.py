"""Families live together in squares unless a river parts them, and gain from a link what a search by hand says."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from shapely import LineString

from gisapp.analysis.network import road_network, with_nodes_every
from gisapp.analysis.roads.journeys import journeys, journeys_by
from gisapp.analysis.roads.links_candidates import candidate_links
from gisapp.analysis.roads.links_families import families_gained, together, walked
from gisapp.analysis.roads.reach import told
from gisapp.errors import InvalidInputError
from tests.analysis.drawn_roads import METRES, drawn, maps

RIVER = LineString([(-500, 200), (9500, 200)])
TRAVEL = {"speeds_kmh": {"desa": 30}, "walking_kmh": 5, "access_max_m": 150}


def test_families_of_one_square_live_at_their_mean_and_apart_where_a_river_runs():
    homes = [(10, 10), (30, 50), (10, 150), (10, 250), (np.nan, 1), (10, 150)]
    places = together(homes, edge_m=100, barriers=[RIVER])
    assert places.of_family.tolist() == [0, 0, 1, 2, -1, 1]
    assert places.xy.tolist() == [[20, 30], [10, 150], [10, 250]]
    crossed = together([(10, 201), (10, 290), (10, 201)], edge_m=100, barriers=[RIVER])
    assert crossed.of_family.tolist() == [0, 1, 0]  # the river runs along the edge of their square
    assert together([], edge_m=100).xy.shape == (0, 2)
    with pytest.raises(InvalidInputError, match="edge_m"):
        together(homes, edge_m=0)


def test_a_walk_goes_straight_to_any_facility_on_this_side():
    homes, schools = np.array([[0.0, 300.0], [0.0, 900.0], [0.0, 100.0]]), np.array([[0.0, 150.0], [0.0, 500.0]])
    barriers = np.array([RIVER], dtype=object)
    assert walked(homes, schools, at_most_m=300, barriers=barriers).tolist() == [True, False, True]
    assert walked(homes, schools[:1], at_most_m=300, barriers=barriers).tolist() == [False, False, True]
    assert walked(homes, schools[:1], at_most_m=300, barriers=barriers[:0]).tolist() == [True, False, True]
    assert not walked(homes, schools[:0], at_most_m=300, barriers=barriers).any()


def test_families_gain_by_service_counted_by_hand():
    roads = drawn([(0, 0), (10_000, 0)], [(0, 400), (10_000, 400)], [(10_000, 0), (10_000, 400)])
    network = with_nodes_every(road_network(roads, tolerance_m=1), metres=1000)
    rivers = gpd.GeoSeries([RIVER], crs=METRES)
    links = candidate_links(network, max_length_m=500, least_detour=3, spacing_m=0, rivers=rivers)
    places = together([(1000, 400), (1000, 400), (2000, 400), (1000, 0)], edge_m=50)
    facilities = pd.DataFrame({"service": ["school", "market"], "x": [1000.0, 9000.0], "y": 0.0})
    everyone = np.ones(4, dtype=bool)
    gained = families_gained(
        links, network, places, facilities, standards_m={"school": 1500, "market": 9500, "none": 1000},
        asked={"school": np.array([True, False, True, True]), "market": everyone}, access_max_m=150, barriers=rivers,
    )  # fmt: skip
    first = links.index[links["link_id"] == "1000_0-1000_400"][0]
    school = gained[gained["link"].eq(first) & gained["service"].eq("school")]
    # Family 1 has no child for the school. Family 0: 400 m over the bridge; family 2: 1,000 + 400 m.
    assert school["family"].tolist() == [0, 2]
    assert school["metres"].tolist() == pytest.approx([400, 1400])
    assert school["metres_before"].tolist() == pytest.approx([18_400, 17_400])
    # To the market families 0 and 1 go 10,400 m round the end, over a bridge 8,400 m; family 2 was there already.
    market = gained[gained["link"].eq(first) & gained["service"].eq("market")]
    assert market["family"].tolist() == [0, 1]
    assert market["metres_before"].tolist() == pytest.approx([10_400] * 2)
    assert market["metres"].tolist() == pytest.approx([8400] * 2)
    nothing = families_gained(
        links, network, places, facilities, standards_m={}, asked={}, access_max_m=150, barriers=rivers
    )
    assert nothing.empty


@settings(max_examples=40)
@given(
    maps,
    st.lists(st.tuples(st.integers(0, 600), st.integers(0, 600)), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 600), st.integers(0, 600), st.sampled_from("abc")), min_size=1, max_size=8),
)
def test_groups_of_facilities_together_are_what_each_is_alone(lines, homes, facilities):
    network = road_network(drawn(*lines), tolerance_m=1)
    frame = pd.DataFrame(facilities, columns=["x", "y", "group"])
    points = np.array(homes, dtype=float)
    both = journeys_by(points, frame[["x", "y"]], frame["group"], network, **TRAVEL)
    assert sorted(both) == sorted(set(frame["group"]))
    for name, found in both.items():
        alone = journeys(points, frame.loc[frame["group"].eq(name), ["x", "y"]], network, **TRAVEL)
        assert_frame_equal(told(found), told(alone))
        assert found.off_road.tolist() == alone.off_road.tolist()
