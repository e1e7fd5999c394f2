"""Land, public land and works as layers: what add reads, what check says, what each class means for a site."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely.geometry import LineString, Point, box

from gisapp.errors import ConfigurationError, FileRefusedError
from gisapp.workspace.check import check_workspace
from gisapp.workspace.land import read_land
from gisapp.workspace.shaped import read_public_land, read_works

ORIGIN = {"source": "uji", "date": "2025", "licence": "CC0-1.0"}
HERE, AWAY = box(98.0, 3.5, 98.1, 3.6), box(106, -6, 106.1, -5.9)


@pytest.fixture
def brought(tmp_path):
    """Write a GeoJSON of shapes with columns."""

    def write(shapes, name="berkas", **columns):
        path = tmp_path / f"{name}.geojson"
        gpd.GeoDataFrame(columns or {"id": range(len(shapes))}, geometry=shapes, crs=4326).to_file(
            path, engine="pyogrio"
        )
        return path

    return write


def codes(problems):
    return {problem.code: problem.count for problem in problems}


def checked(reopen, layer):
    return next(codes(one.problems) for one in check_workspace(reopen()).layers if one.name == layer)


def test_a_spatial_plan_is_read_by_the_words_of_its_classes(add, desa, brought, reopen):
    words = ["Kawasan Hutan Lindung", "Permukiman Perdesaan", "Sawah", "Kawasan Ajaib"]
    path = brought([HERE] * 4, NAMOBJ=words)
    report = add(path, role="boundary", name="pola", kind="pola_ruang_rtrw", **ORIGIN)
    assert codes(report.problems) == {"class_unknown": 1, "class_rules": 4}
    land = read_land(reopen())
    assert land["rule"].tolist() == ["excludes", "allows", "note", "note"]
    assert land["class"].tolist() == ["kawasan lindung", "permukiman", "pertanian", "Kawasan Ajaib"]
    assert checked(reopen, "pola") == {"class_unknown": 1}


def test_what_a_class_means_is_the_districts_own_setting(add, desa, brought, reopen, root):
    add(brought([HERE], NAMOBJ=["Sawah"]), role="boundary", name="pola", kind="pola_ruang_rtrw", **ORIGIN)
    settings = root / "gisapp.toml"
    text = settings.read_text()
    settings.write_text(text.replace('pertanian = "note"', 'pertanian = "excludes"'))
    assert read_land(reopen())["rule"].tolist() == ["excludes"]
    settings.write_text(text.replace('pertanian = "note"', 'pertanian = "forbids"'))
    with pytest.raises(ConfigurationError, match="land_use_rules"):
        reopen()


def test_a_class_that_was_not_known_is_put_right_in_the_layers_own_map(add, desa, brought, reopen, root):
    path = brought([HERE], NAMOBJ=["Zona Ajaib"])
    add(path, role="boundary", name="pola", kind="pola_ruang_rtrw", **ORIGIN)
    toml = root / "layers" / "pola.toml"
    toml.write_text(toml.read_text() + '\n[kind_map]\n"zona ajaib" = "kawasan_lindung"\n')
    assert read_land(reopen())["rule"].tolist() == ["excludes"]
    assert checked(reopen, "pola") == {}


@pytest.mark.parametrize(
    ("kind", "column", "words", "rules"),
    [
        ("rawan_bencana", "tingkat", ["Tinggi", "SEDANG", "rendah"], ["excludes", "note", "allows"]),
        ("kawasan_hutan", "fungsi", ["HL", "APL", "Hutan Produksi Terbatas"], ["excludes", "allows", "excludes"]),
        ("kawasan_hutan", "fungsi", ["1001", "APL", ""], ["excludes", "allows", "excludes"]),
        ("hgu", "fungsi", ["HL", "APL", "x"], ["excludes"] * 3),
        ("lp2b", "kelas", ["a", "b", "c"], ["excludes"] * 3),
    ],
)
def test_levels_of_hazard_and_functions_of_forest_have_their_rules(
    add, desa, brought, reopen, kind, column, words, rules
):
    add(brought([HERE] * 3, **{column: words}), role="boundary", name=kind, kind=kind, **ORIGIN)
    assert read_land(reopen())["rule"].tolist() == rules


def test_a_plan_without_a_class_is_refused_and_hazard_without_a_level_excludes_throughout(add, desa, brought, reopen):
    path = brought([HERE], kode_x=["1"])
    with pytest.raises(FileRefusedError) as refused:
        add(path, role="boundary", name="pola", kind="pola_ruang_rtrw")
    assert refused.value.code == "class_missing"
    report = add(path, role="boundary", name="bencana", kind="rawan_bencana", **ORIGIN)
    assert codes(report.problems) == {"class_missing": 1}
    assert read_land(reopen())["rule"].tolist() == ["excludes"]


def test_a_class_column_that_is_not_there_is_refused_with_the_nearest(add, desa, brought):
    with pytest.raises(FileRefusedError, match="Did you mean 'KELAS_RTRW'") as refused:
        add(
            brought([HERE], KELAS_RTRW=["Sawah"]), role="boundary", name="pola", kind="pola_ruang_rtrw",
            class_column="kelas_rtrw",
        )  # fmt: skip
    assert refused.value.code == "class_column_missing"


def test_land_of_another_district_is_told_and_checks_nothing(add, desa, brought, reopen):
    report = add(brought([AWAY]), role="boundary", name="hgu", kind="hgu", **ORIGIN)
    assert codes(report.problems) == {"outside_district": 1}
    assert checked(reopen, "hgu") == {"outside_district": 1}


@pytest.mark.parametrize(
    ("role", "shape"),
    [
        ("boundary", box(98.0, 3.5, 98.05, 3.55)),
        ("road", LineString([(98.0, 3.5), (98.05, 3.55)])),
        ("facility", Point(98.05, 3.55)),
    ],
)
def test_works_come_as_points_lines_or_polygons(add, desa, brought, reopen, role, shape):
    path = brought([shape], jenis=["Pembangunan USB SD"], tahun=["2026"], pagu=["Rp 2.500.000.000,-"], nama=["USB 1"])
    report = add(path, role=role, name="rencana", kind="rencana_kegiatan", **ORIGIN)
    assert (report.features, codes(report.problems)) == (1, {})
    work = read_works(reopen()).iloc[0]
    assert (work["name"], work["year"], work["budget_idr"]) == ("USB 1", 2026, 2.5e9)
    assert work["answers"] == ("gap:primary_school",)
    assert work.geometry.geom_type == shape.geom_type
    assert checked(reopen, "rencana") == {}
    assert not reopen().catalog.facilities()
    assert not reopen().catalog.roads()


def test_a_table_of_works_says_where_by_code_or_by_coordinates(add, desa, csv, reopen):
    text = (
        "kode,jenis,tahun,pagu,sasaran,lintang,bujur,nama\n"
        "12.05.01.2001,RTLH,2026,500000000,25,,,Bedah rumah\n"
        ",Sumur bor,2026,,,3.55,98.05,\n"
        ",PJU,2025,1,,,,Lampu\n"
        "12.05.01,Sanitasi,2025,1,,,,Jamban\n"
        "12.22.01.2001,Sanitasi,2025,1,,,,Jamban tetangga\n"
    )
    report = add(csv(text), role="table", name="dpa", kind="planned_works", **ORIGIN)
    assert codes(report.problems) == {"work_kind_unknown": 1, "work_without_place": 2}
    found = read_works(reopen())
    assert found["answers"].tolist() == [("housing",), ("water",), (), ("sanitation",), ("sanitation",)]
    assert found["name"].tolist()[:2] == ["Bedah rumah", "Sumur bor"]
    assert found["families"].tolist()[0] == 25
    assert found.geometry.notna().tolist() == [False, True, False, False, False]
    assert checked(reopen, "dpa") == {"work_kind_unknown": 1, "work_without_place": 2}


def test_a_kind_of_work_of_ones_own_is_said_in_the_layers_map(add, desa, csv, reopen, root):
    add(csv("jenis,tahun,kode\nProgram Cemara,2026,12.05.01.2001\n"), role="table", name="dpa", kind="planned_works")
    assert read_works(reopen())["answers"].tolist() == [()]
    toml = root / "layers" / "dpa.toml"
    toml.write_text(toml.read_text() + '\n[kind_map]\n"program cemara" = "water; gap:road"\n')
    assert read_works(reopen())["answers"].tolist() == [("water", "gap:road")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nama,tahun\nX,2026\n", "table_columns"),
        ("jenis,nama\nX,Y\n", "table_columns"),
        ("jenis,tahun\nX,segera\n", "table_value"),
        ("jenis,tahun\n,2026\n", "table_value"),
        ("jenis,tahun,pagu\nX,2026,banyak\n", "table_value"),
        ("jenis,tahun,sasaran\nX,2026,-4\n", "table_value"),
    ],
)
def test_works_without_a_kind_or_a_year_or_with_what_is_no_number_are_refused(add, desa, csv, text, code, unchanged):
    with pytest.raises(FileRefusedError) as refused:
        add(csv(text), role="table", name="dpa", kind="planned_works")
    assert refused.value.code == code


def test_public_land_is_kept_whatever_its_shape_and_rows_without_a_place_are_told(add, desa, csv, brought, reopen):
    add(brought([HERE], nama=["Tanah kas"]), role="boundary", name="aset", kind="lahan_publik", **ORIGIN)
    report = add(
        csv("nama,lat,lon\nA,3.55,98.05\nB,0,0\n"), role="facility", name="titik", kind="lahan_publik", **ORIGIN
    )
    assert codes(report.problems)["geometry_missing"] == 1
    assert sorted(read_public_land(reopen())["name"]) == ["A", "Tanah kas"]
    assert not reopen().catalog.facilities()


def test_nothing_supplied_is_empty_frames(reopen):
    workspace = reopen()
    assert read_land(workspace).empty
    assert read_works(workspace).empty
    assert read_public_land(workspace).empty


def test_a_class_column_belongs_to_land_and_works_alone(root, reopen):
    (root / "layers" / "pasar.csv").write_text("nama,lat,lon\na,3.55,98.05\n")
    (root / "layers" / "pasar.toml").write_text(
        'name = "pasar"\nrole = "facility"\npath = "pasar.csv"\nkind = "pasar"\nclass_column = "nama"\n'
        'title_id = "Pasar"\ntitle_en = "Market"\nsource = "uji"\ndate = "2025"\nlicence = ""\n'
    )
    with pytest.raises(ConfigurationError, match="class_column"):
        reopen()
