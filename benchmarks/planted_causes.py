"""Does the first suggestion of every found pocket answer the cause that was planted there; how good are the sites?

    python benchmarks/planted_causes.py [--seeds 10] [--first 1] [--profile langkat] [--households N]

For each seed a whole synthetic district is made, taken in and run as by `gisapp demo`. A found pocket may hold desa of
several planted ones: `answered` says whether its first suggestion answers a cause that was planted there, `of_largest`
whether it answers that of the planted pocket with which it shares most families. A pocket that shares none is counted
apart. A need answers a planted cause where it is one of the deprivations that the cause raises, or the service that it
takes away.

Sites: for each kind that is sited, families that lack it within reach of the suggested sites, over those of the best
plan of as many sites anywhere among the same candidates (maximal coverage over all pockets together, with its bound).
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.spatial import cKDTree

from gisapp.analysis.siting import maximal_coverage
from gisapp.analysis.suggesting.needs import district_needs
from gisapp.cli.demo import make_files, prepare, take_in
from gisapp.demo.profiles import parameters
from gisapp.progress import silent
from gisapp.settings import guard_gdal
from gisapp.targeting import suggest as suggesting
from gisapp.targeting.run import run
from gisapp.targeting.runs import load_run

#: Facilities of the demo -> service whose gap they leave.
SERVICE_OF = {
    "sd": "primary_school",
    "mi": "primary_school",
    "paud": "early_childhood",
    "jalan": "road",
    "pasar": "market",
    "puskesmas": "health_centre",
    "pustu": "health_centre",
    "posyandu": "posyandu",
}


def answers_of(cause: str) -> set[str]:
    """Needs that answer a planted cause."""
    declared = parameters()["causes"][cause]
    gaps = {f"gap:{SERVICE_OF[kind]}" for kind in declared["without_services"] if kind in SERVICE_OF}
    return {*declared["deprivations"], *gaps}


def one_seed(seed: int, profile: str, households: int | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Pockets with their planted cause and first suggestion; sites beside the best plan."""
    told: dict[str, Any] = {}
    real = suggesting.suggest

    def listening(pockets: Any, families: Any, candidates: Any, kinds: Any, **given: Any) -> Any:
        told.update(families=families.reset_index(drop=True), candidates=candidates, **given)
        return real(pockets, families, candidates, kinds, **given)

    suggesting.suggest = listening  # type: ignore[assignment]
    try:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            workspace = prepare(root / "w", seed=seed, boundaries=None, key=None)
            files = make_files(workspace, root, households=households, seed=seed, profile=profile)
            workspace, truth = take_in(workspace, files, silent)
            found = load_run(workspace, run(workspace, progress=silent).run_id)
            suggestions, pockets = found.collection("interventions"), found.collection("pockets")
    finally:
        suggesting.suggest = real
    return first_answers(pockets, suggestions, truth, told["families"]), beside_best(suggestions, told)


def first_answers(
    pockets: pd.DataFrame, suggestions: pd.DataFrame, truth: pd.DataFrame, families: pd.DataFrame
) -> pd.DataFrame:
    """One row per found pocket: planted pocket, its cause, the need of the first suggestion, whether it fits."""
    size = families.groupby("code").size()
    first = suggestions.sort_values("sequence").drop_duplicates("pocket_id").set_index("pocket_id")
    rows = []
    for pocket in pockets.itertuples():
        codes = [code.strip() for code in str(pocket.member_codes).replace(",", ";").split(";")]
        mine = truth[truth["code"].isin(codes)]
        mine = mine.assign(families=mine["code"].map(size))
        need = first.loc[pocket.pocket_id, "need"]
        shared = mine.groupby(["pocket", "cause"])["families"].sum().sort_values(ascending=False)
        fits = [need in answers_of(cause) for _, cause in shared.index]
        names = ", ".join(f"{name} {cause} {count}" for (name, cause), count in shared.items())
        rows.append((names, need, any(fits) if fits else None, fits[0] if fits else None))
    return pd.DataFrame(rows, columns=["planted", "first_need", "answered", "of_largest"])


def beside_best(suggestions: pd.DataFrame, told: dict[str, Any]) -> pd.DataFrame:
    """Families within reach of the suggested sites of each kind, and within reach of the best plan of as many."""
    families, candidates = told["families"], told["candidates"]
    needs = district_needs(families, standards=told["standards"], poor_deciles=told["poor_deciles"])
    allowed = candidates[candidates["excluded_by"].isna()] if "excluded_by" in candidates else candidates
    places = allowed[["x", "y"]].to_numpy(dtype=float)
    inside = families["pocket_id"].notna().to_numpy() & np.isfinite(families[["x", "y"]].to_numpy(dtype=float)).all(
        axis=1
    )
    evidence = suggestions["evidence"].map(json.loads)
    sited = suggestions[evidence.map(lambda facts: "site" in facts)].assign(
        reach=evidence.map(lambda facts: facts.get("site", {}).get("reach_m"))
    )
    rows = []
    for (kind, need, reach), group in sited.groupby(["kind", "need", "reach"]):
        people = families.loc[inside & needs[need].lacking, ["x", "y"]].to_numpy(dtype=float)
        own = group.geometry.to_crs(told["crs"])
        suggested = int((cKDTree(np.column_stack([own.x, own.y])).query(people)[0] <= reach + 1e-6).sum())
        near = cKDTree(people).query_ball_point(places, reach, return_sorted=True)
        column = np.repeat(np.arange(len(places)), [len(one) for one in near])
        row = np.concatenate([np.asarray(one, dtype=np.intp) for one in near])
        covers = sparse.csr_array((np.ones(len(row), dtype=bool), (row, column)), shape=(len(people), len(places)))
        best = maximal_coverage(np.ones(len(people)), covers, sites=len(group), time_limit_s=120.0)
        rows.append((kind, len(group), suggested, round(best.objective), best.bound, best.status))
    return pd.DataFrame(rows, columns=["kind", "sites", "suggested", "best", "bound", "status"])


def main() -> None:
    """Print a block per seed and the totals."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--profile", default="langkat")
    parser.add_argument("--households", type=int)
    given = parser.parse_args()
    guard_gdal()
    pockets, sites = {}, []
    for seed in range(given.first, given.first + given.seeds):
        answered, beside = one_seed(seed, given.profile, given.households)
        pockets[seed] = answered.dropna(subset=["answered"])
        sites.append(beside)
        print(f"seed {seed}: {len(pockets[seed])} pockets found where one was planted, "
              f"{len(answered) - len(pockets[seed])} where none was", flush=True)  # fmt: skip
        print(answered.to_string(index=False), "\n", beside.to_string(index=False), flush=True)
    every, beside = pd.concat(pockets, names=["seed"]), pd.concat(sites)
    for name in ("answered", "of_largest"):
        whole = every[name].astype(bool).groupby("seed").all()
        print(
            f"{name}: {int(every[name].sum())} of {len(every)} pockets; all of {int(whole.sum())} of {len(whole)} seeds"
        )
    suggested, best = beside["suggested"].sum(), beside["best"].sum()
    print(f"families within reach of the suggested sites: {suggested:,}; of the best plan of as many sites: {best:,} "
          f"({suggested / best:.1%}); proven bound {beside['bound'].sum():,.0f}")  # fmt: skip


if __name__ == "__main__":
    main()
