from __future__ import annotations

import numpy as np
import pytest
from drawn_maps import chessboard
from hypothesis import example, given
from hypothesis import strategies as st

from gisapp.analysis.finding.delineation import BORDER_COST, log_likelihood_ratio, outline, outlines
from gisapp.analysis.neighbours import adjacency, components, contiguity

ROW = adjacency(contiguity(chessboard(1, 6)))
BOARD = contiguity(chessboard(5, 5))
ANYWHERE = np.ones(6, dtype=bool)


def seed_at(*rows, n=6):
    seeds = np.zeros(n, dtype=bool)
    seeds[list(rows)] = True
    return seeds


def test_likelihood_ratio_by_hand():
    """Two areas of excess 1 and 2 with weights 4 and 4: (4 + 8)² / (2 × 8) = 9."""
    assert log_likelihood_ratio(np.array([1.0, 2]), np.array([4.0, 4]), np.array([True, True])) == pytest.approx(9)
    assert log_likelihood_ratio(np.array([-1.0]), np.array([4.0]), np.array([True])) == 0


def test_it_takes_the_high_neighbours_and_stops_at_the_low_one():
    excess = np.array([1.0, 1.1, 0.9, 0.0, 1.0, 1.0])
    found = outline(seed_at(1), excess, np.full(6, 20.0), ANYWHERE, ROW)
    assert found.tolist() == [True, True, True, False, False, False]


def test_a_neighbour_with_less_than_half_the_excess_stays_out():
    for own, joins in ((0.35, False), (0.65, True)):
        excess = np.array([1.0, 1.0, 1.0, own, 0.0, 0.0])
        found = outline(seed_at(0, 1, 2), excess, np.full(6, 100.0), ANYWHERE, ROW)
        assert found[3] == joins


def test_a_seed_that_does_not_belong_is_dropped_and_one_always_stays():
    excess = np.array([1.0, 1.0, -0.5, 0.0, 0.0, 0.0])
    assert outline(seed_at(0, 1, 2), excess, np.full(6, 20.0), ANYWHERE, ROW).tolist() == [True, True] + [False] * 4
    assert outline(seed_at(2), excess, np.full(6, 20.0), np.zeros(6, dtype=bool), ROW).sum() == 1


def test_what_is_not_allowed_is_not_taken():
    found = outline(seed_at(1), np.ones(6), np.full(6, 20.0), seed_at(0), ROW)
    assert found.tolist() == [True, True, False, False, False, False]


def worth(group, excess, weight, matrix):
    """Log-likelihood ratio less the price of the border."""
    inside = group.astype(float)
    border = float(inside @ matrix.sum(axis=1) - inside @ (matrix @ inside))
    price = BORDER_COST / float(np.asarray(matrix.sum(axis=1)).mean())
    return log_likelihood_ratio(excess, weight, group) - price * border


@example(excess=[0.5 if n in (3, 9) else 1.5 if n == 14 else 0.0 for n in range(25)], at=3)
@given(st.lists(st.floats(-1, 1.5), min_size=25, max_size=25), st.integers(0, 24))
def test_an_outline_is_worth_at_least_its_seed_holds_it_and_is_one_place(excess, at):
    values, matrix, weight = np.array(excess), adjacency(BOARD), np.full(25, 10.0)
    seeds = seed_at(at, n=25)
    found = outline(seeds, values, weight, values > 0, matrix)
    assert found[at]
    assert components(BOARD, found).max() == 0
    assert worth(found, values, weight, matrix) >= worth(seeds, values, weight, matrix) - 1e-9


def test_no_core_no_outline():
    assert not outlines(np.full(6, -1), np.ones(6), np.ones(6), ANYWHERE, ROW).any()
