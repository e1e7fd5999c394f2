from __future__ import annotations

import json
import math
import warnings
from functools import partial
from itertools import permutations as orders
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from drawn_maps import chessboard, series
from hypothesis import assume, given
from hypothesis import strategies as st
from libpysal.graph import Graph
from scipy.sparse import coo_array

from gisapp.analysis.autocorrelation.global_autocorrelation import geary, getis_ord_global, moran, moran_rates
from gisapp.analysis.neighbours import contiguity, within_distance
from gisapp.errors import InvalidInputError

LINE = contiguity(chessboard(1, 4))
BOARD = contiguity(chessboard(5, 5))
#: Four in a row and one alone.
WITH_ISLAND = within_distance(np.array([[0, 0], [1, 0], [2, 0], [3, 0], [90, 0]]), distance_m=1)
ALONE = within_distance(np.array([[0, 0], [9, 0], [20, 0], [35, 0]]), distance_m=1)
STATISTICS = {"moran": moran, "geary": geary, "getis_ord_global": getis_ord_global}


def test_moran_by_hand():
    """z −1.5, −0.5, 0.5, 1.5; links 12, 23, 34 both ways: 4 / 6 × 2 (0.75 − 0.25 + 0.75) / 5."""
    found = moran([1.0, 2, 3, 4], LINE, weights="binary")
    assert found.statistic == pytest.approx(4 / 6 * 2 * 1.25 / 5)
    assert found.expectation == pytest.approx(-1 / 3)
    assert (found.rows, found.isolates) == (4, ())


def test_geary_by_hand():
    """Each of six links differs by 1: 3 × 6 / (2 × 6 × 5)."""
    found = geary([1.0, 2, 3, 4], LINE, weights="binary")
    assert found.statistic == pytest.approx(3 * 6 / (2 * 6 * 5))
    assert found.expectation == 1


def test_global_g_by_hand():
    """Links 1·2, 2·3, 3·4 both ways over all pairs: 2 × 20 / (100 − 30)."""
    found = getis_ord_global([1.0, 2, 3, 4], LINE)
    assert found.statistic == pytest.approx(40 / 70)
    assert found.expectation == pytest.approx(6 / 12)
    assert math.isnan(found.variance_normality)


@pytest.mark.parametrize("name", STATISTICS)
@pytest.mark.parametrize("weights", ["binary", "row"])
def test_randomisation_moments_are_those_of_all_orders(name, weights):
    """All 720 orders of six values over a map with a tail: their mean and variance are the printed ones."""
    graph = within_distance(np.array([[0, 0], [1, 0], [0, 1], [1, 1], [2, 1], [3, 1]]), distance_m=1)
    values = np.array([1.0, 2, 2.5, 4, 9, 3])
    test = partial(STATISTICS[name], graph=graph, weights=weights)
    every = np.array([test(values[list(order)]).statistic for order in orders(range(6))])
    found = test(values)
    assert found.expectation == pytest.approx(every.mean())
    assert found.variance_randomisation == pytest.approx(every.var())


def test_an_island_that_is_kept_keeps_the_moments_exact():
    values = np.array([1.0, 2, 5, 4, 3])
    for name, test in STATISTICS.items():
        every = [test(values[list(order)], WITH_ISLAND, isolates="keep").statistic for order in orders(range(5))]
        found = test(values, WITH_ISLAND, isolates="keep")
        assert found.variance_randomisation == pytest.approx(np.var(every)), name
        assert found.isolates == (4,)


def test_an_island_is_said_and_left_out_on_request():
    values = [1.0, 2, 3, 4, 50]
    dropped = moran(values, WITH_ISLAND, isolates="drop")
    assert dropped.statistic == pytest.approx(moran([1.0, 2, 3, 4], LINE).statistic)
    assert (dropped.rows, dropped.isolates) == (4, (4,))
    kept, linked = (moran(values, WITH_ISLAND, isolates=way) for way in ("keep", "linked"))
    assert linked.statistic == pytest.approx(kept.statistic * 4 / 5)
    assert getis_ord_global(values, WITH_ISLAND).rows == 4


@pytest.mark.parametrize("name", ["moran", "geary"])
def test_agrees_with_esda(name):
    import esda

    values = np.random.default_rng(3).gamma(2, size=25)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = {"moran": esda.Moran, "geary": esda.Geary}[name](values, BOARD.to_W(), permutations=0)
    found = STATISTICS[name](values, BOARD)
    mine = [found.statistic, found.z_normality, found.z_randomisation]
    theirs = {"moran": ("I", "z_norm", "z_rand"), "geary": ("C", "z_norm", "z_rand")}[name]
    assert mine == pytest.approx([getattr(peer, field) for field in theirs])


