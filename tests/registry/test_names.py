"""Names of areas doubt a code and never replace it."""

from __future__ import annotations

import pytest

from gisapp.errors import RegistryError
from gisapp.registry.ingest import ingest
from gisapp.registry.names import alike, plain_name
from gisapp.registry.preview import preview
from gisapp.registry.snapshots import latest_snapshot, read_snapshot
from tests.registry.conftest import family

SAME = [
    ("Sei Litur", "SUNGAI LITUR"), ("Sei. Litur", "Sungai Litur"), ("Desa Sei Litur", "Sungailitur"),
    ("Bukit Mas II", "Bukit Mas 2"), ("Pasar XX", "PASAR 20"), ("Kec. Bahorok", "Bohorok"), ("Kel. Stabat", "Stabat"),
    ("Brandan Barat", "Berandan Barat"), ("Kota Pinang", "KOTAPINANG"), ("Tj. Pura", "Tanjung Pura"),
]  # fmt: skip
OTHER = [
    ("Sei Litur", "Sungai Musam"), ("Bukit Mas I", "Bukit Mas 2"), ("Bukit Mas", "Bukit Mas 2"),
    ("Stabat Lama", "Stabat Baru"), ("Puwonegoro", "Purwanegara"),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), SAME)
def test_one_name_in_two_spellings(left, right):
    assert alike(left, right)
    assert alike(right, left)


@pytest.mark.parametrize(("left", "right"), OTHER)
def test_two_names(left, right):
    assert not alike(left, right)


@pytest.mark.parametrize(("roman", "number"), [("I", 1), ("IV", 4), ("IX", 9), ("XIV", 14), ("XX", 20)])
def test_roman_numerals(roman, number):
    assert plain_name(f"Pasar {roman}") == plain_name(f"Pasar {number}")


def test_a_row_with_another_name_is_kept_in_the_desa_of_its_code(workspace, files):
    rows = [family(1), family(2, nama_desa="Desa 2002"), family(3, nama_desa="DESA 2001"), family(4, nama_desa="")]
    report = ingest(workspace, files.csv(rows), period="2025")
    assert report.warnings == {"area_name_differs": 1}
    assert report.warning_rows["area_name_differs"] == [3]
    assert read_snapshot(latest_snapshot(workspace))["code"].tolist() == ["12.05.01.2001"] * 4


def test_the_preview_shows_the_name(workspace, files):
    seen = preview(workspace, files.csv([family(1, nama_desa="Stabat")]))
    assert [(p.row, p.column, p.value, p.code) for p in seen.problems] == [
        (2, "nama_desa", "Stabat", "area_name_differs")
    ]


def test_a_blank_code_beside_a_good_name_finds_no_desa(workspace, files):
    report = ingest(workspace, files.csv([family(1), family(2, kode_desa="")]), period="2025")
    assert (report.accepted, report.reasons) == (1, {"area_unknown": 1})


def test_a_file_with_names_and_no_codes_is_refused_with_what_to_do(workspace, files):
    rows = [{key: value for key, value in family(1).items() if key != "kode_desa"}]
    with pytest.raises(RegistryError, match="Names of desa are not enough") as caught:
        ingest(workspace, files.csv(rows), period="2025")
    assert caught.value.code == "column_missing"
