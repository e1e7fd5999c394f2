"""The compiled index against GEOS: for every point the same answer, on and beside every edge."""

from __future__ import annotations

from fractions import Fraction

import geopandas as gpd
import numba
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, Polygon, box

from gisapp.analysis import assign
from gisapp.analysis.assign import assign_area, index_areas, locate_area
from gisapp.analysis.kernels.orientation import orientation
from gisapp.analysis.polygons.point_location import locate, prepare_polygons
from gisapp.errors import InvalidInputError


def by_geos(x, y, polygons):
    """First polygon that intersects each point, -1 for none: every pair asked, prepared."""
    polygons = np.asarray(polygons, dtype=object)
    shapely.prepare(polygons)
    first = np.full(len(x), -1)
    for row in range(len(polygons) - 1, -1, -1):
        if polygons[row] is not None:
            first[shapely.intersects_xy(polygons[row], x, y)] = row
    return first


def both_agree(x, y, polygons):
    polygons = np.asarray(polygons, dtype=object)
    found = locate(x, y, prepare_polygons(polygons))
    np.testing.assert_array_equal(found, by_geos(x, y, polygons))
    return found


def neighbourhood(x, y):
    """Each point and the eight doubles around it."""
    steps = [lambda v: v, lambda v: np.nextafter(v, np.inf), lambda v: np.nextafter(v, -np.inf)]
    return (
        np.concatenate([across(x) for across in steps for _ in steps]),
        np.concatenate([up(y) for _ in steps for up in steps]),
    )


def on_edges(polygon, generator, per_edge):
    """Points on each edge as closely as doubles can say, its ends included."""
    rings = [polygon.exterior, *polygon.interiors]
    places = []
    for ring in rings:
        xy = np.asarray(ring.coords)
        share = np.concatenate([[0.0, 0.5], generator.uniform(0, 1, per_edge)])
        places.append((xy[:-1, None] + share[None, :, None] * (xy[1:] - xy[:-1])[:, None]).reshape(-1, 2))
    return np.concatenate(places)


def star(generator, corners, *, centre, radius):
    """A polygon around a centre with corners at any distance."""
    angle = np.sort(generator.uniform(0, 2 * np.pi, corners))
    reach = generator.uniform(0.2, 1, corners) * radius
    return Polygon(np.column_stack([centre[0] + reach * np.cos(angle), centre[1] + reach * np.sin(angle)])).buffer(0)


def test_a_square_with_a_hole_by_hand():
    ring = Polygon(box(0, 0, 4, 4).exterior.coords, [box(1, 1, 3, 3).exterior.coords])
    x = [0.5, 2.0, 1.0, 3.0, 4.0, 4.1, 0.0, 2.0]
    y = [0.5, 2.0, 2.0, 3.0, 4.0, 4.0, 0.0, 1.0]
    assert locate(x, y, prepare_polygons(np.array([ring]))).tolist() == [0, -1, 0, 0, 0, -1, 0, 0]


def test_an_overlap_goes_to_the_first_polygon_and_parts_count_as_one():
    two_parts = MultiPolygon([box(0, 0, 2, 2), box(8, 8, 9, 9)])
    polygons = np.array([None, two_parts, box(1, 1, 9, 9), Polygon()])
    assert locate([0.5, 1.5, 3, 8.5, 9.5], [0.5, 1.5, 3, 8.5, 9.5], prepare_polygons(polygons)).tolist() == [
        1, 1, 2, 1, -1,
    ]  # fmt: skip


def test_what_is_no_place_is_held_by_none():
    index = prepare_polygons(np.array([box(-1, -1, 1, 1)]))
    assert locate([np.nan, 0, np.inf, 0, -np.inf], [0, np.nan, 0, np.inf, 0], index).tolist() == [-1] * 5
    assert locate([], [], index).tolist() == []


@pytest.mark.parametrize("polygons", [[], [None], [Polygon(), None]])
def test_areas_without_any_polygon_hold_nothing(polygons):
    assert locate([0.0, 1.0], [0.0, 1.0], prepare_polygons(np.array(polygons, dtype=object))).tolist() == [-1, -1]


@pytest.mark.parametrize(
    ("x", "y", "told"),
    [([0.0], [0.0, 1.0], "one length"), ([[0.0]], [[0.0]], "one row"), (["a"], [0.0], "x holds what is no number")],
)
def test_what_are_no_two_rows_of_numbers_is_refused(x, y, told):
    with pytest.raises(InvalidInputError, match=told):
        locate(x, y, prepare_polygons(np.array([box(0, 0, 1, 1)])))


