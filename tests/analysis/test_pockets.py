from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from drawn_maps import chessboard, district_with

from gisapp.analysis.finding.area_tests import METHODS, WITNESSES
from gisapp.analysis.pockets import find_pockets, pocket_id
from gisapp.errors import InvalidInputError

#: A block of 2 × 3 at three times the ordinary rate, and one square alone.
BLOCK = {26: 3.0, 27: 3.0, 38: 3.0, 39: 3.0, 50: 3.0, 51: 3.0}
ALONE = {117: 4.0}


@pytest.fixture(scope="module")
def planted():
    return find_pockets(district_with({**BLOCK, **ALONE}), seed=1, redraws=19)


def test_the_block_and_the_lone_square_are_the_pockets(planted):
    codes = [set(map(int, codes)) for codes in planted.pockets["member_codes"]]
    assert codes == [set(ALONE), set(BLOCK)]


def test_a_pocket_row_tells_who_found_it_and_how_much_higher_it_is(planted):
    block = planted.pockets.iloc[1]
    assert block["agreement"] == len(block["methods"].split(", ")) >= 2
    assert block["methods_run"] == len(WITNESSES)
    assert 2.4 < block["relative_risk"] < 3.3
    assert block["p_value"] < 0.001
    assert block["stability"] > 0.9
    assert block["population"] == 6000


def test_relative_risk_is_against_everything_outside_this_pocket():
    areas = district_with({**BLOCK, **ALONE})
    row = find_pockets(areas, seed=1, redraws=0).pockets.iloc[1]
    inside = areas["code"].isin(row["member_codes"])
    expected = (areas.loc[inside, "events"].sum() / 6000) / (areas.loc[~inside, "events"].sum() / (1000 * 138))
    assert row["relative_risk"] == pytest.approx(expected)


def test_members_align_with_the_areas_and_are_high_themselves(planted):
    areas = district_with({**BLOCK, **ALONE})
    members = planted.members
    assert members.index.equals(areas.index)
    inside = members["pocket_id"].notna()
    assert (members.loc[inside, "smoothed"] > areas["events"].sum() / areas["population"].sum()).all()
    assert set(members.loc[inside, "role"]) <= {"core", "rim"}
    assert members.loc[~inside, "role"].isna().all()


def test_no_pocket_is_a_valid_result():
    result = find_pockets(district_with({}), seed=1)
    assert len(result.pockets) == 0
    assert result.members["pocket_id"].isna().all()
    assert "stability" in result.pockets.columns


def test_no_event_anywhere_is_a_valid_result():
    result = find_pockets(district_with({}).assign(events=0), seed=1)
    assert len(result.pockets) == 0
    assert (result.members["methods_found"] == 0).all()


def test_every_area_the_same_is_a_valid_result():
    assert len(find_pockets(district_with({}).assign(events=100), seed=1).pockets) == 0


def test_the_same_seed_gives_the_same_and_the_order_of_areas_gives_the_same_pockets(planted):
    areas = district_with({**BLOCK, **ALONE})
    again = find_pockets(areas, seed=1, redraws=19)
    pd.testing.assert_frame_equal(again.members, planted.members)
    pd.testing.assert_frame_equal(again.pockets, planted.pockets)
    turned = find_pockets(areas.sample(frac=1, random_state=1), seed=1, redraws=19)
    pd.testing.assert_frame_equal(turned.pockets, planted.pockets)
    pd.testing.assert_frame_equal(turned.members.sort_index(), planted.members)


def test_the_id_names_the_members_in_any_order():
    assert pocket_id(["b", "a"]) == pocket_id(["a", "b"]) != pocket_id(["a"])
    assert len(pocket_id(["a"])) == 10


def test_parameters_for_the_manifest(planted):
    assert planted.parameters["level_each_method"] == 0.05 / len(WITNESSES)
    assert planted.parameters["permutations"] == 2 * 144 / (0.05 / len(WITNESSES))
    assert planted.parameters["islands"] == []
    assert planted.parameters["methods"] == list(METHODS)


def test_an_area_without_population_is_in_no_pocket_and_stops_nothing():
    areas = district_with(BLOCK)
    areas.loc[27, ["population", "events"]] = 0
    result = find_pockets(areas, seed=1, redraws=5)
    assert len(result.pockets) >= 1
    assert result.members.loc[27, "pocket_id"] is pd.NA


def test_more_methods_asked_for_never_gives_more_core():
    areas = district_with(dict.fromkeys(BLOCK, 1.6), seed=3)
    one, two = (find_pockets(areas, seed=1, redraws=0, min_methods=m).members for m in (1, 2))
    assert (two["role"].eq("core").sum()) <= (one["role"].eq("core").sum())


@pytest.mark.parametrize(
    ("change", "more", "told"),
    [
        ({"events": 2000}, {}, "exceed the population in row 000"),
        ({"events": -1}, {}, "events is negative in row 000"),
        ({"code": "x"}, {}, "code x occurs twice"),
        ({"population": 0, "events": 0}, {}, "zero everywhere"),
        ({}, {"level": 0}, "level"),
        ({}, {"min_methods": len(WITNESSES) + 1}, "min_methods"),
    ],
)
def test_bad_input_is_refused(change, more, told):
    with pytest.raises(InvalidInputError, match=told):
        find_pockets(district_with({}).assign(**change), **{"seed": 1, **more})


def test_missing_columns_are_named():
    with pytest.raises(InvalidInputError, match="population, events"):
        find_pockets(chessboard(2, 2), seed=1)


def test_random_rates_seldom_make_a_pocket():
    """CV 0.3 between areas and no pattern: a pocket in at most a few maps of twenty."""
    found = 0
    for seed in range(20):
        areas: gpd.GeoDataFrame = chessboard(12, 12)
        generator = np.random.default_rng(seed)
        rate = 0.09 * np.exp(generator.normal(-0.045, 0.3, 144))
        areas = areas.assign(population=1000, events=generator.binomial(1000, rate))
        found += len(find_pockets(areas, seed=1, redraws=0).pockets) > 0
    assert found <= 4
