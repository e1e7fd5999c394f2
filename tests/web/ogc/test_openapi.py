"""The OpenAPI document is valid, names every route and parameter, and holds for every answer (schemathesis)."""

from __future__ import annotations

import re

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.specs.openapi.definitions import OPENAPI_30_VALIDATOR

from gisapp.web.ogc.asked import ITEMS, LARGEST_LIMIT
from tests.web.ogc.test_core import OPENAPI, STAFF

load_all_checks()
#: Parameters whose values the schema calls texts and arrays, with some that mean something.
MEANT = {
    "filter": ["families > 100", "status = 'present'", "TRUE"], "filter-lang": ["cql2-text"],
    "bbox": ["98.2,3.6,98.4,3.7", "170,-10,-170,10"], "bbox-crs": ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"],
    "datetime": ["2025-01-01", "../2024-01-01T00:00:00Z"], "crs": ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"],
}  # fmt: skip
#: All operations of one collection with rows, of an empty one, and those around them.
OPERATIONS = r"^(landing|conformance|openapi|collections|(areas|interventions_line)\.(?!download).*)$"


def test_the_document_is_openapi(client: FlaskClient, stranger: FlaskClient) -> None:
    for one in (client, stranger):
        answer = one.get("/api/openapi.json")
        assert answer.content_type == OPENAPI
        assert list(OPENAPI_30_VALIDATOR.iter_errors(answer.get_json())) == []


def test_every_route_is_described_and_nothing_else(app: Flask, client: FlaskClient) -> None:
    described = set(client.get("/api/openapi.json").get_json()["paths"])
    routes = {rule.rule.removeprefix("/api") for rule in app.url_map.iter_rules() if rule.endpoint.startswith("ogc.")}
    expected = {
        route.replace("<collection>", collection).replace("<feature_id>", "{featureId}")
        for route in routes
        for collection in STAFF
    }
    assert described == expected


def test_every_parameter_of_items_is_described_and_nothing_else(client: FlaskClient) -> None:
    document = client.get("/api/openapi.json").get_json()
    for collection in STAFF:
        listed = document["paths"][f"/collections/{collection}/items"]["get"]["parameters"]
        shared = document["components"]["parameters"]
        named = [one.get("name") or shared[one["$ref"].rpartition("/")[2]]["name"] for one in listed]
        columns = client.get(f"/api/collections/{collection}/queryables").get_json()["properties"].keys() - {"geometry"}
        assert sorted(named) == sorted(ITEMS | columns)


def test_every_reference_leads_somewhere(client: FlaskClient) -> None:
    document = client.get("/api/openapi.json")
    for reference in set(re.findall(r'"\$ref":"#/([^"]+)"', document.get_data(as_text=True))):
        found = document.get_json()
        for step in reference.split("/"):
            found = found[step]


def operations(app: Flask, cookie: str):
    document = app.test_client().get("/api/openapi.json", headers={"Cookie": cookie}).get_json()
    schema = schemathesis.openapi.from_dict(document)
    schema.app = app
    for found in schema.get_all_operations():
        operation = found.ok()
        if re.match(OPERATIONS, operation.definition.raw["operationId"]):
            yield operation


@pytest.fixture
def cookie(client: FlaskClient) -> str:
    return f"gisapp={client.get_cookie('gisapp').value}"


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_what_is_described_is_what_is_answered(app: Flask, cookie: str, mode: GenerationMode) -> None:
    """Generated requests, allowed and not: no server error, every answer as its schema says."""
    checked = 0
    for operation in operations(app, cookie):

        @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(operation.as_strategy(generation_mode=mode), st.data())
        def answers_hold(case, data):
            nonlocal checked
            if mode is GenerationMode.POSITIVE:
                meant(case, data)
            else:
                assume(not too_large(case.query.get("limit")))
            answer = case.call_and_validate(headers={"Cookie": cookie, "Accept-Encoding": "identity"}, checks=ALL)
            checked += answer.status_code == (200 if mode is GenerationMode.POSITIVE else 400)

        answers_hold()
    assert checked > 50


def too_large(limit) -> bool:
    """A limit beyond the largest is cut down and no error (17-069r4, requirement 20 and its note)."""
    text = str(limit)
    return text.isascii() and text.isdigit() and int(text) > LARGEST_LIMIT


def meant(case, data) -> None:
    """Keep three parameters of a request at most, and give those that are a language of their own a sentence."""
    names = sorted(case.query)
    kept = data.draw(st.sets(st.sampled_from(names), max_size=3)) if names else set()
    for name in names:
        if name not in kept:
            del case.query[name]
        elif name in MEANT:
            case.query[name] = data.draw(st.sampled_from(MEANT[name]))
    if "filter" not in case.query:
        case.query.pop("filter-lang", None)


#: These two follow a resource that was made or deleted; nothing is made here.
OF_CHANGES = {"use_after_free", "ensure_resource_availability"}
ALL = [check for check in CHECKS.get_all() if check.__name__ not in OF_CHANGES]


def test_the_checks_include_ignored_authentication() -> None:
    names = {check.__name__ for check in ALL}
    assert {
        "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
        "ignored_auth", "negative_data_rejection", "positive_data_acceptance",
    } <= names  # fmt: skip


def test_what_is_said_to_need_a_session_needs_one(client: FlaskClient, stranger: FlaskClient) -> None:
    """Neither without a session nor with a made-up one; what is said to be open is open."""
    paths = client.get("/api/openapi.json").get_json()["paths"]
    needing = [path for path, one in paths.items() if one["get"]["security"] == [{"session": []}]]
    assert len(needing) == 6 * (len(STAFF) - 1)
    for path, one in paths.items():
        address = "/api" + path.format(featureId="12.05")
        status = 401 if path in needing else 200
        assert stranger.get(address).status_code == status, address
        assert stranger.get(address, headers={"Cookie": "gisapp=made-up"}).status_code == status, address
        assert "401" in one["get"]["responses"] or status == 200
