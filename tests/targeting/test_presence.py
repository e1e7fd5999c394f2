"""Facilities of four hand-drawn desa: what is counted once, what is elsewhere, and where absence is not known."""

from __future__ import annotations

from types import SimpleNamespace

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point, box

from gisapp.analysis.facilities.gaps import service_gaps
from gisapp.targeting.presence import presence_warnings, settle_facilities, unplaced_facilities
from gisapp.targeting.reach import completeness_by_service, placed_facilities

CRS = "EPSG:32647"
CODES = ["12.05.01.2001", "12.05.01.2002", "12.05.02.2001", "12.05.02.2002"]
NAMES = ["Satu", "Dua", "Tiga", "Empat"]
DESA = gpd.GeoDataFrame(
    {"code": CODES, "name": NAMES, "kecamatan_code": [code[:8] for code in CODES]},
    geometry=[box(5000 * at, 0, 5000 * (at + 1), 5000) for at in range(4)],
    crs=CRS,
)
KECAMATAN = gpd.GeoDataFrame(
    {"code": ["12.05.01", "12.05.02"], "name": ["Kec. Stabat", "Hinai"]},
    geometry=[box(0, 0, 10_000, 5000), box(10_000, 0, 20_000, 5000)],
    crs=CRS,
)
SETTINGS = SimpleNamespace(area_name_likeness=0.85, facility_duplicate_m=500, facility_stack_threshold=2)
STANDARDS = {"primary_school": SimpleNamespace(distance_m=3000.0, source="Permendiknas", date="2007")}
ROW = {
    "layer": "sd", "kind": "sd", "service": "primary_school", "name": "", "position": "known", "area_hint": "",
    "area_code": "", "desa_hint": "", "kecamatan_hint": "", "kabupaten_hint": "", "geometry": None,
}  # fmt: skip


def facilities(*rows):
    return gpd.GeoDataFrame(pd.DataFrame([{**ROW, **row} for row in rows]), geometry="geometry", crs=CRS)


def settle(*rows):
    return settle_facilities(facilities(*rows), DESA, KECAMATAN, district="Kabupaten Langkat", settings=SETTINGS)


def unknown_desa(*rows):
    """Desa in which absence of a primary school is unknown, in a district whose layer says it is complete."""
    kept, _ = settle(*rows)
    families = pd.DataFrame({"code": CODES, "distance_m_primary_school": 4000.0})
    gaps = service_gaps(
        DESA[["code", "name"]].assign(parent_code=DESA["kecamatan_code"]), families, standards=STANDARDS,
        completeness={"primary_school": 1.0}, unplaced=unplaced_facilities(kept),
    )  # fmt: skip
    return gaps.loc[gaps["absence"].eq("unknown"), "code"].tolist()


def test_where_every_school_is_placed_absence_is_known():
    assert unknown_desa({"geometry": Point(2500, 2500)}) == []


@pytest.mark.parametrize("position", ["blank", "unreadable", "not_finite", "zero", "swapped"])
@pytest.mark.parametrize(
    ("words", "where"),
    [
        ({"area_code": "1205012002"}, [CODES[1]]),
        ({"desa_hint": "Desa Dua"}, [CODES[1]]),
        ({"kecamatan_hint": "STABAT"}, CODES[:2]),
        ({"kecamatan_hint": "Stabatt"}, CODES[:2]),
        ({"desa_hint": "Salah Sekali", "kecamatan_hint": "Hinai"}, CODES[2:]),
        ({"kecamatan_hint": "Entah"}, CODES),
        ({}, CODES),
    ],
)
def test_a_school_without_a_usable_position_is_present_in_the_area_that_it_names(position, words, where):
    assert unknown_desa({"position": position, **words}) == where


def test_a_school_of_another_service_or_kind_hides_nothing_here():
    assert unknown_desa({"position": "blank", "service": "market"}) == []
    assert unknown_desa({"position": "blank", "service": None}) == []


