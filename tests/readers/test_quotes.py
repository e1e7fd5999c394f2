"""Stray quotation marks never cost a row, and cells over several lines are read where they are meant."""

from __future__ import annotations

import pytest

from gisapp.errors import FileRefusedError
from gisapp.readers.table import read_table, read_text_table

_HEAD = "kode,nama,alamat,jumlah,desil"
_ROWS = [f"0{at},Nama {at},Dusun {at},{at},1" for at in range(1, 9)]


def write(path, lines):
    path.write_text("\n".join(lines) + "\n", newline="")
    return path


def torn(opened, closed, first, last):
    rows = list(_ROWS)
    rows[first] = rows[first].replace(*opened)
    rows[last] = rows[last].replace(*closed)
    return [_HEAD, *rows]


STRAY = {
    "both-open": (("Dusun", '"Dusun'), ("Dusun", '"Dusun'), 3),
    "open-and-close": (("Dusun 2", '"Dusun 2'), ("Dusun 5", 'Dusun 5"'), 3),
    "first-column": (("02,", '"02,'), ("05,", '05",'), 1),
    "last-column": ((",2,1", ',2,"1'), (",5,1", ',5,1"'), 5),
}


@pytest.mark.parametrize(("opened", "closed", "column"), STRAY.values(), ids=STRAY)
def test_two_stray_quotes_never_swallow_the_rows_between(tmp_path, opened, closed, column):
    path = write(tmp_path / "t.csv", torn(opened, closed, 1, 4))
    with pytest.raises(FileRefusedError) as caught:
        read_text_table(path)
    assert caught.value.code == "csv_quote"
    assert f"lines 3 to 6, column {column}" in caught.value.en
    assert f"baris 3 sampai 6, kolom {column}" in caught.value.id


def test_lines_are_counted_as_an_editor_counts_them(tmp_path):
    lines = torn(*STRAY["both-open"][:2], 3, 4)
    lines[2] = lines[2].replace("Dusun 2", '"Dusun 2\nRT 3\nRW 4"')
    with pytest.raises(FileRefusedError, match="lines 7 to 8"):
        read_text_table(write(tmp_path / "t.csv", lines))


@pytest.mark.parametrize("address", ["Dusun I\nRT 3, RW 4", "Dusun I\r\nRT 3", "Gg. Mawar\n\nDesa, Kec, Kab"])
def test_an_address_of_several_lines_is_one_row(tmp_path, address):
    lines = [_HEAD, *_ROWS]
    lines[3] = lines[3].replace("Dusun 3", f'"{address}"')
    frame = read_text_table(write(tmp_path / "t.csv", lines))
    assert len(frame) == 8
    assert frame.loc[4, "alamat"] == address


@pytest.mark.parametrize("title", ['"DAFTAR KELUARGA\nKABUPATEN, TAHUN 2025",,,,\n', ""])
def test_titles_and_headings_of_several_lines_keep_the_rows_numbers(tmp_path, title):
    path = tmp_path / "t.csv"
    path.write_text(title + _HEAD.replace("jumlah", '"jumlah\nanggota"') + "\n" + "\n".join(_ROWS[:3]) + "\n04,x\n")
    read = read_table(path)
    assert list(read.frame.columns) == ["kode", "nama", "alamat", "jumlah anggota", "desil"]
    first = 3 if title else 2
    assert list(read.frame.index) == list(range(first, first + 4))
    assert read.frame.attrs["ragged"] == [first + 3]


def test_a_title_with_an_open_quote_says_so(tmp_path):
    path = write(tmp_path / "t.csv", ['"DAFTAR KELUARGA,,,,', _HEAD, *_ROWS])
    with pytest.raises(FileRefusedError) as caught:
        read_text_table(path)
    assert (caught.value.code, "row 1" in caught.value.en) == ("csv_quote", True)


def test_text_that_breaks_off_inside_a_letter_keeps_its_rows(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(f"{_HEAD}\n{_ROWS[0]}\n02,Renée,x,1,1\n03,Caf".encode() + b"\xc3")
    assert len(read_text_table(path)) == 3


def test_bytes_of_no_encoding_are_refused_with_their_line(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(f"{_HEAD}\n{_ROWS[0]}\n".encode() + b"02,Na\x81ma,x,1,1\n")
    with pytest.raises(FileRefusedError) as caught:
        read_text_table(path)
    assert (caught.value.code, "line 3" in caught.value.en) == ("csv_encoding", True)
