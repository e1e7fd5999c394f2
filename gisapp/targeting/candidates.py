"""Where a site may stand: public land, settlements and inhabited squares, held against the land."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from gisapp.analysis.suggesting.candidates import check_candidates, inhabited_squares, prefer_near
from gisapp.targeting.load import District
from gisapp.workspace.settings import WorkspaceSettings

PUBLIC_LAND, SETTLEMENT, SQUARE = "lahan publik", "permukiman", "sel berpenduduk"


def make_candidates(district: District, settings: WorkspaceSettings) -> tuple[gpd.GeoDataFrame, dict[str, Any]]:
    """Possible sites (``analysis.suggesting.candidates``), and what became of all that were offered, for the manifest.

    Public land goes before settlements near it. A desa without a settlement point offers the centres of its inhabited
    squares; at least ``k_staff`` families live in each, so that a candidate never points at one home.
    """
    public, hamlets = _public_land(district), _settlements(district)
    squares = _squares(district, hamlets, settings)
    offered = gpd.GeoDataFrame(pd.concat([public, hamlets, squares], ignore_index=True), crs=district.crs)
    checked = check_candidates(offered, district.desa, land_of(district))
    preferred = checked.frame["source"].str.startswith(PUBLIC_LAND).to_numpy(dtype=bool)
    frame = prefer_near(checked.frame, preferred, within_m=settings.public_land_within_m)
    allowed = frame[frame["excluded_by"].isna()]
    facts = {
        **checked.counts,
        "sources": {PUBLIC_LAND: len(public), SETTLEMENT: len(hamlets), SQUARE: len(squares)},
        "replaced_by_public_land": len(checked.frame) - len(frame),
        "allowed": len(allowed),
        "desa_without": _desa_without(district, allowed),
    }
    return frame, facts


def candidate_warnings(facts: dict[str, Any]) -> dict[str, int]:
    """What of the candidates somebody should know, by code; only what occurred."""
    counted = {
        "candidate_outside": facts["outside"],
        "candidate_same_spot": facts["same_spot"],
        "candidate_excluded": facts["excluded"],
        "desa_without_candidate": facts["desa_without"],
        "candidates_none": int(facts["allowed"] == 0),
    }
    return {code: count for code, count in counted.items() if count}


def land_of(district: District) -> gpd.GeoDataFrame:
    """Land with its rules; a layer made before rules were read excludes throughout."""
    land = district.polygons
    missing: dict[str, Any] = {"class": "", "rule": "excludes"}
    return land.assign(**{name: value for name, value in missing.items() if name not in land.columns})


def land_checked(district: District) -> tuple[list[str], list[str]]:
    """Kinds of land that touch the district, and kinds that were supplied and do not: those check nothing."""
    supplied = set(district.polygons["kind"])
    if not supplied:
        return [], []
    west, south, east, north = district.desa.total_bounds
    near = district.polygons.cx[west:east, south:north]
    touching = set(near.sjoin(district.desa[["geometry"]], predicate="intersects")["kind"])
    return sorted(touching), sorted(supplied - touching)


def _public_land(district: District) -> gpd.GeoDataFrame:
    land = district.public_land
    if land is None or land.empty:
        return _points([], PUBLIC_LAND, district)
    names = [f"{PUBLIC_LAND}: {name}" if name else PUBLIC_LAND for name in land["name"]]
    return gpd.GeoDataFrame({"source": names}, geometry=land.representative_point().to_numpy(), crs=district.crs)


def _settlements(district: District) -> gpd.GeoDataFrame:
    facilities = district.facilities
    if facilities.empty:
        return _points([], SETTLEMENT, district)
    usable = facilities["kind"].eq("permukiman") & facilities["position"].isin(["known", "stacked"])
    return _points(facilities.geometry[usable & facilities.geometry.notna()], SETTLEMENT, district)


def _squares(district: District, hamlets: gpd.GeoDataFrame, settings: WorkspaceSettings) -> gpd.GeoDataFrame:
    """Inhabited squares of the families of desa in which no settlement stands."""
    settled = set(hamlets.sjoin(district.desa[["code", "geometry"]], predicate="intersects")["code"])
    homes = district.families.loc[~district.families["code"].isin(settled), ["x", "y"]].to_numpy(dtype=float)
    centres = inhabited_squares(homes[:, 0], homes[:, 1], edge_m=settings.candidate_cell_m, at_least=settings.k_staff)
    return _points(gpd.points_from_xy(centres[:, 0], centres[:, 1]), SQUARE, district)


def _points(points: Any, source: str, district: District) -> gpd.GeoDataFrame:
    shapes = np.asarray(points, dtype=object)
    return gpd.GeoDataFrame({"source": [source] * len(shapes)}, geometry=shapes, crs=district.crs)


def _desa_without(district: District, allowed: gpd.GeoDataFrame) -> int:
    """Desa with registered families and without one candidate that is allowed."""
    return len(set(district.families["code"].dropna()) & set(district.desa["code"]) - set(allowed["code"]))
