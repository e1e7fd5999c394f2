"""The roads of a district as a network in which missing links are looked for, and what was mended to make it."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from gisapp.analysis.network import Network, road_network
from gisapp.analysis.roads.gaps import network_problems
from gisapp.targeting.load import District
from gisapp.targeting.travel_ground import with_bridges
from gisapp.workspace.settings import WorkspaceSettings

#: Repairs that closed a gap of the drawn roads.
_MENDED = ("road_end_joined", "road_t_junction")
_LINES = ("LineString", "MultiLineString")


def link_network(district: District, settings: WorkspaceSettings) -> tuple[Network, dict[str, Any]]:
    """The network of the road lines, and its facts for the manifest: repairs, and roads that do not connect.

    A way that is not taken to have a bridge (``rivers_crossed_by``) ends on both sides of a river, at least as far
    apart as the shortest link, so that the missing bridge is one of the links that are looked for.
    """
    roads = district.roads[district.roads.geom_type.isin(_LINES)].reset_index(drop=True)
    bridged = with_bridges(roads, settings.rivers_crossed_by)["bridge"].to_numpy(dtype=bool)
    apart_m = settings.link_shortest_m / 2 + settings.link_join_m
    shapes, broken = _ended_at(roads, district.rivers, ~bridged, apart_m)
    said = roads["bridge"].astype("boolean").fillna(False)
    lines = gpd.GeoDataFrame(
        {"road_class": roads["class"].to_numpy(), "bridge": said.map({True: "yes", False: ""}).to_numpy()},
        geometry=shapes, crs=roads.crs,
    )  # fmt: skip
    network = road_network(lines, tolerance_m=float(settings.link_join_m))
    problems = network_problems(network)
    facts = {
        "roads": len(roads),
        "other_shapes": len(district.roads) - len(roads),
        "ended_at_rivers": broken,
        "length_km": round(float(network.edges["length_m"].sum()) / 1000, 1),
        "parts": len(network.components),
        "mended": sum(problem.count or 0 for problem in problems if problem.code in _MENDED),
        "findings": [
            {"code": problem.code, "count": problem.count, "id": problem.detail_id, "en": problem.detail}
            for problem in problems
        ],
    }
    return network, facts


def network_warnings(facts: dict[str, Any]) -> dict[str, int]:
    """What of the network somebody should know, by code; only what occurred."""
    counted = {"roads_mended": facts["mended"], "roads_unconnected": facts["parts"] - 1}
    return {code: count for code, count in counted.items() if count}


def _ended_at(roads: gpd.GeoDataFrame, rivers: gpd.GeoDataFrame, ends: Any, apart_m: float) -> tuple[Any, int]:
    """Shapes of the roads, those that end at rivers without what lies within ``apart_m`` of one that they cross."""
    shapes = roads.geometry.to_numpy().copy()
    streams = rivers.geometry[~(rivers.geometry.isna() | rivers.geometry.is_empty)].to_numpy()
    asked = ends.nonzero()[0]
    road, stream = shapely.STRtree(streams).query(shapes[asked], predicate="intersects")
    for at, crossed in pd.Series(streams[stream]).groupby(asked[road]):
        shapes[at] = shapely.difference(shapes[at], shapely.buffer(shapely.union_all(crossed.to_numpy()), apart_m))
    return shapes, len(set(road.tolist()))
