"""The abstract tests of OGC API - Features, Part 1 (17-069r4, annex A), on the small district."""

from __future__ import annotations

import json

import pytest
import shapely
from flask.testing import FlaskClient
from shapely.geometry import box, shape

STAFF = (
    "areas", "pockets", "interventions", "interventions_point", "interventions_line", "interventions_polygon", "gaps",
    "cells",
)  # fmt: skip
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
PAGE = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def items(client: FlaskClient, query: str = "", collection: str = "areas"):
    answer = client.get(f"/api/collections/{collection}/items{query}")
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def ids(document) -> list[str]:
    return [feature["id"] for feature in document["features"]]


def links(document, rel: str):
    return [link for link in document["links"] if link["rel"] == rel]


def test_landing_page_leads_to_everything(client: FlaskClient) -> None:
    """A.2.2.1; QGIS refuses a server without service-desc and data."""
    answer = client.get("/api/")
    assert answer.mimetype == "application/json"
    document = answer.get_json()
    (api,) = links(document, "service-desc")
    (data,) = links(document, "data")
    assert api["type"] == OPENAPI
    assert data["type"] == "application/json"
    assert "?" not in data["href"], "QGIS puts / and the collection's id behind it"
    for rel in ("self", "conformance", "service-desc", "data"):
        for link in links(document, rel):
            assert client.get(link["href"]).status_code == 200
    assert client.get("/api", follow_redirects=True).get_json() == document


def test_every_link_has_type_language_and_title_and_answers(client: FlaskClient) -> None:
    documents = ["/api/", "/api/conformance", "/api/collections", "/api/collections/pockets",
                 "/api/collections/areas/items?limit=2&offset=2", "/api/collections/areas/items/12.05"]  # fmt: skip
    for path in documents:
        document = client.get(path).get_json()
        for link in document["links"]:
            assert {"rel", "type", "href", "hreflang", "title"} <= set(link)
            answer = client.get(link["href"], headers={"Accept": link["type"]})
            assert answer.status_code == 200, link
            assert answer.mimetype == link["type"].partition(";")[0], link


def test_conformance_names_what_qgis_asks_for(client: FlaskClient) -> None:
    """A.2.2.3; QGIS filters on the server only where all four of its classes are named."""
    classes = client.get("/api/conformance").get_json()["conformsTo"]
    spec = "http://www.opengis.net/spec/"
    for part in (
        "ogcapi-features-1/1.0/conf/core", "ogcapi-features-1/1.0/conf/geojson", "ogcapi-features-1/1.0/conf/html",
        "ogcapi-features-1/1.0/conf/oas30", "ogcapi-features-2/1.0/conf/crs", "ogcapi-features-3/1.0/conf/filter",
        "ogcapi-features-3/1.0/conf/features-filter", "ogcapi-features-3/1.0/conf/queryables",
        "cql2/1.0/conf/cql2-json", "cql2/1.0/conf/cql2-text", "cql2/1.0/conf/basic-cql2",
        "cql2/1.0/conf/basic-spatial-functions",
        "ogcapi-features-5/1.0/conf/schemas", "ogcapi-common-1/1.0/conf/core", "ogcapi-common-2/1.0/conf/collections",
    ):  # fmt: skip
        assert spec + part in classes


def test_collections_are_described_and_linked(client: FlaskClient) -> None:
    """A.2.2.4 and A.2.2.5."""
    document = client.get("/api/collections").get_json()
    assert [one["id"] for one in document["collections"]] == list(STAFF)
    for one in document["collections"]:
        alone = client.get(f"/api/collections/{one['id']}").get_json()
        for name in ("id", "title", "description", "extent", "crs", "storageCrs", "itemType"):
            assert alone[name] == one[name]
        assert {"application/geo+json", "text/html"} <= {link["type"] for link in links(one, "items")}
        assert one["extent"]["temporal"]["interval"] == [["2025-01-01T00:00:00Z", "2025-12-31T23:59:59Z"]]


@pytest.mark.parametrize("collection", STAFF)
def test_extent_holds_every_feature(client: FlaskClient, collection: str) -> None:
    west, south, east, north = client.get(f"/api/collections/{collection}").get_json()["extent"]["spatial"]["bbox"][0]
    whole = box(west, south, east, north)
    for feature in items(client, collection=collection)["features"]:
        assert feature["geometry"] is None or whole.covers(shape(feature["geometry"]))


@pytest.mark.parametrize("collection", STAFF)
def test_items_are_geojson(client: FlaskClient, collection: str) -> None:
    """A.2.2.6 to A.2.2.8."""
    answer = client.get(f"/api/collections/{collection}/items")
    assert answer.mimetype == "application/geo+json"
    document = json.loads(answer.data, parse_constant=lambda constant: pytest.fail(constant))
    assert document["type"] == "FeatureCollection"
    assert "crs" not in document
    assert document["numberReturned"] == len(document["features"]) == document["numberMatched"]
    assert ids(document) == sorted(ids(document))
    for feature in document["features"]:
        assert isinstance(feature["id"], str)
        alone = client.get(f"/api/collections/{collection}/items/{feature['id']}").get_json()
        assert {name: alone[name] for name in feature} == feature


