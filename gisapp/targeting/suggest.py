"""The collection ``interventions``: candidates checked against the land, then what the analysis suggests."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from gisapp.analysis.interventions import suggest
from gisapp.targeting.comparing import comparing, priced_kinds
from gisapp.targeting.load import District
from gisapp.targeting.reach import standards_by_service
from gisapp.workspace.folder import Workspace

#: Where no settlement layer was added, inhabited squares of this edge stand for settlements.
SETTLED_CELL_M = 500


def make_candidates(district: District, *, at_least: int) -> gpd.GeoDataFrame:
    """Possible sites: settlements, else centres of inhabited squares; ``excluded_by`` names the land that forbids one.

    ``at_least`` families must live in a square, so that a candidate never points at one home.
    """
    hamlets = district.facilities
    hamlets = hamlets.loc[hamlets["kind"].eq("permukiman") & hamlets["position"].isin(["known", "stacked"])]
    if len(hamlets):
        points, source = hamlets.geometry.reset_index(drop=True), "permukiman"
    else:
        points, source = _settled_squares(district, at_least), "sel berpenduduk"
    candidates = gpd.GeoDataFrame({"source": source}, index=range(len(points)), geometry=points.to_numpy())
    candidates = candidates.set_crs(district.crs)
    within = candidates.sjoin(district.desa[["code", "geometry"]], predicate="intersects").sort_values("code")
    candidates["code"] = within["code"].groupby(level=0).first().reindex(candidates.index)
    candidates["excluded_by"] = _excluded_by(candidates, district.polygons)
    return candidates.dropna(subset=["code"]).assign(x=lambda frame: frame.geometry.x, y=lambda frame: frame.geometry.y)


def _settled_squares(district: District, at_least: int) -> gpd.GeoSeries:
    placed = district.families.dropna(subset=["x", "y"])
    squares = np.floor(placed[["x", "y"]] / SETTLED_CELL_M)
    sizes = squares.groupby(["x", "y"]).size()
    settled = sizes.index[sizes >= at_least].to_frame(index=False)
    centres = (settled + 0.5) * SETTLED_CELL_M
    return gpd.GeoSeries(gpd.points_from_xy(centres["x"], centres["y"]), crs=district.crs)


def _excluded_by(candidates: gpd.GeoDataFrame, polygons: gpd.GeoDataFrame) -> pd.Series:
    if polygons.empty:
        return pd.Series(None, index=candidates.index, dtype="object")
    hit = candidates[["geometry"]].sjoin(polygons[["kind", "geometry"]], predicate="intersects").sort_values("kind")
    return hit["kind"].groupby(level=0).first().reindex(candidates.index).astype("object")


def make_interventions(
    workspace: Workspace,
    district: District,
    pockets: gpd.GeoDataFrame,
    gaps: pd.DataFrame,
    distances: pd.DataFrame,
    *,
    pocket_of_family: pd.Series,
    run_id: str,
    budget_idr: float | None,
) -> gpd.GeoDataFrame:
    """Suggestions for every pocket, in the pockets' order; points in the working CRS."""
    settings = workspace.settings
    families = pd.concat([district.families, distances], axis=1)
    families = families.assign(pocket_id=pocket_of_family)
    inside = pockets.geometry.representative_point()
    frame = suggest(
        pd.DataFrame(pockets.drop(columns="geometry")).assign(x=inside.x, y=inside.y),
        families,
        pd.DataFrame(make_candidates(district, at_least=settings.k_staff).drop(columns="geometry")),
        priced_kinds(settings),
        standards=standards_by_service(workspace.catalog),
        gaps=pd.DataFrame(gaps[["code", "service", "absence"]]),
        layers_checked=sorted(set(district.polygons["kind"])),
        poor_deciles=settings.poor_deciles,
        sites_per_pocket=settings.sites_per_pocket,
        district_coverage=district_coverage(district),
        budget_idr=budget_idr,
        comparing=comparing(settings),
        crs=district.crs,
    )
    return frame.assign(run_id=run_id, status="present")


def district_coverage(district: District) -> float | None:
    """Registered families over all families, 0..1; None without a population table that covers every desa."""
    if district.population is None or district.population["families"].isna().any():
        return None
    everyone = float(district.population["families"].sum())
    return min(1.0, len(district.families) / everyone) if everyone > 0 else None
