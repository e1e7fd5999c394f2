"""No significant pocket is a valid result: sealed, exported, mapped, and said."""

from __future__ import annotations

import json

import geopandas as gpd
import pytest
from shapely import box

from gisapp.errors import ConfigurationError
from gisapp.progress import silent
from gisapp.registry.ingest import ingest
from gisapp.targeting.run import run
from gisapp.targeting.runs import load_run
from gisapp.workspace.add import add_layer
from gisapp.workspace.folder import init_workspace, open_workspace
from tests.copies import copy_workspace


def even_district(folder):
    """Nine square desa of 60 families, every sixth of decile 1: nothing stands out."""
    codes = [f"12.05.01.{2001 + number}" for number in range(9)]
    squares = [
        box(98 + 0.02 * (n % 3), 3 + 0.02 * (n // 3), 98.02 + 0.02 * (n % 3), 3.02 + 0.02 * (n // 3)) for n in range(9)
    ]
    desa = gpd.GeoDataFrame({"kode": codes, "nama": [f"Desa {n}" for n in range(9)]}, geometry=squares, crs=4326)
    desa.to_file(folder / "desa.geojson", driver="GeoJSON")
    rows = ["kode_desa,no_kk,nama_kepala_keluarga,jumlah_anggota,desil,lintang,bujur"]
    for desa_number, code in enumerate(codes):
        west, south = 98 + 0.02 * (desa_number % 3), 3 + 0.02 * (desa_number // 3)
        for family in range(60):
            card = f"99{desa_number:04d}{family:010d}"
            place = f"{south + 0.001 + 0.0003 * family:.6f},{west + 0.001 + 0.0003 * family:.6f}"
            rows.append(f"{code},{card},Keluarga Contoh,4,{1 if family % 6 == 0 else 3},{place}")
    (folder / "keluarga.csv").write_text("\n".join(rows) + "\n")
    return codes


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    folder = tmp_path_factory.mktemp("even")
    even_district(folder)
    made = init_workspace(folder / "w")
    add_layer(made, folder / "desa.geojson", role="boundary", name="desa", level="desa", key="kode")
    made = open_workspace(made.root)
    ingest(made, folder / "keluarga.csv", period="2025", form="regsosek2022k", progress=silent)
    run(made)
    return made


def test_nothing_is_found_and_counted_as_outside(workspace):
    sealed = load_run(workspace)
    assert sealed.manifest["counts"]["pockets"] == 0
    assert sealed.manifest["counts"]["interventions"] == 0
    assert sealed.manifest["outside_pockets"] == {
        "families": 540, "families_share": 1.0, "poor_families": 90, "poor_families_share": 1.0,
    }  # fmt: skip


def test_the_quadrant_stays_and_shares_are_over_registered_families(workspace):
    desa = load_run(workspace).collection("areas").query("level == 'desa'")
    assert desa["quadrant"].notna().all()
    assert desa["headcount_basis"].eq("registered_families").all()
    assert desa["headcount_ratio"].tolist() == pytest.approx([1 / 6] * 9)
    assert desa["pocket_id"].isna().all()


@pytest.mark.parametrize("collection", ["areas", "cells", "pockets", "interventions", "gaps"])
@pytest.mark.parametrize("ending", ["geojson", "gpkg", "csv", "xlsx", "fgb", "parquet"])
def test_an_empty_collection_is_exported(workspace, tmp_path, collection, ending):
    from gisapp.release.export import export_collection

    report = export_collection(workspace, load_run(workspace), collection, tmp_path / f"x.{ending}")
    assert (tmp_path / f"x.{ending}").stat().st_size > 0
    if collection in ("pockets", "interventions"):
        assert report.features == 0


def test_an_empty_geojson_is_a_feature_collection(workspace, tmp_path):
    from gisapp.release.export import export_collection

    export_collection(workspace, load_run(workspace), "pockets", tmp_path / "p.geojson")
    document = json.loads((tmp_path / "p.geojson").read_text())
    assert (document["type"], document["features"]) == ("FeatureCollection", [])


def test_the_portable_map_says_so(workspace, tmp_path):
    from gisapp.release.portable import write_portable_map

    write_portable_map(workspace, load_run(workspace), tmp_path / "map.html")
    assert "tidak ada wilayah prioritas yang signifikan" in (tmp_path / "map.html").read_text().casefold()


@pytest.mark.parametrize("desa", [1, 2])
def test_one_or_two_desa_have_nothing_to_stand_out_from(tmp_path, desa):
    codes = even_district(tmp_path)[:desa]
    layer = gpd.read_file(tmp_path / "desa.geojson")
    layer[layer["kode"].isin(codes)].to_file(tmp_path / "few.geojson", driver="GeoJSON")
    made = init_workspace(tmp_path / "w")
    add_layer(made, tmp_path / "few.geojson", role="boundary", name="desa", level="desa", key="kode")
    made = open_workspace(made.root)
    rows = (tmp_path / "keluarga.csv").read_text().splitlines()[: 1 + 60 * desa]
    (tmp_path / "few.csv").write_text("\n".join(rows) + "\n")
    ingest(made, tmp_path / "few.csv", period="2025", form="regsosek2022k", progress=silent)
    assert run(made).pockets == 0
    areas = load_run(made).collection("areas").query("level == 'desa'")
    assert areas["families"].tolist() == [60] * desa
    assert areas["headcount_ratio"].tolist() == pytest.approx([1 / 6] * desa)


def test_a_service_without_facilities_is_no_data_and_nothing_withheld(workspace):
    from gisapp.release.collections import disclosed

    gaps = disclosed(workspace, load_run(workspace), "gaps")
    assert set(gaps.frame["status"]) == {"no_data"}
    assert gaps.suppressed == 0


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:99999"])
def test_a_working_crs_without_metres_is_refused(workspace, tmp_path, crs):
    copy = copy_workspace(workspace.root, tmp_path / "copy")
    settings = copy / "gisapp.toml"
    settings.write_text(settings.read_text().replace("EPSG:32647", crs))
    with pytest.raises(ConfigurationError, match="not a metric CRS"):
        run(open_workspace(copy))


def test_a_crosswalk_gives_the_bps_codes(tmp_path):
    codes = even_district(tmp_path)
    made = init_workspace(tmp_path / "w")
    add_layer(made, tmp_path / "desa.geojson", role="boundary", name="desa", level="desa", key="kode")
    pairs = "\n".join(f"{code},1213010{number:03d}" for number, code in enumerate(codes[:8]))
    (tmp_path / "padanan.csv").write_text(f"kode_kemendagri,kode_bps\n{pairs}\n")
    add_layer(open_workspace(made.root), tmp_path / "padanan.csv", role="table", name="padanan", kind="crosswalk")
    made = open_workspace(made.root)
    ingest(made, tmp_path / "keluarga.csv", period="2025", form="regsosek2022k", progress=silent)
    run(made)
    desa = load_run(made).collection("areas").query("level == 'desa'").set_index("code")
    assert desa.loc[codes[3], "code_bps"] == "1213010003"
    assert desa["code_bps"].isna().tolist() == [False] * 8 + [True]
