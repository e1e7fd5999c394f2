from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.deprivation import alkire_foster
from gisapp.errors import InvalidInputError

EQUAL = {"a": 0.25, "b": 0.25, "c": 0.25, "d": 0.25}


def families(rows):
    return pd.DataFrame(rows, columns=list("abcd")).astype("boolean")


#: Alkire & Foster (2011), four persons and four indicators: counts 0, 2, 4, 1.
PUBLISHED = families([[0, 0, 0, 0], [0, 1, 0, 1], [1, 1, 1, 1], [0, 1, 0, 0]])


def test_the_published_example():
    row = alkire_foster(PUBLISHED, EQUAL, cutoff=0.5).loc["all"]
    assert row["headcount_ratio"] == 0.5
    assert row["intensity"] == 0.75
    assert row["adjusted_headcount"] == 0.375
    assert row["share_unknown"] == 0
    assert row["uncensored_headcount.b"] == 0.75
    assert row["censored_headcount.b"] == 0.5
    # Poor persons miss a, b, c, d in 1, 2, 1, 2 cases: of the six, two fall on b.
    assert row["contribution.b"] == pytest.approx(2 / 6)


@pytest.mark.shared_data
def test_the_reference_answers(shared_data):
    case = json.loads((shared_data / "reference" / "mpi_fgt" / "answers.json").read_text())["alkire_foster_4x4"]
    below = families((np.array(case["Y"]) < np.array(case["z"])).astype(object))
    row = alkire_foster(below, EQUAL, cutoff=case["k"] / 4).loc["all"]
    assert row["headcount_ratio"] == case["H"]
    assert row["intensity"] == case["A"]
    assert row["adjusted_headcount"] == pytest.approx(case["M0"])


def test_a_sum_of_thirds_reaches_the_cutoff():
    thirds = pd.DataFrame({"a": [True], "b": [True], "c": [False]})
    weights = {"a": 0.1 + 0.2 - 0.2 - 0.1 + 1 / 3, "b": 1 / 3, "c": 1 / 3}
    assert alkire_foster(thirds, weights, cutoff=2 / 3).loc["all", "headcount_ratio"] == 1


def test_unknown_drops_the_row_and_says_its_share():
    rows = families([[1, 1, 1, None], [1, 1, 0, 0], [0, 0, 0, 0]])
    row = alkire_foster(rows, EQUAL, cutoff=0.5, weight=[2, 1, 1]).loc["all"]
    assert row["share_unknown"] == 0.5
    assert row["headcount_ratio"] == 0.5


def test_bounds_take_the_unknown_both_ways():
    rows = families([[1, None, 0, 0], [0, 0, 0, 0]])
    row = alkire_foster(rows, EQUAL, cutoff=0.5, unknown="bounds").loc["all"]
    assert (row["headcount_ratio_lower"], row["headcount_ratio_upper"]) == (0, 0.5)
    assert (row["adjusted_headcount_lower"], row["adjusted_headcount_upper"]) == (0, 0.25)
    assert row["headcount_ratio"] == 0


def test_groups_are_sorted_and_a_group_without_known_rows_is_missing():
    rows = families([[1, 1, 1, 1], [0, 0, 0, 0], [None, 0, 0, 0]])
    found = alkire_foster(rows, EQUAL, cutoff=0.5, by=["y", "x", "z"])
    assert list(found.index) == ["x", "y", "z"]
    assert found["headcount_ratio"].tolist()[:2] == [0, 1]
    assert np.isnan(found.loc["z", "headcount_ratio"])
    assert found.loc["z", "share_unknown"] == 1
    assert np.isnan(found.loc["x", "contribution.a"])


@pytest.mark.parametrize(
    ("weights", "more", "told"),
    [
        ({"a": 0.5, "b": 0.5}, {}, "c, d must be both"),
        ({**EQUAL, "d": 0.5}, {}, "sum to 1.25"),
        ({**EQUAL, "a": -0.25, "d": 0.75}, {}, "weight is not 0 or more in row a"),
        (EQUAL, {"cutoff": 0}, "cutoff is 0"),
        (EQUAL, {"unknown": "guess"}, "guess"),
        (EQUAL, {"weight": [1, 1, 1, -1]}, "weight is negative in row 3"),
        (EQUAL, {"by": ["x", "x", None, "x"]}, "no group in `by` in row 2"),
    ],
)
def test_bad_input_is_refused(weights, more, told):
    with pytest.raises(InvalidInputError, match=told):
        alkire_foster(PUBLISHED, weights, **{"cutoff": 0.5, **more})


def test_a_value_that_is_no_flag_is_refused_with_its_row():
    with pytest.raises(InvalidInputError, match="`a` is not true, false or missing in row 1"):
        alkire_foster(pd.DataFrame({"a": [True, "ya"]}), {"a": 1.0}, cutoff=0.5)


flags = st.lists(st.lists(st.sampled_from([True, False, None]), min_size=4, max_size=4), min_size=1, max_size=15)


@given(flags)
def test_contributions_sum_to_one_and_measures_stay_in_bounds(rows):
    row = alkire_foster(families(rows), EQUAL, cutoff=0.5, unknown="bounds").loc["all"]
    shares = row[[f"contribution.{name}" for name in EQUAL]].astype(float)
    assert shares.isna().all() or shares.sum() == pytest.approx(1)
    assert row["headcount_ratio_lower"] <= row["headcount_ratio_upper"]
    if row["headcount_ratio"] > 0:
        assert row["adjusted_headcount"] == pytest.approx(row["headcount_ratio"] * row["intensity"])
