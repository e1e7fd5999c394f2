"""Services of which nobody knows whether they are absent, per area and pocket: their distances are upper bounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import geopandas as gpd
import pandas as pd

from gisapp.columns import SERVICES


def add_absence(
    areas: gpd.GeoDataFrame, pockets: gpd.GeoDataFrame, gaps: pd.DataFrame
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Areas and pockets with ``absence_unknown``: services, in print order, unknown in any of their desa.

    ``gaps`` has ``code`` (of a desa), ``service`` and ``absence``.
    """
    hidden = gaps.loc[gaps["absence"].eq("unknown")]
    by_desa: dict[str, set[str]] = {
        str(code): set(services) for code, services in hidden.groupby("code")["service"].agg(list).items()
    }
    parent = dict(zip(areas["code"].astype(str), areas["parent_code"], strict=True))
    by_area: dict[str, set[str]] = {}
    for code, services in by_desa.items():
        above: object = code
        while isinstance(above, str):
            by_area[above] = by_area.get(above, set()) | services
            above = parent.get(above)
    members = [str(codes).split("; ") for codes in pockets["member_codes"]]
    return (
        areas.assign(absence_unknown=[_listed([str(code)], by_area) for code in areas["code"]]),
        pockets.assign(absence_unknown=[_listed(codes, by_desa) for codes in members]),
    )


def _listed(codes: Iterable[str], by_code: Mapping[str, set[str]]) -> str:
    found = {service for code in codes for service in by_code.get(code, ())}
    return "; ".join(service for service in SERVICES if service in found)
