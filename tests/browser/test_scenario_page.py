"""The page of scenarios in a real browser: a budget is moved by pointer and by key, on a desk and on a phone."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

DRAWN = "drawn => Number(document.getElementById('try').dataset.drawn ?? 0) > drawn"
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
TOO_SMALL = """least => [...document.querySelectorAll('main button, main select, main input[type=range]')]
    .filter((one) => one.offsetParent && one.offsetHeight < least).map((one) => one.outerHTML)"""
SMALLEST_TOUCH = 44


def page_of(server: str, watched, query: str = "") -> Page:
    if watched.role is None:
        watched.enter(server, "planner")
    watched.page.goto(f"{server}/scenarios{query}")
    watched.page.wait_for_selector("#try[data-ready]")
    return watched.page


def test_a_smaller_budget_is_answered_kept_in_the_address_and_taken_back(demo_server, watched) -> None:
    page = page_of(demo_server, watched)
    usual, bought = page.locator("#sentence").inner_text(), page.locator("#try-rows tr.bought").count()
    page.locator("#budget").fill("20")
    page.wait_for_function(DRAWN, arg=0)
    page.wait_for_url("**/scenarios?budget=*")
    expect(page.locator("#sentence")).not_to_have_text(usual)
    assert page.locator("#try-rows tr.bought").count() < bought
    assert "budget_idr" in (page.locator("#toml").text_content() or "")
    page.reload()
    page.wait_for_selector("#try[data-ready]")
    assert page.locator("#budget").input_value() == "20"
    page.go_back()
    expect(page.locator("#sentence")).to_have_text(usual)
    assert watched.problems == []
    assert {urlsplit(url).netloc for url in watched.requests} - {""} == {urlsplit(demo_server).netloc}


def test_the_map_holds_what_the_table_says_and_keys_move_the_budget(demo_server, watched) -> None:
    page = page_of(demo_server, watched, "?budget=0")
    assert page.locator("#try-rows tr.bought").count() == page.locator("#try-map .spot.some").count() == 0
    page.locator("#budget").focus()
    page.keyboard.press("End")
    page.wait_for_function(DRAWN, arg=0)
    numbers = page.locator("#try-map .spot text").all_text_contents()
    on_map = [tuple(map(int, text.split("/"))) for text in numbers]
    assert sum(some for some, _ in on_map) == page.locator("#try-rows tr.bought").count() > 0
    assert sum(all_ for _, all_ in on_map) == page.locator("#try-rows tr[data-id]").count()


def test_nothing_is_wider_than_a_phone(demo_server, watched_phone) -> None:
    page = page_of(demo_server, watched_phone)
    assert page.evaluate(WIDER) == 0
    assert page.evaluate(TOO_SMALL, SMALLEST_TOUCH) == []
    assert watched_phone.problems == []
