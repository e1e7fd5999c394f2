from __future__ import annotations

import json
import warnings

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from drawn_maps import chessboard, series
from hypothesis import given
from hypothesis import strategies as st
from libpysal.graph import Graph
from scipy.sparse import coo_array
from scipy.stats import false_discovery_control

from gisapp.analysis.hotspots import false_discovery_rate, getis_ord, least_permutations, local_moran
from gisapp.analysis.neighbours import adjacency, contiguity, within_distance
from gisapp.errors import InvalidInputError

#: Getis & Ord's six points in the test of esda, neighbours within 15.
SIX = np.array([[10, 10], [20, 10], [40, 10], [15, 20], [30, 20], [30, 30]], dtype=float)
VALUES = np.array([2, 3, 3.2, 5, 8, 7])
LINE = contiguity(chessboard(1, 4))
BOARD = contiguity(chessboard(8, 8))


def test_gi_star_by_hand():
    """The first of four in a row has one neighbour: (1 + 2) / (1 + 2 + 3 + 4)."""
    found = getis_ord(series(1, 2, 3, 4), LINE, seed=1)
    assert found["statistic"].tolist() == pytest.approx([0.3, 0.6, 0.9, 0.7])
    assert list(found.index) == ["a", "b", "c", "d"]


def test_gi_leaves_the_row_itself_out():
    found = getis_ord([1, 2, 3, 4], LINE, star=False, seed=1)
    assert found["statistic"].tolist() == pytest.approx([2 / 9, 4 / 8, 6 / 7, 3 / 6])


@pytest.mark.parametrize(("star", "z"), [(False, -1.0136729), (True, -1.39727626)])
def test_six_points_published(star, z):
    found = getis_ord(VALUES, within_distance(SIX, distance_m=15), star=star, seed=1)
    assert found["z_score"].iloc[0] == pytest.approx(z, abs=1e-7)


@pytest.mark.shared_data
def test_six_points_of_the_reference_file(shared_data):
    case = json.loads((shared_data / "reference" / "lisa" / "answers.json").read_text())["six_points"]
    graph = within_distance(np.array(case["points"]), distance_m=case["distance_band"])
    for star, name in ((True, "Gistar_binary_z_of_first"), (False, "Gi_binary_z_of_first")):
        assert getis_ord(case["y"], graph, star=star, seed=1)["z_score"].iloc[0] == pytest.approx(case[name])


def test_local_moran_by_hand():
    """Values 1, 2, 3, 4: z −1.5, −0.5, 0.5, 1.5, Σz² 5; the first: 3 × (−1.5) × (−0.5) / 5."""
    found = local_moran(series(1, 2, 3, 4), LINE, seed=1)
    assert found["statistic"].tolist() == pytest.approx([0.45, 0.15, 0.15, 0.45])
    assert found["quadrant"].tolist() == ["low-low", "low-low", "high-high", "high-high"]


@pytest.mark.shared_data
def test_the_mean_local_moran_is_the_published_global_one(shared_data):
    folder = shared_data / "reference" / "lisa"
    case = json.loads((folder / "answers.json").read_text())["sids2_moran"]
    counties = gpd.read_file(folder / case["file"])
    links = [line.split() for line in (folder / case["weights"]).read_text().splitlines()[1:]]
    around = {here[0]: there for here, there in zip(links[::2], links[1::2], strict=True)}
    order = list(around)
    matrix = np.array([[other in around[here] for other in order] for here in order], dtype=float)
    by_county = counties.set_index(counties["FIPSNO"].astype(int).astype(str))[case["variable"]]
    graph = Graph.from_sparse(coo_array(matrix), ids=order)
    found = local_moran(by_county[order].to_numpy(), graph, seed=1)
    # Local statistics with n − 1 average to I (n − 1) / n.
    assert found["statistic"].mean() * 100 / 99 == pytest.approx(case["I"])


@pytest.fixture(scope="module")
def skewed():
    return np.random.default_rng(5).gamma(2, size=64)


def test_statistics_agree_with_esda(skewed):
    from esda import G_Local, Moran_Local

    weights = BOARD.to_W()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = G_Local(skewed, weights, star=True, permutations=0, transform="B")
        moran = Moran_Local(skewed, weights, permutations=0)
    gi, ours = getis_ord(skewed, BOARD, permutations=9, seed=2), local_moran(skewed, BOARD, permutations=9, seed=2)
    assert gi["z_score"].to_numpy() == pytest.approx(peer.Zs)
    assert gi["statistic"].to_numpy() == pytest.approx(peer.Gs)
    assert ours["statistic"].to_numpy() == pytest.approx(moran.Is)
    quadrants = dict(enumerate(["high-high", "low-high", "low-low", "high-low"], start=1))
    assert ours["quadrant"].tolist() == [quadrants[number] for number in moran.q]


