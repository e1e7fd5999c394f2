"""Counts and shares that a reader can redo on paper."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from gisapp.columns import DEPRIVATIONS
from gisapp.targeting.areas import population_warnings
from gisapp.targeting.measure import add_headcount, at_risk, count_families, measure_deprivation

EQUAL = dict.fromkeys(DEPRIVATIONS, 1 / len(DEPRIVATIONS))


@pytest.fixture
def families() -> pd.DataFrame:
    """Three families in A (one poor), two in B (both poor), one in no desa."""
    frame = pd.DataFrame(
        [("A", 4, False), ("A", 2, True), ("A", 5, False), ("B", 3, True), ("B", 6, True), (None, 9, True)],
        columns=["code", "persons", "poor"],
    )
    for name in DEPRIVATIONS:
        frame[name] = pd.array([False] * 6, dtype="boolean")
    return frame


def test_families_and_persons_are_counted_apart(families):
    counted = count_families(families, families["code"])
    assert counted.loc["A"].to_dict() == {"families": 3, "persons": 11, "poor_families": 1, "poor_persons": 2}
    assert counted.loc["B"].to_dict() == {"families": 2, "persons": 9, "poor_families": 2, "poor_persons": 9}


def test_half_of_the_weights_makes_a_family_deprived(families):
    for name in list(DEPRIVATIONS)[:4]:
        families.loc[families["code"].eq("B"), name] = True
    measured = measure_deprivation(families.dropna(), families["code"].dropna(), weights=EQUAL, cutoff=0.5)
    # Both families of B lack 4 of 8: H = 1, A = 0.5, M0 = 0.5, each of the four contributes a quarter.
    assert measured.loc["B", ["multidimensional_headcount", "intensity", "adjusted_headcount"]].tolist() == [
        1,
        0.5,
        0.5,
    ]
    assert measured.loc["B", "contribution_schooling"] == pytest.approx(0.25)
    assert measured.loc["A", "adjusted_headcount"] == 0


def test_unknown_is_neither_deprived_nor_not(families):
    families.loc[0, "water"] = pd.NA
    families.loc[1, "water"] = True
    measured = measure_deprivation(families.dropna(subset="code"), families["code"].dropna(), weights=EQUAL, cutoff=0.1)
    assert measured.loc["A", "deprived_share_water"] == 0.5
    assert measured.loc["A", "share_unknown"] == pytest.approx(1 / 3)


def groups(**columns: list[float]) -> pd.DataFrame:
    return pd.DataFrame(columns, index=["A", "B"])


def test_the_share_is_over_the_population_where_it_is_known_and_says_so():
    found = add_headcount(
        groups(
            families=[50, 50], persons=[200, 200], poor_families=[10, 10], poor_persons=[40, 40],
            population_families=[100, np.nan], population_persons=[400, np.nan],
        )
    )  # fmt: skip
    assert found["headcount_ratio"].tolist() == [0.1, 0.2]
    assert found["headcount_basis"].tolist() == ["population_persons", "registered_families"]
    # Wilson for 10 of 100: (0.1 + 0.0192 ± 1.96 √(0.0009 + 0.000096)) / 1.0384
    assert found.loc["A", "headcount_lower"] == pytest.approx(0.0552, abs=1e-4)
    assert found.loc["A", "headcount_upper"] == pytest.approx(0.1744, abs=1e-4)


def test_an_area_without_families_has_no_share():
    found = add_headcount(
        groups(
            families=[0, 4], persons=[0, 9], poor_families=[0, 1], poor_persons=[0, 3],
            population_families=[np.nan, np.nan], population_persons=[np.nan, np.nan],
        )
    )  # fmt: skip
    assert found["headcount_ratio"].isna().tolist() == [True, False]
    assert found["headcount_lower"].isna().tolist() == [True, False]
    assert found.loc["B", "headcount_ratio"] == 0.25


def test_the_population_at_risk_is_never_below_what_is_registered():
    listed = groups(families=[50, 50], poor_families=[10, 5], population_families=[40, 100])
    assert at_risk(listed)["population"].tolist() == [50, 100]
    unknown = groups(families=[50, 50], poor_families=[10, 5], population_families=[40, np.nan])
    assert at_risk(unknown)["population"].tolist() == [50, 50]


def test_a_population_table_that_cannot_be_right_is_counted():
    desa = pd.DataFrame(
        {
            "families": [50, 50, 50], "persons": [200, 200, 200],
            "population_families": [60, 40, np.nan], "population_persons": [240, 150, np.nan],
        }
    )  # fmt: skip
    assert population_warnings(desa) == {"population_missing": 1, "population_below_registered": 1}
    assert population_warnings(desa.assign(population_families=np.nan)) == {}
