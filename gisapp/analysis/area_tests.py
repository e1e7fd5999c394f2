"""The tests that look for high areas, run together over one district."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from scipy.stats import norm

from gisapp.analysis.checks import Floats
from gisapp.analysis.cluster_mass import cluster_mass
from gisapp.analysis.excess import overdispersed_excess
from gisapp.analysis.hotspots import conditional_z, false_discovery_rate, getis_ord, local_moran
from gisapp.analysis.rates import empirical_bayes

#: The tests that can find an area, in the order in which they are printed.
METHODS = ("gi_star", "local_moran", "cluster_mass", "excess")

#: Shuffled maps of the cluster test: p can reach 0.001; redrawn maps of the stability take fewer.
_SHUFFLES, _QUICK_SHUFFLES = 999, 99


@dataclass(frozen=True)
class DistrictMap:
    """Counts and neighbours of the areas, with what every delineation needs."""

    events: Floats
    population: Floats
    codes: pd.Index
    graph: Graph
    adjacency: Any

    @property
    def rate(self) -> float:
        """Events per population of the whole district."""
        return float(self.events.sum() / self.population.sum())


def area_tests(district: DistrictMap, *, level: float, permutations: int, seed: int) -> pd.DataFrame:
    """Run every method over the areas: z, p and flag of each, and how many found each area."""
    smoothed = empirical_bayes(district.events, district.population)
    if not district.events.any():
        return _nothing(smoothed)
    values = np.log(smoothed.to_numpy())
    gi = getis_ord(values, district.graph, permutations=permutations, seed=seed)
    moran = local_moran(values, district.graph, permutations=permutations, seed=seed + 1)
    own = overdispersed_excess(district.events, district.population, level=level)
    group = cluster_mass(own["z_score"], district.adjacency, level=level, permutations=_SHUFFLES, seed=seed + 2)
    high = smoothed > district.rate
    tests = pd.DataFrame(
        {
            "smoothed": smoothed,
            "gi_star_z": gi["z_score"],
            "gi_star_p": gi["p_value"],
            "gi_star_high": high & (gi["z_score"] > 0) & false_discovery_rate(gi["p_value"], level=level),
            "local_moran": moran["statistic"],
            "local_moran_p": moran["p_value"],
            "local_moran_quadrant": moran["quadrant"],
            "local_moran_high": high
            & moran["quadrant"].str.startswith("high").astype(bool)
            & false_discovery_rate(moran["p_value"], level=level),
            "cluster_mass_p": group["p_value"],
            "cluster_mass_high": high & group["high"],
            "excess_z": own["z_score"],
            "excess_p": own["p_value"],
            "excess_high": high & own["excess"],
        }
    )
    tests["methods_found"] = tests[[f"{method}_high" for method in METHODS]].sum(axis=1).astype("int64")
    return tests


def _nothing(smoothed: pd.Series) -> pd.DataFrame:
    """Tests of a district without a single event: nothing to find."""
    tests = pd.DataFrame({"smoothed": smoothed})
    for method in METHODS:
        tests[f"{method}_p"] = 1.0
        tests[f"{method}_high"] = False
    for name in ("gi_star_z", "local_moran", "excess_z"):
        tests[name] = np.nan
    tests["local_moran_quadrant"] = pd.Series("low-low", index=smoothed.index, dtype="string")
    return tests.assign(methods_found=0)


def quick_flags(district: DistrictMap, events: Floats, *, level: float, seed: int) -> pd.DataFrame:
    """Flags of every method for other counts on the same map, by normal tails instead of permutations.

    Permutation p-values of Gi* and local Moran share one null: own value held, neighbours drawn without
    replacement. Its mean and variance are known, so its normal tail replaces the draws here.
    """
    smoothed = empirical_bayes(events, district.population)
    rate = float(events.sum() / district.population.sum())
    values = np.log(smoothed.to_numpy())
    near = district.adjacency @ values
    count = np.diff(district.adjacency.indptr).astype(np.float64)
    around = conditional_z(values, near, count)
    lively = false_discovery_rate(2 * norm.sf(np.abs(around)), level=level).to_numpy()
    high = smoothed.to_numpy() > rate
    with_own = near + values - (count + 1) * values.mean()
    own = overdispersed_excess(events, district.population, level=level)
    group = cluster_mass(own["z_score"], district.adjacency, level=level, permutations=_QUICK_SHUFFLES, seed=seed)
    flags = pd.DataFrame(
        {
            "smoothed": smoothed,
            "gi_star_high": high & lively & (with_own > 0),
            "local_moran_high": high & lively & (values > values.mean()),
            "cluster_mass_high": high & group["high"].to_numpy(),
            "excess_high": high & own["excess"].to_numpy(),
        }
    )
    flags["methods_found"] = flags[[f"{method}_high" for method in METHODS]].sum(axis=1).astype("int64")
    return flags
