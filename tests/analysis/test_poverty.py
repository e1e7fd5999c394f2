from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.poverty import foster_greer_thorbecke
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
