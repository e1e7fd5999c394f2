from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from drawn_maps import series

from gisapp.analysis.finding.excess import central_spread, log_rates, overdispersed_excess
from gisapp.errors import InvalidInputError


def varied(n, spread, seed, people=1000):
    generator = np.random.default_rng(seed)
    rate = 0.1 * np.exp(generator.normal(0, spread, n))
    return generator.binomial(people, rate).astype(float), np.full(n, float(people))


def test_log_rate_by_hand():
    """9 of 99: (9.5) / (100) = 0.095; variance (1 − 0.095) / 9.5."""
    found = log_rates([9], [99]).loc[0]
    assert found["log_rate"] == pytest.approx(np.log(0.095))
    assert found["variance"] == pytest.approx(0.905 / 9.5)


def test_the_spread_between_areas_is_found_and_a_tenth_of_pockets_hardly_moves_it():
    events, population = varied(2000, 0.3, 1)
    raised = events.copy()
    raised[:200] = np.minimum(3 * raised[:200], population[:200])
    for counts, tolerance in ((events, 0.02), (raised, 0.06)):
        table = log_rates(counts, population)
        centre, spread = central_spread(table["log_rate"].to_numpy(), table["variance"].to_numpy())
        assert spread == pytest.approx(0.3, abs=tolerance)
        assert centre == pytest.approx(np.log(0.1), abs=tolerance)


def test_no_more_spread_than_chance_is_near_zero():
    table = log_rates(*varied(2000, 0.0, 2))
    assert central_spread(table["log_rate"].to_numpy(), table["variance"].to_numpy())[1] < 0.05


def test_one_high_area_is_found_and_ordinary_variation_is_not():
    events, population = varied(200, 0.3, 4)
    events[17] = 450
    found = overdispersed_excess(events, population)
    assert found.index[found["excess"]].tolist() == [17]


def test_random_maps_seldom_have_an_excess():
    """At a false discovery rate of 5 %, about 5 % of maps without any excess show one."""
    assert sum(overdispersed_excess(*varied(280, 0.3, seed))["excess"].any() for seed in range(100)) <= 12


def test_an_area_without_population_is_missing_and_never_an_excess():
    found = overdispersed_excess(series(10, 12, 0), series(100, 100, 0))
    assert np.isnan(found.loc["c", "z_score"])
    assert not found.loc["c", "excess"]


def test_nobody_anywhere_is_no_excess():
    assert not overdispersed_excess([0, 0], [0, 0])["excess"].any()


def test_bad_counts_are_refused_with_the_row():
    with pytest.raises(InvalidInputError, match="exceed the population in row b"):
        overdispersed_excess(series(1, 9), pd.Series([2, 8], index=["a", "b"]))
