"""Local Moran of rates, weights as the graph has them, and what every local test refuses."""

from __future__ import annotations

import json
import warnings
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from drawn_maps import chessboard, series
from hypothesis import assume, given
from hypothesis import strategies as st
from libpysal.graph import Graph
from scipy.sparse import coo_array, csr_array

from gisapp.analysis.hotspots import (
    analytic_tail,
    false_discovery_rate,
    getis_ord,
    local_moran,
    local_moran_rates,
    local_tests,
    standardised_rates,
)
from gisapp.analysis.neighbours import contiguity, within_distance
from gisapp.errors import InvalidInputError

LINE = contiguity(chessboard(1, 4))
BOARD = contiguity(chessboard(6, 6))
ALONE = within_distance(np.array([[0, 0], [9, 0], [20, 0], [35, 0]]), distance_m=1)


def counts(seed=4, size=36):
    generator = np.random.default_rng(seed)
    people = generator.integers(50, 3000, size)
    return generator.binomial(people, 0.1), people


def test_standardised_rates_by_hand():
    """Rates 0.1, 0.2, 0.3 of 100 each: b 0.2, s² 0.02/3, a = s² − 0.002, v = s² for all."""
    found = standardised_rates(series(10, 20, 30), series(100, 100, 100))
    assert found.tolist() == pytest.approx([-np.sqrt(1.5), 0, np.sqrt(1.5)])
    assert list(found.index) == ["a", "b", "c"]


def test_a_small_population_stands_out_less():
    found = standardised_rates([4, 400, 150], [10, 1000, 1500])
    assert 0 < found[0] < found[1]


def test_nobody_and_nothing_are_ordinary():
    assert standardised_rates([5, 0, 9], [50, 0, 70])[1] == 0
    assert (standardised_rates([0, 0, 0], [50, 20, 70]) == 0).all()


def test_local_moran_of_rates_agrees_with_esda():
    import esda

    events, people = counts()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = esda.Moran_Local_Rate(events.astype(float), people.astype(float), BOARD.to_W(), permutations=0)
    found = local_moran_rates(events, people, BOARD, seed=1)
    assert found["statistic"].to_numpy() == pytest.approx(peer.Is)
    quadrants = dict(enumerate(["high-high", "low-high", "low-low", "high-low"], start=1))
    assert found["quadrant"].tolist() == [quadrants[number] for number in peer.q]


def test_population_changes_the_answer():
    """A tiny village at 40 % leads its neighbours by the plain rate, not by the standardised one."""
    events, people = counts()
    events[14], people[14] = 4, 10
    plain = local_moran(events / people, BOARD, seed=1)
    rates = local_moran_rates(events, people, BOARD, seed=1)
    assert abs(rates["statistic"][14]) < abs(plain["statistic"][14])


def test_gi_of_weights_standardised_by_row_as_published():
    """Six points of Getis & Ord in the test of esda, which takes the variance of 1992 for any weights."""
    points = np.array([[10, 10], [20, 10], [40, 10], [15, 20], [30, 20], [30, 30]], dtype=float)
    graph = within_distance(points, distance_m=15).transform("R")
    printed, exact = (
        getis_ord([2, 3, 3.2, 5, 8, 7], graph, star=False, binary=False, variance=year, seed=1)["z_score"].iloc[0]
        for year in ("1992", "1995")
    )
    assert printed == pytest.approx(-0.62074534, abs=5e-9)
    assert exact == pytest.approx(-1.0136729, abs=5e-8)


@pytest.mark.parametrize("star", [False, True])
def test_the_variance_of_1995_is_that_of_all_permutations(star):
    """Five values in a row, weights that differ: the middle one's sum over all orders of the other four."""
    values = np.array([1.0, 2, 4, 7, 3])
    links = np.zeros((5, 5))
    links[2] = [0.2, 1.0, 0.0, 1.5, 0.3]
    links[:, 2] = [1, 1, 0, 1, 1]
    found = getis_ord(values, Graph.from_sparse(coo_array(links)), star=star, binary=False, permutations=9, seed=1)
    own = links[2][links[2] > 0].mean() if star else 0.0
    drawn = values if star else np.delete(values, 2)
    weights = np.r_[np.delete(links[2], 2), [own] * star]
    sums = np.array([weights @ np.array(order) for order in permutations(drawn)])
    observed = links[2] @ values + own * values[2]
    assert found["z_score"][2] == pytest.approx((observed - sums.mean()) / sums.std())


