"""A missing road or bridge is worth what a new search of the whole network says, family by family."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from scipy.sparse.csgraph import dijkstra
from shapely import LineString

from gisapp.analysis.kernels.shortened import shortened
from gisapp.analysis.links import link_gains, link_plan, newly_within
from gisapp.analysis.network import Network, road_network, with_nodes_every
from gisapp.analysis.roads.journeys import Journeys, journeys
from gisapp.analysis.roads.links_candidates import candidate_links
from gisapp.analysis.roads.links_gain import LinkCost, changes, state_of, with_link
from gisapp.analysis.roads.links_villages import villages_without
from gisapp.analysis.roads.travel import arcs
from gisapp.errors import CRSMismatchError, InvalidInputError
from tests.analysis.drawn_roads import METRES, drawn, maps

SPEEDS = {"desa": 30}
COST = LinkCost(per_metre_idr=1_000_000, per_bridge_idr=2_000_000_000, year=2025, source="contoh SSH")
SEARCH = {"max_length_m": 500, "least_detour": 3, "spacing_m": 0}
RIVER = gpd.GeoSeries([LineString([(-500, 200), (9500, 200)])], crs=METRES)


def river_town() -> Network:
    """Two roads along a river, joined by a bridge at 10 km, with a node at each kilometre."""
    roads = drawn([(0, 0), (10_000, 0)], [(0, 400), (10_000, 400)], [(10_000, 0), (10_000, 400)])
    return with_nodes_every(road_network(roads, tolerance_m=1), metres=1000)


def to_school(network: Network, homes, **given) -> Journeys:
    """Journeys to a school at (1000, 0)."""
    return journeys(homes, [[1000, 0]], network, speeds_kmh=SPEEDS, walking_kmh=5, access_max_m=150, **given)


HOMES = [[1000, 400], [500, 400], [9000, 400], [1000, 0]]
FAMILIES, POOR = [10, 20, 5, 7], [4, 1, 5, 7]
WANTED = {"families": FAMILIES, "poor_families": POOR, "standard_min": 10, "link_kmh": 30, "cost": COST}


def test_a_bridge_is_missing_where_the_way_round_is_long():
    network = river_town()
    links = candidate_links(network, **SEARCH, rivers=RIVER)
    # at x = 9,000 the way round is 2,400 m for 400 m: six times; at 10,000 there is the bridge
    assert links["x"].tolist() == [1000.0 * at for at in range(10)]
    assert links["length_m"].tolist() == [400] * 10
    assert links["road_m"].tolist() == [20_400 - 2000 * at for at in range(10)]
    assert links["detour"].iloc[9] == 6
    assert links["crosses_river"].tolist() == [True] * 10
    assert links["river_crossings"].tolist() == [1] * 10
    assert candidate_links(network, **{**SEARCH, "least_detour": 7})["x"].max() == 8000
    assert candidate_links(network, **{**SEARCH, "max_length_m": 399}).empty
    assert candidate_links(network, **SEARCH, least_length_m=401).empty


def test_the_gain_of_a_bridge_counted_by_hand():
    network = river_town()
    best = link_gains(candidate_links(network, **SEARCH, rivers=RIVER), to_school(network, HOMES), **WANTED).iloc[0]
    # today 18,400 m and 18,900 m: 36.8 and 37.8 minutes; with a bridge at x = 1000 0.8 and 1.8 minutes
    assert best["link_id"] == "1000_0-1000_400"
    assert best["minutes"] == pytest.approx(0.8)
    assert best[["families", "poor_families", "families_connected", "rank"]].tolist() == [30, 5, 0, 1]
    # of those at x = 9,000: 10,400 m, 20.8 minutes, now 8,400 m, 16.8 minutes: nearer, but not within 10 minutes
    assert best["minutes_saved"] == pytest.approx(10 * 36 + 20 * 36 + 5 * 4)
    assert best["cost_idr"] == 400 * 1_000_000 + 2_000_000_000
    assert best["idr_per_poor_family"] == 2_400_000_000 / 5
    assert best[["cost_year", "cost_source"]].tolist() == [2025, "contoh SSH"]


def test_whom_a_bridge_brings_within_the_standard_is_told_by_place():
    network = river_town()
    homes = pd.DataFrame(HOMES, index=list("abcd"), columns=["x", "y"])
    links = candidate_links(network, **SEARCH, rivers=RIVER)
    told = newly_within(links, to_school(network, homes), standard_min=10, link_kmh=30)
    first = told[told["link_id"] == "1000_0-1000_400"]
    assert first["place"].tolist() == ["a", "b"]
    np.testing.assert_allclose(first[["minutes_before", "minutes"]], [[36.8, 0.8], [37.8, 1.8]])
    gains = link_gains(links, to_school(network, HOMES), **WANTED).set_index("link_id")["families"]
    families = told["place"].map(dict(zip("abcd", FAMILIES, strict=True)))
    summed = families.groupby(told["link_id"]).sum().reindex(gains.index, fill_value=0)
    assert summed.tolist() == gains.tolist()
    assert newly_within(links.iloc[:0], to_school(network, HOMES), standard_min=10, link_kmh=30).empty
    refused(lambda: newly_within(links, to_school(network, HOMES), standard_min=0, link_kmh=30), "standard_min")


def test_a_link_to_an_island_connects_its_families():
    roads = drawn([(0, 0), (2000, 0)], [(0, 300), (1000, 300)])
    network = road_network(roads, tolerance_m=1)
    links = candidate_links(network, **SEARCH)
    assert links["link_id"].tolist() == ["0_0-0_300"]
    assert links["road_m"].tolist() == [np.inf]
    gains = link_gains(links, to_school(network, [[1000, 300]]), **{**WANTED, "families": [9], "poor_families": [2]})
    # 1,000 + 300 + 1,000 m: 4.6 minutes
    told = ["families", "poor_families", "families_connected", "minutes_saved"]
    assert gains[told].iloc[0].tolist() == [9, 2, 9, 0]


def test_links_side_by_side_are_thinned_to_the_shortest():
    network = river_town()
    assert len(candidate_links(network, **{**SEARCH, "max_length_m": 1200})) > 10
    thinned = candidate_links(network, **{**SEARCH, "max_length_m": 1200, "spacing_m": 20_000})
    assert thinned["length_m"].tolist() == [400]


def test_a_plan_counts_each_family_once_and_keeps_to_the_budget():
    network = river_town()
    ways = to_school(network, HOMES)
    links = candidate_links(network, **SEARCH, rivers=RIVER)
    plan = link_plan(links, ways, **WANTED, budget_idr=10_000_000_000)
    assert plan["link_id"].tolist() == ["1000_0-1000_400"]  # further bridges bring nobody else within 10 minutes
    assert plan[["step", "total_families", "total_poor_families", "total_cost_idr"]].iloc[0].tolist() == [
        1, 30, 5, 2_400_000_000,
    ]  # fmt: skip
    assert link_plan(links, ways, **WANTED, budget_idr=2_399_999_999).empty
    wide = link_plan(links, ways, **{**WANTED, "standard_min": 1}, budget_idr=10_000_000_000)
    assert wide["total_families"].tolist() == [10]


def test_what_a_link_adds_is_told_given_those_before():
    roads = drawn([(0, 0), (1000, 0)], [(0, 300), (1000, 300)], [(0, 600), (1000, 600)])
    network = road_network(roads, tolerance_m=1)
    ways = to_school(network, [[0, 300], [0, 600]])
    links = candidate_links(network, **SEARCH)
    given = {**WANTED, "families": [1, 50], "poor_families": [1, 50], "standard_min": 10}
    alone = link_gains(links, ways, **given)
    assert alone["families"].max() == 1  # the far village needs two links
    plan = link_plan(links, ways, **given, budget_idr=1e12)
    assert plan["families"].tolist() == [1, 50]
    assert plan["total_poor_families"].tolist() == [1, 51]
    assert_frame_equal(link_plan(links, ways, **given, budget_idr=1e12, most_links=1), plan.iloc[:1])
    for wrong in (0, -1, 1.5, True, "a"):
        refused(lambda wrong=wrong: link_plan(links, ways, **given, budget_idr=1, most_links=wrong), "most_links")


def searched_again(ways: Journeys, links: list[tuple[int, int, float]]) -> np.ndarray:
    """Minutes of every place by scipy's search of the whole network with these links in it."""
    graph, count = ways.against, len(ways.minutes)
    extra = [(start, end, over) for a, b, over in links for start, end in ((a, b), (b, a))]
    tail, head, over = zip(*extra, strict=True) if extra else ((), (), ())
    whole = arcs(
        np.concatenate([graph.tail, np.array(tail, dtype=int)]),
        np.concatenate([graph.head, np.array(head, dtype=int)]),
        np.concatenate([graph.minutes, over]),
        np.concatenate([graph.metres, np.zeros(len(over))]),
        nodes=count,
    )
    minutes = dijkstra(whole.matrix(), indices=np.flatnonzero(ways.minutes == 0), min_only=True)
    found = np.full(len(ways.known), np.inf)
    np.minimum.at(found, ways.steps["place"], ways.steps["minutes"] + minutes[ways.steps["node"]])
    return found


