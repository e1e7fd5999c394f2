"""The policy stands on every answer, errors and downloads too; a foreign host name is refused."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gisapp.access.permissions import matrix
from gisapp.errors import GisappError, NotFoundError, PermissionRefusedError
from gisapp.web import errors
from gisapp.web.security import CONTENT_SECURITY_POLICY

EVERYWHERE = (
    "/", "/pockets/p-a", "/interventions", "/nothing", "/pockets/p-z", "/healthz", "/data/manifest.json", "/data/none",
    "/login", "/account",
    "/api/collections/areas/items", "/api/collections/areas/items?limit=x", "/static/css/base.css",
    "/api/collections/areas/download?format=csv", "/map.html",
)  # fmt: skip


@pytest.mark.parametrize("path", EVERYWHERE)
def test_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as response:
        assert response.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"


def test_policy_has_no_way_around() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY
    for directive in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "script-src 'self'"):
        assert directive in CONTENT_SECURITY_POLICY


@pytest.mark.parametrize("path", ["/", "/pockets/p-a", "/interventions", "/nothing"])
def test_pages_are_not_kept(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("host", ["evil.example", "gisapp.evil.example:80", "127.0.0.1.evil.example"])
def test_a_foreign_name_for_this_machine_is_refused(client: FlaskClient, host: str) -> None:
    response = client.get("/", headers={"Host": host})
    assert response.status_code == 400
    assert "Content-Security-Policy" in response.headers


@pytest.mark.parametrize("path", ["/map.html", "/pockets/p-a/map.html"])
def test_portable_map_is_never_shown_in_place(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith("attachment")


def subclasses(kind: type) -> set[type]:
    return {kind}.union(*(subclasses(child) for child in kind.__subclasses__()))


def test_every_error_of_ours_has_a_status() -> None:
    ours = {kind for kind in subclasses(GisappError) if kind.__module__ == "gisapp.errors"}
    assert ours <= set(errors.STATUS_OF)


@pytest.mark.parametrize(("kind", "status"), list(errors.STATUS_OF.items()))
def test_error_page_speaks_both_languages(
    fresh_app: Flask, kind: type[GisappError], status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> str:
        raise kind("English sentence.", "Kalimat Indonesia.", code="example")

    monkeypatch.setitem(matrix().routes, "fail", "open")
    monkeypatch.setitem(matrix().routes, "fails_json", "open")
    fresh_app.add_url_rule("/fails", view_func=fail)
    fresh_app.add_url_rule("/data/fails", endpoint="fails_json", view_func=fail)
    page = fresh_app.test_client().get("/fails")
    assert page.status_code == status
    text = page.get_data(as_text=True)
    assert "English sentence." in text
    assert "Kalimat Indonesia." in text
    document = fresh_app.test_client().get("/data/fails")
    assert document.status_code == status
    assert document.get_json()["code"] == "example"
    assert len(document.get_json()["reference"]) == 8


def test_an_unexpected_error_tells_a_number_and_nothing_else(fresh_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        raise RuntimeError("secret 3301010101010001")

    monkeypatch.setitem(matrix().routes, "fail", "open")
    fresh_app.add_url_rule("/fails", view_func=fail)
    response = fresh_app.test_client().get("/fails")
    assert response.status_code == 500
    assert "secret" not in response.get_data(as_text=True)
    assert "3301010101010001" not in response.get_data(as_text=True)


def test_no_page_and_no_log_repeats_a_nik(
    fresh_app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    nik = "1205010101900001"

    def fail(word: str) -> str:
        raise NotFoundError(f"No family {word}.", f"Tidak ada keluarga {word}.")

    paths = {"fail": "/fails/<word>", "fail_json": "/data/fails/<word>"}
    for endpoint, path in paths.items():
        monkeypatch.setitem(matrix().routes, endpoint, "open")
        fresh_app.add_url_rule(path, endpoint=endpoint, view_func=fail)
    for path in paths.values():
        answer = fresh_app.test_client().get(path.replace("<word>", nik))
        assert answer.status_code == 404
        assert nik not in answer.get_data(as_text=True)
    assert "fails" in caplog.text
    assert nik not in caplog.text


def test_the_nearest_class_decides() -> None:
    class Closer(NotFoundError):
        pass

    assert errors.status_of(Closer("x")) == 404
    assert errors.status_of(PermissionRefusedError("x")) == 403


def test_post_is_not_served(client: FlaskClient) -> None:
    assert client.post("/").status_code == 405
