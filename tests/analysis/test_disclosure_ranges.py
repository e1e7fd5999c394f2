from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.analysis.withholding.ranges import attacker_ranges
from gisapp.errors import InvalidInputError


def test_two_numbers_behind_one_total():
    """3 and 9 with 12 shown: each lies between 0 and 12, both together are known."""
    found = attacker_ranges([3, 9], [[0, 1]], [[0], [1], [0, 1]])
    assert found.tolist() == [[0, 12], [0, 12], [12, 12]]


def test_totals_that_cross_narrow_the_range():
    """a + b = 5, c + d = 9 and a + c = 3: a is 0 … 3, and b = 5 − a is 2 … 5."""
    found = attacker_ranges([1, 4, 2, 7], [[0, 1], [2, 3], [0, 2]], [[0], [1]])
    assert found == pytest.approx(np.array([[0, 3], [2, 5]]))


def test_without_a_total_nothing_is_known():
    assert attacker_ranges([4], [], [[0]]).tolist() == [[0, np.inf]]


def test_with_nothing_withheld_there_is_nothing_to_ask():
    assert attacker_ranges([], [], []).shape == (0, 2)


@given(st.lists(st.integers(0, 20), min_size=1, max_size=6), st.data())
@settings(max_examples=40, deadline=None)
def test_the_truth_is_always_possible(values, data):
    part = st.sets(st.integers(0, len(values) - 1), min_size=1).map(sorted)
    totals = data.draw(st.lists(part, max_size=4))
    low, high = attacker_ranges(values, totals, [[at] for at in range(len(values))]).T
    assert (low <= np.array(values) + 1e-6).all()
    assert (np.array(values) <= high + 1e-6).all()


@pytest.mark.parametrize(
    ("values", "totals", "told"),
    [([-1], [], "negative"), ([np.nan], [], "not a number in row 0"), ([1], [[1]], "position does not exist")],
)
def test_bad_input_is_refused(values, totals, told):
    with pytest.raises(InvalidInputError, match=told):
        attacker_ranges(values, totals, [])
