"""The registry's pages: overview, changes, records, duplicates, decree lists, look-up, erasure."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from flask import Flask
from intake_files import KODE, LONG_S, LogIn, Office, csv_of, family, nik, token_of

from gisapp.store.database import session
from gisapp.store.tables import AuditEvent
from gisapp.web.registry.jobs import queue_of
from gisapp.workspace.folder import Workspace

FIRST = [family(number) for number in range(1, 31)]
SECOND = [family(number, kode_desa=KODE[1], bujur=f"{98.11 + number * 1e-4:.4f}") for number in range(31, 61)]


def events(ws: Workspace) -> list[tuple[str, str, dict[str, Any]]]:
    with session(ws.database, write=False) as db:
        rows = db.query(AuditEvent).order_by(AuditEvent.number)
        return [(event.action, event.actor, json.loads(event.detail)) for event in rows]


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.get_data(as_text=True))


@pytest.fixture
def two_periods(office: Office) -> Office:
    """2024: thirty families in each desa. 2025: twelve of the first changed, ten gone, seven new, one moved."""
    assert office.take_in(csv_of([*FIRST, *SECOND]), period="2024").state == "done"
    changed = [family(number, jumlah_anggota="6") for number in range(1, 13)]
    kept = [family(number) for number in range(13, 21)]
    new = [family(number) for number in range(71, 78)]
    moved = [family(31)]
    assert office.take_in(csv_of([*changed, *kept, *new, *moved, *SECOND[1:]]), period="2025").state == "done"
    return office


def test_changes_between_two_periods(two_periods: Office) -> None:
    page = text(two_periods.client.get("/admin/registry?before=2024&after=2025"))
    numbers = {word: number for number, word in re.findall(r"<strong>([^/]+)</strong><span>([^<]+)</span>", page)}
    assert numbers == {
        "Tetap": "37", "Berubah": "12", "Pindah masuk": "&lt; 5", "Baru": "7", "Tidak ada lagi": "10",
        "Pindah keluar": "&lt; 5",
    }  # fmt: skip
    assert page.count("disembunyikan (&lt; 5)") == 2


def test_overview_shows_what_stands(two_periods: Office) -> None:
    page = text(two_periods.client.get("/admin/registry"))
    assert "2024" in page
    assert "2025" in page
    assert page.count("potret yang berlaku") >= 2


def test_records_for_a_statistician(two_periods: Office, served: Flask, log_in_to: LogIn) -> None:
    few = [family(90 + number, kode_desa=KODE[1]) for number in range(3)]
    assert two_periods.take_in(csv_of([*FIRST, *few]), period="2026").state == "done"
    statistician = Office(served, log_in_to(served, "statistician"))
    answer = statistician.post("/admin/registry/records", {"period": "2026"})
    lines = answer.get_data().decode().splitlines()
    assert len(lines) == 31
    assert "family_id" not in lines[0]
    assert "longitude" not in lines[0]
    assert all(line.startswith(KODE[0]) for line in lines[1:])
    assert not any(re.search(r"\d{9,}", line) for line in lines)
    assert lines[1:] == sorted(lines[1:])
    assert events(served.extensions["gisapp"].workspace)[-1] == (
        "registry.records", "statistician", {"period": "2026", "rows": 30, "withheld": 3}
    )  # fmt: skip
    assert two_periods.post("/admin/registry/records", {"period": "2026"}).status_code == 403


def test_the_name_of_a_file_is_for_those_who_take_files_in(
    two_periods: Office, served: Flask, log_in_to: LogIn
) -> None:
    job = two_periods.take_in(csv_of([*FIRST, family(77)]), period="2027", name="Siti Rekaan.csv")
    for role, seen in (("social_office", True), ("statistician", False), ("planner", False), ("tkpk_chair", False)):
        client = log_in_to(served, role)
        for path in ("/admin/registry", f"/admin/registry/imports/{job.result['import_id']}"):
            assert ("Siti Rekaan" in text(client.get(path))) == seen, (role, path)


def send_list(somebody: Office, content: bytes, **said: str) -> Any:
    data = {"name": "PKH 2025", "criteria": "desil 1", "file": (io.BytesIO(content), "daftar.csv"), **said}
    return somebody.post("/admin/lists", data, content_type="multipart/form-data")


def test_a_decree_list_is_taken_in_and_matched(two_periods: Office, registry_workspace: Workspace) -> None:
    listed = [*range(1, 16), *range(32, 42), *range(900, 906)]
    rows = [{"nik": nik(number), "nama": "Nama Rekaan", "kode_desa": KODE[0]} for number in listed]
    answer = send_list(two_periods, csv_of(rows), number="SK/7", date="2025-01-31")
    assert answer.status_code == 303
    page = text(two_periods.client.get(answer.location))
    for count, word in (("31", "Baris daftar"), ("25", "Ada di data terpadu"), ("6", "Tidak ditemukan")):
        assert f"<strong>{count}</strong><span>{word}</span>" in page
    assert "SK/7" in text(two_periods.client.get("/admin/lists"))
    assert {"list.add", "list.match"} <= {event[0] for event in events(registry_workspace)}
    for path in registry_workspace.root.rglob("*"):
        assert not path.is_file() or nik(1).encode() not in path.read_bytes()


@pytest.mark.parametrize(
    ("content", "said", "status"),
    [(b"a,b\n1,2\n", {}, 422), (b"nik\n1\n", {"date": "kemarin"}, 400), (b"nik\n1\n", {"name": "../x"}, 400)],
)
def test_a_list_that_cannot_be(office: Office, content: bytes, said: dict[str, str], status: int) -> None:
    answer = send_list(office, content, **said)
    assert answer.status_code == status
    assert 'role="alert"' in text(answer)
    assert "gisapp-incoming" not in text(answer)


def test_looking_a_family_up(two_periods: Office, registry_workspace: Workspace) -> None:
    page = text(two_periods.post("/admin/identity", {"kind": "nik", "number": nik(5), "purpose": "verification"}))
    assert "Nama Rekaan 5" in page
    assert nik(5) not in page
    assert nik(5)[-4:] in page
    assert [event[0] for event in events(registry_workspace)][-2:] == ["identity.find", "identity.read"]
    assert nik(5) not in str(events(registry_workspace))


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"kind": "nik", "number": nik(999), "purpose": "verification"}, 404),
        ({"kind": "nik", "number": nik(5), "purpose": "curiosity"}, 400),
        ({"kind": "nik", "number": "", "purpose": "verification"}, 400),
    ],
)
def test_a_look_up_that_finds_nothing(two_periods: Office, said: dict[str, str], status: int) -> None:
    answer = two_periods.post("/admin/identity", said)
    assert answer.status_code == status
    assert "Nama Rekaan" not in text(answer)


def test_a_village_operator_sees_their_own_village_only(two_periods: Office, served: Flask, log_in_to: LogIn) -> None:
    operator = Office(served, log_in_to(served, "village_operator", KODE[0]))
    said = {"kind": "nik", "purpose": "registration"}
    assert operator.post("/admin/identity", {**said, "number": nik(5)}).status_code == 200
    other = operator.post("/admin/identity", {**said, "number": nik(45)})
    none = operator.post("/admin/identity", {**said, "number": nik(999)})
    assert other.status_code == none.status_code == 404
    token = r'name="csrf_token" value="[^"]+"'
    assert re.sub(token, "", text(other)) == re.sub(token, "", text(none))


def test_erasing_a_family(two_periods: Office, served: Flask, log_in_to: LogIn, registry_workspace: Workspace) -> None:
    admin = Office(served, log_in_to(served, "admin"))
    said = {"kind": "nik", "number": nik(5), "again": nik(5), "reason": "permintaan keluarga", "confirm": "hapus"}
    for wrong in ({"again": nik(6)}, {"confirm": "ya"}, {"reason": ""}):
        answer = admin.post("/admin/erasure", {**said, **wrong})
        assert answer.status_code == 400
        assert nik(5) not in text(answer)
    assert "Keluarga telah dihapus" in text(admin.post("/admin/erasure", said))
    look = {"kind": "nik", "number": nik(5), "purpose": "correction"}
    assert two_periods.post("/admin/identity", look).status_code == 404
    assert ("family.erase", "admin") in {event[:2] for event in events(registry_workspace)}
    assert two_periods.post("/admin/erasure", said).status_code == 403


def test_duplicates_are_proposed_and_decided(office: Office, registry_workspace: Workspace) -> None:
    twin = family(40, nama_kepala_keluarga="Siti Rekaan Aminah")
    other = family(50, nama_kepala_keluarga="St. Rekaan Aminah", nik=nik(40)[:-4] + "9991")
    assert office.take_in(csv_of([family(1), twin, other])).state == "done"
    assert "Tidak ada dugaan" in text(office.client.get("/admin/duplicates"))
    job = queue_of(office.app).wait(office.post("/admin/duplicates").location.rpartition("/")[2], LONG_S)
    assert job.state == "done", job.error
    assert job.result["proposals"] == 1
    assert "duplicates.look" in {event[0] for event in events(registry_workspace)}
    assert "dugaan pada potret terbaru" in text(office.client.get(f"/jobs/{job.id}"))
    pages = re.findall(r"/admin/duplicates/\d+", text(office.client.get("/admin/duplicates")))
    page = text(office.client.get(pages[0]))
    assert "Rekaan Aminah" in page
    assert nik(40) not in page
    assert office.post(pages[0], {"verdict": "same"}).status_code == 303
    assert events(registry_workspace)[-1][:2] == ("duplicates.decide", "social_office")
    assert "Keluarga yang sama" in text(office.client.get("/admin/duplicates"))
    assert office.post(pages[0], {"verdict": "perhaps"}).status_code == 400
    assert office.client.get("/admin/duplicates/999").status_code == 404


@pytest.mark.parametrize(
    "path", ["/admin/registry/records", "/admin/lists", "/admin/identity", "/admin/erasure", "/admin/duplicates",
             "/admin/duplicates/1"],
)  # fmt: skip
def test_no_change_without_a_token(office: Office, path: str) -> None:
    assert office.client.post(path).status_code in (400, 403)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_pages_in_both_languages(two_periods: Office, served: Flask, log_in_to: LogIn, lang: str) -> None:
    send_list(two_periods, csv_of([{"nik": nik(number)} for number in range(1, 9)]))
    admin = log_in_to(served, "admin")
    for client, path in (
        (two_periods.client, "/admin/registry?before=2024&after=2025"), (two_periods.client, "/admin/lists"),
        (two_periods.client, "/admin/lists/match?name=PKH 2025"), (two_periods.client, "/admin/identity"),
        (two_periods.client, "/admin/duplicates"), (admin, "/admin/erasure"),
    ):  # fmt: skip
        client.set_cookie("lang", lang)
        answer = client.get(path)
        page = text(answer)
        assert answer.status_code == 200, path
        assert f'<html lang="{lang}">' in page
        assert not re.search(r"\sstyle=", page)
    assert token_of(admin)
