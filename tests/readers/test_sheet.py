"""Workbooks read fast: the same cells as number by number, and left to the slow reader where they would differ."""

from __future__ import annotations

import datetime as dt
import zipfile

import pytest
from openpyxl import Workbook

from gisapp.errors import FileRefusedError
from gisapp.readers import sheet as fast
from gisapp.readers.table import read_table, read_text_table, table_sheets
from gisapp.readers.workbook import _iter_slow, cell_text

VALUES = [
    1205010101010010, 0.1, 3, -0.5, True, dt.date(2020, 5, 1), dt.datetime(2020, 5, 1, 10, 30), dt.time(8), "1.250",
    "  x ", None, "=1+1", "0812", 1e22, 12.10, "'0812",
]  # fmt: skip


@pytest.fixture
def book(tmp_path):
    def make(*rows, name="buku.xlsx"):
        workbook = Workbook()
        for row in rows:
            workbook.active.append(row)
        workbook.save(tmp_path / name)
        return tmp_path / name

    return make


def changed(path, folder, change, entry="xl/worksheets/sheet1.xml"):
    """The workbook with one of its parts changed."""
    out = folder / "diubah.xlsx"
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(out, "w") as target:
        for name in archive.namelist():
            content = archive.read(name)
            target.writestr(name, change(content) if name == entry else content)
    return out


def cells(rows):
    texts = ((number, [cell_text(value) for value in row], formulas) for number, row, formulas in rows)
    return {(n, at, at in f): text for n, row, f in texts for at, text in enumerate(row) if text or at in f}


def test_every_kind_of_cell_reads_as_number_by_number(book):
    path = book([f"k{at}" for at in range(len(VALUES))], VALUES, [], ["x", None, None, "y"])
    assert cells(fast.iter_fast(path, "Sheet")) == cells(_iter_slow(path, "Sheet"))


@pytest.mark.parametrize("number", [9901010101700013, 9007199254740993, -9901010101700013])
def test_a_number_beyond_a_float_keeps_its_last_digit(book, tmp_path, number):
    path = changed(book(["nik"], [7]), tmp_path, lambda xml: xml.replace(b"<v>7</v>", f"<v>{number}</v>".encode()))
    assert fast.iter_fast(path, "Sheet") is None
    assert read_text_table(path)["nik"].tolist() == [str(number)]


def test_an_error_cell_is_its_text_not_a_blank(book):
    path = book(["a", "b"], ["1", "#N/A"], ["2", "#DIV/0!"])
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    assert b't="e"' in content["xl/worksheets/sheet1.xml"]
    assert fast.iter_fast(path, "Sheet") is not None
    assert read_text_table(path)["b"].tolist() == ["#N/A", "#DIV/0!"]


def test_formulas_are_found_without_the_slow_reader(book, monkeypatch):
    monkeypatch.setattr("gisapp.readers.workbook._iter_slow", None)
    path = book(["a", "b"], ["1", "=A2*2"], ["2", 3], ["3", "=A4*2"])
    read = read_table(path)
    assert read.frame.attrs["formula_cells"] == [(2, "b"), (4, "b")]


def test_cells_that_begin_right_and_below_stand_where_they_stand(tmp_path):
    workbook = Workbook()
    workbook.active["C4"], workbook.active["D4"], workbook.active["C5"], workbook.active["D5"] = (
        "kode",
        "nama",
        "1",
        "A",
    )
    workbook.save(tmp_path / "jauh.xlsx")
    frame = read_text_table(tmp_path / "jauh.xlsx")
    assert frame["kode"].tolist() == ["1"]
    assert frame.index.tolist() == [5]


def test_a_cell_far_off_does_not_fill_the_memory(tmp_path):
    workbook = Workbook()
    workbook.active.append(["kode", "nama"])
    workbook.active.append(["1", "A"])
    workbook.active.cell(row=1_048_576, column=702, value="x")
    workbook.save(tmp_path / "jauh.xlsx")
    assert fast.iter_fast(tmp_path / "jauh.xlsx", "Sheet") is None


def test_hidden_sheets_are_not_offered_and_not_read(tmp_path):
    workbook = Workbook()
    workbook.active.title = "data"
    workbook.active.append(["kode", "nama"])
    workbook.active.append(["1", "A"])
    workbook.create_sheet("rahasia").sheet_state = "hidden"
    workbook.create_sheet("sangat").sheet_state = "veryHidden"
    workbook.create_sheet("lain").append(["kode", "nama"])
    workbook.save(tmp_path / "lembar.xlsx")
    assert table_sheets(tmp_path / "lembar.xlsx") == ["data", "lain"]
    with pytest.raises(FileRefusedError, match="data, lain"):
        read_text_table(tmp_path / "lembar.xlsx", sheet="rahasia")
    assert read_text_table(tmp_path / "lembar.xlsx", sheet="lain").empty


DAMAGES = {
    "cut": lambda xml: xml[: len(xml) // 2],
    "doctype": lambda xml: b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + xml,
    "doctype behind a comment": lambda xml: b"<!-- " + b"x" * 70_000 + b" --><!DOCTYPE a [<!ENTITY b 'c'>]>" + xml,
    "utf-16": lambda xml: xml.decode().encode("utf-16"),
}


@pytest.mark.parametrize("entry", ["xl/worksheets/sheet1.xml", "xl/workbook.xml"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_or_trapped_part_is_refused(book, tmp_path, entry, damage):
    with pytest.raises(FileRefusedError):
        read_text_table(changed(book(["a", "b"], ["1", "2"]), tmp_path, DAMAGES[damage], entry))
