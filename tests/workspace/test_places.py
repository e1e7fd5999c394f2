"""Facilities: every row is kept, every bad position counted; kinds and services."""

from __future__ import annotations

from collections import Counter

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.geometry import LineString, Point, box

from gisapp.errors import FileRefusedError
from gisapp.workspace.capacity import capacities, capacity_problems
from gisapp.workspace.layers import facility_kinds, read_facilities, read_lines

SCHOOLS = """nama,bentuk,kecamatan,desa,lintang,bujur
SD 1,SD,Satu,Desa A,3.55,98.05
SD 2,Sekolah Dasar,Satu,,3.55,98.15
SMP 1,smp,Satu,,3.55,98.15
SMA 1,SMA,Satu,,3.55,98.15
SLB 1,SLB,Satu,,3.56,98.05
SD 3,SD,Dua,,,
SD 4,SD,Dua,,0,0
SD 5,SD,Dua,,98.05,3.55
SD 6,SD,Dua,,3.55,99.9
SD 7,,Dua,,3.57,98.05
"""


def refused(code, call, *args, **options):
    with pytest.raises(FileRefusedError) as caught:
        call(*args, **options)
    assert caught.value.code == code
    assert caught.value.id != caught.value.en
    return caught.value


def counts(report) -> dict[str, int]:
    return {problem.code: problem.count for problem in report.problems}


FACILITY = {"role": "facility", "name": "sekolah", "kind_column": "bentuk"}


def test_no_facility_is_lost_and_each_says_where_it_stands(desa, csv, add, reopen):
    report = add(csv(SCHOOLS), **FACILITY)
    assert report.features == 10
    assert counts(report) == {
        "kind_unknown": 2, "coordinate_missing": 1, "coordinate_zero": 1, "coordinate_swapped": 1,
        "coordinate_outside": 1, "coordinate_stacked": 3,
    }  # fmt: skip
    frame = read_facilities(reopen())
    assert frame["position"].tolist() == [
        "known", "stacked", "stacked", "stacked", "known", "blank", "zero", "swapped", "outside", "known",
    ]  # fmt: skip
    assert frame["kind"].tolist() == ["sd", "sd", "smp", "sma", "slb", "sd", "sd", "sd", "sd", ""]
    assert frame["service"].dropna().tolist() == [
        "primary_school", "primary_school", "junior_school", "senior_school", *["primary_school"] * 4,
    ]  # fmt: skip
    assert frame["area_hint"].tolist()[:2] == ["Desa A", "Satu"]
    assert facility_kinds(reopen()) == {"sd", "smp", "sma"}


def test_a_position_that_is_not_finite_is_told_once(desa, csv, add):
    report = add(csv("nama,lintang,bujur\na,nan,98.05\nb,3.55,98.05\n"), role="facility", name="pasar")
    assert [(problem.code, problem.count) for problem in report.problems] == [("not_finite", 1)]


def test_positions_follow_a_boundary_that_comes_later(csv, add, desa_file, reopen):
    report = add(csv(SCHOOLS), **FACILITY)
    assert "coordinate_outside" not in counts(report)
    add(desa_file, role="boundary", name="desa", level="desa", key="kode")
    assert Counter(read_facilities(reopen())["position"])["outside"] == 1


def test_a_point_on_the_outer_border_is_inside(desa, csv, add):
    assert counts(add(csv("nama,lat,lon\na,3.5,98.0\n"), role="facility", name="pasar")) == {}


def test_one_kind_for_all_is_taken_from_kind_or_name(desa, csv, add, reopen):
    add(csv("nama,lat,lon\na,3.55,98.05\n"), role="facility", name="pasar")
    add(csv("nama,lat,lon\na,3.55,98.05\n"), role="facility", name="faskes", kind="Puskesmas Pembantu")
    assert counts(add(csv("nama,lat,lon\na,3.55,98.05\n"), role="facility", name="x", kind="Warung")) == {
        "kind_unknown": 1
    }
    frame = read_facilities(reopen())
    assert dict(zip(frame["kind"], frame["service"], strict=True)) | {"warung": None} == {
        "pasar": "market", "pustu": "health_centre", "warung": None,
    }  # fmt: skip
    refused("kind_missing", add, csv(SCHOOLS), role="facility", name="layanan")
    refused("kind_column_missing", add, csv(SCHOOLS), role="facility", name="y", kind_column="jenjang")


