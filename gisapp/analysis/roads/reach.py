"""Minutes and metres along the roads to the nearest facility, from every family."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.analysis.access import nearest_straight_line
from gisapp.analysis.checks import as_number, refuse, row_index
from gisapp.analysis.network import Network
from gisapp.analysis.roads.access import positions
from gisapp.analysis.roads.journeys import NOBODY, TIE_MIN, Journeys, journeys

Floats = npt.NDArray[np.float64]

#: What became of a family: its minutes are a number, infinite, or not known.
REACHED, UNREACHABLE, UNKNOWN = "reached", "unreachable", "unknown_position"


def reach(
    points: Any,
    facilities: Any,
    network: Network,
    *,
    speeds_kmh: Mapping[str, float],
    walking_kmh: float,
    access_max_m: float,
    oneway: bool = True,
    barriers: gpd.GeoSeries | gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """Minutes and metres from each family along the roads to the facility that is reached first.

    A family walks straight to the nearest road, or to the nearest road of the longest part of the network if that is
    another, travels in the direction family to facility (one-way streets are kept), and walks straight from the road
    to the facility. Dijkstra's (1959) search runs once, from all facilities, against the direction of travel.

    Parameters
    ----------
    points : (n, 2) x and y in metres, families or any places; a missing coordinate is an unknown position.
    facilities : (k, 2) x and y in metres; facilities of unknown position must be left out.
    speeds_kmh : km/h of each ``road_class``, or of ``class/surface``, for one mode and season; 0 closes a class.
    walking_kmh : speed of the walk between place and road, km/h above 0.
    access_max_m : the longest such walk, metres; a dated threshold.
    oneway : False where the mode may go against one-way streets, as walkers do.
    barriers : lines that no such walk crosses (rivers), in the CRS of the network.

    Returns
    -------
    frame aligned with ``points``: minutes and metres (walks included; infinite where unreachable, NaN where the
    position is unknown), facility (row of ``facilities``; of those equally near the first; -1 where none), status
    (reached, unreachable, unknown_position).

    Raises
    ------
    InvalidInputError : coordinates that are no numbers, by row; classes without a speed; numbers out of range.
    """
    ways = journeys(
        points,
        facilities,
        network,
        speeds_kmh=speeds_kmh,
        walking_kmh=walking_kmh,
        access_max_m=access_max_m,
        oneway=oneway,
        barriers=barriers,
    )
    return told(ways)


def told(ways: Journeys) -> pd.DataFrame:
    """Minutes, metres, facility and status of each family of these journeys."""
    steps, node = ways.steps, ways.steps["node"].to_numpy()
    whole = pd.DataFrame(
        {
            "place": steps["place"],
            "minutes": steps["minutes"] + ways.minutes[node],
            "metres": steps["metres"] + ways.metres[node],
            "facility": np.where(ways.facility[node] < 0, NOBODY, ways.facility[node]),
        }
    )
    whole["tie"] = np.rint(whole["minutes"] / TIE_MIN)
    best = whole.sort_values(["place", "tie", "facility", "metres"]).drop_duplicates("place").set_index("place")
    best = best[np.isfinite(best["minutes"])].reindex(range(len(ways.known)))
    minutes, metres = (best[name].fillna(np.inf).to_numpy(dtype=float) for name in ("minutes", "metres"))
    return _frame(minutes, metres, best["facility"].fillna(-1).to_numpy(), ways.known, ways.index)


def detour_minutes(points: Any, facilities: Any, *, speed_kmh: float, detour_factor: float) -> pd.DataFrame:
    """Minutes by straight line times a detour factor: only where there is no network, and to be said so.

    ``detour_factor`` (1 to 5) is how much longer ways are than the straight line, a dated and sourced threshold; it
    knows no river and no missing road, so nobody is unreachable but where there is no facility. Columns of ``reach``.
    """
    index = row_index(points)
    homes = positions(points, index, "points", "titik", may_miss=True)
    if not 0 < as_number(speed_kmh) < np.inf:
        refuse("detour_minutes", f"speed_kmh is {speed_kmh}, not above 0", f"speed_kmh {speed_kmh}, harus di atas 0")
    if not 1 <= as_number(detour_factor) <= 5:
        refuse(
            "detour_minutes",
            f"detour_factor is {detour_factor}, not from 1 to 5",
            f"detour_factor {detour_factor}, seharusnya 1 sampai 5",
        )
    straight, facility = nearest_straight_line(homes, facilities)
    metres = np.where(facility < 0, np.inf, straight * detour_factor)
    return _frame(metres * (60.0 / 1000.0 / speed_kmh), metres, facility, np.isfinite(homes).all(axis=1), index)


def _frame(minutes: Floats, metres: Floats, facility: Any, known: Any, index: pd.Index) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "minutes": np.where(known, minutes, np.nan),
            "metres": np.where(known, metres, np.nan),
            "facility": np.where(known, facility, -1).astype(np.intp),
            "status": np.where(~known, UNKNOWN, np.where(np.isfinite(minutes), REACHED, UNREACHABLE)).astype(object),
        },
        index=index,
    )