@pytest.mark.shared_data
def test_published_gi_of_the_reference_file(shared_data):
    case = json.loads((shared_data / "reference" / "lisa" / "answers.json").read_text())["six_points"]
    graph = within_distance(np.array(case["points"]), distance_m=case["distance_band"])
    by_row = getis_ord(case["y"], graph.transform("R"), star=False, binary=False, variance="1992", seed=1)
    plain = getis_ord(case["y"], graph.transform("R"), star=False, seed=1)
    assert by_row["z_score"].iloc[0] == pytest.approx(case["Gi_rowstd_z_of_first"], abs=5e-9)
    assert plain["z_score"].iloc[0] == pytest.approx(case["Gi_binary_z_of_first"], abs=5e-8)


@pytest.mark.parametrize("star", [False, True])
def test_weights_as_given_agree_with_esda(star):
    from esda import G_Local

    values = np.random.default_rng(5).gamma(2, size=36)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = G_Local(values, BOARD.to_W(), star=star, permutations=0, transform="R")
    graph = BOARD.transform("R")
    if star:
        matrix = csr_array(BOARD.sparse + np.eye(36))
        graph = Graph.from_sparse(coo_array(matrix / np.asarray(matrix.sum(axis=1)).reshape(-1, 1)))
    found = getis_ord(values, graph, star=star, binary=False, variance="1992", permutations=9, seed=2)
    assert found["z_score"].to_numpy() == pytest.approx(peer.Zs)
    assert found["statistic"].to_numpy() == pytest.approx(peer.Gs)


def test_without_self_weights_the_row_weighs_like_its_neighbours():
    """Gi* of the first of four, weights 2: (2 × 1 + 2 × 2) / 10; its z is the binary one."""
    graph = Graph.from_sparse(coo_array(LINE.sparse * 2))
    found, binary = getis_ord([1, 2, 3, 4], graph, binary=False, seed=1), getis_ord([1, 2, 3, 4], LINE, seed=1)
    assert found["statistic"][0] == pytest.approx(0.6)
    assert found["z_score"].tolist() == pytest.approx(binary["z_score"].tolist())
    assert found["p_value"].tolist() == binary["p_value"].tolist()


def test_values_that_sum_to_nothing_still_have_a_z():
    found = getis_ord([-2.0, -1, 1, 2], LINE, seed=1)
    assert found["statistic"].isna().all()
    assert found["z_score"].notna().all()


def test_arbitrary_dependence_asks_for_more():
    """Level 0.05 of 4 over 1 + 1/2 + 1/3 + 1/4 = 25/12: limits 0.006, 0.012, 0.018, 0.024."""
    p = series(0.011, 0.001, 0.6, 0.026)
    assert false_discovery_rate(p, dependence="arbitrary").tolist() == [True, True, False, False]
    assert false_discovery_rate(p).sum() == 3


TESTS = {
    "getis_ord": lambda values, graph, **options: getis_ord(values, graph, **{"seed": 1, **options}),
    "local_moran": lambda values, graph, **options: local_moran(values, graph, **{"seed": 1, **options}),
    "local_tests": lambda values, graph, **options: local_tests(values, graph, **{"seed": 1, **options}),
    "rates": lambda values, graph, **options: local_moran_rates(
        values, [50] * len(values), graph, **{"seed": 1, **options}
    ),
}


