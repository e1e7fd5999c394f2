from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from drawn_maps import METRES, chessboard
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point, box

from gisapp.analysis.neighbours import (
    adjacency,
    attach_islands,
    components,
    contiguity,
    islands,
    nearest,
    within_distance,
)
from gisapp.errors import CRSMismatchError, InvalidInputError

BOARD = chessboard(3, 3).set_index("code")


def around(graph, label):
    row = list(graph.unique_ids).index(label)
    return sorted(graph.unique_ids[adjacency(graph)[[row]].indices])


def test_queen_meets_at_corners_and_rook_does_not():
    assert around(contiguity(BOARD), "000") == ["001", "003", "004"]
    assert around(contiguity(BOARD, rule="rook"), "000") == ["001", "003"]
    assert len(around(contiguity(BOARD), "004")) == 8


def test_rows_keep_the_order_of_the_areas():
    shuffled = BOARD.iloc[[8, 0, 3, 1, 2, 4, 7, 6, 5]]
    assert list(contiguity(shuffled).unique_ids) == list(shuffled.index)


def test_an_overlapping_sliver_still_meets():
    pair = gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1), box(0.999, 0, 2, 1)], crs=METRES)
    assert islands(contiguity(pair)) == ()
    assert islands(contiguity(pair, rule="rook")) == ()


def test_a_gap_makes_islands_unless_tolerated():
    pair = gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1), box(1.5, 0, 2, 1)], crs=METRES)
    assert islands(contiguity(pair)) == (0, 1)
    assert contiguity(pair).sparse.shape == (2, 2)
    assert islands(contiguity(pair, tolerance=0.5)) == ()


def test_components_join_members_only():
    graph = contiguity(chessboard(1, 5))
    assert components(graph, np.array([True, True, False, True, False])).tolist() == [0, 0, -1, 1, -1]
    assert components(graph, np.zeros(5, dtype=bool)).tolist() == [-1] * 5


def test_nearest_gives_ties_to_the_lower_row():
    places = np.array([[0.0, 0.0], [1, 0], [-1, 0], [0, 1], [5, 5]])
    matrix = adjacency(nearest(places, k=2))
    assert matrix[[0]].indices.tolist() == [1, 2]
    assert matrix[[4]].indices.tolist() == [1, 3]


def test_coincident_points_are_neighbours():
    places = np.zeros((4, 2))
    assert adjacency(nearest(places, k=1)).indices.tolist() == [1, 0, 0, 0]
    assert adjacency(within_distance(places, distance_m=1)).nnz == 12


def test_the_distance_is_inclusive_and_loners_keep_a_row():
    points = gpd.GeoSeries([Point(0, 0), Point(10, 0), Point(30, 0)], index=["a", "b", "c"], crs=METRES)
    graph = within_distance(points, distance_m=10)
    assert around(graph, "a") == ["b"]
    assert islands(graph) == ("c",)
    assert list(graph.unique_ids) == ["a", "b", "c"]


def archipelago():
    """Two squares that meet, one 300 m off the second, one 1,000 m off the third."""
    boxes = [box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000), box(2300, 0, 3000, 1000), box(4000, 0, 5000, 1000)]
    return gpd.GeoDataFrame(geometry=boxes, index=["a", "b", "c", "d"], crs=METRES)


def test_islands_join_the_nearest_and_it_is_said():
    areas = archipelago()
    before = contiguity(areas)
    graph, joined = attach_islands(before, areas)
    assert islands(before) == ("c", "d")
    assert joined["joined_to"].to_dict() == {"c": "b", "d": "c"}
    assert joined["distance_m"].to_dict() == {"c": 300, "d": 1000}
    assert around(graph, "c") == ["b", "d"]
    assert around(graph, "a") == ["b"]
    assert islands(graph) == ()
    assert (adjacency(graph) != adjacency(graph).T).nnz == 0


def test_an_island_too_far_stays_one_and_it_is_said():
    areas = archipelago()
    graph, joined = attach_islands(contiguity(areas), areas, at_most_m=500)
    assert islands(graph) == ("d",)
    assert joined["joined_to"].isna().tolist() == [False, True]
    assert joined["distance_m"].isna().tolist() == [False, True]


def test_an_island_between_two_joins_the_lower_row():
    boxes = [box(0, 0, 1, 1), box(-1, 0, 0, 1), box(2, 0, 3, 1), box(4, 0, 5, 1), box(5, 0, 6, 1)]
    areas = gpd.GeoDataFrame(geometry=boxes, crs=METRES)
    _, joined = attach_islands(contiguity(areas), areas)
    assert joined["joined_to"].to_dict() == {2: 0}


