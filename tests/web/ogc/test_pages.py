"""The same resources as pages: in both languages, without markup out of names, and with the way on."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

PAGE = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PATHS = (
    "/api/", "/api/conformance", "/api/collections", "/api/collections/areas", "/api/collections/areas/items?limit=5",
    "/api/collections/areas/items/12.05", "/api/collections/interventions/items", "/api/collections/pockets/items/p-a",
    "/api/collections/cells/items", "/api/collections/interventions_line/items", "/api/collections/gaps",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("lang", ["id", "en"])
def test_page(client: FlaskClient, path: str, lang: str) -> None:
    client.set_cookie("lang", lang)
    answer = client.get(path, headers=PAGE)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert answer.mimetype == "text/html"
    assert f'<html lang="{lang}">' in page
    assert page.count("<h1>") == 1
    assert "<script>window" not in page
    assert "{{" not in page.replace("{{7*7}}", "")
    assert ">49<" not in page
    for href in re.findall(r'href="(/api/[^"#]+|http://localhost/api[^"#]*)"', page):
        assert client.get(href.replace("&amp;", "&"), headers=PAGE).status_code == 200, href


def test_a_withheld_value_is_a_dash_and_no_zero(client: FlaskClient) -> None:
    page = client.get("/api/collections/areas/items/12.05.02.2004", headers=PAGE).get_data(as_text=True)
    row = re.search(r"<code>poor_families</code></small></th><td>([^<]*)</td>", page)
    assert row[1] == "–"


def test_pages_go_on(client: FlaskClient) -> None:
    page = client.get("/api/collections/areas/items?limit=10&f=html").get_data(as_text=True)
    onward = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
    second = client.get(onward)
    assert second.mimetype == "text/html"
    assert second.get_data(as_text=True).count('<th scope="row"><a') == 6


def test_a_refusal_is_a_page_for_people(client: FlaskClient) -> None:
    answer = client.get("/api/collections/areas/items?filter=families >", headers=PAGE)
    assert answer.status_code == 400
    assert answer.mimetype == "text/html"
    assert "teks CQL2 terputus" in answer.get_data(as_text=True)


def test_who_has_not_logged_in_is_told_as_a_page_or_as_a_problem(stranger: FlaskClient) -> None:
    program = stranger.get("/api/collections/pockets/items")
    assert (program.status_code, program.mimetype) == (401, "application/problem+json")
    person = stranger.get("/api/collections/pockets/items", headers=PAGE)
    assert (person.status_code, person.mimetype) == (401, "text/html")
    assert 'href="/login' in person.get_data(as_text=True)
