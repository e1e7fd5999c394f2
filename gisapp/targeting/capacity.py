"""Places within reach per 1,000 who need them: the capacity of facilities shared out by travel time (Luo & Qi 2009)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from gisapp.analysis.checks import Floats
from gisapp.analysis.facilities.catchment import floating_catchment, step_decay, weighted_mean
from gisapp.analysis.suggesting.needs import CHILDREN
from gisapp.analysis.travelling.nearby import Within, homes_within, homes_within_straight
from gisapp.analysis.travelling.reach import placed
from gisapp.columns import CAPACITY_SERVICES
from gisapp.targeting.load import District
from gisapp.targeting.presence import USABLE_POSITIONS
from gisapp.targeting.travel import Ways

_PLACES, _DEMAND = "places_", "demand_"
#: Who needs a service that is not for children of an age: everybody.
PERSONS = "persons"


def family_places(ways: Ways, district: District) -> pd.DataFrame:
    """Per service with a known capacity: ``places_<service>`` per person who needs it, and ``demand_<service>``.

    Aligned with the families; places NaN where the family's place is not known, 0 where nothing is within reach.
    ``demand`` is how many persons a family stands for. What was counted, and what could not be, stands in
    ``district.facts["capacity"]``; a service without any capacity has no column.
    """
    settings, facilities = ways.settings, district.facilities
    zones = {float(end): float(weight) for end, weight in settings.catchment_zones.items()}
    source, date = settings.sources["catchment_zones"]
    columns: dict[str, Any] = {}
    told: dict[str, Any] = {}
    for service in CAPACITY_SERVICES:
        mine = facilities[facilities["service"].eq(service).to_numpy()]
        if "capacity" in mine and mine["capacity"].notna().any():
            places, demand, told[service] = _one_service(ways, district, service, mine, zones)
            columns |= {f"{_PLACES}{service}": places, f"{_DEMAND}{service}": demand}
    if sum(len(one["columns"]) > 1 for one in told.values()):
        district.warnings["capacity_columns_differ"] = sum(len(one["columns"]) > 1 for one in told.values())
    district.facts["capacity"] = {
        "zones": {f"{end:g}": weight for end, weight in sorted(zones.items())},
        "source": source,
        "date": date,
        "services": told,
    }
    return pd.DataFrame(columns, index=district.families.index)


def places_of(reached: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
    """Columns ``places_per_1000_<service>``: what the demand of each group finds within reach on average."""
    services = [name.removeprefix(_PLACES) for name in reached if name.startswith(_PLACES)]
    columns = {
        f"places_per_1000_{service}": 1000
        * weighted_mean(reached[f"{_PLACES}{service}"], reached[f"{_DEMAND}{service}"], by)
        for service in services
    }
    return pd.DataFrame(columns, index=by.groupby(by).size().index)


def demand_of(district: District, service: str) -> tuple[pd.Series, dict[str, Any]]:
    """Persons who need a service that each family stands for, NaN where its place or their number is not known.

    Children of the service's age, or all persons. Each family that can be used also stands for the families of its
    desa that cannot, and for those that are not registered where the population table gives all desa.
    """
    families = district.families
    asked = CHILDREN.get(service, PERSONS)
    own = families[asked].astype("Float64") if asked in families else pd.Series(pd.NA, index=families.index)
    usable = own.notna() & families["x"].notna()
    registered = families.groupby("code").size().astype("float64")
    whole, basis = registered, "registered"
    if district.population is not None:
        everybody = district.population["families"].astype("float64")
        if everybody.reindex(registered.index).notna().all():
            whole, basis = np.maximum(everybody.reindex(registered.index), registered), "population"
    stands_for = families["code"].map(whole / usable.groupby(families["code"]).sum().replace(0, np.nan))
    demand = (own.astype("float64") * stands_for).where(usable)
    return demand, {"of": asked, "basis": basis, "families_unknown": int((~usable).sum())}


def _one_service(
    ways: Ways, district: District, service: str, facilities: gpd.GeoDataFrame, zones: dict[float, float]
) -> tuple[Floats, Floats, dict[str, Any]]:
    known = facilities["capacity"].notna().to_numpy()
    stands = (facilities["position"].isin(USABLE_POSITIONS) & facilities.geometry.notna()).to_numpy()
    used = facilities[known & stands]
    places = np.column_stack([used.geometry.x, used.geometry.y]).reshape(-1, 2)
    capacity = used["capacity"].to_numpy(dtype=np.float64)
    demand, facts = demand_of(district, service)
    points = district.families[["x", "y"]].to_numpy(dtype=np.float64)
    within = _within(ways, service, points, places, max(zones))
    nobody_knows = within is None or not demand.gt(0).any()
    access, load = np.full(len(points), np.nan), np.zeros(len(capacity))
    if within is not None and not nobody_knows:
        access, load = floating_catchment(demand.fillna(0.0).to_numpy(), capacity, within, step_decay(zones))
        access = np.where(np.isfinite(points).all(axis=1), access, np.nan)
    return access, demand.to_numpy(dtype=np.float64), facts | {
        "columns": sorted({str(name) for name in facilities.loc[known, "capacity_from"]}),
        "mode": ways.settings.travel_modes[service],
        "facilities": len(facilities),
        "with_capacity": int(known.sum()),
        "unplaced": int((known & ~stands).sum()),
        "capacity": float(capacity.sum()),
        "capacity_reached": float(capacity[load > 0].sum()),
        "demand": float(demand.sum()),
        "computed": not nobody_knows,
    }  # fmt: skip


def _within(ways: Ways, service: str, points: Floats, places: Floats, limit: float) -> Iterator[Within] | None:
    """Homes within the last zone of each facility; None where no facility stands where the ground is known."""
    surface = ways.over(service)
    if surface is None:
        pace = 0.06 * ways.settings.detour_factor / ways.ordinary_kmh(service)
        return homes_within_straight(points, places, minutes_per_metre=pace, limit_min=limit) if len(places) else None
    stands = placed(places, surface, ways.snapping, "facilities")
    if not stands.on_grid().any():
        return None
    homes = placed(points, surface, ways.snapping, "points")
    return homes_within(
        homes, stands, surface, limit_min=limit, snapping=ways.snapping, slopes=ways.slopes(surface.mode)
    )
