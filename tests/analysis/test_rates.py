from __future__ import annotations

import json
from pathlib import Path

import libpysal
import numpy as np
import pandas as pd
import pytest
from drawn_maps import chessboard, series
from hypothesis import given
from hypothesis import strategies as st
from libpysal.graph import Graph
from scipy.stats import beta, gamma

from gisapp.analysis.neighbours import contiguity
from gisapp.analysis.rates import (
    bayes_interval,
    benchmark,
    empirical_bayes,
    local_empirical_bayes,
    reliability,
    smoothed_interval,
    wilson_interval,
)
from gisapp.errors import InvalidInputError


def test_wilson_by_hand():
    """5 of 10, z = 2 (level 0.9545): (0.5 + 0.2 ± 2 √(0.025 + 0.01)) / 1.4."""
    found = wilson_interval([5], [10], level=0.9544997361036416).loc[0]
    half = 2 * np.sqrt(0.025 + 0.01)
    assert found["lower"] == pytest.approx((0.7 - half) / 1.4)
    assert found["upper"] == pytest.approx((0.7 + half) / 1.4)


def test_wilson_published():
    """Newcombe (1998), table I, method 3: 81/263, 15/148, 0/20 and 1/29."""
    found = wilson_interval(series(81, 15, 0, 1), series(263, 148, 20, 29)).round(4)
    assert found.loc["a"].tolist() == [0.2553, 0.3662]
    assert found.loc["b"].tolist() == [0.0624, 0.1605]
    assert found.loc["c"].tolist() == [0, 0.1611]
    assert found.loc["d"].tolist() == [0.0061, 0.1718]


def test_wilson_without_population_is_missing():
    assert wilson_interval([0], [0]).isna().all(axis=None)


@given(st.integers(0, 1000), st.integers(1, 1000), st.floats(0.01, 0.99))
def test_wilson_holds_the_share(events, more, level):
    found = wilson_interval([events], [events + more - 1 or 1], level=level).loc[0]
    share = events / (events + more - 1 or 1)
    assert 0 <= found["lower"] <= share + 1e-12
    assert share - 1e-12 <= found["upper"] <= 1


def test_marshall_by_hand():
    """Rates 0.1 and 0.3 of 100 each: m 0.2, s² 0.01, A 0.01 − 0.2/100 = 0.008, weight 0.8."""
    found = empirical_bayes(series(10, 30), series(100, 100))
    assert found.tolist() == pytest.approx([0.12, 0.28])


def test_an_area_without_population_gets_the_global_rate():
    found = empirical_bayes(series(10, 30, 0), series(100, 100, 0))
    assert found.tolist() == pytest.approx([0.12, 0.28, 0.2])


def test_less_spread_than_chance_gives_the_global_rate_everywhere():
    assert empirical_bayes([10, 11], [100, 100]).tolist() == pytest.approx([0.105, 0.105])
    assert empirical_bayes([10, 11], [100, 100], family="binomial").tolist() == pytest.approx([0.105, 0.105])


@pytest.mark.shared_data
def test_huddersfield_published(shared_data):
    folder = shared_data / "reference" / "sae_eb"
    case = json.loads((folder / "answers.json").read_text())["huddersfield"]
    table = pd.read_csv(folder / case["file"])
    found = empirical_bayes(table["cases"], table["total"], family="binomial")
    assert (100 * found).to_numpy() == pytest.approx(np.array(case["estmm_pct"]), abs=0.0051)


def test_the_poisson_smoother_agrees_with_esda():
    smoothing = pytest.importorskip("esda.smoothing")
    generator = np.random.default_rng(3)
    population = generator.integers(50, 2000, 40).astype(float)
    events = generator.binomial(population.astype(int), generator.beta(3, 27, 40)).astype(float)
    expected = smoothing.Empirical_Bayes(events, population).r.ravel()
    assert empirical_bayes(events, population).to_numpy() == pytest.approx(expected)


def test_bayes_by_hand():
    """0 of 9 with a uniform prior is Beta(1, 10): P(p > u) = (1 − u)^10, so the upper end is 1 − 0.025^(1/10)."""
    found = bayes_interval([0, 9], [9, 9], prior=(1, 1))
    assert found.loc[0].tolist() == pytest.approx([0, 1 - 0.025**0.1])
    assert found.loc[1].tolist() == pytest.approx([0.025**0.1, 1])


def test_bayes_without_population_is_missing_and_the_default_is_jeffreys():
    found = bayes_interval(series(3, 0), series(10, 0))
    assert found.loc["a"].tolist() == pytest.approx([beta.ppf(0.025, 3.5, 7.5), beta.ppf(0.975, 3.5, 7.5)])
    assert found.loc["b"].isna().all()


