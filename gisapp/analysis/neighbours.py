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
from gisapp.analysis.checks import Complaints, Floats, duplicated_labels, refuse
from gisapp.analysis.crs import require_projected

Ints = npt.NDArray[np.int64]


def contiguity(areas: gpd.GeoDataFrame, *, rule: Literal["queen", "rook"] = "queen", tolerance: float = 0.0) -> Graph:
    """Areas that meet are neighbours, with weight 1.

    ``queen``: a shared point is enough. ``rook``: a shared stretch of border (or an overlap) is needed.
    Real layers overlap in slivers, so overlapping areas count as meeting. Boundaries that nearly touch are
    joined only when ``tolerance`` (in units of the CRS; queen only) says so. An area that meets nobody is an
    island: it keeps its row, see ``islands``.

    Raises ``InvalidInputError`` for an area without geometry, that is not a polygon, or with a repeated label.
    """
    shapes = np.asarray(areas.geometry.array)
    complaints = _labels_checked("contiguity", areas.index)
    polygonal = np.isin(shapely.get_type_id(shapes), (3, 6)) & ~shapely.is_empty(shapes)
    complaints.rows(~polygonal, areas.index, "no polygon", "tidak ada poligon")
    if rule not in ("queen", "rook"):
        complaints.add(f"rule is {rule!r}, not queen or rook", f"aturan {rule!r} tidak dikenal")
    if not tolerance >= 0 or (tolerance > 0 and rule == "rook"):
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

    ``points`` is a layer of points projected in metres, or an (n, 2) array of plane coordinates.
    Raises ``InvalidInputError`` when a point is missing or ``k`` is not in 1..n−1.
    """
    places, index = _places("nearest", points)
    if not 1 <= k < len(places):
        refuse("nearest", f"k is {k}, not in 1..{len(places) - 1}", f"k {k} tidak di antara 1 dan {len(places) - 1}")
    tree = cKDTree(places)
    reach = tree.query(places, k=k + 1)[0][:, -1]
    found = tree.query_ball_point(places, np.nextafter(reach * (1 + 1e-12), np.inf))
    chosen = [_closest(places, row, candidates, k) for row, candidates in enumerate(found)]
    return _graph(np.repeat(np.arange(len(places)), k), np.concatenate(chosen), index)


def _closest(places: Floats, row: int, candidates: list[int], k: int) -> Ints:
    """Return the k candidates nearest to a row, without the row; ties to the lower position."""
    others = np.array(sorted(set(candidates) - {row}), dtype=np.int64)
    distance = np.hypot(*(places[others] - places[row]).T)
    return np.sort(others[np.argsort(distance, kind="stable")[:k]])


def within_distance(points: Any, *, distance_m: float) -> Graph:
    """Points at most ``distance_m`` apart are neighbours (the limit itself included), with weight 1.

    ``points`` is a layer of points projected in metres, or an (n, 2) array of plane coordinates. A point
    with nobody in reach is an island: it keeps its row. Raises ``InvalidInputError`` when a point is missing
    or the distance is not above 0.
    """
    places, index = _places("within_distance", points)
    if not 0 < distance_m < np.inf:
        refuse(
            "within_distance", f"distance_m is {distance_m}, not above 0", f"distance_m {distance_m} tidak di atas 0"
        )
    pairs = cKDTree(places).query_pairs(distance_m, output_type="ndarray")
    return _graph(np.r_[pairs[:, 0], pairs[:, 1]], np.r_[pairs[:, 1], pairs[:, 0]], index)


def islands(graph: Graph) -> tuple[Hashable, ...]:
    """Labels of the rows without any neighbour, in row order."""
    degree = np.diff(adjacency(graph).indptr)
    return tuple(label for label, count in zip(graph.unique_ids, degree, strict=True) if count == 0)


def adjacency(graph: Graph) -> Any:
    """Weights as a scipy CSR array in row order, without self-weights and explicit zeros."""
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
        places = np.asarray(points, dtype=np.float64).reshape(-1, 2)
        index = pd.RangeIndex(len(places))
    complaints = _labels_checked(subject, index)
    missing = ~(np.isfinite(places[:, 0]) & np.isfinite(places[:, 1]))
    complaints.rows(missing, index, "no point", "bukan titik")
    complaints.refuse()
    return places, index
