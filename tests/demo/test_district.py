from __future__ import annotations

import json
import stat

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from gisapp.demo.district import make_district
from gisapp.demo.files import read_truth
from gisapp.errors import CRSMismatchError, InvalidInputError, InvalidParameterError

EVERY_LAYER = [
    "desa", "kecamatan", "kabupaten", "permukiman", "sekolah", "kesehatan", "pasar", "jalan", "sungai",
    "kawasan_hutan", "hgu", "pola_ruang_rtrw", "lp2b", "rawan_bencana", "lahan_publik", "population_raster",
    "land_cover", "elevation", "population", "published_poverty", "expected_families", "planned_works",
    "rencana_kegiatan", "direct_estimates",
]  # fmt: skip


def test_default_district_has_the_size_of_langkat(langkat):
    assert [layer.name for layer in langkat.files.layers] == EVERY_LAYER
    assert len(langkat.layer("desa")) == 277
    assert len(langkat.layer("kecamatan")) == 23
    assert len(langkat.layer("kabupaten")) == 1
    table = langkat.table("population").astype({"jiwa": int, "keluarga": int})
    assert table["keluarga"].sum() == 273_000
    assert table["jiwa"].sum() == pytest.approx(1_063_000, rel=0.005)
    assert (table["kelas"] == "perkotaan").sum() == 82
    listed = len(langkat.families()) - sum(langkat.files.defects.reasons.values())
    assert listed == 110_000
    assert len(langkat.families("2024")) == pytest.approx(110_000, rel=0.02)


def test_labuhanbatu_selatan_is_smaller(labuhanbatu_selatan):
    made = labuhanbatu_selatan
    assert (len(made.layer("desa")), len(made.layer("kecamatan"))) == (54, 5)
    assert made.table("population").astype({"jiwa": int})["jiwa"].sum() == pytest.approx(330_000, rel=0.01)
    published = made.table("published_poverty")
    assert published[["tahun", "jumlah", "persen"]].to_numpy().tolist() == [
        ["2015", "36370", "11.59"],
        ["2016", "36620", "11.2"],
    ]
    assert set(published["sumber"]) == {"BPS, Kabupaten Labuhanbatu Selatan"}


def test_share_of_decile_1_in_the_population_is_near_the_published_rate(langkat):
    families = langkat.families()
    poor = families[families["desil"] == "1"]
    persons = langkat.table("population")["jiwa"].astype(int).sum()
    assert poor["jumlah_anggota"].astype(int).sum() / persons == pytest.approx(0.0923, abs=0.004)


def test_same_seed_same_bytes_other_seed_other_bytes(tmp_path):
    for folder, seed in (("a", 1), ("b", 1), ("c", 2)):
        make_district(tmp_path / folder, seed=seed, households=800, profile="labuhanbatu_selatan")
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert len(names) == len(EVERY_LAYER) + 2 + 1
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name
    for name in ("desa.geojson", "keluarga-2025.csv", "elevation.tif", "demo-truth.json"):
        assert (tmp_path / "a" / name).read_bytes() != (tmp_path / "c" / name).read_bytes(), name


def test_everything_says_that_it_is_synthetic_but_the_published_figures(langkat):
    for layer in langkat.files.layers:
        assert (layer.source == "BPS") if layer.name == "published_poverty" else ("SINTETIS" in layer.source)
        if layer.path.suffix == ".geojson":
            assert "SINTETIS" in json.loads(layer.path.read_bytes())["source"]
    assert langkat.table("population")["sumber"].str.contains("SINTETIS").all()
    assert langkat.layer("desa")["nama"].str.contains("Contoh").all()
    assert langkat.layer("kabupaten")["nama"].str.contains("SINTETIS").all()
    assert langkat.table("published_poverty")["keterangan"].str.contains("nyata").all()


def test_every_layer_is_declared_as_the_catalogue_wants(langkat):
    layers = {layer.name: layer for layer in langkat.files.layers}
    assert {layer.role for layer in layers.values()} == {"boundary", "facility", "road", "raster", "table"}
    for level in ("desa", "kecamatan", "kabupaten"):
        assert (layers[level].level, layers[level].key) == (level, "kode")
    assert set(langkat.layer("sekolah")["bentuk"]) == {"PAUD", "SD", "MI", "SMP", "MTS", "SMA", "MA", "SMK"}
    assert set(langkat.layer("kesehatan")["jenis"]) == {"PUSKESMAS", "PUSTU", "POSYANDU"}
    assert (layers["sekolah"].kind_column, layers["kesehatan"].kind_column) == ("bentuk", "jenis")
    assert {layers[name].kind for name in ("jalan", "sungai", "hgu", "kawasan_hutan")} == {
        "jalan", "sungai", "hgu", "kawasan_hutan",
    }  # fmt: skip


def test_skipped_things_are_not_written(tmp_path, grid):
    skip = {
        "boundary", "kecamatan", "kabupaten", "facility:sd", "facility:pasar", "road", "river", "population_table",
        "published_poverty", "raster:elevation", "hgu", "kawasan_hutan", "pola_ruang_rtrw", "lp2b", "rawan_bencana",
        "lahan_publik", "works", "facility:permukiman",
    }  # fmt: skip
    files = make_district(tmp_path, seed=1, households=200, boundaries=grid, skip=skip)
    assert [layer.name for layer in files.layers] == [
        "sekolah_contoh", "kesehatan", "population_raster", "land_cover", "expected_families", "direct_estimates",
    ]  # fmt: skip
    assert "SD" not in set(gpd.read_file(tmp_path / "sekolah_contoh.geojson")["bentuk"])
    assert not (tmp_path / "population.csv").exists()


