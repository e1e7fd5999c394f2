"""What is wholly unusable is refused by add, leaves nothing, and is an error in check where it is stored already."""

from __future__ import annotations

import geopandas as gpd
import openpyxl
import pytest
from shapely.geometry import Point, box

from gisapp.errors import FileRefusedError
from gisapp.workspace.check import check_workspace
from gisapp.workspace.folder import open_workspace
from gisapp.workspace.layers import read_boundary
from tests.workspace.conftest import snapshot_of, squares

PLACES = {"role": "facility", "name": "pasar"}
HEAD = "kode,jiwa,keluarga,tahun,sumber\n"


@pytest.fixture
def refused(add, root):
    """Add a file that must be refused, with the workspace unchanged; returns the error."""

    def call(code, file, **options):
        before = snapshot_of(root)
        with pytest.raises(FileRefusedError) as caught:
            add(file, **options)
        assert caught.value.code == code
        assert caught.value.en != caught.value.id
        assert snapshot_of(root) == before
        return caught.value

    return call


def errors(workspace) -> dict[str, list[str]]:
    report = check_workspace(workspace)
    found = {
        layer.name: [problem.code for problem in layer.problems if problem.severity == "error"]
        for layer in report.layers
    }
    assert report.ok == (not any(found.values()))
    return {name: codes for name, codes in found.items() if codes}


def test_a_table_of_places_without_a_row_is_refused(desa, csv, refused):
    refused("layer_empty", csv("nama,lintang,bujur\n"), **PLACES)


@pytest.mark.parametrize(
    ("rows", "code", "hint"),
    [
        ("a,98.05,3.55\nb,98.06,3.55\nc,,\n", "columns_swapped", "--latitude bujur --longitude lintang"),
        ("a,,\nb,,\n", "position_unusable", "--latitude"),
        ("a,0,0\n", "position_unusable", "--longitude"),
        ("a,-6.2,106.8\n", "position_unusable", "--crs"),
    ],
)
def test_places_without_one_usable_position_are_refused(desa, csv, refused, rows, code, hint):
    error = refused(code, csv("nama,lintang,bujur\n" + rows), **PLACES)
    assert hint in error.en
    assert hint in error.id


def test_the_kinds_of_bad_positions_are_counted(desa, csv, refused):
    error = refused("position_unusable", csv("nama,lintang,bujur\na,0,0\nb,,\n"), **PLACES)
    assert "(blank 1, zero 1)" in error.en
    assert "(kosong 1, nol 1)" in error.id


def test_where_some_places_are_usable_the_rest_is_a_warning(desa, csv, add, reopen):
    rows = "a,3.55,98.05\n" + "".join(f"b,98.0{n},3.55\n" for n in range(1, 10)) + "".join("c,98.05,3.55\n" * 9)
    report = add(csv("nama,lintang,bujur\n" + rows), **PLACES)
    severity = {problem.code: problem.severity for problem in report.problems}
    assert severity == {"columns_swapped": "warning", "coordinate_swapped": "warning"}
    assert errors(reopen()) == {}


def test_formulas_without_stored_results_say_to_save_in_a_spreadsheet(desa, tmp_path, refused):
    book = openpyxl.Workbook()
    for row in (["nama", "lintang", "bujur"], ["a", "=1+2.5", "=98+0.05"], ["b", "=1+2.5", "=98+0.06"]):
        book.active.append(row)
    book.save(tmp_path / "s.xlsx")
    assert "Excel" in refused("position_unusable", tmp_path / "s.xlsx", **PLACES).en


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("population", HEAD + "1213010001,10,3,2024,x\n1213010002,10,3,2024,x\n"),
        ("crosswalk", "kode_kemendagri,kode_bps\n12.22.01.2001,1222010001\n"),
    ],
)
def test_a_table_of_other_desa_is_refused(desa, csv, refused, kind, text):
    error = refused("code_foreign", csv(text), role="table", name="tabel", kind=kind)
    assert "12.05.01.2001" in error.en


def test_a_table_with_some_desa_of_the_boundary_is_added(desa, csv, add, reopen):
    text = HEAD + "12.05.01.2001,10,3,2024,x\n1213010002,10,3,2024,x\n"
    assert add(csv(text), role="table", name="penduduk", kind="population").features == 2
    assert errors(reopen()) == {}


def test_desa_added_as_kecamatan_are_refused_with_their_level(desa_file, refused):
    error = refused("level_mismatch", desa_file, role="boundary", name="kecamatan", level="kecamatan", key="kode")
    assert "--level desa" in error.id


def save(tmp_path, frame, name="lain.geojson"):
    frame.to_file(tmp_path / name, engine="pyogrio")
    return tmp_path / name


