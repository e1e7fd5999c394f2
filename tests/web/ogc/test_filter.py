"""Part 3 and Part 5 over HTTP: CQL2 in both encodings, schema and queryables, and no side door to what is withheld."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from flask.testing import FlaskClient
from small_district import FAMILIES, POOR

from gisapp.release.coordinates import epsg, out_of_degrees
from tests.web.ogc.test_core import STAFF, ids, items


def filtered(client: FlaskClient, text: str, collection: str = "areas", **more: str):
    query = {"filter": text, **more}
    answer = client.get(f"/api/collections/{collection}/items", query_string=query)
    assert answer.status_code == 200, answer.get_json()
    return ids(answer.get_json())


@pytest.mark.parametrize("lang", ["cql2-text", "cql2-json"])
def test_both_encodings_select_the_same(client: FlaskClient, lang: str) -> None:
    texts = {
        "cql2-text": "level = 'desa' AND families >= 350",
        "cql2-json": json.dumps({
            "op": "and",
            "args": [
                {"op": "=", "args": [{"property": "level"}, "desa"]},
                {"op": ">=", "args": [{"property": "families"}, 350]},
            ],
        }),
    }  # fmt: skip
    found = filtered(client, texts[lang], **{"filter-lang": lang})
    assert found == ["12.05.01.2001", "12.05.01.2002", "12.05.01.2003"]


def test_a_place_in_the_filter_is_read_in_its_system(client: FlaskClient) -> None:
    crs = epsg(32647)
    x, y = shapely.get_coordinates(out_of_degrees(np.array([shapely.Point(98.25, 3.65)], dtype=object), crs))[0]
    expected = filtered(client, "S_INTERSECTS(geometry, POINT(98.25 3.65))")
    assert expected == ["12.05", "12.05.01", "12.05.01.2001"]
    assert filtered(client, f"S_INTERSECTS(geometry, POINT({x} {y}))", **{"filter-crs": crs}) == expected
    assert filtered(client, "S_INTERSECTS(geometry, POINT(3.65 98.25))", **{"filter-crs": epsg(4326)}) == expected
    assert (
        filtered(client, "S_INTERSECTS(geometry, BBOX(3.64, 98.24, 3.66, 98.26))", **{"filter-crs": epsg(4326)})
        == expected
    )


@pytest.mark.parametrize(
    "query", ["filter=families>", "filter=x=1", "filter=true&filter-lang=sql", "filter=", "filter=1"]
)
def test_a_filter_that_cannot_be_answered_is_400(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/api/collections/areas/items?{query}")
    assert answer.status_code == 400
    assert answer.get_json()["code"] in ("filter", "filter-lang")


def test_filter_box_and_column_must_all_hold(client: FlaskClient) -> None:
    query = {"filter": "families > 100", "bbox": "98.21,3.61,98.22,3.62", "level": "desa"}
    assert ids(client.get("/api/collections/areas/items", query_string=query).get_json()) == ["12.05.01.2001"]


@pytest.mark.parametrize("collection", STAFF)
@pytest.mark.parametrize("document", ["schema", "queryables"])
def test_schema_names_every_column_once_and_its_roles(client: FlaskClient, collection: str, document: str) -> None:
    answer = client.get(f"/api/collections/{collection}/{document}")
    assert answer.mimetype == "application/schema+json"
    schema = answer.get_json()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"].endswith(f"/api/collections/{collection}/{document}")
    roles = {one.get("x-ogc-role"): name for name, one in schema["properties"].items() if "x-ogc-role" in one}
    assert set(roles) == {"id", "primary-geometry"}
    for feature in items(client, collection=collection)["features"]:
        assert list(feature["properties"]) == [name for name in schema["properties"] if name != "geometry"]
        assert feature["properties"][roles["id"]] == feature["id"]


@pytest.mark.parametrize("collection", ["areas", "pockets", "interventions", "gaps", "cells"])
def test_every_queryable_filters_by_parameter_and_by_filter(client: FlaskClient, collection: str) -> None:
    """GDAL believes what is advertised: values of each column select exactly the rows that have them."""
    rows = items(client, collection=collection)["features"]
    properties = client.get(f"/api/collections/{collection}/queryables").get_json()["properties"]
    for name in properties:
        if name == "geometry":
            continue
        values = sorted({json.dumps(row["properties"][name]) for row in rows if row["properties"][name] is not None})
        for value in values[:2]:
            plain = json.loads(value)
            expected = [row["id"] for row in rows if row["properties"][name] == plain]
            written = plain if isinstance(plain, str) else value
            asked = client.get(f"/api/collections/{collection}/items", query_string={name: written})
            assert ids(asked.get_json()) == expected, (name, value)
            condition = {"op": "=", "args": [{"property": name}, plain]}
            assert filtered(client, json.dumps(condition), collection, **{"filter-lang": "cql2-json"}) == expected


@pytest.mark.parametrize(("who", "k"), [("stranger", 10), ("client", 5)])
def test_no_filter_finds_a_withheld_number(request: pytest.FixtureRequest, who: str, k: int) -> None:
    """Every true number that is withheld, asked for by each operator: the row is never among those found."""
    client = request.getfixturevalue(who)
    rows = {row["id"]: row["properties"] for row in items(client, "?level=desa")["features"]}
    withheld = [code for code, row in rows.items() if row["status"] == "suppressed"]
    assert withheld
    for code in withheld:
        number = list(rows).index(code)
        for name, true in (("families", FAMILIES[number]), ("poor_families", POOR[number])):
            assert rows[code][name] is None
            ratio = POOR[number] / FAMILIES[number]
            for condition in (
                f"{name} = {true}", f"{name} <> {true}", f"NOT {name} = {true}", f"{name} > {true - 1}", f"{name} >= 0",
                f"{name} < {true + 1}", f"{name} BETWEEN {true} AND {true}", f"{name} IN ({true})", f"{name} = {name}",
                f"NOT ({name} <> {true})", f"headcount_ratio = {ratio!r}", "headcount_ratio >= 0",
                f"NOT headcount_ratio > {ratio + 0.1}",
            ):  # fmt: skip
                assert code not in filtered(client, condition), condition
            assert code in filtered(client, f"{name} IS NULL")
            assert code not in ids(items(client, f"?{name}={true}"))


def test_a_strangers_filter_does_not_know_what_is_not_shown(stranger: FlaskClient) -> None:
    for name in ("pocket_id", "gi_star_z", "rank"):
        for query in ({"filter": f"{name} IS NOT NULL"}, {name: "1"}):
            assert stranger.get("/api/collections/areas/items", query_string=query).status_code == 400
    assert "pocket_id" not in stranger.get("/api/collections/areas/queryables").get_data(as_text=True)


def test_strangers_are_offered_what_is_published(stranger: FlaskClient) -> None:
    assert [one["id"] for one in stranger.get("/api/collections").get_json()["collections"]] == ["areas"]
    paths = stranger.get("/api/openapi.json").get_json()["paths"]
    assert not any("pockets" in path for path in paths)
    for collection in STAFF[1:]:
        for path in ("", "/items", "/items/x", "/schema", "/queryables", "/download"):
            assert stranger.get(f"/api/collections/{collection}{path}").status_code == 401
