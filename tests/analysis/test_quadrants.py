from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from drawn_maps import series

from gisapp.analysis.quadrants import quadrant
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
