"""Two plans side by side, before any disclosure control: sites, families, rupiah, and whom they reach where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from gisapp.analysis.locating.shared_sites import shared_sites
from gisapp.targeting.plans import PlanBasis


@dataclass(frozen=True, kw_only=True)
class SitesCompared:
    """Ids of the suggestions in both plans (pairs, with metres between them) and in only one."""

    shared: tuple[tuple[str, str, float], ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class FamiliesCompared:
    """Families reached by both plans, only by the one after, only by the one before; each counted once."""

    both: int
    gained: int
    lost: int


def compare_sites(before: PlanBasis, after: PlanBasis, *, within_m: float) -> SitesCompared:
    """Pair the suggestions of both sealed plans: one kind, no farther apart than ``within_m`` metres."""
    left, right = _places(before, before.crs), _places(after, before.crs)
    pairs = shared_sites(left, right, within_m=within_m)
    shared = tuple(
        (str(left["id"].iloc[a]), str(right["id"].iloc[b]), float(_metres(left.iloc[a], right.iloc[b])))
        for a, b in pairs
    )
    gone, come = set(left["id"]) - {one for one, _, _ in shared}, set(right["id"]) - {two for _, two, _ in shared}
    return SitesCompared(shared=shared, only_before=tuple(sorted(gone)), only_after=tuple(sorted(come)))


def compare_families(before: PlanBasis, after: PlanBasis) -> FamiliesCompared | None:
    """Count who is reached by both sealed plans and by one alone; None where the runs are of two snapshots.

    A family is known by its row in the snapshot: rows of two snapshots are two lists, and nothing is said of them.
    """
    if not before.snapshot or before.snapshot != after.snapshot:
        return None
    one, two = (set(basis.of_rows(basis.sealed.rows)["family"]) for basis in (before, after))
    return FamiliesCompared(both=len(one & two), gained=len(two - one), lost=len(one - two))


def poor_reached(basis: PlanBasis, rows: Any) -> pd.Series:
    """Poor families (of the deciles that the run counts) that a plan reaches, by code of the kecamatan."""
    families = basis.of_rows(rows)
    counted = families.loc[families["poor"]].groupby("kecamatan_code").size()
    return counted.rename("reached").astype("int64")


def _places(basis: PlanBasis, crs: str) -> pd.DataFrame:
    mine = basis.suggestions.iloc[list(basis.sealed.rows)]
    points = mine.geometry.to_crs(crs)
    return pd.DataFrame(
        {
            "id": mine["intervention_id"].astype(str).to_numpy(),
            "kind": mine["kind"].astype(str).to_numpy(),
            "x": points.x.to_numpy(),
            "y": points.y.to_numpy(),
        }
    )


def _metres(one: pd.Series, two: pd.Series) -> float:
    return float(np.hypot(one["x"] - two["x"], one["y"] - two["y"]))
