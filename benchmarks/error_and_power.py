"""Size and power of the rules that make a pocket: how often maps without one show one, and what planted ones give.

Maps of their own: 277 Voronoi desa of about 900 families, or a grid of 484 cells of about 150, with 9 % of the families
in the chosen deciles. Without a pocket: complete randomness, and ordinary variation between areas (log-normal, gamma;
CV 0.3). A rule is "k of some methods". Printed for each: the share of such maps that show one with each of m methods at
k × 5 % / m (Bonferroni; Rüger 1978 for k > 1) and at 5 %; the level at which the rule errs on 5 % of log-normal maps
(its equal level); mean F1 in families of three planted pockets (compact and ribbons of seven areas, single areas) at
those equal levels; and the default rule as it stands, with the mean distance from the outline that was planted to the
nearest outline found (edge_m; of maps that found one).

    python benchmarks/error_and_power.py [--nulls 1000] [--maps 40] [--kinds desa,grid]
"""

from __future__ import annotations

import argparse
import functools
import itertools
import multiprocessing
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from recovery import grown, voronoi

from gisapp.analysis.finding.area_tests import METHODS, WITNESSES, adjusted_p_values, area_tests
from gisapp.analysis.finding.delineation import delineate
from gisapp.analysis.finding.district_map import DistrictMap, district_map
from gisapp.analysis.pockets import find_pockets_on

RATE = 0.0923
LEVEL = 0.05
CV = 0.3
SIDE_CELLS, CELL_M = 22, 2000
LAWS = ("complete randomness", "log-normal", "gamma")
SHAPES = ("compact", "ribbon", "single")
STRENGTHS = (1.5, 2.0, 3.0)
DEFAULT_MIN_METHODS = 1
#: Methods of which some must agree; each is tried with every k up to three.
SUBSETS = (
    *((method,) for method in METHODS),
    ("cluster_mass", "excess"),
    ("scan", "excess"),
    ("cluster_mass", "scan", "excess"),
    WITNESSES,
    METHODS,
)
RULES = {
    f"{k} of {', '.join(methods)}": (methods, k) for methods in SUBSETS for k in range(1, min(len(methods), 3) + 1)
}


@functools.cache
def _areas(kind: str, number: int) -> gpd.GeoDataFrame:
    """Areas of one lattice with their families."""
    generator = np.random.default_rng(number)
    if kind == "desa":
        areas = voronoi(277, generator)
        return areas.assign(population=np.maximum(150, np.rint(generator.lognormal(np.log(900), 0.45, 277))))
    steps = np.arange(SIDE_CELLS) * CELL_M
    cells = [shapely.box(x, y, x + CELL_M, y + CELL_M) for y in steps for x in steps]
    codes = [f"{at:04d}" for at in range(len(cells))]
    people = np.maximum(20, np.rint(generator.lognormal(np.log(150), 0.6, len(cells))))
    return gpd.GeoDataFrame({"code": codes, "population": people}, geometry=cells, crs="EPSG:32647")


@functools.cache
def lattice(kind: str, number: int) -> DistrictMap:
    """Map ``number`` of a kind (desa or grid), without events."""
    return district_map(_areas(kind, number).assign(events=0))


def _ribbon(district: DistrictMap, near: list[set[int]], free: set[int], generator: np.random.Generator) -> list[int]:
    """Seven areas in a row, or none where the map ends."""
    members = [int(generator.choice(sorted(free)))]
    angle = generator.uniform(0, 2 * np.pi)
    ahead = np.array([np.cos(angle), np.sin(angle)])
    while len(members) < 7:
        beside = sorted(near[members[-1]] & free - set(members))
        step = district.places[beside] - district.places[members[-1]]
        cosine = step @ ahead / np.linalg.norm(step, axis=1)
        if not (cosine > 0).any():
            return []
        members.append(beside[int(np.argmax(cosine))])
    return members


