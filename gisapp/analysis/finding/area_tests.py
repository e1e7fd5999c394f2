"""The tests that look for high areas, run together over one district, and the level at which each is run."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control

from gisapp.analysis.checks import Floats
from gisapp.analysis.finding.area_scan import area_scan
from gisapp.analysis.finding.cluster_mass import cluster_mass
from gisapp.analysis.finding.district_map import DistrictMap
from gisapp.analysis.finding.excess import ordinary_rates, overdispersed_excess
from gisapp.analysis.hotspots import local_tests
from gisapp.analysis.rates import empirical_bayes

#: The tests that can find an area, in the order in which they are printed.
METHODS = ("gi_star", "local_moran", "cluster_mass", "scan", "excess")
#: Those of them that agreement is counted among. Local Moran is permuted under the same condition as Gi* (own value
#: held, neighbours drawn): it is the same witness, and is shown but not counted.
WITNESSES = ("gi_star", "cluster_mass", "scan", "excess")

#: Shuffled or drawn maps of the tests of groups, at least: p can reach 0.001.
_SHUFFLES = 999


def level_each(level: float, *, min_methods: int) -> float:
    """Level of each test, so that what ``min_methods`` witnesses find together holds ``level`` over the whole map.

    One is enough: level / 4 each (Bonferroni). Where two or more must agree, each runs at ``level``: of simulated maps
    without a pocket (docs/methods.md: 20 to 277 areas, four laws) at most about ``level`` then show one, but for 54
    small areas, 8 % at 5 %. What is proven is weaker: at most 4 level / k (Markov; Rüger 1978).
    """
    return level / len(WITNESSES) if min_methods == 1 else level


def level_of(method: str, *, level: float, min_methods: int) -> float:
    """Level that one method runs at; local Moran, which makes no pocket, at its own."""
    return level_each(level, min_methods=min_methods) if method in WITNESSES else level


def area_tests(district: DistrictMap, *, level: float, min_methods: int, permutations: int, seed: int) -> pd.DataFrame:
    """Run every method over the areas at its ``level_each``: z, p and flag of each, and how many found each area."""
    smoothed = empirical_bayes(district.events, district.population)
    if not district.events.any():
        return _nothing(smoothed.set_axis(district.codes))
    each = level_each(level, min_methods=min_methods)
    shuffles = max(_SHUFFLES, int(np.ceil(10 / each)))
    values = np.log(smoothed.to_numpy())
    near = neighbour_tests(values, district, permutations=permutations, seed=seed)
    usual = ordinary_rates(district.events, district.population)
    own = overdispersed_excess(district.events, district.population, level=each, ordinary=usual)
    group = cluster_mass(own["z_score"], district.adjacency, level=each, permutations=shuffles, seed=seed + 2)
    yardstick = area_scan(district, usual, replicates=shuffles, seed=seed + 3)
    events, nowhere = district.events, np.full(len(district.codes), np.nan)
    tests = pd.DataFrame(
        {
            "smoothed": smoothed.to_numpy(),
            "cluster_mass_p": group["p_value"].to_numpy(),
            "scan_p": yardstick.p_values(events) if yardstick else nowhere,
            "scan_reliability": yardstick.reliability(events, level=each) if yardstick else nowhere,
            "excess_z": own["z_score"].to_numpy(),
            "excess_p": own["p_value"].to_numpy(),
        },
        index=district.codes,
    )
    tests = pd.concat([tests[["smoothed"]], near, tests.drop(columns="smoothed")], axis=1)
    adjusted = adjusted_p_values(tests, district)
    high = {
        f"{method}_high": adjusted[method] <= level_of(method, level=level, min_methods=min_methods)
        for method in METHODS
    }
    return counted(tests.assign(**high))


def neighbour_tests(values: Floats, district: DistrictMap, *, permutations: int, seed: int) -> pd.DataFrame:
    """Gi* and local Moran of every area; nothing to say where no area has a neighbour."""
    if district.adjacency.nnz:
        found = local_tests(values, district.graph, permutations=permutations, seed=seed)
        return found.drop(columns="gi_star").set_axis(district.codes)
    names = ["gi_star_z", "gi_star_p", "local_moran", "local_moran_p"]
    alone = pd.DataFrame(np.nan, index=district.codes, columns=names)
    return alone.assign(local_moran_quadrant=pd.Series("low-low", index=district.codes, dtype="string"))


def adjusted_p_values(tests: pd.DataFrame, district: DistrictMap) -> pd.DataFrame:
    """Lowest level at which each method calls an area high; 1 where the area is not high at all.

    Gi*, local Moran and excess: Benjamini-Hochberg over the areas. Cluster mass and scan test groups over the whole
    map: their p is family-wise already.
    """
    side = {
        "gi_star": tests["gi_star_z"] > 0,
        "local_moran": tests["local_moran_quadrant"].str.startswith("high").astype(bool),
    }
    high = tests["smoothed"] > district.rate
    adjusted = {}
    for method in METHODS:
        p = tests[f"{method}_p"].fillna(1.0).to_numpy(dtype=np.float64)
        p = p if method in ("cluster_mass", "scan") else false_discovery_control(p, method="bh")
        adjusted[method] = np.where(high & side.get(method, True), p, 1.0)
    return pd.DataFrame(adjusted, index=tests.index)


def counted(tests: pd.DataFrame) -> pd.DataFrame:
    """Add how many witnesses found each area."""
    return tests.assign(methods_found=tests[[f"{method}_high" for method in WITNESSES]].sum(axis=1).astype("int64"))


def _nothing(smoothed: pd.Series) -> pd.DataFrame:
    """Tests of a district without a single event: nothing to find."""
    tests = pd.DataFrame({"smoothed": smoothed})
    for method in METHODS:
        tests[f"{method}_p"] = 1.0
        tests[f"{method}_high"] = False
    for name in ("gi_star_z", "local_moran", "excess_z", "scan_reliability"):
        tests[name] = np.nan
    tests["local_moran_quadrant"] = pd.Series("low-low", index=smoothed.index, dtype="string")
    return tests.assign(methods_found=0)
