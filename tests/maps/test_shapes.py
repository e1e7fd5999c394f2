"""Thinned shapes: neighbours still touch, nothing is lost, the budget holds."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, MultiPolygon, box

from gisapp.maps.shapes import feature_collection, inside, leaflet_bounds, thinned, thinned_lines, together


def test_a_point_inside_lies_in_the_largest_part():
    shape = MultiPolygon([box(0, 0, 1, 1), box(5, 5, 9, 9)])
    lat, lon = inside(shape)
    assert box(5, 5, 9, 9).contains(shapely.Point(lon, lat))
    assert inside(None) is None


def test_pockets_join_their_members_and_fall_back_on_their_own_shape():
    members = np.array([box(0, 0, 1, 1), box(1, 0, 2, 1)], dtype=object)
    assert together(members, None).equals(box(0, 0, 2, 1))
    assert together(np.array([None], dtype=object), "own") == "own"


def test_missing_shapes_are_left_out_and_nothing_has_no_bounds():
    shapes = np.array([box(98, 3, 99, 4), None], dtype=object)
    assert [f["id"] for f in feature_collection(shapes, ["a", "b"])["features"]] == ["a"]
    assert leaflet_bounds(gpd.GeoDataFrame(geometry=[box(98, 3, 99, 4)], crs=4326)) == [[3.0, 98.0], [4.0, 99.0]]
    assert leaflet_bounds(gpd.GeoDataFrame(geometry=[None], crs=4326)) is None


def test_lines_are_thinned_to_the_budget():
    wavy = LineString([(98 + t / 1000, 3 + 0.0001 * (t % 2)) for t in range(1000)])
    assert shapely.get_num_coordinates(thinned_lines(np.array([wavy], dtype=object), vertices=10)).sum() == 2


def test_where_thinning_together_fails_shapes_are_thinned_one_by_one(monkeypatch):
    # Seen with dissolved real boundaries; which slivers trigger it depends on the version of GEOS.
    def fails(*_):
        raise shapely.errors.GEOSException("point array must contain 0 or >1 elements")

    monkeypatch.setattr(shapely, "coverage_simplify", fails)
    drawn = thinned(np.array([box(0, 0, 1, 1), box(1, 0, 2, 1)], dtype=object))
    assert shapely.area(drawn).tolist() == [1, 1]


@pytest.mark.shared_data
def test_real_kecamatan_are_thinned_to_valid_shapes(shared_data):
    desa = gpd.read_file(shared_data / "boundaries" / "kemendagri2025_langkat_desa.geojson")
    kecamatan = desa.dissolve(by=desa["kode"].str[:8])
    drawn = thinned(np.asarray(kecamatan.geometry.array, dtype=object))
    assert len(drawn) == 23
    assert not shapely.is_empty(drawn).any()
    assert shapely.area(drawn).sum() == pytest.approx(shapely.area(kecamatan.geometry.to_numpy()).sum(), rel=0.001)
