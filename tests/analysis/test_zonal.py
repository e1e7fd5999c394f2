import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from shapely import contains, points
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box

from gisapp.analysis.zonal import zonal_statistics
from gisapp.errors import InvalidInputError

# Two by two cells of 10 m; the first row is in the north.
GRID = np.array([[1.0, 2.0], [3.0, 4.0]])
AT = Affine(10, 0, 0, 0, -10, 20)
ALL = ["mean", "sum", "count", "min", "max", "majority"]


def over(*shapes, values=GRID, statistics=ALL, nodata=None, rule="coverage"):
    areas = gpd.GeoDataFrame(geometry=list(shapes), index=[f"z{i}" for i in range(len(shapes))])
    return zonal_statistics(values, AT, areas, statistics=statistics, nodata=nodata, rule=rule)


def test_whole_grid():
    row = over(box(0, 0, 20, 20)).iloc[0]
    assert row.to_dict() | {"majority": 0} == {"mean": 2.5, "sum": 10, "count": 4, "min": 1, "max": 4, "majority": 0}


def test_a_cell_counts_by_its_covered_share():
    row = over(box(0, 10, 15, 20)).iloc[0]
    assert row["count"] == pytest.approx(1.5)
    assert row["sum"] == pytest.approx(1 + 2 * 0.5)
    assert row["mean"] == pytest.approx(2 / 1.5)
    assert row["majority"] == 1


def test_majority_is_by_covered_area():
    assert over(box(9, 0, 20, 10)).iloc[0]["majority"] == 4


def test_of_equal_majorities_the_higher_value_holds():
    assert over(box(0, 0, 20, 20), values=np.array([[1.0, 2.0], [2.0, 1.0]])).iloc[0]["majority"] == 2


def test_nan_and_nodata_are_left_out():
    values = np.array([[np.nan, 2.0], [-9999.0, 4.0]])
    row = over(box(0, 0, 20, 20), values=values, nodata=-9999).iloc[0]
    assert (row["count"], row["sum"], row["min"]) == (2, 6, 2)


BOTH = pytest.mark.parametrize("rule", ["coverage", "centre"])


@BOTH
@pytest.mark.parametrize("nodata", [0.1, -3.4028235e38, -9999, 1e39])
def test_nodata_is_compared_in_the_type_of_the_grid(rule, nodata):
    with np.errstate(over="ignore"):
        values = np.array([[1, 2], [nodata, 4]], dtype=np.float32)
    row = over(box(0, 0, 20, 20), values=values, nodata=nodata, rule=rule).iloc[0]
    assert (row["count"], row["sum"], row["min"], row["max"]) == (3, 7, 1, 4)


@BOTH
@pytest.mark.parametrize(("nodata", "count"), [(255, 3), (255.0, 3), (-1, 4), (1e9, 4), (0.5, 4), (np.nan, 4)])
def test_nodata_of_whole_numbers(rule, nodata, count):
    values = np.array([[1, 2], [255, 4]], dtype=np.uint8)
    assert over(box(0, 0, 20, 20), values=values, nodata=nodata, rule=rule).iloc[0]["count"] == count


@BOTH
def test_infinite_cells_are_without_data(rule):
    values = np.array([[np.inf, 2.0], [-np.inf, 4.0]])
    row = over(box(0, 0, 20, 20), values=values, rule=rule).iloc[0]
    assert row.to_dict() == {"mean": 3, "sum": 6, "count": 2, "min": 2, "max": 4, "majority": 4}
    west = over(box(0, 0, 10, 20), values=values, rule=rule).iloc[0]
    assert west["count"] == 0
    assert west.drop("count").isna().all()
    assert np.isinf(values[0, 0])


@BOTH
def test_areas_that_are_no_polygons_are_refused_by_row(rule):
    mixed = GeometryCollection([Point(1, 1), box(0, 0, 5, 5)])
    with pytest.raises(
        InvalidInputError, match=r"no polygon \(GeometryCollection, LineString, Point\) in row z1, z3, z4"
    ):
        over(box(0, 0, 20, 20), Point(5, 5), None, LineString([(0, 0), (9, 9)]), mixed, Point(), rule=rule)
    assert over(MultiPolygon([box(0, 0, 10, 10), box(10, 10, 20, 20)]), rule=rule).iloc[0]["sum"] == 5