@pytest.mark.parametrize("scale", [1.0, 1e-3, 0.1, 1 / 3, 1e6])
@pytest.mark.parametrize("offset", [(0.0, 0.0), (98.3, 3.6), (-1e-7, 1e5)])
def test_points_on_and_one_double_beside_every_edge_are_decided_as_geos_decides(scale, offset):
    generator = np.random.default_rng([int(1000 * scale), int(offset[0])])
    shapes = [star(generator, corners, centre=offset, radius=scale) for corners in (3, 4, 7, 30, 200)]
    for polygon in [part for shape in shapes for part in shapely.get_parts(shape)]:
        x, y = neighbourhood(*on_edges(polygon, generator, 5).T)
        found = both_agree(x, y, [polygon])
        assert 0 < np.count_nonzero(found == 0) < len(x)


def test_horizontal_and_vertical_edges_corners_and_spikes():
    steps = Polygon([(0, 0), (6, 0), (6, 2), (5, 2), (5, 1), (4, 1), (4, 2), (3, 4), (2, 2), (1, 2), (1, 1), (0, 1)])
    x, y = (axis.ravel() for axis in np.meshgrid(np.linspace(-1, 7, 33), np.linspace(-1, 5, 25)))
    both_agree(*neighbourhood(x, y), [steps, shapely.affinity.scale(steps, yfact=-1)])


def test_polygons_that_touch_in_corners_and_along_edges():
    squares = [box(c, r, c + 1, r + 1) for r in range(3) for c in range(3) if (r + c) % 2 == 0]
    x, y = (axis.ravel() for axis in np.meshgrid(np.linspace(-0.5, 3.5, 17), np.linspace(-0.5, 3.5, 17)))
    both_agree(*neighbourhood(x, y), [*squares, box(0.5, 0.5, 2.5, 2.5), MultiPolygon([squares[4], squares[0]])])


def test_an_edge_of_extreme_slope_and_coordinates_of_extreme_size():
    for factor in (1e-160, 1e-12, 1e12, 1e150):
        needle = Polygon(np.array([(0, 0), (1e8, 1), (1e8, 2)]) * factor)
        comb = Polygon([(0, 0), *[(k / 7 * factor, (k % 2) * 3 * factor) for k in range(1, 60)], (9 * factor, 0)])
        generator = np.random.default_rng(7)
        for polygon in (needle, comb.buffer(0)):
            for part in shapely.get_parts(polygon):
                both_agree(*neighbourhood(*on_edges(part, generator, 3).T), [part])


@given(st.tuples(*[st.integers(-(2**53), 2**53)] * 6))
@settings(max_examples=300)
def test_the_side_of_a_line_is_exact_for_whole_numbers(c):
    ax, ay, bx, by, px, py = map(Fraction, c)
    exact = (ax - px) * (by - py) - (ay - py) * (bx - px)
    assert orientation(*map(float, c)) == (exact > 0) - (exact < 0)


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (95.0, 141.0), (3e5, 4e5)])
def test_the_side_of_a_line_is_exact_for_points_on_it_as_near_as_doubles_can_say(low, high):
    generator = np.random.default_rng(3)
    for _ in range(500):
        a, b = generator.uniform(low, high, (2, 2))
        p = a + generator.uniform(-1, 2) * (b - a)
        (ax, ay), (bx, by), (px, py) = ([Fraction(value) for value in pair] for pair in (a, b, p))
        exact = (ax - px) * (by - py) - (ay - py) * (bx - px)
        assert orientation(*a, *b, *p) == (exact > 0) - (exact < 0)


small = st.integers(-4, 4).map(float) | st.floats(-4, 4, allow_subnormal=False).map(lambda v: round(v, 3))
corner = st.tuples(small, small)


@st.composite
def drawn_areas(draw):
    """Valid polygons of any kind that may overlap, touch, repeat and have holes and parts."""
    shapes = []
    for corners in draw(st.lists(st.lists(corner, min_size=3, max_size=8), min_size=1, max_size=5)):
        mended = shapely.make_valid(Polygon(corners), method="structure", keep_collapsed=False)
        if mended.geom_type in ("Polygon", "MultiPolygon") and not mended.is_empty:
            shapes.append(mended)
    return shapes


