"""Every route, by name: deleting one fails here, and adding one means adding its line."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

ROUTES = {
    "/",
    "/pockets/<pocket_id>",
    "/pockets/<pocket_id>/map.html",
    "/pockets/<pocket_id>/sheet.pdf",
    "/interventions",
    "/interventions/<intervention_id>",
    "/interventions/rab.xlsx",
    "/statistics",
    "/explore",
    "/data/explore.json",
    "/scenarios",
    "/data/scenarios.json",
    "/healthz",
    "/login",
    "/logout",
    "/account",
    "/account/password",
    "/admin",
    "/admin/users",
    "/admin/users/<int:user_id>/password",
    "/admin/users/<int:user_id>/role",
    "/admin/users/<int:user_id>/disable",
    "/admin/users/<int:user_id>/enable",
    "/admin/permissions",
    "/admin/audit",
    "/admin/publication",
    "/atlas",
    "/atlas/<job_id>.pdf",
    "/map.html",
    "/data/manifest.json",
    "/data/areas/<level>.json",
    "/data/values/<level>.json",
    "/data/legend/<level>/<name>.json",
    "/data/pockets.json",
    "/data/interventions.json",
    "/data/context/<name>.json",
    "/data/raster/<name>.png",
    "/api/",
    "/api/conformance",
    "/api/openapi.json",
    "/api/collections",
    "/api/collections/<collection>",
    "/api/collections/<collection>/schema",
    "/api/collections/<collection>/queryables",
    "/api/collections/<collection>/items",
    "/api/collections/<collection>/items/<feature_id>",
    "/api/collections/<collection>/download",
    "/static/<path:filename>",
    "/admin/intake",
    "/admin/intake/uploads/<token>",
    "/admin/intake/uploads/<token>/choices",
    "/admin/intake/uploads/<token>/mapping",
    "/admin/intake/uploads/<token>/start",
    "/admin/intake/uploads/<token>/discard",
    "/admin/intake/imports/<import_id>/quarantine",
    "/admin/registry",
    "/admin/registry/imports/<import_id>",
    "/admin/registry/records",
    "/admin/duplicates",
    "/admin/duplicates/<int:number>",
    "/admin/lists",
    "/admin/lists/match",
    "/admin/identity",
    "/admin/erasure",
    "/jobs",
    "/jobs/<job_id>",
    "/jobs/<job_id>/cancel",
    "/data/jobs/<job_id>.json",
    "/updates",
    "/updates/new",
    "/updates/batch",
    "/updates/batch/<word>",
    "/updates/lists",
    "/updates/lists/<int:list_id>.<kind>",
    "/updates/lists/filled",
    "/updates/meeting",
    "/updates/meeting.pdf",
    "/updates/accept",
    "/updates/accepted",
    "/updates/where-first",
    "/updates/upward",
    "/updates/papers/<int:attachment_id>",
    "/updates/meetings/<int:meeting_id>.pdf",
    "/updates/together/<action>",
    "/updates/<int:case_id>",
    "/updates/<int:case_id>/identity",
    "/updates/<int:case_id>/visit",
    "/updates/<int:case_id>/back",
    "/updates/<int:case_id>/papers",
    "/updates/<int:case_id>/step/<action>",
}

PAGES = (
    "/", "/pockets/p-a", "/interventions", "/interventions/i1", "/interventions?strategy=2&pocket=p-a", "/statistics",
    "/explore", "/scenarios",
)  # fmt: skip
DOCUMENTS = (
    "/healthz",
    "/data/manifest.json",
    "/data/areas/desa.json",
    "/data/areas/kecamatan.json",
    "/data/values/desa.json",
    "/data/legend/desa/headcount_ratio.json",
    "/data/pockets.json",
    "/data/interventions.json",
    "/data/context/sd.json",
    "/data/context/jalan.json",
    "/api/collections/pockets/items",
    "/api/collections/gaps/items?limit=1",
)


def test_golden_list(app: Flask) -> None:
    assert {rule.rule for rule in app.url_map.iter_rules()} == ROUTES


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["id", "en"])
def test_page(client: FlaskClient, path: str, lang: str) -> None:
    client.set_cookie("lang", lang)
    response = client.get(path)
    page = response.get_data(as_text=True)
    assert response.status_code == 200
    assert f'<html lang="{lang}">' in page
    assert "Kabupaten Contoh" in page
    assert ("data contoh (sintetis)" if lang == "id" else "example data (synthetic)") in page


@pytest.mark.parametrize("path", PAGES)
def test_page_has_no_inline_code(client: FlaskClient, path: str) -> None:
    page = client.get(path).get_data(as_text=True)
    assert not re.search(r"\sstyle=", page)
    assert not re.search(r"\son[a-z]+=", re.sub(r"&[a-z#0-9]+;", "", page))
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))
    assert not re.search(r"(src|href)=\"(https?:)?//", page)


@pytest.mark.parametrize("path", PAGES)
def test_static_files_of_a_page_exist(client: FlaskClient, path: str) -> None:
    found = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', client.get(path).get_data(as_text=True)))
    assert found
    for file in found:
        with client.get(file) as response:
            assert response.status_code == 200, file


@pytest.mark.parametrize("path", DOCUMENTS)
def test_document(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response.get_json() is not None


@pytest.mark.parametrize(
    "path", ["/nothing", "/pockets/p-z", "/pockets/p-z/map.html", "/pockets/p-z/sheet.pdf", "/interventions?pocket=p-z",
             "/interventions/i9",
             "/data/areas/rt.json", "/data/legend/desa/nothing.json", "/data/context/nothing.json",
             "/data/raster/nothing.png", "/api/collections/patterns/items", "/api/collections/patterns/download"],
)  # fmt: skip
def test_what_is_not_there(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/interventions?strategy=8", "/data/legend/desa/headcount_ratio.json?method=box",
             "/data/legend/desa/headcount_ratio.json?k=9", "/api/collections/areas/items?limit=0",
             "/api/collections/areas/items?limit=-1", "/api/collections/areas/items?offset=x",
             "/api/collections/areas/items?nonsense=1", "/api/collections/areas/download?format=exe",
             "/api/collections/areas/download?lang=fr"],
)  # fmt: skip
def test_what_cannot_be_asked(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 400
    if path.startswith(("/data", "/api")):
        assert response.get_json()["message_id"] != response.get_json()["message_en"]
