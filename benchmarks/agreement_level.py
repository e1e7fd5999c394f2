"""Which rule finds most where every rule errs alike on every kind of map: one witness, two, three, or one test alone.

A level that was calibrated on one kind of map promises nothing on another. Here maps without a pocket have 20 to 277
Voronoi areas of about 900 families or of 150, and ordinary variation of four laws (none, log-normal, gamma, normal cut
off at 0.02; CV 0.2 to 0.5). Printed for each kind: the share that shows a pocket, with one witness at a quarter of 5 %
(the default) and with two at 5 % each, and the level at which each rule errs on 5 %. Then, for each rule, the level
that holds 5 % on every kind, and the mean F1 in families on the maps with planted pockets of `error_and_power.py`.

    python benchmarks/agreement_level.py [--nulls 500] [--maps 40] [--jobs 2]
"""

from __future__ import annotations

import argparse
import functools
import itertools
import multiprocessing
from typing import Any

import numpy as np
import pandas as pd
from error_and_power import LEVEL, RATE, RULES, SHAPES, STRENGTHS, agreed, f1_at, tested
from recovery import voronoi

from gisapp.analysis.finding.area_tests import WITNESSES
from gisapp.analysis.finding.district_map import DistrictMap, district_map

AREAS = ((20, 900), (54, 900), (120, 900), (277, 900), (54, 150), (277, 150))
LAWS = (
    ("complete randomness", 0.0),
    ("log-normal", 0.2),
    ("log-normal", 0.3),
    ("log-normal", 0.5),
    ("gamma", 0.3),
    ("gamma", 0.5),
    ("normal", 0.3),
)
AGREEMENTS = {f"{k} of {', '.join(WITNESSES)}": k for k in (1, 2, 3)}
COMPARED = (*AGREEMENTS, *(f"1 of {method}" for method in WITNESSES))
STANDS = {"1 of 4 at 1.25 %": (next(iter(AGREEMENTS)), LEVEL / 4), "2 of 4 at 5 %": (list(AGREEMENTS)[1], LEVEL)}


@functools.cache
def lattice(count: int, families: int, number: int) -> DistrictMap:
    """Voronoi map ``number`` of some many areas and families, without events."""
    generator = np.random.default_rng([count, number])
    people = np.maximum(20, np.rint(generator.lognormal(np.log(families), 0.45, count)))
    return district_map(voronoi(count, generator).assign(population=people, events=0))


def least_levels(job: tuple[int, int, str, float, int]) -> list[float]:
    """Lowest level at which each compared rule finds anything on one map without a pocket."""
    count, families, law, cv, seed = job
    district = lattice(count, families, seed % 20)
    generator = np.random.default_rng([seed, count, 78])
    people = district.population
    usual = {
        "complete randomness": lambda: np.ones(count),
        "log-normal": lambda: generator.lognormal(0, np.sqrt(np.log1p(cv**2)), count),
        "gamma": lambda: generator.gamma(1 / cv**2, cv**2, count),
        "normal": lambda: np.maximum(0.02, generator.normal(1, cv, count)),
    }[law]()
    rate = np.minimum(0.9, usual * RATE * people.sum() / (usual * people).sum())
    drawn = district.with_counts(generator.binomial(people.astype(int), rate), people)
    adjusted = tested(drawn, seed)[1]
    return [float(agreed(adjusted, rule).min()) for rule in COMPARED]


def errors(pool: Any, nulls: int) -> dict[str, float]:
    """Print how often each kind of map without a pocket shows one; return the level of each rule that holds on all."""
    rows, worst = [], dict.fromkeys(COMPARED, 1.0)
    for (count, families), (law, cv) in itertools.product(AREAS, LAWS):
        jobs = [(count, families, law, cv, 3000 + at) for at in range(nulls)]
        least = pd.DataFrame(pool.map(least_levels, jobs, chunksize=4), columns=list(COMPARED))
        equal = least.quantile(LEVEL, interpolation="lower")
        worst = {rule: min(worst[rule], float(equal[rule])) for rule in COMPARED}
        shown = {name: (least[rule] <= level).mean() for name, (rule, level) in STANDS.items()}
        alone = {f"equal level, {k} of 4": equal[rule] for rule, k in AGREEMENTS.items()}
        rows.append({"areas": count, "families": families, "law": law, "cv": cv, **shown, **alone})
        print(pd.DataFrame(rows[-1:]).round(3).to_string(index=False, header=len(rows) == 1), flush=True)
    return worst


def power(pool: Any, kind: str, maps: int, levels: dict[str, float]) -> None:
    """Print the mean F1 of each rule at its level, best first."""
    columns = pd.MultiIndex.from_product([SHAPES, STRENGTHS], names=["shape", "strength"])
    table = pd.DataFrame(index=pd.Index(list(levels), name="rule"), columns=columns, dtype=float)
    for shape, strength in columns:
        jobs = [(kind, seed, shape, strength, levels) for seed in range(6000, 6000 + maps)]
        table[(shape, strength)] = np.mean(pool.map(f1_at, jobs, chunksize=2), axis=0)
    mean = table.mean(axis=1)
    table[("mean", "")] = mean
    table[("level", "")] = pd.Series(levels)
    print(f"\n{kind}: mean F1, every rule at a level that holds {LEVEL} on every kind of map above")
    print(table.loc[mean.sort_values(ascending=False, kind="stable").index].round(3).to_string(), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nulls", type=int, default=500)
    parser.add_argument("--maps", type=int, default=40)
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    assert set(COMPARED) <= set(RULES)
    with multiprocessing.Pool(asked.jobs) as pool:
        levels = errors(pool, asked.nulls)
        for kind in ("desa", "grid"):
            power(pool, kind, asked.maps, levels)


if __name__ == "__main__":
    main()