@st.composite
def districts(draw):
    """A drawn network with one-way streets, a facility, families, and links between any of its nodes."""
    lines = draw(maps)
    ways = draw(st.lists(st.sampled_from(["yes", "no", "no"]), min_size=len(lines), max_size=len(lines)))
    network = road_network(drawn(*lines, oneway=ways), tolerance_m=1)
    spots = st.tuples(st.integers(0, 600), st.integers(0, 600))
    homes = draw(st.lists(spots, min_size=1, max_size=6))
    stands = draw(st.lists(spots, min_size=1, max_size=2))
    found = journeys(homes, stands, network, speeds_kmh=SPEEDS, walking_kmh=5, access_max_m=300)
    node = st.integers(0, len(network.nodes) - 1)
    over = st.sampled_from([0.1, 0.5, 2.0])
    links = draw(st.lists(st.tuples(node, node, over).filter(lambda link: link[0] != link[1]), min_size=1, max_size=4))
    return found, links


@settings(max_examples=25)
@given(districts())
def test_a_link_is_worth_what_a_new_search_says(district):
    ways, links = district
    before = state_of(ways)
    np.testing.assert_allclose(before.family_min, searched_again(ways, []), atol=1e-9)
    for start, end, over in links:
        _, _, place, then = changes(before, start, end, over)
        told = before.family_min.copy()
        told[place] = then
        np.testing.assert_allclose(told, searched_again(ways, [(start, end, over)]), atol=1e-9)
        assert (told <= before.family_min).all()  # a link never lengthens a way
        assert (then < before.family_min[place]).all()


