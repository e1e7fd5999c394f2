"""What holds of a scan whatever the map."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.analysis.scan import bernoulli_scan, poisson_scan

SETTINGS = settings(max_examples=60, deadline=None)


@st.composite
def maps(draw):
    """Two to 25 rows, often at one place or equally far, with at least one person."""
    size = draw(st.integers(2, 25))
    coordinate = st.one_of(st.integers(-3, 3).map(float), st.floats(-50, 50, width=32))
    x = draw(st.lists(coordinate, min_size=size, max_size=size))
    y = draw(st.lists(coordinate, min_size=size, max_size=size))
    x[0], x[1] = -60.0, 60.0
    population = draw(st.lists(st.integers(0, 60), min_size=size, max_size=size))
    population[0] += 1
    cases = [draw(st.integers(0, most)) for most in population]
    return np.array(x), np.array(y), np.array(cases), np.array(population)


@SETTINGS
@given(maps(), st.sampled_from([0.1, 0.3, 0.5, 1.0]), st.sampled_from(["circular", "elliptic"]), st.booleans())
def test_every_list_of_clusters_is_sound(one, share, shape, bernoulli):
    x, y, cases, population = one
    scan, other = (bernoulli_scan, population - cases) if bernoulli else (poisson_scan, population)
    found = scan(x, y, cases, other, max_population_share=share, replicates=19, seed=4, shape=shape)
    members = [member for cluster in found["members"] for member in cluster]
    assert len(members) == len(set(members))
    statistic = found["log_likelihood_ratio" if shape == "circular" else "test_statistic"]
    assert (statistic > 0).all()
    assert (statistic.diff().dropna() <= statistic.shift().dropna() * 1e-9).all()
    assert (found["observed"] > found["expected"]).all()
    assert (found["relative_risk"] > 1).all()
    assert found["p_value"].between(1 / 20, 1).all()
    assert found["p_value"].is_monotonic_increasing
    assert (found["gumbel_p_value"].dropna() > 0).all()
    for row in found.itertuples():
        assert row.centre in row.members
        assert row.observed == cases[list(row.members)].sum()
        assert population[list(row.members)].sum() <= share * population.sum() * (1 + 1e-9)


@SETTINGS
@given(maps(), st.sampled_from([1e-3, 0.7, 3.0, 1e5]), st.sampled_from(["circular", "elliptic"]))
def test_the_unit_of_the_coordinates_changes_only_the_radius(one, factor, shape):
    x, y, cases, population = one
    options = {"replicates": 19, "seed": 4, "shape": shape}
    found = poisson_scan(x, y, cases, population, **options)
    scaled = poisson_scan(x * factor, y * factor, cases, population, **options)
    assert scaled["members"].tolist() == found["members"].tolist()
    assert scaled["p_value"].tolist() == found["p_value"].tolist()
    assert scaled["radius"].to_numpy() == pytest.approx(found["radius"].to_numpy() * factor, rel=1e-6, abs=1e-9)


@SETTINGS
@given(maps(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_no_statistic(one, random):
    """Which of two equal windows is listed follows the order of rows; the most likely statistic does not."""
    x, y, cases, population = one
    order = np.array(random.sample(range(len(x)), len(x)))
    found = poisson_scan(x, y, cases, population, replicates=0, seed=4)
    turned = poisson_scan(x[order], y[order], cases[order], population[order], replicates=0, seed=4)
    ratios, others = found["log_likelihood_ratio"], turned["log_likelihood_ratio"]
    assert ratios.head(1).tolist() == pytest.approx(others.head(1).tolist())
    if ratios.round(9).is_unique and others.round(9).is_unique and len(ratios) == len(others):
        assert ratios.tolist() == pytest.approx(others.tolist())


def test_without_equal_windows_the_order_of_the_rows_changes_no_cluster():
    generator = np.random.default_rng(8)
    x, y = generator.uniform(0, 100, (2, 80))
    population = generator.integers(200, 3000, 80)
    cases = generator.binomial(population, 0.1 * np.where(x < 30, 1.5, 1.0))
    order = generator.permutation(80)
    found = poisson_scan(x, y, cases, population, replicates=0, seed=4)
    turned = poisson_scan(x[order], y[order], cases[order], population[order], replicates=0, seed=4)
    sets = [frozenset(members) for members in found["members"]]
    assert [frozenset(order[list(members)]) for members in turned["members"]] == sets


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others():
    generator = np.random.default_rng(9)
    x, y = generator.uniform(0, 100, (2, 60))
    population = np.full(60, 200)
    cases = generator.binomial(200, 0.1, 60)
    first = poisson_scan(x, y, cases, population, seed=1)
    assert first.equals(poisson_scan(x, y, cases, population, seed=1))
    assert not first["gumbel_p_value"].equals(poisson_scan(x, y, cases, population, seed=2)["gumbel_p_value"])


@pytest.mark.parametrize("overdispersion", [0.0, 0.1])
def test_the_stated_error_holds_under_the_null_it_assumes(overdispersion):
    """300 maps without a cluster: 5 % is 15; 27 is beyond the 99.9 % point of Binomial(300, 0.05)."""
    generator = np.random.default_rng(10)
    x, y = generator.uniform(0, 100, (2, 50))
    population = generator.integers(100, 900, 50)
    errors = 0
    for seed in range(300):
        risk = generator.gamma(1 / overdispersion, overdispersion, 50) if overdispersion else np.ones(50)
        weight = population * risk
        cases = generator.multinomial(400, weight / weight.sum())
        found = poisson_scan(x, y, cases, population, replicates=99, seed=seed, overdispersion=overdispersion)
        errors += bool((found["p_value"] <= 0.05).any())
    assert errors < 28


def test_ordinary_variation_between_rows_is_called_a_cluster_unless_it_is_stated():
    generator = np.random.default_rng(11)
    x, y = generator.uniform(0, 100, (2, 50))
    population = np.full(50, 1000)
    weight = population * generator.gamma(10, 0.1, 50)
    cases = generator.multinomial(5000, weight / weight.sum())
    stated = poisson_scan(x, y, cases, population, seed=1, overdispersion=0.1)
    unstated = poisson_scan(x, y, cases, population, seed=1)
    assert unstated["p_value"][0] <= 0.01
    assert stated["p_value"][0] > 0.05
    assert stated["members"].tolist() == unstated["members"].tolist()


def test_what_stands_out_against_ordinary_variation_is_still_found():
    generator = np.random.default_rng(12)
    x, y = generator.uniform(0, 100, (2, 100))
    population = np.full(100, 1000)
    inside = np.hypot(x - 30, y - 30) < 15
    weight = population * generator.gamma(10, 0.1, 100) * np.where(inside, 2.5, 1.0)
    cases = generator.multinomial(10_000, weight / weight.sum())
    first = poisson_scan(x, y, cases, population, seed=1, overdispersion=0.1).loc[0]
    assert first["p_value"] <= 0.01
    assert np.mean(inside[list(first["members"])]) > 0.6
