"""Funded works placed in the desa of a hand-drawn district, and those that can pre-empt nothing."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString, Point, box

from gisapp.targeting.works import place_works, work_warnings

CRS = "EPSG:32647"
CODES = ["12.05.01.2001", "12.05.01.2002", "12.05.02.2001"]
DESA = gpd.GeoDataFrame(
    {"code": CODES}, geometry=[box(1000 * at, 0, 1000 * (at + 1), 1000) for at in range(3)], crs=CRS
)


def place(*rows, period="2025", years_back=1):
    made = [{"year": 2025, "answers": ("water",), "code": "", "geometry": None, **row} for row in rows]
    frame = gpd.GeoDataFrame(pd.DataFrame(made), geometry="geometry", crs=CRS)
    return place_works(frame, DESA, period=period, years_back=years_back)


@pytest.mark.parametrize(
    ("row", "codes", "certain"),
    [
        ({"code": "1205012002"}, (CODES[1],), True),
        ({"code": "12.05.01"}, tuple(CODES[:2]), False),
        ({"geometry": Point(500, 500)}, (CODES[0],), True),
        ({"geometry": LineString([(500, 500), (2500, 500)])}, tuple(CODES), True),
        ({"geometry": Point(500, 500), "code": "1205022001"}, (CODES[0],), True),
    ],
)
def test_a_shape_goes_before_a_code_and_a_kecamatan_is_not_sure(row, codes, certain):
    works, facts = place(row)
    assert (works["codes"].iloc[0], bool(works["certain"].iloc[0])) == (codes, certain)
    assert work_warnings(facts) == {}


def test_works_gone_by_of_unknown_kind_or_without_a_place_are_counted_each_once():
    works, facts = place(
        {"year": 2023, "code": CODES[0]}, {"answers": (), "code": CODES[0]}, {}, {"code": "12.05"},
        {"code": "12.22.01"}, {"geometry": Point(9e6, 0)}, {"year": 2024, "code": CODES[0]},
        {"year": 2027, "code": CODES[0]},
    )  # fmt: skip
    assert works["year"].tolist() == [2024, 2027]
    assert work_warnings(facts) == {"work_kind_unknown": 1, "work_without_place": 4, "work_past": 1}
    assert facts["supplied"] == facts["used"] + sum(work_warnings(facts).values())


def test_a_period_without_a_year_lets_no_work_be_of_the_past():
    works, facts = place({"year": 1999, "code": CODES[0]}, period="awal")
    assert len(works) == 1
    assert facts["first_year"] is None
