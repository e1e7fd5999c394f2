"""GeoJSON against RFC 7946, read strictly by our own checker and by geojson-validator."""

import io
import json

import geojson_validator
import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon, box

from gisapp.writers.geojson import rounded, write_geojson


def _written(frame, collection="areas", key="code", **metadata):
    out = io.BytesIO()
    write_geojson(frame, out, collection=collection, id_column=key, metadata=metadata)
    return out.getvalue()


def _refuse_constant(name):
    raise AssertionError(f"{name} is not JSON")


def _signed_area(ring):
    xy = np.array(ring)
    return 0.5 * float(np.sum(xy[:-1, 0] * xy[1:, 1] - xy[1:, 0] * xy[:-1, 1]))


def _polygons(geometry):
    if geometry is None:
        return []
    return {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}.get(geometry["type"], [])


def check_rfc7946(content):
    """Fail on anything that RFC 7946 forbids; return the document."""
    assert not content.startswith(b"\xef\xbb\xbf")
    document = json.loads(content.decode("utf-8"), parse_constant=_refuse_constant)
    assert document["type"] == "FeatureCollection"
    assert "crs" not in document
    ids = [feature["id"] for feature in document["features"]]
    assert len(ids) == len(set(ids))
    for feature in document["features"]:
        assert feature["type"] == "Feature"
        assert isinstance(feature["id"], str)
        assert "geometry" in feature
        assert isinstance(feature["properties"], dict)
        assert not {"coordinates", "geometries", "features"} & set(feature)
        for value in feature["properties"].values():
            assert value is None or isinstance(value, str | int | float | bool)
        for rings in _polygons(feature["geometry"]):
            assert _signed_area(rings[0]) > 0
            assert all(_signed_area(hole) < 0 for hole in rings[1:])
            assert all(ring[0] == ring[-1] and len(ring) >= 4 for ring in rings)
            for x, y in (pair for ring in rings for pair in ring):
                assert -180 <= x <= 180
                assert -90 <= y <= 90
                assert all(len(repr(value).partition(".")[2]) <= 6 for value in (x, y))
    return document


def test_every_rule_of_the_standard(areas):
    document = check_rfc7946(_written(areas))
    assert [feature["id"] for feature in document["features"]] == list(areas["code"])
    assert document["features"][2]["geometry"] is None
    assert document["features"][2]["properties"]["headcount_ratio"] is None  # was infinite
    assert document["features"][1]["properties"]["families"] is None
    assert document["features"][0]["properties"]["gi_star_z"] == -1.5
    assert document["bbox"] == [98.0, 3.0, 98.3, 3.2]


def test_geojson_validator_finds_nothing(areas):
    document = json.loads(_written(areas.iloc[:2]))
    assert geojson_validator.validate_structure(document) == {}
    found = geojson_validator.validate_geometries(document)
    assert not found["invalid"]
    assert set(found["problematic"]) <= {"holes"}  # holes are allowed; it only likes to be told


def test_metres_leave_as_degrees_without_a_crs_member(areas):
    document = check_rfc7946(_written(areas.to_crs("EPSG:32749")))
    longitudes = [
        x for f in document["features"] for rings in _polygons(f["geometry"]) for ring in rings for x, _ in ring
    ]
    assert min(longitudes) == pytest.approx(98.0)
    assert max(longitudes) == pytest.approx(98.3)


def test_ids_stay_with_their_features_after_sorting(areas):
    by_id = {f["id"]: f["properties"]["name"] for f in json.loads(_written(areas.iloc[::-1]))["features"]}
    assert by_id == dict(zip(areas["code"], areas["name"], strict=True))


def test_long_numbers_in_text_stay_text():
    frame = gpd.GeoDataFrame({"code": ["9301010101010001"]}, geometry=[Point(98, 3)], crs=4326)
    assert json.loads(_written(frame))["features"][0]["id"] == "9301010101010001"


def test_metadata_is_a_foreign_member_and_no_rows_are_fine(areas):
    document = check_rfc7946(_written(areas.iloc[:0], run_id="r", synthetic=True))
    assert document["metadata"] == {"run_id": "r", "synthetic": True}
    assert document["features"] == []


def test_third_dimension_and_empty_shapes_are_dropped():
    frame = gpd.GeoDataFrame({"code": ["a", "b"]}, geometry=[Point(98, 3, 12), Polygon()], crs=4326)
    features = json.loads(_written(frame))["features"]
    assert features[0]["geometry"]["coordinates"] == [98.0, 3.0]
    assert features[1]["geometry"] is None


def test_a_sliver_that_rounding_folds_stays_valid():
    sliver = Polygon([(98, 3), (98.01, 3.0000004), (98.02, 3), (98.01, 2.9999997)])
    spike = Polygon([(98, 3), (98.1, 3), (98.1, 3.1), (98.0499999, 3.0000002), (98, 3.1)])
    result = rounded(np.array([sliver, spike], dtype=object))
    assert all(shape is None or shapely.is_valid(shape) for shape in result)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(95, 141), st.floats(-11, 6)), min_size=3, max_size=12, unique=True),
    st.floats(0.0001, 0.5),
)
def test_any_polygon_with_a_hole_is_right_handed(points, size):
    hull = shapely.MultiPoint(points).buffer(size)
    shape = hull.difference(hull.buffer(-size / 2)) if hull.geom_type == "Polygon" else hull
    shapes = [shape, MultiPolygon([box(100, 1, 101, 2), box(102, 1, 103, 2)])]
    frame = gpd.GeoDataFrame({"code": ["a", "b"]}, geometry=shapes, crs=4326)
    check_rfc7946(_written(frame))
