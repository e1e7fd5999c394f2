"""Candidates of the six-desa district: squares where nothing is settled, public land first, all land that excludes."""

from __future__ import annotations

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point, box

from gisapp.targeting.candidates import candidate_warnings, land_checked, make_candidates
from tests.plain_district import CODES, CRS, SIDE, make_district

SETTINGS = SimpleNamespace(candidate_cell_m=500, public_land_within_m=500, k_staff=5)


def settlements(*spots, position="known"):
    return gpd.GeoDataFrame(
        {"kind": "permukiman", "position": position},
        index=range(len(spots)),
        geometry=[Point(s) for s in spots],
        crs=CRS,
    )


def polygons(*rows):
    columns = ["kind", "class", "rule", "geometry"]
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry="geometry", crs=CRS)


@pytest.fixture
def district():
    found = make_district(families=3000, unplaced=0)
    found.facilities = settlements()
    return found


def test_without_a_settlement_the_inhabited_squares_are_candidates_and_none_points_at_a_home(district):
    frame, facts = make_candidates(district, SETTINGS)
    assert set(frame["source"]) == {"sel berpenduduk"}
    assert set(frame["code"]) == set(CODES)
    assert ((frame[["x", "y"]].to_numpy() - 250) % 500 == 0).all()
    homes = np.floor(district.families[["x", "y"]].to_numpy() / 500)
    for spot in frame[["x", "y"]].to_numpy():
        assert (homes == np.floor(spot / 500)).all(axis=1).sum() >= 5
    assert facts["sources"] == {"lahan publik": 0, "permukiman": 0, "sel berpenduduk": len(frame)}


def test_a_desa_with_a_settlement_offers_no_squares_and_the_others_still_do(district):
    district.facilities = settlements((3000, 3000))
    frame, _ = make_candidates(district, SETTINGS)
    assert frame.loc[frame["code"].eq(CODES[0]), "source"].tolist() == ["permukiman"]
    assert set(frame.loc[~frame["code"].eq(CODES[0]), "source"]) == {"sel berpenduduk"}


def test_settlements_without_a_usable_position_are_no_candidates(district):
    district.facilities = settlements((3000, 3000), position="swapped")
    assert set(make_candidates(district, SETTINGS)[0]["source"]) == {"sel berpenduduk"}


def test_public_land_goes_before_a_settlement_near_it_and_says_its_name(district):
    district.facilities = settlements((3000, 3000), (9000, 3000))
    district.public_land = gpd.GeoDataFrame(
        {"name": ["Tanah Kas", ""]}, geometry=[box(3100, 3000, 3200, 3100), Point(15000, 3000)], crs=CRS
    )
    frame, facts = make_candidates(district, SETTINGS)
    named = frame[~frame["source"].eq("sel berpenduduk")]
    assert named["source"].tolist() == ["lahan publik: Tanah Kas", "lahan publik", "permukiman"]
    assert facts["replaced_by_public_land"] >= 1


def test_all_that_excludes_is_named_and_what_is_left_is_counted(district):
    district.facilities = settlements(*[(3000 + SIDE * (at % 3), 3000 + SIDE * (at // 3)) for at in range(6)])
    everywhere, south = box(-1, -1, 3 * SIDE + 1, 2 * SIDE + 1), box(0, 0, 3 * SIDE, SIDE)
    district.polygons = polygons(
        ("hgu", "", "excludes", south),
        ("lp2b", "", "excludes", south),
        ("rawan_bencana", "bahaya sedang", "note", everywhere),
    )
    frame, facts = make_candidates(district, SETTINGS)
    assert frame["excluded_by"].tolist() == ["hgu; lp2b"] * 3 + [None] * 3
    assert facts["excluded_by"] == {"hgu": 3, "lp2b": 3}
    assert facts["noted"] == {"rawan_bencana": 6}
    assert facts["desa_without"] == 3
    assert candidate_warnings(facts) == {"candidate_excluded": 3, "desa_without_candidate": 3}


def test_none_left_is_a_warning_and_no_mistake(district):
    district.polygons = polygons(("kawasan_hutan", "", "excludes", box(-9e4, -9e4, 9e4, 9e4)))
    frame, facts = make_candidates(district, SETTINGS)
    assert frame["excluded_by"].notna().all()
    assert candidate_warnings(facts)["candidates_none"] == 1
    assert candidate_warnings(facts)["desa_without_candidate"] == 6


def test_spots_outside_and_spots_twice_are_counted(district):
    district.facilities = settlements((3000, 3000), (3000, 3000), (-5000, 0))
    _, facts = make_candidates(district, SETTINGS)
    assert candidate_warnings(facts) == {"candidate_outside": 1, "candidate_same_spot": 1}


def test_land_that_touches_the_district_was_checked_and_other_land_was_not(district):
    district.polygons = polygons(
        ("hgu", "", "excludes", box(0, 0, 10, 10)), ("lp2b", "", "excludes", box(-900, -900, -500, -500)),
        ("lp2b", "", "excludes", box(-99, 99, -10, 999)),
    )  # fmt: skip
    assert land_checked(district) == (["hgu"], ["lp2b"])
    district.polygons = district.polygons.iloc[:0]
    assert land_checked(district) == ([], [])


def test_a_layer_made_before_rules_were_read_excludes(district):
    district.polygons = gpd.GeoDataFrame({"kind": ["hgu"]}, geometry=[box(-9e4, -9e4, 9e4, 9e4)], crs=CRS)
    assert make_candidates(district, SETTINGS)[0]["excluded_by"].eq("hgu").all()
