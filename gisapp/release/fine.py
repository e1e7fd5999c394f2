"""Pockets finer than a desa (grid cells, SLS): what their totals would tell beside those of the desa."""

from __future__ import annotations

from collections.abc import Collection

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisapp.analysis.withholding.crossing import groups_to_withhold
from gisapp.release.facts import RunData


def parts_of(run: RunData) -> pd.DataFrame | None:
    """Families of each pocket in each desa: group, code, families, poor_families; None for pockets of whole desa."""
    units = run.manifest.get("tests", {}).get("pocket_units", {})
    if "parts" not in units:
        return None
    columns = ["pocket_id", "code", "families", "poor_families"]
    return pd.DataFrame(units["parts"], columns=columns).rename(columns={"pocket_id": "group"})


def touched_by(parts: pd.DataFrame) -> dict[str, list[str]]:
    """Every desa of which a pocket holds a family, also those too few to be named as members."""
    return {str(name): list(codes) for name, codes in parts.groupby("group")["code"]}


def withheld_with(parts: pd.DataFrame, areas: pd.DataFrame, *, k: int, withheld: Collection[str]) -> frozenset[str]:
    """Pockets to withhold so that no shown total gives away what a desa has outside them or across its line."""
    shown = areas[areas["level"].eq("desa") & areas["status"].eq("present")]
    if parts.empty or shown.empty:
        return frozenset(withheld)
    return groups_to_withhold(parts, shown[["code", "families", "poor_families"]], k=k, withheld=withheld)


def containers(cells: gpd.GeoDataFrame, pockets: gpd.GeoDataFrame) -> pd.Series:
    """What a map cell lies in: its desa and, where its middle is in a pocket, that pocket; aligned with the cells.

    Cells are protected inside every such part, so that neither the desa's total nor the pocket's gives one back.
    """
    middles = shapely.centroid(np.asarray(cells.geometry.array, dtype=object))
    inside = np.full(len(cells), "", dtype=object)
    for name, shape in zip(pockets["pocket_id"].astype(str), pockets.geometry, strict=True):
        shapely.prepare(shape)
        inside[shapely.contains(shape, middles)] = name
    return cells["code"].astype(str) + "|" + pd.Series(inside, index=cells.index)
