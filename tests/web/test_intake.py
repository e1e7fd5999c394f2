"""Household files by browser: sent, previewed, mapped, taken in as jobs, reported, corrected."""

from __future__ import annotations

import csv
import io
import re
import threading
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from intake_files import KODE, LONG_S, LogIn, Office, csv_of, family, nik, token_of

from gisapp.registry import uploads
from gisapp.store.database import session
from gisapp.store.tables import AuditEvent
from gisapp.web.app import create_app
from gisapp.web.registry.jobs import queue_of
from gisapp.workspace.folder import Workspace

GOOD = csv_of([family(number) for number in range(1, 31)])
#: 30 good families, and one each of a damaged NIK, an unknown desa and a decile that is none.
PLANTED = csv_of(
    [
        *(family(number) for number in range(1, 31)),
        family(31, nik="3.30101E+15"),
        family(32, kode_desa="12.05.09.2009"),
        family(33, desil="11"),
    ]
)


def snapshots(ws: Workspace) -> list[str]:
    return sorted(path.name for path in (ws.root / "registry").glob("*.parquet"))


def incoming(ws: Workspace) -> list[str]:
    folder = ws.root / uploads.FOLDER
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def events(ws: Workspace) -> list[tuple[str, str]]:
    with session(ws.database, write=False) as db:
        return [(event.action, event.actor) for event in db.query(AuditEvent).order_by(AuditEvent.number)]


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.get_data(as_text=True))


def test_from_file_to_report(office: Office, registry_workspace: Workspace, own_temporary_folder: Path) -> None:
    preview = office.preview_of(PLANTED, bast_number="BAST-7", received_from="Kemensos", permitted_use="end_user")
    page = text(office.client.get(preview))
    assert "33 baris = 30 diterima + 3 karantina" in page
    assert "Seluruh 33 baris sudah dilihat." in page
    assert snapshots(registry_workspace) == []
    job = office.start(preview)
    assert job.state == "done"
    assert (job.result["rows"], job.result["accepted"], job.result["quarantined"]) == (33, 30, 3)
    shown = text(office.client.get(f"/jobs/{job.id}"))
    assert "33 baris = 30 diterima + 3 karantina" in shown
    assert "Potret pertama periode 2025." in shown
    report = text(office.client.get(f"/admin/registry/imports/{job.result['import_id']}"))
    assert all(code in report for code in ("nik_damaged", "area_unknown", "decile_invalid"))
    assert "BAST-7" in report
    assert "Pengguna akhir" in report
    assert len(snapshots(registry_workspace)) == 1
    assert incoming(registry_workspace) == []
    assert list(own_temporary_folder.iterdir()) == []


