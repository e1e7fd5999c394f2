"""The compiled scan against plain NumPy: same windows, same ratios, same maxima of the same draws."""

from __future__ import annotations

import numba
import numpy as np
import pytest
import scan_oracle as oracle

from gisapp.analysis.scan import bernoulli_scan, poisson_scan
from gisapp.analysis.scanning.clusters import Model, scan_windows
from gisapp.analysis.scanning.draws import replicate_cases
from gisapp.analysis.scanning.windows import windows

REPLICATES = 70  # more than one block of lanes


def case(seed, *, size, mean, grid=False):
    """Points (of a lattice, so that many are equally far), persons and cases with one raised corner."""
    generator = np.random.default_rng(seed)
    x, y = generator.integers(0, 6, (2, size)).astype(float) if grid else generator.uniform(0, 100, (2, size))
    population = np.rint(generator.lognormal(np.log(mean), 0.8, size))
    risk = 0.1 * np.where(x + y < np.quantile(x + y, 0.2), 2.0, 1.0)
    cases = generator.binomial(population.astype(int), risk)
    return x, y, cases, population


def distances(x, y):
    return np.hypot(x[:, None] - x, y[:, None] - y)


CASES = [(1, 30, 40, False), (2, 40, 5, True), (3, 25, 3000, False), (4, 35, 60, True), (5, 12, 90_000, False)]


@pytest.mark.parametrize("bernoulli", [False, True])
@pytest.mark.parametrize(("seed", "size", "mean", "grid"), CASES)
@pytest.mark.parametrize("share", [0.5, 0.15, 0.9])
def test_maxima_of_the_same_draws(seed, size, mean, grid, share, bernoulli):
    x, y, cases, population = case(seed, size=size, mean=mean, grid=grid)
    layout = windows(x, y, population, max_population_share=share, geographic=False, elliptic=False)
    draws = replicate_cases(
        population, int(cases.sum()), replicates=REPLICATES, seed=seed, overdispersion=0.0, bernoulli=bernoulli
    )
    got = scan_windows(layout, Model(cases, bernoulli, 2, 0.0), draws, REPLICATES).maxima
    zones = list(oracle.windows(distances(x, y), population, share))
    drawn = draws.transpose(0, 2, 1).reshape(-1, size)[:REPLICATES].astype(np.int64)
    want = [oracle.maximum(zones, one, population, bernoulli=bernoulli, min_cases=2) for one in drawn]
    assert got == pytest.approx(want, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("bernoulli", [False, True])
@pytest.mark.parametrize(("seed", "size", "mean", "grid"), CASES)
def test_clusters_of_the_data(seed, size, mean, grid, bernoulli):
    x, y, cases, population = case(seed, size=size, mean=mean, grid=grid)
    scan, other = (bernoulli_scan, population - cases) if bernoulli else (poisson_scan, population)
    got = scan(x, y, cases, other, replicates=0, seed=1)
    want = oracle.clusters(distances(x, y), cases, population, 0.5, bernoulli=bernoulli)
    assert list(zip(got["centre"], got["members"], strict=True)) == [found[:2] for found in want]
    assert got["log_likelihood_ratio"].tolist() == pytest.approx([found[2] for found in want], rel=1e-9, abs=1e-9)


def test_a_bound_that_is_too_tight_would_be_seen_where_nearly_all_cases_fall_inside():
    """Windows of up to 90 % of the population and few cases reach counts far above C - E."""
    x, y, _, population = case(9, size=20, mean=50)
    layout = windows(x, y, population, max_population_share=0.9, geographic=False, elliptic=False)
    zones = list(oracle.windows(distances(x, y), population, 0.9))
    for total in (2, 5, 9):
        draws = replicate_cases(population, total, replicates=64, seed=total, overdispersion=4.0, bernoulli=False)
        got = scan_windows(layout, Model(np.zeros(20, np.int64) + (np.arange(20) < total), False, 1, 0.0), draws, 64)
        want = [oracle.maximum(zones, one, population) for one in draws[0].T.astype(np.int64)]
        assert got.maxima == pytest.approx(want, rel=1e-9)


@pytest.mark.parametrize("bernoulli", [False, True])
@pytest.mark.parametrize("total", [40, 4000])
@pytest.mark.parametrize("overdispersion", [0.0, 0.25])
def test_draws_have_the_moments_of_their_distribution(total, overdispersion, bernoulli):
    """Both generators (per case, and per row above 60 cases a row): totals, means, variances, nobody twice."""
    population = np.array([100.0, 400, 0, 500, 1500, 2000, 600, 900])
    drawn = replicate_cases(
        population, total, replicates=4000, seed=5, overdispersion=overdispersion, bernoulli=bernoulli
    )
    counts = drawn.transpose(0, 2, 1).reshape(-1, 8)[:4000].astype(float)
    assert (counts.sum(axis=1) == total).all()
    assert (counts[:, 2] == 0).all()
    if bernoulli:
        assert (counts <= population).all()
    if overdispersion and bernoulli:
        return
    share = population / population.sum()
    variance = total * share * (1 - share)
    if bernoulli:
        variance *= (population.sum() - total) / (population.sum() - 1)
    if not overdispersion:
        assert np.abs(counts.mean(axis=0) - total * share).max() < 5 * np.sqrt(variance.max() / 4000)
        assert counts.var(axis=0)[share > 0] == pytest.approx(variance[share > 0], rel=0.15)
    else:
        assert (counts.var(axis=0) > variance)[share > 0].all()


def test_the_number_of_threads_changes_nothing():
    x, y, cases, population = case(6, size=60, mean=40)
    before = numba.get_num_threads()
    found = []
    try:
        for threads in (1, before):
            numba.set_num_threads(threads)
            found.append(poisson_scan(x, y, cases, population, replicates=199, seed=3, overdispersion=0.1))
    finally:
        numba.set_num_threads(before)
    assert found[0].equals(found[1])


def test_blocks_of_rows_change_nothing(monkeypatch):
    x, y, cases, population = case(7, size=40, mean=40)
    whole = poisson_scan(x, y, cases, population, replicates=99, seed=3, shape="elliptic")
    monkeypatch.setattr("gisapp.analysis.scanning.windows._BLOCK_CELLS", 350)
    assert poisson_scan(x, y, cases, population, replicates=99, seed=3, shape="elliptic").equals(whole)
