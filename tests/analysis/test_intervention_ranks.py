"""Ranks within a kind, and the one number that would change them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.suggesting.ranks import rank_within, smallest_change
from gisapp.errors import InvalidInputError


def test_ranks_and_their_range_within_each_kind():
    """Wells 10 (8-12), 11 (9-13), 20 (18-22); one school; one without a value."""
    found = rank_within([10, 20, 11, 5, np.nan], [8, 18, 9, 5, np.nan], [12, 22, 13, 5, np.nan], by=list("wwwsw"))
    assert found["rank"].tolist() == [1, 3, 2, 1, pd.NA]
    assert found["rank_lower"].tolist() == [1, 3, 1, 1, pd.NA]
    assert found["rank_upper"].tolist() == [2, 3, 2, 1, pd.NA]
    assert found["of"].tolist() == [3, 3, 3, 1, pd.NA]


def test_equal_values_share_the_best_rank():
    found = rank_within([7.0, 7.0, 9.0], [7.0, 7.0, 9.0], [7.0, 7.0, 9.0], by=["a"] * 3)
    assert found["rank"].tolist() == [1, 1, 3]
    assert found["rank_upper"].tolist() == [2, 2, 3]


@given(st.lists(st.tuples(st.floats(1, 1e6), st.floats(0, 0.5), st.floats(0, 0.5)), min_size=1, max_size=15))
def test_the_rank_lies_within_its_range(rows):
    value, down, up = (np.array(column) for column in zip(*rows, strict=True))
    found = rank_within(value, value * (1 - down), value * (1 + up), by=[0] * len(rows))
    assert (found["rank_lower"] <= found["rank"]).all()
    assert (found["rank"] <= found["rank_upper"]).all()
    assert found["rank"].min() == 1


@pytest.mark.parametrize(("low", "high"), [(11, 12), (8, 9), (np.nan, 12)])
def test_a_range_that_does_not_hold_its_value_is_refused_by_row(low, high):
    with pytest.raises(InvalidInputError, match="row 1"):
        rank_within([10, 10], [9, low], [11, high], by=["a", "a"])


def fixed(total):
    return lambda families: total / families


def test_it_would_rank_second_if_it_reached_51_families():
    """100 for 40 families is 2.5 each; 51 make 1.96, below 2.0."""
    change = smallest_change(
        2, [1.0, 2.0, 2.5], families=40, most_families=90, unit_cost_idr=100.0, value_at=fixed(100.0)
    )
    assert (change.number, change.now, change.then, change.rank_then) == ("families", 40, 51, 2)


def test_where_no_more_families_are_asked_the_price_would_have_to_fall():
    """2.5 × 79 / 100 = 1.975, below 2.0; at 80 both would be equal."""
    change = smallest_change(
        2, [1.0, 2.0, 2.5], families=40, most_families=45, unit_cost_idr=100.0, value_at=fixed(100.0)
    )
    assert (change.number, change.now, change.then, change.rank_then) == ("unit_cost_idr", 100.0, 79.0, 2)


def test_what_stands_first_says_what_would_take_that_from_it():
    change = smallest_change(0, [1.0, 3.0], families=9, most_families=9, unit_cost_idr=9.0, value_at=fixed(9.0))
    assert change.rank_then == 2
    assert change.then < change.now if change.number == "families" else change.then > change.now


def test_equal_or_alone_nothing_changes_it():
    for values in ([5.0], [5.0, 5.0, 5.0]):
        assert smallest_change(0, values, families=4, most_families=9, unit_cost_idr=1.0, value_at=fixed(20.0)) is None


@given(st.lists(st.floats(1, 100), min_size=2, max_size=8, unique=True), st.data())
def test_the_change_that_is_told_gives_the_rank_that_is_told(values, data):
    """Brute force: put the new number in and rank again."""
    at = data.draw(st.integers(0, len(values) - 1))
    families = data.draw(st.integers(1, 200))
    total = values[at] * families
    change = smallest_change(
        at, values, families=families, most_families=5000, unit_cost_idr=1e7, value_at=fixed(total)
    )
    if change is None:
        return
    new = total / change.then if change.number == "families" else values[at] * change.then / change.now
    rest = np.delete(np.array(values), at)
    assert change.rank_then == 1 + (rest < new * (1 - 1e-4)).sum()
    assert change.rank_then != 1 + (rest < values[at] * (1 - 1e-4)).sum()


@pytest.mark.parametrize(
    "wrong",
    [{"position": 5}, {"values": [1.0, 0.0]}, {"values": [1.0, np.nan]}, {"families": 0}, {"unit_cost_idr": -1.0}],
)
def test_what_cannot_be_ranked_is_refused(wrong):
    given_ = {"position": 0, "values": [1.0, 2.0], "families": 3, "unit_cost_idr": 1.0} | wrong
    position, values = given_.pop("position"), given_.pop("values")
    with pytest.raises(InvalidInputError) as refused:
        smallest_change(position, values, most_families=9, value_at=fixed(3.0), **given_)
    assert refused.value.en != refused.value.id