def planted(district: DistrictMap, shape: str, strength: float, generator: np.random.Generator) -> np.ndarray:
    """Relative risk per area with three pockets of one shape that do not touch."""
    count = len(district.codes)
    near = [set(district.adjacency[[row]].indices.tolist()) for row in range(count)]
    risk, free = np.ones(count), set(range(count))
    for _ in range(3):
        members: list[int] = []
        while not members:
            if shape == "ribbon":
                members = _ribbon(district, near, free, generator)
            else:
                members = grown(near, free, 7 if shape == "compact" else 1, generator)
        risk[members] = strength
        free -= set(members) | set().union(*(near[at] for at in members))
    return risk


def drawn(
    kind: str, seed: int, *, law: str = "log-normal", shape: str | None = None, strength: float = 1.0
) -> tuple[DistrictMap, np.ndarray]:
    """Draw events on one map, with the planted risk per area; ``law`` is that of ordinary variation."""
    district = lattice(kind, seed % 20)
    generator = np.random.default_rng([seed, 77])
    count, people = len(district.codes), district.population
    risk = planted(district, shape, strength, generator) if shape else np.ones(count)
    usual = {
        "complete randomness": lambda: np.ones(count),
        "log-normal": lambda: generator.lognormal(0, np.sqrt(np.log1p(CV**2)), count),
        "gamma": lambda: generator.gamma(1 / CV**2, CV**2, count),
    }[law]()
    rate = np.minimum(0.9, risk * usual * RATE * people.sum() / (usual * people).sum())
    return district.with_counts(generator.binomial(people.astype(int), rate), people), risk


