"""The abstract tests of OGC API - Features, Part 2 (18-058r1): systems, their axis order, and boxes in them."""

from __future__ import annotations

from urllib.parse import quote

import numpy as np
import pyproj
import pytest
import shapely
from flask.testing import FlaskClient
from shapely.geometry import shape

from gisapp.errors import InvalidParameterError
from gisapp.release.coordinates import CRS84, decimals_of, epsg, into_degrees, name_of, offered, out_of_degrees
from tests.web.ogc.test_core import ids, items

EPSG_4326, UTM_47N, TM3_47_1 = epsg(4326), epsg(32647), epsg(23831)


def test_systems_of_a_district() -> None:
    """West and east of the 99th meridian: two TM-3 zones, one UTM zone on WGS 84 and one on SRGI2013."""
    assert offered((98.9, 1.5, 99.4, 2.3), "EPSG:32647") == (
        CRS84, *map(epsg, (4326, 32647, 9477, 23831, 23832, 3857)),
    )  # fmt: skip
    assert offered((109.9, -8.2, 110.1, -7.6), "auto") == (
        CRS84, *map(epsg, (4326, 32749, 9489, 23835, 3857)),
    )  # fmt: skip


@pytest.mark.parametrize("west", np.arange(95.5, 141, 3))
@pytest.mark.parametrize("south", [-8.0, -0.1, 3.0])
def test_every_system_fits_where_the_district_lies(west: float, south: float) -> None:
    for crs in offered((west, south, west + 0.4, south + 0.4), "auto"):
        known = pyproj.CRS.from_user_input("OGC:CRS84" if crs == CRS84 else f"EPSG:{crs.rpartition('/')[2]}")
        half = {"TM-": 1.5, "UTM": 3}.get(known.name.partition("/")[2].replace("Indonesia", "").strip()[:3])
        if half is not None:
            middle = next(one.value for one in known.coordinate_operation.params if one.name.startswith("Longitude"))
            assert min(abs(west - middle), abs(west + 0.4 - middle)) <= half, known.name


def test_collections_list_their_systems(client: FlaskClient) -> None:
    document = client.get("/api/collections/areas").get_json()
    assert document["crs"][0] == document["storageCrs"] == CRS84
    assert {EPSG_4326, UTM_47N, TM3_47_1} <= set(document["crs"])
    assert len(document["crs"]) <= 20
    assert all(name_of(one) for one in document["crs"])


def test_every_listed_system_is_answered_in_its_axis_order(client: FlaskClient) -> None:
    """A.1 to A.4: Content-Crs says which, and the coordinates are those of pyproj."""
    systems = client.get("/api/collections/areas").get_json()["crs"]
    plain = {one["id"]: shape(one["geometry"]) for one in items(client)["features"]}
    for crs in systems:
        for written in (crs, quote(crs, safe="")):
            answer = client.get(f"/api/collections/areas/items?crs={written}")
            assert answer.headers["Content-Crs"] == f"<{crs}>"
        target = "OGC:CRS84" if crs == CRS84 else crs.rpartition("/")[2]
        transformer = pyproj.Transformer.from_crs("OGC:CRS84", target)
        for feature in answer.get_json()["features"]:
            expected = shapely.transform(
                plain[feature["id"]], lambda xy, to=transformer: np.column_stack(to.transform(xy[:, 0], xy[:, 1]))
            )
            largest = 2e-6 if decimals_of(crs) == 6 else 0.2
            assert shapely.hausdorff_distance(shape(feature["geometry"]), expected) < largest


def test_latitude_comes_first_in_epsg_4326(client: FlaskClient) -> None:
    feature = client.get(f"/api/collections/areas/items/12.05?crs={EPSG_4326}")
    assert feature.headers["Content-Crs"] == f"<{EPSG_4326}>"
    latitude, longitude = feature.get_json()["geometry"]["coordinates"][0][0]
    assert 3 < latitude < 4
    assert 98 < longitude < 99


def test_the_default_is_crs84_and_says_so(client: FlaskClient) -> None:
    answer = client.get("/api/collections/areas/items?limit=1")
    assert answer.headers["Content-Crs"] == f"<{CRS84}>"
    assert answer.get_json()["features"] == items(client, f"?limit=1&crs={CRS84}&bbox-crs={CRS84}")["features"]


@pytest.mark.parametrize("name", ["crs", "bbox-crs", "filter-crs"])
@pytest.mark.parametrize("value", ["", "x", "EPSG:4326", "http://www.opengis.net/def/crs/EPSG/0/9999", "4326"])
def test_a_system_that_is_not_listed_is_refused(client: FlaskClient, name: str, value: str) -> None:
    answer = client.get(f"/api/collections/areas/items?{name}={value}")
    assert answer.status_code == 400
    assert answer.get_json()["code"] == name


@pytest.mark.parametrize("crs", [EPSG_4326, UTM_47N, TM3_47_1, epsg(9477), epsg(3857)])
def test_a_box_means_the_same_in_every_system(client: FlaskClient, crs: str) -> None:
    inside = shapely.box(98.23, 3.63, 98.27, 3.67)
    west, south, east, north = shapely.total_bounds(out_of_degrees(np.array([inside], dtype=object), crs))
    expected = ids(items(client, "?bbox=98.23,3.63,98.27,3.67"))
    assert ids(items(client, f"?bbox={west},{south},{east},{north}&bbox-crs={crs}")) == expected
    assert len(expected) == 3


def test_a_box_over_the_antimeridian_in_latitude_first(client: FlaskClient) -> None:
    assert ids(items(client, f"?bbox=3.89,98.59,4,-170&bbox-crs={EPSG_4326}")) == ["12.05", "12.05.03", "12.05.03.2004"]


@pytest.mark.parametrize(
    ("numbers", "crs"),
    [
        ((2, 0, 1, 1), UTM_47N), ((0, 2, 1, 1), UTM_47N), ((2, 0, 1, 1), EPSG_4326), ((0, 2, 1, 1), CRS84),
        ((1e20, 1e20, 2e20, 2e20), UTM_47N),
    ],
)  # fmt: skip
def test_a_box_upside_down_or_out_of_reach_is_refused(numbers, crs) -> None:
    with pytest.raises(InvalidParameterError):
        into_degrees(numbers, crs)


def test_there_and_back_is_the_same_place() -> None:
    point = shapely.Point(98.3, 3.7)
    for crs in offered((98.2, 3.6, 98.6, 3.9), "auto"):
        moved = out_of_degrees(np.array([point], dtype=object), crs)[0]
        assert shapely.distance(into_degrees(moved, crs), point) < 1e-8
