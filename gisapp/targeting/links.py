"""Missing roads and bridges of a run: looked for on the district's roads, valued for the families of the pockets.

A link serves every service at once, so its gain is the union: a family counts once where the link brings it within
the standard of at least one service that is asked of it. It stands with the pocket that gains most, and counts that
pocket's families, as every other suggestion does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisapp.analysis.assign import assign_area
from gisapp.analysis.network import Network, with_nodes_every
from gisapp.analysis.roads.links_candidates import candidate_links, searchable_length
from gisapp.analysis.roads.links_families import families_gained, together
from gisapp.analysis.suggesting.candidates import land_named
from gisapp.analysis.suggesting.needs import asked_of
from gisapp.catalog.interventions import InterventionKind
from gisapp.catalog.spec import Standard
from gisapp.errors import InvalidInputError
from gisapp.targeting.candidates import land_of
from gisapp.targeting.links_network import link_network, network_warnings
from gisapp.targeting.links_rows import link_rows
from gisapp.targeting.load import District
from gisapp.targeting.reach import placed_facilities
from gisapp.workspace.settings import WorkspaceSettings

#: Vertices of a river in one piece: short pieces are found faster than whole rivers.
_PIECE = 16
#: The service of the roads themselves: no link is valued by it.
_ROAD = "road"


def find_links(
    district: District,
    settings: WorkspaceSettings,
    families: pd.DataFrame,
    gaps: pd.DataFrame,
    *,
    standards: Mapping[str, Standard],
    kinds: Sequence[InterventionKind],
) -> gpd.GeoDataFrame | None:
    """Links as ``suggest`` takes them, each with its line; None where nothing could be looked for.

    ``families`` as ``suggest`` takes them, ``gaps`` with ``code``, ``service``, ``absence``. What was looked at, or why
    nothing was, goes into ``district.facts["links"]`` and ``district.warnings``.
    """
    facilities = placed_facilities(district.facilities)
    known = {name: one for name, one in standards.items() if name != _ROAD and _measured(name, families, facilities)}
    reason = _nothing_to_do(district, families, known, kinds)
    if reason:
        district.facts["links"] = {"searched": False, "reason": reason}
        return None
    try:
        network, told = link_network(district, settings)
        dense = with_nodes_every(network, metres=settings.link_spacing_m)
        longest = searchable_length(dense, max_length_m=float(settings.link_longest_m))
        candidates = _candidates(dense, longest, district, settings)
    except InvalidInputError as error:
        district.facts["links"] = {"searched": False, "reason": "refused", "id": error.id, "en": error.en}
        district.warnings["links_not_searched"] = 1
        return None
    gained = _gained(candidates, dense, district, settings, families, gaps, facilities, known)
    links = link_rows(candidates, gained, families, standards=known, kinds=kinds, settings=settings, crs=district.crs)
    links = _placed(links, district)
    district.facts["links"] = {
        "searched": True, **told, "longest_m": round(longest), "candidates": len(candidates),
        "crossing": int(candidates["crosses_river"].sum()), "with_gain": int(gained["link"].nunique()),
        "offered": len(links), "services": sorted(known),
    }  # fmt: skip
    district.warnings |= network_warnings(told)
    if longest < settings.link_longest_m:
        district.warnings["links_shortened"] = 1
    return links


def link_notes(links: gpd.GeoDataFrame, district: District) -> pd.Series:
    """Land that each link crosses and that forbids a site or is to be heeded; empty where there is none."""
    land = land_of(district)
    return land_named(links, land[land["rule"].isin(["excludes", "note"])], ["kind", "class"], "")


def _measured(service: str, families: pd.DataFrame, facilities: pd.DataFrame) -> bool:
    return f"distance_m_{service}" in families and bool(facilities["service"].eq(service).any())


def _nothing_to_do(
    district: District, families: pd.DataFrame, known: Mapping[str, Standard], kinds: Sequence[InterventionKind]
) -> str:
    """Why nothing is looked for; empty where something is."""
    if district.roads.empty:
        return "no_roads"
    if not any(need in kind.answers for kind in kinds for need in ("link:road", "link:bridge")):
        return "no_kind"
    if not known:
        return "no_service"
    return "" if families["pocket_id"].notna().any() else "no_pocket"


def _candidates(
    network: Network, longest_m: float, district: District, settings: WorkspaceSettings
) -> gpd.GeoDataFrame:
    return candidate_links(
        network,
        max_length_m=longest_m,
        least_detour=settings.link_detour,
        spacing_m=float(settings.link_spacing_m),
        least_length_m=float(settings.link_shortest_m),
        rivers=district.rivers,
    )


def _gained(
    candidates: gpd.GeoDataFrame,
    network: Network,
    district: District,
    settings: WorkspaceSettings,
    families: pd.DataFrame,
    gaps: pd.DataFrame,
    facilities: pd.DataFrame,
    standards: Mapping[str, Standard],
) -> pd.DataFrame:
    """Whom each link brings within which standard, of the families of pockets.

    Where nobody knows whether a service is absent in a desa, its families gain nothing in it: one may stand nearby.
    """
    barriers = gpd.GeoSeries(_pieces(district.rivers), crs=district.crs)
    inside = families["pocket_id"].notna().to_numpy()
    homes = np.where(inside[:, None], families[["x", "y"]].to_numpy(dtype=float), np.nan)
    hidden = gaps[gaps["absence"] == "unknown"].groupby("service")["code"].agg(set)
    asked = {
        name: asked_of(families, name) & ~families["code"].isin(hidden.get(name, set())).to_numpy() & inside
        for name in standards
    }
    return families_gained(
        candidates,
        network,
        together(homes, edge_m=settings.travel_cell_m, barriers=barriers.to_numpy()),
        facilities,
        standards_m={name: float(one.distance_m) for name, one in standards.items()},
        asked=asked,
        access_max_m=float(settings.link_access_m),
        barriers=barriers,
    )


def _pieces(rivers: gpd.GeoDataFrame) -> Any:
    """River lines in pieces that share their ends."""
    lines = shapely.get_parts(rivers.geometry[~(rivers.geometry.isna() | rivers.geometry.is_empty)].to_numpy())
    found = []
    for line in lines:
        xy = shapely.get_coordinates(line)
        found += [xy[at : at + _PIECE + 1] for at in range(0, len(xy) - 1, _PIECE)]
    return np.array([shapely.linestrings(xy) for xy in found], dtype=object)


def _placed(links: gpd.GeoDataFrame, district: District) -> gpd.GeoDataFrame:
    """Give each link the desa of its middle; where that lies in none, that of most of its families."""
    middle = gpd.GeoSeries(gpd.points_from_xy(links["x"], links["y"]), index=links.index, crs=district.crs)
    code = assign_area(middle, district.desa[["code", "geometry"]], key="code")
    return links.assign(code=code.where(code.notna(), links["home_code"]).astype(str))
