"""Tables for spreadsheets: nothing runs, ids keep their zeros, numbers stay numbers."""

import csv
import io

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point

from gisapp.columns import COLLECTIONS, STATUSES, columns_of
from gisapp.writers.collection import write_collection
from gisapp.writers.indonesian import VALUES, value
from gisapp.writers.table import inert, totals, write_xlsx

METADATA = {"run_id": "abc123", "period": "2025-1", "synthetic": True, "poor_families_outside_pockets": 0.61}
DANGEROUS = ["=1+1", "+62812", "-2+3", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x")', "'=1", "  =1", "＝1"]


@pytest.fixture
def hostile():
    return gpd.GeoDataFrame(
        {
            "code": ["0101", "0102"],
            "name": [DANGEROUS[0], "bell \x07 rings"],
            "level": "desa",
            "status": ["present", "suppressed"],
            "families": pd.array([40, None], dtype="Int64"),
            "gi_star_z": [-1.5, None],
        },
        geometry=[Point(98, 3), None],
        crs=4326,
    )


def _csv(frame, folder):
    path = folder / "areas.csv"
    write_collection(frame, path, collection="areas", metadata=METADATA, suppressed=1)
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_that_a_spreadsheet_would_run_gets_one_apostrophe(text):
    assert inert(text) == "'" + text


@pytest.mark.parametrize("text", ["Sei Musam", "-5", "-1.5", "1,5", "a=b", ""])
def test_other_texts_and_negative_numbers_are_left_alone(text):
    assert inert(text) == text


@given(st.text(max_size=20))
def test_no_text_starts_a_formula_and_every_text_can_be_recovered(text):
    written = inert(text)
    assert written in (text, "'" + text)
    assert not written.startswith(("=", "+", "@", "\t", "\r"))


def test_csv_keeps_ids_and_repeats_the_run_on_every_row(hostile, tmp_path):
    first, second = _csv(hostile, tmp_path)
    assert first["code"] == "0101"
    assert first["name"] == "'=1+1"
    assert first["gi_star_z"] == "-1.5"
    assert (first["longitude"], first["latitude"]) == ("98.0", "3.0")
    assert second["families"] == ""
    assert second["longitude"] == ""
    for row in (first, second):
        assert row["run_id"] == "abc123"
        assert row["synthetic"] == "true"
        assert row["poor_families_outside_pockets"] == "0.61"


def test_xlsx_types_text_freezes_the_header_and_says_what_is_withheld(hostile, tmp_path):
    path = tmp_path / "areas.xlsx"
    write_collection(hostile, path, collection="areas", metadata=METADATA, suppressed=1)
    book = openpyxl.load_workbook(path)
    sheet = book["areas"]
    assert sheet.freeze_panes == "B2"
    header = [cell.value for cell in sheet[1]]
    assert sheet.auto_filter.ref == f"A1:{openpyxl.utils.get_column_letter(len(header))}3"
    row = dict(zip(header, sheet[2], strict=True))
    assert row["Kode wilayah"].value == "0101"
    assert row["Kode wilayah"].data_type == "s"
    assert row["Nama"].value == "=1+1"
    assert row["Nama"].data_type == "s"
    assert row["Gi* (nilai z)"].value == -1.5
    assert row["Gi* (nilai z)"].data_type == "n"
    assert row["Status nilai"].value == "ada"
    assert [cell.value for cell in sheet[3]][header.index("Status nilai")] == "disembunyikan"
    said = {row[0].value: row[1].value for row in book["Metadata"].iter_rows(min_row=2)}
    assert said["Baris disembunyikan"] == 1
    assert said["Jumlah keluarga yang ditampilkan, tingkat desa"] == 40
    facts = {row[2].value: row[1].value for row in book["Metadata"].iter_rows(min_row=2)}
    assert facts["run_id"] == "abc123"
    assert facts["rows_suppressed"] == 1
    assert facts["total_families_shown_desa"] == 40
    meanings = {row[0].value: row[1].value for row in book["Kolom"].iter_rows(min_row=2)}
    assert meanings["families"] == "Keluarga terdaftar"
    book.close()


def test_an_english_workbook_keeps_names_and_codes(hostile, tmp_path):
    path = tmp_path / "areas.xlsx"
    write_collection(hostile, path, collection="areas", metadata=METADATA, lang="en")
    book = openpyxl.load_workbook(path)
    assert [cell.value for cell in book["areas"][1]][:2] == ["code", "name"]
    assert book["areas"].auto_filter.ref
    book.close()


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_indonesian_headings_are_distinct(collection):
    frame = pd.DataFrame({name: pd.Series(dtype="object") for name in columns_of(collection)})
    out = io.BytesIO()
    write_xlsx(frame, out, collection=collection, metadata={})
    again = io.BytesIO()
    write_xlsx(frame, again, collection=collection, metadata={})
    assert out.getvalue() == again.getvalue()
    header = [cell.value for cell in openpyxl.load_workbook(out)[collection][1]]
    assert len(set(header)) == len(header) == len(columns_of(collection))


def test_codes_become_words():
    assert value("methods", "gi_star, cluster_mass") == "Gi* lokal; massa gugus"
    assert value("main_causes", "water; gap:market") == "Air minum belum layak; Pasar jauh"
    assert value("quadrant", "high_rate_low_count") == "bagian tinggi, jumlah rendah"
    assert value("code", "present") == "present"
    assert set(STATUSES) == set(VALUES["status"])


def test_totals_do_not_mix_levels():
    frame = pd.DataFrame({"level": ["desa", "desa", "kecamatan"], "families": [1, 2, 3], "status": "present"})
    assert ("total_families_shown_desa", 3) in totals(frame)
    assert ("total_families_shown_kecamatan", 3) in totals(frame)
