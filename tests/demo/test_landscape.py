"""Settlements, facilities, roads, rivers, land and grids, as read back from the files."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely

from gisapp.demo.areas import metric
from gisapp.demo.facilities import make_facilities
from gisapp.demo.network import make_roads
from gisapp.demo.planted import Planted
from gisapp.demo.rasters import LAND_COVER, NODATA, elevation, make_grid, people
from gisapp.demo.settlements import make_settlements, scatter
from gisapp.demo.terrain import Terrain


@pytest.fixture(scope="module")
def squares(grid):
    return metric(grid)


@pytest.fixture(scope="module")
def relief(squares):
    return Terrain(tuple(squares.total_bounds), seed=1)


@pytest.fixture(scope="module")
def hamlets(squares, relief):
    return make_settlements(squares, np.full(9, 900), relief, scale=1.0, seed=1)


def members_of(langkat, cause: str) -> shapely.Geometry:
    truth = langkat.files.truth
    codes = truth.loc[truth["cause"] == cause, "code"]
    desa = langkat.layer("desa").to_crs(32647)
    return shapely.union_all(desa.geometry[desa["kode"].isin(codes)].to_numpy())


def test_hamlets_lie_inside_their_area_and_hold_all_its_families(squares, hamlets):
    inside = shapely.contains(squares.geometry.to_numpy()[hamlets["area"]], hamlets.geometry.to_numpy())
    assert inside.all()
    assert hamlets.groupby("area")["share"].sum().to_numpy() == pytest.approx(np.ones(9))
    assert hamlets.groupby("area").size().between(2, 9).all()
    assert (hamlets.groupby("area")["number"].min() == 1).all()


def test_a_small_demo_keeps_its_hamlets(squares, relief, hamlets):
    scaled = make_settlements(squares, np.full(9, 9), relief, scale=0.01, seed=1)
    assert len(scaled) == len(hamlets)


def test_scattered_points_never_leave_their_area(squares):
    centre = shapely.get_coordinates(squares.geometry.centroid)
    x, y = np.repeat(centre[:, 0], 200), np.repeat(centre[:, 1], 200)
    area = np.repeat(np.arange(9), 200)
    polygons = squares.geometry.to_numpy()
    moved = scatter(x, y, area, polygons, sd_m=9000.0, rng=np.random.default_rng(1))
    assert shapely.contains_xy(polygons[area], *moved).all()
    assert len(np.unique(np.round(moved[0], 2))) > 1700


def test_no_primary_school_in_or_near_the_pocket_that_lacks_it(langkat):
    pocket = members_of(langkat, "far_primary_school")
    schools = langkat.layer("sekolah").to_crs(32647)
    distance = schools.distance(pocket)
    assert distance[schools["bentuk"].isin(["SD", "MI", "PAUD"])].min() > 1000
    assert distance[schools["bentuk"].isin(["SMP", "MTS", "SMA", "MA", "SMK"])].min() == 0


def test_no_health_post_in_or_near_the_pocket_that_lacks_it(langkat):
    posts = langkat.layer("kesehatan").to_crs(32647)
    assert posts.distance(members_of(langkat, "far_health_service")).min() > 1000


def test_most_other_areas_have_a_primary_school(langkat):
    schools = langkat.layer("sekolah")
    with_school = schools.loc[schools["bentuk"] == "SD", "kode_desa"].nunique()
    assert with_school / 277 > 0.85
    counts = schools["bentuk"].value_counts()
    assert counts["SD"] > counts["SMP"] > counts["SMA"]


def test_facilities_stand_in_the_area_that_they_name(langkat):
    desa = langkat.layer("desa").set_index("kode").geometry
    for name in ("sekolah", "kesehatan", "pasar", "permukiman"):
        layer = langkat.layer(name)
        polygons = desa[layer["kode_desa"]].to_numpy()
        # 1e-5 degrees is about a metre: coordinates of the file are rounded to six decimals.
        assert shapely.dwithin(layer.geometry.to_numpy(), polygons, 1e-5).all()


def test_where_a_kind_may_stand_nowhere_it_is_absent(squares, hamlets):
    everywhere = Planted(name="K1", relative_risk=3.0, cause="far_primary_school", members=tuple(range(9)))
    made = make_facilities(squares, hamlets, (everywhere,), np.full(9, 900), seed=1)
    assert not {"sd", "mi", "paud"} & set(made["kind"])
    assert {"smp", "pasar", "posyandu"} <= set(made["kind"])


def test_no_road_enters_the_pocket_without_roads_and_every_other_area_has_one(langkat):
    pocket = shapely.buffer(members_of(langkat, "no_road_no_electricity"), -100)
    roads = langkat.layer("jalan").to_crs(32647)
    assert not roads.intersects(pocket).any()
    assert set(roads["kelas"]) == {"provinsi", "kabupaten", "desa"}
    desa = langkat.layer("desa").to_crs(32647)
    outside = desa[~desa["kode"].isin(langkat.files.truth["code"])]
    touched = np.unique(outside.sindex.query(roads.geometry, predicate="intersects")[1])
    assert len(touched) > 0.97 * len(outside)


def test_roads_join_all_hamlets_into_one_network(hamlets, squares):
    roads = make_roads(hamlets, np.array(["P"] * 5 + ["Q"] * 4, dtype=object), None, seed=1)
    ends = np.array([[line.coords[0], line.coords[-1]] for line in roads.geometry])
    group = {
        tuple(np.round(point, 1)): number for number, point in enumerate(shapely.get_coordinates(hamlets.geometry))
    }
    for start, end in ends:
        a, b = group[tuple(np.round(start, 1))], group[tuple(np.round(end, 1))]
        group = {point: a if number == b else number for point, number in group.items()}
    assert len(set(group.values())) == 1


def test_rivers_run_from_the_hills_to_the_coast(langkat):
    rivers = langkat.layer("sungai").to_crs(32647)
    start = np.array([line.coords[0] for line in rivers.geometry])
    end = np.array([line.coords[-1] for line in rivers.geometry])
    assert len(rivers) > 5
    assert ((end - start).sum(axis=1) > 0).mean() > 0.9


def test_forest_and_estates_leave_every_hamlet_free(langkat):
    hamlets = langkat.layer("permukiman")
    for name in ("kawasan_hutan", "hgu"):
        land = langkat.layer(name)
        assert land.is_valid.all()
        assert not gpd.sjoin(hamlets, land, predicate="within").shape[0]
    district = langkat.layer("kabupaten").to_crs(32647).area.sum()
    assert 0.1 < langkat.layer("kawasan_hutan").to_crs(32647).area.sum() / district < 0.4


def test_the_spatial_plan_covers_the_district_without_overlap_and_keeps_riverbanks_free(langkat):
    plan = langkat.layer("pola_ruang_rtrw").to_crs(32647)
    district = langkat.layer("kabupaten").to_crs(32647).area.sum()
    assert plan.is_valid.all()
    assert plan.area.sum() == pytest.approx(district, rel=0.01)
    assert plan.union_all().area == pytest.approx(plan.area.sum(), rel=1e-3)
    hamlets = langkat.layer("permukiman").to_crs(32647).sjoin(plan, predicate="within")["pola_ruang"].value_counts()
    assert hamlets["Kawasan Permukiman Perdesaan"] > 0.9 * hamlets.sum()
    assert 0 < hamlets["Kawasan Perlindungan Setempat (Sempadan Sungai)"] < 0.1 * hamlets.sum()


def test_flood_hazard_lies_along_the_rivers_in_two_levels(langkat):
    hazard = langkat.layer("rawan_bencana").to_crs(32647).set_index("tingkat").geometry
    rivers = langkat.layer("sungai").to_crs(32647).union_all()
    assert list(hazard.index) == ["tinggi", "sedang"]
    assert hazard["tinggi"].intersection(hazard["sedang"]).area < 1e-4 * hazard["tinggi"].area
    assert rivers.distance(hazard["tinggi"].representative_point()) <= 121
    assert rivers.distance(hazard["sedang"].representative_point()) <= 351


def test_farmland_keeps_away_from_hamlets_and_village_land_stands_beside_them(langkat):
    hamlets = langkat.layer("permukiman").to_crs(32647)
    assert hamlets.distance(langkat.layer("lp2b").to_crs(32647).union_all()).min() > 700
    plots = langkat.layer("lahan_publik").to_crs(32647)
    assert plots.distance(hamlets.union_all()).max() < 300
    assert 0.15 < len(plots) / len(hamlets) < 0.35


def test_works_answer_some_planted_causes_and_some_rows_are_no_use(langkat):
    works = langkat.table("planned_works")
    truth = langkat.files.truth
    dark = set(truth.loc[truth["cause"] == "no_road_no_electricity", "code"])
    assert set(works.loc[works["jenis"] == "Listrik desa", "kode"]) == dark
    assert (works["kode"] == "").sum() == 1
    assert works["tahun"].astype(int).between(2021, 2026).all()
    roads = langkat.layer("rencana_kegiatan")
    assert set(roads.geom_type) == {"LineString"}


@pytest.mark.parametrize("name", ["population_raster", "land_cover", "elevation"])
def test_grids_are_modest_declared_and_cover_the_district(langkat, name):
    with rasterio.open(langkat.folder / f"{name}.tif") as grid:
        assert grid.crs.to_epsg() == 32647
        assert max(grid.shape) <= 600
        assert grid.nodata is not None
        assert "SINTETIS" in grid.tags()["SOURCE"]
        west, south, east, north = langkat.layer("desa").to_crs(32647).total_bounds
        assert grid.bounds.left <= west
        assert grid.bounds.bottom <= south
        assert grid.bounds.right >= east
        assert grid.bounds.top >= north


def test_the_population_grid_sums_to_the_population(langkat):
    with rasterio.open(langkat.folder / "population_raster.tif") as grid:
        values = grid.read(1, masked=True)
    assert float(values.min()) >= 0
    assert float(values.sum(dtype="float64")) == pytest.approx(1_063_000, rel=1e-3)


def test_land_cover_holds_only_declared_classes(langkat):
    with rasterio.open(langkat.folder / "land_cover.tif") as grid:
        classes = set(np.unique(grid.read(1)).tolist())
    assert classes - {0} <= set(LAND_COVER)
    assert {10, 30, 40, 50, 80} <= classes


def test_a_grid_of_nine_squares_marks_what_is_outside(squares, hamlets, relief):
    lattice = make_grid(squares)
    assert lattice.inside.mean() > 0.9
    heights = elevation(lattice, relief)
    assert (heights[~lattice.inside] == NODATA).all()
    assert heights[lattice.inside].min() >= 0
    assert people(lattice, hamlets, np.full(9, 100))[lattice.inside].sum() == pytest.approx(900, rel=1e-4)


def test_a_very_large_district_gets_larger_cells(squares):
    lattice = make_grid(squares.set_geometry(squares.geometry.scale(30, 30, origin=(0, 0))))
    assert max(lattice.x.shape) <= 600
    assert lattice.cell_m % 50 == 0


def test_hills_are_in_the_south_west(relief, squares):
    west, south, east, north = squares.total_bounds
    high = relief.elevation_m(np.array([west + 500.0]), np.array([south + 500.0]))[0]
    low = relief.elevation_m(np.array([east - 500.0]), np.array([north - 500.0]))[0]
    assert high > 500 > 50 > low >= 0