def test_a_masked_grid_and_integers_are_read():
    masked = np.ma.masked_equal(np.array([[1, 2], [3, 255]], dtype=np.uint8), 255)
    row = over(box(0, 0, 20, 20), values=masked).iloc[0]
    assert (row["count"], row["sum"]) == (3, 6)


def test_zones_without_cells_have_count_zero_and_na():
    found = over(box(100, 100, 110, 110), None, Polygon(), box(0, 0, 20, 20), values=GRID)
    assert found["count"].tolist() == [0, 0, 0, 4]
    assert found.drop(columns="count").iloc[:3].isna().all().all()
    only_nodata = over(box(0, 0, 20, 20), values=GRID * np.nan)
    assert only_nodata["count"].tolist() == [0]
    assert only_nodata["sum"].isna().all()


def test_the_frame_is_aligned_with_the_areas():
    found = over(box(0, 0, 10, 10), box(10, 10, 20, 20), statistics=["sum"])
    pd.testing.assert_frame_equal(found, pd.DataFrame({"sum": [3.0, 2.0]}, index=["z0", "z1"]))


def test_no_areas_no_rows():
    assert over().shape == (0, 6)


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"values": GRID[0]}, "rows × columns"),
        ({"statistics": ["median"]}, "median"),
        ({"statistics": []}, "none given"),
        ({"rule": "touch"}, "touch"),
    ],
)
def test_bad_input_is_refused(change, names):
    with pytest.raises(InvalidInputError, match=names):
        over(box(0, 0, 20, 20), **change)


def test_a_grid_whose_first_row_is_in_the_south_gives_the_same():
    areas = gpd.GeoDataFrame(geometry=[box(0, 10, 15, 20), box(9, 0, 20, 10)])
    turned = zonal_statistics(GRID[::-1], Affine(10, 0, 0, 0, 10, 0), areas, statistics=ALL)
    pd.testing.assert_frame_equal(turned, zonal_statistics(GRID, AT, areas, statistics=ALL))


@pytest.mark.parametrize("transform", [Affine(10, 1, 0, 0, -10, 20), Affine(-10, 0, 20, 0, -10, 20)])
def test_a_rotated_or_mirrored_grid_is_refused(transform):
    with pytest.raises(InvalidInputError, match="rotated or mirrored"):
        zonal_statistics(GRID, transform, gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1)]), statistics=["mean"])


@pytest.mark.shared_data
def test_slope_lies_between_the_cell_centre_and_the_all_touched_rule(shared_data):
    import rasterio

    folder = shared_data / "reference" / "zonal"
    answer = json.loads((folder / "answers.json").read_text())["polygons_on_slope"]
    with rasterio.open(folder / "slope.tif") as raster:
        values, transform, nodata = raster.read(1), raster.transform, raster.nodata
    areas = gpd.read_file(folder / "polygons.shp")
    found = zonal_statistics(values, transform, areas, statistics=["mean", "count"], nodata=nodata)
    cell = abs(transform.a * transform.e)
    np.testing.assert_allclose(found["count"], areas.area / cell, rtol=1e-6)
    assert (found["count"] <= answer["all_touched_count"]).all()
    assert found["count"].tolist() == pytest.approx(answer["count"], rel=0.05)
    assert found["mean"].iloc[0] == pytest.approx(answer["mean_first_rounded2"], rel=0.03)


@pytest.mark.shared_data
def test_slope_by_cell_centres_equals_what_rasterstats_prints(shared_data):
    import rasterio

    folder = shared_data / "reference" / "zonal"
    answer = json.loads((folder / "answers.json").read_text())["polygons_on_slope"]
    with rasterio.open(folder / "slope.tif") as raster:
        values, transform, nodata = raster.read(1), raster.transform, raster.nodata
    areas = gpd.read_file(folder / "polygons.shp")
    found = zonal_statistics(
        values, transform, areas, statistics=["mean", "count", "sum"], nodata=nodata, rule="centre"
    )  # fmt: skip
    assert found["count"].tolist() == answer["count"]
    assert round(found["mean"].iloc[0], 2) == answer["mean_first_rounded2"]
    np.testing.assert_allclose(found["sum"], found["mean"] * found["count"])