def test_a_table_of_exchanged_columns_is_told_with_the_option_that_mends_it(desa, csv, add, reopen):
    path = csv("nama,lintang,bujur\na,98.05,3.55\nb,98.06,3.56\n")
    error = refused("columns_swapped", add, path, role="facility", name="pasar")
    assert "--latitude bujur --longitude lintang" in error.en
    assert list(reopen().layers_folder.glob("pasar*")) == []
    add(path, role="facility", name="pasar", latitude="bujur", longitude="lintang")
    assert read_facilities(reopen())["position"].tolist() == ["known", "known"]
    add(path, role="facility", name="pasar", latitude="bujur", longitude="lintang", replace=True)
    assert [path.name for path in reopen().layers_folder.glob("pasar*.parquet")] != ["pasar.parquet"]


def test_footprints_become_a_point_on_them_and_lines_are_refused(tmp_path, desa, add, reopen):
    shapes = [box(98.01, 3.51, 98.02, 3.52), Point(98.05, 3.55), None, Point(0, 0)]
    path = tmp_path / "p.geojson"
    gpd.GeoDataFrame({"NAMOBJ": list("abcd")}, geometry=shapes, crs=4326).to_file(path, engine="pyogrio")
    report = add(path, role="facility", name="pasar")
    assert counts(report) == {"footprint": 1, "coordinate_missing": 1, "coordinate_zero": 1}
    frame = read_facilities(reopen())
    assert frame["name"].tolist() == list("abcd")
    assert shapely.intersects(shapes[0], frame.geometry.iloc[0])
    line = tmp_path / "l.geojson"
    gpd.GeoDataFrame(geometry=[LineString([(98, 3.5), (98.1, 3.6)])], crs=4326).to_file(line, engine="pyogrio")
    refused("geometry_type", add, line, role="facility", name="pasar2", kind="pasar")


def test_a_column_named_position_does_not_confuse(tmp_path, desa, add, reopen):
    path = tmp_path / "p.geojson"
    frame = gpd.GeoDataFrame({"position": ["atas"]}, geometry=[Point(98.05, 3.55)], crs=4326)
    frame.to_file(path, engine="pyogrio")
    add(path, role="facility", name="pasar")
    assert read_facilities(reopen())["position"].tolist() == ["known"]


def test_a_workspace_without_facilities_has_the_same_columns(reopen, desa):
    frame = read_facilities(reopen())
    assert list(frame.columns) == [
        "layer", "kind", "service", "name", "position", "area_hint", "area_code", "desa_hint", "kecamatan_hint",
        "kabupaten_hint", "capacity", "capacity_from", "geometry",
    ]  # fmt: skip
    assert frame.crs == "EPSG:4326"


def test_lines_need_lines_and_a_kind(tmp_path, desa, desa_file, add, reopen):
    path = tmp_path / "jalan.geojson"
    gpd.GeoDataFrame({"nama": ["a"]}, geometry=[LineString([(98, 3.5), (98.1, 3.6)])], crs=4326).to_file(
        path, engine="pyogrio"
    )
    add(path, role="road", name="jalan")
    add(path, role="road", name="air", kind="sungai")
    assert (len(read_lines(reopen(), "jalan")), len(read_lines(reopen(), "sungai"))) == (1, 1)
    taken = add(path, role="road", name="rel")
    assert [problem.code for problem in taken.problems] == ["kind_assumed"]
    assert reopen().catalog.layers["rel"].kind == "jalan"
    refused("kind_missing", add, path, role="road", name="rel2", kind="kereta")
    refused("geometry_type", add, desa_file, role="road", name="j2", kind="jalan")


@pytest.mark.shared_data
def test_the_schools_of_langkat_equal_an_independent_count(shared_data, tmp_path, add, reopen):
    source = pd.read_csv(
        shared_data / "infrastructure" / "sekolah_langkat_labusel_2019.csv", dtype=str, keep_default_na=False
    )
    langkat = source[source["kode_kab_kota"] == "070200"]
    langkat.to_csv(tmp_path / "sekolah.csv", index=False)
    boundary = shared_data / "boundaries" / "kemendagri2025_langkat_desa.geojson"
    add(boundary, role="boundary", name="desa", level="desa", key="kode")
    report = add(tmp_path / "sekolah.csv", **FACILITY)

    y, x = pd.to_numeric(langkat["lintang"], errors="coerce"), pd.to_numeric(langkat["bujur"], errors="coerce")
    blank, zero = x.isna() | y.isna(), x.eq(0) | y.eq(0)
    inside = (
        pd.Series(gpd.points_from_xy(x, y), index=langkat.index).map(gpd.read_file(boundary).union_all().intersects)
        & ~blank
    )
    shared_by = pd.DataFrame({"x": x[inside], "y": y[inside]}).groupby(["x", "y"]).size()

    assert report.features == len(langkat) == 911
    assert counts(report) == {
        "kind_unknown": (~langkat["bentuk"].isin(["SD", "SMP", "SMA", "SMK"])).sum(),
        "coordinate_missing": blank.sum(),
        "coordinate_zero": zero.sum(),
        "coordinate_outside": (~inside & ~blank & ~zero).sum(),
        "coordinate_stacked": shared_by[shared_by > 2].sum(),
    }
    assert (blank.sum(), zero.sum()) == (1, 1)
    position = read_facilities(reopen())["position"]
    assert position.isin(["known", "stacked"]).sum() == inside.sum()


