"""The null distribution that Gi, Gi* and local Moran share, against draws written out and all subsets."""

from __future__ import annotations

from itertools import combinations, permutations

import numba
import numpy as np
import pytest
from drawn_maps import chessboard
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from gisapp.analysis.autocorrelation import conditional
from gisapp.analysis.autocorrelation.conditional import permutation_p
from gisapp.analysis.hotspots import analytic_tail, false_discovery_rate, getis_ord, least_permutations, local_tests
from gisapp.analysis.kernels.permutation import draw_rows
from gisapp.analysis.neighbours import adjacency, contiguity, within_distance
from gisapp.errors import InvalidInputError

BOARD = contiguity(chessboard(8, 8))
#: Degrees 5, 2, 1, 1, 1 and an island: the first row is next to all others but the island.
STAR = np.zeros((7, 7))
STAR[0, 1:6] = STAR[1:6, 0] = STAR[1, 2] = STAR[2, 1] = 1
#: Everybody is a neighbour of the first row.
CROWD = np.ones((5, 5)) - np.eye(5)


def written_out(values, matrix, draws, seed):
    """P-values from the same table of draws, one sum at a time."""
    degree = np.diff(matrix.indptr)
    table = draw_rows(len(values), degree.max() + 1, 0, draws, seed)
    p = np.ones(len(values))
    for row in np.flatnonzero(degree):
        weights = matrix.data[matrix.indptr[row] : matrix.indptr[row + 1]]
        observed = weights @ values[matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]]
        sums = np.array([weights @ values[[one for one in draw if one != row][: degree[row]]] for draw in table])
        tail = min((sums >= observed - 1e-9).sum(), (sums <= observed + 1e-9).sum())
        p[row] = min(1, 2 * (1 + tail) / (draws + 1))
    return p


@pytest.mark.parametrize("links", [STAR, CROWD], ids=["star", "crowd"])
@pytest.mark.parametrize("kind", ["equal", "different"])
def test_counts_are_those_of_the_draws_written_out(links, kind):
    values = np.array([3.0, 1, 4, 1, 5, 9, 2])[: len(links)]
    matrix = csr_array(links)
    if kind == "different":
        matrix.data[:] = np.random.default_rng(1).uniform(0.5, 2, len(matrix.data))
    found = permutation_p(values, matrix, permutations=500, seed=3)
    assert found == pytest.approx(written_out(values, matrix, 500, 3), abs=1e-12)


def test_weights_of_any_kind_agree_with_equal_weights(monkeypatch):
    values, matrix = np.random.default_rng(2).gamma(2, size=64), adjacency(BOARD)
    first = permutation_p(values, matrix, permutations=5000, seed=4)
    monkeypatch.setattr(conditional, "_equal_weights", lambda matrix, degree: np.zeros(len(degree), dtype=bool))
    assert permutation_p(values, matrix, permutations=5000, seed=4) == pytest.approx(first, abs=1e-12)


def test_blocks_change_nothing(monkeypatch):
    values, matrix = np.random.default_rng(2).gamma(2, size=64), adjacency(BOARD)
    first = permutation_p(values, matrix, permutations=1000, seed=4)
    monkeypatch.setattr(conditional, "_SUMS_AT_ONCE", 700)
    assert (permutation_p(values, matrix, permutations=1000, seed=4) == first).all()


def test_different_weights_give_the_same_on_any_number_of_threads(monkeypatch):
    values, matrix = np.random.default_rng(2).gamma(2, size=64), adjacency(BOARD)
    matrix.data[:] = np.random.default_rng(1).uniform(0.5, 2, len(matrix.data))
    first = permutation_p(values, matrix, permutations=999, seed=4)
    threads = numba.get_num_threads()
    try:
        numba.set_num_threads(1)
        monkeypatch.setattr(conditional, "_DRAWS_AT_ONCE", 100)
        assert (permutation_p(values, matrix, permutations=999, seed=4) == first).all()
    finally:
        numba.set_num_threads(threads)


@pytest.mark.parametrize("row", range(6))
def test_small_maps_are_exact(row):
    """All subsets of the other rows, counted; 40,000 draws leave about 0.005."""
    values, matrix = np.array([3.0, 1, 4, 1, 5, 9, 2]), csr_array(STAR)
    near = STAR[row] > 0
    sums = np.array([sum(s) for s in combinations(np.delete(values, row), int(near.sum()))])
    observed = values[near].sum()
    exact = min(1, 2 * min((sums >= observed).mean(), (sums <= observed).mean()))
    assert permutation_p(values, matrix, permutations=40_000, seed=5)[row] == pytest.approx(exact, abs=0.015)


