"""Trying thresholds and reading how sure the figures are, in a real browser: desk, phone and keyboard."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

DRAWN = "drawn => Number(document.getElementById('explore').dataset.drawn) > drawn"
SMALLEST_TOUCH = 44
TOO_SMALL = """least => [...document.querySelectorAll('main button, main select, main a.button')]
    .filter((one) => one.offsetParent && one.offsetHeight < least).map((one) => one.outerHTML)"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def explore(server: str, watched, query: str = "") -> Page:
    if watched.role is None:
        watched.enter(server, "planner")
    watched.page.goto(f"{server}/explore{query}")
    watched.page.wait_for_selector("#explore[data-ready]")
    return watched.page


def drawn(page: Page) -> int:
    return int(page.locator("#explore").get_attribute("data-drawn") or 0)


def test_a_moved_control_is_answered_and_can_be_taken_back(demo_server, watched) -> None:
    page = explore(demo_server, watched)
    usual, before = page.locator("#sentence").inner_text(), drawn(page)
    page.locator("#level").fill("10")
    page.wait_for_url("**/explore?level=10")
    page.wait_for_function(DRAWN, arg=before)
    expect(page.locator("#level-shown")).to_have_text("10\u00a0%")
    expect(page.locator("#sentence")).not_to_have_text(usual)
    assert "significance_level" in (page.locator("#toml").text_content() or "")
    page.go_back()
    expect(page.locator("#sentence")).to_have_text(usual)
    assert watched.problems == []
    assert {urlsplit(url).netloc for url in watched.requests} - {""} == {urlsplit(demo_server).netloc}


def test_the_table_holds_what_the_map_shows(demo_server, watched) -> None:
    page = explore(demo_server, watched, "?level=20&deciles=1,2")
    assert page.locator("#desa-rows tr[data-code]").count() == page.locator("#map path[data-code]").count() > 200
    signs = page.locator("#map .mark-in").count() + page.locator("#map .mark-out").count()
    page.check("#only-changed")
    assert page.locator("#desa-rows tr[data-code]").count() == signs > 0


def test_shares_that_may_not_stand_alone_are_marked_and_explained(demo_server, watched) -> None:
    page = explore(demo_server, watched)
    answer = page.evaluate("fetch('/data/explore.json').then((answer) => answer.json())")
    areas = answer["areas"]
    standings = dict(zip(areas["code"], areas["headcount_standing"], strict=True))
    marked = [code for code, standing in standings.items() if standing == "not_alone"]
    for row in page.locator("#desa-rows tr[data-code]").all():
        assert ("†" in row.inner_text()) == (row.get_attribute("data-code") in marked)
    assert ("†" in page.locator("#notes").inner_text()) == bool(marked)


@pytest.mark.parametrize("path", ["/explore", "/statistics"])
def test_nothing_is_wider_than_a_phone(demo_server, watched_phone, path: str) -> None:
    watched_phone.enter(demo_server, "planner")
    page = watched_phone.page
    page.goto(demo_server + path)
    page.wait_for_load_state("networkidle")
    assert page.evaluate(WIDER) == 0
    assert page.evaluate(TOO_SMALL, SMALLEST_TOUCH) == []
    assert watched_phone.problems == []


def test_every_picture_has_its_table(demo_server, watched) -> None:
    watched.enter(demo_server, "planner")
    page = watched.page
    page.goto(f"{demo_server}/statistics")
    for section in page.locator("main section.panel").all():
        if section.locator("svg").count():
            tables = section.locator("table tbody tr")
            assert tables.count() > 0, section.locator("h2").inner_text()
    expect(page.locator("#tests h2")).to_be_visible()
    assert watched.problems == []


def test_a_kecamatan_can_be_chosen(demo_server, watched) -> None:
    watched.enter(demo_server, "planner")
    page = watched.page
    page.goto(f"{demo_server}/statistics")
    all_rows = page.locator("#tests table.sortable tbody tr, #tests details tbody tr").count()
    page.locator("select[name=kecamatan]").select_option(index=1)
    page.locator("form:has(select[name=kecamatan]) button").click()
    page.wait_for_load_state()
    assert 0 < page.locator("#tests table.sortable tbody tr, #tests details tbody tr").count() < all_rows