@pytest.mark.parametrize(("level", "code"), [("kabupaten", "12.22"), ("kecamatan", "12.22.01")])
def test_a_boundary_of_another_district_is_refused_and_renames_nothing(desa, tmp_path, refused, level, code, reopen):
    frame = gpd.GeoDataFrame({"kode": [code], "nama": ["Lain"]}, geometry=[box(100, 1.5, 100.5, 2)], crs=4326)
    error = refused("kode_mismatch", save(tmp_path, frame), role="boundary", name=level, level=level, key="kode")
    for sentence in (error.en, error.id):
        assert "12.22" in sentence
        assert "12.05" in sentence
    assert reopen().settings.name == ""


def test_the_first_boundary_decides_where_kode_is_still_empty(tmp_path, add, refused, desa_file):
    frame = gpd.GeoDataFrame({"kode": ["12.22"], "nama": ["Lain"]}, geometry=[box(100, 1.5, 100.5, 2)], crs=4326)
    add(save(tmp_path, frame), role="boundary", name="kabupaten", level="kabupaten", key="kode")
    refused("kode_mismatch", desa_file, role="boundary", name="desa", level="desa", key="kode")


def test_check_calls_stored_layers_of_that_kind_errors(desa, csv, tmp_path, add, root):
    """As an earlier version stored them: good when added, and the data exchanged underneath."""
    add(csv("nama,lintang,bujur\na,3.55,98.05\n"), **PLACES)
    add(csv(HEAD + "12.05.01.2001,10,3,2024,x\n"), role="table", name="penduduk", kind="population")
    kecamatan = gpd.GeoDataFrame({"kode": ["12.05.01"], "nama": ["A"]}, geometry=[box(98, 3.5, 98.1, 3.6)], crs=4326)
    add(save(tmp_path, kecamatan), role="boundary", name="kecamatan", level="kecamatan", key="kode")
    assert errors(open_workspace(root)) == {}
    places = gpd.GeoDataFrame({"nama": ["a"]}, geometry=[Point(3.55, 98.05)], crs=4326)
    places.to_parquet(root / "layers" / "pasar.parquet")
    (root / "layers" / "penduduk.csv").write_text(HEAD + "1213010001,10,3,2024,x\n")
    squares(["12.05.01.2001", "12.05.01.2010"]).to_parquet(root / "layers" / "kecamatan.parquet")
    assert errors(open_workspace(root)) == {
        "kecamatan": ["level_mismatch"],
        "pasar": ["columns_swapped"],
        "penduduk": ["code_foreign"],
    }
    (root / "layers" / "penduduk.csv").write_text(HEAD)
    kecamatan.assign(kode=["12.22.01"]).to_parquet(root / "layers" / "kecamatan.parquet")
    assert errors(open_workspace(root)) == {
        "kecamatan": ["kode_mismatch"],
        "pasar": ["columns_swapped"],
        "penduduk": ["layer_empty"],
    }


def test_names_of_villages_are_found_or_told_by_the_option(tmp_path, add, reopen):
    frame = squares(["id1213010001", "id1213010002"]).rename(columns={"kode": "village_code", "nama": "village"})
    path = save(tmp_path, frame.assign(village=["Satu", "Dua"], sebutan=["Lama", "Baru"], regency="Langkat"))
    options = {"role": "boundary", "name": "desa", "level": "desa"}
    add(path, **options)
    assert read_boundary(reopen(), "desa")["name"].tolist() == ["Satu", "Dua"]
    assert reopen().settings.name == "Langkat"
    add(path, **options, name_column="sebutan", replace=True)
    assert read_boundary(reopen(), "desa")["name"].tolist() == ["Lama", "Baru"]
    with pytest.raises(FileRefusedError, match="Did you mean 'sebutan'") as caught:
        add(path, **options, name_column="SEBUTAN", replace=True)
    assert caught.value.code == "name_column_missing"


def test_a_name_in_other_letters_is_offered(desa_file, refused, csv):
    error = refused("key_missing", desa_file, role="boundary", name="desa", level="desa", key="KODE")
    assert "Maksud Anda 'kode'?" in error.id
    table = csv("nama,bentuk,lintang,bujur\na,SD,3.55,98.05\n")
    error = refused("kind_column_missing", table, role="facility", name="sekolah", kind_column="Bentuk")
    assert "Did you mean 'bentuk'?" in error.en


def test_a_layer_without_names_says_which_option_gives_them(tmp_path, add):
    frame = squares(["12.05.01.2001"]).rename(columns={"nama": "sebutan"})
    report = add(save(tmp_path, frame), role="boundary", name="desa", level="desa", key="kode")
    told = {problem.code: problem.detail for problem in report.problems}
    assert "--name-column" in told["name_missing"]
    assert "sebutan" in told["name_missing"]
