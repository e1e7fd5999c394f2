"""Ends that stop short of what they meet, joined within a tolerance: to an end, or to the middle of another line."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from gisapp.analysis.roads.lines import SAME_PLACE_M, Lines
from gisapp.analysis.roads.noding import Bools, Floats, Ints, cut, groups, places
from gisapp.analysis.roads.report import Tally

Objects = npt.NDArray[np.object_]


class Noded(NamedTuple):
    """Pieces of road with the node at each end (n, 2); nodes are numbered from 0."""

    pieces: Lines
    ends: Ints


def noded(pieces: Lines) -> Noded:
    """Number the ends of pieces: ends on one place are one node."""
    return Noded(pieces, places(_end_points(pieces), within_m=SAME_PLACE_M).reshape(-1, 2))


def joined(exact: Noded, *, tolerance_m: float, tally: Tally) -> Noded:
    """Join ends within ``tolerance_m`` of another piece: loose ends, and ends of what is otherwise not connected.

    A gap wider than a millimetre is closed to the middle of another piece only where one of the roads that meet at
    the end runs on the level of that piece: the end of a flyover above a street is not joined to the street.
    """
    spots, degree, component = _nodes(exact)
    near = pd.concat([_near_nodes(exact, spots, tolerance_m), _near_pieces(exact, spots, tolerance_m)])
    near["part"] = component[exact.ends[near["piece"], 0]]
    loose = near[degree[near["node"]] == 1]
    apart = near[component[near["node"]] != near["part"]]
    chosen = pd.concat([_nearest(loose, ["node"]), _nearest(apart, ["node", "part"])])
    chosen = chosen.drop_duplicates(["node", "to", "piece"])
    return _closed(exact, spots, chosen, tolerance_m, tally)


def _end_points(pieces: Lines) -> Floats:
    """(2n, 2) first and last point of each piece in turn."""
    ends = np.stack([shapely.get_point(pieces.geometry, 0), shapely.get_point(pieces.geometry, -1)], axis=1)
    xy: Floats = shapely.get_coordinates(ends.ravel())
    return xy


def _nodes(exact: Noded) -> tuple[Floats, Ints, Ints]:
    """Place (the first end there), number of pieces and component of each node."""
    flat = exact.ends.ravel()
    _, first = np.unique(flat, return_index=True)
    return _end_points(exact.pieces)[first], np.bincount(flat), groups(len(first), exact.ends)


def _near_nodes(exact: Noded, spots: Floats, tolerance_m: float) -> pd.DataFrame:
    """Pairs of nodes within the tolerance, each seen from both, that are not the two ends of one piece."""
    pairs = cKDTree(spots).query_pairs(tolerance_m, output_type="ndarray").astype(np.intp)
    both = np.concatenate([pairs, pairs[:, ::-1]])
    bound = pd.MultiIndex.from_arrays(np.concatenate([exact.ends, exact.ends[:, ::-1]]).T)
    both = both[~pd.MultiIndex.from_arrays(both.T).isin(bound)]
    first_piece = np.unique(exact.ends.ravel(), return_index=True)[1] // 2
    return pd.DataFrame(
        {
            "node": both[:, 0],
            "to": both[:, 1],
            "piece": first_piece[both[:, 1]],
            "gap_m": np.hypot(*(spots[both[:, 0]] - spots[both[:, 1]]).T),
            "measure_m": 0.0,
        }
    )


def _near_pieces(exact: Noded, spots: Floats, tolerance_m: float) -> pd.DataFrame:
    """Nodes within the tolerance of the middle of a piece that does not end there; ``to`` is -1."""
    points, shapes = shapely.points(spots), exact.pieces.geometry
    node, piece = shapely.STRtree(shapes).query(points, predicate="dwithin", distance=tolerance_m)
    other = (exact.ends[piece] != node[:, None]).all(axis=1)
    node, piece = node[other], piece[other]
    gap = shapely.distance(points[node], shapes[piece])
    measure = shapely.line_locate_point(shapes[piece], points[node])
    at_end = np.minimum(measure, shapely.length(shapes[piece]) - measure) <= tolerance_m
    by_an_end = np.hypot(*(spots[exact.ends[piece]] - spots[node][:, None]).transpose(2, 0, 1)).min(axis=1)
    middle = ~(at_end & (by_an_end <= tolerance_m))  # an end within the tolerance is joined as an end
    fit = middle & ((gap <= SAME_PLACE_M) | _levelled(exact, node, piece))
    found = {"node": node, "to": -1, "piece": piece, "gap_m": gap, "measure_m": measure}
    return pd.DataFrame(found)[fit]


def _levelled(exact: Noded, node: Ints, piece: Ints) -> Bools:
    """Whether a road that ends at the node runs on the level of the piece."""
    level = exact.pieces.attributes["level"].to_numpy()
    known = pd.MultiIndex.from_arrays([exact.ends.ravel(), np.repeat(level, 2)])
    fits: Bools = pd.MultiIndex.from_arrays([node, level[piece]]).isin(known)
    return fits


def _nearest(near: pd.DataFrame, of: list[str]) -> pd.DataFrame:
    """The nearest of what each node (in each other part) may be joined to; of equals an end, then the first."""
    ordered = near.assign(middle=near["to"] < 0).sort_values(["node", "gap_m", "middle", "to", "piece"])
    return ordered.drop_duplicates(of)


def _closed(exact: Noded, spots: Floats, chosen: pd.DataFrame, tolerance_m: float, tally: Tally) -> Noded:
    """Cut the pieces that are met in their middle, and let the nodes that are joined be one."""
    row = exact.pieces.attributes["row"].to_numpy()
    first_piece = np.unique(exact.ends.ravel(), return_index=True)[1] // 2
    middle = chosen[chosen["to"] < 0]
    ends = chosen[chosen["to"] >= 0]
    node, to = ends["node"].to_numpy(), ends["to"].to_numpy()
    once = ~pd.MultiIndex.from_arrays([np.minimum(node, to), np.maximum(node, to)]).duplicated()
    tally.add("end_joined", row[first_piece[node[once]]], ends["gap_m"].to_numpy()[once])
    touching = (middle["gap_m"] <= SAME_PLACE_M).to_numpy()
    met = row[first_piece[middle["node"]]]
    tally.add("touching", met[touching])
    tally.add("t_junction", met[~touching], middle["gap_m"].to_numpy()[~touching])
    where = shapely.line_interpolate_point(exact.pieces.geometry[middle["piece"]], middle["measure_m"])
    stops = shapely.get_coordinates(where)
    pieces = cut(exact.pieces, middle["piece"].to_numpy(), middle["measure_m"].to_numpy(), stops)
    fresh = _end_points(pieces)
    place = places(np.concatenate([fresh, spots, stops]), within_m=SAME_PLACE_M)
    new, of_spot, of_stop = np.split(place, [len(fresh), len(fresh) + len(spots)])
    bound = np.concatenate(
        [
            np.stack([of_spot[node], of_spot[to]], axis=1),
            np.stack([of_spot[middle["node"]], of_stop], axis=1),
        ]
    )
    ends_now = groups(int(place.max()) + 1, bound)[new].reshape(-1, 2)
    return _without_short_loops(Noded(pieces, ends_now), tolerance_m, tally)


def _without_short_loops(found: Noded, tolerance_m: float, tally: Tally) -> Noded:
    """Leave out pieces that lead back to their own start within the tolerance."""
    short = (found.ends[:, 0] == found.ends[:, 1]) & (shapely.length(found.pieces.geometry) <= 2 * tolerance_m)
    tally.add("short_loop", found.pieces.attributes["row"].to_numpy()[short])
    keep = np.flatnonzero(~short)
    return Noded(found.pieces.taken(keep), found.ends[keep])
