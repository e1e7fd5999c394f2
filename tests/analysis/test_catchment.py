"""Capacity shared out by minutes, and families beyond a limit of minutes: by hand, and what must always hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.access import enhanced_two_step_floating_catchment
from gisapp.analysis.facilities.catchment import (
    beyond_minutes,
    checked_amounts,
    floating_catchment,
    step_decay,
    weighted_mean,
)
from gisapp.errors import InvalidInputError

#: Weights of Luo and Qi (2009) for zones of ten minutes.
ZONES = {10: 1.0, 20: 0.68, 30: 0.22}
INF, NAN = np.inf, np.nan


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


def test_no_way_and_an_unknown_time_are_never_within():
    pairs = [(np.array([0, 1, 2]), np.array([5.0, INF, np.nan]))]
    access, load = floating_catchment([100, 300, 50], [40], pairs, np.ones_like)
    assert access.tolist() == [0.4, 0, 0]
    assert load.tolist() == [100]


@pytest.mark.parametrize(
    ("decay", "names"),
    [
        (lambda m: 1 / m, "demand row 3 and supply row 1 have weight inf at 0 minutes"),
        (lambda m: m - 1, "demand row 3 and supply row 1 have weight -1 at 0 minutes"),
        (lambda m: m * np.nan, r"demand row 0 and supply row 0 have weight nan at 1 minutes \(1 such"),
        (lambda m: 1.0, "shape"),
    ],
)
def test_a_weight_that_is_none_is_refused_with_its_pair(decay, names):
    pairs = [(np.array([0]), np.array([1.0])), (np.array([1, 3]), np.array([2.0, 0.0]))]
    with pytest.raises(InvalidInputError, match=names) as refused:
        floating_catchment([1, 1, 1, 1], [4, 4], pairs, decay)
    assert refused.value.en != refused.value.id


@pytest.mark.parametrize(
    ("demand", "supply", "names"), [(3, [1], "list"), ([1], 3, "list"), ([-1], [1], "row 0"), ([1], [NAN], "row 0")]
)
def test_amounts_that_are_none_are_refused(demand, supply, names):
    with pytest.raises(InvalidInputError, match=names):
        floating_catchment(demand, supply, [(np.array([0]), np.array([1.0]))], np.ones_like)
    assert checked_amounts([0, 2.5], "demand", "permintaan").tolist() == [0, 2.5]


@pytest.mark.parametrize(
    ("zones", "names"),
    [
        ({10: 1.5}, "up to 10 minutes has weight 1.5"),
        ({10: -0.1}, "-0.1"),
        ({10: NAN}, "nan"),
        ({0: 1}, "up to 0"),
        ({INF: 1}, "up to inf"),
        ({"a": 1}, "up to a"),
    ],
)
def test_zones_that_are_none_are_refused(zones, names):
    with pytest.raises(InvalidInputError, match=names):
        step_decay(zones)


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
