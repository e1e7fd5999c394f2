"""Would the same areas be found again? Maps drawn anew from the smoothed rates, analysed the same way."""

from __future__ import annotations

import numpy as np

from gisapp.analysis.checks import Bools, Floats
from gisapp.analysis.finding.district_map import DistrictMap
from gisapp.analysis.finding.quick_tests import quick_pockets, yardstick
from gisapp.analysis.rates import empirical_bayes


def found_again(
    district: DistrictMap, inside: Bools, *, level: float, min_methods: int, redraws: int, seed: int
) -> Floats:
    """Share of redrawn maps in which each area is inside a pocket again, 0..1; NaN without redraws.

    Each map draws the events of every area from a binomial with its smoothed rate, and is tested with normal
    tails against the ordinary variation of the real map, and delineated by the same rule. Nothing found means
    nothing to find again: all 0.
    """
    if redraws == 0:
        return np.full(len(inside), np.nan)
    if not inside.any():
        return np.zeros(len(inside))
    rates = np.clip(empirical_bayes(district.events, district.population).to_numpy(), 0.0, 1.0)
    people = np.rint(district.population).astype(np.int64)
    known = yardstick(district, level=level, min_methods=min_methods, seed=seed)
    generator = np.random.default_rng(seed)
    times = np.zeros(len(inside))
    for number in range(redraws):
        events = np.minimum(generator.binomial(people, rates).astype(np.float64), district.population)
        times += quick_pockets(known, events, level=level, min_methods=min_methods, seed=seed + number)
    share: Floats = times / redraws
    return share