def test_a_sheet_of_a_workbook_is_chosen(office: Office, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Sampul"
    book.active.append(["Daftar keluarga"])
    sheet = book.create_sheet("Data")
    for row in csv.reader(io.StringIO(GOOD.decode())):
        sheet.append(row)
    book.save(tmp_path / "keluarga.xlsx")
    at = office.preview_of(tmp_path / "keluarga.xlsx", name="keluarga.xlsx")
    assert "<option selected>Sampul</option><option>Data</option>" in text(office.client.get(at))
    assert office.post(f"{at}/choices", {"period": "2025", "sheet": "Data"}).status_code == 303
    assert "30 baris = 30 diterima + 0 karantina" in text(office.client.get(at))
    assert office.start(at).result["accepted"] == 30


def test_a_preview_shows_no_one(office: Office) -> None:
    page = text(office.client.get(office.preview_of(PLANTED)))
    for number in range(1, 34):
        assert nik(number) not in page
        assert f"Nama Rekaan {number}" not in page
    assert nik(1)[-4:] in page


def test_nothing_lies_in_the_clear(office: Office, registry_workspace: Workspace) -> None:
    office.preview_of(PLANTED)
    job = office.take_in(GOOD, name="lain.csv", period="2024")
    assert job.state == "done"
    for path in registry_workspace.root.rglob("*"):
        if path.is_file():
            body = path.read_bytes()
            assert nik(5).encode() not in body, path
            assert b"Nama Rekaan" not in body, path


def test_the_same_file_twice_changes_nothing(office: Office, registry_workspace: Workspace) -> None:
    office.take_in(GOOD)
    before = snapshots(registry_workspace)
    job = office.take_in(GOOD)
    assert job.result["outcome"] == "unchanged"
    assert "tidak ada yang berubah" in text(office.client.get(f"/jobs/{job.id}"))
    assert snapshots(registry_workspace) == before


def test_a_corrected_quarantine_comes_back(office: Office, registry_workspace: Workspace) -> None:
    first = office.take_in(PLANTED)
    response = office.post(f"/admin/intake/imports/{first.result['import_id']}/quarantine")
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Cache-Control"] == "no-store"
    assert ("quarantine.read", "social_office") in events(registry_workspace)
    corrected = response.get_data().decode("utf-8-sig").replace("3.30101E+15", nik(31))
    corrected = corrected.replace("12.05.09.2009", KODE[1]).replace(",4,11,", ",4,3,")
    job = office.take_in(corrected.encode(), name="perbaikan.csv")
    assert job.state == "done", job.error
    assert job.result["outcome"] == "joined"
    assert (job.result["rows"], job.result["accepted"]) == (3, 3), job.result["reason_rows"]
    assert "33" in text(office.client.get("/admin/registry"))


def test_columns_mapped_in_the_browser(office: Office, registry_workspace: Workspace) -> None:
    header = {"kode_desa": "Kolom A", "jumlah_anggota": "Jml ART", "desil": "Peringkat", "nik": "Nomor", "no_kk": "KK"}
    rows = [{header.get(name, f"x_{name}"): value for name, value in family(n).items()} for n in range(1, 6)]
    preview = office.preview_of(csv_of(rows))
    response = office.client.get(preview)
    assert response.status_code == 422
    assert "belum dapat diterima" in text(response)
    numbers = {column: str(number) for number, column in enumerate(rows[0])}
    chosen = {"Kolom A": "code", "Jml ART": "persons", "Peringkat": "decile", "Nomor": "nik", "KK": "family_number"}
    said = {f"column_{numbers[column]}": variable for column, variable in chosen.items()}
    response = office.post(f"{preview}/mapping", {"name": "dinsos-2025", "base": "", "unit": "family", **said})
    assert response.status_code == 303
    page = office.client.get(preview)
    assert page.status_code == 200
    assert "5 baris = 5 diterima + 0 karantina" in text(page)
    assert (registry_workspace.root / "mappings" / "dinsos-2025.toml").is_file()
    assert office.start(preview).result["accepted"] == 5
    again = office.take_in(csv_of(rows), period="2026", form="mapping:dinsos-2025")
    assert again.result["accepted"] == 5


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"name": "../x"}, "Nama pemetaan"),
        ({"name": "Bagus Sekali!"}, "Nama pemetaan"),
        ({"name": "a", "column_0": "nothing"}, "tidak dikenal"),
        ({"name": "a", "column_0": "code", "column_1": "code"}, "hal yang sama"),
        ({"name": "a", "base": "form:regsosek2022k"}, "milik formulir"),
    ],
)
def test_a_mapping_that_cannot_be(
    office: Office, registry_workspace: Workspace, said: dict[str, str], words: str
) -> None:
    preview = office.preview_of(GOOD)
    response = office.post(f"{preview}/mapping", said)
    assert response.status_code == 400
    assert words in text(response)
    assert not (registry_workspace.root / "mappings").exists()