@pytest.mark.parametrize("query", ["", "&level=desa", "&bbox=98.2,3.6,98.45,3.75", "&filter=families>100"])
@pytest.mark.parametrize("limit", [1, 3, 5, 16, 1000])
def test_pages_meet_every_feature_once_and_lead_back(client: FlaskClient, limit: int, query: str) -> None:
    whole, path, seen, last = ids(items(client, "?" + query[1:])), f"?limit={limit}{query}", [], None
    while path:
        document = items(client, path)
        assert document["numberMatched"] == len(whole)
        assert document["numberReturned"] == len(document["features"]) <= limit
        seen += ids(document)
        last = document
        found = links(document, "next")
        assert all(link["type"] == "application/geo+json" for link in found)
        path = found[0]["href"].partition("/items")[2] if found else None
    assert seen == whole
    if len(whole) > limit:
        back = links(last, "prev")[0]["href"].partition("/items")[2]
        assert ids(items(client, back)) == whole[-len(last["features"]) - limit : -len(last["features"])]


@pytest.mark.parametrize("limit", ["0", "-1", "x", "1.5", "", "1e3", "٣", "99999999999"])
def test_limit_out_of_range_is_refused(client: FlaskClient, limit: str) -> None:
    assert client.get(f"/api/collections/areas/items?limit={limit}").status_code == 400


def test_limit_beyond_the_largest_is_cut_down(client: FlaskClient) -> None:
    assert items(client, "?limit=99999999")["numberReturned"] == 16


@pytest.mark.parametrize(
    ("bbox", "codes"),
    [
        ("98.21,3.61,98.22,3.62", ["12.05", "12.05.01", "12.05.01.2001"]),
        ("98.2,3.6,98.2,3.6", ["12.05", "12.05.01", "12.05.01.2001"]),
        ("98.21,3.61,0,98.22,3.62,100", ["12.05", "12.05.01", "12.05.01.2001"]),
        (" 98.21 ,3.61,98.22,3.62", ["12.05", "12.05.01", "12.05.01.2001"]),
        ("98.589999999999996,3.89,98.7,4", ["12.05", "12.05.03", "12.05.03.2004"]),
        ("98.59,3.89,-98.3,4", ["12.05", "12.05.03", "12.05.03.2004"]),
        ("170,-10,-170,10", []),
        ("0,0,1,1", []),
    ],
)
def test_bbox(client: FlaskClient, bbox: str, codes: list[str]) -> None:
    """A.2.2.10; west above east goes over the antimeridian."""
    assert ids(items(client, f"?bbox={bbox}")) == codes


def test_bbox_selects_what_meets_it(client: FlaskClient) -> None:
    window = box(98.25, 3.65, 98.45, 3.72)
    everything = items(client)["features"]
    expected = [one["id"] for one in everything if shapely.intersects(shape(one["geometry"]), window)]
    assert ids(items(client, "?bbox=98.25,3.65,98.45,3.72")) == expected
    assert 0 < len(expected) < 16


def test_what_has_no_place_matches_every_bbox(client: FlaskClient) -> None:
    """Requirement 24 C."""
    assert ids(items(client, "?bbox=0,0,1,1", "interventions")) == ["i3"]


@pytest.mark.parametrize(
    "bbox", ["1,2,3", "1,2,3,4,5", "", "a,b,c,d", "1,5,2,4", "1,2,3,inf", "1,2,3,nan", "1,2,3,1e999", "1;2;3;4"]
)
def test_bbox_that_is_none_is_refused(client: FlaskClient, bbox: str) -> None:
    assert client.get(f"/api/collections/areas/items?bbox={bbox}").status_code == 400


@pytest.mark.parametrize(
    ("moment", "count"),
    [
        ("2025-06-01T00:00:00Z", 16), ("2025-06-01", 16), ("2024-12-31T23:59:59Z", 0), ("2024-01-01T00:00:00Z/..", 16),
        ("../2024-01-01", 0), ("/2025-01-01T00:00:00Z", 16), ("2026-01-01/", 0), ("../..", 16),
        ("2024-12-01/2025-01-01", 16), ("2025-12-31T23:59:59.5Z", 16), ("2026-01-01T06:00:00%2B07:00", 16),
    ],
)  # fmt: skip
def test_datetime(client: FlaskClient, moment: str, count: int) -> None:
    """A.2.2.12: every row is of the period 2025-1, of which only the year is certain."""
    assert items(client, f"?datetime={moment}")["numberMatched"] == count


