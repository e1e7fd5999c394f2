"""Would the same areas be found again? Maps drawn anew from the smoothed rates, analysed the same way."""

from __future__ import annotations

import numpy as np

from gisapp.analysis.area_tests import DistrictMap, quick_flags
from gisapp.analysis.checks import Bools, Floats
from gisapp.analysis.delineation import delineate
from gisapp.analysis.rates import empirical_bayes


def found_again(
    district: DistrictMap, inside: Bools, *, level: float, min_methods: int, redraws: int, seed: int
) -> Floats:
    """Share of redrawn maps in which each area is inside a pocket again, 0..1; NaN without redraws.

    Each map draws the events of every area from a binomial with its smoothed rate, and is tested with normal
    tails and delineated by the same rule. Nothing found means nothing to find again: all 0.
    """
    if redraws == 0:
        return np.full(len(inside), np.nan)
    if not inside.any():
        return np.zeros(len(inside))
    rates = np.clip(empirical_bayes(district.events, district.population).to_numpy(), 0.0, 1.0)
    people = np.rint(district.population).astype(np.int64)
    generator = np.random.default_rng(seed)
    times = np.zeros(len(inside))
    for number in range(redraws):
        events = np.minimum(generator.binomial(people, rates).astype(np.float64), district.population)
        if events.any():
            flags = quick_flags(district, events, level=level, seed=seed + number)
            times += delineate(district, events, flags, min_methods=min_methods)
    share: Floats = times / redraws
    return share
