from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from gisapp.analysis.facilities.gaps import service_gaps
from gisapp.columns import columns_of
from gisapp.errors import InvalidInputError

AREAS = pd.DataFrame(
    {"code": ["A2", "A1", "B1"], "name": ["Dua", "Satu", "Tiga"], "parent_code": ["A", "A", "B"]},
)
FAMILIES = pd.DataFrame(
    {
        "code": ["A1", "A1", "A1", "A2", "B1"],
        "distance_m_primary_school": [1000.0, 3000.0, 5000.0, 3001.0, np.nan],
    }
)
STANDARDS = {"primary_school": SimpleNamespace(distance_m=3000.0, source="Permendiknas 24/2007", date="2007")}


def gaps(**change):
    given = {"standards": STANDARDS, "completeness": {"primary_school": 1.0}} | change
    return service_gaps(AREAS, FAMILIES, **given).set_index("code")


def test_families_beyond_the_standard_are_counted_among_those_measured():
    found = gaps()
    assert found.index.tolist() == ["A1", "A2", "B1"]
    assert found["distance_m"].tolist()[:2] == [3000, 3001]
    assert found["families"].tolist()[:2] == [1, 1]
    assert found["families_measured"].tolist() == [3, 1, 0]
    assert found["standard_source"].iloc[0] == "Permendiknas 24/2007 (2007)"
    assert set(found["method"]) == {"garis lurus"}


def test_an_area_without_measured_families_has_no_data_and_not_zero():
    row = gaps().loc["B1"]
    assert row["status"] == "no_data"
    assert pd.isna(row["families"])
    assert pd.isna(row["distance_m"])


def test_columns_and_ids_are_those_of_the_collection():
    found = gaps().reset_index()
    assert set(found.columns) == set(columns_of("gaps"))
    assert found["gap_id"].tolist() == ["g-A1-primary_school", "g-A2-primary_school", "g-B1-primary_school"]


@pytest.mark.parametrize(
    ("completeness", "absence"),
    [
        ({"primary_school": 1.0}, "known"),
        ({"primary_school": 0.9}, "unknown"),
        ({"primary_school": None}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_absence_is_known_only_where_the_layer_declares_itself_complete(completeness, absence):
    assert set(gaps(completeness=completeness)["absence"]) == {absence}


@pytest.mark.parametrize(
    ("where", "unknown"),
    [("A", {"A1", "A2"}), ("A1", {"A1"}), (None, {"A1", "A2", "B1"}), ("Z", set())],
)
def test_a_facility_of_unknown_position_hides_absence_in_its_area(where, unknown):
    found = gaps(unplaced=pd.DataFrame({"service": ["primary_school"], "area_code": [where]}))
    assert set(found.index[found["absence"] == "unknown"]) == unknown


def test_an_unplaced_facility_of_another_service_hides_nothing():
    found = gaps(unplaced=pd.DataFrame({"service": ["market"], "area_code": ["A"]}))
    assert set(found["absence"]) == {"known"}


def test_without_a_standard_nobody_is_beyond_it():
    found = gaps(standards={})
    assert found["families"].isna().all()
    assert found["distance_m"].notna().sum() == 2
    assert found["standard"].isna().all()


def test_no_service_measured_gives_no_rows():
    found = service_gaps(AREAS, FAMILIES[["code"]], standards={}, completeness={})
    assert list(found.columns) == list(columns_of("gaps"))
    assert not len(found)


@pytest.mark.parametrize(
    ("areas", "families", "completeness", "names"),
    [
        (AREAS.drop(columns="name"), FAMILIES, {}, "no column name"),
        (pd.concat([AREAS, AREAS]), FAMILIES, {}, "A2 stands more than once"),
        (AREAS, FAMILIES.drop(columns="code"), {}, "no column code"),
        (AREAS, FAMILIES.assign(distance_m_primary_school=[1, -1, 0, 0, 0]), {}, "row 1"),
        (AREAS, FAMILIES, {"primary_school": 1.5}, "completeness"),
    ],
)
def test_bad_input_is_refused(areas, families, completeness, names):
    with pytest.raises(InvalidInputError, match=names):
        service_gaps(areas, families, standards=STANDARDS, completeness=completeness)
