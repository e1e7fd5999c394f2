"""Pockets of a run followed from its parent: one id for one place, whatever each run's pockets are made of."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd

from gisapp.analysis.assign import assign_area
from gisapp.analysis.finding.lineage import Lineage, follow
from gisapp.targeting.load import District
from gisapp.targeting.runs import Run


def follow_parent(district: District, by: pd.Series, parent: Run, *, least_overlap: float) -> Lineage:
    """Follow the pockets of today's families (``by``) from those that the same families lived in before.

    What two pockets have in common is counted in families registered today, so that a place is followed and not the
    files of two periods; a family of today lived where it lives now.
    """
    before = parent_pocket_of_family(district, parent)
    parts = pd.DataFrame({"now": by, "before": before}).astype("object")
    label = parts["now"].fillna("").astype(str) + "|" + parts["before"].fillna("").astype(str)
    weight = label.value_counts().astype("float64").sort_index()
    named = parts.assign(part=label).drop_duplicates("part")
    now = {str(name): sorted(part) for name, part in named.groupby("now")["part"]}
    earlier = {str(name): sorted(part) for name, part in named.groupby("before")["part"]}
    gone = [str(name) for name in parent.collection("pockets")["pocket_id"] if str(name) not in earlier]
    return follow(now, earlier | {name: [] for name in gone}, weight=weight, least_overlap=least_overlap)


def parent_pocket_of_family(district: District, parent: Run) -> pd.Series:
    """Pocket of the parent run that each family's place was in, missing outside all; aligned with the families.

    By the declared desa where the parent's pockets are made of desa that the family's code is one of; by position
    otherwise (pockets of cells and SLS, and desa that were given a new code since).
    """
    pockets, families = parent.collection("pockets"), district.families
    found = pd.Series(None, index=families.index, dtype="object")
    if pockets.empty:
        return found
    by_place = pd.Series(True, index=families.index)
    if not _is_fine(pockets):
        areas = parent.collection("areas")
        known = set(areas.loc[areas["level"].eq("desa"), "code"].astype(str))
        member_of = {
            code: str(row.pocket_id) for row in pockets.itertuples() for code in str(row.member_codes).split("; ")
        }
        by_place = ~families["code"].isin(known)
        found = families["code"].map(member_of).astype("object")
    placed = families.loc[by_place & families["x"].notna()]
    if len(placed):
        points = gpd.GeoSeries(gpd.points_from_xy(placed["x"], placed["y"]), index=placed.index, crs=district.crs)
        inside = assign_area(points, pockets[["pocket_id", "geometry"]].to_crs(district.crs), key="pocket_id")
        found.loc[placed.index] = inside.astype("object").to_numpy()
    return found.where(found.notna(), None)


def _is_fine(pockets: pd.DataFrame) -> bool:
    """Whether pockets are made of cells or SLS; a run made before units could be chosen has desa."""
    return "unit" in pockets and bool(pockets["unit"].isin(["grid", "sls"]).any())


def lineage_columns(followed: Lineage | None, index: pd.Index) -> pd.DataFrame:
    """Columns ``lineage`` and ``parent_pocket_ids`` by (final) pocket id; blank where there is no parent run."""
    if followed is None:
        return pd.DataFrame({"lineage": None, "parent_pocket_ids": None}, index=index, dtype="object")
    table = followed.pockets.set_index("pocket_id").reindex(index)
    parents = ["; ".join(ids) or None for ids in table["parent_ids"]]
    return pd.DataFrame({"lineage": table["lineage"].astype("object"), "parent_pocket_ids": parents}, index=index)


def lineage_facts(followed: Lineage | None, parent: str | None, *, least_overlap: float) -> dict[str, Any]:
    """For the manifest: the parent, the share asked for, and the ids that nothing follows."""
    if followed is None:
        return {"parent": None, "least_overlap": least_overlap, "ended": []}
    return {"parent": parent, "least_overlap": least_overlap, "ended": list(followed.ended)}
