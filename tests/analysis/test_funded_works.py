"""Which works answer which suggestion: ten families in a row, one kilometre apart, five in each of two desa."""

from __future__ import annotations

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, box

from gisapp.analysis.suggesting.funded_works import PERHAPS, funded_by, work_text
from gisapp.errors import InvalidInputError

FAMILIES = pd.DataFrame({"code": ["A"] * 5 + ["B"] * 5, "x": np.arange(10) * 1000.0, "y": 0.0})
STANDARDS = {"primary_school": SimpleNamespace(distance_m=2000.0, source="x", date="2007")}
ALL = np.arange(10)
SCHOOL = "gap:primary_school"


def works(*rows):
    columns = ["name", "year", "budget_idr", "answers", "codes", "certain", "families", "geometry"]
    given_ = [{"name": "W", "year": 2026, "budget_idr": np.nan, "codes": (), "certain": True, "families": np.nan,
               "geometry": None, **row} for row in rows]  # fmt: skip
    return gpd.GeoDataFrame(pd.DataFrame(given_, columns=columns), geometry="geometry", crs="EPSG:32647")


def one(need, members, *rows, **more):
    found = funded_by([need], [np.asarray(members)], FAMILIES, works(*rows), standards=STANDARDS, **more)
    return found.iloc[0]


def test_a_school_answers_the_families_within_the_standard_of_it():
    row = one(SCHOOL, ALL, {"answers": (SCHOOL,), "geometry": Point(3000, 0), "name": "USB SD", "budget_idr": 2.5e9})
    assert row["funded_by"] == "USB SD (2026, Rp 2.500.000.000)"
    assert row["funded_share"] == 0.5  # the families at 1, 2, 3, 4 and 5 km
    assert bool(row["pre_empted"])
    assert not one(SCHOOL, ALL, {"answers": (SCHOOL,), "geometry": Point(3000, 0)}, pre_empted_from=0.51)["pre_empted"]


def test_a_work_with_a_code_answers_its_desa_and_a_polygon_those_inside():
    assert one("water", ALL, {"answers": ("water",), "codes": ("A",)})["funded_share"] == 0.5
    inside = {"answers": ("water",), "codes": ("A",), "geometry": box(-1, -1, 2500, 1)}
    assert one("water", ALL, inside)["funded_share"] == 0.3
    point = {"answers": ("water",), "codes": ("A",), "geometry": Point(1000, 0)}
    assert one("water", ALL, point)["funded_share"] == 0.5


def test_a_work_answers_no_more_families_than_it_is_for_and_none_twice():
    few = {"answers": ("housing",), "codes": ("A",), "families": 2}
    assert one("housing", ALL, few)["funded_share"] == 0.2
    assert one("housing", ALL, few, few, few)["funded_share"] == 0.5
    assert one("housing", ALL, {**few, "families": 0})["funded_share"] == 0.0


def test_a_work_of_a_larger_area_and_a_pipe_are_named_as_perhaps_and_never_counted():
    kecamatan = one("water", ALL, {"answers": ("water",), "codes": ("A", "B"), "certain": False})
    assert kecamatan["funded_by"] == f"{PERHAPS}W (2026)"
    assert kecamatan["funded_share"] == 0.0
    pipe = {"answers": ("water",), "codes": ("A", "B"), "geometry": LineString([(0, 0), (9000, 0)])}
    assert one("water", ALL, pipe)["funded_by"].startswith(PERHAPS)


def test_another_need_another_place_or_nobody_is_not_answered():
    school = {"answers": (SCHOOL,), "geometry": Point(3000, 0)}
    assert one("water", ALL, school)["funded_by"] == ""
    assert one(SCHOOL, [8, 9], school)["funded_share"] == 0.0
    assert not one(SCHOOL, [], school)["pre_empted"]


def test_a_family_without_a_position_is_answered_by_its_desa_alone():
    lost = FAMILIES.assign(x=np.nan)
    near = works({"answers": (SCHOOL,), "geometry": Point(3000, 0)})
    coded = works({"answers": (SCHOOL,), "codes": ("A",)})
    for layer, share in ((near, 0.0), (coded, 0.5)):
        found = funded_by([SCHOOL], [ALL], lost, layer, standards=STANDARDS)
        assert found["funded_share"].tolist() == [share]


def test_no_suggestion_and_no_work_are_answers():
    assert len(funded_by([], [], FAMILIES, works(), standards=STANDARDS)) == 0
    assert one("water", ALL)["funded_by"] == ""


def test_a_work_without_a_budget_says_its_year_alone():
    assert work_text("Sumur bor", 2026, float("nan")) == "Sumur bor (2026)"


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"families": FAMILIES.drop(columns="code")}, "families: no column code"),
        ({"works": works().drop(columns="answers")}, "works: no column answers"),
        ({"members": []}, "needs has 1 rows and members 0"),
        ({"members": [np.array([0, 10])]}, "suggestion 0 name a row"),
        ({"members": [np.array([-1])]}, "suggestion 0 name a row"),
        ({"pre_empted_from": 0}, "pre_empted_from is 0"),
        ({"pre_empted_from": 1.1}, "pre_empted_from"),
        ({"pre_empted_from": float("nan")}, "pre_empted_from"),
        ({"works": works({"answers": (), "families": -1})}, "row 0 is -1"),
    ],
)
def test_bad_input_is_refused_by_name(change, names):
    given_ = {
        "needs": ["water"], "members": [ALL], "families": FAMILIES, "works": works(), "standards": STANDARDS,
    } | change  # fmt: skip
    with pytest.raises(InvalidInputError, match=names) as refused:
        funded_by(**given_)
    assert refused.value.en != refused.value.id


@given(
    st.lists(st.integers(0, 9), unique=True), st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 6)), max_size=4)
)
def test_the_share_is_of_the_families_and_grows_with_every_work(members, made):
    rows = [{"answers": ("water",), "codes": (code,), "families": float(most)} for code, most in made]
    shares = [one("water", members, *rows[:count])["funded_share"] for count in range(len(rows) + 1)]
    assert all(0 <= share <= 1 for share in shares)
    assert shares == sorted(shares)