@pytest.mark.parametrize(
    ("words", "capacity", "found"),
    [
        (
            ["1,200", "120,5", "30", "1.250"],
            [-9, -9, 30, 1250],
            {"capacity_not_whole": ["'1,200' (#1)", "'120,5' (#2)"]},
        ),
        (["1,000", "120,5"], [-9, -9], {"capacity_not_whole": ["'1,000' (#1)", "'120,5' (#2)"]}),
        (["1.000", "7.5", ""], [-9, -9, -9], {"capacity_not_whole": ["'1.000' (#1)", "'7.5' (#2)"]}),
        (["1,200", "350"], [1200, 350], {}),
        ([], [], {}),
        (["1.200", "12,0"], [1200, 12], {}),
        (
            ["1e18", "100000", "100001", "0"],
            [-9, 100000, -9, 0],
            {"capacity_too_large": ["'1e18' (#1)", "'100001' (#3)"]},
        ),
        (
            ["inf", "-1", "2.5", "999999", "nan", "7"],
            [-9, -9, -9, -9, -9, 7],
            {
                "capacity_unreadable": ["'inf' (#1)", "'-1' (#2)", "'nan' (#5)"],
                "capacity_not_whole": ["'2.5' (#3)"],
                "capacity_too_large": ["'999999' (#4)"],
            },
        ),
        (
            [1.2, 40.0, np.nan, 2e5],
            [-9, 40, -9, -9],
            {"capacity_not_whole": ["'1.2'"], "capacity_too_large": ["'200000'"]},
        ),
    ],
)
def test_a_capacity_is_a_whole_number_that_a_facility_can_have(words, capacity, found):
    frame = pd.DataFrame({"kapasitas": words}, index=[5] * len(words))
    assert capacities(frame, "kapasitas").fillna(-9).tolist() == capacity
    problems = {problem.code: problem for problem in capacity_problems(frame, None)}
    assert list(problems) == list(found)
    for code, cells in found.items():
        assert problems[code].count == len(cells)
        assert all(cell in problems[code].detail and cell in problems[code].detail_id for cell in cells)
    if "capacity_not_whole" in found:
        assert "thousands" in problems["capacity_not_whole"].detail


def test_capacities_that_are_none_are_named_by_add_and_their_rows_stay(csv, desa, add, reopen):
    rows = ["A;1,200;3.55;98.05", "B;120,5;3.56;98.06", "C;1e18;3.57;98.07", "D;40;3.58;98.08"]
    text = "\n".join(["nama;kapasitas;lintang;bujur", *rows, ""])
    report = add(csv(text), role="facility", name="sd", kind="sd")
    assert counts(report) == {"capacity_not_whole": 2, "capacity_too_large": 1}
    assert read_facilities(reopen())["capacity"].fillna(-9).tolist() == [-9, -9, -9, 40]


def test_capacity_is_read_from_a_usual_or_a_named_column_and_nothing_else_counts_as_one(csv, desa, add, reopen):
    rows = ["A,1.250,3,3.55,98.05", "B,,4,3.56,98.06", "C,penuh,-1,3.57,98.07", "D,0,2,3.58,98.08"]
    text = "\n".join(["nama,daya_tampung,ruang,lintang,bujur", *rows, ""])
    report = add(csv(text), role="facility", name="sd", kind="sd")
    assert counts(report) == {"capacity_unreadable": 1}
    frame = read_facilities(reopen())
    assert frame["capacity"].fillna(-9).tolist() == [1250, -9, -9, 0]
    assert set(frame["capacity_from"]) == {"daya_tampung"}
    report = add(csv(text), role="facility", name="sd", kind="sd", capacity_column="ruang", replace=True)
    assert counts(report) == {"capacity_unreadable": 1}
    frame = read_facilities(reopen())
    assert frame["capacity"].fillna(-9).tolist() == [3, 4, -9, 2]
    caught = refused(
        "capacity_column_missing", add, csv(text), role="facility", name="sma", kind="sma", capacity_column="ruangan"
    )
    assert "'ruang'" in caught.en
    add(csv("nama,ruang,lintang,bujur\nA,3,3.55,98.05\n"), role="facility", name="smp", kind="smp")
    smp = read_facilities(reopen()).query("kind == 'smp'")
    assert smp["capacity"].isna().all()
