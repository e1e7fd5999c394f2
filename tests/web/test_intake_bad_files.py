"""Files that should not have been sent, by HTTP: each is refused in words, and none leaves anything behind."""

from __future__ import annotations

import io
import re
import socket
import zipfile
from pathlib import Path
from typing import Any

import pytest
from intake_files import KODE, Office, csv_of, family, nik
from openpyxl import Workbook

from gisapp.registry import uploads
from gisapp.workspace.folder import Workspace

VRT = (
    b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>'
    b"</OGRVRTDataSource>"
)


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.get_data(as_text=True))


def zipped(entries: dict[str, bytes], *, deflate: bool = True) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED if deflate else zipfile.ZIP_STORED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return body.getvalue()


def workbook(rows: list[list[Any]]) -> bytes:
    book, body = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(body)
    return body.getvalue()


def good_workbook() -> bytes:
    rows = [family(number) for number in range(1, 6)]
    return workbook([list(rows[0]), *(list(row.values()) for row in rows)])


def entity_bomb() -> bytes:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><sst>&a;</sst>'
    with zipfile.ZipFile(io.BytesIO(good_workbook())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zipped({**parts, "xl/sharedStrings.xml": bomb, "xl/worksheets/sheet1.xml": bomb})


def encrypted_zip() -> bytes:
    body = bytearray(good_workbook())
    body[6] |= 1
    at = body.find(b"PK\x01\x02")
    body[at + 8] |= 1
    return bytes(body)


#: web.md 5.3: row, name, content.
REFUSED = [
    ("1", "a.csv", VRT),
    ("1", "a.txt", VRT),
    ("2", "a.xlsx", zipped({"a.vrt": VRT})),
    ("2", "a.xlsx", zipped({"b.zip": zipped({"c.csv": b"nik\n1\n"})})),
    ("2", "a.csv", zipped({"a.csv": b"nik\n1\n"})),
    ("5", "a.xlsx", zipped({"../x.xml": b"x", "/etc/x": b"x", "C:\\x": b"x"})),
    ("5", "a.xlsx", zipped({f"{number}.xml": b"" for number in range(30_000)}, deflate=False)),
    ("6", "a.xlsx", zipped({"xl/workbook.xml": b" " * 60_000_000, "[Content_Types].xml": b"x"})),
    ("7", "a.xlsx", good_workbook()[:-200]),
    ("7", "a.xlsx", encrypted_zip()),
    ("10", "a.xlsx", entity_bomb()),
    ("10", "a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
    ("13", "a.csv", b"nik,nama\n" + b'"' + b"x" * 5_000_000),
    ("13", "a.csv", b"a" * 3_000_000),
    ("13", "a.csv", b"nik,desil\n1\x00,2\n"),
    ("23", "a.csv", b"kode_desa,nik,desil,jumlah_anggota\n"),
    ("23", "a.csv", b"\n\n\n"),
    ("-", "a.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 200),
    ("-", "a.parquet", b"PAR1" + b"\0" * 200),
]


@pytest.fixture(autouse=True)
def no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("something tried to leave this machine")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.parametrize(
    ("row", "name", "content"), REFUSED, ids=[f"{row}-{at}" for at, (row, *_) in enumerate(REFUSED)]
)
def test_refused_in_words(
    office: Office, registry_workspace: Workspace, own_temporary_folder: Path, row: str, name: str, content: bytes
) -> None:
    preview = office.preview_of(content, name)
    answer = office.client.get(preview)
    assert answer.status_code == 422, row
    page = text(answer)
    assert "belum dapat diterima" in page
    assert "gisapp-incoming" not in page
    assert "root:" not in page
    assert list(own_temporary_folder.iterdir()) == []
    job = office.start(preview)
    assert job.state == "failed"
    assert job.error is not None
    assert job.error.code != "unexpected", row
    assert not list(registry_workspace.registry_folder.glob("*.parquet"))
    assert list(own_temporary_folder.iterdir()) == []


@pytest.mark.parametrize("name", ["a.vrt", "a.geojson", "a.xlsm", "a.zip", "a.exe", "a", "a.csv.exe"])
def test_names_of_other_kinds(office: Office, registry_workspace: Workspace, name: str) -> None:
    answer = office.send(b"nik\n1\n", name)
    assert answer.status_code == 422
    assert "CSV, XLSX" in text(answer)
    assert not (registry_workspace.root / uploads.FOLDER).exists() or not list(
        (registry_workspace.root / uploads.FOLDER).iterdir()
    )


@pytest.mark.parametrize(
    "name", ["../../a.csv", "CON.csv", "x" * 300 + ".csv", "a%00.csv", "<script>alert(1)</script>.csv"]
)
def test_strange_names(office: Office, registry_workspace: Workspace, name: str) -> None:
    preview = office.preview_of(csv_of([family(number) for number in range(1, 6)]), name)
    page = text(office.client.get(preview))
    assert "<script>alert" not in page
    assert all(
        re.fullmatch(r"[0-9a-f]{32}(\.plan)?\.enc", path.name)
        for path in (registry_workspace.root / uploads.FOLDER).iterdir()
    )
    job = office.start(preview)
    assert job.state == "done"
    answer = office.post(f"/admin/intake/imports/{job.result['import_id']}/quarantine")
    assert re.fullmatch(r"attachment; filename=karantina-[0-9a-f]+\.csv", answer.headers["Content-Disposition"])


@pytest.mark.parametrize("field", ["bast_number", "received_from", "purpose", "period", "form", "codes"])
@pytest.mark.parametrize(
    "value", ["/vsicurl/http://x/a", "/vsis3/a/b", "http://x/a", "PG:host=x", "MEM:::x", "GeoJSON:/etc/passwd"]
)
def test_no_address_in_a_text(office: Office, field: str, value: str) -> None:
    assert office.send(b"nik\n1\n", **{field: value}).status_code == 400


def test_no_number_of_a_person_in_a_text(office: Office) -> None:
    answer = office.send(b"nik\n1\n", purpose=f"untuk {nik(1)}")
    assert answer.status_code == 400
    assert "NIK atau KK" in text(answer)


def test_too_large_a_file(office: Office) -> None:
    office.app.config["UPLOAD_LIMITS"]["intake.receive"] = 10_000
    answer = office.send(b"x" * 20_000)
    assert answer.status_code == 413
    assert "terlalu besar" in text(answer)
    assert office.client.get("/admin/intake").status_code == 200


def test_a_file_larger_than_what_is_read_at_a_time(office: Office) -> None:
    """A piece that ends at a line's end leaves its last bytes for the next one."""
    rows = [family(number, alamat="x" * (number % 60)) for number in range(1, 3_001)]
    assert office.take_in(csv_of(rows)).result["accepted"] == 3_000
    answer = office.send(b"\n" * 300_000)
    assert answer.status_code == 303


def test_a_large_form_without_a_file(office: Office) -> None:
    assert office.post("/admin/intake/uploads/x/choices", {"purpose": "x" * 100_000}).status_code == 413


@pytest.mark.parametrize(
    ("encoding", "separator"), [("utf-8-sig", ","), ("utf-16", ";"), ("cp1252", ";"), ("utf-8", "\t"), ("utf-8", "|")]
)
def test_encodings_and_separators(office: Office, encoding: str, separator: str) -> None:
    rows = [family(number, nama_kepala_keluarga="Andr\u00e9") for number in range(1, 6)]
    job = office.take_in(csv_of(rows, separator=separator, encoding=encoding))
    assert job.result["accepted"] == 5


def test_markup_in_names_is_text(office: Office) -> None:
    nasty = [
        "<script>alert(1)</script>",
        "${alert(1)}",
        "{{7*7}}",
        "`x`",
        "\u202egnp.exe",
        "\U0001f600" * 20,
        "x" * 9_000,
    ]
    rows = [family(number, nama_kepala_keluarga=name, kd_sumber_air_minum=name) for number, name in enumerate(nasty, 1)]
    preview = office.preview_of(csv_of(rows))
    page = text(office.client.get(preview))
    assert "<script>alert" not in page
    assert "49" not in re.findall(r"<td>([^<]*)</td>", page)
    assert office.start(preview).state == "done"


def test_markup_in_headings_is_text(office: Office) -> None:
    rows = [{**family(1), "<img src=x onerror=alert(1)>": "a", "a\u202eb": "b"}]
    page = text(office.client.get(office.preview_of(csv_of(rows))))
    assert "<img src=x" not in page


def test_formulas_come_back_as_text(office: Office) -> None:
    rows = [family(1, alamat='=HYPERLINK("http://x")', kode_desa="12.05.09.2009"), family(2, alamat="-3")]
    rows[0]["alamat"] = rows[0]["alamat"].replace(",", " ").replace('"', "'")
    job = office.take_in(csv_of([*rows, *(family(number) for number in range(3, 9))]))
    answer = office.post(f"/admin/intake/imports/{job.result['import_id']}/quarantine")
    body = answer.get_data().decode("utf-8-sig")
    assert "'=HYPERLINK" in body
    assert ",=HYPERLINK" not in body


def test_a_workbook(office: Office) -> None:
    assert office.take_in(good_workbook(), "keluarga.xlsx").result["accepted"] == 5
    assert KODE[0]
