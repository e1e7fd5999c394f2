"""The planner's page in a real browser."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

pytestmark = pytest.mark.browser

FILLS = "() => [...document.querySelectorAll('#map path[data-class]')].map((path) => path.getAttribute('fill'))"
SMALLEST_TOUCH = 44


def legend_counts(page: Page) -> list[int]:
    return [int(text.replace(".", "")) for text in page.locator("#legend .count").all_inner_texts()]


def first_pocket(page: Page) -> str:
    return str(page.locator("[data-pocket-id]").first.get_attribute("data-pocket-id"))


def test_no_foreign_host_and_no_violation(demo_server, watched) -> None:
    page = watched.map(f"{demo_server}/")
    for box in page.locator("#layers input[type=checkbox]:not([disabled])").all():
        box.check()
    page.wait_for_load_state("networkidle")
    pocket = first_pocket(page)
    for path in (f"/pockets/{pocket}", "/interventions", "/?lang=en"):
        page.goto(demo_server + path)
        page.wait_for_load_state("networkidle")
    assert watched.problems == []
    assert {urlsplit(url).netloc for url in watched.requests} - {""} == {urlsplit(demo_server).netloc}
    assert {urlsplit(url).scheme for url in watched.requests} <= {"http", "data", "blob"}


def test_first_load_before_data_is_small(demo_server, watched) -> None:
    sizes: dict[str, int] = {}
    watched.page.on("response", lambda answer: sizes.update({answer.url: len(answer.body())}))
    watched.map(f"{demo_server}/")
    page = {url: size for url, size in sizes.items() if "/data/" not in url}
    assert sum(page.values()) < 300_000


def test_legend_counts_equal_polygons_and_follow_the_indicator(demo_server, watched) -> None:
    page = watched.map(f"{demo_server}/")
    before = page.evaluate(FILLS)
    assert sum(legend_counts(page)) == len(before) > 200
    page.select_option("#indicator", index=8)
    page.wait_for_function(
        f"before => JSON.stringify(({FILLS})()) !== before", arg=json.dumps(before, separators=(",", ":"))
    )
    after = page.evaluate(FILLS)
    assert sum(legend_counts(page)) == len(after) == len(before)
    for row in page.locator("#legend li").all():
        name, count = row.get_attribute("data-class"), int(row.locator(".count").inner_text().replace(".", ""))
        assert page.locator(f'#map path[data-class="{name}"]').count() == count


@pytest.mark.parametrize("classes", ["2", "5"])
@pytest.mark.parametrize("method", ["quantile", "equal_interval", "natural_breaks"])
def test_classes_can_be_chosen(demo_server, watched, method: str, classes: str) -> None:
    page = watched.map(f"{demo_server}/#m={method}&k={classes}")
    assert page.locator("#method").input_value() == method
    assert page.locator("#legend li[data-class]:not([data-class^='-'])").count() <= int(classes)
    assert sum(legend_counts(page)) == page.locator("#map path[data-class]").count()


def test_a_pocket_by_keyboard_alone(demo_server, watched) -> None:
    page = watched.map(f"{demo_server}/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    head = page.locator(".card-head").first
    for _ in range(40):
        if page.evaluate("document.activeElement.classList.contains('card-head')"):
            break
        page.keyboard.press("Tab")
    expect(head).to_be_focused()
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-expanded", "true")
    assert f"p={first_pocket(page)}" in page.url
    assert page.locator("#table tr.member").count() > 0
    page.keyboard.press("Tab")
    expect(page.locator(".card.open .actions a").first).to_be_focused()


def tabs_until(page: Page, reached: str, *, most: int) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(reached):
            return
    raise AssertionError(f"not within {most} tabs: {reached}")


def test_the_menu_and_a_card_are_few_tabs_away(demo_server, watched) -> None:
    page = watched.map(f"{demo_server}/")
    tabs_until(page, "document.activeElement.id === 'indicator'", most=12)
    page = watched.map(f"{demo_server}/?again")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    tabs_until(page, "document.activeElement.classList.contains('card-head')", most=23)
    assert page.locator("#map path[data-code]:not([tabindex='-1'])").count() == 0
    assert page.locator("#table tr[tabindex='0']").count() == 1


def test_a_suggestion_turns_its_layer_on(demo_server, watched) -> None:
    page = watched.map(f"{demo_server}/")
    box = page.locator("#layer-interventions")
    box.uncheck()
    page.locator(".card.open .suggestion").first.click()
    expect(box).to_be_checked()
    expect(page.locator(".suggestion-pin").first).to_be_visible()


def test_the_table_fits_and_says_when_nothing_is_found(demo_server, watched) -> None:
    for name in ("headcount_ratio", "gi_star_z"):
        page = watched.map(f"{demo_server}/?again={name}#i={name}")
        wide = page.evaluate("(e => e.scrollWidth - e.clientWidth)(document.querySelector('.table-scroll'))")
        assert wide <= 0, name
    page.locator("#search").fill("tidak mungkin ada")
    expect(page.locator("#table tbody")).to_have_text("Tidak ada desa dengan nama itu.")


def test_a_share_in_the_box_is_the_quotient_of_the_numbers_beside_it(demo_server, watched) -> None:
    page = watched.map(f"{demo_server}/")
    page.locator("#table tbody tr").first.click()
    facts = page.locator("#area-box dd").all_inner_texts()
    events, population = (int(text.replace(".", "")) for text in facts[1].split(" / "))
    share = float(facts[2].split("\u00a0")[0].replace(",", "."))
    assert abs(100 * events / population - share) < 0.06
    assert "dari penduduk (tabel penduduk, 2025)" in page.locator("#area-box").inner_text()


def test_a_row_of_the_table_selects_everywhere(demo_server, watched) -> None:
    page = watched.map(f"{demo_server}/")
    row = page.locator("#table tbody tr").first
    row.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    code = page.locator("#table tr.chosen").get_attribute("data-code")
    assert code
    assert page.locator(".dot.chosen").get_attribute("data-code") == code
    assert page.locator("#map path.ring").count() == 1
    expect(page.locator("#area-box")).to_be_visible()
    assert f"d={code}" in page.url


def test_a_polygon_selects_its_row(demo_server, watched) -> None:
    page = watched.map(f"{demo_server}/")
    code = page.locator("#map path[data-code]").nth(100).get_attribute("data-code")
    page.locator(f'#map path[data-code="{code}"]').dispatch_event("click")
    expect(page.locator(f'#table tr[data-code="{code}"]')).to_have_class(re.compile("chosen"))


def test_a_bar_highlights_its_areas(demo_server, watched) -> None:
    page = watched.map(f"{demo_server}/")
    bar = page.locator("#histogram .column").first
    codes = str(bar.get_attribute("data-codes")).split()
    bar.focus()
    page.keyboard.press("Enter")
    assert page.locator("#table tr.member").count() == len(codes)


def test_the_address_holds_the_state(demo_server, watched, context: BrowserContext) -> None:
    page = watched.map(f"{demo_server}/")
    with page.expect_response("**/data/legend/**"):
        page.select_option("#indicator", index=5)
    page.wait_for_timeout(200)
    page.locator("#table tbody tr").nth(3).click()
    page.wait_for_function("() => location.hash.includes('d=')")
    copy = context.new_page()
    copy.goto(page.url)
    copy.wait_for_selector("#app[data-ready]")
    assert copy.locator("#indicator").input_value() == page.locator("#indicator").input_value()
    assert copy.locator("#table tr.chosen").get_attribute("data-code") == page.locator(
        "#table tr.chosen"
    ).get_attribute("data-code")


def test_a_picture_lies_over_the_map_and_its_density_changes(demo_server, watched) -> None:
    page = watched.map(f"{demo_server}/")
    row = page.locator("#layers li:has(.opacity)").first
    row.locator("input[type=checkbox]").check()
    picture = page.locator("img.raster")
    expect(picture).to_be_visible()
    row.locator(".opacity").fill("30")
    expect(picture).to_have_css("opacity", "0.3")


def test_the_level_can_be_changed(demo_server, watched) -> None:
    page = watched.map(f"{demo_server}/")
    page.select_option("#level", "kecamatan")
    page.wait_for_function("() => document.querySelectorAll('#map path[data-class]').length < 40")
    assert sum(legend_counts(page)) == page.locator("#map path[data-class]").count()


def test_a_lost_server_is_said(demo_server, watched) -> None:
    watched.enter(demo_server, "planner")
    watched.page.route("**/data/values/**", lambda route: route.abort())
    watched.page.goto(f"{demo_server}/")
    expect(watched.page.locator("#app.failed #loading")).to_be_visible()
    expect(watched.page.locator("#loading button")).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/interventions", "/nothing"])
def test_phone_does_not_overflow(demo_server, watched_phone, path: str) -> None:
    page = watched_phone.page
    watched_phone.enter(demo_server, "planner")
    page.goto(demo_server + path)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_phone_pocket_page_does_not_overflow(demo_server, watched_phone) -> None:
    page = watched_phone.map(f"{demo_server}/")
    page.goto(f"{demo_server}/pockets/{first_pocket(page)}")
    page.wait_for_selector("#map[data-ready]")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_phone_sheet_has_three_heights_and_large_controls(demo_server, watched_phone) -> None:
    page = watched_phone.map(f"{demo_server}/")
    heights = []
    for name in ("low", "half", "full"):
        page.locator(f"[data-sheet={name}]").click()
        page.wait_for_timeout(300)
        heights.append(page.locator("#sheet").bounding_box()["height"])
    assert heights == sorted(heights)
    assert len(set(heights)) == 3
    for tab in ("pockets", "choices", "data"):
        page.locator(f"#tab-{tab}").click()
        for control in page.locator(".sheet button:visible, .sheet select:visible, .sheet a.button:visible").all():
            box = control.bounding_box()
            assert box is None or box["height"] >= SMALLEST_TOUCH - 0.5, control.inner_text()


def test_phone_table_fits_and_suggestions_are_cards(demo_server, watched_phone) -> None:
    page = watched_phone.map(f"{demo_server}/")
    page.locator("#tab-data").click()
    assert page.evaluate("(e => e.scrollWidth - e.clientWidth)(document.querySelector('.table-scroll'))") <= 0
    page.goto(f"{demo_server}/interventions")
    assert page.evaluate("(e => e.scrollWidth - e.clientWidth)(document.querySelector('.scroll'))") <= 0


def test_names_are_never_markup(demo_server, watched) -> None:
    """A hostile name in the data arrives as text in the table, the map and the box."""
    name = "<img src=x onerror=window.hacked=1></script>"

    def hostile(route) -> None:
        document = route.fetch().json()
        document["name"] = [name] * len(document["name"])
        route.fulfill(json=document)

    watched.page.route("**/data/values/desa.json", hostile)
    page = watched.map(f"{demo_server}/")
    page.locator("#table tbody tr").first.click()
    assert page.locator("#area-box h3").inner_text().startswith(name)
    assert page.locator("#table tbody th").first.inner_text() == name
    page.locator("#map path[data-code]").nth(120).dispatch_event("mouseover")
    assert page.evaluate("window.hacked") is None
    assert watched.problems == []
