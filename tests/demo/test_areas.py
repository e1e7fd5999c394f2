from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.demo.areas import dissolved, given_areas, make_areas, metric, neighbour_pairs
from gisapp.demo.profiles import load_profile
from gisapp.demo.tessellation import cells, deform, spread_points


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), profile=st.sampled_from(["langkat", "labuhanbatu_selatan"]))
def test_areas_cover_the_district_without_gap_or_overlap(seed, profile):
    chosen = load_profile(profile)
    areas = make_areas(chosen, seed=seed)
    polygons = areas.geometry.to_numpy()
    assert len(areas) == chosen.areas
    assert areas["parent"].nunique() == chosen.kecamatan
    assert shapely.is_valid(polygons).all()
    assert shapely.coverage_is_valid(polygons)
    outline = shapely.union_all(polygons)
    assert outline.geom_type == "Polygon"
    assert not outline.interiors


@pytest.fixture(scope="module")
def areas():
    return make_areas(load_profile("langkat"), seed=1)


def test_codes_are_fictitious_dotted_and_distinct(areas):
    assert areas["code"].is_unique
    assert areas["code"].str.fullmatch(r"99\.05\.\d{2}\.[12]\d{3}").all()
    assert areas["code"].tolist() == sorted(areas["code"])
    assert (areas["code"].str[:8] == areas["parent"]).all()
    assert (areas["kelurahan"] == (areas["code"].str[9] == "1")).all()
    assert areas["kelurahan"].sum() == 37
    assert areas["name"].is_unique


def test_the_district_has_its_size_and_lies_in_its_utm_zone(areas):
    flat = metric(areas)
    assert flat.crs.to_epsg() == 32647
    assert flat.area.sum() / 1e6 == pytest.approx(6200, rel=0.1)
    assert flat.area.max() > 5 * flat.area.min()
    assert areas.crs.to_epsg() == 4326


def test_each_kecamatan_is_one_piece_of_several_areas(areas):
    larger = dissolved(areas, key="parent", name="parent_name")
    assert larger.columns.tolist() == ["code", "name", "geometry"]
    assert (larger.geom_type == "Polygon").all()
    assert shapely.coverage_is_valid(larger.geometry.to_numpy())
    assert areas.groupby("parent").size().min() >= 2


def test_neighbours_of_a_grid_include_corners(grid):
    pairs = neighbour_pairs(metric(grid))
    around = [set(pairs[pairs[:, 0] == row, 1].tolist()) for row in range(9)]
    assert around[4] == {0, 1, 2, 3, 5, 6, 7, 8}
    assert around[0] == {1, 3, 4}


def test_a_sliver_between_neighbours_does_not_part_them():
    left, right = shapely.box(0, 0, 1000, 1000), shapely.box(1020, 0, 2000, 1000)
    frame = gpd.GeoDataFrame(geometry=[left, right], crs=32647)
    assert neighbour_pairs(frame).tolist() == [[0, 1], [1, 0]]
    assert neighbour_pairs(frame, tolerance_m=10).tolist() == []


@pytest.mark.parametrize(
    ("code", "parent"),
    [("12.05.01.2001", "12.05.01"), ("1205012001", "120501"), ("1213010001", "1213010"), ("A7", "")],
)
def test_the_containing_area_is_read_from_the_code(grid, code, parent):
    frame = given_areas(grid.head(1).assign(code=code))
    assert frame["parent"].tolist() == [parent]


def test_deformation_keeps_the_order_of_points_on_a_line():
    line = np.column_stack([np.linspace(0, 80_000, 4001), np.full(4001, 17_000.0)])
    moved = deform(line, np.random.default_rng(3))
    assert (np.diff(moved[:, 0]) > 0).all()
    assert np.abs(moved - line).max() < 1500


def test_four_seeds_make_four_cells_that_share_their_edges():
    seeds = np.array([[0.0, 0], [5000, 100], [100, 5000], [5100, 5200]])
    ring = 20_000 * np.column_stack([np.cos(np.arange(12)), np.sin(np.arange(12))])
    polygons = cells(seeds, ring, np.random.default_rng(0))
    assert len(polygons) == 4
    assert shapely.coverage_is_valid(polygons)
    assert shapely.union_all(polygons).area == pytest.approx(shapely.area(polygons).sum())


def test_spread_points_lie_farther_apart_than_random_ones():
    rng = np.random.default_rng(1)
    candidates = rng.uniform(0, 1, (5000, 2))
    spread = candidates[spread_points(60, np.ones(5000), candidates, rng)]
    chance = candidates[rng.integers(5000, size=60)]

    def nearest(points):
        distance = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
        return (distance + np.eye(len(points)) * 9).min(axis=1).min()

    assert nearest(spread) > 3 * nearest(chance)


def test_given_areas_are_one_valid_polygon_per_code_and_empty_ones_are_left_out(grid):
    bowtie = shapely.Polygon([(100, 1), (100.05, 1.05), (100.05, 1), (100, 1.05)])
    shapes = [bowtie, *grid.geometry.iloc[1:3], None]
    names = ["B", "A", "A lagi", "Z"]
    brought = gpd.GeoDataFrame({"code": ["7", "3", "3", "1"], "name": names}, geometry=shapes, crs=4326)
    made = given_areas(brought)
    assert made["code"].tolist() == ["3", "7"]
    assert made["name"].tolist() == ["A", "B"]
    assert made.is_valid.all()
    assert shapely.area(made.geometry.to_numpy()).round(6).tolist() == [0.005, 0.00125]
