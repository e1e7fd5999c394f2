from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.withholding.flows import withheld_rows

K = 5
row = st.fixed_dictionaries({"new": st.integers(0, 12), "gone": st.integers(0, 12), "n": st.integers(0, 99)})


def test_nothing_small_is_nothing_withheld():
    rows = [{"new": 0, "gone": 5, "n": 9}, {"new": 7, "gone": 0, "n": 9}]
    assert withheld_rows(rows, counts=("new", "gone"), size="n", k=K) == set()


def test_one_small_row_takes_the_smallest_other_with_it():
    rows = [{"new": 1, "gone": 0, "n": 90}, {"new": 9, "gone": 0, "n": 80}, {"new": 9, "gone": 0, "n": 20}]
    assert withheld_rows(rows, counts=("new", "gone"), size="n", k=K) == {0, 2}


def test_two_small_rows_that_hold_too_little_together_take_a_third():
    rows = [{"new": 1, "n": 1}, {"new": 1, "n": 2}, {"new": 6, "n": 3}, {"new": 6, "n": 4}]
    assert withheld_rows(rows, counts=("new",), size="n", k=K) == {0, 1, 2}


@given(st.lists(row, max_size=12))
def test_no_small_number_is_shown_nor_left_over(rows):
    hidden = withheld_rows(rows, counts=("new", "gone"), size="n", k=K)
    for place, one in enumerate(rows):
        if place not in hidden:
            assert all(one[name] == 0 or one[name] >= K for name in ("new", "gone"))
    if hidden and len(hidden) < len(rows):
        assert len(hidden) > 1
        for name in ("new", "gone"):
            together = sum(rows[place][name] for place in hidden)
            assert together == 0 or together >= K