def test_p_agrees_with_a_permutation_written_out(skewed):
    """9,999 draws leave about 0.02 between two seeds."""
    generator, matrix = np.random.default_rng(9), adjacency(BOARD)
    gi, moran = (test(skewed, BOARD, permutations=9999, seed=2)["p_value"] for test in (getis_ord, local_moran))
    for row in (0, 9, 20, 63):
        near = matrix[[row]].indices
        others = np.delete(skewed, row)
        drawn = np.array([generator.choice(others, len(near), replace=False).sum() for _ in range(9999)])
        tail = min((drawn >= skewed[near].sum()).sum(), (drawn <= skewed[near].sum()).sum())
        assert gi[row] == pytest.approx(min(1, 2 * (1 + tail) / 10_000), abs=0.04)
        assert moran[row] == pytest.approx(gi[row], abs=0.04)


def test_p_by_exhaustion():
    """Of four in a row the first's only neighbour is one of 2, 3, 4; 2 is the least of three: p → 2/3."""
    found = getis_ord([1.0, 2, 3, 4], LINE, permutations=30_000, seed=3)
    assert found["p_value"].iloc[0] == pytest.approx(2 / 3, abs=0.01)


def test_the_smallest_p_is_two_over_runs_plus_one():
    values = np.ones(64)
    values[[0, 1, 8, 9]] = 50.0
    found = getis_ord(values, BOARD, permutations=99, seed=1)
    assert found["p_value"].min() == pytest.approx(2 / 100)


def test_the_same_seed_gives_the_same_p_on_any_number_of_threads(skewed):
    import numba

    first = getis_ord(skewed, BOARD, seed=7)
    threads = numba.get_num_threads()
    try:
        numba.set_num_threads(1)
        pd.testing.assert_frame_equal(first, getis_ord(skewed, BOARD, seed=7))
    finally:
        numba.set_num_threads(threads)
    assert not first["p_value"].equals(getis_ord(skewed, BOARD, seed=8)["p_value"])


def test_an_island_keeps_its_row():
    graph = within_distance(np.array([[0, 0], [1, 0], [2, 0], [90, 0]]), distance_m=1)
    star, plain = (getis_ord([1.0, 2, 3, 9], graph, star=star, seed=1) for star in (True, False))
    moran = local_moran([1.0, 2, 3, 9], graph, seed=1)
    assert star.loc[3, "statistic"] == pytest.approx(9 / 15)
    assert star.loc[3, "p_value"] == 1
    assert plain.loc[3, ["z_score", "p_value"]].isna().all()
    assert moran.loc[3, "statistic"] == 0
    assert np.isnan(moran.loc[3, "p_value"])


def test_values_without_spread_are_no_hot_spot():
    gi, moran = getis_ord(np.full(64, 0.1), BOARD, seed=1), local_moran(np.full(64, 0.1), BOARD, seed=1)
    assert gi["z_score"].isna().all()
    assert (gi["p_value"] == 1).all()
    assert (moran["statistic"] == 0).all()
    assert (moran["p_value"] == 1).all()


def test_under_randomness_p_is_not_smaller_than_it_should_be():
    """Across 40 random maps of 64, at most about 5 % of p-values are at or below 0.05."""
    generator = np.random.default_rng(11)
    p = np.concatenate([getis_ord(generator.normal(size=64), BOARD, seed=s)["p_value"] for s in range(40)])
    assert 0.035 < (p <= 0.05).mean() < 0.06


def test_benjamini_hochberg_by_hand():
    """Level 0.05 of 4: limits 0.0125, 0.025, 0.0375, 0.05; 0.03 ≤ 0.0375 carries the first three."""
    assert false_discovery_rate(series(0.03, 0.001, 0.6, 0.026)).tolist() == [True, True, False, True]
    assert false_discovery_rate(series(0.001, np.nan)).tolist() == [True, False]
    assert not false_discovery_rate([]).any()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_benjamini_hochberg_agrees_with_scipy(p):
    adjusted = false_discovery_control(p)
    clear = np.abs(adjusted - 0.05) > 1e-12
    assert (false_discovery_rate(p).to_numpy() == (adjusted <= 0.05))[clear].all()


@given(st.floats(0.1, 100), st.floats(0, 50))
def test_z_does_not_depend_on_the_unit(scale, shift):
    values = np.random.default_rng(2).gamma(2, size=64)
    first, second = (getis_ord(v, BOARD, permutations=19, seed=1) for v in (values, values * scale + shift))
    assert second["z_score"].to_numpy() == pytest.approx(first["z_score"].to_numpy())
    assert second["p_value"].equals(first["p_value"])


def test_enough_permutations_for_the_control():
    assert least_permutations(280, level=0.05) == 11_200
    assert 2 / (least_permutations(280, level=0.05) + 1) <= 0.05 / 280


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: getis_ord([1, 2, np.nan, 4], LINE, seed=1), "row 2"),
        (lambda: getis_ord([1, 2, 3], LINE, seed=1), "the graph has 4 rows, the values 3"),
        (lambda: local_moran([1, 2, 3, 4], LINE, permutations=0, seed=1), "permutations"),
        (lambda: getis_ord(pd.Series([1, 2, 3, 4], index=[3, 2, 1, 0]), LINE, seed=1), "another order than the graph"),
        (lambda: false_discovery_rate([0.1, 1.2]), "outside 0..1 in row 1"),
        (lambda: false_discovery_rate([0.1], level=0), "level"),
    ],
)
def test_bad_input_is_refused(call, told):
    with pytest.raises(InvalidInputError, match=told):
        call()
