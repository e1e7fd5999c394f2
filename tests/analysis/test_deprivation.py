from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.deprivation import adjusted_poverty_gap, alkire_foster
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


def test_groups_contribute_by_their_size_and_their_poverty():
    """Two of four rows are poor: x has both (score 1 and 0.5), y none; x holds three of the four rows."""
    found = alkire_foster(
        families([[1, 1, 1, 1], [1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]]), EQUAL, cutoff=0.5, by=["x", "x", "x", "y"]
    )
    assert found["population_share"].to_dict() == {"x": 0.75, "y": 0.25}
    assert found["group_contribution"].to_dict() == {"x": 1.0, "y": 0.0}


def test_where_nobody_is_poor_no_group_contributes():
    found = alkire_foster(families([[0, 0, 0, 0], [0, 0, 0, 1]]), EQUAL, cutoff=0.5, by=["x", "y"])
    assert found["group_contribution"].isna().all()


def test_whole_numbers_and_true_or_false_say_the_same():
    numbers = pd.DataFrame({"a": [1, 0], "b": [1.0, 0.0], "c": pd.Series([True, None], dtype="object"), "d": [1, 0]})
    flags = numbers.astype("boolean")
    pd.testing.assert_frame_equal(alkire_foster(numbers, EQUAL, cutoff=0.5), alkire_foster(flags, EQUAL, cutoff=0.5))


def test_a_number_that_is_no_flag_is_refused_with_its_row():
    with pytest.raises(InvalidInputError, match="`a` is not true, false or missing in row 1"):
        alkire_foster(pd.DataFrame({"a": [1, 2]}), {"a": 1.0}, cutoff=0.5)


grouped = st.lists(
    st.tuples(st.lists(st.sampled_from([True, False, None]), min_size=4, max_size=4), st.sampled_from("xyz")),
    min_size=1,
    max_size=20,
)


@given(grouped, st.sampled_from([0.25, 0.5, 0.75, 1.0]))
def test_the_whole_is_the_weighted_mean_of_its_groups(rows, cutoff):
    frame, by = families([flags for flags, _ in rows]), [group for _, group in rows]
    parts = alkire_foster(frame, EQUAL, cutoff=cutoff, by=by)
    whole = alkire_foster(frame, EQUAL, cutoff=cutoff).loc["all"]
    if np.isnan(whole["headcount_ratio"]):
        return
    for name in ("headcount_ratio", "adjusted_headcount"):
        assert (parts[name] * parts["population_share"]).sum() == pytest.approx(whole[name])
    assert parts["population_share"].sum() == pytest.approx(1)
    if whole["adjusted_headcount"] > 0:
        assert parts["group_contribution"].sum() == pytest.approx(1)


@given(grouped)
def test_bounds_hold_every_way_to_fill_in_the_unknown(rows):
    frame = families([flags for flags, _ in rows])
    row = alkire_foster(frame, EQUAL, cutoff=0.5, unknown="bounds").loc["all"]
    for name in ("headcount_ratio", "adjusted_headcount"):
        for filled in (frame.fillna(False), frame.fillna(True), frame.ffill().fillna(False)):
            value = alkire_foster(filled, EQUAL, cutoff=0.5).loc["all", name]
            assert row[f"{name}_lower"] - 1e-12 <= value <= row[f"{name}_upper"] + 1e-12


@given(grouped, st.integers(2, 5))
def test_every_row_counted_k_times_changes_nothing(rows, times):
    frame = families([flags for flags, _ in rows])
    once, more = (alkire_foster(frame, EQUAL, cutoff=0.5, weight=[n] * len(rows)) for n in (1, times))
    pd.testing.assert_frame_equal(once, more)


@pytest.mark.shared_data
def test_the_adjusted_gap_of_the_reference(shared_data):
    case = json.loads((shared_data / "reference" / "mpi_fgt" / "answers.json").read_text())["alkire_foster_4x4"]
    levels, cuts = pd.DataFrame(case["Y"], columns=list("abcd")), dict(zip("abcd", case["z"], strict=True))
    found = [
        adjusted_poverty_gap(levels, cuts, EQUAL, cutoff=case["k"] / 4, alpha=alpha).loc["all"] for alpha in (0, 1)
    ]
    assert found == pytest.approx([case["M0"], case["M1"]], rel=1e-12)


def test_the_adjusted_gap_by_hand():
    """One of two persons is poor, with gaps 1/2 and 1/4 of equal weight: M1 = (0.25 + 0.125) / 2, M2 = 5/32 / 2."""
    levels = pd.DataFrame({"a": [5.0, 10.0], "b": [3.0, 2.0]})
    cuts, weights = {"a": 10, "b": 4}, {"a": 0.5, "b": 0.5}
    first, second = (adjusted_poverty_gap(levels, cuts, weights, cutoff=1, alpha=alpha).loc["all"] for alpha in (1, 2))
    assert (first, second) == pytest.approx((0.1875, 5 / 64))


@pytest.mark.parametrize(
    ("levels", "cuts", "more", "told"),
    [
        ({"a": [1.0, np.nan]}, {"a": 2}, {}, "`a` is not a number in row 1"),
        ({"a": [1.0]}, {"a": 0}, {}, "cutoff is not above 0 in row a"),
        ({"a": [1.0]}, {"b": 1}, {}, "cutoff is not above 0 in row a"),
        ({"a": [1.0]}, {"a": 1}, {"alpha": -1}, "alpha is -1"),
        ({"a": [1.0]}, {"a": 1}, {"cutoff": 2}, "cutoff is 2"),
        ({"a": []}, {"a": 1}, {}, "no rows"),
    ],
)
def test_bad_achievements_are_refused(levels, cuts, more, told):
    with pytest.raises(InvalidInputError, match=told):
        adjusted_poverty_gap(pd.DataFrame(levels), cuts, {"a": 1.0}, **{"cutoff": 1, **more})
