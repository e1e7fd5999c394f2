"""The Poisson scan beside plain NumPy: whole calls, peak memory, and nanoseconds per window and replicate.

Windows reach 50 % of the population, 999 replicates. A call of ours is the first in a new process whose compiled code
is cached: preparation of windows, replicates and the listing of clusters count. NumPy does the same sums for a sample
of centres (neighbours sorted, cumulative cases, log-likelihood ratio, maximum per replicate); its seconds for the whole
map are that rate times all windows and replicates.

    python benchmarks/scan.py [--rows 281,1000,5000,20000] [--replicates 999] [--centres 3] [--repeats 5]
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from fresh import repeated, report, seconds

CASES_PER_ROW = 10
SHARE = 0.5
#: Replicates that NumPy sums at once.
CHUNK = 32


def district(rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """x, y, cases and population of rows strewn evenly, without a cluster."""
    generator = np.random.default_rng(3)
    x, y = generator.uniform(0, 1e5, (2, rows))
    population = np.rint(generator.lognormal(6, 0.6, rows))
    return x, y, generator.multinomial(CASES_PER_ROW * rows, population / population.sum()), population


def ours(rows: int, replicates: int) -> None:
    """Time the whole call; the windows are counted afterwards."""
    from gisapp.analysis.scan import poisson_scan
    from gisapp.analysis.scanning.windows import windows

    x, y, cases, population = district(rows)
    taken, found = seconds(
        lambda: poisson_scan(
            x, y, cases, population, max_population_share=SHARE, replicates=replicates, seed=1
        )
    )  # fmt: skip
    layout = windows(x, y, population, max_population_share=SHARE, geographic=False, elliptic=False)
    count = int(sum(int(block.length.sum()) for block in layout.blocks()))
    report({**taken, "windows": count, "clusters": len(found)})


def naive(rows: int, replicates: int, centres: int) -> None:
    """Time NumPy on a sample of centres; report nanoseconds per window and replicate."""
    x, y, cases, population = district(rows)
    generator = np.random.default_rng(1)
    total, people = cases.sum(), population.sum()
    begin = time.perf_counter()
    drawn = generator.multinomial(total, population / people, size=min(replicates, CHUNK))
    drawing = (time.perf_counter() - begin) / len(drawn) / rows
    windows, begin = 0, time.perf_counter()
    for centre in np.linspace(0, rows - 1, centres).astype(int):
        order = np.argsort((x - x[centre]) ** 2 + (y - y[centre]) ** 2, kind="stable")
        inside = np.cumsum(population[order])
        reach = int(np.searchsorted(inside, SHARE * people, side="right"))
        expected = inside[:reach] * total / people
        windows += reach
        for first in range(0, replicates, CHUNK):
            _maxima(drawn[: min(CHUNK, replicates - first)], order[:reach], expected, total)
    taken = time.perf_counter() - begin
    report({"ns": (taken / windows / replicates + drawing / max(windows / centres, 1)) * 1e9})


def _maxima(drawn: np.ndarray, order: np.ndarray, expected: np.ndarray, total: int) -> np.ndarray:
    """Largest log-likelihood ratio of one centre's windows in each replicate."""
    found = np.cumsum(drawn[:, order], axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = found * np.log(found / expected)
        ratio += (total - found) * np.log((total - found) / (total - expected))
    return np.where(found > expected, np.nan_to_num(ratio), 0.0).max(axis=1, initial=0.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", default="281,1000,5000,20000")
    parser.add_argument("--replicates", type=int, default=999)
    parser.add_argument("--centres", type=int, default=3)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--one", nargs="+", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        {"ours": ours, "naive": naive}[asked.one[0]](*map(int, asked.one[1:]))
        return
    print(f"{asked.replicates} replicates, windows to {SHARE:.0%} of the population, median of {asked.repeats}")
    names = ("rows", "windows", "seconds", "CPU s", "peak MB", "ns", "NumPy ns", "NumPy s", "ratio")
    print("".join(f"{name:>13}" for name in names))
    for rows in map(int, asked.rows.split(",")):
        mine = repeated(
            __file__, "ours", rows, asked.replicates, repeats=asked.repeats, warm=("ours", 50, asked.replicates)
        )
        peer = repeated(
            __file__, "naive", rows, asked.replicates, asked.centres, repeats=asked.repeats, warm=("naive", 50, 8, 1)
        )
        work = mine["windows"] * asked.replicates
        whole = peer["ns"] * work / 1e9
        print(
            f"{rows:13,}{mine['windows']:13,.0f}{mine['seconds']:13.2f}{mine['cpu_s']:13.2f}{mine['peak_mb']:13,.0f}"
            f"{mine['seconds'] / work * 1e9:13.2f}{peer['ns']:13.1f}{whole:13.1f}{whole / mine['seconds']:12.1f}×",
            flush=True,
        )


if __name__ == "__main__":
    main()
