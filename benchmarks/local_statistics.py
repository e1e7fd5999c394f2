"""Gi* and local Moran with conditional permutations beside esda (and pygeoda, if it is installed), as ratios.

Every time of ours is the first call in a new process whose compiled code is cached on disk: from the graph and values
to the frame, the loading of that code and all preparation counted. The peers are favoured: their weights are made and
their code is compiled (esda keeps none on disk) before the clock starts. Figures are medians; the last row shows what
far more permutations cost here. esda runs with one job: a second one starts processes that compile it all again.

    python benchmarks/local_statistics.py [--areas 100000] [--permutations 999] [--repeats 5] [--peers esda,pygeoda]
        [--maps "queen grid,6 nearest"]
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable

import geopandas as gpd
import numpy as np
import shapely
from libpysal.graph import Graph
from libpysal.weights import W
from scipy.sparse import coo_array
from scipy.spatial import cKDTree

MAPS = ("queen grid", "6 nearest")
STATISTICS = ("Gi*", "local Moran")


def queen(side: int) -> Graph:
    """Cells of a square grid that share a side or a corner."""
    at = np.arange(side * side).reshape(side, side)
    pairs = [(at[:, :-1], at[:, 1:]), (at[:-1], at[1:]), (at[:-1, :-1], at[1:, 1:]), (at[:-1, 1:], at[1:, :-1])]
    left = np.concatenate([first.ravel() for first, _ in pairs])
    right = np.concatenate([second.ravel() for _, second in pairs])
    links = (np.ones(2 * len(left)), (np.r_[left, right], np.r_[right, left]))
    return Graph.from_sparse(coo_array(links, shape=(at.size, at.size)))


def six_nearest(areas: int) -> Graph:
    places = np.random.default_rng(1).uniform(0, 1e6, (areas, 2))
    found = cKDTree(places).query(places, k=7)[1]
    others = found[found != np.arange(areas)[:, None]].reshape(areas, 6)
    links = (np.ones(6 * areas), (np.repeat(np.arange(areas), 6), others.ravel()))
    return Graph.from_sparse(coo_array(links, shape=(areas, areas)))


def ours(values: np.ndarray, graph: Graph, statistic: str, permutations: int) -> float:
    from gisapp.analysis.hotspots import getis_ord, local_moran, local_tests

    tests = {"Gi*": getis_ord, "local Moran": local_moran, "both at once": local_tests}
    return seconds(lambda: tests[statistic](values, graph, permutations=permutations, seed=1))


def esda(values: np.ndarray, graph: Graph, statistic: str, permutations: int) -> float:
    from esda import G_Local, Moran_Local

    def call(x: np.ndarray, weights: W, draws: int) -> None:
        if statistic == "Gi*":
            G_Local(x, weights, star=True, transform="B", permutations=draws, n_jobs=1, seed=1)
        else:
            Moran_Local(x, weights, permutations=draws, n_jobs=1, seed=1)

    warnings.simplefilter("ignore")
    call(values[:100], queen(10).to_W(), 19)
    weights = graph.to_W()
    return seconds(lambda: call(values, weights, permutations))


def pygeoda(values: np.ndarray, graph: Graph, statistic: str, permutations: int) -> float:
    """Its own neighbours of as many areas: it takes layers, not graphs."""
    import pygeoda as geoda

    queen_like = np.ptp(np.diff(graph.sparse.indptr)) > 0
    side = round(graph.n**0.5)
    if queen_like:
        row, column = np.divmod(np.arange(graph.n), side)
        shapes = shapely.box(column, row, column + 1, row + 1)
    else:
        shapes = shapely.points(np.random.default_rng(1).uniform(0, 1e6, (graph.n, 2)))
    layer = geoda.open(gpd.GeoDataFrame({"value": values}, geometry=shapes, crs="EPSG:32647"))
    weights = geoda.queen_weights(layer) if queen_like else geoda.knn_weights(layer, 6)
    test = geoda.local_gstar if statistic == "Gi*" else geoda.local_moran
    return seconds(lambda: test(weights, values.tolist(), permutations=permutations, cpu_threads=2, seed=1))


def seconds(call: Callable[[], object]) -> float:
    """Wall-clock seconds; processor seconds (of all threads) where GISAPP_BENCH_CPU is set, for a busy machine."""
    clock = time.process_time if "GISAPP_BENCH_CPU" in os.environ else time.perf_counter
    begin = clock()
    call()
    return clock() - begin


def one_call(name: str, kind: str, statistic: str, areas: int, permutations: int) -> None:
    """Time one call in this process and print the seconds."""
    graph = queen(round(areas**0.5)) if kind == "queen grid" else six_nearest(areas)
    values = np.random.default_rng(2).gamma(2, size=graph.n)
    implementation = {"gisapp": ours, "esda": esda, "pygeoda": pygeoda}[name]
    print(json.dumps(implementation(values, graph, statistic, permutations)))


def median(name: str, kind: str, statistic: str, areas: int, permutations: int, repeats: int) -> float:
    """Median of calls in new processes, after one that leaves its compiled code behind."""
    command = [sys.executable, __file__, "--one", name, kind, statistic, str(areas), str(permutations)]
    if name == "gisapp":
        subprocess.run([*command[:-2], "400", "19"], check=True, capture_output=True)
    taken = [
        float(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1]))
        for _ in range(repeats)
    ]
    return statistics.median(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--areas", type=int, default=100_000)
    parser.add_argument("--permutations", type=int, default=999)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--peers", default="esda,pygeoda")
    parser.add_argument("--maps", default=",".join(MAPS))
    parser.add_argument("--one", nargs=5, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        one_call(*asked.one[:3], int(asked.one[3]), int(asked.one[4]))
        return
    peers = [peer for peer in asked.peers.split(",") if importlib.util.find_spec(peer)]
    for absent in sorted(set(asked.peers.split(",")) - set(peers)):
        print(f"{absent} is not installed: `uv pip install {absent}` in an environment for benchmarks.")
    clock = "processor seconds" if "GISAPP_BENCH_CPU" in os.environ else "seconds"
    print(f"{asked.areas:,} areas, {asked.permutations:,} permutations, {clock} (median of {asked.repeats})\n")
    print(f"{'map':12} {'statistic':14} {'gisapp':>8}" + "".join(f" {peer:>8} {'ratio':>7}" for peer in peers))
    for kind in asked.maps.split(","):
        for statistic in STATISTICS:
            base = median("gisapp", kind, statistic, asked.areas, asked.permutations, asked.repeats)
            line = f"{kind:12} {statistic:14} {base:8.3f}"
            for peer in peers:
                other = median(peer, kind, statistic, asked.areas, asked.permutations, asked.repeats)
                line += f" {other:8.2f} {other / base:6.1f}×"
            print(line, flush=True)
        print(f"{kind:12} {'both at once':14} ", end="")
        print(f"{median('gisapp', kind, 'both at once', asked.areas, asked.permutations, asked.repeats):7.3f}")
    fewest = 40 * asked.areas
    whole = median("gisapp", "queen grid", "both at once", asked.areas, fewest, asked.repeats)
    print(f"\n{fewest:,} permutations, the fewest that survive a false discovery rate of 5 %: {whole:.2f} s")


if __name__ == "__main__":
    main()