def test_given_boundaries_are_kept_and_families_live_inside_them(on_grid, grid):
    desa = on_grid.layer("desa")
    assert desa["kode"].tolist() == grid["code"].tolist()
    assert shapely.equals_exact(shapely.normalize(desa.geometry), shapely.normalize(grid.geometry), 1e-6).all()
    assert on_grid.layer("kecamatan")["kode"].tolist() == ["12.99.01"]
    assert on_grid.layer("kabupaten")["kode"].tolist() == ["12.99"]
    assert set(on_grid.families("2024")["kode_desa"]) <= set(grid["code"])
    assert len(on_grid.files.truth) == 3
    assert on_grid.families()["nik"].str.startswith("99").mean() > 0.95


def test_a_single_area_without_a_known_code_form_still_works(tmp_path, grid):
    one = grid.head(1).assign(code="A")
    files = make_district(tmp_path, seed=1, households=100, boundaries=one)
    assert files.truth.empty
    assert "kecamatan" not in {layer.name for layer in files.layers}


def test_tiny_demo_keeps_all_areas_and_every_kind_of_bad_row(tmp_path):
    files = make_district(tmp_path, seed=5, households=500)
    assert len(gpd.read_file(tmp_path / "desa.geojson")) == 277
    assert min(files.defects.reasons.values()) == 3
    families = pd.read_csv(files.registry["2025"], dtype=str)
    assert len(families) == 500 + sum(files.defects.reasons.values())


def test_truth_file_says_what_was_planted(langkat):
    pd.testing.assert_frame_equal(read_truth(langkat.files.truth_file), langkat.files.truth)
    content = json.loads(langkat.files.truth_file.read_text())
    assert (content["seed"], content["profile"], content["households"]) == (42, "langkat", 110_000)
    assert "demo-truth" not in {layer.path.stem for layer in langkat.files.layers}


def test_registry_files_are_for_their_owner_only(langkat):
    for path in langkat.files.registry.values():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_realised_relative_risk_is_near_the_planted_one(langkat):
    families = langkat.families("2025")
    families = families[families["kode_desa"].isin(langkat.table("population")["kode"])]
    poor = (families["desil"] == "1").groupby(families["kode_desa"]).sum()
    table = langkat.table("population").set_index("kode")["keluarga"].astype(int)
    poor = poor.reindex(table.index, fill_value=0)
    truth = langkat.files.truth
    outside = ~table.index.isin(truth["code"])
    base = poor[outside].sum() / table[outside].sum()
    for (_, risk), group in truth.groupby(["pocket", "relative_risk"]):
        realised = poor[group["code"]].sum() / table[group["code"]].sum() / base
        assert realised == pytest.approx(risk, rel=0.15)


def test_rates_outside_pockets_vary_between_areas(langkat):
    families = langkat.families("2025")
    poor = (families["desil"] == "1").groupby(families["kode_desa"]).sum()
    table = langkat.table("population").set_index("kode")["keluarga"].astype(int)
    rate = (poor.reindex(table.index, fill_value=0) / table)[~table.index.isin(langkat.files.truth["code"])]
    assert rate.std() / rate.mean() >= 0.3


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"households": 99}, InvalidParameterError),
        ({"profile": "medan"}, InvalidParameterError),
    ],
)
def test_wrong_requests_are_refused_before_anything_is_written(tmp_path, change, error):
    with pytest.raises(error):
        make_district(tmp_path / "new", **{"seed": 1, "households": 500, **change})
    assert not (tmp_path / "new").exists()


def test_boundaries_without_names_or_in_metres_are_refused(tmp_path, grid):
    with pytest.raises(InvalidInputError, match="code and name"):
        make_district(tmp_path, seed=1, households=500, boundaries=grid.drop(columns="name"))
    with pytest.raises(CRSMismatchError, match="4326"):
        make_district(tmp_path, seed=1, households=500, boundaries=grid.to_crs(32647))


@pytest.mark.shared_data
def test_the_same_on_real_boundaries(tmp_path, shared_data):
    path = shared_data / "boundaries" / "kemendagri2025_langkat_desa.geojson"
    real = gpd.read_file(path).rename(columns={"kode": "code", "nama": "name"})
    files = make_district(tmp_path, seed=42, households=5000, boundaries=real, skip={"boundary"})
    assert sorted(files.truth.groupby("pocket").size()) == [4, 5, 6, 7, 8, 9]
    families = pd.read_csv(files.registry["2024"], dtype=str)
    x, y = families["bujur"].astype(float), families["lintang"].astype(float)
    polygons = real.set_index("code").geometry
    inside = shapely.contains_xy(polygons[families["kode_desa"]].to_numpy(), x.to_numpy(), y.to_numpy())
    assert np.mean(inside) > 0.999


@pytest.mark.parametrize(("parent", "quoted"), [("12.05", True), ("12.22", False), ("33.01", False)])
def test_the_published_figure_is_quoted_for_its_own_district_only(tmp_path, parent, quoted):
    squares = [
        shapely.box(98 + 0.05 * (n % 3), 3 + 0.05 * (n // 3), 98.05 + 0.05 * (n % 3), 3.05 + 0.05 * (n // 3))
        for n in range(9)
    ]
    codes = [f"{parent}.01.{2001 + n}" for n in range(9)]
    given = gpd.GeoDataFrame({"code": codes, "name": codes}, geometry=squares, crs=4326)
    files = make_district(tmp_path, seed=1, households=300, boundaries=given)
    assert ("published_poverty" in {layer.name for layer in files.layers}) == quoted
