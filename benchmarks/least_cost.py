"""Minutes to the nearest of 200 places over a grid beside scikit-image: seconds and ratios, one process each.

"first": the first call in a new process, the loading of compiled code counted. "again": the call after it, as in a run
that asks for one service after the other. scikit-image is compiled ahead, so one call is timed. Ours also tells which
source is nearest; scikit-image does not. ``--check`` compares every cell. Peers: dependency group ``bench``.

    python benchmarks/least_cost.py [--sizes 1000,4000] [--sources 200] [--repeats 5] [--surfaces noise,district]
        [--check]

noise: friction drawn evenly from 1 to 10. district: walked land in patches (2 to 5 km/h) with roads of 15 to 60 km/h.
"""

from __future__ import annotations

import argparse
import importlib.util

import numpy as np
from fresh import repeated, report, seconds


def surface(kind: str, size: int, sources: int) -> tuple[np.ndarray, np.ndarray]:
    """Minutes per metre (size × size) and rows and columns of the sources."""
    generator = np.random.default_rng(0)
    if kind == "noise":
        friction = generator.uniform(1, 10, (size, size))
    else:
        patches = generator.integers(0, 4, (size // 20 + 1, size // 20 + 1))
        land = np.array([2.0, 2.5, 4.2, 5.0])[np.kron(patches, np.ones((20, 20), dtype=int))[:size, :size]]
        for speed, every in ((15.0, 50), (20.0, 125), (60.0, 500)):
            land[every // 2 :: every] = land[:, every // 2 :: every] = speed
        friction = 0.06 / land
    return friction, generator.integers(0, size, (sources, 2))


def ours(kind: str, size: int, sources: int) -> None:
    from gisapp.analysis.travel_time import least_cost

    friction, places = surface(kind, size, sources)
    first, _ = seconds(lambda: least_cost(friction, places, cell_size_m=30.0))
    again, _ = seconds(lambda: least_cost(friction, places, cell_size_m=30.0))
    report(
        {**first, "again": again["seconds"], "again_cpu": again["cpu_s"]}
    )  # fmt: skip


def peer(kind: str, size: int, sources: int) -> None:
    from skimage.graph import MCP_Geometric

    friction, places = surface(kind, size, sources)
    taken, _ = seconds(lambda: MCP_Geometric(friction * 30.0).find_costs(places.tolist())[0])
    report(taken)


def check(kind: str, size: int, sources: int) -> None:
    from skimage.graph import MCP_Geometric

    from gisapp.analysis.travel_time import least_cost

    friction, places = surface(kind, size, sources)
    minutes, _ = least_cost(friction, places, cell_size_m=30.0)
    wanted = MCP_Geometric(friction * 30.0).find_costs(places.tolist())[0]
    worst = np.max(np.abs(minutes - wanted) / np.maximum(wanted, 1e-300))
    print(f"{kind} {size}²: largest relative difference of {minutes.size:,} cells {worst:.1e}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000,4000")
    parser.add_argument("--sources", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--surfaces", default="noise,district")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--one", nargs="+", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        call, kind, size, sources = asked.one
        {"ours": ours, "peer": peer}[call](kind, int(size), int(sources))
        return
    if importlib.util.find_spec("skimage") is None:
        raise SystemExit("scikit-image is absent: uv sync --group bench")
    cases = [(kind, int(size)) for kind in asked.surfaces.split(",") for size in asked.sizes.split(",")]
    if asked.check:
        for kind, size in cases:
            check(kind, size, asked.sources)
        return
    print(f"{asked.sources} sources, median of {asked.repeats} processes; in brackets CPU seconds")
    print(f"{'surface':>10}{'cells':>8}{'first':>14}{'again':>14}{'scikit-image':>16}{'MB':>7}{'MB':>7}"
          f"{'first':>8}{'again':>8}{'CPU':>8}")  # fmt: skip
    for kind, size in cases:
        warm = ("ours", kind, 64, 3)
        mine = repeated(__file__, "ours", kind, size, asked.sources, repeats=asked.repeats, warm=warm)
        theirs = repeated(
            __file__, "peer", kind, size, asked.sources, repeats=asked.repeats, warm=("peer", kind, 64, 3)
        )
        print(
            f"{kind:>10}{size:>7}²{mine['seconds']:>7.2f} ({mine['cpu_s']:.2f})"
            f"{mine['again']:>7.2f} ({mine['again_cpu']:.2f}){theirs['seconds']:>9.2f} ({theirs['cpu_s']:.2f})"
            f"{mine['peak_mb']:>7.0f}{theirs['peak_mb']:>7.0f}{theirs['seconds'] / mine['seconds']:>7.1f}×"
            f"{theirs['seconds'] / mine['again']:>7.1f}×{theirs['cpu_s'] / mine['again_cpu']:>7.1f}×",
            flush=True,
        )


if __name__ == "__main__":
    main()