@settings(max_examples=25)
@given(districts())
def test_links_one_after_the_other_are_worth_what_a_new_search_of_all_says(district):
    ways, links = district
    state = state_of(ways)
    for start, end, over in links:
        state = with_link(state, start, end, over)
    np.testing.assert_allclose(state.family_min, searched_again(ways, links), atol=1e-9)


@settings(max_examples=15)
@given(districts(), st.data())
def test_the_total_of_a_plan_is_that_of_all_its_links_at_once(district, data):
    ways, links = district
    count = len(ways.known)
    families = data.draw(st.lists(st.integers(0, 9), min_size=count, max_size=count))
    table = gpd.GeoDataFrame(links, columns=["start", "end", "minutes"])
    table = table.assign(
        length_m=table.pop("minutes") * 500, river_crossings=0, link_id=[f"{at}" for at in table.index]
    )
    given = {"families": families, "poor_families": families, "standard_min": 1.0, "link_kmh": 30, "cost": COST}
    plan = link_plan(table, ways, **given, budget_idr=600_000_000)
    at_once = searched_again(ways, list(zip(plan["start"], plan["end"], plan["minutes"], strict=True)))
    new = (at_once <= 1 + 1e-9) & (searched_again(ways, []) > 1 + 1e-9)
    assume(not np.isclose(np.abs(at_once - 1), 0, atol=1e-9).any())
    assert plan["families"].sum() == np.array(families)[new].sum()
    assert plan["cost_idr"].sum() <= 600_000_000
    order = data.draw(st.permutations(range(len(table))))
    assert_frame_equal(link_plan(table.iloc[order], ways, **given, budget_idr=600_000_000), plan)


