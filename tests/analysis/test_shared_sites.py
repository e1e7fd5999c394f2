"""Sites that two plans share: by hand, and against every possible pairing of small plans."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.locating.shared_sites import shared_sites
from gisapp.errors import InvalidInputError


def sites(*rows: tuple[str, float, float]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["kind", "x", "y"])


def test_the_same_kind_within_the_distance_and_no_other():
    left = sites(("sd", 0, 0), ("pustu", 0, 0), ("sd", 5000, 0))
    right = sites(("sd", 0, 500), ("pustu", 0, 501), ("posyandu", 5000, 0))
    assert shared_sites(left, right, within_m=500).tolist() == [[0, 0]]


def test_each_site_is_paired_once_and_as_many_as_possible():
    """The nearest pair (1 with 0) would leave the other two alone; two pairs are possible."""
    left, right = sites(("sd", 0, 0), ("sd", 400, 0)), sites(("sd", 390, 0), ("sd", 890, 0))
    assert shared_sites(left, right, within_m=500).tolist() == [[0, 0], [1, 1]]
    assert shared_sites(left.iloc[:1], right, within_m=500).tolist() == [[0, 0]]


def test_nothing_and_nothing():
    assert shared_sites(sites(), sites(("sd", 0, 0)), within_m=0).shape == (0, 2)
    assert shared_sites(sites(("sd", 1, 1)), sites(("sd", 1, 1)), within_m=0).tolist() == [[0, 0]]


@pytest.mark.parametrize("wrong", [-1, np.nan, np.inf, None, "a"])
def test_a_distance_that_is_none(wrong):
    with pytest.raises(InvalidInputError, match="within_m"):
        shared_sites(sites(), sites(), within_m=wrong)


def test_a_place_that_is_none_is_named_by_its_row():
    with pytest.raises(InvalidInputError, match=r"right.x.*1"):
        shared_sites(sites(), sites(("sd", 0, 0), ("sd", np.nan, 0)), within_m=1)
    with pytest.raises(InvalidInputError, match="kind"):
        shared_sites(sites().drop(columns="kind"), sites(), within_m=1)


PLACES = st.lists(st.integers(0, 12), max_size=4)


@given(PLACES, PLACES)
def test_no_pairing_has_more_pairs_or_as_many_and_shorter(left, right):
    one, two = (sites(*(("sd", x, 0) for x in places)) for places in (left, right))
    found = shared_sites(one, two, within_m=3)
    length = sum(abs(left[a] - right[b]) for a, b in found)
    few, many = sorted((left, right), key=len)
    best = max(_scored(few, many, order) for order in permutations(range(len(many)), len(few)))
    assert (len(found), -length) == best


def _scored(few: list[int], many: list[int], order: tuple[int, ...]) -> tuple[int, int]:
    far = [abs(few[at] - many[to]) for at, to in enumerate(order)]
    near = [one for one in far if one <= 3]
    return len(near), -sum(near)
