"""Grids: every point in one cell, cells that share their edges, names that stay."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.grids import SHAPES, cell_names, cell_polygons, grid, locate, neighbour_pairs
from gisapp.analysis.neighbours import adjacency, contiguity
from gisapp.errors import CRSMismatchError, InvalidInputError

metre = st.floats(-1e6, 1e6) | st.integers(-4000, 4000).map(lambda step: step * 50.0)
places = st.lists(st.tuples(metre, metre), min_size=1, max_size=40)
sizes = st.sampled_from([50.0, 250.0, 333.3, 2000.0])
shapes = st.sampled_from(SHAPES)


def at(x, y, **more):
    found = locate([x], [y], **more).iloc[0]
    return int(found["column"]), int(found["row"])


def test_a_square_holds_its_western_and_southern_edge_only():
    assert at(0, 0, size_m=100) == (0, 0)
    assert at(99.999, 99.999, size_m=100) == (0, 0)
    assert at(100, 50, size_m=100) == (1, 0)
    assert at(50, 100, size_m=100) == (0, 1)
    assert at(-0.001, 0, size_m=100) == (-1, 0)


def test_a_quotient_that_rounds_up_does_not_move_a_point():
    """0.7 / 0.1 is 6.999…, although the edge 7 × 0.1 is drawn at 0.7000000000000001: the drawn edge decides."""
    for number in range(1, 200):
        edge = number * 0.1
        assert at(edge, 0, size_m=0.1)[0] == number
        assert at(np.nextafter(edge, 0), 0, size_m=0.1)[0] == number - 1


def test_a_hexagon_has_the_area_of_the_square():
    for shape in SHAPES:
        assert shapely.area(cell_polygons(np.array([3]), np.array([-2]), shape=shape, size_m=250.0))[0] == (
            pytest.approx(62_500)
        )


def test_opposite_sides_of_a_hexagon_are_as_far_apart_as_written():
    west, south, east, north = cell_polygons(np.array([0]), np.array([0]), shape="hexagon", size_m=1000.0)[0].bounds
    assert east - west == pytest.approx(1074.57, abs=0.01)
    assert north - south == pytest.approx(1240.81, abs=0.01)


def test_between_two_hexagons_the_lower_row_then_column_has_the_edge():
    width = cell_polygons(np.array([0]), np.array([0]), shape="hexagon", size_m=100.0)[0].bounds[2]
    assert at(width, 0.0, shape="hexagon", size_m=100.0) == (0, 0)
    assert at(-width, 0.0, shape="hexagon", size_m=100.0) == (-1, 0)
    assert at(np.nextafter(width, np.inf) + 1e-9, 0.0, shape="hexagon", size_m=100.0) == (1, 0)


@given(places, sizes, shapes, st.tuples(st.floats(-500, 500), st.floats(-500, 500)))
def test_each_point_is_in_the_one_cell_that_it_is_given(points, size, shape, shift):
    x, y = np.array(points).T
    cut = {"shape": shape, "size_m": size, "shift": shift}
    found = locate(x, y, **cut)
    column, row = found["column"].to_numpy(), found["row"].to_numpy()
    own = cell_polygons(column, row, **cut)
    assert (shapely.distance(own, shapely.points(x, y)) < 1e-6).all()
    if shape == "square":
        west, south, east, north = shapely.bounds(own).T
        assert ((west <= x) & (x < east) & (south <= y) & (y < north)).all()


@given(places, sizes, shapes)
def test_the_order_of_points_changes_no_cell(points, size, shape):
    x, y = np.array(points).T
    forward = locate(x, y, shape=shape, size_m=size)
    backward = locate(x[::-1], y[::-1], shape=shape, size_m=size)
    assert (forward.to_numpy() == backward.to_numpy()[::-1]).all()


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=20), shapes)
def test_a_shift_by_a_whole_cell_only_renames_the_cells(cells, shape):
    """Points at a quarter of a cell from their centre, far from every edge."""
    x, y = np.array(cells, dtype=float).T * 37.5
    size = 128.0
    if shape == "square":
        step = size, size
    else:
        corner = cell_polygons(np.array([0]), np.array([0]), shape=shape, size_m=size)[0].bounds
        step = 2 * corner[2], 0.0
    still = grid(np.c_[x, y], shape=shape, size_m=size)
    moved = grid(np.c_[x, y], shape=shape, size_m=size, shift=step)
    if len(still) == len(moved):  # a point on an edge may change sides by a bit of rounding
        assert (shapely.hausdorff_distance(still.geometry.to_numpy(), moved.geometry.to_numpy()) < 1e-6).all()
    else:
        assert shape == "hexagon"


@given(sizes, shapes, st.tuples(st.floats(-500, 500), st.floats(-500, 500)))
def test_cells_share_their_edges_exactly(size, shape, shift):
    row, column = (part.ravel() for part in np.mgrid[-2:3, -2:3])
    cells = cell_polygons(column, row, shape=shape, size_m=size, shift=shift)
    assert shapely.coverage_is_valid(cells)
    left, right = neighbour_pairs(column, row, shape=shape)
    graph = contiguity(gpd.GeoDataFrame(geometry=cells))
    ours = np.zeros((25, 25))
    ours[left, right] = 1
    assert (adjacency(graph).toarray() == ours).all()


def test_a_rectangle_is_covered_without_gap():
    for shape in SHAPES:
        cells = grid((10.0, 20.0, 1030.0, 770.0), shape=shape, size_m=250)
        assert shapely.union_all(cells.geometry.to_numpy()).covers(shapely.box(10, 20, 1030, 770))
        assert cells["cell_id"].is_unique
        assert (shapely.intersects(cells.geometry.to_numpy(), shapely.box(10, 20, 1030, 770))).all()


def test_names_are_text_and_tell_size_shape_shift_and_place():
    column, row = np.array([3, -1]), np.array([-7, 0])
    assert cell_names(column, row, size_m=250).tolist() == ["250m-3--7", "250m--1-0"]
    assert cell_names(column, row, size_m=250, shape="hexagon").tolist() == ["250h-3--7", "250h--1-0"]
    assert cell_names(column, row, size_m=250, shift=(125, 0)).tolist()[1] == "250m+125+0--1-0"


def test_a_layer_of_points_lends_its_coordinate_system():
    points = gpd.GeoSeries(gpd.points_from_xy([1, 600], [1, 1]), crs="EPSG:32647")
    cells = grid(points, size_m=250)
    assert cells.crs == points.crs
    assert cells["cell_id"].tolist() == ["250m-0-0", "250m-2-0"]
    with pytest.raises(CRSMismatchError):
        grid(points.to_crs("EPSG:4326"), size_m=250)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"size_m": 0}, "size_m is 0"),
        ({"size_m": np.nan}, "size_m is nan"),
        ({"size_m": -5}, "not above 0"),
        ({"shape": "triangle"}, "'triangle', not square or hexagon"),
        ({"shift": (np.inf, 0)}, "shift is"),
        ({"x": [1.0, np.nan]}, "x is not a number in row 1"),
        ({"x": []}, "no rows"),
        ({"y": [1.0]}, "1 rows where 2"),
        ({"x": [1e30, 1.0]}, "too far from the origin for this size in row 0"),
    ],
)
def test_bad_input_is_refused(change, told):
    given_values = {"x": [1.0, 2.0], "y": [1.0, 2.0], "size_m": 100.0} | change
    x, y = given_values.pop("x"), given_values.pop("y")
    with pytest.raises(InvalidInputError, match=told):
        locate(x, y, **given_values)


def test_rows_keep_their_labels():
    found = locate(pd.Series([1.0], index=["f-1"]), pd.Series([1.0], index=["f-1"]), size_m=10)
    assert found.index.tolist() == ["f-1"]


def test_bounds_the_wrong_way_round_are_refused():
    with pytest.raises(InvalidInputError, match="west, south, east, north"):
        grid((10.0, 0.0, 0.0, 5.0), size_m=10)
