"""Updates walked by six users in a real browser, from the village desk to the next snapshot, on either database."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import COMMAND, Watched

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("server")]

DESK, PHONE = {"width": 1366, "height": 768}, {"width": 360, "height": 740}
SMALLEST_TOUCH = 44
FORM_CONTROLS = ".form input:not([type=hidden], [type=radio]), .form select, .form .button"
BEFORE, AFTER = "2025", "2026"
#: Kind, name and numbers of the three cases: one is accepted, one returned, one refused.
CASES = (
    ("new", "Keluarga Rekaan Satu", "9905010101900011", "9905010101010011"),
    ("new", "<script>window.HACKED = 1</script>", "9905010101900012", "9905010101010012"),
    ("objection", "Keluarga Rekaan Tiga", "9905010101900013", "9905010101010013"),
)
ACCEPTED, RETURNED, REFUSED = "MPM-000001", "MPM-000002", "MPM-000003"


def picture() -> bytes:
    """A grey PNG of 2 x 2 pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\x00\x80\x80" * 2)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


PAPER = {"name": "berkas.png", "mimeType": "image/png", "buffer": picture()}


@dataclass
class District:
    """A demo district of one's own, served, with a browser window per user."""

    address: str
    workspace: Path
    environment: dict[str, str]
    browser: Browser
    windows: dict[str, Watched] = field(default_factory=dict)

    def as_user(self, role: str, *, phone: bool = False) -> Page:
        """The window of a user, who logs in on first use."""
        if role not in self.windows:
            shape = {"viewport": PHONE, "is_mobile": True, "has_touch": True} if phone else {"viewport": DESK}
            page = self.browser.new_context(locale="id-ID", **shape).new_page()
            self.windows[role] = Watched(page)
            page.goto(f"{self.address}/login?next=/updates")
            page.click(f'button[data-role="{role}"]')
            expect(page.locator("h1")).to_have_text("Pemutakhiran data")
        return self.windows[role].page

    def command(self, *words: str) -> dict:
        """What a command of gisapp answers about this district."""
        done = subprocess.run(
            [*COMMAND, "--json", *words, "-w", str(self.workspace)],
            capture_output=True, text=True, check=False, env=self.environment,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)