def test_every_order_is_drawn_equally_often():
    table = draw_rows(4, 3, 0, 24_000, 6)
    counts = [int((table == order).all(axis=1).sum()) for order in permutations(range(4), 3)]
    assert sum(counts) == 24_000
    assert np.abs(np.array(counts) - 1000).max() < 5 * np.sqrt(1000)


def test_a_later_block_continues_the_draws():
    assert (draw_rows(9, 4, 10, 5, 7) == draw_rows(9, 4, 0, 15, 7)[10:]).all()


def test_ties_do_not_hang_on_rounding():
    """0.1 + 0.2 and 0.3 + 0.0 are one sum: with every pair tied, nothing is rare."""
    values = np.array([0.0, 0.1, 0.2, 0.3] * 4) + 1e3
    graph = within_distance(np.c_[np.arange(16), np.zeros(16)], distance_m=1)
    first, second = (getis_ord(v, graph, permutations=999, seed=1)["p_value"] for v in (values, values - 1e3))
    assert first.tolist() == second.tolist()


def test_joint_tests_are_the_single_ones():
    from gisapp.analysis.hotspots import local_moran

    values = np.random.default_rng(2).gamma(2, size=64)
    joint = local_tests(values, BOARD, seed=4)
    gi, moran = getis_ord(values, BOARD, seed=4), local_moran(values, BOARD, seed=4)
    assert joint["gi_star"].equals(gi["statistic"].rename("gi_star"))
    assert joint["gi_star_z"].to_numpy() == pytest.approx(gi["z_score"].to_numpy())
    assert joint["gi_star_p"].tolist() == gi["p_value"].tolist() == moran["p_value"].tolist()
    assert joint["local_moran"].tolist() == moran["statistic"].tolist()
    assert joint["local_moran_p"].tolist() == moran["p_value"].tolist()
    assert joint["local_moran_quadrant"].tolist() == moran["quadrant"].tolist()


def test_the_analytic_tail_is_that_of_permutations_for_many_cells():
    """3,600 skewed values, 1,000,000 permutations: where p has 50 draws behind it, both agree within a quarter."""
    graph = contiguity(chessboard(60, 60))
    values = np.random.default_rng(8).gamma(2, size=3600)
    values[1800:1810] += 6
    drawn = getis_ord(values, graph, permutations=1_000_000, seed=1)["p_value"].to_numpy()
    tail = analytic_tail(values, graph).to_numpy()
    firm = drawn >= 1e-4
    assert np.abs(np.log(tail[firm] / drawn[firm])).max() < np.log(1.25)
    assert np.abs(np.log(tail[firm] / drawn[firm])).mean() < 0.01
    assert (tail[~firm] < 2e-4).all()
    assert (false_discovery_rate(tail) == false_discovery_rate(drawn)).mean() > 0.999


def test_the_analytic_tail_of_symmetric_values_is_the_normal_one():
    values = np.r_[-np.arange(1.0, 33), np.arange(1.0, 33)]
    tail = analytic_tail(values, BOARD)
    drawn = getis_ord(values, BOARD, permutations=100_000, seed=1)["p_value"]
    assert tail.to_numpy() == pytest.approx(drawn.to_numpy(), abs=0.04)


def test_the_analytic_tail_of_odd_maps():
    graph = within_distance(np.array([[0, 0], [1, 0], [2, 0], [90, 0]]), distance_m=1)
    assert analytic_tail([1.0, 2, 3, 9], graph).isna().tolist() == [False, False, False, True]
    assert (analytic_tail(np.full(64, 3.0), BOARD) == 1).all()
    with pytest.raises(InvalidInputError, match="row 1"):
        analytic_tail([1, np.nan, 3, 4], graph)


def test_maps_without_anything_show_something_no_more_often_than_the_level():
    """400 random maps of 64 areas at the fewest permutations: a discovery in 5 % of them, give or take 1.1."""
    generator, shown = np.random.default_rng(12), 0
    runs = least_permutations(64, level=0.05)
    for seed in range(400):
        p = getis_ord(generator.gamma(2, size=64), BOARD, permutations=runs, seed=seed)["p_value"]
        shown += bool(false_discovery_rate(p).any())
    assert shown <= 400 * 0.05 + 3 * np.sqrt(400 * 0.05 * 0.95)


@given(st.lists(st.integers(-5, 5), min_size=7, max_size=7), st.integers(0, 2**40), st.integers(1, 60))
def test_p_is_never_zero_and_never_above_one(values, seed, draws):
    p = permutation_p(np.array(values, dtype=float), csr_array(STAR), permutations=draws, seed=seed)
    assert ((p >= 2 / (draws + 1) - 1e-12) | (p == 1)).all()
    assert (p <= 1).all()
    assert p[6] == 1
