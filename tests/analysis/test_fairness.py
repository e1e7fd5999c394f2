"""Fairness between groups, by hand and by the definition summed over all pairs of people."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.locating.fairness import between_groups

COUNTS = st.lists(
    st.integers(0, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=9
)


def test_two_groups_of_ten_one_reached_whole_and_one_not_at_all():
    found = between_groups([10, 0], [10, 10])
    assert (found.least, found.greatest, found.spread, found.share, found.gini) == (0.0, 1.0, 1.0, 0.5, 0.5)


def test_three_unequal_groups_by_hand():
    """Shares 0.2, 0.5, 0.8 of 10, 20, 10 people: differences 0.3·2·200/1600 … give 0.09375 / 0.5."""
    found = between_groups([2, 10, 8], [10, 20, 10])
    mean_difference = 2 * (10 * 20 * 0.3 + 10 * 10 * 0.6 + 20 * 10 * 0.3) / 40**2
    assert found.gini == pytest.approx(mean_difference / (2 * 0.5))
    assert found.spread == pytest.approx(0.6)


def test_groups_without_anybody_take_no_part():
    assert between_groups([5, 0], [10, 0]).groups == 1
    nobody = between_groups([0], [0])
    assert nobody.groups == 0
    assert math.isnan(nobody.gini)


def test_nobody_reached_is_no_inequality_but_no_equality_either():
    found = between_groups([0, 0], [5, 9])
    assert (found.least, found.greatest, found.share) == (0.0, 0.0, 0.0)
    assert math.isnan(found.gini)


@given(COUNTS)
def test_the_coefficient_is_the_mean_difference_of_all_pairs_of_people(counts):
    reached, total = map(list, zip(*counts, strict=True))
    found = between_groups(reached, total)
    shares = np.array([r / n for r, n in counts for _ in range(n)])
    if not len(shares) or not shares.any():
        assert math.isnan(found.gini)
        return
    naive = np.abs(shares[:, None] - shares[None, :]).mean() / (2 * shares.mean())
    assert found.gini == pytest.approx(naive, abs=1e-9)
    assert 0 <= found.gini < 1
    assert found.least - 1e-12 <= found.share <= found.greatest + 1e-12


@given(COUNTS, st.randoms())
def test_the_order_of_groups_and_their_number_of_copies_do_not_matter(counts, random):
    mixed = [*counts, *counts]
    random.shuffle(mixed)
    one, other = (between_groups(*zip(*some, strict=True)) for some in (counts, mixed))
    assert (math.isnan(one.gini) and math.isnan(other.gini)) or one.gini == pytest.approx(other.gini, abs=1e-9)