@given(st.integers(0, 1000), st.integers(1, 1000), st.floats(0.01, 0.99), st.sampled_from([(0.5, 0.5), (1.0, 1.0)]))
def test_bayes_holds_the_posterior_mean(events, more, level, prior):
    population = max(events, more)
    found = bayes_interval([events], [population], prior=prior, level=level).loc[0]
    assert 0 <= found["lower"] <= found["upper"] <= 1
    if level > 0.9:
        assert found["lower"] <= (events + prior[0]) / (population + sum(prior)) <= found["upper"]


def test_reliability_by_hand():
    """As in ``test_marshall_by_hand``: A 0.008 and m/n 0.002, so 0.8 of the variance is between areas."""
    assert reliability(series(10, 30, 0), series(100, 100, 0)).tolist() == pytest.approx([0.8, 0.8, 0])
    assert reliability([10, 11], [100, 100]).tolist() == [0, 0]


def test_the_smoothed_interval_by_hand():
    """A 0.008, m 0.2: κ = 25 families, so the posterior of 10 of 100 is Gamma(15, 125), whose mean is 0.12."""
    found = smoothed_interval(series(10, 30), series(100, 100))
    assert found.loc["a"].tolist() == pytest.approx(gamma.ppf([0.025, 0.975], 15, scale=1 / 125).tolist())


def test_where_areas_do_not_differ_the_range_is_that_of_their_one_rate():
    found = smoothed_interval([10, 11], [100, 100])
    assert found.loc[0].tolist() == found.loc[1].tolist()
    assert found.loc[0].tolist() == pytest.approx(gamma.ppf([0.025, 0.975], 21.5, scale=1 / 200).tolist())


def test_the_smoothed_interval_covers():
    """300 maps of 40 areas whose rates vary as the model says: the 90 % range holds the truth of about 90 %."""
    inside = []
    for seed in range(300):
        generator = np.random.default_rng(seed)
        truth, population = generator.beta(12, 108, 40), generator.integers(60, 900, 40)
        events = generator.binomial(population, truth)
        found = smoothed_interval(events, population, family="binomial", level=0.9)
        inside.append(((found["lower"] <= truth) & (truth <= found["upper"])).mean())
    assert np.mean(inside) == pytest.approx(0.885, abs=0.02)


def stl():
    """Homicides and population of 78 counties around St. Louis, with their neighbours, as `esda` documents them."""
    example = libpysal.examples.load_example("stl")
    table = pd.read_csv(example.get_path("stl_hom.csv"))
    words = iter(Path(example.get_path("stl.gal")).read_text().splitlines()[1:])
    pairs = {line.split()[0]: dict.fromkeys(next(words).split(), 1.0) for line in words if line.strip()}
    table = pd.DataFrame({"events": table["HC7984"], "population": table["PO7984"]}).set_axis(list(pairs))
    return table.astype(float), Graph.from_dicts(pairs)


def test_the_local_smoother_gives_what_esda_prints():
    """The ten values in the documentation of ``esda.smoothing.Spatial_Empirical_Bayes``."""
    table, graph = stl()
    found = local_empirical_bayes(table["events"], table["population"], graph)
    printed = [4.01485749e-05, 3.62437513e-05, 4.93034844e-05, 5.09387329e-05, 3.72735210e-05,
               3.69333797e-05, 5.40245456e-05, 2.99806055e-05, 3.73034109e-05, 3.47270722e-05]  # fmt: skip
    assert found.iloc[:10].tolist() == pytest.approx(printed, rel=1e-8)


def test_the_local_smoother_by_hand():
    """A row of three: the left one sees 10 and 30 of 100 as in ``test_marshall_by_hand``."""
    graph = contiguity(chessboard(1, 3))
    found = local_empirical_bayes([10, 30, 30], [100, 100, 100], graph)
    assert found.iloc[0] == pytest.approx(0.12)
    assert found.iloc[2] == pytest.approx(0.3)


def test_an_island_is_drawn_to_the_whole_district():
    areas = chessboard(1, 4).iloc[[0, 1, 3]].reset_index(drop=True)
    events, population = [10, 30, 20], [100, 100, 50]
    found = local_empirical_bayes(events, population, contiguity(areas))
    assert found.iloc[2] == pytest.approx(empirical_bayes(events, population).iloc[2])
    assert found.iloc[2] < 0.4


def test_an_area_without_population_has_the_rate_of_its_neighbours():
    found = local_empirical_bayes([0, 30, 10], [0, 100, 100], contiguity(chessboard(1, 3)))
    assert found.iloc[0] == pytest.approx(0.3)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 500)), min_size=9, max_size=9))
def test_over_all_areas_local_is_global(rows):
    """Where everybody is everybody's neighbour, both smoothers are the same."""
    events = np.array([few for few, _ in rows], dtype=float)
    population = events + [rest + 1 for _, rest in rows]
    graph = Graph.from_dicts({at: {other: 1.0 for other in range(9) if other != at} for at in range(9)})
    for family in ("poisson", "binomial"):
        local = local_empirical_bayes(events, population, graph, family=family)
        assert local.to_numpy() == pytest.approx(empirical_bayes(events, population, family=family).to_numpy())


