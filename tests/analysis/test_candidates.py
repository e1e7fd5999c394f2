"""Possible sites on a map of three squares: every number can be counted on the drawing."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, box

from gisapp.analysis.suggesting.candidates import check_candidates, inhabited_squares, prefer_near
from gisapp.errors import CRSMismatchError, InvalidInputError

CRS = "EPSG:32647"
#: Desa A, B and C, one kilometre wide, side by side.
AREAS = gpd.GeoDataFrame(
    {"code": ["A", "B", "C"]}, geometry=[box(1000 * at, 0, 1000 * (at + 1), 1000) for at in range(3)], crs=CRS
)
LAND = gpd.GeoDataFrame(
    {
        "kind": ["hgu", "kawasan_hutan", "kawasan_hutan", "rawan_bencana", "pola_ruang_rtrw"],
        "class": ["", "", "", "bahaya sedang", "permukiman"],
        "rule": ["excludes", "excludes", "excludes", "note", "allows"],
    },
    geometry=[
        box(0, 0, 500, 500), box(0, 0, 300, 300), box(0, 0, 250, 250), box(1000, 0, 3000, 400), box(0, 0, 3000, 1000),
    ],
    crs=CRS,
)  # fmt: skip
NOTHING = LAND.iloc[:0]


def offered(*spots, source="permukiman"):
    return gpd.GeoDataFrame(
        {"source": [source] * len(spots)}, geometry=[None if spot is None else Point(spot) for spot in spots], crs=CRS
    )


def test_all_the_land_that_excludes_a_spot_is_named_and_counted_by_kind():
    found = check_candidates(offered((100, 100), (400, 400), (900, 900)), AREAS, LAND)
    assert found.frame["excluded_by"].tolist() == ["hgu; kawasan_hutan", "hgu", None]
    assert found.counts["excluded_by"] == {"hgu": 2, "kawasan_hutan": 1}
    assert (found.counts["excluded"], found.counts["allowed"]) == (2, 1)


def test_what_is_only_noted_excludes_nothing_and_what_allows_is_not_named():
    found = check_candidates(offered((1500, 200), (1500, 900)), AREAS, LAND)
    assert found.frame["excluded_by"].isna().all()
    assert found.frame["land_note"].tolist() == ["rawan_bencana: bahaya sedang", ""]
    assert found.counts["noted"] == {"rawan_bencana": 1}


def test_each_spot_once_in_the_lowest_area_and_those_outside_are_counted():
    found = check_candidates(
        offered((1000, 500), (1500.2, 500), (1500.4, 500), (9999, 0), None, (2500, 500)), AREAS, NOTHING
    )
    assert found.frame["code"].tolist() == ["A", "B", "C"]
    assert {name: found.counts[name] for name in ("offered", "without_place", "same_spot", "outside", "allowed")} == {
        "offered": 6, "without_place": 1, "same_spot": 1, "outside": 1, "allowed": 3,
    }  # fmt: skip


def test_none_is_left_and_none_was_offered_are_answers():
    everything = LAND.iloc[:1].set_geometry([box(-1, -1, 9e3, 9e3)], crs=CRS)
    none = check_candidates(offered((100, 100)), AREAS, everything)
    assert none.counts["allowed"] == 0
    empty = check_candidates(offered(), AREAS, LAND)
    assert len(empty.frame) == 0
    assert empty.counts["offered"] == 0


def test_a_square_needs_its_families_and_its_centre_is_no_home():
    x, y = np.array([10.0, 20, 30, 490, 510, np.nan]), np.array([10.0, 20, 30, 490, 510, 3.0])
    assert inhabited_squares(x, y, edge_m=500, at_least=4).tolist() == [[250.0, 250.0]]
    assert inhabited_squares(x, y, edge_m=500, at_least=1).tolist() == [[250.0, 250.0], [750.0, 750.0]]
    assert inhabited_squares([], [], edge_m=500, at_least=1).shape == (0, 2)


@given(st.lists(st.tuples(st.floats(-5e3, 5e3), st.floats(-5e3, 5e3)), max_size=40), st.integers(2, 6))
def test_no_square_points_at_fewer_homes_than_asked(homes, at_least):
    places = np.array(homes, dtype=float).reshape(-1, 2)
    centres = inhabited_squares(places[:, 0], places[:, 1], edge_m=500, at_least=at_least)
    for centre in centres:
        assert (np.floor(places / 500) == np.floor(centre / 500)).all(axis=1).sum() >= at_least


def test_public_land_takes_the_place_of_settlements_near_it_unless_it_is_excluded():
    points = gpd.GeoDataFrame(
        {"source": ["lahan publik", "permukiman", "permukiman"]},
        geometry=[Point(1200, 900), Point(1500, 900), Point(2500, 900)],
        crs=CRS,
    )
    frame = check_candidates(points, AREAS, LAND).frame
    public = frame["source"].eq("lahan publik")
    assert prefer_near(frame, public, within_m=300)["x"].tolist() == [1200, 2500]
    assert len(prefer_near(frame, public, within_m=299)) == 3
    assert len(prefer_near(frame, public, within_m=0)) == 3
    forbidden = frame.assign(excluded_by=["hgu", None, None])
    assert len(prefer_near(forbidden, public, within_m=300)) == 3


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"points": offered((1, 1)).drop(columns="source")}, "points: no column source"),
        ({"areas": AREAS.drop(columns="code")}, "areas: no column code"),
        ({"land": LAND.drop(columns="rule")}, "land: no column rule"),
        ({"land": LAND.assign(rule="forbids")}, "forbids"),
    ],
)
def test_bad_input_is_refused_by_name(change, names):
    with pytest.raises(InvalidInputError, match=names) as refused:
        check_candidates(**({"points": offered((1, 1)), "areas": AREAS, "land": LAND} | change))
    assert refused.value.en != refused.value.id


def test_layers_in_another_crs_and_in_degrees_are_refused():
    with pytest.raises(CRSMismatchError):
        check_candidates(offered((1, 1)).to_crs(32648), AREAS, LAND)
    with pytest.raises(CRSMismatchError):
        check_candidates(offered((1, 1)).to_crs(4326), AREAS.to_crs(4326), LAND.to_crs(4326))


@pytest.mark.parametrize(("edge", "least"), [(0, 1), (-5, 1), (np.nan, 1), (500, 0)])
def test_a_square_of_no_size_or_no_family_is_refused(edge, least):
    with pytest.raises(InvalidInputError, match="edge_m"):
        inhabited_squares([1.0], [1.0], edge_m=edge, at_least=least)


def test_positions_that_do_not_match_are_refused():
    for x, y in (([1.0, 2.0], [1.0]), ([[1.0]], [[1.0]])):
        with pytest.raises(InvalidInputError, match="shape"):
            inhabited_squares(x, y, edge_m=500, at_least=1)


def test_a_distance_or_a_column_that_is_none_is_refused():
    frame = check_candidates(offered((900, 900)), AREAS, NOTHING).frame
    for wrong in (-1, np.nan, np.inf):
        with pytest.raises(InvalidInputError, match="within_m"):
            prefer_near(frame, [True], within_m=wrong)
    with pytest.raises(InvalidInputError, match="2 rows"):
        prefer_near(frame, [True, False], within_m=1)


@given(st.permutations(range(6)))
def test_the_order_of_land_does_not_matter(order):
    spots = offered((100, 100), (1500, 200), (2500, 900))
    shuffled = LAND.iloc[[at for at in order if at < len(LAND)]]
    first, second = check_candidates(spots, AREAS, LAND), check_candidates(spots, AREAS, shuffled)
    assert first.frame.equals(second.frame)
    assert first.counts == second.counts
