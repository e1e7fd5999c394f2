"""Straight-line distance of each family to the nearest known facility of each service, and called so."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from gisapp.analysis.access import service_distances
from gisapp.analysis.gaps import declared_code, service_gaps
from gisapp.catalog.load import Catalog
from gisapp.catalog.spec import Standard
from gisapp.columns import SERVICES
from gisapp.targeting.load import District

#: Positions that a distance may be measured from; many facilities on one point are reported, and still stand there.
USABLE_POSITIONS = ("known", "stacked")


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


def median_distances(distances: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
    """Median metres per group and service; whole metres, because a straight line knows no more."""
    return distances.groupby(by).median().round(0)


def completeness_by_service(catalog: Catalog) -> dict[str, float | None]:
    """Lowest completeness declared by the layers of a service; None where one of its layers declares nothing."""
    found: dict[str, list[float | None]] = {}
    for spec in (*catalog.facilities(), *catalog.roads()):
        kinds = [spec.kind] if spec.kind else sorted(set(spec.kind_map.values())) or list(catalog.kinds)
        for service in {catalog.service_of(kind) for kind in kinds if kind} - {None}:
            found.setdefault(str(service), []).append(spec.completeness)
    return {service: _lowest(values) for service, values in found.items()}


def _lowest(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return min(known) if len(known) == len(values) else None


def standards_by_service(catalog: Catalog) -> dict[str, Standard]:
    """The dated standard of each service that has one."""
    return {service: found for service in SERVICES if (found := catalog.standard(service)) is not None}


def make_gaps(district: District, catalog: Catalog, distances: pd.DataFrame) -> gpd.GeoDataFrame:
    """The collection ``gaps``: area × service, with the area's polygon."""
    desa = district.desa.rename(columns={"kecamatan_code": "parent_code"})
    families = pd.concat([district.families[["code", "poor"]], distances], axis=1)
    gaps = service_gaps(
        pd.DataFrame(desa[["code", "name", "parent_code"]]),
        families,
        standards=standards_by_service(catalog),
        completeness=completeness_by_service(catalog),
        unplaced=_unplaced(district),
    )
    shapes = desa.set_index("code").geometry.reindex(gaps["code"]).to_numpy()
    return gpd.GeoDataFrame(gaps, geometry=shapes, crs=district.crs)


def _unplaced(district: District) -> pd.DataFrame:
    """Facilities that stand somewhere in a kecamatan or desa, position unknown."""
    facilities = district.facilities
    lost = facilities.loc[~facilities["position"].isin(USABLE_POSITIONS) & facilities["service"].notna()]
    areas = pd.concat([district.desa[["code", "name"]], district.kecamatan[["code", "name"]]], ignore_index=True)
    return pd.DataFrame({"service": lost["service"], "area_code": declared_code(lost["area_hint"], areas)}).replace(
        {"area_code": {np.nan: None}}
    )