def environment_of(database: str, request: pytest.FixtureRequest) -> dict[str, str]:
    found = {name: value for name, value in os.environ.items() if name != "GISAPP_DATABASE_URL"}
    if database == "postgresql":
        found["GISAPP_DATABASE_URL"] = request.getfixturevalue("server_url")
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def district(request, tmp_path, chromium) -> Iterator[District]:
    environment = environment_of(request.param, request)
    root = tmp_path / "demo"
    made = subprocess.run(
        [*COMMAND, "demo", str(root), "--households", "2000", "--no-serve"],
        capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    assert (root / "gisapp.sqlite").exists() == (request.param == "sqlite")
    command = [*COMMAND, "serve", "-w", str(root), "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            assert line.startswith("http://127.0.0.1:"), line
            yield District(line.split()[0].rstrip("/"), root, environment, chromium)
        finally:
            server.terminate()


def test_six_users_walk_a_case_to_the_next_snapshot(district) -> None:
    before = snapshot(district, BEFORE)
    operator_registers(district)
    social_office_matches_and_lists(district)
    verifier_visits(district)
    facilitator_records_the_meeting(district)
    camat_submits(district)
    social_office_approves_and_returns(district)
    chair_refuses_and_accepts(district)
    after = snapshot(district, AFTER)
    assert after["families"] == before["families"] + 1
    everybody_sees_the_end(district)
    nothing_went_wrong(district)


def snapshot(district: District, period: str) -> dict:
    listed = district.command("snapshots")["snapshots"]
    return next(one for one in listed if one["period"] == period)


def operator_registers(district: District) -> None:
    page = district.as_user("village_operator", phone=True)
    expect(page.locator(".empty")).to_contain_text("Belum ada usulan pemutakhiran")
    for kind, name, nik, family in CASES:
        page.goto(f"{district.address}/updates/new")
        page.check(f'input[name="kind"][value="{kind}"]')
        page.fill("#field-name", name)
        page.fill("#field-nik", nik[:-1])
        page.fill("#field-family_number", family)
        page.fill("#field-reason", "Tinggal sendiri sejak bulan lalu.")
        page.fill("#field-answer-persons", "4")
        page.select_option("#field-answer-floor", label="Tanah")
        page.get_by_role("button", name="Daftarkan").click()
        expect(page.locator(".summary-wrong")).to_contain_text("NIK terdiri dari 16 angka")
        assert page.input_value("#field-name") == name
        page.fill("#field-nik", nik)
        page.get_by_role("button", name="Daftarkan").click()
        expect(page.locator(".notice.good")).to_contain_text("sudah didaftarkan")
        assert nik not in page.content()
    big_enough(
        page, district.address + "/updates/new", ".form input:not([type=hidden], [type=radio]), .form select, a.button"
    )


def big_enough(page: Page, address: str, controls: str) -> None:
    page.goto(address)
    for control in page.locator(controls).all():
        box = control.bounding_box()
        assert box is None or box["height"] >= SMALLEST_TOUCH, control.evaluate("node => node.outerHTML")


def social_office_matches_and_lists(district: District) -> None:
    page = district.as_user("social_office")
    for number in (ACCEPTED, RETURNED, REFUSED):
        page.goto(f"{district.address}/updates?state=mine")
        row = page.locator("tbody tr", has_text=number)
        row.get_by_role("link", name="Cocokkan").click()
        page.get_by_role("button", name="Cocokkan").click()
        expect(page.locator(".notice.good")).to_contain_text(f"{number} sudah dicocokkan")
    page.goto(f"{district.address}/updates?state=unmatched")
    page.get_by_role("button", name="Masukkan yang dipilih ke daftar verifikasi").click()
    expect(page.locator(".notice.good")).to_contain_text("3 usulan masuk daftar verifikasi")
    page.goto(f"{district.address}/updates/lists")
    for kind, start in (("XLSX", b"PK"), ("Daftar PDF", b"%PDF")):
        with page.expect_download() as waiting:
            page.get_by_role("link", name=kind).click()
        assert waiting.value.path().read_bytes().startswith(start)


def verifier_visits(district: District) -> None:
    page = district.as_user("verifier", phone=True)
    for number in (ACCEPTED, RETURNED, REFUSED):
        page.goto(f"{district.address}/updates?state=mine")
        page.locator("tbody tr", has_text=number).get_by_role("link", name="Catat kunjungan").click()
        page.check('input[name="result"][value="finished"]')
        page.set_input_files("#photo", PAPER)
        page.fill("#note", "Lantai tanah, empat orang.")
        page.get_by_role("button", name="Catat kunjungan").click()
        expect(page.locator(".notice.good")).to_contain_text(f"Kunjungan {number} tercatat")
        expect(page.locator(".papers")).to_contain_text("Foto")


def facilitator_records_the_meeting(district: District) -> None:
    page = district.as_user("facilitator")
    page.goto(f"{district.address}/updates/meeting")
    page.get_by_role("link", name="Catat musyawarah").click()
    page.fill("#field-place", "Balai desa")
    page.fill("#field-present-government", "3")
    page.fill("#field-present-women", "7")
    for number, decision in ((1, "agree"), (2, "agree"), (3, "reject")):
        page.check(f'input[name="decision-{number}"][value="{decision}"]')
    page.get_by_role("button", name="Simpan musyawarah").click()
    expect(page.locator("main")).to_contain_text("Lampirkan berita acara")
    expect(page.locator("main")).to_contain_text("Pilih alasan tidak disepakati")
    assert page.input_value("#field-place") == "Balai desa"
    page.select_option('select[name="reason-3"]', "better_off")
    page.set_input_files("#scan", PAPER)
    page.get_by_role("button", name="Simpan musyawarah").click()
    expect(page.locator(".notice.good")).to_contain_text("tercatat untuk 3 usulan")


def camat_submits(district: District) -> None:
    page = district.as_user("camat")
    page.goto(f"{district.address}/updates?state=deliberated")
    page.get_by_role("button", name="Ajukan yang dipilih").click()
    expect(page.locator(".notice.good")).to_contain_text("3 usulan diajukan")


def social_office_approves_and_returns(district: District) -> None:
    page = district.as_user("social_office")
    open_case(page, district, ACCEPTED)
    page.get_by_role("button", name="Setujui (1 dari 2)").click()
    expect(page.locator(".notice.good")).to_contain_text("disetujui orang pertama")
    expect(page.locator("#step")).to_contain_text("harus dari orang lain")
    open_case(page, district, RETURNED)
    page.get_by_text("Kembalikan atau tolak").click()
    page.fill("#reason", "Foto belum menunjukkan rumahnya.")
    page.get_by_role("button", name="Kembalikan", exact=True).click()
    expect(page.locator(".notice.good")).to_contain_text(f"{RETURNED} dikembalikan")


def chair_refuses_and_accepts(district: District) -> None:
    page = district.as_user("tkpk_chair")
    open_case(page, district, REFUSED)
    expect(page.locator("#step")).to_contain_text("Musyawarah tidak menyepakati usulan ini.")
    page.fill("#reason", "Musyawarah tidak menyepakati.")
    page.get_by_role("button", name="Tolak", exact=True).click()
    expect(page.locator(".notice.good")).to_contain_text(f"{REFUSED} ditolak")
    page.goto(f"{district.address}/updates?state=mine")
    page.locator("tbody tr", has_text=ACCEPTED).get_by_role("link", name="Terima (2 dari 2)").click()
    page.fill("#field-period", AFTER)
    page.get_by_role("button", name="Terima dan tulis potret").click()
    expect(page.locator("h1")).to_have_text("Usulan diterima")
    expect(page.locator("main")).to_contain_text("1 usulan diterima.")
    expect(page.locator("main")).to_contain_text(f"gisapp run --period {AFTER}")
    expect(page.locator(".result-numbers p", has_text="keluarga baru")).to_contain_text("1")


def open_case(page: Page, district: District, number: str) -> None:
    page.goto(f"{district.address}/updates?q={number}")
    page.get_by_role("link", name=number).click()


def everybody_sees_the_end(district: District) -> None:
    page = district.as_user("village_operator", phone=True)
    open_case(page, district, ACCEPTED)
    steps = page.locator(".timeline").inner_text()
    for role in ("village_operator", "social_office", "verifier", "facilitator", "camat", "tkpk_chair"):
        assert role in steps, role
    assert steps.count("WIB") == page.locator(".timeline li").count() >= 8
    open_case(page, district, REFUSED)
    expect(page.locator(".timeline")).to_contain_text("Musyawarah tidak menyepakati.")
    page = district.as_user("verifier", phone=True)
    page.goto(f"{district.address}/updates?state=mine")
    row = page.locator("tbody tr", has_text=RETURNED)
    expect(row).to_contain_text("Dikembalikan")
    row.get_by_role("link", name="Catat kunjungan").click()
    expect(page.locator(".timeline")).to_contain_text("Foto belum menunjukkan rumahnya.")
    page.get_by_text("Lihat identitas").click()
    page.select_option("#purpose", "verification")
    page.get_by_role("button", name="Tampilkan").click()
    expect(page.locator(".identity").first).to_contain_text(CASES[1][1])
    assert CASES[1][2] not in page.content()


def nothing_went_wrong(district: District) -> None:
    for role, watched in district.windows.items():
        assert [one for one in watched.problems if "422" not in one] == [], role
        assert not watched.page.evaluate("window.HACKED"), role
        assert {urlsplit(url).netloc for url in watched.requests} - {""} == {urlsplit(district.address).netloc}
    assert district.command("doctor")["ok"]
