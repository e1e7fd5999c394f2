from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.poverty import foster_greer_thorbecke, poverty_measures
from gisapp.errors import InvalidInputError

INCOME = pd.Series([20.0, 40, 60, 80, 200])


@pytest.mark.parametrize(("alpha", "expected"), [(0, 0.8), (1, 0.4), (2, 0.24)])
def test_five_incomes_by_hand(alpha, expected):
    assert foster_greer_thorbecke(INCOME, 100, alpha=alpha) == pytest.approx(expected)


@pytest.mark.shared_data
def test_the_reference_answers(shared_data):
    case = json.loads((shared_data / "reference" / "mpi_fgt" / "answers.json").read_text())["fgt_5"]
    for alpha in (0, 1, 2):
        answer = foster_greer_thorbecke(case["income"], case["z"], alpha=alpha)
        assert answer == pytest.approx(case[f"P{alpha}"])


def test_on_the_line_is_not_poor():
    assert foster_greer_thorbecke([100, 99], 100, alpha=0) == 0.5


def test_weights_and_groups():
    found = foster_greer_thorbecke(
        pd.Series([50.0, 200, 50, 50]), 100, alpha=0, weight=[1, 3, 1, 0], by=["A", "A", "B", "C"]
    )
    assert found.to_dict() == pytest.approx({"A": 0.25, "B": 1.0, "C": np.nan}, nan_ok=True)


@pytest.mark.parametrize("line", [5, np.int64(5), np.array(5.0)])
def test_one_line_for_all(line):
    assert foster_greer_thorbecke([1, 9], line, alpha=0) == 0.5


def test_a_line_per_row():
    assert foster_greer_thorbecke(INCOME, pd.Series([10.0, 50, 50, 50, 400]), alpha=0) == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("welfare", "line", "more", "told"),
    [
        ([1, np.nan], 100, {}, "welfare is not a number in row 1"),
        ([1, -2], 100, {}, "welfare is negative in row 1"),
        ([], 100, {}, "no rows"),
        ([1, 2], 0, {}, "not above 0"),
        ([1, 2], [1], {}, "1 rows where 2"),
        ([1, 2], 100, {"weight": [1, -1]}, "weight is negative in row 1"),
        ([1, 2], 100, {"by": ["A", None]}, "no group in `by` in row 1"),
    ],
)
def test_bad_input_is_refused_with_the_row(welfare, line, more, told):
    with pytest.raises(InvalidInputError, match=told):
        foster_greer_thorbecke(welfare, line, alpha=1, **more)


def test_a_negative_alpha_is_refused():
    with pytest.raises(InvalidInputError, match="alpha"):
        foster_greer_thorbecke([1], 100, alpha=-1)


incomes = st.lists(st.floats(0, 300), min_size=1, max_size=30)


@given(incomes)
def test_headcount_is_at_least_gap_is_at_least_severity(values):
    p0, p1, p2 = (foster_greer_thorbecke(values, 100, alpha=alpha) for alpha in (0, 1, 2))
    assert 1 >= p0 >= p1 >= p2 >= 0


@given(incomes, incomes)
def test_it_is_the_weighted_mean_of_its_groups(first, second):
    values, group = [*first, *second], ["A"] * len(first) + ["B"] * len(second)
    parts = foster_greer_thorbecke(values, 100, alpha=1, by=group)
    whole = foster_greer_thorbecke(values, 100, alpha=1)
    assert whole == pytest.approx((parts["A"] * len(first) + parts["B"] * len(second)) / len(values))


def test_shares_and_counts_stand_side_by_side():
    """Line 100: incomes 20 … 80 lack 80, 60, 40, 20; of 15 persons 12 are poor, with gaps of 0.8, 0.6, 0.4, 0.2."""
    found = poverty_measures(INCOME, 100, weight=[3, 3, 3, 3, 3]).loc["all"]
    assert found[["rows", "poor_rows", "weight", "poor_weight", "shortfall"]].tolist() == [5, 4, 15, 12, 600]
    assert found[["poverty_headcount", "poverty_gap", "poverty_severity"]].tolist() == pytest.approx([0.8, 0.4, 0.24])


def test_the_count_can_rise_while_the_share_falls():
    found = poverty_measures(pd.Series([50.0, 150, 50, 50, 150, 150, 150]), 100, by=["2015", "2015", *["2016"] * 5])
    assert found["poor_rows"].tolist() == [1, 2]
    assert found["poverty_headcount"].tolist() == [0.5, 0.4]


def test_a_group_that_weighs_nothing_has_no_share():
    found = poverty_measures([50.0, 50], 100, weight=[1, 0], by=pd.Series(["A", "B"], name="area"))
    assert np.isnan(found.loc["B", "poverty_headcount"])
    assert (found.loc["B", "rows"], found.index.name) == (1, "area")


def test_bad_welfare_is_refused_by_name():
    with pytest.raises(InvalidInputError, match="poverty_measures: welfare is negative in row 1"):
        poverty_measures([1, -2], 100)


@given(incomes, st.floats(1, 300), st.floats(1, 2))
def test_a_higher_line_never_lowers_a_measure(values, line, factor):
    names = ["poor_rows", "poverty_headcount", "poverty_gap", "poverty_severity", "shortfall"]
    low, high = (poverty_measures(values, z).loc["all", names] for z in (line, line * factor))
    assert (low <= high + 1e-9).all()


@given(incomes, st.sampled_from([0.5, 2.0, 1024.0]))
def test_the_unit_of_money_changes_no_share(values, factor):
    names = ["poor_rows", "poverty_headcount", "poverty_gap", "poverty_severity"]
    first = poverty_measures(values, 100).loc["all", names]
    second = poverty_measures([value * factor for value in values], 100 * factor).loc["all", names]
    assert first.tolist() == pytest.approx(second.tolist())


@given(st.lists(st.tuples(st.floats(0, 300), st.integers(0, 9), st.sampled_from("xyz")), min_size=1, max_size=30))
def test_all_measures_are_those_of_the_single_function(rows):
    values, weight, by = (list(part) for part in zip(*rows, strict=True))
    found = poverty_measures(values, 100, weight=weight, by=by)
    for alpha, name in enumerate(("poverty_headcount", "poverty_gap", "poverty_severity")):
        single = foster_greer_thorbecke(values, 100, alpha=alpha, weight=weight, by=by)
        np.testing.assert_allclose(found[name], single)