def tested(district: DistrictMap, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tests of one map at a level so loose that nothing is cut off, and the least level of each method and area."""
    permutations = int(np.ceil(2 * len(district.codes) / (LEVEL / len(WITNESSES))))
    tests = area_tests(district, level=0.9, min_methods=1, permutations=permutations, seed=seed)
    return tests, adjusted_p_values(tests, district)


def agreed(adjusted: pd.DataFrame, rule: str) -> np.ndarray:
    """Lowest level at which a rule finds each area."""
    methods, k = RULES[rule]
    return np.sort(adjusted[list(methods)].to_numpy(), axis=1)[:, k - 1]


def least_level(job: tuple[str, str, int]) -> list[float]:
    """Lowest level at which each rule finds anything on one map without a pocket."""
    kind, law, seed = job
    adjusted = tested(drawn(kind, seed, law=law)[0], seed)[1]
    return [float(agreed(adjusted, rule).min()) for rule in RULES]


def f1_at(job: tuple[str, int, str, float, dict[str, float]]) -> list[float]:
    """F1 in families of each rule of ``levels`` at its own level on one map with pockets."""
    kind, seed, shape, strength, levels = job
    district, risk = drawn(kind, seed, shape=shape, strength=strength)
    tests, adjusted = tested(district, seed)
    cores = [agreed(adjusted, rule) <= level for rule, level in levels.items()]
    outlined = functools.cache(
        lambda core: delineate(
            district, district.events, tests.assign(methods_found=np.frombuffer(core, dtype=bool) * 1), min_methods=1
        )
    )
    return [scores(outlined(core.tobytes()), risk, district.population)[2] for core in cores]


def scores(inside: np.ndarray, risk: np.ndarray, people: np.ndarray) -> tuple[float, float, float]:
    """Precision (NaN where nothing is found), recall and F1 in families."""
    right, found, wanted = people[inside & (risk > 1)].sum(), people[inside].sum(), people[risk > 1].sum()
    return right / found if found else np.nan, right / wanted, 2 * right / (found + wanted)


def as_it_stands(job: tuple[str, int, str, float]) -> tuple[float, ...]:
    """Precision, recall, F1 and distance of the outlines of the default rule on one map."""
    kind, seed, shape, strength = job
    district, risk = drawn(kind, seed, shape=shape, strength=strength)
    options: dict[str, Any] = {"level": LEVEL, "min_methods": DEFAULT_MIN_METHODS, "redraws": 0}
    result = find_pockets_on(district, index=district.codes, seed=seed, **options)
    inside = result.members["pocket_id"].notna().to_numpy(dtype=bool)
    return *scores(inside, risk, district.population), edge_m(_areas(kind, seed % 20), risk > 1, inside)


def edge_m(areas: gpd.GeoDataFrame, truth: np.ndarray, found: np.ndarray) -> float:
    """Mean distance from the planted outline (a point every 200 m) to the nearest outline found; NaN for none."""
    if not found.any():
        return np.nan
    wanted, drawn_line = (shapely.boundary(shapely.union_all(areas.geometry.array[side])) for side in (truth, found))
    points = shapely.get_coordinates(shapely.segmentize(wanted, 200))
    return float(shapely.distance(shapely.points(points), drawn_line).mean())


def error(pool: Any, kind: str, nulls: int) -> dict[str, float]:
    """Print the share of maps without a pocket that show one; return the equal level of each rule."""
    found = {
        law: np.array(pool.map(least_level, [(kind, law, 1000 + at) for at in range(nulls)], chunksize=2))
        for law in LAWS
    }
    each = np.array([k * LEVEL / len(methods) for methods, k in RULES.values()])
    shares = pd.DataFrame({law: (least <= each).mean(axis=0) for law, least in found.items()}, index=list(RULES))
    print(f"\n{kind}: share of {nulls} maps without a pocket that show one")
    print(shares.assign(level_of_each=each).round(3).to_string())
    shares = pd.DataFrame({law: (least <= LEVEL).mean(axis=0) for law, least in found.items()}, index=list(RULES))
    equal = np.quantile(found["log-normal"], LEVEL, axis=0, method="lower")
    print(f"\n{kind}: the same with every method at {LEVEL}, and the level at which each rule errs on 5 %")
    print(shares.assign(equal_level=equal).round(3).to_string(), flush=True)
    return dict(zip(RULES, equal, strict=True))


def power(pool: Any, kind: str, maps: int, levels: dict[str, float]) -> None:
    """Print F1 of every rule at equal error, best first, and the default rule as it stands."""
    columns = pd.MultiIndex.from_product([SHAPES, STRENGTHS], names=["shape", "strength"])
    table = pd.DataFrame(index=pd.Index(list(RULES), name="rule"), columns=columns, dtype=float)
    default = pd.DataFrame(index=columns, columns=["precision", "recall", "f1", "edge_m"], dtype=float)
    for shape, strength in itertools.product(SHAPES, STRENGTHS):
        seeds = range(5000, 5000 + maps)
        rows = pool.map(f1_at, [(kind, seed, shape, strength, levels) for seed in seeds], chunksize=2)
        table[(shape, strength)] = np.mean(rows, axis=0)
        stands = pd.DataFrame(pool.map(as_it_stands, [(kind, seed, shape, strength) for seed in seeds], chunksize=2))
        default.loc[(shape, strength)] = stands.mean().to_numpy()
    mean = table.mean(axis=1).sort_values(ascending=False, kind="stable")
    print(f"\n{kind}: mean F1 at equal error, best rule first")
    table[("mean", "")] = mean
    print(table.loc[mean.index].round(3).to_string())
    print(f"\n{kind}: the default rule as it stands ({DEFAULT_MIN_METHODS} of {len(WITNESSES)})")
    print(default.round(2).to_string(), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nulls", type=int, default=1000)
    parser.add_argument("--maps", type=int, default=40)
    parser.add_argument("--kinds", default="desa,grid")
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    with multiprocessing.Pool(asked.jobs) as pool:
        for kind in asked.kinds.split(","):
            power(pool, kind, asked.maps, error(pool, kind, asked.nulls))


if __name__ == "__main__":
    main()