def test_by_centres_a_cell_counts_whole_or_not():
    row = over(box(0, 10, 16, 20), rule="centre").iloc[0]
    assert row.to_dict() == {"mean": 1.5, "sum": 3, "count": 2, "min": 1, "max": 2, "majority": 2}
    assert over(box(0, 10, 14, 20), rule="centre").iloc[0]["count"] == 1


def test_by_centres_zones_that_overlap_count_a_cell_each():
    found = over(box(0, 0, 20, 20), box(0, 10, 20, 20), Polygon(), None, box(900, 0, 910, 10), rule="centre")
    assert found["sum"].tolist()[:2] == [10, 3]
    assert found["count"].tolist() == [4, 2, 0, 0, 0]
    assert found["majority"].tolist()[:2] == [4, 2]
    assert found.drop(columns="count").iloc[2:].isna().all().all()


def test_by_centres_nodata_is_left_out_and_the_first_row_may_be_southern():
    values = np.array([[np.nan, 2.0], [-9999.0, 2.0]])
    row = over(box(0, 0, 20, 20), values=values, nodata=-9999, rule="centre").iloc[0]
    assert row.to_dict() == {"mean": 2, "sum": 4, "count": 2, "min": 2, "max": 2, "majority": 2}
    areas = gpd.GeoDataFrame(geometry=[box(0, 10, 16, 20), box(9, 0, 20, 10)])
    turned = zonal_statistics(GRID[::-1], Affine(10, 0, 0, 0, 10, 0), areas, statistics=ALL, rule="centre")
    pd.testing.assert_frame_equal(turned, zonal_statistics(GRID, AT, areas, statistics=ALL, rule="centre"))


@given(st.integers(0, 2**32 - 1), st.booleans())
def test_by_centres_everything_is_as_counted_cell_by_cell(seed, apart):
    generator = np.random.default_rng(seed)
    values = generator.integers(0, 4, (7, 9)).astype(float)
    values[generator.random((7, 9)) < 0.2] = np.nan
    corners = generator.uniform(-5, 80, (3, 2))
    shapes = [box(x, y, x + w, y + h) for (x, y), (w, h) in zip(corners, generator.uniform(5, 40, (3, 2)), strict=True)]
    if apart:
        shapes = [shapes[0], shapes[1].difference(shapes[0]), shapes[2].difference(shapes[0].union(shapes[1]))]
    at = Affine(10, 0, 0, 0, -10, 70)
    areas = gpd.GeoDataFrame(geometry=shapes)
    found = zonal_statistics(values, at, areas, statistics=ALL, rule="centre")
    row, column = np.indices((7, 9))
    centres = points(10 * column + 5, 70 - 10 * row - 5)
    for zone, shape in enumerate(shapes):
        held = values[contains(shape, centres) & ~np.isnan(values)]
        often = np.bincount(held.astype(int), minlength=4)
        wanted = {
            "mean": held.mean() if held.size else np.nan,
            "sum": held.sum() if held.size else np.nan,
            "count": held.size,
            "min": held.min(initial=9) if held.size else np.nan,
            "max": held.max(initial=-1) if held.size else np.nan,
            "majority": 3 - np.argmax(often[::-1]) if held.size else np.nan,
        }
        assert found.iloc[zone].to_dict() == pytest.approx(wanted, nan_ok=True)


def test_by_coverage_and_by_centres_agree_on_whole_cells():
    values = np.arange(20.0).reshape(4, 5)
    areas = gpd.GeoDataFrame(geometry=[box(0, 0, 20, 30), box(20, 10, 50, 40)])
    at = Affine(10, 0, 0, 0, -10, 40)
    names = ["mean", "sum", "count", "min", "max"]
    both = [zonal_statistics(values, at, areas, statistics=names, rule=rule) for rule in ("coverage", "centre")]
    pd.testing.assert_frame_equal(*both)
