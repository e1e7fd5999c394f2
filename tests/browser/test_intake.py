"""A file of each form taken in by a real browser: preview, live job, report, correction; counts as planted."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import COMMAND, Watched

#: The tests tell one story, in order, so they stay on one worker.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("intake")]

FORMS = ("regsosek2022k", "dtsen2026", "p3ke2023", "bdt2015")
LONG_MS = 60_000


@pytest.fixture(scope="module")
def district(demo_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo of one's own, with the samples' mappings saved for the office."""
    root = tmp_path_factory.mktemp("intake") / "demo"
    shutil.copytree(demo_workspace, root)
    (root / "mappings").mkdir(mode=0o700, exist_ok=True)
    return root


@pytest.fixture(scope="module")
def samples(district: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("samples")
    made = subprocess.run(
        [*COMMAND, "samples", str(folder), "-w", str(district), "--json"], capture_output=True, text=True, check=True
    )
    found = {one["form"]: one for one in json.loads(made.stdout)["samples"]}
    for form, one in found.items():
        if one["mapping"]:
            shutil.copy(one["mapping"], district / "mappings" / f"contoh-{form}.toml")
    return found


@pytest.fixture(scope="module")
def server(district: Path, samples: dict[str, dict[str, Any]]) -> Iterator[str]:
    command = [*COMMAND, "serve", "-w", str(district), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("http://127.0.0.1:"), line
            yield line.split()[0].rstrip("/")
        finally:
            process.terminate()
    assert process.returncode == 0


@pytest.fixture(scope="module")
def office(chromium: Browser, server: str) -> Iterator[Watched]:
    """The social office at a desk."""
    with chromium.new_context(viewport={"width": 1366, "height": 768}, locale="id-ID") as context:
        watched = Watched(context.new_page())
        watched.page.goto(f"{server}/login?next=/admin/intake")
        watched.page.click('button[data-role="social_office"]')
        expect(watched.page.locator("h1")).to_have_text("Terima berkas keluarga")
        yield watched


def send(page: Page, server: str, file: Path | str, *, period: str, sample: dict[str, Any] | None = None) -> None:
    page.goto(f"{server}/admin/intake")
    page.set_input_files("#file", str(file))
    page.fill("#period", period)
    if sample is not None:
        named = f"mapping:contoh-{sample['form']}" if sample["mapping"] else f"form:{sample['form']}"
        page.select_option("#form", named)
        if sample["codes"]:
            page.select_option("#codes", sample["codes"])
    page.fill("#bast_number", "BAST-CONTOH-1")
    page.click("main form.form button.primary")
    expect(page.locator("h1")).to_contain_text("Pratinjau")


def start(page: Page) -> None:
    page.click("main .title-row button.primary")
    page.wait_for_selector("#job[data-state=done]", timeout=LONG_MS)


def numbers(page: Page) -> dict[str, int]:
    """Big numbers of a page by their word."""
    found = page.locator(".result-numbers p").all()
    return {one.locator("span").inner_text(): int(one.locator("strong").inner_text().replace(".", "")) for one in found}


def counts(page: Page) -> dict[str, int]:
    """Reasons and warnings of a report by code."""
    rows = page.locator(".columns table tbody tr").all()
    return {row.locator("code").inner_text(): int(row.locator("td.num").inner_text().replace(".", "")) for row in rows}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("form", FORMS)
def test_a_file_of_each_form(
    office: Watched, server: str, samples: dict[str, dict[str, Any]], form: str, kind: str
) -> None:
    sample, page = samples[form], office.page
    send(page, server, sample[kind], period=f"20{10 + FORMS.index(form)}-{kind}", sample=sample)
    preview = page.content()
    assert not re.findall(r"\b99\d{14}\b", preview)
    expect(page.locator("table.mapping tbody tr").first).to_be_visible()
    start(page)
    told = numbers(page)
    assert told["Baris"] == sample["rows"]
    assert told["Diterima"] == sample["accepted"]
    assert told["Karantina"] == sample["rows"] - sample["accepted"]
    assert told["keluarga"] == sample["families"]
    page.click("text=Lihat laporan")
    assert counts(page) == {**sample["reasons"], **sample["warnings"]}


def test_the_same_file_again(office: Watched, server: str, samples: dict[str, dict[str, Any]]) -> None:
    sample, page = samples["regsosek2022k"], office.page
    for told in ("Potret pertama periode 2031", "tidak ada yang berubah"):
        send(page, server, sample["csv"], period="2031", sample=sample)
        start(page)
        expect(page.locator("#job")).to_contain_text(told)


def test_a_corrected_quarantine(
    office: Watched, server: str, samples: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    sample, page = samples["regsosek2022k"], office.page
    send(page, server, sample["csv"], period="2010-csv", sample=sample)
    start(page)
    page.click("text=Lihat laporan")
    with page.expect_download() as download:
        page.click("text=Unduh karantina")
    quarantine = tmp_path / "perbaikan.csv"
    download.value.save_as(quarantine)
    with quarantine.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == sample["rows"] - sample["accepted"]
    decile = next(name for name in rows[0] if "desil" in name.casefold())
    wrong = [{**row, decile: "2"} for row in rows if row["reasons"] == "decile_invalid"]
    assert len(wrong) == sample["reasons"]["decile_invalid"]
    with quarantine.open("w", encoding="utf-8", newline="") as stream:
        sheet = csv.DictWriter(stream, list(wrong[0]))
        sheet.writeheader()
        sheet.writerows(wrong)
    send(page, server, quarantine, period="2010-csv", sample=sample)
    start(page)
    told = numbers(page)
    assert told["Baris"] == told["Diterima"] == len(wrong)
    expect(page.locator("#job")).to_contain_text("Melengkapi potret")


def test_cancel_while_it_waits_or_runs(office: Watched, server: str, tmp_path: Path, samples: dict[str, Any]) -> None:
    """A large file: the bar moves, the button stops it, and nothing is left."""
    sample, page = samples["regsosek2022k"], office.page
    lines = Path(sample["csv"]).read_bytes().splitlines(keepends=True)
    large = tmp_path / "besar.csv"
    large.write_bytes(b"".join(lines[:2] + lines[2:] * 900))
    send(page, server, large, period="2019", sample=sample)
    page.click("main .title-row button.primary")
    page.wait_for_selector("#job[data-state=running] #job-bar", timeout=LONG_MS)
    page.click("text=Batalkan")
    page.wait_for_selector("#job[data-state=cancelled]", timeout=LONG_MS)
    expect(page.locator("#job")).to_contain_text("Tidak ada yang disimpan")
    page.goto(f"{server}/admin/registry")
    assert "2019" not in page.locator("main").inner_text()


def test_nothing_went_wrong_in_the_pages(office: Watched) -> None:
    assert office.problems == []
    assert all(request.startswith(("http://127.0.0.1:", "data:")) for request in office.requests)
