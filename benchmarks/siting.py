"""Siting beside spopt with the same solver (HiGHS): maximal coverage, p-median, and what the bound costs.

Families and candidates are strewn evenly over a unit square, families weigh 1 to 99 (whole numbers); a candidate
covers what lies within a radius. Each measurement is a new process; compiled code is cached before it counts, spopt
gets its model built and solved through pulp (`HiGHS`, one thread). Both get the same distances, outside the clock.

    python benchmarks/siting.py [coverage|large|median|all] [--repeats 5] [--peer-repeats 1] [--no-peer]

``coverage``: 10,000 × 500, p = 10, to proven optimality, ours and spopt. ``large``: 50,000 × 2,000, ours (spopt's
dense model of it was not tried). ``median``: random graphs with as many vertices, edges and medians as OR-Library's
pmed1 to pmed40 (not those files themselves), seconds and gap of each; spopt on the smallest.
"""

from __future__ import annotations

import argparse

import numpy as np
from fresh import repeated, report, seconds
from scipy import sparse
from scipy.sparse.csgraph import shortest_path
from scipy.spatial import cKDTree

RADIUS = 0.12
SEED = 0
#: Vertices and medians of pmed1 to pmed40 (Beasley 1985); edges are vertices² / 50.
SIZES = [(n, p) for n in range(100, 700, 100) for p in (5, 10, n // 10, n // 5, n // 3)]
SIZES += [(700, 5), (700, 10), (700, 70), (700, 140), (800, 5), (800, 10), (800, 80), (900, 5), (900, 10), (900, 90)]


def district(rows: int, columns: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places of families and of candidates, and the weight of each family."""
    generator = np.random.default_rng(SEED)
    families, candidates = generator.random((rows, 2)), generator.random((columns, 2))
    return families, candidates, generator.integers(1, 100, rows).astype(float)


def within(families: np.ndarray, candidates: np.ndarray) -> sparse.csr_array:
    near = cKDTree(families).query_ball_point(candidates, RADIUS, return_sorted=True)
    rows = np.concatenate([np.asarray(found, dtype=np.int32) for found in near])
    columns = np.repeat(np.arange(len(near)), [len(found) for found in near])
    shape = (len(families), len(candidates))
    return sparse.csr_array((np.ones(len(rows), dtype=bool), (rows, columns)), shape=shape)


def ours_coverage(rows: int, columns: int, sites: int) -> None:
    from gisapp.analysis.siting import maximal_coverage

    families, candidates, weights = district(rows, columns)
    covers = within(families, candidates)
    taken, plan = seconds(lambda: maximal_coverage(weights, covers, sites=sites, time_limit_s=60))
    optimal = plan.status == "optimal"
    report({**taken, "objective": plan.objective, "bound": plan.bound, "gap": plan.gap, "optimal": optimal})


def spopt_coverage(rows: int, columns: int, sites: int) -> None:
    import pulp
    from spopt.locate import MCLP

    families, candidates, weights = district(rows, columns)
    distance = np.linalg.norm(families[:, None, :] - candidates[None, :, :], axis=2)
    solver = pulp.HiGHS(msg=False, threads=1)
    taken, model = seconds(
        lambda: MCLP.from_cost_matrix(distance, weights, RADIUS, p_facilities=sites).solve(solver)
    )  # fmt: skip
    report({**taken, "objective": pulp.value(model.problem.objective)})


def graph(vertices: int, sites: int) -> np.ndarray:
    """All shortest paths of a random graph: a random tree, then edges up to vertices² / 50, of length 1 to 100."""
    generator = np.random.default_rng([vertices, sites])
    order = generator.permutation(vertices)
    tree = np.column_stack([order[1:], order[generator.integers(0, np.arange(1, vertices))]])
    more = generator.integers(0, vertices, (max(vertices * vertices // 50 - len(tree), 0), 2))
    ends = np.unique(np.sort(np.vstack([tree, more]), axis=1), axis=0)
    length = generator.integers(1, 101, len(ends)).astype(float)
    edges = sparse.coo_array((length, ends.T), shape=(vertices, vertices)).tocsr()
    return shortest_path(edges, directed=False)


def ours_median(vertices: int, sites: int) -> None:
    from gisapp.analysis.siting import p_median

    distance = graph(vertices, sites)
    taken, plan = seconds(lambda: p_median(np.ones(vertices), distance, sites=sites, time_limit_s=20))
    optimal = plan.status == "optimal"
    report({**taken, "objective": plan.objective, "bound": plan.bound, "gap": plan.gap, "optimal": optimal})


def spopt_median(vertices: int, sites: int) -> None:
    import pulp
    from spopt.locate import PMedian

    distance, weights = graph(vertices, sites), np.ones(vertices)
    solver = pulp.HiGHS(msg=False, threads=1)
    taken, model = seconds(
        lambda: PMedian.from_cost_matrix(distance, weights, p_facilities=sites).solve(solver)
    )  # fmt: skip
    report({**taken, "objective": pulp.value(model.problem.objective)})


def _line(label: str, mine: dict[str, float]) -> str:
    word = "optimal" if mine["optimal"] else "feasible"
    return (
        f"{label:>22}{mine['seconds']:9.2f} s{mine['cpu_s']:8.2f} CPU s{mine['peak_mb']:8,.0f} MB"
        f"{mine['objective']:14,.0f}{mine['bound']:14,.0f}{mine['gap']:9.3%} {word}"
    )


def coverage(rows: int, columns: int, repeats: int, peer_repeats: int) -> None:
    warm = ("ours_coverage", 2000, 200, 10)
    mine = repeated(__file__, "ours_coverage", rows, columns, 10, repeats=repeats, warm=warm)
    print(_line(f"{rows:,} × {columns:,}, p 10", mine), flush=True)
    if not peer_repeats:
        return
    peer = repeated(
        __file__, "spopt_coverage", rows, columns, 10, repeats=peer_repeats, warm=("spopt_coverage", 100, 10, 3)
    )
    print(
        f"{'spopt + HiGHS':>22}{peer['seconds']:9.2f} s{peer['cpu_s']:8.2f} CPU s{peer['peak_mb']:8,.0f} MB"
        f"{peer['objective']:14,.0f}   ratio {peer['seconds'] / mine['seconds']:.1f}× "
        f"(CPU {peer['cpu_s'] / mine['cpu_s']:.1f}×), {peer_repeats} run(s) of spopt",
        flush=True,
    )


def medians(peer_repeats: int) -> None:
    found = []
    for number, (vertices, sites) in enumerate(SIZES, 1):
        mine = repeated(__file__, "ours_median", vertices, sites, repeats=1, warm=("ours_median", 60, 5))
        found.append((mine["gap"], mine["seconds"], mine["cpu_s"]))
        print(_line(f"size {number}: {vertices}, p {sites}", mine), flush=True)
        if peer_repeats and number == 1:
            warm = ("spopt_median", 30, 3)
            peer = repeated(__file__, "spopt_median", vertices, sites, repeats=peer_repeats, warm=warm)
            ratio = peer["seconds"] / mine["seconds"]
            print(f"{'spopt + HiGHS':>22}{peer['seconds']:9.2f} s{peer['objective']:35,.0f}   ratio {ratio:.1f}×")
    gaps, taken, cpu = map(np.array, zip(*found, strict=True))
    print(
        f"{len(found)} sizes: gap 0 in {int((gaps == 0).sum())}, largest gap {gaps.max():.3%}; "
        f"median {np.median(taken):.2f} s, longest {taken.max():.2f} s (CPU {cpu.max():.2f} s)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", default="all", choices=("coverage", "large", "median", "all"))
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--peer-repeats", type=int, default=1)
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--one", nargs="+", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        call = {f.__name__: f for f in (ours_coverage, spopt_coverage, ours_median, spopt_median)}[asked.one[0]]
        call(*map(int, asked.one[1:]))
        return
    peers = 0 if asked.no_peer else asked.peer_repeats
    if asked.what in ("coverage", "all"):
        coverage(10_000, 500, asked.repeats, peers)
    if asked.what in ("large", "all"):
        coverage(50_000, 2_000, asked.repeats, 0)
    if asked.what in ("median", "all"):
        medians(peers)


if __name__ == "__main__":
    main()
