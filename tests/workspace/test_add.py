"""add: whole or not at all, under names of ours, never over what is there."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from affine import Affine

from gisapp.errors import FileRefusedError, GisappError, InvalidParameterError, WorkspaceError
from gisapp.store.files import workspace_lock
from gisapp.workspace.layers import read_population, read_published, read_table

POPULATION = "kode,jiwa,keluarga,tahun,sumber,kelas\n12.05.01.2001,1.250,300,2024,Dukcapil,Perkotaan\n12.05.01.2010,1.250.000,7,2024,Dukcapil,Perdesaan\n"  # fmt: skip  # noqa: E501
PUBLISHED = "tahun;jumlah;persen;sumber\n2016;36.620;11,20;BPS\n2015;36.370;11,59;BPS\n"


@pytest.fixture
def raster(tmp_path):
    path = tmp_path / "pop.tif"
    with rasterio.open(
        path, "w", driver="GTiff", height=2, width=2, count=1, dtype="float32", crs="EPSG:32647",
        transform=Affine(100.0, 0.0, 400000.0, 0.0, -100.0, 390000.0),
    ) as target:  # fmt: skip
        target.write(np.array([[[1, 2], [-5, -9999]]], dtype="float32"))
    return path


def test_a_population_table_reads_with_its_types(csv, add, reopen):
    report = add(csv(POPULATION), role="table", name="penduduk", kind="population")
    assert (report.features, report.problems) == (2, ())
    frame = read_population(reopen())
    assert frame["code"].tolist() == ["12.05.01.2001", "12.05.01.2010"]
    assert frame["persons"].tolist() == [1250, 1_250_000]
    assert frame["urban_rural"].tolist() == ["urban", "rural"]


def test_published_figures_are_ratios_inside(csv, add, reopen):
    add(csv(PUBLISHED), role="table", name="published_poverty")
    frame = read_published(reopen())
    assert frame["year"].tolist() == [2015, 2016]
    assert frame["poor_persons"].tolist() == [36370, 36620]
    assert frame["headcount_ratio"].tolist() == pytest.approx([0.1159, 0.1120])


def test_a_crosswalk_keeps_codes_as_text(csv, add, reopen):
    add(csv("kode_kemendagri,kode_bps\n12.05.10.2001,1213100001\n"), role="table", name="crosswalk")
    (frame,) = read_table(reopen(), "crosswalk")
    assert frame.iloc[0].tolist() == ["12.05.10.2001", "1213100001"]


@pytest.mark.parametrize(
    ("text", "kind", "code", "shown"),
    [
        ("kode,jiwa,tahun,sumber\n1,2,2024,x\n", "population", "table_columns", "keluarga"),
        (POPULATION.replace(",300,", ",tiga ratus,"), "population", "table_value", "row 2, column keluarga"),
        (POPULATION.replace(",2024,", ",24,"), "population", "table_value", "column tahun"),
        (POPULATION.replace(",300,", ",-3,"), "population", "table_value", "-3"),
        (PUBLISHED.replace("11,20", "1120"), "published_poverty", "table_value", "column persen"),
        ("kode_kemendagri,kode_bps\n12.05,\n", "crosswalk", "table_value", "kode_bps"),
        ("kode_kemendagri,kode_bps\n", "crosswalk", "table_empty", "no rows"),
        ("a,b\n1,2\n", "penduduk", "kind_missing", "published_poverty"),
    ],
)
def test_a_bad_table_is_refused_and_nothing_is_written(csv, add, unchanged, text, kind, code, shown):
    with pytest.raises(FileRefusedError) as caught:
        add(csv(text), role="table", name="t", kind=kind)
    assert caught.value.code == code
    assert shown in caught.value.en
    assert unchanged()


def test_a_raster_without_a_kind_is_drawn_and_enters_no_figure(raster, add, reopen):
    report = add(raster, role="raster", name="citra")
    assert "kind_assumed" in {problem.code for problem in report.problems}
    assert reopen().catalog.layers["citra"].kind == "other"


def test_rasters_are_kept_as_brought(raster, add, root):
    report = add(raster, role="raster", name="pop", kind="population")
    assert report.crs == "EPSG:32647"
    assert {problem.code: problem.count for problem in report.problems} == {"nodata_undeclared": 1, "negative_cells": 1}
    assert (root / "layers" / "pop.tif").read_bytes() == raster.read_bytes()


@pytest.mark.parametrize("name", ["../../a", "CON", "con", "x" * 300, "a\nb", "%00", "", ".", "a b", "É", "-a"])
def test_names_that_are_no_layer_names_are_refused(csv, add, unchanged, name):
    with pytest.raises(InvalidParameterError) as caught:
        add(csv(POPULATION), role="table", name=name, kind="population")
    assert caught.value.code == "layer_name"
    assert unchanged()


def test_a_hostile_file_name_is_not_used(tmp_path, add, root):
    path = tmp_path / "=cmd|' calc'!A1; rm -rf %00.csv"
    path.write_text(POPULATION)
    add(path, role="table", name="penduduk", kind="population")
    names = [file.name for file in (root / "layers" / "original").iterdir()]
    assert len(names) == 1
    assert names[0].startswith("penduduk-")


def test_an_existing_layer_is_replaced_only_on_request(csv, add, reopen, root):
    add(csv(POPULATION), role="table", name="penduduk", kind="population")
    with pytest.raises(InvalidParameterError, match="--replace"):
        add(csv(POPULATION), role="table", name="penduduk", kind="population")
    add(csv(POPULATION.replace("300", "301")), role="table", name="penduduk", kind="population", replace=True)
    assert read_population(reopen())["families"].tolist() == [301, 7]
    assert len(list((root / "layers").glob("penduduk*.csv"))) == 1
    assert len(list((root / "layers" / "original").iterdir())) == 1


@pytest.mark.parametrize(
    "step", ["gisapp.workspace.add._toml_text", "gisapp.workspace.add._check_text", "gisapp.workspace.add._write_data"]
)
def test_a_failure_at_any_step_leaves_nothing(csv, add, unchanged, monkeypatch, step):
    def fail(*args, **kwargs):
        raise RuntimeError("power cut")

    monkeypatch.setattr(step, fail)
    with pytest.raises(RuntimeError):
        add(csv(POPULATION), role="table", name="penduduk", kind="population")
    assert unchanged()


def test_a_workspace_in_use_is_refused(csv, add, root, unchanged):
    import multiprocessing

    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    holder = context.Process(target=hold, args=(root, ready, done))
    holder.start()
    try:
        assert ready.wait(30)
        with pytest.raises(WorkspaceError) as caught:
            add(csv(POPULATION), role="table", name="penduduk", kind="population")
        assert caught.value.code == "locked"
        assert unchanged()
    finally:
        done.set()
        holder.join(30)
        holder.close()


def hold(root, ready, done):
    with workspace_lock(root):
        ready.set()
        done.wait(30)


def test_the_same_file_makes_the_same_bytes(tmp_path, csv):
    from gisapp.workspace.add import add_layer
    from gisapp.workspace.folder import init_workspace

    path = csv("nama,lat,lon\na,3.55,98.05\nb,,\n")
    made = []
    for name in ("a", "b"):
        workspace = init_workspace(tmp_path / name)
        add_layer(workspace, path, role="facility", name="pasar")
        made.append({file.name: file.read_bytes() for file in workspace.layers_folder.rglob("pasar*")})
    assert made[0] == made[1]
    assert len(made[0]) == 3


@pytest.mark.parametrize("role", ["boundary", "facility", "road", "raster", "table"])
def test_every_role_refuses_a_url(add, unchanged, role):
    with pytest.raises(GisappError) as caught:
        add("https://example.org/x.geojson", role=role, name="x", kind="population")
    assert caught.value.code == "path_not_local"
    assert unchanged()


def test_an_unknown_role_is_refused(csv, add):
    with pytest.raises(InvalidParameterError):
        add(csv(POPULATION), role="peta", name="x")
