"""Whom a missing link brings within the standards of several services, each family once for a link.

Standards are metres along the roads, walks to the road included. The search counts minutes, so everything moves at
``METRE_KMH``, at which a minute is a kilometre. A family that could walk straight to a facility, no farther than it
may walk to a road and across no barrier, is there already, whatever the roads say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from gisapp.analysis.checks import as_number, refuse
from gisapp.analysis.links import newly_within
from gisapp.analysis.network import Network
from gisapp.analysis.roads.journeys import journeys_by

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Objects = npt.NDArray[np.object_]

#: Speed at which a minute is a kilometre.
METRE_KMH = 60.0
#: A walk may end on a barrier: its last millionth is not looked at.
_ALMOST = 1.0 - 1e-6


@dataclass(frozen=True)
class Places:
    """Where families live together: ``xy`` (n, 2) metres, ``of_family`` the place of each (-1: position unknown)."""

    xy: Floats
    of_family: Ints


def together(xy: Any, *, edge_m: float, barriers: Sequence[Any] | Objects = ()) -> Places:
    """Families of one square of ``edge_m`` metres at their mean; in a square with a barrier everybody stays apart.

    ``xy`` is (n, 2) metres, NaN where the position is unknown; ``barriers`` are lines. InvalidInputError for an edge
    that is not above 0.
    """
    if not 0 < as_number(edge_m) < np.inf:
        refuse("together", f"edge_m is {edge_m}, not above 0", f"edge_m {edge_m}, seharusnya di atas 0")
    homes = np.asarray(xy, dtype=float).reshape(-1, 2)
    known = np.flatnonzero(np.isfinite(homes).all(axis=1))
    corner, square = np.unique(np.floor(homes[known] / edge_m), axis=0, return_inverse=True)
    boxes = shapely.box(*(corner * edge_m).T, *((corner + 1) * edge_m).T)
    cut = np.zeros(len(corner), dtype=bool)
    cut[shapely.STRtree(np.asarray(barriers, dtype=object)).query(boxes, predicate="intersects")[0]] = True
    alone = cut[square.ravel()]
    spot = pd.DataFrame(homes[known], columns=["x", "y"])
    key = pd.DataFrame({"square": square.ravel(), "x": spot["x"].where(alone, 0.0), "y": spot["y"].where(alone, 0.0)})
    place = key.groupby(["square", "x", "y"], sort=True).ngroup().to_numpy(dtype=np.intp)
    of_family = np.full(len(homes), -1, dtype=np.intp)
    of_family[known] = place
    return Places(spot.groupby(place).mean().to_numpy(dtype=float).reshape(-1, 2), of_family)


def walked(xy: Floats, facilities: Floats, *, at_most_m: float, barriers: Objects) -> Bools:
    """Whether a facility stands within ``at_most_m`` metres of each place, straight and across no barrier."""
    reached = np.zeros(len(xy), dtype=bool)
    if not len(xy) or not len(facilities):
        return reached
    fence = shapely.STRtree(barriers)
    near, first = cKDTree(facilities).query(xy)
    asked = np.flatnonzero(near <= at_most_m)
    crossed = _crosses(fence, xy[asked], facilities[first[asked]])
    reached[asked[~crossed]] = True
    left = asked[crossed]
    others = cKDTree(facilities).query_ball_point(xy[left], at_most_m, return_sorted=True)
    place = np.repeat(left, [len(each) for each in others])
    other = np.concatenate([*others, []]).astype(np.intp)
    reached[place[~_crosses(fence, xy[place], facilities[other])]] = True
    return reached


def _crosses(fence: shapely.STRtree, start: Floats, end: Floats) -> Bools:
    crossed = np.zeros(len(start), dtype=bool)
    lines = shapely.linestrings(np.stack([start, start + _ALMOST * (end - start)], axis=1))
    crossed[fence.query(lines, predicate="intersects")[0]] = True
    return crossed


def families_gained(
    candidates: gpd.GeoDataFrame,
    network: Network,
    places: Places,
    facilities: pd.DataFrame,
    *,
    standards_m: Mapping[str, float],
    asked: Mapping[str, Bools],
    access_max_m: float,
    barriers: gpd.GeoSeries,
) -> pd.DataFrame:
    """Families that each link on its own brings within a standard: one row per link, family and service.

    Parameters
    ----------
    candidates : as of ``candidate_links``, on this network.
    places : of the families; ``asked``, aligned with them, says by service of whom it is asked.
    facilities : ``service``, ``x``, ``y`` (metres), those with a position.
    standards_m : farthest way by road, metres, of each service to look at.
    access_max_m : longest straight walk, metres, to a road or straight to a facility.
    barriers : lines that no walk crosses.

    Returns
    -------
    frame: link, family (positions), service, metres_before (today's way; infinite without any) and metres (with the
    link); in the order of the services, then links, then families.
    """
    services = [name for name in standards_m if facilities["service"].eq(name).any()]
    wanted = facilities[facilities["service"].isin(services)]
    ways = journeys_by(
        places.xy, wanted[["x", "y"]], wanted["service"], network,
        speeds_kmh=dict.fromkeys(network.edges["road_class"].unique(), METRE_KMH), walking_kmh=METRE_KMH,
        access_max_m=access_max_m, oneway=False, barriers=barriers, groups=services,
    )  # fmt: skip
    order = np.argsort(places.of_family, kind="stable")
    first = np.searchsorted(places.of_family[order], np.arange(len(places.xy) + 1))
    found = []
    for name in services:
        here = wanted.loc[wanted["service"].eq(name), ["x", "y"]].to_numpy(dtype=float)
        limit = standards_m[name]
        told = newly_within(candidates, ways[name], standard_min=limit / 1000.0, link_kmh=METRE_KMH)
        there = np.unique(told["place"].to_numpy(dtype=np.intp))
        afoot = walked(places.xy[there], here, at_most_m=min(limit, access_max_m), barriers=barriers.to_numpy())
        told = told[~told["place"].isin(there[afoot])]
        place = told["place"].to_numpy(dtype=np.intp)
        size = first[place + 1] - first[place]
        row = np.repeat(np.arange(len(place)), size)
        family = order[first[place][row] + np.arange(len(row)) - np.repeat(np.cumsum(size) - size, size)]
        of_them = asked[name][family]
        row, family = row[of_them], family[of_them]
        told = told.iloc[row]
        found.append(
            pd.DataFrame(
                {
                    "link": pd.Index(candidates["link_id"]).get_indexer(told["link_id"]),
                    "family": family,
                    "service": name,
                    "metres_before": told["minutes_before"].to_numpy(dtype=float) * 1000.0,
                    "metres": told["minutes"].to_numpy(dtype=float) * 1000.0,
                }
            )
        )
    columns = ["link", "family", "service", "metres_before", "metres"]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)