def test_where_nobody_is_an_island_nothing_changes():
    graph, joined = attach_islands(contiguity(BOARD), BOARD)
    assert joined.empty
    assert (adjacency(graph) != adjacency(contiguity(BOARD))).nnz == 0


def test_degrees_are_refused():
    points = gpd.GeoSeries([Point(98, 3), Point(98, 4)], crs="EPSG:4326")
    with pytest.raises(CRSMismatchError):
        within_distance(points, distance_m=10)


def without_a_shape():
    areas = archipelago()
    areas.loc["d", "geometry"] = None
    return areas


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: contiguity(gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1), None], crs=METRES)), "no polygon in row 1"),
        (lambda: contiguity(gpd.GeoDataFrame(geometry=[LineString([(0, 0), (1, 1)])], crs=METRES)), "row 0"),
        (lambda: contiguity(pd.concat([BOARD, BOARD.iloc[[0]]])), "000 occurs twice"),
        (lambda: contiguity(BOARD, rule="bishop"), "bishop"),
        (lambda: contiguity(BOARD, rule="rook", tolerance=1.0), "tolerance"),
        (lambda: contiguity(BOARD.iloc[:0]), "no rows"),
        (lambda: nearest([[0, 0], [1, 1]], k=2), "k is 2"),
        (lambda: nearest([[0, 0], [np.nan, 1]], k=1), "no point in row 1"),
        (lambda: nearest(gpd.GeoSeries([Point(), Point(1, 1)], crs=METRES), k=1), "no point in row 0"),
        (lambda: nearest([[0, 0], [1, 1], [2, 2]], k=1.5), "k is 1.5"),
        (lambda: nearest([[0, 0]], k=1), "k is 1"),
        (lambda: nearest([], k=1), "no rows"),
        (lambda: nearest([["a", "b"], ["c", "d"]], k=1), "not numbers"),
        (lambda: nearest([[0, 0, 0], [1, 1, 1]], k=1), "shape"),
        (lambda: within_distance([[0, 0]], distance_m=0), "distance_m is 0"),
        (lambda: within_distance([[0, 0], [np.inf, 0]], distance_m=5), "no point in row 1"),
        (lambda: within_distance([[0, 0], [1, 0]], distance_m=np.nan), "distance_m is nan"),
        (lambda: within_distance([], distance_m=5), "no rows"),
        (lambda: attach_islands(contiguity(BOARD), BOARD.iloc[:8]), "graph has 9 rows, the layer 8"),
        (lambda: attach_islands(contiguity(BOARD), BOARD, at_most_m=0), "at_most_m is 0"),
        (lambda: attach_islands(contiguity(archipelago()), without_a_shape()), "no geometry in row d"),
    ],
)
def test_bad_input_is_refused(call, told):
    with pytest.raises(InvalidInputError, match=told):
        call()


places = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=25)


@given(places, st.integers(1, 2))
def test_nobody_else_is_nearer_than_a_neighbour(at, k):
    points = np.array(at, dtype=float)
    matrix = adjacency(nearest(points, k=k))
    for row in range(len(points)):
        distance = np.hypot(*(points - points[row]).T)
        chosen = matrix[[row]].indices
        others = np.setdiff1d(np.arange(len(points)), [row, *chosen])
        assert len(chosen) == k
        assert all((distance[c], c) < (distance[o], o) for c in chosen for o in others)


@given(places)
def test_every_island_joins_one_that_is_nearest(at):
    points = gpd.GeoSeries([Point(x, y) for x, y in {(-9, -9): 0, **dict.fromkeys(at)}], crs=METRES)
    before = within_distance(points, distance_m=1)
    graph, joined = attach_islands(before, points)
    for label, there, far in joined.itertuples():
        others = points.drop(label).distance(points[label])
        assert far == others.min() == others[there]
        assert there == others.index[others == far][0]
    assert islands(graph) == ()
    assert adjacency(graph).nnz >= adjacency(before).nnz


@given(places)
def test_reach_is_mutual_and_complete(at):
    points = np.array(at, dtype=float)
    matrix = adjacency(within_distance(points, distance_m=2)).toarray()
    distance = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    np.fill_diagonal(distance, np.inf)
    assert (matrix == (distance <= 2)).all()


@pytest.mark.shared_data
def test_real_villages_have_neighbours(shared_data):
    villages = gpd.read_file(shared_data / "boundaries" / "kemendagri2025_langkat_desa.geojson").to_crs(METRES)
    graph = contiguity(villages)
    assert len(islands(graph)) == 1
    assert (adjacency(graph) != adjacency(graph).T).nnz == 0
