"""What add, check and doctor tell people: both languages, the rows concerned, the right words for what was counted."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from affine import Affine

from gisapp.workspace.add import add_layer
from gisapp.workspace.folder import init_workspace
from tests.registry.conftest import DESA, write_boundary


@pytest.fixture
def root(tmp_path):
    workspace = init_workspace(tmp_path / "kabupaten")
    add_layer(workspace, write_boundary(tmp_path / "desa.geojson", DESA), role="boundary", name="desa", level="desa")
    return workspace.root


@pytest.fixture
def schools(tmp_path):
    rows = "".join(f"SD {number},3.55,99.{number}\n" for number in range(1, 8))
    path = tmp_path / "sekolah.csv"
    path.write_text("nama,lintang,bujur\nSD A,3.55,98.05\n" + rows)
    return path


def test_add_and_check_name_the_rows_in_both_languages(call, root, schools):
    added = call("-w", root, "add", schools, "--role", "facility", "--name", "sd")
    listed = "SD 1 (#2), SD 2 (#3), SD 3 (#4), SD 4 (#5), SD 5 (#6), …"
    for told in (added.stdout, call("-w", root, "check").stdout):
        assert f"peringatan / warning (7) [coordinate_outside]: Koordinat di luar kabupaten: {listed}." in told
        assert f"Coordinates outside the district: {listed}." in told
    assert added.stdout.startswith("sd (facility): 8 sarana / facilities, EPSG:4326\n")


def test_check_speaks_of_rows_of_a_table_and_leaves_no_dangling_comma(call, root, tmp_path):
    table = tmp_path / "penduduk.csv"
    table.write_text("kode,jiwa,keluarga,tahun,sumber\n" + "".join(f"{code},10,3,2024,x\n" for code in DESA))
    answer = call("-w", root, "add", table, "--role", "table", "--name", "penduduk", "--kind", "population")
    assert answer.stdout == "penduduk (table): 4 baris / rows\n"
    checked = call("-w", root, "check")
    assert checked.stdout.startswith("Baik. / All is well.\n")
    assert "penduduk (table): 4 baris / rows\n" in checked.stdout


def test_a_raster_elsewhere_is_told_at_once_with_its_cells(call, root, tmp_path):
    path = tmp_path / "pop.tif"
    with rasterio.open(
        path, "w", driver="GTiff", height=2, width=2, count=1, dtype="float32", crs="EPSG:32748", nodata=-1,
        transform=Affine(251.0, 0.0, 700000.0, 0.0, -251.0, 9300000.0),
    ) as target:  # fmt: skip
        target.write(np.ones((1, 2, 2), dtype="float32"))
    told = call("-w", root, "add", path, "--role", "raster", "--name", "pop", "--kind", "population").stdout
    assert told.startswith("pop (raster): 1 raster, sel / cell 251 m, EPSG:32748\n")
    assert "[outside_district]: Raster tidak menyentuh kabupaten." in told
    assert "The raster does not touch the district." in told


def test_doctor_names_the_files_in_both_languages(call, root):
    for number in range(2):
        (root / "layers" / f"lepas{number}.csv").write_text("a\n")
    told = call("-w", root, "doctor").stdout
    assert "Berkas yang tidak disebut lapisan mana pun: lepas0.csv, lepas1.csv." in told
    assert "Files that no layer names: lepas0.csv, lepas1.csv." in told


def test_a_level_that_does_not_exist_is_not_offered(call):
    assert "provinsi" not in call("add", "--help").stdout
    assert call("add", "x", "--role", "boundary", "--name", "x", "--level", "provinsi").exit_code == 2