@pytest.mark.parametrize(
    "moment",
    [
        "x", "", "..", "2025", "2025-13-01", "2025-02-30", "2025-01-01T00:00:00", "2026-01-01/2025-01-01", "a/b",
        "1/2/3", "2025-01-01T25:00:00Z", "0001-01-01T00:00:00%2B14:00",
    ],
)  # fmt: skip
def test_datetime_that_is_none_is_refused(client: FlaskClient, moment: str) -> None:
    assert client.get(f"/api/collections/areas/items?datetime={moment}").status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/api/?unknown=1", "/api/conformance?x=1", "/api/collections?x=1", "/api/collections/areas?limit=1",
        "/api/collections/areas/items?unknown=1", "/api/collections/areas/items/12.05?bbox=1,2,3,4",
        "/api/collections/areas/schema?f=html", "/api/openapi.json?f=html", "/api/?f=xml", "/api/?lang=fr",
        "/api/collections/areas/items?limit=1&limit=2", "/api/collections/areas/items?families=x",
        "/api/collections/areas/items?registration_thin=1", "/api/collections/areas/items?headcount_ratio=nan",
    ],
)  # fmt: skip
def test_what_is_not_known_is_refused_as_a_problem(client: FlaskClient, path: str) -> None:
    """A.2.2.11: unknown parameters and invalid values are 400, told in two languages and without a trace."""
    answer = client.get(path)
    assert answer.status_code == 400
    assert answer.mimetype in ("application/problem+json", "text/html")
    if answer.mimetype == "application/problem+json":
        problem = answer.get_json()
        assert problem["status"] == 400
        assert problem["detail"] == problem["message_id"] != problem["message_en"]
        assert "Traceback" not in answer.text
        if "lang" not in path:
            english = client.get(f"{path}&lang=en").get_json()
            assert english["detail"] == english["message_en"] == problem["message_en"]


NOWHERE = (
    "/api/collections/x",
    "/api/collections/x/items",
    "/api/collections/areas/items/x",
    "/api/collections/x/schema",
)


@pytest.mark.parametrize("path", NOWHERE)
def test_what_is_not_there_is_404(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["status"] == 404


@pytest.mark.parametrize(("query", "codes"), [
    ("?code=12.05.01.2001", ["12.05.01.2001"]),
    ("?level=kecamatan", ["12.05.01", "12.05.02", "12.05.03"]),
    ("?level=desa&families=400", ["12.05.01.2001"]),
    ("?families=400.0", ["12.05.01.2001"]),
    ("?status=suppressed&level=desa", ["12.05.02.2003", "12.05.02.2004"]),
    ("?code=", []),
])  # fmt: skip
def test_a_column_as_parameter_really_filters(client: FlaskClient, query: str, codes: list[str]) -> None:
    found = items(client, query)
    if "suppressed" in query:
        assert found["numberMatched"] >= 1
        assert {one["properties"]["status"] for one in found["features"]} == {"suppressed"}
    else:
        assert ids(found) == codes


def test_a_name_with_every_sign_can_be_asked_for(client: FlaskClient) -> None:
    for feature in items(client)["features"]:
        found = client.get("/api/collections/areas/items", query_string={"name": feature["properties"]["name"]})
        assert feature["id"] in ids(found.get_json())


def test_head_options_and_what_is_not_served(client: FlaskClient) -> None:
    path = "/api/collections/areas/items"
    whole, head = client.get(path), client.head(path)
    assert head.data == b""
    for name in ("ETag", "Content-Length", "Content-Type", "Content-Crs"):
        assert head.headers[name] == whole.headers[name]
    assert "POST" not in client.options(path).headers["Allow"], "QGIS would offer editing"
    for method in ("post", "put", "patch", "delete"):
        refused = getattr(client, method)(path)
        assert refused.status_code == 405
        assert set(refused.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


TAGGED = ("/api/", "/api/collections", "/api/openapi.json", "/api/collections/areas/items?limit=3")


@pytest.mark.parametrize("path", TAGGED)
def test_tags_are_of_the_content(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    assert client.get(path).headers["ETag"] == first.headers["ETag"]
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    english = client.get(f"{path}{'&' if '?' in path else '?'}lang=en")
    assert english.headers["ETag"] != first.headers["ETag"]
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept" in first.headers["Vary"]


PROGRAMS = (None, "*/*", "application/geo+json, application/json", "application/json", "image/png")


@pytest.mark.parametrize("accept", PROGRAMS)
def test_programs_get_json(client: FlaskClient, accept: str | None) -> None:
    headers = {} if accept is None else {"Accept": accept}
    assert client.get("/api/", headers=headers).mimetype == "application/json"
    assert client.get("/api/", headers={**headers}, query_string={"f": "html"}).mimetype == "text/html"
    assert client.get("/api/", headers=PAGE, query_string={"f": "json"}).mimetype == "application/json"
