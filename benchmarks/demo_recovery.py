"""How much of what the demo plants comes back through the whole command: intake, run and all, at several seeds.

    python benchmarks/demo_recovery.py [--seeds 10] [--profile langkat]

Prints precision, recall and F1 in families by planted relative risk: at the default seed, at each other seed, and
the median of those.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import pandas as pd

from gisapp.cli.demo import DEFAULT_SEED, make_demo
from gisapp.progress import silent
from gisapp.settings import guard_gdal

SCORES = ["precision", "recall", "f1"]


def one_seed(seed: int, profile: str) -> pd.DataFrame:
    """Scores of one district by strength."""
    with tempfile.TemporaryDirectory() as folder:
        document = make_demo(
            Path(folder) / "w", households=None, seed=seed, profile=profile, boundaries=None, progress=silent
        )
    return pd.DataFrame(document["recovery"]).set_index("strength")[SCORES].astype("float64")


def main() -> None:
    """Print one block a seed and the median."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--profile", default="langkat")
    arguments = parser.parse_args()
    guard_gdal()
    print(f"default seed {DEFAULT_SEED}\n{one_seed(DEFAULT_SEED, arguments.profile).round(2)}", flush=True)
    scores = {}
    for seed in range(1, arguments.seeds + 1):
        scores[seed] = one_seed(seed, arguments.profile)
        print(f"seed {seed}\n{scores[seed].round(2)}", flush=True)
    median = pd.concat(scores, names=["seed"]).groupby(level="strength").median()
    print(f"median of {arguments.seeds} seeds\n{median.round(2)}")


if __name__ == "__main__":
    main()
