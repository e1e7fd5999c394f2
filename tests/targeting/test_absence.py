"""Which services are not known to be absent: of a desa, of the areas above it, and of a pocket."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from shapely.geometry import Point

from gisapp.maps.cards import far_from
from gisapp.targeting.absence import add_absence

AREAS = gpd.GeoDataFrame(
    {
        "code": ["12.05.01.2001", "12.05.01.2002", "12.05.02.2001", "12.05.01", "12.05.02", "12.05"],
        "parent_code": ["12.05.01", "12.05.01", "12.05.02", "12.05", "12.05", None],
    },
    geometry=[Point(0, 0)] * 6,
)
POCKETS = gpd.GeoDataFrame(
    {"member_codes": ["12.05.01.2001; 12.05.02.2001", "12.05.01.2002"]}, geometry=[Point(0, 0)] * 2
)
GAPS = pd.DataFrame(
    [
        ("12.05.01.2001", "market", "unknown"),
        ("12.05.02.2001", "primary_school", "unknown"),
        ("12.05.01.2002", "market", "known"),
    ],
    columns=["code", "service", "absence"],
)


def test_what_is_unknown_in_a_desa_is_unknown_above_it_and_in_its_pocket():
    areas, pockets = add_absence(AREAS, POCKETS, GAPS)
    assert areas["absence_unknown"].tolist() == [
        "market", "", "primary_school", "market", "primary_school", "primary_school; market",
    ]  # fmt: skip
    assert pockets["absence_unknown"].tolist() == ["primary_school; market", ""]


def test_where_all_is_known_nothing_is_listed():
    areas, pockets = add_absence(AREAS, POCKETS, GAPS.iloc[2:])
    assert areas["absence_unknown"].eq("").all()
    assert pockets["absence_unknown"].eq("").all()


def test_a_district_without_pockets_and_without_gaps_is_an_answer():
    areas, pockets = add_absence(AREAS, POCKETS.iloc[:0], GAPS.iloc[:0])
    assert areas["absence_unknown"].eq("").all()
    assert len(pockets) == 0


def test_a_distance_is_said_to_be_the_most_where_absence_is_not_known():
    row = {"distance_m_market": 9000.0, "distance_m_posyandu": 700.0, "absence_unknown": "market"}
    assert far_from(row, "id") == [
        "Pasar: paling jauh 9,0\N{NO-BREAK SPACE}km (median garis lurus; ketiadaan belum diketahui)",
        "Posyandu: jarak garis lurus median 700\N{NO-BREAK SPACE}m",
    ]
    assert "at most" in far_from(row, "en")[0]
    assert "at most" not in far_from(row | {"absence_unknown": pd.NA}, "en")[0]