def test_what_was_said_can_be_changed(office: Office) -> None:
    preview = office.preview_of(GOOD, period="2024")
    response = office.post(f"{preview}/choices", {"period": "2025-06", "form": "form:regsosek2022k", "purpose": "uji"})
    assert response.status_code == 303
    assert 'value="2025-06"' in text(office.client.get(preview))
    assert office.start(preview).result["period"] == "2025-06"


def test_discarding(office: Office, registry_workspace: Workspace) -> None:
    preview = office.preview_of(GOOD)
    assert office.post(f"{preview}/discard").status_code == 303
    assert incoming(registry_workspace) == []
    assert office.client.get(preview).status_code == 404


class Slow:
    """Holds an intake at its first word of progress."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from gisapp.web.registry import intake_work

        self.reached, self.go = threading.Event(), threading.Event()
        real = intake_work.ingest

        def held(*arguments: Any, progress: Any, **more: Any) -> Any:
            def told(step: str, done: int, total: int) -> None:
                self.reached.set()
                assert self.go.wait(LONG_S)
                progress(step, done, total)

            return real(*arguments, progress=told, **more)

        monkeypatch.setattr(intake_work, "ingest", held)


def files_of(ws: Workspace) -> list[str]:
    return sorted(str(path.relative_to(ws.root)) for path in ws.registry_folder.rglob("*") if path.is_file())


def test_cancel_in_the_middle_leaves_nothing(
    office: Office, registry_workspace: Workspace, monkeypatch: pytest.MonkeyPatch, own_temporary_folder: Path
) -> None:
    slow = Slow(monkeypatch)
    preview = office.preview_of(PLANTED)
    before = files_of(registry_workspace)
    job = office.post(f"{preview}/start").location.rpartition("/")[2]
    assert slow.reached.wait(LONG_S)
    running = office.client.get(f"/data/jobs/{job}.json").get_json()
    assert running["state"] == "running"
    page = text(office.client.get(f"/jobs/{job}"))
    assert "Batalkan" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert office.post(f"/jobs/{job}/cancel").status_code == 303
    slow.go.set()
    assert queue_of(office.app).wait(job, LONG_S).state == "cancelled"
    assert "Tidak ada yang disimpan" in text(office.client.get(f"/jobs/{job}"))
    assert files_of(registry_workspace) == before
    assert list(own_temporary_folder.iterdir()) == []
    assert "registry.ingest" not in {action for action, _ in events(registry_workspace)}
    assert ("job.cancelled", "social_office") in events(registry_workspace)
    monkeypatch.undo()
    assert office.start(preview).state == "done"


def test_starting_twice_is_one_job(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(monkeypatch)
    preview = office.preview_of(GOOD)
    first = office.post(f"{preview}/start").location
    assert office.post(f"{preview}/start").location == first
    assert office.post(f"{office.preview_of(GOOD)}/start").location == first
    slow.go.set()
    assert queue_of(office.app).wait(first.rpartition("/")[2], LONG_S).state == "done"


def test_a_refused_file_is_told_by_its_job(office: Office, registry_workspace: Workspace) -> None:
    """What only the whole file shows: the preview is for its first rows."""
    preview = office.preview_of(csv_of([family(number, desil="") for number in range(1, 4)]))
    job = office.start(preview)
    assert job.state == "failed"
    page = text(office.client.get(f"/jobs/{job.id}"))
    assert "Tidak ada yang disimpan." in page
    assert job.error is not None
    assert job.error.reference in page
    assert "gisapp-incoming" not in page
    assert snapshots(registry_workspace) == []


def test_after_a_restart_a_waiting_intake_is_taken_up(office: Office, registry_workspace: Workspace) -> None:
    from gisapp.jobs.ledger import Ledger

    token = office.preview_of(GOOD).rpartition("/")[2]
    actor = {"name": "social_office", "role": "social_office", "area": None}
    job, _ = Ledger(registry_workspace.database).add(
        "intake", "keluarga.csv", owner="social_office", input_hash="x", parameters={"token": token, "actor": actor}
    )
    app = create_app(registry_workspace.root, testing=True)
    queue_of(app).start()
    assert queue_of(app).wait(job, LONG_S).state == "done"
    queue_of(app).stop(patience_s=LONG_S)


def said(response: Any) -> str:
    """A page without its reference number and its form's token, which differ from one second to the next."""
    return re.sub(r'<code>\w+</code>|name="csrf_token" value="[^"]*"', "", text(response))


