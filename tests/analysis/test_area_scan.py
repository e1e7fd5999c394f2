"""The scan of weighted log rates, held against plain NumPy over the same windows."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_maps import district_with

from gisapp.analysis.finding.area_scan import LARGEST_WINDOW, WINDOWS, area_scan
from gisapp.analysis.finding.area_tests import WITNESSES, level_each
from gisapp.analysis.finding.district_map import district_map
from gisapp.analysis.finding.excess import ordinary_rates

BLOCK = {26: 3.0, 27: 3.0, 38: 3.0, 39: 3.0}


@pytest.fixture(scope="module")
def block():
    district = district_map(district_with(BLOCK))
    return district, area_scan(district, ordinary_rates(district.events, district.population), replicates=199, seed=3)


def highest_ratio(district, events, ordinary, share):
    """(Σ w x)² / (2 Σ w) of every round window by hand: all areas within each distance of each centre."""
    people = district.population
    rate = (events + 0.5) / (people + 1)
    weight = 1 / ((1 - rate) / (events + 0.5) + ordinary.spread**2)
    height = np.log(rate) - np.median(np.log(rate))
    best = 0.0
    for place in district.places:
        distance = np.hypot(*(district.places - place).T).round(6)
        for reach in np.unique(distance):
            inside = distance <= reach
            total = float((weight * height)[inside].sum())
            if people[inside].sum() <= share * people.sum() and total > 0:
                best = max(best, total**2 / (2 * float(weight[inside].sum())))
    return best


def test_the_highest_ratio_is_that_of_plain_numpy(block):
    district, scan = block
    expected = highest_ratio(district, district.events, scan.ordinary, LARGEST_WINDOW)
    beaten = int((scan.maxima[:, sorted((*WINDOWS, LARGEST_WINDOW)).index(LARGEST_WINDOW)] >= expected).sum())
    assert np.nanmin(scan.p_values(district.events)) == (1 + beaten) / 200


def test_the_block_is_found_at_most_window_sizes_and_ordinary_squares_are_not(block):
    district, scan = block
    p_value = scan.p_values(district.events)
    assert (p_value[list(BLOCK)] == 1 / 200).all()
    reliability = scan.reliability(district.events, level=0.05)
    assert (reliability[list(BLOCK)] >= 4 / 6).all()
    assert reliability[143] == 0


def test_the_same_seed_draws_the_same_yardstick(block):
    district, scan = block
    again = area_scan(district, scan.ordinary, replicates=199, seed=3)
    assert np.array_equal(again.maxima, scan.maxima)


def test_one_place_has_no_windows(block):
    _, scan = block
    alone = district_map(district_with({}, rows=1, columns=1))
    assert area_scan(alone, scan.ordinary, replicates=9, seed=1) is None


def test_ordinary_maps_seldom_have_a_cluster(block):
    """At 5 % about one map in twenty."""
    _, scan = block
    generator = np.random.default_rng(5)
    found = 0
    for _ in range(100):
        rate = np.exp(scan.ordinary.centre + scan.ordinary.spread * generator.standard_normal(144))
        events = generator.binomial(1000, np.minimum(rate, 1)).astype(float)
        found += bool((scan.p_values(events) <= 0.05).any())
    assert found <= 12


def test_more_agreement_allows_each_test_more():
    assert level_each(0.05, min_methods=1) == 0.05 / len(WITNESSES)
    assert level_each(0.05, min_methods=2) == level_each(0.05, min_methods=4) == 0.05
