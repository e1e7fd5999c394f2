"""How often a 90 % range of ranks holds the true rank, on maps whose true rates are known, and how wide it is.

Beside ``rank_interval`` (hyperparameters integrated): the same draws with the mean and spread between areas plugged in
from their moments, and each area alone (Jeffreys). True rates are beta or normal with the given standard deviation.

    python benchmarks/rank_intervals.py [--maps 500] [--areas 277] [--median 900] [--spreads 0.005,0.01,0.03,0.08]
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from gisapp.analysis.small_numbers.ranking import rank_interval

MEAN = 0.12
LEVEL = 0.9
DRAWS = 999


def true_rates(law: str, spread: float, areas: int, generator: np.random.Generator) -> np.ndarray:
    """Rates of one map; a normal one is drawn again until it is a rate."""
    if law == "beta":
        size = MEAN * (1 - MEAN) / spread**2 - 1
        return generator.beta(MEAN * size, (1 - MEAN) * size, areas)
    rates = generator.normal(MEAN, spread, areas)
    while (outside := (rates <= 0) | (rates >= 1)).any():
        rates[outside] = generator.normal(MEAN, spread, outside.sum())
    return rates


def positions(values: np.ndarray) -> np.ndarray:
    """Rank along the last axis, 1 for the highest."""
    return np.argsort(np.argsort(-values, axis=-1), axis=-1) + 1


def drawn_range(events: np.ndarray, people: np.ndarray, yes: float, no: float, seed: int) -> tuple[np.ndarray, ...]:
    """Middle of the ranks under independent beta posteriors with one prior for all areas."""
    generator = np.random.default_rng(seed)
    ranks = positions(generator.beta(events + yes, people - events + no, (DRAWS, len(events))))
    tail = (1 - LEVEL) / 2
    return np.quantile(ranks, tail, axis=0, method="lower"), np.quantile(ranks, 1 - tail, axis=0, method="higher")


def moments(events: np.ndarray, people: np.ndarray) -> tuple[float, float]:
    """Parameters of the beta prior from the weighted mean and the variance between areas (Marshall 1991)."""
    mean = events.sum() / people.sum()
    within = mean / people.mean()
    between = (people * (events / people - mean) ** 2).sum() / people.sum() - within * (1 - mean)
    size = mean * (1 - mean) / max(between, 1e-8) - 1
    return mean * size, (1 - mean) * size


def ranges(events: np.ndarray, people: np.ndarray, seed: int) -> tuple[dict[str, tuple[np.ndarray, ...]], float]:
    """Lower and upper rank by each way, and the seconds of ours."""
    begin = time.perf_counter()
    mine = rank_interval(events, people, draws=DRAWS, level=LEVEL, seed=seed)
    taken = time.perf_counter() - begin
    return {
        "ours": (mine["rank_lower"].to_numpy(), mine["rank_upper"].to_numpy()),
        "plug-in": drawn_range(events, people, *moments(events, people), seed),
        "alone": drawn_range(events, people, 0.5, 0.5, seed),
    }, taken


def coverage(law: str, spread: float, maps: int, people: np.ndarray) -> str:
    """One line: share of ranges that hold the true rank / mean width, by each way."""
    generator = np.random.default_rng(5)
    held: dict[str, list[float]] = {}
    wide: dict[str, list[float]] = {}
    seconds = []
    for seed in range(maps):
        rates = true_rates(law, spread, len(people), generator)
        truth = positions(rates)
        found, taken = ranges(generator.binomial(people, rates), people, seed)
        seconds.append(taken)
        for name, (lower, upper) in found.items():
            held.setdefault(name, []).append(float(((lower <= truth) & (truth <= upper)).mean()))
            wide.setdefault(name, []).append(float((upper - lower + 1).mean()))
    cells = "".join(f"{np.mean(held[name]):8.3f} / {np.mean(wide[name]):4.0f}" for name in held)
    error = np.std(held["ours"]) / maps**0.5
    return f"{law:>7}{spread:7.3f}{cells}{error:8.3f}{np.median(seconds):8.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--maps", type=int, default=500)
    parser.add_argument("--areas", type=int, default=277)
    parser.add_argument("--median", type=float, default=900, help="families of an area")
    parser.add_argument("--spreads", default="0.005,0.01,0.03,0.08")
    asked = parser.parse_args()
    drawn = np.random.default_rng(5).lognormal(np.log(asked.median), 0.6, asked.areas)
    people = np.rint(drawn).clip(20).astype(np.int64)
    print(f"{asked.maps} maps of {asked.areas} areas: share of {LEVEL:.0%} ranges that hold the true rank / mean width")
    print(f"{'truth':>7}{'spread':>7}{'ours':>15}{'plug-in':>15}{'alone':>15}{'±':>8}{'s':>8}")
    for law in ("beta", "normal"):
        for spread in map(float, asked.spreads.split(",")):
            print(coverage(law, spread, asked.maps, people), flush=True)


if __name__ == "__main__":
    main()
