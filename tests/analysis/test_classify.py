from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.classify import METHODS, NO_DATA, breaks, classify
from gisapp.errors import InvalidInputError

COMPUTED = ("quantile", "equal_interval", "natural_breaks")


def test_quantiles_by_hand():
    found = classify(pd.Series(range(1, 9), index=list("abcdefgh")), method="quantile", k=4)
    assert found.counts == (2, 2, 2, 2)
    assert found.class_of.to_dict() == dict(zip("abcdefgh", [0, 0, 1, 1, 2, 2, 3, 3], strict=True))


def test_equal_intervals_by_hand():
    assert breaks([1, 2, 3, 11], method="equal_interval", k=5) == (1, 2, 3, 11)
    assert breaks([1, 2, 3, 5, 6, 11], method="equal_interval", k=5) == (3, 5, 7, 11)


def test_natural_breaks_find_the_gaps():
    assert breaks([1, 1.1, 1.2, 5, 5.1, 9, 9.2], method="natural_breaks", k=3) == (1.2, 5.1, 9.2)


def test_ninety_zeros_of_a_hundred_are_their_own_class():
    found = classify([0] * 90 + list(range(1, 11)), method="quantile", k=5)
    assert found.zero_class
    assert found.upper[0] == 0
    assert found.counts[0] == 90
    assert len(found.upper) == 5


def test_zero_is_nothing_special_beside_negative_values():
    assert not classify([-2, -1, 0, 1, 2, 3], k=2).zero_class


@pytest.mark.parametrize("method", COMPUTED)
@pytest.mark.parametrize(
    ("values", "upper"), [([3, 3, 3], (3,)), ([0, 0], (0,)), ([], ()), ([np.nan, np.inf], ()), ([1, 2], (1, 2))]
)
def test_constant_empty_and_few_values_render(method, values, upper):
    assert breaks(pd.Series(values, dtype=float), method=method) == upper


def test_missing_values_are_no_data():
    found = classify(pd.array([1, None, 2], dtype="Int64"))
    assert found.class_of.tolist() == [0, NO_DATA, 1]


def test_box_map_sets_the_outlier_apart():
    found = classify([1, 2, 3, 4, 5, 6, 7, 100], method="box")
    assert found.class_of.tolist()[-1] == len(found.upper) - 1
    assert found.counts[-1] == 1


def test_custom_bounds_are_kept_and_a_larger_value_gets_its_class():
    found = classify([1, 50], method="custom", bounds=[10, 20, 30])
    assert found.upper == (10, 20, 30, 50)
    assert found.counts == (1, 0, 0, 1)


numbers = st.lists(st.floats(-1e6, 1e6) | st.sampled_from([0.0, 1.0, np.nan]), max_size=40)


@given(numbers, st.sampled_from(METHODS), st.integers(1, 9))
def test_it_never_raises_over_data_and_every_value_has_one_class(values, method, k):
    found = classify(values, method=method, k=k, bounds=[-1, 1])
    present = np.isfinite(np.array(values, dtype=float))
    assert (found.class_of.to_numpy()[~present] == NO_DATA).all()
    assert sum(found.counts) == present.sum()
    assert list(found.upper) == sorted(set(found.upper))
    for value, at in zip(np.array(values)[present], found.class_of[present], strict=True):
        assert value <= found.upper[at]
        assert at == 0 or value > found.upper[at - 1]
    if method in COMPUTED:
        assert len(found.upper) <= k
        assert all(found.counts)


@pytest.mark.parametrize("more", [{"method": "guess"}, {"k": 0}, {"method": "custom", "bounds": [2, 1]}])
def test_a_wrong_request_is_refused(more):
    with pytest.raises(InvalidInputError, match="classify"):
        classify([1, 2], **more)
