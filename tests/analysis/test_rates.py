from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from drawn_maps import series
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.rates import benchmark, empirical_bayes, wilson_interval
from gisapp.errors import InvalidInputError


def test_wilson_by_hand():
    """5 of 10, z = 2 (level 0.9545): (0.5 + 0.2 ± 2 √(0.025 + 0.01)) / 1.4."""
    found = wilson_interval([5], [10], level=0.9544997361036416).loc[0]
    half = 2 * np.sqrt(0.025 + 0.01)
    assert found["lower"] == pytest.approx((0.7 - half) / 1.4)
    assert found["upper"] == pytest.approx((0.7 + half) / 1.4)


def test_wilson_published():
    """Newcombe (1998), table I: 81/263 gives 0.2553-0.3662; 0/20 gives 0-0.1611."""
    found = wilson_interval(series(81, 0), series(263, 20))
    assert found.loc["a"].round(4).tolist() == [0.2553, 0.3662]
    assert found.loc["b"].round(4).tolist() == [0, 0.1611]


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


counts = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 500)), min_size=2, max_size=30)


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
        (lambda: benchmark([0.1], [10], total=11), "cannot be reached"),
        (lambda: benchmark([-0.1], [10], total=1), "rate is negative in row 0"),
        (lambda: benchmark([0.0], [10], total=1), "cannot be reached"),
    ],
)
def test_bad_input_is_refused(call, told):
    with pytest.raises(InvalidInputError, match=told):
        call()
