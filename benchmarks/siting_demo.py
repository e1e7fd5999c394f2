"""A greedy, a p-median and an exact plan on a demo district, for the families whom each service does not reach.

    gisapp demo DIR --no-serve && python benchmarks/siting_demo.py DIR [--sites 5]

Demand is the families farther from the service than its dated standard, candidates are those of the run (less what is
excluded), distances are straight lines. Of many families a sample is asked, because the p-median holds all distances.
The bound is the same for all three: no plan of that many sites reaches more.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from scipy.spatial.distance import cdist

from gisapp.analysis.locating.compare import compare_plans
from gisapp.registry.snapshots import latest_snapshot
from gisapp.settings import guard_gdal
from gisapp.targeting.candidates import make_candidates
from gisapp.targeting.load import load_district
from gisapp.targeting.reach import family_distances, standards_by_service
from gisapp.workspace.folder import open_workspace


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--sites", type=int, default=5)
    parser.add_argument("--service", help="only this one")
    parser.add_argument("--families", type=int, default=2_000, help="at most so many, drawn with a fixed seed")
    asked = parser.parse_args()
    guard_gdal()
    workspace = open_workspace(asked.workspace)
    snapshot = latest_snapshot(workspace)
    if snapshot is None:
        raise SystemExit("the workspace has no snapshot: run `gisapp demo` first")
    district = load_district(workspace, snapshot)
    candidates, _ = make_candidates(district, workspace.settings)
    allowed = candidates[candidates["excluded_by"].isna()][["x", "y"]].to_numpy(dtype=float)
    places, metres = district.families[["x", "y"]].to_numpy(dtype=float), family_distances(district)
    for service, standard in standards_by_service(workspace.catalog).items():
        column = f"distance_m_{service}"
        if column not in metres or standard.distance_m is None:
            continue
        lacking = np.isfinite(places).all(axis=1) & (metres[column].to_numpy(dtype=float) > standard.distance_m)
        if lacking.sum() < 10 or (asked.service and service != asked.service):
            continue
        drawn = np.flatnonzero(lacking)
        if len(drawn) > asked.families:
            drawn = np.sort(np.random.default_rng(0).choice(drawn, asked.families, replace=False))
        distance = cdist(places[drawn], allowed)
        frame = compare_plans(np.ones(len(drawn)), distance, standard=standard.distance_m, sites=asked.sites)
        print(
            f"{service}: {int(lacking.sum()):,} families beyond {standard.distance_m:,.0f} m, "
            f"{len(drawn):,} of them asked for, {len(allowed):,} candidates"
        )
        print(frame.round({"gap": 4, "mean_distance": 0}).to_string(index=False), "\n", flush=True)


if __name__ == "__main__":
    main()