def test_schools_on_one_point_stand_there_and_hide_absence_in_the_area_they_name():
    office = {"geometry": Point(2500, 2500), "position": "stacked"}
    stack = [{**office, "name": f"SDN {at}", "kecamatan_hint": "Hinai"} for at in range(3)]
    assert unknown_desa(*stack) == CODES[2:]
    assert unknown_desa(*[{**row, "kecamatan_hint": ""} for row in stack]) == CODES[:2]
    kept, counts = settle(*stack)
    assert len(placed_facilities(kept)) == 3
    assert presence_warnings(counts) == {"facility_crowded": 3}


def test_a_school_and_a_clinic_under_one_roof_hide_nothing():
    roof = {"geometry": Point(2500, 2500), "position": "stacked"}
    mixed = [{**roof, "service": service, "kind": service} for service in ("primary_school", "junior_school", "market")]
    assert unknown_desa(*mixed) == []


def test_a_school_outside_whose_words_are_no_area_here_is_another_districts():
    away = {"position": "outside", "geometry": Point(90_000, 0)}
    assert unknown_desa({**away, "kecamatan_hint": "Medan Baru"}) == []
    assert unknown_desa({**away, "kecamatan_hint": "Stabat", "kabupaten_hint": "Kota Medan"}) == []
    assert unknown_desa({**away, "area_code": "12.71.01.1001"}) == []
    assert settle({**away, "kecamatan_hint": "Medan Baru"})[1]["facility_elsewhere"] == 1


def test_a_school_outside_that_names_an_area_here_is_ours_and_nobody_knows_where():
    away = {"position": "outside", "geometry": Point(90_000, 0)}
    assert unknown_desa({**away, "kecamatan_hint": "Stabat"}) == CODES[:2]
    assert unknown_desa({**away, "kabupaten_hint": "Kab. Langkat", "kecamatan_hint": "Entah"}) == CODES


def test_the_same_school_of_two_layers_counts_once_and_a_lost_twin_hides_nothing():
    placed = {"layer": "dapodik", "name": "SDN 1 Stabat", "geometry": Point(2500, 2500)}
    twin = {"layer": "osm", "name": "SD Negeri 1", "geometry": Point(2600, 2500)}
    lost = {"layer": "osm", "name": "SD Negeri 1 Stabat", "position": "blank", "kecamatan_hint": "Stabat"}
    kept, counts = settle(twin, placed)
    assert kept["layer"].tolist() == ["dapodik"]
    assert presence_warnings(counts) == {"facility_repeated": 1}
    assert unknown_desa(placed, lost) == []
    assert unknown_desa(placed, {**lost, "kecamatan_hint": "Hinai"}) == CODES[2:]


def test_what_became_of_every_row_is_counted():
    _, counts = settle(
        {"geometry": Point(1, 1)}, {"position": "blank", "kecamatan_hint": "Stabatt"}, {"position": "zero"},
        {"position": "swapped", "desa_hint": "Entah"}, {"position": "blank", "desa_hint": "Satu"},
    )  # fmt: skip
    assert presence_warnings(counts) == {
        "facility_unplaced": 4, "facility_area_misspelt": 1, "facility_area_unknown": 2,
    }  # fmt: skip


def test_no_facility_is_an_answer():
    kept, counts = settle_facilities(
        facilities({"name": "x"}).iloc[:0], DESA, KECAMATAN, district="X", settings=SETTINGS
    )
    assert len(unplaced_facilities(kept)) == 0
    assert presence_warnings(counts) == {}


def spec(kind, share):
    return SimpleNamespace(kind=kind, kind_map={}, completeness=share)


@pytest.mark.parametrize(
    ("layers", "share"),
    [
        ([spec("sd", 1.0), spec("mi", 0.96)], 0.96),
        ([spec("sd", 1.0)], None),
        ([spec("sd", 1.0), spec("mi", None)], None),
        ([spec("sd", 1.0), spec("mi", 1.0), spec("sd", None), spec("sd", 0.4)], 1.0),
        ([], None),
    ],
)
def test_a_second_poorer_layer_of_a_kind_takes_nothing_from_the_better_one(layers, share):
    catalog = SimpleNamespace(
        facilities=lambda: layers, roads=lambda: [], kinds={"sd": 1, "mi": 1},
        service_of=lambda kind: "primary_school" if kind in ("sd", "mi") else None,
    )  # fmt: skip
    assert completeness_by_service(catalog)["primary_school"] == share
