"""Links and whom they bring within a standard, made into the rows that ``suggest`` takes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.analysis.suggesting.needs import is_poor
from gisapp.catalog.interventions import InterventionKind
from gisapp.catalog.spec import Standard
from gisapp.workspace.settings import WorkspaceSettings

_LONG_LAT = "EPSG:4326"


def link_rows(
    candidates: gpd.GeoDataFrame,
    gained: pd.DataFrame,
    families: pd.DataFrame,
    *,
    standards: Mapping[str, Standard],
    kinds: Sequence[InterventionKind],
    settings: WorkspaceSettings,
    crs: Any,
) -> gpd.GeoDataFrame:
    """One row per link that brings at least ``k_staff`` families of one pocket within a standard.

    Fewer are left out: their figures would be withheld, and the line would point at their homes. Columns: pocket_id,
    home_code, x, y, families, poor_families, persons, length_m, crosses_river, cost_idr, members, link (what the page
    tells of it); the line itself as geometry.
    """
    once = gained[["link", "family"]].drop_duplicates()
    once = once.assign(pocket_id=families["pocket_id"].to_numpy(dtype=object)[once["family"]])
    sizes = once.groupby(["link", "pocket_id"]).size().rename("families").reset_index()
    sizes = sizes[sizes["families"] >= settings.k_staff]
    # The pocket that gains most has the link; of equals the first by name, whatever the order of the rows.
    best = sizes.sort_values(["link", "families", "pocket_id"], ascending=[True, False, True]).drop_duplicates("link")
    mine = once.merge(best[["link", "pocket_id"]], on=["link", "pocket_id"]).sort_values(["link", "family"])
    members = mine.groupby("link")["family"].agg(tuple)
    at = best["link"].to_numpy(dtype=np.intp)
    chosen = candidates.iloc[at].reset_index(drop=True)
    rows = [np.asarray(found, dtype=np.intp) for found in members.reindex(at)]
    poor, persons = is_poor(families, settings.poor_deciles), families["persons"].fillna(0).to_numpy(dtype=np.int64)
    codes = families["code"].to_numpy(dtype=object)
    told = _told(chosen, at, mine, gained, standards, settings)
    return gpd.GeoDataFrame(
        {
            "pocket_id": best["pocket_id"].to_numpy(dtype=object),
            "home_code": [_most(codes[found]) for found in rows],
            "x": chosen["x"], "y": chosen["y"],
            "families": [len(found) for found in rows],
            "poor_families": [int(poor[found].sum()) for found in rows],
            "persons": [int(persons[found].sum()) for found in rows],
            "length_m": np.ceil(chosen["length_m"]),
            "crosses_river": chosen["crosses_river"],
            "cost_idr": link_costs(chosen, kinds, span_m=settings.link_bridge_span_m),
            "members": [tuple(found.tolist()) for found in rows],
            "link": told,
        },
        geometry=chosen.geometry, crs=crs,
    )  # fmt: skip


def link_costs(links: pd.DataFrame, kinds: Sequence[InterventionKind], *, span_m: float) -> npt.NDArray[np.float64]:
    """Rupiah of works of links that cross a river: spans at the price of a bridge, the rest at that of a road.

    NaN where the price of the kind itself holds for every metre: on links that cross nothing, and without a kind of
    road.
    """
    price = {
        need: next((kind.unit_cost_idr for kind in kinds if need in kind.answers), math.nan)
        for need in ("link:bridge", "link:road")
    }
    length = np.maximum(1.0, np.ceil(links["length_m"].to_numpy(dtype=float)))
    crossings = links["river_crossings"].to_numpy(dtype=float)
    span = np.minimum(length, crossings * span_m)
    cost = span * price["link:bridge"] + (length - span) * price["link:road"]
    return np.where(crossings > 0, cost, np.nan)


def _most(codes: npt.NDArray[np.object_]) -> str:
    """The desa of most of these families; of equals the first code."""
    names, counts = np.unique(codes[pd.notna(codes)].astype(str), return_counts=True)
    return str(names[np.argmax(counts)]) if len(names) else ""


def _told(
    links: gpd.GeoDataFrame,
    numbers: npt.NDArray[np.intp],
    mine: pd.DataFrame,
    gained: pd.DataFrame,
    standards: Mapping[str, Standard],
    settings: WorkspaceSettings,
) -> list[dict[str, Any]]:
    """What the suggestion's page tells of each link: its line, today's way, and the standards it is good for."""
    ends = links.geometry.to_crs(_LONG_LAT).get_coordinates().to_numpy().round(6).reshape(-1, 2, 2)
    by_service = gained.merge(mine[["link", "family"]], on=["link", "family"]).groupby(["link", "service"])
    parts = by_service.agg(families=("family", "size"), before=("metres_before", "median"), after=("metres", "median"))
    whole = mine.groupby("link").size()
    found: dict[int, list[dict[str, Any]]] = {}
    # A service of fewer than may be shown to anybody is named without a number, unless it is all that the row counts.
    least = max(settings.k_staff, settings.k_public)
    for (link, service), part in parts.iterrows():
        standard, shown = standards[service], part["families"] >= least or part["families"] == whole[link]
        found.setdefault(int(link), []).append(
            {
                "service": service,
                "families": int(part["families"]) if shown else None,
                "standard_m": standard.distance_m,
                "standard_source": f"{standard.source} ({standard.date})",
                "way_before_m": _metres(part["before"]) if shown else None,
                "way_m": _metres(part["after"]) if shown else None,
            }
        )
    return [
        {
            "line": ends[row].tolist(),
            "length_m": math.ceil(float(links["length_m"].iloc[row])),
            "road_m": _metres(links["road_m"].iloc[row]),
            "river_crossings": int(links["river_crossings"].iloc[row]),
            "bridge_span_m": settings.link_bridge_span_m if links["river_crossings"].iloc[row] else None,
            "services": found[int(number)],
        }
        for row, number in enumerate(numbers)
    ]


def _metres(value: float) -> int | None:
    """Whole metres; None where there is no way."""
    return round(float(value)) if math.isfinite(value) else None
