"""Poverty pockets.

A **pocket** (*kantong kemiskinan*; on screens *wilayah prioritas*) is a connected group of areas, possibly a
single one, whose share of decile-1 families is higher than the district's ordinary variation between areas
explains. Its **core** areas are found by a test under false-discovery control; its outline is drawn by
likelihood around the core (``delineation``). Every member has a smoothed rate above the district's.

Methods, all on the log of rates:

* ``gi_star``: Gi* significantly high (permutation p, Benjamini-Hochberg);
* ``local_moran``: local Moran significant with an own value that is high (high-high, or high-low: isolated);
* ``cluster_mass``: a connected group of high areas, tested as one, is heavier than chance piles up anywhere;
* ``excess``: the area's own rate is above the middle of the district, allowing for the variance between areas.

Gi* and local Moran are permuted under the same condition (own value held, neighbours drawn), so they mostly
rise and fall together: two of them are not two witnesses. ``excess`` does not look at neighbours at all.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from gisapp.analysis.area_tests import METHODS, DistrictMap, area_tests
from gisapp.analysis.checks import Bools, Complaints, duplicated_labels, event_counts, need_share
from gisapp.analysis.delineation import core_areas, delineate
from gisapp.analysis.hotspots import least_permutations
from gisapp.analysis.neighbours import adjacency, components, contiguity, islands
from gisapp.analysis.stability import found_again


@dataclass(frozen=True)
class PocketResult:
    """What was found: one row per area, one row per pocket, and the parameters for the manifest."""

    members: pd.DataFrame
    pockets: pd.DataFrame
    parameters: dict[str, Any]


def find_pockets(
    areas: gpd.GeoDataFrame,
    *,
    level: float = 0.05,
    permutations: int = 0,
    seed: int,
    min_methods: int = 1,
    redraws: int = 99,
    tolerance_m: float = 0.0,
) -> PocketResult:
    """Poverty pockets of a district.

    Parameters
    ----------
    areas : columns ``code`` (unique text), ``population`` and ``events`` (of which), polygons in metres.
    level : false discovery rate of each test.
    permutations : 0 takes the fewest whose smallest p can survive the control, 2 n / level.
    min_methods : tests that must find an area for it to be core. An area found by ``cluster_mass`` or ``excess`` is
        core in any case: a group is tested whole, and a single high village has no neighbours to confirm it.
    redraws : maps drawn anew for ``stability``; 0 leaves it NaN.
    tolerance_m : gap between boundaries that still counts as meeting.

    Returns
    -------
    PocketResult
        ``members`` (index of ``areas``): smoothed rate, z, p and flag of each method, methods_found,
        pocket_id (<NA> outside), role (core or rim), found_again. ``pockets`` (by falling relative risk):
        pocket_id, member_codes (sorted tuple), n_areas, population, events, methods, agreement, methods_run,
        p_value (smallest of a member, uncorrected), relative_risk (rate here over the rate of everything
        outside this pocket), stability. No pocket is a valid result: ``pockets`` is then empty.

    Raises
    ------
    InvalidInputError
        Bad counts by row, repeated codes, missing columns, parameters out of range.
    """
    district = _district(areas, level, permutations, min_methods, tolerance_m)
    runs = permutations or least_permutations(len(areas), level=level)
    tests = area_tests(district, level=level, permutations=runs, seed=seed)
    inside = delineate(district, district.events, tests, min_methods=min_methods)
    tests["found_again"] = found_again(
        district, inside, level=level, min_methods=min_methods, redraws=redraws, seed=seed
    )
    core = core_areas(tests, min_methods=min_methods)
    members = _named(district, tests, inside, core).set_axis(areas.index)
    parameters = {
        "level": level,
        "permutations": runs,
        "seed": seed,
        "min_methods": min_methods,
        "redraws": redraws,
        "methods": list(METHODS),
        "islands": [str(code) for code in islands(district.graph)],
    }
    return PocketResult(members, _pocket_table(district, members), parameters)


def pocket_id(codes: list[str]) -> str:
    """Stable name of a set of areas: ``p-`` and eight hexadecimal digits of its sorted codes."""
    return "p-" + hashlib.sha256("\n".join(sorted(codes)).encode()).hexdigest()[:8]


def _district(
    areas: gpd.GeoDataFrame, level: float, permutations: int, min_methods: int, tolerance_m: float
) -> DistrictMap:
    """Check the input of ``find_pockets``."""
    need_share(level, subject="find_pockets", name="level")
    complaints = Complaints("find_pockets")
    missing = [name for name in ("code", "population", "events") if name not in areas.columns]
    if missing:
        complaints.add(f"no column {', '.join(missing)}", f"tidak ada kolom {', '.join(missing)}")
    else:
        twice = duplicated_labels(areas["code"])[:5]
        if twice:
            complaints.add(f"code {', '.join(twice)} occurs twice", f"kode {', '.join(twice)} muncul dua kali")
    if not 1 <= min_methods <= len(METHODS) or permutations < 0:
        complaints.add("min_methods or permutations is out of range", "min_methods atau permutasi di luar batas")
    complaints.refuse()
    by_code = areas.set_axis(areas["code"].astype(str))
    events, population, codes = event_counts(by_code["events"], by_code["population"], subject="find_pockets")
    if population.sum() == 0:
        complaints.add("the population is zero everywhere", "population nol di semua baris")
    complaints.refuse()
    graph = contiguity(by_code, tolerance=tolerance_m)
    return DistrictMap(events, population, codes, graph, adjacency(graph))


def _named(district: DistrictMap, tests: pd.DataFrame, inside: Bools, core: Bools) -> pd.DataFrame:
    """Give every pocket its id and every member its role."""
    groups = components(district.graph, inside)
    names = [pocket_id([str(code) for code in district.codes[groups == number]]) for number in range(groups.max() + 1)]
    named = pd.Series([names[group] if group >= 0 else None for group in groups], index=tests.index, dtype="string")
    role = np.where(core, "core", "rim")
    return tests.assign(pocket_id=named, role=pd.Series(role, index=tests.index, dtype="string").where(inside))


def _pocket_table(district: DistrictMap, members: pd.DataFrame) -> pd.DataFrame:
    """One row per pocket, highest relative risk first, ties by id."""
    rows = [
        _pocket_row(district, members, str(name), (members["pocket_id"] == name).fillna(False).to_numpy(dtype=np.bool_))
        for name in sorted(members["pocket_id"].dropna().unique())
    ]
    names = ["pocket_id", "member_codes", "n_areas", "population", "events", "methods", "agreement"]
    table = pd.DataFrame(rows, columns=[*names, "methods_run", "p_value", "relative_risk", "stability"])
    return table.sort_values(["relative_risk", "pocket_id"], ascending=[False, True], ignore_index=True)


def _pocket_row(district: DistrictMap, members: pd.DataFrame, name: str, inside: Bools) -> dict[str, Any]:
    """Numbers of one pocket."""
    own = members[inside]
    found = [method for method in METHODS if own[f"{method}_high"].any()]
    events, people = district.events, district.population
    outside = events[~inside].sum() / people[~inside].sum() if people[~inside].sum() > 0 else np.nan
    rate = events[inside].sum() / people[inside].sum()
    again = own["found_again"].to_numpy()
    return {
        "pocket_id": name,
        "member_codes": tuple(sorted(str(code) for code in district.codes[inside])),
        "n_areas": int(inside.sum()),
        "population": people[inside].sum(),
        "events": events[inside].sum(),
        "methods": ", ".join(found),
        "agreement": len(found),
        "methods_run": len(METHODS),
        "p_value": float(np.nanmin(own[[f"{method}_p" for method in found]].to_numpy())) if found else np.nan,
        "relative_risk": float(rate / outside) if outside > 0 else np.nan,
        "stability": float(np.average(again, weights=people[inside])),
    }
