"""Heading rows: titles above, groups over several columns, question numbers underneath."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from gisapp.readers.header import Header, read_header
from gisapp.readers.table import read_text_table, table_sheets

TEMPLATE = Path(__file__).resolve().parents[3] / "shared/data/household/regsosek2022k_import_template.xlsx"

ROWS = ["9901010101700011", "A", "12.05.01.2001", "3"]
CASES = {
    "one row": ([["NIK", "Nama", "Kode Desa", "ART"], ROWS], Header(1, 1, ["NIK", "Nama", "Kode Desa", "ART"])),
    "a title above": (
        [["DAFTAR KELUARGA", "", "", ""], [], ["NIK", "Nama", "Kode Desa", "ART"], ROWS],
        Header(3, 3, ["NIK", "Nama", "Kode Desa", "ART"]),
    ),
    "a group merged over two columns, the others merged down": (
        [["NIK", "Nama", "Alamat", "", "ART"], ["", "", "Kode Desa", "Dusun", ""], [*ROWS[:3], "II", "3"]],
        Header(1, 2, ["NIK", "Nama", "Alamat | Kode Desa", "Alamat | Dusun", "ART"]),
    ),
    "groups over every column": (
        [["KEPALA", "", "WILAYAH", ""], ["NIK", "Nama", "Kode Desa", "ART"], ROWS],
        Header(2, 2, ["NIK", "Nama", "Kode Desa", "ART"]),
    ),
    "the same heading under two groups": (
        [["SUAMI", "", "ISTRI", ""], ["NIK", "Nama", "NIK", "Nama"], [*ROWS[:2], *ROWS[:2]]],
        Header(2, 2, ["NIK", "Nama", "ISTRI | NIK", "ISTRI | Nama"]),
    ),
    "question numbers under complete headings": (
        [
            ["NIK", "Lantai", "Dinding", "Atap", "Air", "Jarak"],
            ["403", "303", "304", "305", "306a", "306b"],
            ["9901010101700011", "8", "1", "1", "1", "1"],
        ],
        None,
    ),
    "rising question numbers under complete headings": (
        [
            ["KK", "Lantai", "Dinding", "Atap", "Air", "Jarak"],
            ["", "303", "304", "305", "306a", "306b"],
            ["9901010101700011", "8", "1", "1", "1", "1"],
        ],
        Header(1, 2, ["KK", "Lantai | 303", "Dinding | 304", "Atap | 305", "Air | 306a", "Jarak | 306b"]),
    ),
    "a column without a heading": (
        [["NIK", "Nama", "", "ART"], ["9901010101700011", "A", "x", "3"]],
        Header(1, 1, ["NIK", "Nama", "column_3", "ART"]),
    ),
    "three counts that are no question numbers": (
        [["Desa", "L", "P", "Jumlah"], ["Bahorok", "298", "312", "610"]],
        Header(1, 1, ["Desa", "L", "P", "Jumlah"]),
    ),
    "a table of words only": (
        [["Nama", "Jenis", ""], ["Puskesmas", "Kesehatan", "baik"], ["SD", "Sekolah", "rusak"]],
        Header(1, 1, ["Nama", "Jenis"]),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_headings(case):
    rows, expected = CASES[case]
    if expected is not None:
        assert read_header(rows) == expected
    else:  # 403 before 303: the numbers still rise almost everywhere
        found = read_header(rows)
        assert found is not None
        assert found.names[0].startswith("NIK")


def test_blank_rows_are_no_header():
    assert read_header([[""], ["", ""]]) is None


def test_a_header_row_that_is_said_is_the_only_one():
    rows = [["NIK", "Alamat", ""], ["", "Desa", "Dusun"], ["9901010101700011", "A", "B"]]
    assert read_header(rows, 1) == Header(1, 1, ["NIK", "Alamat"])


def test_merged_headings_of_a_workbook(tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.append(["DATA KELUARGA MISKIN", None, None, None])
    sheet.append(["NIK", "Wilayah", None, "ART"])
    sheet.append([None, "Kode Desa", "Dusun", None])
    sheet.append(["9901010101700011", "12.05.01.2001", "II", 3])
    for merged in ("A1:D1", "A2:A3", "B2:C2", "D2:D3"):
        sheet.merge_cells(merged)
    book.save(tmp_path / "gabung.xlsx")
    frame = read_text_table(tmp_path / "gabung.xlsx")
    assert list(frame.columns) == ["NIK", "Wilayah | Kode Desa", "Wilayah | Dusun", "ART"]
    assert frame.index.tolist() == [4]


@pytest.mark.skipif(not TEMPLATE.exists(), reason="reference data (../shared/data) are not beside this checkout")
def test_the_real_template_of_regsosek_2022():
    questions = {
        "3.keterangan perumahan": (["no kartu keluarga", "301a", "301b", "302", "303"], 4),
        "4.ket sos-ek anggota": (["no kartu keluarga", "401", "402 Nama", "403 NIK", "404"], 4),
        "5.keikutsertaan program dll": (["no kartu keluarga", "501a", "501a Bulan", "501a Tahun", "501b"], 5),
    }
    assert len(table_sheets(TEMPLATE)) == 5
    for sheet, (names, first) in questions.items():
        frame = read_text_table(TEMPLATE, sheet=sheet)
        assert list(frame.columns[:5]) == names
        assert frame.index[0] == first
        assert frame.iloc[0, 0] == "1234567890123450"
