"""What check says of facility layers together, in a workspace of two desa made by hand."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely.geometry import box

from gisapp.targeting.presence_problems import presence_problems
from gisapp.workspace.add import add_layer
from gisapp.workspace.folder import init_workspace, open_workspace


@pytest.fixture
def workspace(tmp_path):
    root = init_workspace(tmp_path / "kabupaten").root
    desa = gpd.GeoDataFrame(
        {"kode": ["12.05.01.2001", "12.05.01.2002"], "nama": ["Satu", "Dua"]},
        geometry=[box(98.0, 3.5, 98.1, 3.6), box(98.1, 3.5, 98.2, 3.6)],
        crs=4326,
    )
    desa.to_file(tmp_path / "desa.geojson", engine="pyogrio")
    add_layer(open_workspace(root), tmp_path / "desa.geojson", role="boundary", name="desa", level="desa", key="kode")
    return root


@pytest.fixture
def add(workspace, tmp_path):
    def call(name, text):
        path = tmp_path / f"{name}.csv"
        path.write_text("nama,desa,lat,lon\n" + text)
        add_layer(open_workspace(workspace), path, role="facility", name=name, kind="sd")

    return call


def problems(root):
    return {problem.code: problem for problem in presence_problems(open_workspace(root))}


def test_nothing_to_tell_of_placed_schools_and_of_no_school(workspace, add):
    assert problems(workspace) == {}
    add("dapodik", "SDN 1,Satu,3.55,98.05\nSDN 2,Dua,3.55,98.15\n")
    assert problems(workspace) == {}


def test_each_kind_of_row_is_told_with_its_count_its_layer_its_name_and_the_area_it_names(workspace, add):
    add("dapodik", "SDN 1,Satu,3.55,98.05\nSDN 2,Duaa,,\nSDN 3,Entah,,\nSDN 4,Medan,3.5,98.9\n")
    add("osm", "SD Negeri 1,,3.5501,98.0501\n")
    found = problems(workspace)
    assert {code: problem.count for code, problem in found.items()} == {
        "facility_repeated": 1, "facility_elsewhere": 1, "facility_area_misspelt": 1, "facility_area_unknown": 1,
    }  # fmt: skip
    assert "osm: SD Negeri 1" in found["facility_repeated"].detail
    assert "dapodik: SDN 3 (Entah)" in found["facility_area_unknown"].detail_id
    assert all(problem.detail != problem.detail_id for problem in found.values())


def test_schools_on_one_point_are_told(workspace, add):
    add("dapodik", "SDN 1,Satu,3.55,98.05\nSDN 2,Satu,3.55,98.05\nSDN 3,Satu,3.55,98.05\n")
    assert {code: one.count for code, one in problems(workspace).items()} == {"facility_crowded": 3}


def test_a_workspace_without_a_boundary_has_nothing_to_tell(tmp_path):
    assert presence_problems(init_workspace(tmp_path / "kosong")) == []
