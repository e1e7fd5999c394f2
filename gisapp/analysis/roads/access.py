"""From a place to the road: the straight walk to where a network is entered or left."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gisapp.analysis.checks import Complaints
from gisapp.analysis.network import Network
from gisapp.analysis.roads.lines import Lines
from gisapp.analysis.roads.noding import cut

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Objects = npt.NDArray[np.object_]

_AT_ONCE = 2_000
#: A walk may end on a barrier (at a bridge): its last millionth is not looked at.
_ALMOST = 1.0 - 1e-6


class Entries(NamedTuple):
    """Ways onto the network: the place (row), the edge, metres from the edge's start, metres of straight walk."""

    place: Ints
    edge: Ints
    measure_m: Floats
    leg_m: Floats

    def taken(self, at: Any) -> Entries:
        """Return the ways at these positions, in this order."""
        return Entries(self.place[at], self.edge[at], self.measure_m[at], self.leg_m[at])


class _Sides(NamedTuple):
    """Usable edges, cut where barriers cross them: shape, edge, metres from the start of the edge."""

    shape: Objects
    edge: Ints
    from_m: Floats


def positions(values: Any, index: Any, name: str, name_id: str, *, may_miss: bool) -> Floats:
    """Return (n, 2) coordinates in metres; infinite ones are refused by row, missing ones unless they may miss."""
    complaints = Complaints(name)
    try:
        xy = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        xy = np.empty((1, 0))
    if xy.size == 0 and xy.ndim <= 2 and xy.shape[:1] == (0,):
        return np.empty((0, 2))
    if xy.ndim != 2 or xy.shape[1] != 2:
        complaints.add("two columns (x, y) in metres are expected", f"{name_id}: perlu dua kolom (x, y) dalam meter")
        complaints.refuse()
    bad = np.isinf(xy).any(axis=1) if may_miss else ~np.isfinite(xy).all(axis=1)
    complaints.rows(bad, index, "a coordinate is not a number", f"{name_id}: koordinat bukan angka")
    complaints.refuse()
    return xy


def entries(xy: Floats, network: Network, usable: Bools, *, at_most_m: float, barriers: Objects) -> Entries:
    """Ways of each place onto the usable edges: the nearest, and the nearest of the longest part of the network.

    None is longer than ``at_most_m``, and none crosses a barrier (lines such as rivers): there the next nearest that
    does not is taken. Places without a position have no way. Of edges equally near the first is taken.
    """
    sides = _sides(network, usable, barriers)
    part = network.edges["component"].to_numpy()
    nearest = _nearest(xy, sides, at_most_m, barriers)
    apart = part[nearest.edge] != 0
    asked = np.full_like(xy, np.nan)
    asked[nearest.place[apart]] = xy[nearest.place[apart]]
    main = _Sides(*(each[part[sides.edge] == 0] for each in sides))
    second = _nearest(asked, main, at_most_m, barriers)
    return Entries(*(np.concatenate(both) for both in zip(nearest, second, strict=True)))


def _sides(network: Network, usable: Bools, barriers: Objects) -> _Sides:
    """Cut usable edges at the barriers, so that each part lies on one side."""
    edge = np.flatnonzero(usable)
    shapes = network.edges.geometry.to_numpy()[edge]
    if len(barriers) == 0:
        return _Sides(shapes, edge, np.zeros(len(edge)))
    at, fence = shapely.STRtree(barriers).query(shapes, predicate="intersects")
    met = shapely.intersection(shapes[at], barriers[fence])
    points, pair = shapely.get_coordinates(met, return_index=True)
    measure = shapely.line_locate_point(shapes[at[pair]], shapely.points(points))
    inside = (measure > 0) & (measure < shapely.length(shapes[at[pair]]))
    told = pd.DataFrame({"row": edge})
    parts = cut(Lines(shapes, told), at[pair][inside], measure[inside], points[inside])
    of = parts.attributes["row"].to_numpy()
    until = np.cumsum(shapely.length(parts.geometry))
    before = until - shapely.length(parts.geometry)
    first = np.searchsorted(of, of, side="left")
    return _Sides(parts.geometry, of, before - before[first])


def _nearest(xy: Floats, sides: _Sides, at_most_m: float, barriers: Objects) -> Entries:
    """The nearest of these edges for each place."""
    known = np.flatnonzero(np.isfinite(xy).all(axis=1))
    if len(sides.edge) == 0 or len(known) == 0:
        none = np.empty(0, dtype=np.intp)
        return Entries(none, none, np.empty(0), np.empty(0))
    points = shapely.points(xy[known])
    tree = shapely.STRtree(sides.shape)
    at, side = tree.query_nearest(points, max_distance=at_most_m, all_matches=True)
    at, side = _first(at, side, np.zeros(len(at)))
    if len(barriers):
        fence = shapely.STRtree(barriers)
        crossed = _crosses(fence, points[at], sides.shape[side])
        around = _around(points, at[crossed], tree, sides.shape, at_most_m, fence)
        at, side = np.concatenate([at[~crossed], around[0]]), np.concatenate([side[~crossed], around[1]])
    order = np.argsort(at, kind="stable")
    at, side = at[order], side[order]
    leg, measure = (by(sides.shape[side], points[at]) for by in (shapely.distance, shapely.line_locate_point))
    return Entries(known[at], sides.edge[side], sides.from_m[side] + measure, leg)


def _first(at: Ints, side: Ints, distance: Floats) -> tuple[Ints, Ints]:
    """One edge for each place: the nearest, of equals the lowest."""
    order = np.lexsort((side, distance, at))
    once = np.concatenate([[True], np.diff(at[order]) != 0])[: len(at)]
    return at[order][once], side[order][once]


def _crosses(fence: shapely.STRtree, points: Objects, shapes: Objects) -> Bools:
    """Whether the straight walk from each point to its line crosses a barrier."""
    ends = shapely.get_coordinates(shapely.shortest_line(points, shapes)).reshape(-1, 2, 2)
    ends[:, 1] = ends[:, 0] + _ALMOST * (ends[:, 1] - ends[:, 0])
    crossed = np.zeros(len(points), dtype=bool)
    crossed[fence.query(shapely.linestrings(ends), predicate="intersects")[0]] = True
    return crossed


def _around(
    points: Objects, at: Ints, tree: shapely.STRtree, shapes: Objects, at_most_m: float, fence: shapely.STRtree
) -> tuple[Ints, Ints]:
    """The nearest edge on this side of the barriers, for places whose nearest lies beyond one."""
    found = [(at[:0], at[:0])]
    for first in range(0, len(at), _AT_ONCE):
        asked = at[first : first + _AT_ONCE]
        place, side = tree.query(points[asked], predicate="dwithin", distance=at_most_m)
        place = asked[place]
        open_way = ~_crosses(fence, points[place], shapes[side])
        place, side = place[open_way], side[open_way]
        found.append(_first(place, side, shapely.distance(points[place], shapes[side])))
    return np.concatenate([one for one, _ in found]), np.concatenate([other for _, other in found])
