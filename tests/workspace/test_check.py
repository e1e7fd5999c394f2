"""check: nothing to tell of good layers; every fault with its layer."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely.geometry import LineString, box

from gisapp.workspace.check import check_workspace

ORIGIN = {"source": "uji", "date": "2025", "licence": "CC0-1.0"}


def codes(report) -> dict[str, list[str]]:
    return {layer.name: [problem.code for problem in layer.problems] for layer in report.layers}


@pytest.fixture
def good(add, desa_file, csv):
    """A boundary and a population table that match."""
    add(desa_file, role="boundary", name="desa", level="desa", key="kode", **ORIGIN)
    desa = ["12.05.01.2001", "12.05.01.2010", "12.05.10.1001", "12.05.10.2002"]
    rows = "".join(f"{code},10,3,2024,x\n" for code in desa)
    add(csv("kode,jiwa,keluarga,tahun,sumber\n" + rows), role="table", name="penduduk", kind="population", **ORIGIN)


def test_good_layers_have_no_problems(good, reopen):
    report = check_workspace(reopen())
    assert report.ok
    assert report.problems == ()
    assert codes(report) == {"desa": [], "penduduk": []}
    assert report.as_dict()["layers"][0] == {
        "name": "desa",
        "role": "boundary",
        "features": 4,
        "crs": "EPSG:4326",
        "problems": [],
    }


def test_an_empty_workspace_is_told_what_comes_first(reopen):
    report = check_workspace(reopen())
    assert report.ok
    assert [problem.code for problem in report.problems] == ["no_boundary"]


def test_lost_data_is_an_error_of_its_layer(good, root, reopen):
    (root / "layers" / "desa.parquet").unlink()
    report = check_workspace(reopen())
    assert not report.ok
    assert codes(report)["desa"] == ["layer_data_missing"]


def test_data_exchanged_by_something_else_are_an_error(good, root, reopen):
    (root / "layers" / "penduduk.csv").write_text("<html>not found</html>")
    assert codes(check_workspace(reopen()))["penduduk"] == ["format_mismatch"]


def test_unstated_sources_are_reminded(add, desa_file, reopen):
    add(desa_file, role="boundary", name="desa", level="desa", key="kode")
    report = check_workspace(reopen())
    assert report.ok
    assert codes(report) == {"desa": ["source_unstated"]}


def test_codes_of_another_district_and_a_wrong_crs_are_errors(good, root, reopen):
    path = root / "gisapp.toml"
    path.write_text(path.read_text().replace('kode = "12.05"', 'kode = "12.22"').replace("EPSG:32647", "EPSG:4326"))
    report = check_workspace(reopen())
    assert not report.ok
    assert codes(report)["desa"] == ["kode_mismatch"]
    assert [problem.code for problem in report.problems] == ["working_crs"]


def test_desa_are_held_against_the_kecamatan(good, tmp_path, add, reopen):
    path = tmp_path / "kec.geojson"
    frame = gpd.GeoDataFrame({"kode": ["12.05.01"], "nama": ["A"]}, geometry=[box(98, 3.5, 98.1, 3.6)], crs=4326)
    frame.to_file(path, engine="pyogrio")
    add(path, role="boundary", name="kecamatan", level="kecamatan", key="kode", **ORIGIN)
    found = {
        p.code: p.count for layer in check_workspace(reopen()).layers if layer.name == "desa" for p in layer.problems
    }
    assert found == {"parent_missing": 2, "desa_outside_kecamatan": 1}


def test_population_codes_are_held_against_the_boundary(good, csv, add, reopen):
    text = "kode,jiwa,keluarga,tahun,sumber\n1205012001,1,1,2024,x\n1213010001,1,1,2024,x\n"
    add(csv(text), role="table", name="lain", kind="population", **ORIGIN)
    assert codes(check_workspace(reopen()))["lain"] == ["code_unmatched", "area_without_population"]


def test_lines_elsewhere_are_told(good, tmp_path, add, reopen):
    path = tmp_path / "jalan.geojson"
    gpd.GeoDataFrame(geometry=[LineString([(106, -6), (106.1, -6)])], crs=4326).to_file(path, engine="pyogrio")
    add(path, role="road", name="jalan", **ORIGIN)
    assert codes(check_workspace(reopen()))["jalan"] == ["outside_district"]


def test_a_layer_dropped_by_hand_is_a_layer(good, root, reopen):
    (root / "layers" / "pasar.csv").write_text("nama,lat,lon\na,3.55,98.05\nb,0,0\n")
    (root / "layers" / "pasar.toml").write_text(
        'name = "pasar"\nrole = "facility"\npath = "pasar.csv"\nkind = "pasar"\ntitle_id = "Pasar"\n'
        'title_en = "Market"\nsource = "uji"\ndate = "2025"\nlicence = ""\n'
    )
    report = check_workspace(reopen())
    assert codes(report)["pasar"] == ["coordinate_zero"]
    assert next(layer.features for layer in report.layers if layer.name == "pasar") == 2
