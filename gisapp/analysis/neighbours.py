"""Who is next to whom, as a ``libpysal.graph.Graph`` whose rows stand in the order of the input."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from libpysal.graph import Graph
from scipy import sparse
from scipy.spatial import cKDTree

from gisapp.analysis.assign import coordinates
from gisapp.analysis.checks import Complaints, Floats, as_number, duplicated_labels, is_whole, refuse
from gisapp.analysis.crs import Layer, require_layer, require_projected

Ints = npt.NDArray[np.int64]

#: No map is larger; squares of more could overflow.
_FARTHEST = 1e12


def contiguity(areas: gpd.GeoDataFrame, *, rule: Literal["queen", "rook"] = "queen", tolerance: float = 0.0) -> Graph:
    """Areas that meet are neighbours, with weight 1.

    ``queen``: a shared point is enough. ``rook``: a shared stretch of border (or an overlap) is needed.
    Real layers overlap in slivers, so overlapping areas count as meeting. Boundaries that nearly touch are
    joined only when ``tolerance`` (in units of the CRS; queen only) says so. An area that meets nobody is an
    island: it keeps its row, see ``islands``.

    Raises ``InvalidInputError`` for an area without geometry, that is not a polygon, or without a label of its own, and
    for an invalid polygon under ``rook``.
    """
    require_layer(areas)
    shapes = np.asarray(areas.geometry.array)
    complaints = _labels_checked("contiguity", areas.index)
    polygonal = np.isin(shapely.get_type_id(shapes), (3, 6)) & ~shapely.is_empty(shapes)
    complaints.rows(~polygonal, areas.index, "no polygon", "tidak ada poligon")
    if rule == "rook":
        broken = polygonal & ~shapely.is_valid(shapes)
        complaints.rows(broken, areas.index, "the polygon is invalid (repair it first)", "poligon tidak sah")
    if rule not in ("queen", "rook"):
        complaints.add(f"rule is {rule!r}, not queen or rook", f"aturan {rule!r} tidak dikenal")
    if not as_number(tolerance) >= 0 or (tolerance > 0 and rule == "rook"):
        complaints.add(f"tolerance {tolerance} cannot be used here", f"toleransi {tolerance} tidak dapat dipakai")
    complaints.refuse()
    left, right = _meeting(shapes, tolerance)
    if rule == "rook":
        shared = shapely.intersection(shapes[left], shapes[right])
        along = (shapely.length(shared) > 0) | (shapely.area(shared) > 0)
        left, right = left[along], right[along]
    return _graph(np.r_[left, right], np.r_[right, left], areas.index)


def _meeting(shapes: npt.NDArray[np.object_], tolerance: float) -> tuple[Ints, Ints]:
    """Pairs (i < j) of shapes that share a point or come within ``tolerance``."""
    tree = shapely.STRtree(shapes)
    if tolerance > 0:
        left, right = tree.query(shapes, predicate="dwithin", distance=tolerance)
    else:
        left, right = tree.query(shapes, predicate="intersects")
    once = left < right
    return left[once], right[once]


def nearest(points: Any, *, k: int) -> Graph:
    """Make the ``k`` nearest points of each point its neighbours, with weight 1; equal distances go to the lower row.

    ``points`` is a layer of points projected in metres, or an (n, 2) array or frame of plane coordinates.
    Raises ``InvalidInputError`` when a point is missing or ``k`` is not in 1..n−1.
    """
    places, index = _places("nearest", points)
    if not is_whole(k) or not 1 <= k < len(places):
        refuse(
            "nearest",
            f"k is {k}, not a whole number in 1..{len(places) - 1}",
            f"k {k} bukan bilangan bulat antara 1 dan {len(places) - 1}",
        )
    tree = cKDTree(places)
    distance, found = tree.query(places, k=min(k + 2, len(places)))
    chosen = np.asarray(found[:, : k + 1], dtype=np.int64)
    # Where the next one is clearly farther, the k + 1 nearest are the row itself and its k neighbours.
    tied = distance[:, -1] <= distance[:, k] * (1 + 1e-12) if distance.shape[1] > k + 1 else distance[:, k] < 0
    plain = ~tied & (chosen == np.arange(len(places))[:, None]).any(axis=1)
    neighbour = np.empty((len(places), k), dtype=np.int64)
    others = chosen[plain]
    neighbour[plain] = others[others != np.flatnonzero(plain)[:, None]].reshape(-1, k)
    reach = np.nextafter(distance[~plain, k] * (1 + 1e-12), np.inf)
    for row, candidates in zip(np.flatnonzero(~plain), tree.query_ball_point(places[~plain], reach), strict=True):
        neighbour[row] = _closest(places, int(row), candidates, k)
    return _graph(np.repeat(np.arange(len(places)), k), neighbour.ravel(), index)


def _closest(places: Floats, row: int, candidates: list[int], k: int) -> Ints:
    """Return the k candidates nearest to a row, without the row; ties to the lower position."""
    others = np.array(sorted(set(candidates) - {row}), dtype=np.int64)
    distance = np.hypot(*(places[others] - places[row]).T)
    return np.sort(others[np.argsort(distance, kind="stable")[:k]])


def within_distance(points: Any, *, distance_m: float) -> Graph:
    """Points at most ``distance_m`` apart are neighbours (the limit itself included), with weight 1.

    ``points`` is a layer of points projected in metres, or an (n, 2) array or frame of plane coordinates. A point
    with nobody in reach is an island: it keeps its row. Raises ``InvalidInputError`` when a point is missing
    or the distance is not above 0.
    """
    places, index = _places("within_distance", points)
    if not 0 < as_number(distance_m) < np.inf:
        refuse(
            "within_distance", f"distance_m is {distance_m}, not above 0", f"distance_m {distance_m} tidak di atas 0"
        )
    pairs = cKDTree(places).query_pairs(distance_m, output_type="ndarray")
    return _graph(np.r_[pairs[:, 0], pairs[:, 1]], np.r_[pairs[:, 1], pairs[:, 0]], index)


def islands(graph: Graph) -> tuple[Hashable, ...]:
    """Labels of the rows without any neighbour, in row order."""
    degree = np.diff(adjacency(graph).indptr)
    return tuple(label for label, count in zip(graph.unique_ids, degree, strict=True) if count == 0)


def attach_islands(graph: Graph, layer: Layer, *, at_most_m: float = np.inf) -> tuple[Graph, pd.DataFrame]:
    """Join each island to the area nearest to it, both ways with weight 1, and say what was joined.

    Returns the new graph and a frame with a row per island, indexed by its label in row order: ``joined_to`` (label
    of the nearest row; an equal distance goes to the lower row; <NA> where nobody is within ``at_most_m``)
    and ``distance_m`` (between the nearest points of both, in metres). Nothing else of the graph changes. Crossing
    the sea is a decision about the district, not about geometry: no function attaches islands by itself.

    ``layer`` holds the areas or points of the graph's rows, projected in metres. Raises ``InvalidInputError`` for
    another number of rows, for an island without geometry, and when ``at_most_m`` is not above 0.
    """
    alone, shapes = _islands_checked(graph, layer, at_most_m)
    joined_to, distance_m = _nearest_shape(shapes, alone, at_most_m)
    labels = np.asarray(graph.unique_ids)
    names = pd.Series(labels[np.maximum(joined_to, 0)], index=labels[alone]).astype(object)
    joined = pd.DataFrame(
        {"joined_to": names.mask(joined_to < 0, pd.NA), "distance_m": distance_m}, index=pd.Index(labels[alone])
    )
    island, other = alone[joined_to >= 0], joined_to[joined_to >= 0]
    matrix = sparse.lil_array(graph.sparse)
    matrix[island, other] = 1.0
    matrix[other, island] = 1.0
    return Graph.from_sparse(sparse.coo_array(matrix), ids=labels), joined


def _islands_checked(graph: Graph, layer: Layer, at_most_m: float) -> tuple[Ints, npt.NDArray[np.object_]]:
    """Rows of the islands and all shapes, or a refusal."""
    require_projected(layer)
    complaints = Complaints("attach_islands")
    alone = np.flatnonzero(np.diff(adjacency(graph).indptr) == 0)
    shapes = np.asarray(layer.geometry.array)
    if len(shapes) != len(graph.unique_ids):
        complaints.add(
            f"the graph has {len(graph.unique_ids)} rows, the layer {len(shapes)}",
            f"graf punya {len(graph.unique_ids)} baris, lapisan {len(shapes)}",
        )
        complaints.refuse()
    empty = np.zeros(len(shapes), dtype=bool)
    empty[alone] = shapely.is_missing(shapes[alone]) | shapely.is_empty(shapes[alone])
    complaints.rows(empty, layer.index, "no geometry", "tidak ada geometri")
    if not as_number(at_most_m) > 0:
        complaints.add(f"at_most_m is {at_most_m}, not above 0", f"at_most_m {at_most_m} tidak di atas 0")
    complaints.refuse()
    return alone, shapes


def _nearest_shape(shapes: npt.NDArray[np.object_], rows: Ints, at_most_m: float) -> tuple[Ints, Floats]:
    """Row of the nearest other shape (−1 for none within reach; ties to the lower row) and how far it is."""
    limit = None if np.isinf(at_most_m) else at_most_m
    (asked, found), distance = shapely.STRtree(shapes).query_nearest(
        shapes[rows], max_distance=limit, return_distance=True, exclusive=True, all_matches=True
    )
    nearest_row = np.full(len(rows), -1, dtype=np.int64)
    distance_m = np.full(len(rows), np.nan)
    for at in np.lexsort((found, asked))[::-1]:
        nearest_row[asked[at]], distance_m[asked[at]] = found[at], distance[at]
    return nearest_row, distance_m


def linked_rows(graph: Graph, complaints: Complaints, rows: int, values: Any = None) -> Any:
    """``adjacency`` of a graph over this many rows; notes another number, damaged weights and a graph without links.

    Values and graph go together by position. Where the labels of a Series ``values`` are those of the graph in
    another order, somebody means them to go together by label: that is noted too.
    """
    _need_graph(graph, complaints)
    matrix = adjacency(graph)
    labels = pd.Index(graph.unique_ids)
    index = values.index if isinstance(values, pd.Series) else labels
    if len(index) == len(labels) and not index.equals(labels) and set(index) == set(labels):
        first = int(np.flatnonzero(np.asarray(index) != np.asarray(labels))[0])
        complaints.add(
            f"the values stand in another order than the graph (row {first} is {index[first]}, there "
            f"{labels[first]}): reindex them by graph.unique_ids",
            f"urutan nilai berbeda dari graf (baris {first} adalah {index[first]}, di graf {labels[first]}): "
            "urutkan ulang menurut graph.unique_ids",
        )
    if matrix.shape[0] != rows:
        complaints.add(
            f"the graph has {matrix.shape[0]} rows, the values {rows}",
            f"graf punya {matrix.shape[0]} baris, nilai {rows}",
        )
    damaged = np.zeros(matrix.shape[0], dtype=bool)
    damaged[np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))[~np.isfinite(matrix.data)]] = True
    complaints.rows(damaged, pd.Index(graph.unique_ids), "a weight is not a number", "bobot bukan angka")
    if rows and not matrix.nnz:
        named = ", ".join(str(label) for label in list(graph.unique_ids)[:5])
        complaints.add(
            f"no row has a neighbour ({named} …): join islands with attach_islands or choose other neighbours",
            f"tidak ada baris yang bertetangga ({named} …): gabungkan pulau dengan attach_islands atau ganti tetangga",
        )
    return matrix


def _need_graph(graph: Any, complaints: Complaints) -> None:
    """Refuse what is no graph; matrices and the older ``W`` have no rows that are known to stand in order."""
    if not isinstance(graph, Graph):
        complaints.add("the graph is not a libpysal Graph", "graf bukan Graph dari libpysal")
        complaints.refuse()


def adjacency(graph: Graph) -> Any:
    """Weights as a scipy CSR array in row order, without self-weights and explicit zeros."""
    _need_graph(graph, Complaints("adjacency"))
    matrix = sparse.csr_array(graph.sparse, dtype=np.float64, copy=True)
    matrix.setdiag(0)
    matrix.eliminate_zeros()
    matrix.sort_indices()
    return matrix


def components(graph: Graph, members: npt.NDArray[np.bool_]) -> Ints:
    """Number the connected groups of ``members`` (0, 1, … in row order); −1 for the rest."""
    label = np.full(len(members), -1, dtype=np.int64)
    chosen = np.flatnonzero(members)
    if len(chosen):
        inner = adjacency(graph)[chosen][:, chosen]
        label[chosen] = sparse.csgraph.connected_components(inner, directed=False)[1]
    return label


def _graph(focal: Ints, neighbour: Ints, index: pd.Index) -> Graph:
    """Binary graph over ``index``, rows in its order."""
    size = len(index)
    matrix = sparse.coo_array((np.ones(len(focal)), (focal, neighbour)), shape=(size, size))
    return Graph.from_sparse(matrix, ids=index.to_numpy())


def _labels_checked(subject: str, index: pd.Index) -> Complaints:
    """Start the list of complaints with an empty input and repeated labels."""
    complaints = Complaints(subject)
    if len(index) == 0:
        complaints.add("there are no rows", "tidak ada baris")
    if index.to_flat_index().hasnans:
        complaints.add("a row has no label", "ada baris tanpa label")
    twice = duplicated_labels(index)[:5]
    if twice:
        complaints.add(f"row label {', '.join(twice)} occurs twice", f"label baris {', '.join(twice)} muncul dua kali")
    return complaints


def _places(subject: str, points: Any) -> tuple[Floats, pd.Index]:
    """Plane coordinates (n, 2) and labels of the points."""
    if isinstance(points, gpd.GeoDataFrame | gpd.GeoSeries):
        if points.crs is not None:
            require_projected(points)
        shapes, index = np.asarray(points.geometry.array), points.index
        places = coordinates(shapes)
    else:
        places = _pairs(subject, points)
        index = points.index if isinstance(points, pd.DataFrame) else pd.RangeIndex(len(places))
    complaints = _labels_checked(subject, index)
    missing = ~(np.isfinite(places[:, 0]) & np.isfinite(places[:, 1]))
    complaints.rows(missing, index, "no point", "bukan titik")
    far = ~missing & (np.abs(places) > _FARTHEST).any(axis=1)
    complaints.rows(far, index, "the point is beyond 10^12", "titik lebih dari 10^12")
    complaints.refuse()
    return places, index


def _pairs(subject: str, points: Any) -> Floats:
    """Coordinates given as numbers."""
    try:
        places: Floats = np.asarray(points, dtype=np.float64)
    except (TypeError, ValueError):
        refuse(subject, "the points are not numbers", "titik bukan angka")
    if places.size == 0:
        return places.reshape(0, 2)
    if places.ndim != 2 or places.shape[1] != 2:
        refuse(
            subject, f"the points have shape {places.shape}, not (n, 2)", f"bentuk titik {places.shape}, bukan (n, 2)"
        )
    return places
