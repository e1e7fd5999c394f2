"""Boundaries: codes stay text, and what is wrong with them is said."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely
from shapely.geometry import LineString, Point, box

from gisapp.errors import FileRefusedError, InvalidParameterError
from gisapp.workspace.add import find_key_column
from gisapp.workspace.boundaries import utm_zone
from gisapp.workspace.layers import read_boundary, read_polygons


def areas(codes, shapes=None, **columns):
    shapes = shapes or [box(98 + 0.1 * at, 3.5, 98.1 + 0.1 * at, 3.6) for at in range(len(codes))]
    return gpd.GeoDataFrame(
        {"kode": codes, "nama": [f"Desa {at}" for at in range(len(codes))], **columns}, geometry=shapes, crs=4326
    )


def save(tmp_path, frame, name="b.gpkg"):
    frame.to_file(tmp_path / name, engine="pyogrio")
    return tmp_path / name


def refused(code, call, *args, **options):
    with pytest.raises(FileRefusedError) as caught:
        call(*args, **options)
    assert caught.value.code == code
    assert caught.value.id != caught.value.en
    return caught.value


BOUNDARY = {"role": "boundary", "name": "desa", "level": "desa", "key": "kode"}


def test_a_desa_boundary_is_stored_and_fills_in_the_settings(root, desa, reopen):
    assert (desa.features, desa.crs, desa.problems) == (4, "EPSG:4326", ())
    workspace = reopen()
    assert (workspace.settings.kode, workspace.settings.working_crs) == ("12.05", "EPSG:32647")
    assert workspace.settings.code_system == "kemendagri"
    frame = read_boundary(workspace, "desa")
    assert frame["code"].tolist() == ["12.05.01.2001", "12.05.01.2010", "12.05.10.1001", "12.05.10.2002"]
    assert frame["name"].tolist() == ["Satu", "Dua", "Tiga", "Empat"]
    assert "# Kode wilayah kabupaten." in workspace.settings_path.read_text()


def test_settings_that_someone_edited_stay(root, add, desa_file, reopen):
    path = root / "gisapp.toml"
    edited = path.read_text().replace('working_crs = "auto"', 'working_crs = "EPSG:9477"  # rapat 3 Mei')
    path.write_text(edited.replace('kode = ""', 'kode = "12.05"'))
    add(desa_file, **BOUNDARY)
    assert 'working_crs = "EPSG:9477"  # rapat 3 Mei' in path.read_text()
    assert reopen().settings.kode == "12.05"


def test_the_name_comes_from_the_kabupaten(tmp_path, add, desa, reopen):
    add(
        save(tmp_path, areas(["12.05"], nama=["Kabupaten Langkat"])),
        role="boundary",
        name="kabupaten",
        level="kabupaten",
        key="kode",
    )
    assert reopen().settings.name == "Kabupaten Langkat"


def test_bps_codes_are_told_by_their_form(tmp_path, add, reopen):
    add(save(tmp_path, areas(["1213010001", "1213010002"])), **BOUNDARY)
    assert (reopen().settings.kode, reopen().settings.code_system) == ("1213", "bps")


def test_a_missing_key_column_is_refused_with_the_columns(desa_file, add, unchanged):
    error = refused("key_missing", add, desa_file, role="boundary", name="desa", level="desa", key="KODE_DESA")
    assert "kode, nama" in error.en
    assert unchanged()


@pytest.mark.parametrize(
    ("codes", "code", "shown"),
    [
        (["12.05.01.2001", ""], "key_blank", "2"),
        (["12.05.01.2001", None], "key_blank", "2"),
        (["12.05.01.2001", "12.05.01.2001"], "key_duplicate", "12.05.01.2001 (2×)"),
        ([12.1, 12.2], "key_damaged", "12.1"),
    ],
)
def test_bad_keys_are_refused_by_row_or_code(tmp_path, add, unchanged, codes, code, shown):
    assert shown in refused(code, add, save(tmp_path, areas(codes)), **BOUNDARY).en
    assert unchanged()


def test_whole_numbers_become_text_with_a_warning(tmp_path, add, reopen):
    report = add(save(tmp_path, areas([1205012001, 1205012010])), **BOUNDARY)
    assert [problem.code for problem in report.problems] == ["key_not_text"]
    assert read_boundary(reopen(), "desa")["code"].tolist() == ["1205012001", "1205012010"]


def test_points_and_lines_are_no_boundary(tmp_path, add):
    for shape in (Point(98, 3.5), LineString([(98, 3.5), (98.1, 3.6)])):
        refused("geometry_type", add, save(tmp_path, areas(["12.05.01.2001"], [shape])), **BOUNDARY)


def test_exchanged_axes_are_refused(tmp_path, add, desa_file):
    frame = gpd.read_file(desa_file)
    swapped = frame.set_geometry(shapely.transform(frame.geometry, lambda coordinates: coordinates[:, ::-1]))
    refused("axes_swapped", add, save(tmp_path, swapped), **BOUNDARY)


def test_overlaps_gaps_and_lost_polygons_are_reported(tmp_path, add, reopen):
    shapes = [box(98, 3.5, 98.11, 3.6), box(98.1, 3.5, 98.2, 3.6), box(98, 3.6, 98.2, 3.7).difference(box(98.05, 3.62, 98.06, 3.63)), None]  # fmt: skip  # noqa: E501
    codes = [f"12.05.01.200{at}" for at in range(1, 5)]
    report = add(save(tmp_path, areas(codes, shapes)), **BOUNDARY)
    found = {problem.code: problem for problem in report.problems}
    assert (found["area_overlap"].count, found["area_gap"].count) == (1, 1)
    assert "12.05.01.2004" in found["area_without_polygon"].detail
    assert "12.05.01.2001 and 12.05.01.2002 " in found["area_overlap"].detail.replace(";", " ;")
    assert len(read_boundary(reopen(), "desa")) == 3


def test_codes_of_two_districts_or_odd_length_are_told(tmp_path, add):
    report = add(save(tmp_path, areas(["12.05.01.2001", "12.22.01.2001"])), **BOUNDARY)
    assert [problem.code for problem in report.problems] == ["several_districts"]
    report = add(save(tmp_path, areas(["12.05.1", "12.05.2"])), **BOUNDARY | {"replace": True})
    assert [problem.code for problem in report.problems] == ["code_length"]


def test_a_second_boundary_of_a_level_is_refused(desa, desa_file, add, root):
    for name in ("desa", "desa_bps"):
        with pytest.raises(InvalidParameterError):
            add(desa_file, role="boundary", name=name, level="desa", key="kode")


def test_context_polygons_need_a_kind_and_no_key(tmp_path, add, reopen):
    path = save(tmp_path, areas(["a"]))
    refused("level_missing", add, path, role="boundary", name="hutan")
    add(path, role="boundary", name="hutan", kind="kawasan_hutan")
    assert len(read_polygons(reopen(), "kawasan_hutan")) == 1
    assert read_polygons(reopen(), "hgu").empty


def test_the_key_column_is_found_by_usual_names(tmp_path, desa_file):
    assert find_key_column(desa_file, level="desa") == "kode"
    renamed = gpd.read_file(desa_file).rename(columns={"kode": "KDEPUM"})
    assert find_key_column(save(tmp_path, renamed), level="desa") == "KDEPUM"
    with pytest.raises(FileRefusedError):
        find_key_column(save(tmp_path, renamed.rename(columns={"KDEPUM": "x"}), "c.gpkg"), level="desa")


@pytest.mark.parametrize(
    ("x", "y", "zone"), [(98.2, 3.8, 32647), (100.1, 1.8, 32647), (106.8, -6.2, 32748), (140.7, -2.5, 32754)]
)
def test_utm_zone(x, y, zone):
    assert utm_zone(areas(["a"], [Point(x, y).buffer(0.1)])) == f"EPSG:{zone}"
