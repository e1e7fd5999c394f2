"""Who sees what, in a real browser: a stranger's map, log in and out, the administrator's pages."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Watched

pytestmark = pytest.mark.browser

SMALLEST_TOUCH = 44


def test_a_stranger_sees_a_useful_map_and_the_way_in(demo_server, watched) -> None:
    page = watched.public_map(f"{demo_server}/")
    assert page.locator("#map path[data-class]").count() > 200
    assert page.locator("[data-pocket-id]").count() == 0
    assert page.locator("#layer-pockets").count() == 0
    page.locator("#table tbody tr").first.click()
    expect(page.locator("#area-box")).to_be_visible()
    page.get_by_role("link", name="Masuk untuk melihat wilayah prioritas").click()
    page.locator("button[data-role=planner]").click()
    page.wait_for_selector("#app[data-ready]")
    assert page.locator(".card[data-pocket-id]").count() > 0
    assert watched.problems == []


def test_what_the_chair_publishes_a_stranger_sees_until_it_is_taken_back(demo_server, chromium, watched) -> None:
    chair = watched.page
    watched.enter(demo_server, "tkpk_chair")
    chair.goto(f"{demo_server}/admin/publication")
    chair.get_by_role("button", name="Umumkan Wilayah prioritas").click()
    try:
        expect(chair.get_by_role("status")).to_contain_text("Tersimpan")
        with chromium.new_context(viewport={"width": 360, "height": 740}, is_mobile=True, locale="id-ID") as phone:
            stranger = Watched(phone.new_page())
            page = stranger.public_map(f"{demo_server}/")
            assert page.locator(".card[data-pocket-id]").count() > 0
            assert page.locator("[data-intervention-id]").count() == 0
            page.goto(f"{demo_server}{page.locator('.card .button.primary').first.get_attribute('href')}")
            page.wait_for_selector("#map path")
            assert page.get_by_text("Usulan untuk").count() == 0
            assert stranger.problems == []
    finally:
        chair.get_by_role("button", name="Kembali ke bawaan").click()
    expect(chair.get_by_role("button", name="Umumkan Wilayah prioritas")).to_be_visible()
    expect(chair.get_by_role("button", name="Kembali ke bawaan")).to_have_count(0)
    assert watched.problems == []


def test_by_name_and_password_and_out_again(demo_server, watched) -> None:
    page = watched.page
    page.goto(f"{demo_server}/interventions")
    page.locator("#username").fill("planner")
    page.locator("#password").fill("salah sama sekali")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Nama atau kata sandi tidak cocok.")
    page.locator("#password").fill("kabupaten-contoh")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{demo_server}/interventions")
    page.locator(".who summary").click()
    page.get_by_role("button", name="Keluar").click()
    expect(page.get_by_role("link", name="Masuk", exact=True)).to_be_visible()
    page.go_back()
    page.reload()
    assert "/login" in page.url


def test_the_administrator_adds_a_user_and_reads_of_it(demo_server, watched) -> None:
    watched.enter(demo_server, "admin")
    page = watched.page
    page.goto(f"{demo_server}/admin")
    page.locator("#name").fill("Pembaca Baru")
    page.get_by_role("button", name="Tambah pengguna").click()
    expect(page.locator(".once")).to_be_visible()
    row = page.locator("tr", has_text="Pembaca Baru")
    row.locator("summary").click()
    row.get_by_role("button", name="Nonaktifkan").click()
    expect(page.locator("tr.off", has_text="Pembaca Baru")).to_be_visible()
    page.goto(f"{demo_server}/admin/audit?action=user.disabled")
    expect(page.locator(".chain")).to_have_text("rantai utuh ✓")
    expect(page.locator(".audit tbody tr").first).to_contain_text("Pembaca Baru")
    page.goto(f"{demo_server}/admin/permissions")
    expect(page.locator(".matrix")).to_be_visible()
    assert watched.problems == []


@pytest.mark.parametrize("path", ["/login", "/account", "/admin", "/admin/audit", "/admin/permissions"])
def test_phone(demo_server, watched_phone, path: str) -> None:
    page = watched_phone.page
    if path != "/login":
        watched_phone.enter(demo_server, "admin")
    page.goto(demo_server + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for control in page.locator("main button:visible, main input:visible, main select:visible, header a.button").all():
        box = control.bounding_box()
        assert box is None or box["height"] >= SMALLEST_TOUCH - 0.5, control.inner_text()


def test_phone_menu_holds_the_places(demo_server, watched_phone) -> None:
    watched_phone.map(f"{demo_server}/")
    page = watched_phone.page
    page.locator(".who summary").click()
    expect(page.locator(".who .menu-body a", has_text="Usulan")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
