"""Where a road or a bridge is missing: pairs of places that are near each other and far apart by road."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from gisapp.analysis.checks import as_number, refuse
from gisapp.analysis.crs import require_same_crs
from gisapp.analysis.kernels.pair_distances import pair_distances
from gisapp.analysis.network import Network
from gisapp.analysis.roads.travel import Arcs, arcs

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

#: More pairs than this are a slip in ``max_length_m``, not a search for missing links.
_MOST_PAIRS = 5_000_000


def candidate_links(
    network: Network,
    *,
    max_length_m: float,
    least_detour: float,
    spacing_m: float,
    least_length_m: float = 0.0,
    rivers: gpd.GeoSeries | gpd.GeoDataFrame | None = None,
) -> gpd.GeoDataFrame:
    """Straight links between nodes that are near each other and not connected, or only by a long way round.

    Links leave and reach nodes of the network; ``with_nodes_every`` makes nodes in the middle of long roads first.

    Parameters
    ----------
    max_length_m : the longest link, metres above 0.
    least_detour : road distance divided by straight distance (above 1) from which a link is a candidate.
    spacing_m : of links between the same two squares of this side (metres, 0 for all) only the shortest is kept.
    least_length_m : links shorter than this are left out, 0 for none: a gap of a few metres is more often a slip of the
        map than a missing road, and ``unconnected`` lists it.
    rivers : lines; a link that crosses one needs a bridge there.

    Returns
    -------
    frame, shortest first: link_id (text: its ends in metres), start, end (positions in ``network.nodes``), x, y
    (middle, metres), length_m, road_m (today's way by road, both directions open; infinite where there is none),
    detour, river_crossings, crosses_river, geometry.
    """
    _check(max_length_m, least_detour, spacing_m, least_length_m)
    xy = network.nodes[["x", "y"]].to_numpy()
    pairs = _pairs(xy, float(max_length_m))
    straight = np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T)
    long = straight >= least_length_m
    pairs, straight = pairs[long], straight[long]
    part = network.nodes["component"].to_numpy()
    graph = _both_ways(network)
    together = part[pairs[:, 0]] == part[pairs[:, 1]]
    far = ~together
    within = _road_metres(graph, pairs[together], limit=least_detour * max_length_m)
    far[together] = within >= least_detour * straight[together]
    kept = np.flatnonzero(far)
    kept = kept[_spaced(xy, pairs[kept], straight[kept], spacing_m)]
    kept = kept[np.lexsort((pairs[kept, 1], pairs[kept, 0], np.round(straight[kept], 3)))]
    road_m = np.where(far, np.inf, np.nan)[kept]
    bound = together[kept]
    road_m[bound] = _road_metres(graph, pairs[kept][bound], limit=np.inf)
    return _frame(network, xy, pairs[kept], straight[kept], road_m, rivers)


def searchable_length(network: Network, *, max_length_m: float) -> float:
    """The longest link that ``candidate_links`` can look for: ``max_length_m``, halved until the pairs are few enough.

    In a dense city more places lie near each other than can be looked at.
    """
    xy = network.nodes[["x", "y"]].to_numpy()
    tree, length = cKDTree(xy), float(max_length_m)
    while (tree.count_neighbors(tree, length) - len(xy)) // 2 > _MOST_PAIRS:
        length /= 2
    return length


def _check(max_length_m: float, least_detour: float, spacing_m: float, least_length_m: float) -> None:
    for name, value, low, closed in (
        ("max_length_m", max_length_m, 0, False),
        ("least_detour", least_detour, 1, False),
        ("spacing_m", spacing_m, 0, True),
        ("least_length_m", least_length_m, 0, True),
    ):
        number = as_number(value)
        if not (low <= number if closed else low < number) or not number < np.inf:
            bound, batas = ("at least", "sekurangnya") if closed else ("above", "di atas")
            refuse("candidate_links", f"{name} is {value}, not {bound} {low}", f"{name} {value}, harus {batas} {low}")


def _pairs(xy: Floats, max_length_m: float) -> Ints:
    """Pairs of nodes within the length; lower number first."""
    tree = cKDTree(xy)
    count = (tree.count_neighbors(tree, max_length_m) - len(xy)) // 2
    if count > _MOST_PAIRS:
        refuse(
            "candidate_links",
            f"{count} pairs of places lie within {max_length_m} metres, more than {_MOST_PAIRS}; shorten max_length_m",
            f"{count} pasang titik dalam {max_length_m} meter, lebih dari {_MOST_PAIRS}; perpendek max_length_m",
        )
    found: Ints = tree.query_pairs(max_length_m, output_type="ndarray").astype(np.intp)
    return found[np.lexsort((found[:, 1], found[:, 0]))]


def _both_ways(network: Network) -> Arcs:
    """Every road in both directions, in metres: what exists, whoever may drive on it."""
    start, end = network.edges["start"].to_numpy(), network.edges["end"].to_numpy()
    length = network.edges["length_m"].to_numpy()
    both = np.concatenate([length, length])
    return arcs(np.concatenate([start, end]), np.concatenate([end, start]), both, both, nodes=len(network.nodes))


def _road_metres(graph: Arcs, pairs: Ints, *, limit: float) -> Floats:
    """Metres by road between the nodes of each pair; infinite beyond the limit."""
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    starts, ends = pairs[order, 0].copy(), pairs[order, 1].copy()
    found = np.empty(len(pairs))
    found[order] = pair_distances(graph.first, graph.head, graph.metres, starts, ends, float(limit))
    return found


def _spaced(xy: Floats, pairs: Ints, straight: Floats, spacing_m: float) -> Ints:
    """Positions of the shortest link between any two squares."""
    order = np.lexsort((pairs[:, 1], pairs[:, 0], np.round(straight, 3)))
    if spacing_m == 0 or len(pairs) == 0:
        return order
    cell = np.floor((xy - xy.min(axis=0)) / spacing_m).astype(np.int64)
    square = cell[:, 0] * (cell[:, 1].max() + 1) + cell[:, 1]
    ends = np.sort(square[pairs[order]], axis=1)
    once: Ints = order[~pd.MultiIndex.from_arrays(ends.T).duplicated()]
    return once


def _frame(
    network: Network,
    xy: Floats,
    pairs: Ints,
    straight: Floats,
    road_m: Floats,
    rivers: gpd.GeoSeries | gpd.GeoDataFrame | None,
) -> gpd.GeoDataFrame:
    ends = xy[pairs]
    lines = shapely.linestrings(ends) if len(pairs) else np.empty(0, dtype=object)
    crossings = np.zeros(len(pairs), dtype=np.intp)
    if rivers is not None:
        require_same_crs(rivers, network.edges)
        streams = rivers.geometry[~(rivers.geometry.isna() | rivers.geometry.is_empty)].to_numpy()
        link, stream = shapely.STRtree(streams).query(lines, predicate="intersects")
        np.add.at(
            crossings,
            link,
            np.maximum(1, shapely.get_num_geometries(shapely.intersection(lines[link], streams[stream]))),
        )
    named = pd.Series(["-".join(f"{x:.0f}_{y:.0f}" for x, y in both) for both in ends.tolist()], dtype=object)
    again = named.groupby(named).cumcount()
    named = named.where(again == 0, named + "-" + (again + 1).astype(str))
    middle = ends.mean(axis=1)
    frame = {
        "link_id": named, "start": pairs[:, 0], "end": pairs[:, 1],
        "x": middle[:, 0], "y": middle[:, 1], "length_m": straight, "road_m": road_m, "detour": road_m / straight,
        "river_crossings": crossings, "crosses_river": crossings > 0,
    }  # fmt: skip
    return gpd.GeoDataFrame(frame, geometry=lines, crs=network.edges.crs)