@given(drawn_areas(), st.lists(corner, min_size=1, max_size=30), st.integers(0, 2**32))
@settings(max_examples=150, deadline=None)
def test_any_polygons_and_any_points_are_answered_as_by_geos(shapes, places, seed):
    generator = np.random.default_rng(seed)
    drawn = np.array(places)
    near = [on_edges(part, generator, 2) for shape in shapes for part in shapely.get_parts(shape)]
    both_agree(*neighbourhood(*np.concatenate([drawn, *near]).T), shapes)


def villages(generator, count):
    """Cells whose edges were displaced on each side alone, so that they overlap and leave gaps, under shared keys."""
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(generator.uniform(0, 1, (count, 2)))))
    rings = [shapely.get_coordinates(cell.segmentize(0.02))[:-1] for cell in cells]
    moved = [Polygon(ring + generator.normal(0, 2e-3, ring.shape)) for ring in rings]
    mended = [shapely.make_valid(cell, method="structure", keep_collapsed=False) for cell in moved]
    return gpd.GeoDataFrame({"kode": [f"{at // 3:03d}" for at in range(count)]}, geometry=mended, crs="EPSG:4326")


def test_the_index_and_the_tree_of_geos_answer_alike_and_in_any_number_of_threads(monkeypatch):
    generator = np.random.default_rng(11)
    layer = villages(generator, 150).sample(frac=1, random_state=1)
    x, y = generator.uniform(-0.1, 1.1, (2, 200_000))
    near = np.concatenate(
        [on_edges(part, generator, 2) for shape in layer.geometry for part in shapely.get_parts(shape)]
    )
    x[: len(near)], y[: len(near)] = near.T
    x[-3:] = np.nan
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y), crs=layer.crs)
    points.loc[[len(x) - 1, len(x) - 2], "geometry"] = [None, Point()]
    monkeypatch.setattr(assign, "_MANY", 10**9)
    by_tree = assign_area(points, layer, key="kode")
    monkeypatch.setattr(assign, "_MANY", 0)
    threads = numba.get_num_threads()
    try:
        for used in (1, threads):
            numba.set_num_threads(used)
            pd.testing.assert_series_equal(assign_area(points, layer, key="kode"), by_tree)
    finally:
        numba.set_num_threads(threads)
    assert by_tree.isna().any()
    assert by_tree.nunique() == 50


def test_an_index_of_areas_is_asked_many_times_and_gives_positions_in_its_keys():
    layer = gpd.GeoDataFrame({"kode": [10, 9]}, geometry=[box(0, 0, 1, 1), box(0, 0, 2, 2)], crs="EPSG:32647")
    index = index_areas(layer, key="kode")
    assert index.keys.tolist() == [9, 10]
    for x, expected in ((0.5, [0]), (1.5, [0]), (5.0, [-1]), (np.nan, [-1])):
        assert locate_area([x], [0.5], index).tolist() == expected


@pytest.mark.parametrize(
    ("shape", "keys", "told"),
    [(LineString([(0, 0), (1, 1)]), ["a"], "not a polygon in row 0"), (box(0, 0, 1, 1), [None], "no value of `kode`")],
)
def test_bad_areas_are_refused_before_they_are_indexed(shape, keys, told):
    with pytest.raises(InvalidInputError, match=told):
        index_areas(gpd.GeoDataFrame({"kode": keys}, geometry=[shape], crs="EPSG:4326"), key="kode")
    with pytest.raises(InvalidInputError, match="no column `code`"):
        index_areas(gpd.GeoDataFrame({"kode": keys}, geometry=[shape], crs="EPSG:4326"), key="code")


@pytest.mark.shared_data
def test_real_villages_and_their_corners_are_answered_as_by_geos(shared_data):
    layer = gpd.read_file(shared_data / "boundaries" / "kemendagri2025_langkat_desa.geojson")
    polygons = layer.geometry.to_numpy()
    corners = shapely.get_coordinates(polygons)[::5]
    x, y = neighbourhood(*corners.T)
    tree = shapely.STRtree(shapely.points(x, y))
    row, hit = tree.query(polygons, predicate="intersects")
    first = np.full(len(x), len(polygons))
    np.minimum.at(first, hit, row)
    found = locate(x, y, prepare_polygons(polygons))
    np.testing.assert_array_equal(np.where(found == -1, len(polygons), found), first)
