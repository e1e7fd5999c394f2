"""Level against change: four types by hand, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from drawn_maps import series
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.klassen import TYPES, klassen_typology
from gisapp.errors import InvalidInputError


def typed(level, change, level_cut=0.15, change_cut=-0.01):
    return klassen_typology(level, change, level_cut=level_cut, change_cut=change_cut)


def test_four_areas_four_types():
    found = typed(series(0.2, 0.2, 0.1, 0.1), series(0.0, -0.05, 0.0, -0.05))
    assert found.tolist() == ["high_lagging", "high_catching_up", "low_slipping", "low_leading"]


def test_at_a_line_is_its_worse_side_and_missing_says_nothing():
    found = typed(series(0.15, 0.2, np.nan), series(-0.01, np.nan, 0.1))
    assert found.iloc[0] == "high_lagging"
    assert found.iloc[1:].isna().all()


def test_constant_values_at_their_own_mean_are_all_of_one_type():
    assert set(typed(series(0.2, 0.2), series(0.0, 0.0), 0.2, 0.0)) == {"high_lagging"}


@pytest.mark.parametrize(
    ("level", "change", "cut", "told"),
    [
        (series(np.inf), series(0.1), 0.1, "level is not a number in row a"),
        (series(0.1), series(-np.inf), 0.1, "change is not a number in row a"),
        (series(0.1), series(0.1, 0.2), 0.1, "2 rows"),
        (series(), series(), 0.1, "no rows"),
        (series(0.1), series(0.1), float("nan"), "cut is not a number"),
    ],
)
def test_bad_input_is_refused(level, change, cut, told):
    with pytest.raises(InvalidInputError, match=told):
        typed(level, change, level_cut=cut)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(-1, 1)), min_size=1, max_size=30), st.floats(0, 1))
def test_every_area_has_one_type_that_agrees_with_the_lines(pairs, cut):
    levels, changes = (pd.Series(each, dtype="float64") for each in zip(*pairs, strict=True))
    found = typed(levels, changes, level_cut=cut, change_cut=0.0)
    assert found.isin(TYPES).all()
    assert (found.str.startswith("high") == (levels >= cut)).all()
    assert (found.isin(["high_lagging", "low_slipping"]) == (changes >= 0)).all()
