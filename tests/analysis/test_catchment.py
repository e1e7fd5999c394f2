"""Capacity shared out by minutes, and families beyond a limit of minutes: by hand, and what must always hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.access import enhanced_two_step_floating_catchment
from gisapp.analysis.facilities.catchment import beyond_minutes, floating_catchment, step_decay, weighted_mean
from gisapp.errors import InvalidInputError

#: Weights of Luo and Qi (2009) for zones of ten minutes.
ZONES = {10: 1.0, 20: 0.68, 30: 0.22}
INF = np.inf


def test_three_villages_and_two_schools_by_hand():
    # Village A (100 children) 5 min from school 1; B (50) 15 min from 1, 8 min from 2; C (200) 25 min from 2.
    school_1 = (np.array([0, 1]), np.array([5.0, 15.0]))
    school_2 = (np.array([1, 2]), np.array([8.0, 25.0]))
    demand, places = np.array([100.0, 50.0, 200.0]), np.array([120.0, 60.0])
    access, load = floating_catchment(demand, places, [school_1, school_2], step_decay(ZONES))
    first = 120 / (100 * 1.0 + 50 * 0.68)
    second = 60 / (50 * 1.0 + 200 * 0.22)
    assert load.tolist() == pytest.approx([134.0, 94.0])
    assert access.tolist() == pytest.approx([first, 0.68 * first + second, 0.22 * second])
    assert (access @ demand) == pytest.approx(180)


def test_ends_of_zones_belong_to_the_nearer_zone_and_beyond_the_last_is_nothing():
    weights = step_decay(ZONES)(np.array([0.0, 10.0, 10.01, 20.0, 30.0, 30.01, INF]))
    assert weights.tolist() == [1, 1, 0.68, 0.68, 0.22, 0, 0]


@given(seed=st.integers(0, 2**16), places=st.integers(1, 12), schools=st.integers(1, 6))
def test_what_is_handed_out_is_the_supply_that_somebody_reaches(seed, places, schools):
    generator = np.random.default_rng(seed)
    minutes = generator.choice([*np.arange(0, 60, 0.5), INF], (places, schools))
    demand, supply = generator.integers(0, 50, places).astype(float), generator.integers(0, 500, schools).astype(float)
    near = [np.flatnonzero(minutes[:, at] <= 30) for at in range(schools)]
    within = [(rows, minutes[rows, at]) for at, rows in enumerate(near)]
    access, load = floating_catchment(demand, supply, within, step_decay(ZONES))
    assert access @ demand == pytest.approx(supply[load > 0].sum())
    table = enhanced_two_step_floating_catchment(demand, supply, minutes, threshold_min=30, decay=step_decay(ZONES))
    np.testing.assert_allclose(table, access)


def test_a_group_finds_the_mean_of_its_demand():
    values = pd.Series([1.0, 3.0, 8.0, np.nan, 5.0, 7.0])
    weight = pd.Series([1.0, 3.0, np.nan, 2.0, 0.0, np.nan])
    found = weighted_mean(values, weight, pd.Series(["a", "a", "a", "a", "b", "c"]))
    assert found["a"] == pytest.approx(2.5)
    assert found[["b", "c"]].isna().all()


def test_no_way_is_beyond_and_an_unknown_time_is_neither():
    minutes = pd.Series([10.0, 30.0, 30.5, INF, np.nan, np.nan, 5.0])
    found = beyond_minutes(minutes, pd.Series(["a"] * 5 + ["b", None]), limit_min=30)
    assert found.loc["a"].tolist() == [2, 4, 0.5, pytest.approx(0.2)]
    assert found.loc["b", ["beyond", "known", "share_unknown"]].tolist() == [0, 0, 1]
    assert np.isnan(found.loc["b", "share_beyond"])
    assert found.index.tolist() == ["a", "b"]


@pytest.mark.parametrize(
    ("minutes", "limit", "names"), [([1.0], 0, "above 0"), ([1.0], np.nan, "above 0"), ([-1.0], 5, "row 0")]
)
def test_a_limit_or_minutes_that_are_none_are_refused(minutes, limit, names):
    with pytest.raises(InvalidInputError, match=names):
        beyond_minutes(pd.Series(minutes), pd.Series(["a"]), limit_min=limit)
