"""What a stranger sees: areas at the public's k, nothing of pockets; and nothing of the staff's by way of a cache."""

from __future__ import annotations

import json
import re

import pytest
from flask.testing import FlaskClient
from small_district import FAMILIES, POOR

PUBLIC = (
    "/", "/data/manifest.json", "/data/areas/desa.json", "/data/values/desa.json", "/data/values/kecamatan.json",
    "/data/legend/desa/headcount_ratio.json", "/data/context/sd.json", "/api/collections/areas/items?limit=1000",
    "/api/collections/areas/download?format=csv", "/healthz", "/login",
)  # fmt: skip
SECRET = ("p-a", "p-b", "Sekolah dasar baru", "Sambungan air", "gi_star", "methods_found", "quadrant")


@pytest.mark.parametrize("path", PUBLIC)
def test_a_stranger_reads_nothing_of_pockets(stranger: FlaskClient, path: str) -> None:
    answer = stranger.get(path)
    assert answer.status_code == 200
    text = answer.get_data(as_text=True)
    if path == "/data/manifest.json":
        document = answer.get_json()
        document.pop("texts")
        text = json.dumps(document)
    for word in SECRET:
        assert not re.search(rf"\b{word}", text), (path, word)


@pytest.mark.parametrize("collection", ["pockets", "interventions", "gaps", "cells"])
@pytest.mark.parametrize("door", ["items", "download"])
def test_other_collections_ask_who_is_there(stranger: FlaskClient, collection: str, door: str) -> None:
    answer = stranger.get(f"/api/collections/{collection}/{door}")
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert {"status", "detail", "code", "reference", "message_id", "message_en"} <= set(answer.get_json())


def test_an_unknown_collection_is_not_there_for_anybody(stranger: FlaskClient) -> None:
    assert stranger.get("/api/collections/patterns/items").status_code == 404


@pytest.mark.parametrize(("who", "k"), [("stranger", 10), ("client", 5)])
def test_small_numbers_by_audience(request: pytest.FixtureRequest, who: str, k: int) -> None:
    """Every door of one audience withholds what lies below its k: poor families, and families that are not poor."""
    client = request.getfixturevalue(who)
    column = client.get("/data/values/desa.json").get_json()["poor_families"]
    rows = client.get("/api/collections/areas/items?limit=1000").get_json()["features"]
    items = [row["properties"]["poor_families"] for row in rows if row["properties"]["level"] == "desa"]
    assert column == items
    for shown, families, poor in zip(column, FAMILIES, POOR, strict=True):
        if 0 < poor < k or 0 < families - poor < k:
            assert shown is None
    csv = client.get("/api/collections/areas/download?format=csv").get_data(as_text=True)
    assert sum(value is not None for value in column) == sum(
        bool(re.search(rf"(^|[,;]){value}([,;]|$)", csv, re.MULTILINE)) for value in column if value is not None
    )


def test_the_public_page_says_what_it_is(stranger: FlaskClient) -> None:
    page = stranger.get("/").get_data(as_text=True)
    assert "Peta yang diumumkan" in page
    assert "Masuk untuk melihat wilayah prioritas dan usulan" in page
    assert 'class="card' not in page
    assert "Unduh" not in page
    assert "di luar wilayah prioritas" not in page
    assert "Tidak ada wilayah prioritas yang signifikan" not in page, "that would be an untruth"
    manifest = stranger.get("/data/manifest.json").get_json()
    assert manifest["pockets"] == []
    assert {layer["id"] for layer in manifest["layers"]}.isdisjoint({"pockets", "interventions"})


@pytest.mark.parametrize("path", ["/data/manifest.json", "/data/values/desa.json", "/api/collections/areas/items"])
def test_a_tag_of_the_staff_is_none_of_the_strangers(client: FlaskClient, stranger: FlaskClient, path: str) -> None:
    mine = client.get(path)
    theirs = stranger.get(path, headers={"If-None-Match": mine.headers["ETag"]})
    assert theirs.status_code == 200
    assert theirs.headers["ETag"] != mine.headers["ETag"]


@pytest.mark.parametrize("path", [*PUBLIC, "/pockets/p-a", "/account", "/admin", "/static/css/base.css", "/nothing"])
def test_no_proxy_keeps_what_was_made_for_one(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        kept = answer.headers["Cache-Control"]
        if path.startswith("/static"):
            assert "Set-Cookie" not in answer.headers
        else:
            assert "no-store" in kept or "private" in kept
            assert "public" not in kept
            assert "Cookie" in answer.headers["Vary"]


def test_health_says_no_more_than_that_it_lives(stranger: FlaskClient) -> None:
    assert set(stranger.get("/healthz").get_json()) == {"status", "run"}


def test_the_statistician_meets_no_identity(as_role) -> None:
    client = as_role("statistician")
    assert client.get("/data/pockets.json").status_code == 200
    page = client.get("/").get_data(as_text=True)
    assert "/updates" not in page


def test_the_header_offers_what_the_role_may_open(as_role, stranger: FlaskClient) -> None:
    assert "/interventions" not in stranger.get("/").get_data(as_text=True).split("</header>")[0]
    admin = as_role("admin").get("/").get_data(as_text=True).split("</header>")[0]
    viewer = as_role("viewer").get("/").get_data(as_text=True).split("</header>")[0]
    assert 'href="/admin"' in admin
    assert 'href="/admin' not in viewer
    assert "Keluar" in viewer
