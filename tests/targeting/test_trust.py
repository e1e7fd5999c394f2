"""Reliability, coverage and survey columns of six desa, with numbers that can be redone on paper."""

from __future__ import annotations

import json
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

from gisapp.targeting.coverage import add_registration
from gisapp.targeting.reliability import standing, trusted_share
from gisapp.targeting.survey import add_survey
from tests.plain_district import CODES, CRS, make_district, make_workspace


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    settings = make_workspace(tmp_path_factory.mktemp("trust") / "w").settings
    return replace(settings, verification_visits=60, verification_error_share=0.1)


@pytest.fixture
def district():
    return make_district(families=60, unplaced=0)


def level(codes, families, poor):
    frame = pd.DataFrame(
        {
            "code": codes, "families": families, "poor_families": poor, "population_families": np.nan,
            "headcount_ratio": np.array(poor) / np.array(families), "headcount_basis": "registered_families",
            "adjusted_headcount": 0.5 * np.array(poor) / np.array(families),
        }
    )  # fmt: skip
    return gpd.GeoDataFrame(frame, geometry=[box(0, 0, 1, 1)] * len(codes), crs=CRS)


@pytest.fixture
def levels():
    families, poor = [100, 200, 300, 400, 500, 500], [10, 30, 30, 80, 50, 100]
    return {
        "desa": level(CODES, families, poor),
        "kecamatan": level(["12.05.01"], [2000], [300]),
        "kabupaten": level(["12.05"], [2000], [300]),
    }


def test_more_families_make_a_share_more_reliable_and_its_range_holds_it(levels):
    trusted = trusted_share(levels["desa"], cuts={"alone": 0.8, "with_range": 0.5})
    assert (trusted["smoothed_lower"] < trusted["headcount_smoothed"]).all()
    assert (trusted["headcount_smoothed"] < trusted["smoothed_upper"]).all()
    assert trusted["headcount_reliability"].between(0, 1).all()
    assert trusted["headcount_reliability"].is_monotonic_increasing  # desa are sorted by families


def test_standing_goes_by_the_cuts_and_one_area_has_none(levels):
    words = standing(pd.Series([0.9, 0.8, 0.79, 0.5, 0.1, np.nan]), {"alone": 0.8, "with_range": 0.5})
    assert words.tolist() == ["alone", "alone", "with_range", "with_range", "not_alone", None]
    assert trusted_share(levels["kabupaten"], cuts={"alone": 0.8, "with_range": 0.5}).isna().all().all()


def expected(**columns):
    frame = pd.DataFrame({"key": [code.replace(".", "") for code in CODES], "concept": "all_families", "year": 2025})
    return frame.assign(lower=np.nan, upper=np.nan, standard_error=np.nan, source="uji").assign(**columns)


def test_the_gap_is_expected_less_registered_with_the_range_of_its_source(district, levels, settings):
    district.expected = expected(
        families=[120, 200, 290, 400, 550, 500],
        lower=[110, 190, 280, 390, 540, 480],
        upper=[130, 210, 300, 410, 560, 520],
    )
    out = add_registration(district, levels, settings)
    desa = out["desa"]
    assert desa["coverage_gap"].tolist() == [20, 0, -10, 0, 50, 0]
    assert desa["coverage_gap_lower"].tolist() == [10, -10, -20, -10, 40, -20]
    assert out["kabupaten"]["coverage_gap"].tolist() == [60]
    assert set(desa["coverage_gap_concept"]) == {"all_families"}
    assert desa["visits_suggested"].sum() == 60
    assert desa["visits_suggested"].tolist() == [3, 6, 9, 12, 15, 15]  # the same spread: by families
    assert "expected_missing" not in district.warnings


def test_a_missing_or_differently_counted_number_is_told_and_makes_no_sum(district, levels, settings):
    other = expected(families=500.0, concept="decile_1-2").iloc[:2]
    district.expected = pd.concat([expected(families=[120, 200, 290, 400, 550, np.nan]), other], ignore_index=True)
    out = add_registration(district, levels, settings)
    assert out["desa"]["coverage_gap"].isna().tolist() == [False] * 5 + [True]
    assert out["kabupaten"]["coverage_gap"].isna().all()
    assert district.warnings == {"expected_missing": 1, "expected_other_concept": 2}


def survey(estimate, error, **columns):
    keys = [code.replace(".", "") for code in CODES]
    frame = pd.DataFrame({"key": keys, "concept": "poverty", "estimate": estimate, "standard_error": error})
    return frame.assign(year=2024, source="uji").assign(**columns)


def test_the_relative_error_is_the_error_over_the_estimate_and_the_model_is_told(district, levels, settings):
    district.direct = survey([0.10, 0.16, 0.09, 0.22, 0.11, 0.19], [0.02, 0.04, 0.03, 0.05, 0.02, 0.03])
    out, facts = add_survey(district, levels, settings)
    desa = out["desa"]
    assert desa["survey_rse"].tolist() == pytest.approx([0.2, 0.25, 1 / 3, 0.2272727, 0.1818182, 0.1578947])
    assert desa["survey_concept"].tolist() == ["poverty (2024)"] * 6
    assert set(desa["survey_class"]) <= {"usable", "caution", "not_usable"}
    assert facts["survey"]["desa"]["areas"] == 6
    assert facts["survey"]["desa"]["model"]["covariates"] == []  # six areas carry the intercept only
    json.dumps(facts, allow_nan=False)
    assert district.warnings == {}


def test_what_the_survey_leaves_out_is_counted_and_no_model_is_forced(district, levels, settings):
    odd = survey(0.2, [0.02, np.nan, 0.0, 0.02, 0.02, 0.02])
    odd.loc[5, "key"] = "9999999999"
    other = survey(0.5, 0.1, concept="literacy").iloc[:2]
    district.direct = pd.concat([odd, other], ignore_index=True)
    out, facts = add_survey(district, levels, settings)
    assert district.warnings == {"survey_other_concept": 2, "survey_unknown_code": 1, "survey_without_error": 2}
    assert out["desa"]["survey_model_estimate"].isna().all()  # all estimates are equal
    assert "model" not in facts["survey"]["desa"]
    json.dumps(facts, allow_nan=False)


def test_without_tables_nothing_is_added(district, levels, settings):
    assert add_survey(district, levels, settings) == (levels, {})
    assert add_registration(district, levels, settings)["desa"]["coverage_gap"].isna().all()
