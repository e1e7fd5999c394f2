"""Seconds until another threshold is answered on the default demo, beside the seconds of a run with it.

Each answer is given in a new process whose compiled code is cached: "basis" reads what the run keeps, "answer" is
``try_out`` with one threshold changed after the usual ones were answered (as the page does), "first" without that.

    python benchmarks/whatif.py [--households N] [--only significance_level,min_methods] [--repeats 5]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from fresh import repeated, report, seconds


def changes(usual: Any) -> dict[str, Any]:
    """One trial for each threshold that can be changed."""
    importance = {name: weight + (at == 0) * 0.1 for at, (name, weight) in enumerate(usual.deprivation_weights)}
    total = sum(importance.values())
    return {
        "poor_deciles": replace(usual, poor_deciles=(1, 2) if usual.poor_deciles != (1, 2) else (1,)),
        "significance_level": replace(usual, significance_level=0.1),
        "min_methods": replace(usual, min_methods=2 if usual.min_methods == 1 else 1),
        "deprivation_cutoff": replace(usual, deprivation_cutoff=0.4),
        "deprivation_weights": replace(
            usual, deprivation_weights=tuple((name, weight / total) for name, weight in importance.items())
        ),
        "share_cut": replace(usual, share_cut=0.1),
    }


def one(root: Path, name: str) -> None:
    """Time the reading of a run and its answers in this process."""
    from gisapp.settings import guard_gdal
    from gisapp.targeting.runs import load_run
    from gisapp.targeting.whatif import basis_of, try_out
    from gisapp.workspace.folder import open_workspace

    guard_gdal()
    workspace = open_workspace(root)
    reading, basis = seconds(lambda: basis_of(load_run(workspace), workspace.settings))
    trial = changes(basis.usual)[name]
    first, _ = seconds(lambda: try_out(basis, basis.usual))
    answer, found = seconds(lambda: try_out(basis, trial))
    report(
        {
            "basis": reading["seconds"],
            "first": first["seconds"],
            "answer": answer["seconds"],
            "pockets": len(found.pockets),
        }
    )


def gisapp(*arguments: str) -> tuple[float, str]:
    """Wall-clock seconds of one command, and what it printed."""
    begin = time.perf_counter()
    command = [str(Path(sys.executable).with_name("gisapp")), *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr or done.stdout)
    return time.perf_counter() - begin, done.stdout


def new_run(root: str, number: int) -> float:
    """Wall-clock seconds of a run that does not exist yet: a budget of its own, too large to leave anything out."""
    taken, printed = gisapp("run", "--workspace", root, "--budget", str(10**15 + number), "--json")
    if json.loads(printed)["cached"]:
        raise SystemExit("the run existed already, so its seconds say nothing")
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--households")
    parser.add_argument("--only", help="thresholds, by comma")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        one(Path(asked.one[0]), asked.one[1])
        return
    from gisapp.targeting.trial import trial_of
    from gisapp.workspace.folder import open_workspace

    with tempfile.TemporaryDirectory() as folder:
        root = str(Path(folder) / "w")
        gisapp("demo", root, "--no-serve", *(["--households", asked.households] if asked.households else []))
        whole = statistics.median(new_run(root, number) for number in range(1, asked.repeats + 1))
        print(f"gisapp run: {whole:.2f} s (median of {asked.repeats})")
        print(f"{'threshold':22}{'basis s':>9}{'first s':>9}{'answer s':>10}{'run / answer':>14}{'pockets':>9}")
        names = asked.only.split(",") if asked.only else list(changes(trial_of(open_workspace(Path(root)).settings)))
        for name in names:
            taken = repeated(__file__, root, name, repeats=asked.repeats)
            line = f"{name:22}{taken['basis']:9.2f}{taken['first']:9.2f}{taken['answer']:10.2f}"
            print(f"{line}{whole / taken['answer']:13.1f}×{taken['pockets']:9.0f}", flush=True)


if __name__ == "__main__":
    main()