def test_rates_agree_with_esda():
    import esda

    generator = np.random.default_rng(4)
    people = generator.integers(50, 3000, 25)
    events = generator.binomial(people, 0.1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = esda.Moran_Rate(events.astype(float), people.astype(float), BOARD.to_W(), permutations=0)
    assert moran_rates(events, people, BOARD).statistic == pytest.approx(peer.I)


def gal(path: Path) -> dict[str, list[str]]:
    """Neighbours of every label in a .gal file; a row without neighbours may be followed by an empty line."""
    words = [line.split() for line in path.read_text().splitlines()[1:]]
    around: dict[str, list[str]] = {}
    while words:
        head = words.pop(0)
        if head:
            around[head[0]] = words.pop(0) if int(head[1]) else []
    return around


def graph_of(around: dict[str, list[str]], order: list[str]) -> Graph:
    matrix = np.array([[other in around[here] for other in order] for here in order], dtype=float)
    return Graph.from_sparse(coo_array(matrix), ids=order)


@pytest.fixture(scope="module")
def folder(shared_data):
    return shared_data / "reference" / "lisa"


@pytest.fixture(scope="module")
def answers(folder):
    return json.loads((folder / "answers.json").read_text())


@pytest.fixture(scope="module")
def counties(folder):
    frame = gpd.read_file(folder / "sids.gpkg")
    return frame.set_index(frame["FIPSNO"].astype(int).astype(str))


@pytest.mark.shared_data
def test_published_moran(folder, answers):
    case = answers["sids2_moran"]
    frame = gpd.read_file(folder / case["file"])
    values = frame.set_index(frame["FIPSNO"].astype(int).astype(str))[case["variable"]]
    graph = graph_of(gal(folder / case["weights"]), list(values.index))
    found = moran(values, graph, alternative="greater")
    assert found.statistic == pytest.approx(case["I"], abs=1e-14)
    assert found.p_normality == pytest.approx(case["p_norm_one_tailed"], rel=1e-9)


@pytest.mark.shared_data
def test_published_moran_of_rates(folder, answers, counties):
    """The two counties without neighbours count in the EBI and not in the n of the plain Moran of spdep."""
    case = answers["sids_EBI"]
    graph = graph_of(gal(folder / case["weights"]), list(counties.index))
    events, births = counties[case["cases"]], counties[case["pop"]]
    rates = moran_rates(events, births, graph, weights="binary", alternative="greater", permutations=999, seed=1)
    plain = moran(events / births, graph, weights="binary", isolates="linked")
    assert rates.statistic == pytest.approx(case["EBI_statistic"], abs=5e-6)
    assert plain.statistic == pytest.approx(case["plain_moran_of_rate"], abs=5e-6)
    assert rates.isolates == plain.isolates == ("37055", "37095")
    assert rates.p_permutation < 0.01


@pytest.mark.shared_data
@pytest.mark.parametrize("row", range(11))
def test_published_global_g_by_distance(answers, counties, row):
    case = answers["sids_globalG"]
    printed = case["table"][row]
    graph = within_distance(counties[case["coords"]].to_numpy(dtype=float), distance_m=printed["d"])
    found = getis_ord_global(1000 * counties["SID79"] / counties["BIR79"], graph, alternative="greater")
    assert found.statistic == pytest.approx(printed["G"], abs=5e-9)
    assert found.z_randomisation == pytest.approx(printed["z"], abs=5e-9)
    assert found.p_randomisation == pytest.approx(printed["p_greater"], abs=5e-8)
    assert len(found.isolates) == 100 - found.rows


@pytest.mark.shared_data
def test_published_global_g_of_six_points(answers):
    case = answers["six_points"]
    graph = within_distance(np.array(case["points"]), distance_m=case["distance_band"])
    found = getis_ord_global(case["y"], graph, alternative="greater")
    assert found.statistic == pytest.approx(case["global_G"], abs=5e-9)
    assert found.p_randomisation == pytest.approx(case["global_G_p_norm"], abs=5e-7)


def test_permutations_agree_with_all_orders():
    """Of the 24 orders of four values 2 are as clustered as 1, 2, 3, 4: p → 1/12."""
    every = [moran(np.array(order, dtype=float), LINE).statistic for order in orders([1, 2, 3, 4])]
    share = np.mean(np.array(every) >= every[0] - 1e-12)
    found = moran([1.0, 2, 3, 4], LINE, alternative="greater", permutations=4999, seed=2)
    assert found.p_permutation == pytest.approx(share, abs=0.02)
    assert found == moran([1.0, 2, 3, 4], LINE, alternative="greater", permutations=4999, seed=2)


def test_the_three_alternatives():
    values = np.arange(25.0)
    up, down, both = (moran(values, BOARD, alternative=tail) for tail in ("greater", "less", "two-sided"))
    assert up.p_normality < 1e-3 < down.p_normality
    assert up.p_normality + down.p_normality == pytest.approx(1)
    assert both.p_normality == pytest.approx(2 * up.p_normality)
    assert geary(values, BOARD, alternative="less").p_randomisation < 1e-3


def test_where_everybody_is_a_neighbour_there_is_nothing_to_test():
    graph = within_distance(np.array([[0, 0], [1, 0], [0, 1], [1, 1]]), distance_m=5)
    found = moran([1.0, 2, 3, 9], graph, permutations=19, seed=1)
    assert found.statistic == pytest.approx(-1 / 3)
    assert math.isnan(found.z_randomisation)
    assert found.p_randomisation == found.p_permutation == 1


@pytest.mark.parametrize("name", STATISTICS)
@pytest.mark.parametrize(
    ("values", "graph", "options", "told"),
    [
        ([1, 2, np.nan, 4], LINE, {}, "row 2"),
        (series(1, 2, 3, np.inf), LINE, {}, "row d"),
        (["1", "two", "3", "4"], LINE, {}, "row 1"),
        ([1, 2, 3], LINE, {}, "the graph has 4 rows, the values 3"),
        ([], LINE, {}, "rows"),
        ([5], contiguity(chessboard(1, 1)), {}, "no row has a neighbour"),
        ([1, 2, 3], contiguity(chessboard(1, 3)), {}, "fewer than four rows"),
        ([3, 3, 3, 3], LINE, {}, "do not differ"),
        ([1, 2, 3, 4], ALONE, {}, "no row has a neighbour"),
        ([1, 2, 3, 4], None, {}, "not a libpysal Graph"),
        ([1, 2, 3, 4], LINE, {"weights": "C"}, "weights is 'C'"),
        ([1, 2, 3, 4], LINE, {"isolates": "hide"}, "isolates is 'hide'"),
        ([1, 2, 3, 4], LINE, {"alternative": "more"}, "alternative is 'more'"),
        ([1, 2, 3, 4], LINE, {"permutations": -1}, "permutations"),
    ],
)
def test_bad_input_is_refused(name, values, graph, options, told):
    with pytest.raises(InvalidInputError, match=told):
        STATISTICS[name](values, graph, **options)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: getis_ord_global(series(1, -2, 3, 4), LINE), "negative in row b"),
        (lambda: getis_ord_global([0, 0, 3, 0], LINE), "fewer than two"),
        (lambda: getis_ord_global([1, 2, 3, 4], LINE, isolates="linked"), "kept or dropped"),
        (lambda: moran_rates([1, 2, 3, -4], [9, 9, 9, 9], LINE), "negative in row 3"),
        (lambda: moran_rates([1, 2, 3, 10], [9, 9, 9, 9], LINE), "exceed the population in row 3"),
        (lambda: moran_rates([0, 0, 0, 0], [0, 0, 0, 0], LINE), "zero everywhere"),
        (lambda: moran_rates([0, 0, 0, 0], [5, 6, 7, 8], LINE), "do not differ"),
        (lambda: moran_rates([1, 2, 3], [5, 6, 7, 8], LINE), "4 rows where 3"),
    ],
)
def test_what_only_one_of_them_refuses(call, told):
    with pytest.raises(InvalidInputError, match=told):
        call()


