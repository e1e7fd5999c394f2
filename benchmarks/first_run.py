"""The first run of the default district: wall time and peak memory, with compilation stated apart.

`python benchmarks/first_run.py [--households N]` makes the demo in a temporary folder twice in fresh processes:
once with an empty cache of compiled code and once with a warm one; the difference is compilation.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def measure(folder: Path, households: str | None, cache: Path) -> dict[str, float]:
    """Seconds and peak memory of `gisapp demo --no-serve` in a process of its own."""
    command = [str(Path(sys.executable).with_name("gisapp")), "demo", str(folder), "--no-serve", "--json"]
    command += ["--households", households] if households else []
    began = time.perf_counter()
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(cache)}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    wall = time.perf_counter() - began
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    document = json.loads(done.stdout)
    return {"wall_s": wall, "run_s": document["seconds"], "peak_mb": peak_mb, **document.get("steps", {})}


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder) / "cache"
        cold = measure(Path(folder) / "cold", arguments.households, cache)
        warm = measure(Path(folder) / "warm", arguments.households, cache)
    print(f"{'':24}{'cold':>10}{'warm':>10}")
    for name in cold:
        print(f"{name:24}{cold[name]:10.1f}{warm[name]:10.1f}")
    print(f"compilation: {cold['wall_s'] - warm['wall_s']:.1f} s")


if __name__ == "__main__":
    main()
