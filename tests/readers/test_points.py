"""Tables with coordinates: no row is lost, and each bad position says why."""

from __future__ import annotations

import pytest

from gisapp.errors import FileRefusedError
from gisapp.readers.points import read_points

ROWS = """nama;lintang;bujur
a;3,8214;98,476
b;;98,4
c;0;0
d;3,8;0
e;98,476;3,8214
f;abc;98,4
g;NaN;98,4
h;51,5;-0,12
i;3°49'17"LU;98°28'34"BT
"""


def write(tmp_path, text, name="p.csv"):
    path = tmp_path / name
    path.write_text(text)
    return path


def test_every_row_is_kept_with_its_reason(tmp_path):
    read = read_points(write(tmp_path, ROWS))
    assert list(read.frame["position"]) == [
        "known", "blank", "zero", "zero", "swapped", "unreadable", "not_finite", "outside", "known",
    ]  # fmt: skip
    assert {problem.code: problem.count for problem in read.problems} == {
        "coordinate_missing": 1, "coordinate_unreadable": 1, "not_finite": 1, "coordinate_zero": 2,
        "coordinate_swapped": 1, "coordinate_outside": 1,
    }  # fmt: skip
    assert read.frame.geometry.isna().sum() == 6
    assert read.frame.geometry.iloc[8].y == pytest.approx(3.8214, abs=1e-4)


def test_swapped_columns_are_told_with_the_option_that_mends_them(tmp_path):
    path = write(tmp_path, "nama,lintang,bujur\na,98.4,3.7\nb,98.5,3.8\nc,,\n")
    read = read_points(path)
    problem = next(problem for problem in read.problems if problem.code == "columns_swapped")
    assert problem.severity == "error"
    assert "--latitude bujur --longitude lintang" in problem.detail_id
    mended = read_points(path, latitude="bujur", longitude="lintang")
    assert list(mended.frame["position"]) == ["known", "known", "blank"]


@pytest.mark.parametrize(
    "names",
    [
        ("lintang", "bujur"),
        ("Latitude", "LONGITUDE"),
        ("lat", "lon"),
        ("lat", "long"),
        ("y", "x"),
        ("lat", "lng"),
        ("_gps_latitude", "_gps_longitude"),
    ],
)
def test_coordinate_columns_are_found_by_usual_names(tmp_path, names):
    read = read_points(write(tmp_path, f"nama,{names[0]},{names[1]}\na,3.7,98.4\n"))
    assert list(read.frame["position"]) == ["known"]


def test_a_table_without_coordinates_is_refused_with_its_columns(tmp_path):
    path = write(tmp_path, "nama,alamat\na,b\n")
    with pytest.raises(FileRefusedError, match="nama, alamat") as caught:
        read_points(path)
    assert caught.value.code == "coordinate_columns"
    with pytest.raises(FileRefusedError, match="--latitude"):
        read_points(path, latitude="tak_ada")


def test_metric_coordinates_are_moved_to_degrees(tmp_path):
    read = read_points(write(tmp_path, "nama,x,y\na,434000,409000\n"), crs="EPSG:32647")
    assert list(read.frame["position"]) == ["known"]
    assert read.crs == "EPSG:32647"


def test_a_point_on_the_equator_is_a_point(tmp_path):
    read = read_points(write(tmp_path, "nama,lat,lon\nPontianak,0,109.3\nkosong,0,0\n"))
    assert list(read.frame["position"]) == ["known", "zero"]
