"""Visits per area: the published example, every possible allocation of small cases, properties, refusals."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from drawn_maps import series
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.analysis.allocation import neyman
from gisapp.errors import InvalidInputError


def variance(sizes, spread, visits):
    """Σ N² S² (1/n − 1/N) of the estimated total; infinite where a varying area has no visit."""
    total = 0.0
    for size, own, count in zip(sizes, spread, visits, strict=True):
        if size * own > 0:
            total += size**2 * own**2 * (1 / count - 1 / size) if count else np.inf
    return total


def test_the_published_example_of_wright():
    """Wright (2017), algorithm III: N 47, 61, 41, S² 100, 36, 16, between 1-5, 2-6 and 3-4, 10 in all: 4, 3, 3."""
    sizes, spread = series(47, 61, 41), series(10, 6, 4)
    found = neyman(sizes, spread, visits=10, least=series(1, 2, 3), most=series(5, 6, 4))
    assert found.tolist() == [4, 3, 3]
    assert variance(sizes, spread, found) == pytest.approx(101_290.3333)


def test_equal_spread_is_proportional():
    assert neyman(series(100, 200, 300), series(0.5, 0.5, 0.5), visits=60).tolist() == [10, 20, 30]


def test_a_small_area_is_visited_wholly_and_no_more():
    assert neyman(series(2, 100), series(50, 0.1), visits=20).tolist() == [2, 18]


def test_fewer_visits_than_areas_go_to_the_largest_and_ties_to_the_lower_label():
    assert neyman(series(10, 30, 30, 20), series(1, 1, 1, 1), visits=1).tolist() == [0, 1, 0, 0]
    assert neyman(series(10, 30, 30, 20), series(1, 1, 1, 1), visits=3).tolist() == [0, 1, 1, 1]


def test_an_area_without_spread_waits_until_the_others_are_full():
    assert neyman(series(5, 5), series(0, 1), visits=5).tolist() == [0, 5]
    assert neyman(series(5, 5), series(0, 1), visits=7).tolist() == [2, 5]


areas = st.lists(st.tuples(st.integers(1, 4), st.sampled_from([0.0, 0.3, 0.5, 2.0])), min_size=1, max_size=4)


@given(areas, st.data())
@settings(deadline=None)
def test_no_other_allocation_is_better(rows, data):
    sizes, spread = [row[0] for row in rows], [row[1] for row in rows]
    visits = data.draw(st.integers(0, sum(sizes)))
    found = neyman(sizes, spread, visits=visits).tolist()
    others = [one for one in product(*(range(size + 1) for size in sizes)) if sum(one) == visits]
    best = min(variance(sizes, spread, one) for one in others)
    assert sum(found) == visits
    assert all(0 <= count <= size for count, size in zip(found, sizes, strict=True))
    assert variance(sizes, spread, found) == pytest.approx(best) or np.isinf(best)


@given(st.lists(st.integers(0, 900), min_size=2, max_size=40), st.data())
def test_limits_hold_and_the_sum_is_kept(sizes, data):
    least = data.draw(st.integers(0, 3))
    fewest = sum(min(least, size) for size in sizes)
    visits = data.draw(st.integers(fewest, sum(sizes)))
    found = neyman(sizes, [0.5] * len(sizes), visits=visits, least=least).to_numpy()
    assert found.sum() == visits
    assert (found <= sizes).all()
    assert (found >= np.minimum(least, sizes)).all()


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: neyman([], [], visits=0), "sizes has no rows"),
        (lambda: neyman(series(1, 2), series(1), visits=1), "standard_deviation has 1 rows where 2"),
        (lambda: neyman(series(1, 2.5), series(1, 1), visits=1), "sizes is no whole number from 0 in row b"),
        (lambda: neyman(series(1, -2), series(1, 1), visits=1), "sizes is no whole number from 0 in row b"),
        (lambda: neyman(series(1, 2), series(1, np.nan), visits=1), "standard_deviation is not a number in row b"),
        (lambda: neyman(series(1, 2), series(1, -1), visits=1), "standard_deviation is negative in row b"),
        (lambda: neyman(series(1, 2), series(1, 1), visits=4), "not a whole number from 0 to 3"),
        (lambda: neyman(series(1, 2), series(1, 1), visits=-1), "not a whole number from 0 to 3"),
        (lambda: neyman(series(1, 2), series(1, 1), visits=1.5), "visits is 1.5"),
        (lambda: neyman(series(1, 2), series(1, 1), visits=True), "visits is True"),
        (lambda: neyman(series(5, 5), series(1, 1), visits=3, least=2), "from 4 to 10"),
        (
            lambda: neyman(series(5, 5), series(1, 1), visits=4, least=series(3, 1), most=2),
            "least is above most in row a",
        ),
        (lambda: neyman(series(5, 5), series(1, 1), visits=4, least=-1), "least is no whole number from 0 in row a, b"),
        (lambda: neyman(series(5, 5), series(1, 1), visits=4, most=[1]), "most has 1 rows where 2"),
    ],
)
def test_bad_input_is_refused(call, told):
    with pytest.raises(InvalidInputError, match=told):
        call()
