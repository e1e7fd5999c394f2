"""Tables as text: encodings, separators, broken rows, formulas, and workbooks that must not open."""

from __future__ import annotations

import csv
import datetime as dt
import zipfile
from decimal import Decimal

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gisapp.errors import FileRefusedError
from gisapp.readers.header import find_header
from gisapp.readers.table import iter_text_table, read_preview, read_table, read_text_table

TEXT = 'kode,nama,nilai\n0101,Désa é,"1,5"\n0102,B,\n'


def refused(path, code) -> FileRefusedError:
    with pytest.raises(FileRefusedError) as caught:
        read_text_table(path)
    assert caught.value.code == code
    assert caught.value.id != caught.value.en
    return caught.value


@pytest.fixture
def workbook(tmp_path):
    """Write rows as a workbook."""

    def write(rows, **sheets):
        path = tmp_path / "b.xlsx"
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        for name, state in sheets.items():
            book.create_sheet(name).sheet_state = state
        book.save(path)
        return path

    return write


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "cp1252"])
def test_encodings(tmp_path, encoding):
    path = tmp_path / "t.csv"
    data = b"\xff\xfe" + TEXT.encode("utf-16-le") if encoding == "utf-16-le-bom" else TEXT.encode(encoding)
    path.write_bytes(data)
    frame = read_text_table(path)
    assert frame.to_dict("list") == {"kode": ["0101", "0102"], "nama": ["Désa é", "B"], "nilai": ["1,5", ""]}
    assert list(frame.index) == [2, 3]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_separators_and_line_ends(tmp_path, separator, newline):
    path = tmp_path / "t.csv"
    path.write_bytes(newline.join([separator.join(["kode", "nama"]), separator.join(["01", "a"]), ""]).encode())
    assert read_text_table(path).to_dict("list") == {"kode": ["01"], "nama": ["a"]}


