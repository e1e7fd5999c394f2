"""How much of planted pockets is found, on a synthetic map of its own (not the demo's code): Voronoi cells.

Prints precision and recall in families by strength, as the median and the mean over seeds, for several kinds of
ordinary variation between neighbours, and how often a map without any pocket shows one. Nothing here is fitted:
six pockets of 3-10 areas at relative risk 1.5, 2 and 3 (two each), about 9 % of about 1,000 families per area.

    python benchmarks/recovery.py [--seeds 10] [--areas 280]
"""

from __future__ import annotations

import argparse

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisapp.analysis.finding.recovery import recovery
from gisapp.analysis.neighbours import adjacency, contiguity
from gisapp.analysis.pockets import find_pockets

SIDE_M = 80_000
RISKS = (1.5, 1.5, 2.0, 2.0, 3.0, 3.0)
RATE = 0.0923


def voronoi(count: int, generator: np.random.Generator) -> gpd.GeoDataFrame:
    """Evenly varied cells that fill a square."""
    frame = shapely.box(0, 0, SIDE_M, SIDE_M)
    places = generator.uniform(0, SIDE_M, (count, 2))
    for _ in range(3):
        cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(places), extend_to=frame))
        cells = shapely.intersection(cells, frame)
        places = shapely.get_coordinates(shapely.centroid(cells))
    codes = [f"{at:04d}" for at in range(count)]
    return gpd.GeoDataFrame({"code": codes}, geometry=cells, crs="EPSG:32647")


def grown(near: list[set[int]], free: set[int], size: int, generator: np.random.Generator) -> list[int]:
    """A connected set of free areas; compact, because each next area is drawn by how many members it touches."""
    members = [int(generator.choice(sorted(free)))]
    while len(members) < size:
        rim = sorted(set().union(*(near[at] for at in members)) & free - set(members))
        if not rim:
            return []
        touching = [len(near[at] & set(members)) + generator.random() for at in rim]
        members.append(rim[int(np.argmax(touching))])
    return members


def district(seed: int, *, count: int, risks: tuple[float, ...], background: str, cv: float) -> gpd.GeoDataFrame:
    """One synthetic district: population, events and the planted risk."""
    generator = np.random.default_rng([seed, count])
    areas = voronoi(count, generator)
    links = adjacency(contiguity(areas))
    near = [set(links[[row]].indices.tolist()) for row in range(count)]
    risk, free = np.ones(count), set(range(count))
    for strength in risks:
        size, members = int(generator.integers(3, 11)), []
        while not members:
            members = grown(near, free, size, generator)
        risk[members] = strength
        free -= set(members) | set().union(*(near[at] for at in members))
    spread = np.sqrt(np.log1p(cv**2))
    draws = {
        "lognormal": lambda: generator.lognormal(0, spread, count),
        "gamma": lambda: generator.gamma(1 / cv**2, cv**2, count),
    }
    weight = risk * draws[background]()
    population = np.maximum(150, np.rint(generator.lognormal(np.log(900), 0.45, count)))
    rate = np.minimum(0.9, weight * RATE * population.sum() / (weight * population).sum())
    events = generator.binomial(population.astype(int), rate)
    return areas.assign(population=population, events=events, risk=risk)


def scores(seeds: int, **options: object) -> pd.DataFrame:
    """One row per seed: precision over all, recall by strength, pockets found."""
    rows = []
    for seed in range(seeds):
        areas = district(seed, **options)  # type: ignore[arg-type]
        result = find_pockets(areas, seed=42, redraws=0)
        found = result.members["pocket_id"].notna()
        score = recovery(found, areas["risk"], families=areas["population"])
        row = {f"recall {name}": score["recall"].get(name) for name in ("all", "1.5", "2", "3")}
        rows.append({"precision": score.loc["all", "precision"], **row, "pockets": len(result.pockets)})
    return pd.DataFrame(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--areas", type=int, default=280)
    given = parser.parse_args()
    for background in ("lognormal", "gamma"):
        for cv in (0.3, 0.35, 0.4):
            options = {"count": given.areas, "background": background, "cv": cv}
            table = scores(given.seeds, risks=RISKS, **options)
            empty = (scores(given.seeds, risks=(), **options)["pockets"] > 0).mean()
            print(f"\n{background}, CV {cv}: maps without a planted pocket that show one {empty:.0%}")
            print(table.agg(["median", "mean", "min"]).round(2).to_string())


if __name__ == "__main__":
    main()
