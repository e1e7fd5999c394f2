"""How many poor families live close together: dense clusters of their points, told per area only."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from gisapp.analysis.density import density_clusters
from gisapp.targeting.areas import GROUPS
from gisapp.targeting.load import District
from gisapp.workspace.settings import WorkspaceSettings

#: More points than this are clustered by DBSCAN: HDBSCAN takes a second or two for so many, squared growth beyond.
HDBSCAN_POINTS = 25_000
#: Shares are told in steps of this, so that no count of families can be turned back from them.
STEP = 0.05


def add_dense_share(
    levels: dict[str, gpd.GeoDataFrame], district: District, settings: WorkspaceSettings
) -> tuple[dict[str, gpd.GeoDataFrame], dict[str, Any]]:
    """Add ``dense_share`` to every level; with it what the manifest says of the clusters.

    The outline of a cluster is a hamlet: it is neither kept nor released.
    """
    families = district.families
    located = families.loc[families["poor"] & families["x"].notna()]
    if located.empty:
        return levels, {"dense": {"points": 0}}
    cluster, facts = _clustered(located[["x", "y"]], settings)
    inside = cluster.notna()
    for level, by in GROUPS.items():
        groups = inside.groupby(located[by])
        share = groups.mean().where(groups.size() >= settings.dense_cluster_size)
        steps = np.round(share / STEP) * STEP
        levels[level] = levels[level].assign(dense_share=levels[level]["code"].map(steps.round(2)))
    return levels, {"dense": facts | {"share": round(float(inside.mean()), 2)}}


def _clustered(points: pd.DataFrame, settings: WorkspaceSettings) -> tuple[pd.Series, dict[str, Any]]:
    size, distance = settings.dense_cluster_size, settings.dense_distance_m
    if len(points) <= HDBSCAN_POINTS:
        found = density_clusters(points, min_cluster_size=size)
        how: dict[str, Any] = {"method": "hdbscan"}
    else:
        found = density_clusters(points, method="dbscan", min_cluster_size=size, distance_m=float(distance))
        how = {"method": "dbscan", "distance_m": distance, "because_points_exceed": HDBSCAN_POINTS}
    clusters = 0 if found.isna().all() else int(found.max())
    return found, how | {"points": len(points), "min_cluster_size": size, "clusters": clusters}
