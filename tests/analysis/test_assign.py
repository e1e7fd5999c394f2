from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPoint, Point, Polygon, box

from gisapp.analysis.assign import assign_area
from gisapp.errors import CRSMismatchError, InvalidInputError

CRS = "EPSG:32647"


def areas(shapes, keys):
    return gpd.GeoDataFrame({"kode": keys}, geometry=shapes, crs=CRS)


def points(*places, index=None):
    return gpd.GeoDataFrame(geometry=list(places), index=index, crs=CRS)


PAIR = areas([box(1, 0, 2, 1), box(0, 0, 1, 1)], ["b", "a"])


def test_each_point_gets_its_area_and_the_index_stays():
    found = assign_area(points(Point(0.5, 0.5), Point(1.5, 0.5), Point(9, 9), index=["x", "y", "x"]), PAIR, key="kode")
    assert list(found.index) == ["x", "y", "x"]
    assert found.iloc[0] == "a"
    assert found.iloc[1] == "b"
    assert found.iloc[2] is pd.NA


def test_a_shared_border_goes_to_the_lowest_key_and_the_outer_border_is_inside():
    found = assign_area(points(Point(1, 0.5), Point(0, 0), Point(2, 1)), PAIR, key="kode")
    assert list(found) == ["a", "a", "b"]


@pytest.mark.parametrize(("keys", "lowest"), [([10, 9], 9), (["10", "9"], "10"), ([2.5, 10.0], 2.5)])
def test_an_overlap_compares_numbers_as_numbers_and_text_as_text(keys, lowest):
    found = assign_area(points(Point(0.5, 0.5)), areas([box(0, 0, 1, 1), box(0, 0, 2, 2)], keys), key="kode")
    assert found.iloc[0] == lowest


def test_missing_and_empty_points_are_na():
    found = assign_area(points(None, Point(), Point(np.nan, 0.5), Point(0.5, 0.5)), PAIR, key="kode")
    assert list(found.isna()) == [True, True, True, False]


def test_a_hole_is_outside_and_its_border_inside():
    ring = Polygon(box(0, 0, 4, 4).exterior.coords, [box(1, 1, 3, 3).exterior.coords])
    found = assign_area(points(Point(2, 2), Point(1, 2)), areas([ring], ["r"]), key="kode")
    assert list(found.isna()) == [True, False]


def test_a_village_in_two_parts_and_one_without_a_polygon():
    layer = areas([box(0, 0, 1, 1), box(5, 5, 6, 6), None], ["a", "a", "b"])
    assert list(assign_area(points(Point(5.5, 5.5), Point(0, 0)), layer, key="kode")) == ["a", "a"]


def test_no_points_give_an_empty_series():
    assert len(assign_area(points(), PAIR, key="kode")) == 0


@pytest.mark.parametrize(
    ("places", "layer", "told"),
    [
        (points(MultiPoint([(0, 0)])), PAIR, "not a point in row 0"),
        (points(Point(0, 0)), areas([Point(0, 0)], ["a"]), "not a polygon in row 0"),
        (points(Point(0, 0)), areas([Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])], ["a"]), "invalid"),
        (points(Point(0, 0)), areas([box(0, 0, 1, 1)], [None]), "no value of `kode` in row 0"),
    ],
)
def test_bad_input_is_refused_with_the_row(places, layer, told):
    with pytest.raises(InvalidInputError, match=told):
        assign_area(places, layer, key="kode")


def test_an_unknown_key_and_another_crs_are_refused():
    with pytest.raises(InvalidInputError, match="no column"):
        assign_area(points(Point(0, 0)), PAIR, key="code")
    with pytest.raises(CRSMismatchError):
        assign_area(points(Point(0, 0)).to_crs("EPSG:4326"), PAIR, key="kode")


GRID = areas([box(c, r, c + 1, r + 1) for r in range(3) for c in range(3)], [f"{at}" for at in range(9)])
coordinate = st.floats(-1, 4) | st.sampled_from([0.0, 1.0, 2.0, 3.0])


@given(st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=20))
def test_every_point_in_the_grid_gets_exactly_the_lowest_square_that_touches_it(places):
    households = points(*map(Point, places))
    found = assign_area(households, GRID, key="kode")
    assert found.index.equals(households.index)
    for place, key in zip(households.geometry, found, strict=True):
        touching = GRID.loc[GRID.intersects(place), "kode"]
        assert (key is pd.NA) if touching.empty else key == touching.min()


@given(st.permutations(range(9)), st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=10))
def test_the_order_of_areas_changes_nothing(order, places):
    households = points(*map(Point, places))
    pd.testing.assert_series_equal(
        assign_area(households, GRID, key="kode"), assign_area(households, GRID.iloc[list(order)], key="kode")
    )


@pytest.mark.shared_data
def test_real_villages_hold_their_own_inner_points(shared_data):
    layer = gpd.read_file(shared_data / "boundaries" / "kemendagri2025_langkat_desa.geojson")
    inner = gpd.GeoDataFrame(geometry=layer.representative_point(), index=layer["kode"])
    found = assign_area(inner, layer, key="kode")
    assert (found == found.index).all()