counts = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 500)), min_size=2, max_size=30)


@given(counts, st.sampled_from(["poisson", "binomial"]), st.floats(0.5, 0.99))
def test_the_smoothed_range_is_a_range_and_holds_the_smoothed_rate(rows, family, level):
    events = np.array([few for few, _ in rows], dtype=float)
    population = events + [rest + 1 for _, rest in rows]
    found = smoothed_interval(events, population, family=family, level=level)
    assert np.isfinite(found.to_numpy()).all()
    assert (found["lower"] <= found["upper"]).all()
    wide = smoothed_interval(events, population, family=family, level=0.9999)
    smoothed = empirical_bayes(events, population, family=family)
    assert (wide["lower"] <= smoothed + 1e-9).all()
    assert (smoothed - 1e-9 <= wide["upper"]).all() or events.sum() == 0
    assert reliability(events, population, family=family).between(0, 1).all()


@given(counts, st.sampled_from(["poisson", "binomial"]))
def test_smoothing_only_moves_towards_the_middle(rows, family):
    events = np.array([few for few, _ in rows], dtype=float)
    population = events + [rest + 1 for _, rest in rows]
    found = empirical_bayes(events, population, family=family).to_numpy()
    mean, raw = events.sum() / population.sum(), events / population
    assert (np.minimum(raw, mean) - 1e-9 <= found).all()
    assert (found <= np.maximum(raw, mean) + 1e-9).all()


def test_benchmark_by_hand():
    assert benchmark(series(0.1, 0.2), series(100, 100), total=60).tolist() == pytest.approx([0.2, 0.4])


def test_a_share_never_passes_one():
    """Twice the rates would be 1.6 and 0.4: the first stays at 1, the second takes the rest."""
    assert benchmark(series(0.8, 0.2), series(100, 100), total=150).tolist() == pytest.approx([1.0, 0.5])


@given(st.lists(st.tuples(st.floats(0.01, 1), st.integers(1, 500)), min_size=1, max_size=20), st.floats(0, 1))
def test_the_benchmarked_sum_is_the_total(rows, share):
    rate, population = [row[0] for row in rows], [row[1] for row in rows]
    total = share * sum(population)
    found = benchmark(rate, population, total=total).to_numpy()
    assert (found * population).sum() == pytest.approx(total)
    assert (found <= 1).all()


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: wilson_interval([3], [2]), "exceed the population in row 0"),
        (lambda: wilson_interval([1], [2], level=1), "level"),
        (lambda: empirical_bayes([1, np.nan], [2, 2]), "events is not a number in row 1"),
        (lambda: empirical_bayes([1], [-2]), "population is negative in row 0"),
        (lambda: empirical_bayes([1], [0]), "events without population in row 0"),
        (lambda: empirical_bayes([0], [0]), "zero everywhere"),
        (lambda: empirical_bayes([1], [2], family="normal"), "normal"),
        (lambda: empirical_bayes([1], [2, 3]), "2 rows where 1"),
        (lambda: empirical_bayes([3], [2], family="binomial"), "exceed"),
        (lambda: bayes_interval([3], [2]), "exceed the population in row 0"),
        (lambda: bayes_interval([1], [2], prior=(0, 1)), "not two numbers above 0"),
        (lambda: bayes_interval([1], [2], prior=(1,)), "not two numbers above 0"),
        (lambda: bayes_interval([1], [2], level=0), "level"),
        (lambda: bayes_interval([], []), "events has no rows"),
        (lambda: smoothed_interval([0], [0]), "zero everywhere"),
        (lambda: smoothed_interval([1], [2], level=2), "level"),
        (lambda: smoothed_interval([1], [2], family="t"), "'t', not poisson"),
        (lambda: reliability([np.nan], [2]), "events is not a number in row 0"),
        (lambda: reliability([0], [0]), "zero everywhere"),
        (
            lambda: local_empirical_bayes([1, 2], [3, -3], contiguity(chessboard(1, 2))),
            "population is negative in row 1",
        ),
        (lambda: local_empirical_bayes([1, 2], [3, 3], contiguity(chessboard(1, 3))), "the graph has 3 rows"),
        (
            lambda: local_empirical_bayes([1, 2], [3, 3], contiguity(chessboard(1, 3).iloc[[0, 2]])),
            "no row has a neighbour",
        ),
        (lambda: benchmark([0.1], [10], total=11), "cannot be reached"),
        (lambda: benchmark([-0.1], [10], total=1), "rate is negative in row 0"),
        (lambda: benchmark([0.0], [10], total=1), "cannot be reached"),
    ],
)
def test_bad_input_is_refused(call, told):
    with pytest.raises(InvalidInputError, match=told):
        call()