def test_decimal_commas_do_not_beat_semicolons(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a;b\n1,5;2,5\n3,5;4,5\n")
    assert list(read_text_table(path).columns) == ["a", "b"]


def test_short_and_long_rows_keep_their_number_and_are_told(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n3\n\n4,5,6\n7,8,\n9,10\n")
    read = read_table(path)
    assert list(read.frame.index) == [2, 3, 5, 6, 7]
    assert read.frame.loc[3].tolist() == ["3", ""]
    assert read.frame.loc[5].tolist() == ["4", "5,6"]
    assert read.frame.attrs["ragged"] == [3, 5]
    assert [(problem.code, problem.count) for problem in read.problems] == [("columns_mismatch", 2)]


def test_a_quoted_line_break_is_one_row(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('a,b\n"x\ny",1\nz,2\n')
    assert read_text_table(path)["a"].tolist() == ["x\ny", "z"]


@pytest.mark.parametrize("text", ['a,b\n1,"x\n2,3\n4,5\n', 'a,b\n"1,x\n2,3\n'])
def test_an_open_quote_is_refused_near_its_row(tmp_path, text):
    path = tmp_path / "t.csv"
    path.write_text(text)
    assert "row 2" in refused(path, "csv_quote").en


def test_nul_bytes_are_refused_by_line(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,b\n" + b"1,2\n" * 50 + b"3,\x00\n" + b"1,2\n" * 50)
    assert "line 52" in refused(path, "csv_nul").en


def test_an_endless_line_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("gisapp.readers.delimited._LONGEST_LINE", 1000)
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + "x" * 2000)
    assert "line 2" in refused(path, "csv_line").en


def test_a_header_alone_is_an_empty_table_and_blank_lines_are_none(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n")
    assert read_text_table(path).shape == (0, 2)
    path.write_text("\n\n ,\n")
    with pytest.raises(FileRefusedError):
        read_text_table(path)


def test_titles_above_the_header_are_skipped_and_names_made_unique(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("DAFTAR KELUARGA,,\n,,\nNIK,,NIK\n1,2,3\n")
    frame = read_text_table(path)
    assert list(frame.columns) == ["NIK", "column_2", "NIK_2"]
    assert list(frame.index) == [4]
    assert find_header(read_preview(path)) == 3


def test_chunks_keep_numbers_and_text(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a\n" + "".join(f"{at:03d}\n" for at in range(250)))
    chunks = list(iter_text_table(path, 100))
    assert [len(chunk) for chunk in chunks] == [100, 100, 50]
    whole = pd.concat(chunks)
    assert list(whole.index) == list(range(2, 252))
    assert whole["a"].iloc[7] == "007"


def test_a_workbook_reads_as_text_with_its_formulas_told(workbook):
    path = workbook([["kode", "nik", "nilai", "tgl"], ["0101", 1205010101010010, 2.0, dt.datetime(2023, 5, 1)], [None] * 4, ["0102", "x", "=1+1", True]])  # fmt: skip  # noqa: E501
    read = read_table(path)
    assert read.frame.loc[2].tolist() == ["0101", "1205010101010010", "2", "2023-05-01"]
    assert list(read.frame.index) == [2, 4]
    assert read.frame.attrs["formula_cells"] == [(4, "nilai")]
    assert [(problem.code, problem.count) for problem in read.problems] == [("formula_cell", 1)]


def test_hidden_sheets_are_not_read_and_other_sheets_are_told(workbook):
    read = read_table(workbook([["a", "b"], [1, 2]], lain="visible", rahasia="hidden"))
    (problem,) = read.problems
    assert problem.code == "sheets_ignored"
    assert "lain" in problem.detail
    assert "rahasia" not in problem.detail


def with_entry(path, name, data):
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return path


def test_macros_bombs_and_entities_in_workbooks_are_refused(workbook, tmp_path, zipped):
    rows = [["a", "b"], [1, 2]]
    assert "macros" in refused(with_entry(workbook(rows), "xl/vbaProject.bin", b"x"), "workbook").en
    assert (
        "entities"
        in refused(with_entry(workbook(rows), "xl/extra.xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"), "workbook").en
    )
    refused(with_entry(workbook(rows), "xl/big.xml", b" " * 30_000_000), "archive")
    assert "not an XLSX" in refused(zipped({"a.txt": b"x"}, name="a.xlsx"), "workbook").en
    refused(zipped({"xl/workbook.xml": b"<workbook/>"}, name="b2.xlsx"), "workbook")


def test_external_links_are_not_opened(workbook):
    path = with_entry(workbook([["a"], ["1"]]), "xl/externalLinks/externalLink1.xml", b"<externalLink/>")
    assert read_text_table(path)["a"].tolist() == ["1"]


def test_too_many_columns_are_refused(workbook):
    with pytest.raises(FileRefusedError, match="more than 2000 columns"):
        read_text_table(workbook([["a"] * 2001]))


def test_parquet_reads_as_text(tmp_path):
    path = tmp_path / "t.parquet"
    pd.DataFrame({"kode": ["01", None], "jumlah": [1.0, 2.5], "n": [3, 4]}).to_parquet(path)
    assert read_text_table(path).to_dict("list") == {"kode": ["01", ""], "jumlah": ["1", "2.5"], "n": ["3", "4"]}


def test_a_map_is_no_table(polygon_geojson):
    with pytest.raises(FileRefusedError, match="must be CSV"):
        read_text_table(polygon_geojson([[0, 0], [1, 0], [1, 1], [0, 0]]))


def test_a_sign_in_every_address_is_no_separator_though_a_row_is_ragged(tmp_path):
    rows = [f"{n},Jl. Mawar; RT {n},3.5{n},98.0{n},2,1" for n in range(1, 9)]
    rows[3] += ",too,much"
    path = tmp_path / "keluarga.csv"
    path.write_text("\n".join(["no,alamat,lintang,bujur,anggota,desil", *rows]) + "\n")
    assert list(read_text_table(path).columns) == ["no", "alamat", "lintang", "bujur", "anggota", "desil"]


def test_decimal_commas_do_not_outnumber_semicolons(tmp_path):
    path = tmp_path / "titik.csv"
    path.write_text("lintang;bujur\n" + "3,55;98,05\n" * 8)
    assert list(read_text_table(path).columns) == ["lintang", "bujur"]


CELLS = st.text(st.sampled_from("aé1 ,;|\"'.=\t-√"), max_size=6)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=8),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), newline=st.sampled_from(["\n", "\r\n"]),
)  # fmt: skip
def test_a_regular_file_reads_as_the_careful_reader_of_python_reads_it(tmp_path, rows, encoding, newline):
    path = tmp_path / "p.csv"
    with path.open("w", newline="", encoding=encoding) as stream:
        sheet = csv.writer(stream, lineterminator=newline, quoting=csv.QUOTE_ALL)
        sheet.writerows([("kode desa", "nama", "luas"), *rows])
    with path.open(newline="", encoding=encoding) as stream:
        careful = [row for row in list(csv.reader(stream))[1:] if any(row)]
    frame = read_text_table(path)
    assert [list(row) for row in frame.itertuples(index=False)] == careful


@pytest.mark.parametrize("chunk_rows", [1, 2, 7, 100])
def test_chunks_of_any_size_give_the_same_frame(tmp_path, chunk_rows):
    path = tmp_path / "p.csv"
    lines = [f'{at},"a{chr(10) if at % 5 == 0 else ""}b",{"x" if at % 7 else "x,y"}' for at in range(1, 30)]
    path.write_text("kode,nama,nilai\n" + "\n".join(lines) + "\n")
    whole = read_text_table(path)
    parts = pd.concat(list(iter_text_table(path, chunk_rows)))
    pd.testing.assert_frame_equal(parts, whole)


def test_a_parquet_of_odd_columns_keeps_them_apart(tmp_path):
    columns = [
        pa.array(["1", "2"]),
        pa.array([[1], [2]]),
        pa.array([3, 4]),
        pa.array([Decimal("12.00"), Decimal("2.50")]),
    ]
    pq.write_table(pa.table(columns, names=["a", "nested", "a", ""]), tmp_path / "t.parquet")
    frame = read_text_table(tmp_path / "t.parquet")
    assert frame.to_dict("list") == {"a": ["1", "2"], "a_2": ["3", "4"], "column_3": ["12", "2.50"]}
