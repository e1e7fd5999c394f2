"""What somebody sends who wants to break in, and what small numbers would give away."""

from __future__ import annotations

import logging
from types import SimpleNamespace

import pytest
from flask import Flask
from waitress.adjustments import Adjustments

from gisapp.registry.ingest import ingest
from gisapp.registry.list_matching import ListCounts, ListMatch
from gisapp.web.app import create_app
from gisapp.web.bodies import channel_of, room_for
from gisapp.web.registry import pages
from tests.registry.conftest import DESA, family, make_workspace, write_boundary, write_csv
from tests.registry.updates.conftest import HERE, THERE, Walk
from tests.web.conftest import csrf_of, log_in

TOO_LARGE = "99999999999999999999999"


@pytest.mark.parametrize(
    "path", ["/updates/{}", "/updates/papers/{}", "/updates/meetings/{}.pdf", "/updates/lists/{}.xlsx"]
)
def test_a_number_that_no_database_takes_is_not_there(as_role, path: str) -> None:
    client = as_role("social_office")
    for number in (TOO_LARGE, str(2**31), str(2**63)):
        answer = client.get(path.format(number))
        assert answer.status_code == 404, number
        assert number not in answer.get_data(as_text=True)


def test_a_nul_is_refused_wherever_it_stands(as_role) -> None:
    client = as_role("admin")
    assert client.get("/admin/audit?actor=%00").status_code == 400
    assert client.get("/admin/audit?a%00=b").status_code == 400
    sent = {"csrf_token": csrf_of(client), "name": "bu\0di", "role": "viewer"}
    assert client.post("/admin/users", data=sent).status_code == 400


def test_the_last_day_of_all_is_a_day(as_role) -> None:
    assert as_role("admin").get("/admin/audit?since=9999-12-31&until=9999-12-31").status_code == 200


def test_the_log_of_what_was_unexpected_quotes_nothing(
    fresh_app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails() -> str:
        raise ValueError("Siti Rekaan, Dusun Rekaan")

    monkeypatch.setitem(fresh_app.view_functions, "account.account", fails)
    with caplog.at_level(logging.ERROR):
        answer = log_in(fresh_app, "planner").get("/account")
    assert answer.status_code == 500
    assert "ValueError" in caplog.text
    assert "in fails" in caplog.text
    assert "Rekaan" not in caplog.text.replace('raise ValueError("Siti Rekaan, Dusun Rekaan")', "")
    assert "Rekaan" not in answer.get_data(as_text=True)


def test_a_case_shows_nothing_of_a_family_of_another_area(tmp_path) -> None:
    """An operator registers a change for a number that he has heard of; the family lives elsewhere."""
    ws = make_workspace(tmp_path / "kabupaten", write_boundary(tmp_path / "desa.geojson", DESA))
    rows = [family(1, kode_desa=THERE), family(2)]
    ingest(ws, write_csv(tmp_path / "keluarga.csv", rows), period="2025")
    walk, app = Walk(ws), create_app(ws.root, testing=True)
    there, here = (walk.on(walk.register(number=n, persons="9"), "matched") for n in (1, 2))
    operator, office = log_in(app, "village_operator", HERE), log_in(app, "social_office")

    def registry_column(client, case_id: int) -> tuple[bool, bool]:
        page = client.get(f"/updates/{case_id}").get_data(as_text=True)
        return "<td>4</td>" in page, "di luar wilayah kerja Anda" in page

    assert registry_column(operator, there.id) == (False, True)
    assert registry_column(operator, here.id) == (True, False)
    assert registry_column(office, there.id) == (True, False)


def match(**counts: int) -> ListMatch:
    one = ListCounts(code="12.05.01.2001", **counts)
    other = ListCounts(
        code="12.05.01.2002", entries=60, found=50, not_found=10, on_list_and_registered=50, eligible=90,
        eligible_not_on_list=60,
    )  # fmt: skip
    both = {name: getattr(one, name) + getattr(other, name) for name in vars(one) if name != "code"}
    return ListMatch(
        name="pkh", period="2025", snapshot="x", deciles=(1,), total=ListCounts(code="", **both), desa=(one, other)
    )


@pytest.mark.parametrize(
    "counts",
    [
        {"entries": 20, "found": 20, "eligible": 40, "eligible_not_on_list": 38},
        {"entries": 20, "found": 20, "eligible": 60, "eligible_not_on_list": 42},
    ],
    ids=["two are eligible and on the list", "two are on the list and not eligible"],
)
def test_what_can_be_subtracted_is_withheld_too(monkeypatch: pytest.MonkeyPatch, counts: dict[str, int]) -> None:
    monkeypatch.setattr(pages.updates_places, "village", lambda ws, code: SimpleNamespace(name=code))
    ws = SimpleNamespace(settings=SimpleNamespace(k_staff=5))
    assert [row["withheld"] for row in pages.match_page(ws, match(**counts))["rows"]] == [True, True]
    safe = {"entries": 20, "found": 20, "eligible": 40, "eligible_not_on_list": 30}
    assert [row["withheld"] for row in pages.match_page(ws, match(**safe))["rows"]] == [False, False]


def test_a_small_difference_of_totals_is_withheld(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages.updates_places, "village", lambda ws, code: SimpleNamespace(name=code))
    ws = SimpleNamespace(settings=SimpleNamespace(k_staff=5))
    total = ListCounts(code="", entries=30, found=30, eligible=900, eligible_not_on_list=898)
    one = ListMatch(name="pkh", period="2025", snapshot="x", deciles=(1,), total=total, desa=())
    assert pages.match_page(ws, one)["total"]["eligible_not_on_list"] is None


def test_a_large_body_is_taken_from_whoever_may_upload_and_from_nobody_else(app: Flask, as_role) -> None:
    def cookie(role: str) -> str:
        return "gisapp=" + as_role(role).get_cookie("gisapp").value

    small, large = app.config["MAX_CONTENT_LENGTH"], app.config["UPLOAD_LIMITS"]
    assert room_for(app, "/admin/intake", cookie("social_office")) == large["intake.receive"]
    assert room_for(app, "/admin/intake", cookie("viewer")) == small
    assert room_for(app, "/admin/intake", cookie("social_office")[:-3] + "xyz") == small
    assert room_for(app, "/admin/users", cookie("admin")) == small
    for path in ("/admin/intake", "/login", "/nowhere", "//x", "/%00", "\xff"):
        assert room_for(app, path, "") == small


@pytest.mark.parametrize("length", [b"Content-Length: 400000000", b"Transfer-Encoding: chunked"])
def test_a_stranger_cannot_fill_the_disk(app: Flask, length: bytes) -> None:
    adjusted = Adjustments(max_request_body_size=500_000_000)
    parser = channel_of(app).parser_class(adjusted)
    parser.received(b"POST /admin/intake HTTP/1.1\r\nHost: localhost\r\n" + length + b"\r\n\r\n")
    sent = 0
    while not parser.completed and sent < 1_000_000:
        sent += parser.received(b"2000\r\n" + b"x" * 0x2000 + b"\r\n")
    assert parser.completed
    assert parser.error.code == 413
    assert sent < 100_000
    assert adjusted.max_request_body_size == 500_000_000
