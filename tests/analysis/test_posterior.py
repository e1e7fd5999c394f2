from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betaln

from gisapp.analysis.small_numbers.posterior import rate_draws
from gisapp.errors import InvalidInputError

MANY = 20_000


def test_one_family_by_hand():
    """One event in a population of one: E p = E p² / E p = 2 (1/3 + 1/3 × 1/6) = 7/9 under the stated prior.

    E μ² = 1/3; the variance of p is t² μ(1 − μ) with t uniform on 0..1, so its mean is 1/3 × 1/6.
    """
    assert rate_draws([1], [1], draws=MANY, seed=1).mean() == pytest.approx(7 / 9, abs=0.01)


def test_without_population_there_is_only_the_prior():
    drawn = rate_draws([0, 0], [0, 0], draws=MANY, seed=1)
    assert drawn.mean(axis=0) == pytest.approx([0.5, 0.5], abs=0.01)
    # Var p = E var(p | μ, t) + var μ = 1/18 + 1/12.
    assert drawn.var(axis=0) == pytest.approx([5 / 36, 5 / 36], abs=0.01)


def grid_means(counts, people):
    """Posterior means of the rates by brute force over 400 × 400 pairs (μ, t), each equally likely before the data."""
    mean, spread = np.meshgrid(*[(np.arange(400) + 0.5) / 400] * 2)
    size = 1 / spread**2 - 1
    a, b = mean * size, (1 - mean) * size
    log = sum(betaln(y + a, n - y + b) - betaln(a, b) for y, n in zip(counts, people, strict=True))
    weight = np.exp(log - log.max())
    return [float((weight * (y + a) / (n + size)).sum() / weight.sum()) for y, n in zip(counts, people, strict=True)]


@pytest.mark.parametrize(
    ("counts", "people"),
    [
        ([3, 9, 4, 0], [40, 50, 20, 5]),
        ([30, 40, 35, 28, 60, 33], [300] * 6),
        ([0, 0, 0], [10, 20, 30]),
        ([1, 5], [100, 100]),
    ],
)
def test_it_is_what_brute_force_gives(counts, people):
    drawn = rate_draws(counts, people, draws=MANY, seed=3)
    noise = 5 * drawn.std(axis=0) / np.sqrt(MANY)
    assert (np.abs(drawn.mean(axis=0) - grid_means(counts, people)) < noise + 2e-4).all()


def test_an_area_without_population_is_drawn_from_the_others():
    events, population = [100, 120, 110, 90, 0], [1000, 1000, 1000, 1000, 0]
    last = rate_draws(events, population, draws=MANY, seed=1)[:, 4]
    assert last.mean() == pytest.approx(0.105, abs=0.02)
    assert last.std() > rate_draws(events, population, draws=MANY, seed=1)[:, 0].std()


def test_small_areas_are_drawn_to_the_mean_and_large_ones_stay():
    events, population = [2, 2000, *[100] * 40], [4, 4000, *[1000] * 40]
    small, large = rate_draws(events, population, draws=999, seed=1)[:, :2].mean(axis=0)
    assert small < 0.25
    assert large == pytest.approx(0.5, abs=0.01)


def test_the_same_seed_gives_the_same_bytes():
    first, second = (rate_draws([5, 9, 5], [50, 60, 50], draws=99, seed=7) for _ in range(2))
    assert first.tobytes() == second.tobytes()


counted = st.integers(0, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(st.lists(counted, min_size=1, max_size=12))
@settings(max_examples=30, deadline=None)
def test_every_draw_is_a_rate(pairs):
    drawn = rate_draws([y for y, _ in pairs], [n for _, n in pairs], draws=20, seed=1)
    assert drawn.shape == (20, len(pairs))
    assert ((drawn >= 0) & (drawn <= 1)).all()


@pytest.mark.parametrize(
    ("events", "population", "draws", "told"),
    [
        ([], [], 9, "events has no rows"),
        ([1, np.nan], [2, 2], 9, "events is not a number in row 1"),
        ([1, -1], [2, 2], 9, "events is negative in row 1"),
        ([1, 1], [2, -2], 9, "population is negative in row 1"),
        ([1, 3], [2, 2], 9, "exceed the population in row 1"),
        ([1], [2, 2], 9, "2 rows where 1"),
        ([1], [2], 0, "draws is 0"),
        ([1], [2], 1.5, "draws is 1.5"),
    ],
)
def test_bad_input_is_refused(events, population, draws, told):
    with pytest.raises(InvalidInputError, match=told):
        rate_draws(pd.Series(events, dtype="float64"), pd.Series(population), draws=draws, seed=1)
