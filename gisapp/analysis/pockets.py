"""Poverty pockets.

A **pocket** (*kantong kemiskinan*; on screens *wilayah prioritas*) is a connected group of areas, possibly a
single one, whose share of decile-1 families is higher than the district's ordinary variation between areas
explains. Its **core** areas are found by at least ``min_methods`` witnesses; its outline is drawn by likelihood
around the core (``delineation``). Every member has a smoothed rate above the district's.

Witnesses, all on the log of rates, run at the level that holds over the whole map (``area_tests.level_each``):

* ``gi_star``: Gi* significantly high (permutation p, Benjamini-Hochberg);
* ``cluster_mass``: a connected group of high areas, tested as one, is heavier than chance piles up anywhere;
* ``scan``: a round window of areas is higher than any that ordinary variation makes;
* ``excess``: the area's own count is more than ordinary areas of its size show; neighbours play no part.

``local_moran`` (high-high, or high-low: isolated) is shown beside them. It is permuted under the same condition
as Gi* and rises and falls with it: the two are one witness.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.analysis.checks import Bools, need_seed, need_share, need_whole, refuse
from gisapp.analysis.finding.area_tests import METHODS, WITNESSES, area_tests, level_each
from gisapp.analysis.finding.delineation import core_areas, delineate
from gisapp.analysis.finding.district_map import DistrictMap, district_map
from gisapp.analysis.finding.stability import found_again
from gisapp.analysis.hotspots import least_permutations
from gisapp.analysis.neighbours import components, islands


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
    level : share of maps without a pocket that may show one.
    permutations : 0 takes the fewest whose smallest p can survive the control, 2 n / level of each test.
    min_methods : witnesses that must find an area for it to be core; with 1 each runs at a quarter of the level,
        with more each at the level (``area_tests.level_each``).
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
    order = _by_code(areas)
    ordered = areas if order is None else areas.iloc[order]
    district = district_map(ordered, tolerance_m=tolerance_m)
    found = find_pockets_on(
        district, index=ordered.index, level=level, permutations=permutations, seed=seed, min_methods=min_methods,
        redraws=redraws,
    )  # fmt: skip
    return found if order is None else replace(found, members=found.members.iloc[np.argsort(order)])


def _by_code(areas: Any) -> npt.NDArray[np.intp] | None:
    """Positions in the order of the codes: draws follow it, so that the order of the rows changes nothing.

    None for what has no codes, which ``district_map`` refuses.
    """
    if not isinstance(areas, gpd.GeoDataFrame) or "code" not in areas:
        return None
    return np.argsort(areas["code"].astype(str).to_numpy(), kind="stable")


def find_pockets_on(
    district: DistrictMap,
    *,
    index: pd.Index,
    level: float = 0.05,
    permutations: int = 0,
    seed: int,
    min_methods: int = 1,
    redraws: int = 99,
) -> PocketResult:
    """Do what ``find_pockets`` does, on a map that is prepared already; ``index`` labels the rows of ``members``."""
    _check_parameters(level, permutations, min_methods, redraws, seed)
    each = level_each(level, min_methods=min_methods)
    runs = permutations or least_permutations(len(district.codes), level=each)
    tests = area_tests(district, level=level, min_methods=min_methods, permutations=runs, seed=seed)
    inside = delineate(district, district.events, tests, min_methods=min_methods)
    tests["found_again"] = found_again(
        district, inside, level=level, min_methods=min_methods, redraws=redraws, seed=seed
    )
    core = core_areas(tests, min_methods=min_methods)
    members = _named(district, tests, inside, core).set_axis(index)
    parameters = {
        "level": level,
        "level_each_method": each,
        "permutations": runs,
        "seed": seed,
        "min_methods": min_methods,
        "redraws": redraws,
        "methods": list(METHODS),
        "witnesses": list(WITNESSES),
        "islands": [str(code) for code in islands(district.graph)],
    }
    return PocketResult(members, _pocket_table(district, members), parameters)


def _check_parameters(level: float, permutations: int, min_methods: int, redraws: int, seed: int) -> None:
    need_share(level, subject="find_pockets", name="level")
    for name, value, least in (
        ("permutations", permutations, 0),
        ("min_methods", min_methods, 1),
        ("redraws", redraws, 0),
    ):
        need_whole(value, subject="find_pockets", name=name, least=least)
    need_seed(seed, subject="find_pockets")
    if min_methods > len(WITNESSES):
        refuse(
            "find_pockets",
            f"min_methods is {min_methods}, and there are {len(WITNESSES)} witnesses",
            f"min_methods {min_methods}, sedangkan ada {len(WITNESSES)} uji saksi",
        )


def pocket_id(codes: list[str]) -> str:
    """Stable name of a set of areas: ``p-`` and eight hexadecimal digits of its sorted codes."""
    return "p-" + hashlib.sha256("\n".join(sorted(codes)).encode()).hexdigest()[:8]


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
    found = [method for method in WITNESSES if own[f"{method}_high"].any()]
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
        "methods_run": len(WITNESSES),
        "p_value": float(np.nanmin(own[[f"{method}_p" for method in found]].to_numpy())) if found else np.nan,
        "relative_risk": float(rate / outside) if outside > 0 else np.nan,
        "stability": float(np.average(again, weights=people[inside])),
    }