@pytest.mark.parametrize("name", TESTS)
@pytest.mark.parametrize(
    ("values", "graph", "options", "told"),
    [
        ([1, 2, np.nan, 4], LINE, {}, "row 2"),
        (series(1, 2, 3, np.inf), LINE, {}, "row d"),
        (["1", "two", "3", "4"], LINE, {}, "row 1"),
        ([1, 2, 3], LINE, {}, "the graph has 4 rows, the values 3"),
        ([], LINE, {}, "rows"),
        ([5], contiguity(chessboard(1, 1)), {}, "fewer than three rows|no row has a neighbour"),
        ([1, 2, 3, 4], ALONE, {}, "no row has a neighbour"),
        ([1, 2, 3, 4], None, {}, "not a libpysal Graph"),
        ([1, 2, 3, 4], LINE, {"permutations": 0}, "permutations"),
        ([1, 2, 3, 4], LINE, {"permutations": 99.5}, "permutations"),
        ([1, 2, 3, 4], LINE, {"seed": -1}, "seed"),
    ],
)
def test_bad_input_is_refused(name, values, graph, options, told):
    with pytest.raises(InvalidInputError, match=told):
        TESTS[name](values, graph, **options)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: local_moran_rates([1, -2, 3, 4], [9, 9, 9, 9], LINE, seed=1), "negative in row 1"),
        (lambda: local_moran_rates([1, 2, 3, 10], [9, 9, 9, 9], LINE, seed=1), "exceed the population in row 3"),
        (lambda: local_moran_rates([0, 0, 0, 0], [0, 0, 0, 0], LINE, seed=1), "zero everywhere"),
        (lambda: local_moran_rates([1, 2, 3], [9, 9, 9, 9], LINE, seed=1), "4 rows where 3"),
        (lambda: getis_ord([1, 2, 3, 4], LINE, variance="1999", seed=1), "variance is '1999'"),
        (lambda: analytic_tail([1, 2, 3], LINE), "the graph has 4 rows, the values 3"),
        (lambda: analytic_tail([1, 2, 3, 4], ALONE), "no row has a neighbour"),
        (lambda: false_discovery_rate(["x"]), "row 0"),
        (lambda: false_discovery_rate([0.1], dependence="some"), "dependence is 'some'"),
        (lambda: false_discovery_rate([0.1], level=np.nan), "level"),
        (lambda: local_moran([1, 2, 3, 4], cancelling(), seed=1), "weights sum to 0 in row 0"),
    ],
)
def test_what_only_one_of_them_refuses(call, told):
    with pytest.raises(InvalidInputError, match=told):
        call()


def cancelling():
    links = np.zeros((4, 4))
    links[0, 1:3] = 1.0, -1.0
    links[1:, 0] = 1.0
    return Graph.from_sparse(coo_array(links))


maps = st.lists(st.integers(0, 30), min_size=36, max_size=36).map(lambda whole: np.array(whole, dtype=float))


@given(maps, st.integers(0, 2**32))
def test_the_order_of_the_rows_does_not_change_a_statistic(values, shuffle):
    order = np.random.default_rng(shuffle).permutation(36)
    graph = Graph.from_sparse(coo_array(BOARD.sparse.toarray()[np.ix_(order, order)]))
    for test, columns in ((getis_ord, ["statistic", "z_score"]), (local_moran, ["statistic"])):
        first = test(values, BOARD, permutations=19, seed=1)[columns].iloc[order].reset_index(drop=True)
        second = test(values[order], graph, permutations=19, seed=1)[columns]
        pd.testing.assert_frame_equal(first, second, check_exact=False, atol=1e-9)


@given(maps, st.floats(0.01, 100), st.floats(-1000, 1000))
def test_the_unit_does_not_change_local_moran(values, scale, shift):
    assume(np.ptp(values) > 0)
    first, second = (local_moran(x, BOARD, permutations=99, seed=1) for x in (values, values * scale + shift))
    assert second["statistic"].to_numpy() == pytest.approx(first["statistic"].to_numpy(), abs=1e-6)
    assert second["p_value"].tolist() == first["p_value"].tolist()
    assert first["p_value"].between(0, 1, inclusive="right").all()


@given(st.integers(0, 2**32))
def test_equal_populations_change_nothing(seed):
    events, _ = counts(seed)
    events = events % 50
    assume(np.ptp(events) > 0)
    rates = local_moran_rates(events, np.full(36, 50), BOARD, permutations=99, seed=1)
    plain = local_moran(events / 50, BOARD, permutations=99, seed=1)
    assert rates["statistic"].to_numpy() == pytest.approx(plain["statistic"].to_numpy(), abs=1e-9)
    assert rates["p_value"].tolist() == plain["p_value"].tolist()
    assert rates["quadrant"].tolist() == plain["quadrant"].tolist()
