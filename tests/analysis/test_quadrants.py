from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from drawn_maps import series

from gisapp.analysis.quadrants import cut_line, quadrant
from gisapp.errors import InvalidInputError


def test_four_areas_four_quadrants():
    found = quadrant(series(0.2, 0.2, 0.1, 0.05), series(50, 5, 50, 5), rate_cut=0.15, count_cut=20)
    assert found.tolist() == [
        "high_rate_high_count",
        "high_rate_low_count",
        "low_rate_high_count",
        "low_rate_low_count",
    ]


def test_at_the_cut_is_high_and_missing_stays_missing():
    found = quadrant(series(0.1, np.nan), series(20, 20), rate_cut=0.1, count_cut=20)
    assert found.iloc[0] == "high_rate_high_count"
    assert found.iloc[1] is pd.NA


@pytest.mark.parametrize(
    ("rate", "count", "cut", "told"),
    [
        (series(-0.1), series(1), 0.1, "rate is negative in row a"),
        (series(0.1), series(-1), 0.1, "count is negative in row a"),
        (series(0.1), series(1, 2), 0.1, "2 rows"),
        (series(0.1), series(1), float("nan"), "cut"),
    ],
)
def test_bad_input_is_refused(rate, count, cut, told):
    with pytest.raises(InvalidInputError, match=told):
        quadrant(rate, count, rate_cut=cut, count_cut=1)


def test_a_line_is_the_mean_the_median_or_what_is_given():
    values = series(1.0, 2.0, 9.0, np.nan)
    assert cut_line(values, rule="mean") == 4.0
    assert cut_line(values, rule="median") == 2.0
    assert cut_line(values, rule=0.25) == 0.25
    assert cut_line(series(0.5, 0.1), rule="mean", weight=series(1.0, 3.0)) == pytest.approx(0.2)


def test_the_weighted_mean_of_shares_is_the_share_of_the_district():
    families, poor = series(400.0, 100.0, 0.0), series(40.0, 40.0, 0.0)
    shares = poor / families
    assert cut_line(shares, rule="mean", weight=families) == pytest.approx(80 / 500)


@pytest.mark.parametrize(
    ("values", "rule", "weight", "told"),
    [
        (series(1.0), "mode", None, "rule 'mode'"),
        (series(1.0), float("nan"), None, "not a number"),
        (series(), "mean", None, "no rows"),
        (series(np.nan), "median", None, "no value"),
        (series(np.inf), "mean", None, "not a number in row a"),
        (series(1.0), "mean", series(-1.0), "weight is negative in row a"),
        (series(1.0), "mean", series(0.0), "no value"),
        (series(1.0), "mean", series(1.0, 2.0), "2 rows"),
    ],
)
def test_a_line_that_cannot_be_drawn_is_refused(values, rule, weight, told):
    with pytest.raises(InvalidInputError, match=told):
        cut_line(values, rule=rule, weight=weight)
