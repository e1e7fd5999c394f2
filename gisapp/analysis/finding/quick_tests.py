"""The same tests for other counts on the same map, quick enough for hundreds of maps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from gisapp.analysis.checks import Bools, Floats
from gisapp.analysis.finding.area_scan import OWN_WINDOW, AreaScan, area_scan
from gisapp.analysis.finding.area_tests import counted, level_each
from gisapp.analysis.finding.cluster_mass import cluster_mass
from gisapp.analysis.finding.delineation import delineate
from gisapp.analysis.finding.district_map import DistrictMap
from gisapp.analysis.finding.excess import Ordinary, ordinary_rates, overdispersed_excess
from gisapp.analysis.hotspots import conditional_z, false_discovery_rate
from gisapp.analysis.rates import empirical_bayes


@dataclass(frozen=True)
class Yardstick:
    """What ordinary variation looks like on one map: rates of ordinary areas, and the scan of drawn maps."""

    district: DistrictMap
    ordinary: Ordinary
    scan: AreaScan | None


def yardstick(district: DistrictMap, *, level: float, min_methods: int, seed: int) -> Yardstick:
    """Read the yardstick from the map's own counts."""
    usual = ordinary_rates(district.events, district.population)
    shuffles = _shuffles(level_each(level, min_methods=min_methods))
    return Yardstick(district, usual, area_scan(district, usual, replicates=shuffles, seed=seed, shares=OWN_WINDOW))


def _shuffles(level: float) -> int:
    """Fewest shuffled maps with which two of them may beat the observed one at this level, at least 99."""
    return max(99, int(np.ceil(2 / level)))


def quick_flags(known: Yardstick, events: Floats, *, level: float, min_methods: int, seed: int) -> pd.DataFrame:
    """Flags of every method for other counts on the same map, by normal tails instead of permutations.

    Permutation p-values of Gi* and local Moran share one null: own value held, neighbours drawn without
    replacement. Its mean and variance are known, so its normal tail replaces the draws here.
    """
    district = known.district
    smoothed = empirical_bayes(events, district.population).to_numpy()
    each = level_each(level, min_methods=min_methods)
    high = smoothed > events.sum() / district.population.sum()
    values = np.log(smoothed)
    near, count = district.adjacency @ values, np.diff(district.adjacency.indptr).astype(np.float64)
    around = conditional_z(values, near, count)
    two_sided = 2 * norm.sf(np.abs(around))
    lively, moran = (false_discovery_rate(two_sided, level=at).to_numpy() for at in (each, level))
    with_own = near + values - (count + 1) * values.mean()
    own = overdispersed_excess(events, district.population, level=each, ordinary=known.ordinary)
    group = cluster_mass(own["z_score"], district.adjacency, level=each, permutations=_shuffles(each), seed=seed)
    scan_p = np.ones(len(events)) if known.scan is None else known.scan.p_values(events)
    return counted(
        pd.DataFrame(
            {
                "smoothed": smoothed,
                "gi_star_high": high & lively & (with_own > 0),
                "local_moran_high": high & moran & (values > values.mean()),
                "cluster_mass_high": high & group["high"].to_numpy(),
                "scan_high": high & (scan_p <= each),
                "excess_high": high & own["excess"].to_numpy(),
            }
        )
    )


def quick_pockets(known: Yardstick, events: Floats, *, level: float, min_methods: int, seed: int) -> Bools:
    """Areas inside any pocket of other counts on the same map; none where there is no event."""
    if not events.any():
        return np.zeros(len(events), dtype=np.bool_)
    flags = quick_flags(known, events, level=level, min_methods=min_methods, seed=seed)
    return delineate(known.district, events, flags, min_methods=min_methods, ordinary=known.ordinary)
