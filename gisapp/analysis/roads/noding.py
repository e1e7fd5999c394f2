"""Lines divided where they meet: ends on middles, crossings at one level, stretches that lie on each other."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from gisapp.analysis.roads.lines import SAME_PLACE_M, Lines
from gisapp.analysis.roads.report import Tally

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Objects = npt.NDArray[np.object_]

#: Where two lines cross they are joined if both are at one level, or only if both also have a vertex there.
Crossings = Literal["same_level", "shared_vertex"]


class Meetings(NamedTuple):
    """Places where line ``left`` and line ``right`` meet, with the metres from the start of each."""

    left: Ints
    right: Ints
    xy: Floats
    left_m: Floats
    right_m: Floats


def divided(lines: Lines, *, crossings: Crossings, tally: Tally) -> Lines:
    """Lines cut at every place where they meet and may be passed from one to the other."""
    met = _meetings(lines.geometry)
    lengths = shapely.length(lines.geometry)
    inside_left = _inside(met.left_m, lengths[met.left])
    inside_right = _inside(met.right_m, lengths[met.right])
    crossing = inside_left & inside_right
    rows = lines.attributes["row"].to_numpy()[met.left]
    joined = _passable(lines, met, crossing, crossings, rows, tally)
    tally.add("touching", rows[(inside_left ^ inside_right)])
    cut_left, cut_right = inside_left & (joined | ~inside_right), inside_right & (joined | ~inside_left)
    return cut(
        lines,
        np.concatenate([met.left[cut_left], met.right[cut_right]]),
        np.concatenate([met.left_m[cut_left], met.right_m[cut_right]]),
        np.concatenate([met.xy[cut_left], met.xy[cut_right]]),
    )


def cut(lines: Lines, at: Ints, measure_m: Floats, xy: Floats) -> Lines:
    """Cut line ``at`` at ``measure_m`` metres from its start, where the vertex ``xy`` is put in."""
    vertices, owner = shapely.get_coordinates(lines.geometry, return_index=True)
    first = np.concatenate([[True], owner[1:] != owner[:-1]])
    step = np.concatenate([[0.0], np.hypot(*np.diff(vertices, axis=0).T)])
    step[first] = 0.0
    along = np.cumsum(step)
    along -= along[first][owner]
    table = pd.DataFrame(
        {
            "line": np.concatenate([owner, at]),
            "m": np.concatenate([along, measure_m]),
            "cut": np.concatenate([np.zeros(len(owner), dtype=bool), np.ones(len(at), dtype=bool)]),
            "x": np.concatenate([vertices[:, 0], xy[:, 0]]),
            "y": np.concatenate([vertices[:, 1], xy[:, 1]]),
        }
    ).sort_values(["line", "m", "cut", "x", "y"], ignore_index=True, kind="stable")
    table = table[~_same_cut(table)].reset_index(drop=True)
    starts = np.concatenate([[True], np.diff(table["line"].to_numpy()) != 0]) | table["cut"].to_numpy()
    piece = np.cumsum(starts) - 1
    twice = np.repeat(np.arange(len(table)), 1 + table["cut"].to_numpy())
    again = np.concatenate([[False], twice[1:] == twice[:-1]])
    cuts = table["cut"].to_numpy()[twice]
    of_piece = piece[twice] - (cuts & ~again)
    shapes = shapely.linestrings(table[["x", "y"]].to_numpy()[twice], indices=of_piece)
    owners = table["line"].to_numpy()[np.flatnonzero(starts)]
    return Lines(shapely.remove_repeated_points(shapes), lines.attributes.iloc[owners].reset_index(drop=True))


def places(xy: Floats, *, within_m: float) -> Ints:
    """Number of the place of each point: points within ``within_m`` of each other, by steps, are one place."""
    pairs = cKDTree(xy).query_pairs(within_m, output_type="ndarray")
    return groups(len(xy), pairs)


def groups(count: int, pairs: Ints) -> Ints:
    """Number of the group of each of ``count`` things that these pairs (m, 2) bind together."""
    ends = np.asarray(pairs, dtype=np.int32).reshape(-1, 2)
    links = coo_array((np.ones(len(ends), dtype=np.int8), (ends[:, 0], ends[:, 1])), shape=(count, count))
    found: Ints = connected_components(links.tocsr(), directed=False)[1].astype(np.intp)
    return found


def _meetings(geometry: Objects) -> Meetings:
    """Every point where two lines meet; of a stretch that they share, its two ends."""
    left, right = shapely.STRtree(geometry).query(geometry, predicate="intersects")
    keep = np.lexsort((right, left))
    keep = keep[left[keep] < right[keep]]
    left, right = left[keep], right[keep]
    shapes = shapely.intersection(geometry[left], geometry[right])
    stretches = np.isin(shapely.get_type_id(shapes), (1, 5))
    shapes[stretches] = shapely.line_merge(shapes[stretches])
    parts, pair = shapely.get_parts(shapes, return_index=True)
    line = shapely.get_type_id(parts) == 1
    ends = [shapely.get_point(parts[line], 0), shapely.get_point(parts[line], -1)]
    points = np.concatenate([parts[~line], *ends])
    pair = np.concatenate([pair[~line], pair[line], pair[line]])
    left, right = left[pair], right[pair]
    return Meetings(
        left,
        right,
        shapely.get_coordinates(points),
        shapely.line_locate_point(geometry[left], points),
        shapely.line_locate_point(geometry[right], points),
    )


def _passable(lines: Lines, met: Meetings, crossing: Bools, crossings: Crossings, rows: Ints, tally: Tally) -> Bools:
    """Which crossings become junctions."""
    level = lines.attributes["level"].to_numpy()
    levelled = level[met.left] == level[met.right]
    shared = np.ones(len(crossing), dtype=bool)
    if crossings == "shared_vertex":
        corners, owner = shapely.get_coordinates(lines.geometry, return_index=True)
        known = _spots(owner, corners)
        shared = _spots(met.left, met.xy).isin(known) & _spots(met.right, met.xy).isin(known)
    tally.add("crossing_levels", rows[crossing & ~levelled])
    tally.add("crossing_unshared", rows[crossing & levelled & ~shared])
    joined: Bools = crossing & levelled & shared
    tally.add("crossing_joined", rows[joined])
    return joined


def _spots(owner: Ints, xy: Floats) -> pd.MultiIndex:
    """Line and place, to the millimetre."""
    millimetres = np.rint(xy / SAME_PLACE_M).astype(np.int64)
    return pd.MultiIndex.from_arrays([owner, millimetres[:, 0], millimetres[:, 1]])


def _inside(measure_m: Floats, length_m: Floats) -> Bools:
    inside: Bools = (measure_m > SAME_PLACE_M) & (measure_m < length_m - SAME_PLACE_M)
    return inside


def _same_cut(table: pd.DataFrame) -> Bools:
    """Cuts of one line within a millimetre of the cut before; the first stays."""
    cuts = table[table["cut"]]
    near = (cuts["line"].diff() == 0) & (cuts["m"].diff() <= SAME_PLACE_M)
    same = np.zeros(len(table), dtype=bool)
    same[cuts.index[near.to_numpy()]] = True
    return same
