"""The 4 × 4 matrix: its sixteen cells by hand, its cut lines, what it refuses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from drawn_maps import series
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.matrix import CUT_METHODS, PRIORITIES, class_cuts, priority_matrix
from gisapp.errors import InvalidInputError

SHARE_CUTS, DENSITY_CUTS = (0.1, 0.2, 0.3), (1.0, 2.0, 4.0)
#: One value in each class, low to high.
SHARES, DENSITIES = (0.05, 0.15, 0.25, 0.35), (0.5, 1.5, 3.0, 9.0)


def matrix(share, density, **changed):
    cuts = {"share_cuts": SHARE_CUTS, "density_cuts": DENSITY_CUTS} | changed
    return priority_matrix(share, density, **cuts)


def every_cell():
    pairs = [(share, density) for share in SHARES for density in DENSITIES]
    return matrix(series(*(share for share, _ in pairs)), series(*(density for _, density in pairs)))


def test_sixteen_cells_in_the_order_of_the_source():
    found = every_cell()
    assert found["cell"].tolist() == list(range(1, 17))
    assert found["share_class"].tolist() == [1] * 4 + [2] * 4 + [3] * 4 + [4] * 4
    assert found["density_class"].tolist() == [1, 2, 3, 4] * 4
    assert found["priority"].tolist() == [4, 4, 4, 4, 4, 3, 3, 3, 4, 3, 2, 2, 4, 3, 2, 1]


def test_the_cells_of_each_priority_are_those_of_the_source():
    cells = {priority: {cell for cell, own in PRIORITIES.items() if own == priority} for priority in (1, 2, 3)}
    assert cells == {1: {16}, 2: {11, 12, 15}, 3: {6, 7, 8, 10, 14}}


def test_no_priority_depends_on_which_axis_is_the_row():
    found = every_cell()
    turned = every_cell().set_index(["density_class", "share_class"])["priority"].sort_index()
    assert turned.tolist() == found["priority"].tolist()


def test_a_value_at_a_line_belongs_below_it_and_missing_stays_missing():
    found = matrix(series(0.1, 0.3, np.nan, 0.5), series(1.0, 4.0, 3.0, np.nan))
    assert found["cell"].tolist()[:2] == [1, 11]
    assert found.iloc[2:].isna().all(axis=None)


def test_an_office_may_give_its_own_priorities():
    own = dict(PRIORITIES) | {13: 2}
    assert matrix(series(0.9), series(0.1), priorities=own)["priority"].tolist() == [2]


def test_cut_lines_of_the_three_methods_by_hand():
    values = pd.Series([float(number) for number in range(1, 9)])
    assert class_cuts(values, method="quantile") == pytest.approx((2.75, 4.5, 6.25))
    assert class_cuts(values, method="equal_interval") == pytest.approx((2.75, 4.5, 6.25))
    clumps = pd.Series([1.0, 1.1, 5.0, 5.1, 20.0, 20.1, 90.0, 91.0])
    assert class_cuts(clumps, method="natural_breaks") == (1.1, 5.1, 20.1)


def test_zeros_are_the_lowest_class():
    assert class_cuts(pd.Series([0.0, 0.0, 0.0, 1.0, 2.0, 3.0]))[0] == 0.0


@pytest.mark.parametrize("values", [[2.0, 2.0, 2.0, 2.0], [0.0, 0.0, 1.0, 1.0, 3.0], [np.nan, np.nan]])
@pytest.mark.parametrize("method", CUT_METHODS)
def test_too_few_different_values_are_refused_with_what_to_do(values, method):
    with pytest.raises(InvalidInputError, match="give the cut lines as numbers"):
        class_cuts(pd.Series(values), method=method)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: matrix(series(-0.1), series(1.0)), "share is negative in row a"),
        (lambda: matrix(series(0.1), series(-1.0)), "density is negative in row a"),
        (lambda: matrix(series(0.1), series(np.inf)), "density is not a number in row a"),
        (lambda: matrix(series(0.1), series(1.0, 2.0)), "2 rows"),
        (lambda: matrix(series(0.1), pd.Series([1.0], index=["z"])), "not aligned"),
        (lambda: matrix(series(), series()), "no rows"),
        (lambda: matrix(series(0.1), series(1.0), share_cuts=(0.2, 0.2, 0.3)), "share_cuts"),
        (lambda: matrix(series(0.1), series(1.0), density_cuts=(1.0, 2.0)), "density_cuts"),
        (lambda: matrix(series(0.1), series(1.0), density_cuts=(1.0, 2.0, np.nan)), "density_cuts"),
        (lambda: matrix(series(0.1), series(1.0), priorities={1: 1}), "each cell"),
        (lambda: class_cuts(series(0.1), method="box"), "method 'box'"),
        (lambda: class_cuts(series(np.inf)), "not a number in row a"),
        (lambda: class_cuts(series()), "no rows"),
    ],
)
def test_bad_input_is_refused(call, told):
    with pytest.raises(InvalidInputError, match=told):
        call()


values = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1e4)), min_size=1, max_size=40)


@given(values)
def test_a_higher_share_or_density_never_lowers_the_priority(pairs):
    shares, densities = (pd.Series(each, dtype="float64") for each in zip(*pairs, strict=True))
    before = matrix(shares, densities)["priority"]
    after = matrix((shares + 0.1).clip(upper=1), densities * 2)["priority"]
    assert (after <= before).all()


@given(values, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(pairs, random):
    shares, densities = (pd.Series(each, dtype="float64") for each in zip(*pairs, strict=True))
    order = list(range(len(pairs)))
    random.shuffle(order)
    pd.testing.assert_frame_equal(matrix(shares[order], densities[order]), matrix(shares, densities).loc[order])
