from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.demo.planted import Planted
from gisapp.demo.population import background_rates, populate, shared_out, urban_areas
from gisapp.demo.profiles import load_profile


def test_shared_out_by_hand():
    assert shared_out(10, np.array([1.0, 1.0, 2.0])).tolist() == [3, 2, 5]
    assert shared_out(0, np.array([1.0, 2.0])).tolist() == [0, 0]


@given(st.integers(0, 10_000), st.lists(st.floats(0.01, 100), min_size=1, max_size=30))
def test_shared_out_adds_up_and_stays_within_one(total, weight):
    weights = np.array(weight)
    parts = shared_out(total, weights)
    assert parts.sum() == total
    assert (np.abs(parts - total * weights / weights.sum()) <= 1).all()


@pytest.mark.parametrize("seed", range(4))
def test_background_has_mean_1_the_declared_spread_and_only_mild_clustering(grid_pairs, seed):
    pairs = grid_pairs(16)
    factor = background_rates(pairs, 256, seed=seed)
    assert factor.mean() == pytest.approx(1)
    assert factor.std() / factor.mean() == pytest.approx(0.35, abs=0.01)
    assert (factor > 0).all()
    deviation = factor - 1
    moran = (deviation[pairs[:, 0]] * deviation[pairs[:, 1]]).mean() / (deviation**2).mean()
    assert -0.1 < moran < 0.25


def test_populations_add_up_and_no_area_lists_more_than_live_there(grid_pairs):
    profile = load_profile("langkat")
    pocket = Planted(name="K1", relative_risk=3.0, cause="no_work", members=(0, 1, 2))
    urban = np.zeros(100, dtype=bool)
    background = background_rates(grid_pairs(10), 100, seed=1)
    people = populate(profile, background, (pocket,), urban, households=11_000, seed=1)
    assert people.families.sum() == 27_300
    assert people.persons.sum() == 106_300
    assert people.listed.sum() == 11_000
    assert (people.poor <= people.listed).all()
    assert (people.listed <= people.families).all()
    inside, outside = np.arange(100) < 3, np.arange(100) >= 3
    rate = [np.average(people.rate[part], weights=people.families[part]) for part in (inside, outside)]
    assert rate[0] / rate[1] == pytest.approx(3.0)


def test_urban_class_follows_size_and_kelurahan_but_is_neither():
    rng = np.random.default_rng(0)
    size = rng.uniform(2, 60, 200)
    kelurahan = np.arange(200) < 30
    urban = urban_areas(size, kelurahan, 0.3, seed=1)
    assert urban.sum() == 60
    assert size[urban].mean() < size[~urban].mean()
    assert 0 < (kelurahan & ~urban).sum() < 30
