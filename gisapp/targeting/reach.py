"""Straight-line distance of each family to the nearest known facility of each service, and called so."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from gisapp.analysis.access import service_distances
from gisapp.analysis.facilities.gaps import service_gaps
from gisapp.catalog.load import Catalog
from gisapp.catalog.spec import LayerSpec, Standard
from gisapp.columns import SERVICES
from gisapp.targeting.capacity import family_places, places_of
from gisapp.targeting.load import District
from gisapp.targeting.presence import USABLE_POSITIONS, unplaced_facilities
from gisapp.targeting.travel import Ways, beyond_standards, median_minutes, travel_times, ways_of
from gisapp.workspace.folder import Workspace
from gisapp.workspace.settings import WorkspaceSettings


def placed_facilities(facilities: gpd.GeoDataFrame) -> pd.DataFrame:
    """Facilities of a measured service with a usable position: service, kind, name, x, y (metres)."""
    usable = facilities["position"].isin(USABLE_POSITIONS) & facilities.geometry.notna()
    placed = facilities.loc[usable & facilities["service"].notna()].reset_index(drop=True)
    frame = pd.DataFrame(placed[["service", "kind", "name"]])
    return frame.assign(x=placed.geometry.x.to_numpy(), y=placed.geometry.y.to_numpy())


def family_distances(district: District) -> pd.DataFrame:
    """Columns ``distance_m_<service>``, aligned with the families; NaN where family or service has no position."""
    points = district.families[["x", "y"]]
    return service_distances(points, placed_facilities(district.facilities), district.roads.geometry.to_numpy())


def family_times(ways: Ways, district: District) -> pd.DataFrame:
    """Columns ``travel_time_min_<service>``, aligned with the families (``travel.travel_times``)."""
    return travel_times(ways, district, placed_facilities(district.facilities))


def family_reach(workspace: Workspace, district: District) -> pd.DataFrame:
    """Metres, minutes and capacity within reach of every family, in the columns that ``reach_of_groups`` takes."""
    ways = ways_of(workspace, district)
    times = family_times(ways, district)
    return family_distances(district).join([times, family_places(ways, district)])


def reach_of_groups(reached: pd.DataFrame, by: pd.Series, settings: WorkspaceSettings) -> pd.DataFrame:
    """What each group of families reaches: median metres and minutes, who is beyond the minutes, places per 1,000.

    Whole metres, because a straight line knows no more.
    """
    metres = reached[[name for name in reached if name.startswith("distance_m_")]].groupby(by).median().round(0)
    times = reached[[name for name in reached if name.startswith("travel_time_min_")]]
    parts = [median_minutes(times, by), beyond_standards(times, by, settings.standard_minutes), places_of(reached, by)]
    return metres.join(parts)


def completeness_by_service(catalog: Catalog) -> dict[str, float | None]:
    """Completeness of a service: the lowest of its kinds (SD, MI), and of a kind the best that one layer declares.

    A second, poorer layer of a kind takes nothing away from the better one. None where no layer of one of its kinds
    declares anything, or where one of its kinds was not supplied at all.
    """
    best: dict[str, float] = {}
    for spec in (*catalog.facilities(), *catalog.roads()):
        if spec.completeness is not None:
            best |= {kind: max(spec.completeness, best.get(kind, 0.0)) for kind in _kinds(spec)}
    found: dict[str, float | None] = {}
    for service in SERVICES:
        kinds = {kind for kind in catalog.kinds if catalog.service_of(kind) == service}
        found[service] = min(best[kind] for kind in kinds) if kinds and kinds <= set(best) else None
    return found


def _kinds(spec: LayerSpec) -> set[str]:
    return {spec.kind} if spec.kind else set(spec.kind_map.values())


def standards_by_service(catalog: Catalog) -> dict[str, Standard]:
    """The dated standard of each service that has one."""
    return {service: found for service in SERVICES if (found := catalog.standard(service)) is not None}


def make_gaps(
    district: District, catalog: Catalog, distances: pd.DataFrame, settings: WorkspaceSettings
) -> gpd.GeoDataFrame:
    """The collection ``gaps``: area × service, with the area's polygon."""
    desa = district.desa.rename(columns={"kecamatan_code": "parent_code"})
    families = pd.concat([district.families[["code", "poor"]], distances], axis=1)
    gaps = service_gaps(
        pd.DataFrame(desa[["code", "name", "parent_code"]]),
        families,
        standards=standards_by_service(catalog),
        completeness=completeness_by_service(catalog),
        unplaced=unplaced_facilities(district.facilities),
        complete_from=settings.layer_complete_from,
    )
    shapes = desa.set_index("code").geometry.reindex(gaps["code"]).to_numpy()
    return gpd.GeoDataFrame(gaps, geometry=shapes, crs=district.crs)