@settings(max_examples=15)
@given(maps, st.sampled_from([150, 300]), st.sampled_from([1.5, 3]))
def test_candidates_are_all_pairs_that_are_near_and_far_apart_by_road(lines, length_m, detour):
    network = road_network(drawn(*lines), tolerance_m=1)
    links = candidate_links(network, max_length_m=length_m, least_detour=detour, spacing_m=0)
    xy, count = network.nodes[["x", "y"]].to_numpy(), len(network.nodes)
    metres = np.full((count, count), np.inf)
    for start, end, long in network.edges[["start", "end", "length_m"]].itertuples(index=False):
        metres[start, end] = metres[end, start] = min(metres[start, end], long)
    for by in range(count):
        metres = np.minimum(metres, metres[:, [by]] + metres[[by], :])
    straight = np.hypot(*(xy[:, None] - xy[None, :]).transpose(2, 0, 1))
    one, other = np.triu_indices(count, k=1)
    near = straight[one, other] <= length_m
    ratio = metres[one, other] / straight[one, other]
    assume(not np.isclose(ratio[near], detour).any())
    wanted = {(a, b) for a, b in zip(one[near & (ratio >= detour)], other[near & (ratio >= detour)], strict=True)}
    assert set(zip(links["start"], links["end"], strict=True)) == wanted
    np.testing.assert_allclose(links["road_m"], metres[links["start"], links["end"]])


def test_the_kernel_leaves_what_it_was_given():
    # 0 -> 1 -> 2 in 1 minute each, nearest so far 5, 6, 3: from 0 at 1 minute only 0 and 1 come nearer
    nearest = np.array([5.0, 6.0, 3.0])
    nodes, minutes = shortened(np.array([0, 1, 2, 2]), np.array([1, 2]), np.array([1.0, 1.0]), nearest, 0, 1.0)
    assert nodes.tolist() == [0, 1]
    assert minutes.tolist() == [1, 2]
    assert nearest.tolist() == [5, 6, 3]


def test_villages_are_told_by_the_share_of_their_families():
    answers = pd.DataFrame(
        {
            "families": [100, 50, 10, 80, 60],
            "without": [60, 0, 9, 3, 40],
            "unanswered": [0, 0, 0, 70, 0],
            "poor_without": [20, 0, 9, 3, 30],
        },
        index=list("dabce"),
    )
    told = villages_without(answers, least_share=0.5, least_families=20, least_known=0.5)
    assert told["status"].to_dict() == {"d": "without", "a": "served", "b": "unknown", "c": "unknown", "e": "without"}
    assert told["rank"].tolist() == [2, pd.NA, pd.NA, pd.NA, 1]
    assert told["share"].tolist() == [0.6, 0, 0.9, 0.3, 40 / 60]
    assert (told["share_lower"] <= told["share"]).all()
    some = villages_without(answers, least_share=0.9, least_families=1, least_known=0.1)
    assert some["status"].tolist() == ["some", "served", "without", "some", "some"]


def refused(call, *words):
    with pytest.raises(InvalidInputError) as told:
        call()
    assert told.value.en != told.value.id
    for word in words:
        assert word in told.value.en
        assert word in told.value.id


