"""A road network from road lines: what meets is joined, what does not is reported, nothing is bridged silently.

The order of work is that of `v.clean` in GRASS and of `pgr_separateCrossing`, `pgr_separateTouching` in pgRouting:
lines are divided where they meet, then loose ends are joined within a tolerance. What both lack is here: crossings at
different levels stay apart, each kind of repair is counted with the rows of the input, and parts that still do not
connect are listed with their length and the gap to the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gisapp.analysis.checks import as_number, refuse
from gisapp.analysis.roads.joining import Noded, joined, noded
from gisapp.analysis.roads.lines import SAME_PLACE_M, Lines, ready_lines
from gisapp.analysis.roads.noding import Crossings, cut, divided, groups
from gisapp.analysis.roads.report import Tally

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

#: Gaps that are closed without asking are slips of digitising; beyond this a gap is a place where no road is.
_LARGEST_TOLERANCE_M = 100.0
_TOLD = ["road_class", "surface", "oneway", "level"]


@dataclass(frozen=True)
class Network:
    """Roads as nodes and edges, in an order that does not depend on the order of the rows they came from.

    ``nodes``: x, y (metres), degree, component. ``edges``: start, end (positions in ``nodes``), length_m, road_class,
    surface, oneway (from start to end only), level, row (label of the input), component, geometry. ``components``: one
    row per connected part, the longest first: nodes, edges, length_m, share of all length. ``repairs``: see
    ``network_report``.
    """

    nodes: pd.DataFrame
    edges: gpd.GeoDataFrame
    components: pd.DataFrame
    repairs: pd.DataFrame


def road_network(roads: gpd.GeoDataFrame, *, tolerance_m: float, crossings: Crossings = "same_level") -> Network:
    """Join road lines to a network.

    Parameters
    ----------
    roads : lines in a projected CRS in metres with ``road_class`` (text), and if known ``surface`` (text), ``oneway``
        (yes, no, -1), ``bridge`` and ``tunnel`` (yes, no) and ``layer`` (whole number), as OpenStreetMap writes them.
    tolerance_m : ends within this distance of another line are joined to it (0.001 to 100 metres); a dated threshold.
    crossings : ``same_level`` joins lines that cross on one level, for lines drawn without common vertices;
        ``shared_vertex`` only where both have a vertex there, as in OpenStreetMap, where the rest passes over or under.

    Raises
    ------
    InvalidInputError : no lines, other geometries, a class that is missing, coordinates that are no numbers: by row.
    CRSMismatchError : a CRS that is not projected in metres.
    """
    if not SAME_PLACE_M <= as_number(tolerance_m) <= _LARGEST_TOLERANCE_M:
        refuse(
            "road_network",
            f"tolerance_m is {tolerance_m}, not from {SAME_PLACE_M} to {_LARGEST_TOLERANCE_M:.0f} metres",
            f"tolerance_m {tolerance_m}, seharusnya {SAME_PLACE_M} sampai {_LARGEST_TOLERANCE_M:.0f} meter",
        )
    if crossings not in get_args(Crossings):
        known = ", ".join(get_args(Crossings))
        refuse("road_network", f"crossings is {crossings}, not one of {known}", f"crossings {crossings} bukan {known}")
    tally = Tally()
    lines = ready_lines(roads, tally)
    exact = noded(divided(lines, crossings=crossings, tally=tally))
    closed = joined(exact, tolerance_m=float(tolerance_m), tally=tally)
    return _assembled(closed, roads.index, roads.crs, tally)


def with_nodes_every(network: Network, *, metres: float) -> Network:
    """The same roads with a node at least every ``metres``, so that a link may also leave the middle of a road."""
    if not as_number(metres) >= 1:
        refuse("with_nodes_every", f"metres is {metres}, not 1 or more", f"metres {metres}, seharusnya 1 atau lebih")
    edges = network.edges
    length = edges["length_m"].to_numpy()
    pieces = np.ceil(length / metres - 1e-9).astype(np.intp).clip(min=1)
    at = np.repeat(np.arange(len(edges)), pieces - 1)
    number = np.arange(len(at)) - np.repeat(np.cumsum(pieces - 1) - (pieces - 1), pieces - 1) + 1
    measure = length[at] * number / pieces[at]
    shapes = edges.geometry.to_numpy()
    xy = shapely.get_coordinates(shapely.line_interpolate_point(shapes[at], measure))
    told = pd.DataFrame(edges[_TOLD]).assign(row=np.arange(len(edges)))
    parts = cut(Lines(shapes, told), at, measure, xy)
    of = parts.attributes["row"].to_numpy()
    last = np.concatenate([of[1:] != of[:-1], [True]])
    first = np.concatenate([[True], last[:-1]])
    fresh = len(network.nodes) + np.cumsum(~last) - 1
    start = np.where(first, edges["start"].to_numpy()[of], np.concatenate([[0], fresh[:-1]]))
    end = np.where(last, edges["end"].to_numpy()[of], fresh)
    spots = np.concatenate([network.nodes[["x", "y"]].to_numpy(), xy])
    found = _numbered(Noded(parts, np.stack([start, end], axis=1)), spots)
    return _network(
        found[0], found[1], edges["row"].to_numpy()[found[0].pieces.attributes["row"]], edges.crs, network.repairs
    )


def _assembled(closed: Noded, labels: pd.Index, crs: object, tally: Tally) -> Network:
    """Number nodes by place and edges by node, and leave out stretches that were drawn twice."""
    ends = np.stack([shapely.get_point(closed.pieces.geometry, at) for at in (0, -1)], axis=1).ravel()
    xy = shapely.get_coordinates(ends)
    order = np.lexsort((xy[:, 1], xy[:, 0], closed.ends.ravel()))
    names, first = np.unique(closed.ends.ravel()[order], return_index=True)
    compact = Noded(closed.pieces, np.searchsorted(names, closed.ends))
    found, spots = _numbered(compact, xy[order][first])
    twice = _twice(found)
    tally.add("overlap", found.pieces.attributes["row"].to_numpy()[twice])
    once = np.flatnonzero(~twice)
    kept = Noded(found.pieces.taken(once), found.ends[once])
    rows = labels.astype(str).to_numpy(dtype=object)[kept.pieces.attributes["row"]]
    return _network(kept, spots, rows, crs, tally.frame(labels))


def _numbered(found: Noded, spots: Floats) -> tuple[Noded, Floats]:
    """Nodes in the order of x and y; edges in the order of their nodes, two-way edges from the lower to the higher."""
    by_place = np.lexsort((spots[:, 1], spots[:, 0]))
    rank = np.empty(len(spots), dtype=np.intp)
    rank[by_place] = np.arange(len(spots))
    ends = rank[found.ends]
    turned = (ends[:, 0] > ends[:, 1]) & ~found.pieces.attributes["oneway"].to_numpy(dtype=bool)
    geometry = np.where(turned, shapely.reverse(found.pieces.geometry), found.pieces.geometry)
    ends[turned] = ends[turned][:, ::-1]
    told = found.pieces.attributes
    middle = shapely.get_coordinates(shapely.line_interpolate_point(geometry, 0.5, normalized=True))
    named = [pd.factorize(told[name], sort=True)[0] for name in _TOLD]
    order = np.lexsort((*named, middle[:, 1], middle[:, 0], shapely.length(geometry), ends[:, 1], ends[:, 0]))
    return Noded(Lines(geometry, told).taken(order), ends[order]), spots[by_place]


def _twice(found: Noded) -> npt.NDArray[np.bool_]:
    """Edges that repeat another in place and attributes, to the millimetre."""
    shapes = found.pieces.geometry
    middle = shapely.get_coordinates(shapely.line_interpolate_point(shapes, 0.5, normalized=True))
    sizes = np.column_stack([shapely.length(shapes), middle])
    rounded = pd.DataFrame(np.rint(sizes / SAME_PLACE_M), columns=["length", "x", "y"])
    keys = pd.concat([found.pieces.attributes[_TOLD], rounded], axis=1).assign(a=found.ends[:, 0], b=found.ends[:, 1])
    twice: npt.NDArray[np.bool_] = keys.duplicated().to_numpy()
    return twice


def _network(found: Noded, spots: Floats, rows: npt.NDArray[np.object_], crs: object, repairs: pd.DataFrame) -> Network:
    """Make the frames; components are numbered by length, the longest 0, of equals the one with the lowest node."""
    length = shapely.length(found.pieces.geometry)
    raw = groups(len(spots), found.ends)
    total = np.bincount(raw[found.ends[:, 0]], weights=length, minlength=raw.max() + 1)
    lowest = np.unique(raw, return_index=True)[1]
    order = np.lexsort((lowest, -np.round(total, 3)))
    number = np.empty(len(order), dtype=np.intp)
    number[order] = np.arange(len(order))
    component = number[raw]
    told = found.pieces.attributes[_TOLD].assign(
        start=found.ends[:, 0], end=found.ends[:, 1], length_m=length, row=rows, component=component[found.ends[:, 0]]
    )
    columns = ["start", "end", "length_m", *_TOLD, "row", "component"]
    edges = gpd.GeoDataFrame(told[columns], geometry=found.pieces.geometry, crs=crs)
    degree = np.bincount(found.ends.ravel(), minlength=len(spots))
    nodes = pd.DataFrame({"x": spots[:, 0], "y": spots[:, 1], "degree": degree, "component": component})
    parts = pd.DataFrame(
        {
            "nodes": np.bincount(component),
            "edges": np.bincount(edges["component"], minlength=len(order)),
            "length_m": total[order],
            "share": total[order] / total.sum(),
        }
    )
    return Network(nodes, edges, parts.rename_axis("component"), repairs)