maps = st.lists(st.integers(0, 30), min_size=9, max_size=9).map(lambda whole: np.array(whole, dtype=float))
SMALL = contiguity(chessboard(3, 3))


@given(maps, st.permutations(range(9)), st.sampled_from(sorted(STATISTICS)))
def test_the_order_of_the_rows_does_not_matter(values, order, name):
    assume(np.ptp(values) > 0)
    assume((values > 0).sum() > 1)
    matrix = coo_array(SMALL.sparse.toarray()[np.ix_(order, order)])
    first = STATISTICS[name](values, SMALL)
    second = STATISTICS[name](pd.Series(values[list(order)]), Graph.from_sparse(matrix))
    assert second.statistic == pytest.approx(first.statistic, abs=1e-12)
    assert second.p_randomisation == pytest.approx(first.p_randomisation, abs=1e-9)


@given(maps, st.floats(0.01, 100), st.floats(-50, 50), st.sampled_from(["moran", "geary"]))
def test_the_unit_does_not_matter(values, scale, shift, name):
    assume(np.ptp(values) > 0)
    first, second = (STATISTICS[name](x, SMALL) for x in (values, values * scale + shift))
    assert second.statistic == pytest.approx(first.statistic, abs=1e-8)
    assert second.z_randomisation == pytest.approx(first.z_randomisation, abs=1e-6, nan_ok=True)
    assert 0 <= first.p_randomisation <= 1