@pytest.mark.parametrize("wrong", [-1, np.nan, np.inf, None, "a"])
def test_numbers_out_of_range_are_refused(wrong):
    network = river_town()
    ways, links = to_school(network, HOMES), candidate_links(network, **SEARCH)
    for name in (*SEARCH, "least_length_m"):
        refused(lambda name=name: candidate_links(network, **{**SEARCH, name: wrong}), name)
    for name in ("standard_min", "link_kmh"):
        refused(lambda name=name: link_gains(links, ways, **{**WANTED, name: wrong}), name)
    refused(lambda: link_plan(links, ways, **WANTED, budget_idr=wrong), "budget_idr")
    for name in ("per_metre_idr", "per_bridge_idr"):
        refused(lambda name=name: LinkCost(**{**vars(COST), name: wrong}), name)
    refused(lambda: LinkCost(**{**vars(COST), "year": wrong}))
    answers = pd.DataFrame({"families": [9], "without": [1]})
    given = {"least_share": 0.5, "least_families": 1, "least_known": 0.5}
    for name in given:
        if (name, wrong) != ("least_families", np.inf):
            refused(lambda name=name: villages_without(answers, **{**given, name: wrong}), name)


def test_families_that_are_no_numbers_are_refused_by_row():
    network = river_town()
    homes = pd.DataFrame(HOMES, index=list("abcd"), columns=["x", "y"])
    ways, links = to_school(network, homes), candidate_links(network, **SEARCH)
    good = pd.Series(FAMILIES, index=homes.index, dtype=float)
    for wrong in (-1.0, np.nan, np.inf):
        bad = good.copy()
        bad["c"] = wrong
        refused(lambda bad=bad: link_gains(links, ways, **{**WANTED, "families": bad, "poor_families": good * 0}), "c")
    refused(lambda: link_gains(links, ways, **{**WANTED, "families": good, "poor_families": good + 1}), "a")
    refused(lambda: link_gains(links, ways, **{**WANTED, "families": FAMILIES[:2]}), "2")
    refused(lambda: link_gains(links, ways, **{**WANTED, "families": good.iloc[::-1]}))
    refused(lambda: link_gains(links.drop(columns="start"), ways, **WANTED), "start")
    refused(lambda: link_gains(links.assign(end=99_999), ways, **WANTED), "0")
    refused(lambda: LinkCost(per_metre_idr=1, per_bridge_idr=1, year=2025, source=" "))


def test_answers_that_do_not_add_up_are_refused_by_row():
    given = {"least_share": 0.5, "least_families": 1, "least_known": 0.5}
    good = pd.DataFrame({"families": [9, 9], "without": [1, 1], "poor_without": [1, 0]}, index=["a", "b"])
    for name, wrong in (("families", 0), ("without", -1), ("without", 10), ("poor_without", 2), ("families", np.nan)):
        bad = good.astype(float)
        bad.loc["b", name] = wrong
        refused(lambda bad=bad: villages_without(bad, **given), "b")
    refused(lambda: villages_without(good.drop(columns="without"), **given), "without")
    refused(lambda: villages_without(good.iloc[:0], **given))


def test_too_many_pairs_and_foreign_rivers_are_refused(monkeypatch):
    from gisapp.analysis.roads import links_candidates

    monkeypatch.setattr(links_candidates, "_MOST_PAIRS", 5)
    refused(lambda: candidate_links(river_town(), **SEARCH), "max_length_m")
    monkeypatch.undo()
    with pytest.raises(CRSMismatchError):
        candidate_links(river_town(), **SEARCH, rivers=RIVER.set_crs(4326, allow_override=True))


def test_without_candidates_the_answers_are_empty():
    network = road_network(drawn([(0, 0), (2000, 0)]), tolerance_m=1)
    links = candidate_links(network, **SEARCH, rivers=RIVER)
    ways = to_school(network, HOMES)
    assert links.empty
    assert link_gains(links, ways, **WANTED).empty
    plan = link_plan(links, ways, **WANTED, budget_idr=1e9)
    assert {"step", "total_families", "cost_idr"} <= set(plan.columns)
    assert plan.empty
