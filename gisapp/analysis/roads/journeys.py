"""The ways of families to facilities by road: searched once, kept for asking and for trying links on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse.csgraph import dijkstra

from gisapp.analysis.checks import as_number, refuse, row_index
from gisapp.analysis.crs import require_same_crs
from gisapp.analysis.network import Network
from gisapp.analysis.roads.access import Entries, entries, positions
from gisapp.analysis.roads.lines import SAME_PLACE_M
from gisapp.analysis.roads.travel import Arcs, Stretches, arcs, edge_speeds, stretch_at, stretches

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

#: Ways whose minutes differ by less are equally quick.
TIE_MIN = 1e-9
#: Stands for no facility where the lowest row is looked for.
NOBODY = np.iinfo(np.intp).max


@dataclass(frozen=True)
class Journeys:
    """Everything that the way from families to facilities depends on; links are tried on it.

    ``against`` holds the arcs turned round, facility to family. ``minutes``, ``metres`` and ``facility`` are those of
    each node (infinite and -1 where there is no way). ``steps``: one row per way of a family to a node of the network
    (place, node, minutes, metres). ``known``: families with a position. ``off_road``: facilities too far from a road.
    """

    against: Arcs
    minutes: Floats
    metres: Floats
    facility: Ints
    steps: pd.DataFrame
    known: Bools
    off_road: Ints
    index: pd.Index


def journeys(
    points: Any,
    facilities: Any,
    network: Network,
    *,
    speeds_kmh: Mapping[str, float],
    walking_kmh: float,
    access_max_m: float,
    oneway: bool = True,
    barriers: gpd.GeoSeries | gpd.GeoDataFrame | None = None,
) -> Journeys:
    """Prepare the ways of families to facilities; the parameters are those of ``reach``."""
    one = np.zeros(len(row_index(facilities)), dtype=np.intp)
    found = journeys_by(
        points, facilities, one, network, speeds_kmh=speeds_kmh, walking_kmh=walking_kmh, access_max_m=access_max_m,
        oneway=oneway, barriers=barriers, groups=(0,),
    )  # fmt: skip
    return found[0]


def journeys_by(
    points: Any,
    facilities: Any,
    by: Any,
    network: Network,
    *,
    speeds_kmh: Mapping[str, float],
    walking_kmh: float,
    access_max_m: float,
    oneway: bool = True,
    barriers: gpd.GeoSeries | gpd.GeoDataFrame | None = None,
    groups: Sequence[Any] | None = None,
) -> dict[Any, Journeys]:
    """As ``journeys``, to each group of the facilities on its own; who enters the road where is looked up once.

    ``by`` is the group of each facility (a service, say), aligned with ``facilities``; ``groups`` names those wanted,
    all that there are by default. ``facility`` and ``off_road`` count the rows of the group.
    """
    index = row_index(points)
    homes = positions(points, index, "points", "titik", may_miss=True)
    stands = positions(facilities, row_index(facilities), "facilities", "fasilitas", may_miss=False)
    _check_numbers(walking_kmh, access_max_m)
    speed = edge_speeds(network, speeds_kmh)
    near = {"at_most_m": float(access_max_m), "barriers": _lines(barriers, network)}
    stops, ways = entries(stands, network, speed > 0, **near), entries(homes, network, speed > 0, **near)
    known = np.asarray(np.isfinite(homes).all(axis=1))
    per_m = 60.0 / 1000.0 / walking_kmh
    group = np.asarray(by)
    found = {}
    for name in sorted(set(group.tolist())) if groups is None else groups:
        rows = np.flatnonzero(group == name)
        mine = stops.taken(np.isin(stops.place, rows))
        mine = mine._replace(place=np.searchsorted(rows, mine.place))
        cut, stop_node = stretches(network, speed, mine, oneway=oneway)
        against = _against(cut, mine, stop_node, per_m, len(rows))
        minutes, metres, facility = _search(against, cut.nodes, len(rows))
        off_road = np.setdiff1d(np.arange(len(rows)), mine.place)
        steps = _steps(cut, ways, per_m)
        found[name] = Journeys(against, minutes, metres, facility, steps, known, off_road, index)
    return found


def _check_numbers(walking_kmh: float, access_max_m: float) -> None:
    for name, value in (("walking_kmh", walking_kmh), ("access_max_m", access_max_m)):
        if not 0 < as_number(value) < np.inf:
            refuse("reach", f"{name} is {value}, not above 0", f"{name} {value}, seharusnya di atas 0")


def _lines(barriers: gpd.GeoSeries | gpd.GeoDataFrame | None, network: Network) -> Any:
    if barriers is None:
        return np.empty(0, dtype=object)
    require_same_crs(barriers, network.edges)
    shapes = barriers.geometry
    return shapes[~(shapes.isna() | shapes.is_empty)].to_numpy()


def _against(cut: Stretches, stops: Entries, stop_node: Ints, per_m: float, facilities: int) -> Arcs:
    """Arcs turned round: from facilities (numbered after the nodes) to the road, and against the travel."""
    back = ~cut.oneway
    minutes = cut.length_m * cut.minutes_per_m
    tail = np.concatenate([cut.end, cut.start[back], cut.nodes + stops.place])
    head = np.concatenate([cut.start, cut.end[back], stop_node])
    taken = np.concatenate([minutes, minutes[back], stops.leg_m * per_m])
    metres = np.concatenate([cut.length_m, cut.length_m[back], stops.leg_m])
    return arcs(tail, head, taken, metres, nodes=cut.nodes + facilities)


def _search(against: Arcs, nodes: int, facilities: int) -> tuple[Floats, Floats, Ints]:
    """Minutes, metres and facility of every node, from all facilities at once."""
    count = nodes + facilities
    if facilities == 0:
        return np.full(count, np.inf), np.full(count, np.inf), np.full(count, -1, dtype=np.intp)
    sources = np.arange(nodes, count)
    minutes, _, source = dijkstra(
        against.matrix(), directed=True, indices=sources, min_only=True, return_predecessors=True
    )
    facility = np.where(np.isfinite(minutes), source - nodes, NOBODY).astype(np.intp)
    tail, head = against.tail, against.head
    held = np.flatnonzero(np.isfinite(minutes[tail]))
    late = minutes[tail[held]] + against.minutes[held] - minutes[head[held]]
    tight = held[np.abs(late) <= TIE_MIN]
    facility = _first_of_equals(facility, tail[tight], head[tight])
    metres = _metres(facility, tail[tight], head[tight], against.metres[tight])
    metres[~np.isfinite(minutes)] = np.inf
    return minutes, metres, np.where(facility == NOBODY, -1, facility)


def _first_of_equals(facility: Ints, tail: Ints, head: Ints) -> Ints:
    """Of facilities in equal minutes the first row: handed on along the arcs of quickest ways until nothing changes."""
    while True:
        lower = facility.copy()
        np.minimum.at(lower, head, facility[tail])
        if np.array_equal(lower, facility):
            return facility
        facility = lower


def _metres(facility: Ints, tail: Ints, head: Ints, metres: Floats) -> Floats:
    """Metres along the quickest way, added up by doubling the step from each node towards its facility."""
    same = facility[tail] == facility[head]
    order = np.lexsort((tail[same], head[same]))
    heads, first = np.unique(head[same][order], return_index=True)
    before = np.arange(len(facility))
    total = np.zeros(len(facility))
    before[heads], total[heads] = tail[same][order][first], metres[same][order][first]
    while (before[before] != before).any():
        total += total[before]
        before = before[before]
    return total


def _steps(cut: Stretches, ways: Entries, per_m: float) -> pd.DataFrame:
    """Ways of families to the nodes at the ends of the stretch where they enter the road."""
    at = stretch_at(cut, ways.edge, ways.measure_m)
    along = np.clip(ways.measure_m - cut.from_m[at], 0.0, cut.length_m[at])
    rest = cut.length_m[at] - along
    walk = ways.leg_m * per_m
    back = ~cut.oneway[at] | (along <= SAME_PLACE_M)  # who stands at the start of a one-way street is at that junction
    on = {
        "place": ways.place, "node": cut.end[at],
        "minutes": walk + rest * cut.minutes_per_m[at], "metres": ways.leg_m + rest,
    }  # fmt: skip
    behind = {
        "place": ways.place, "node": cut.start[at],
        "minutes": walk + along * cut.minutes_per_m[at], "metres": ways.leg_m + along,
    }  # fmt: skip
    return pd.concat([pd.DataFrame(on), pd.DataFrame(behind)[back]], ignore_index=True)