def test_anothers_upload_and_job_are_as_none(office: Office, served: Flask, log_in_to: LogIn) -> None:
    preview = office.preview_of(GOOD)
    job = office.start(preview)
    kept = office.preview_of(PLANTED)
    other = Office(served, log_in_to(served, "social_office", name="orang lain"))
    missing = other.client.get("/admin/intake/uploads/" + "0" * 32)
    assert said(other.client.get(kept)) == said(missing)
    assert other.client.get(f"/jobs/{job.id}").status_code == 404
    assert other.client.get(f"/data/jobs/{job.id}.json").status_code == 404
    assert other.post(f"/jobs/{job.id}/cancel").status_code == 404
    assert other.post(f"{kept}/start").status_code == 404
    admin = log_in_to(served, "admin")
    assert admin.get(f"/jobs/{job.id}").status_code == 200
    assert "keluarga.csv" in text(admin.get("/jobs"))
    assert "keluarga.csv" not in text(other.client.get("/jobs"))


@pytest.mark.parametrize("role", ["planner", "statistician", "village_operator", "viewer", "tkpk_chair"])
def test_other_roles_take_nothing_in(served: Flask, role: str, log_in_to: LogIn) -> None:
    somebody = Office(served, log_in_to(served, role))
    assert somebody.client.get("/admin/intake").status_code == 403
    assert somebody.send(GOOD).status_code == 403
    assert somebody.post("/admin/intake/imports/x/quarantine").status_code == 403


@pytest.mark.parametrize(
    "path", ["/admin/intake", "/admin/intake/uploads/x/choices", "/admin/intake/uploads/x/mapping",
             "/admin/intake/uploads/x/start", "/admin/intake/uploads/x/discard", "/admin/intake/imports/x/quarantine",
             "/jobs/x/cancel"],
)  # fmt: skip
def test_no_change_without_a_token(office: Office, path: str) -> None:
    assert office.client.post(path).status_code == 400
    assert office.client.get(path).status_code in (200, 404, 405)
    assert token_of(office.client)


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("path", ["/admin/intake", "/admin/registry", "/jobs"])
def test_pages_in_both_languages(office: Office, path: str, lang: str) -> None:
    office.take_in(PLANTED)
    page = text(office.client.get(f"{path}?lang={lang}"))
    assert f'<html lang="{lang}">' in page
    assert not re.search(r"\sstyle=", page)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))


def test_every_step_is_recorded(office: Office, registry_workspace: Workspace) -> None:
    preview = office.preview_of(GOOD)
    office.post(f"{preview}/choices", {"period": "2025"})
    office.post(f"{preview}/mapping", {"name": "a", "base": "form:regsosek2022k", "column_0": "code", **_same(GOOD)})
    assert office.start(preview).state == "done"
    office.post(f"{office.preview_of(GOOD)}/discard")
    recorded = {action for action, actor in events(registry_workspace) if actor == "social_office"}
    assert recorded >= {
        "registry.upload", "registry.upload.choices", "registry.mapping", "registry.upload.discard", "job.queued",
        "registry.ingest", "job.done",
    }  # fmt: skip


def _same(content: bytes) -> dict[str, str]:
    """What the editor sends where nobody changes what the form says."""
    from gisapp.registry.forms import load_form

    header = content.decode().splitlines()[0].split(",")
    found = {source: variable for variable, source in load_form("regsosek2022k").recognise(header).items()}
    return {f"column_{number}": found.get(column, "") for number, column in enumerate(header)}
