"""A synthetic district, written as the files that a real one would bring; no other room can tell it from one.

Same arguments, same bytes. Everything that is made up says so; only the published poverty figures are real.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisapp.analysis.codes import digits
from gisapp.demo import areas as area_maker
from gisapp.demo import estimates, facilities, land, network, rasters, terrain, works
from gisapp.demo.defects import Defects, spoil
from gisapp.demo.families import COLUMNS, earlier_period, make_families
from gisapp.demo.files import DemoFiles, Folder, synthetic_source
from gisapp.demo.planted import Planted, members_without, plant, truth_frame
from gisapp.demo.population import Population, background_rates, populate, urban_areas
from gisapp.demo.profiles import Profile, load_profile, parameters
from gisapp.demo.settlements import make_settlements
from gisapp.errors import InvalidParameterError

#: Facility kinds that share a file, with the column that says which is which.
_SHARED = {
    "sekolah": ("bentuk", ("paud", "sd", "mi", "smp", "mts", "sma", "ma", "smk")),
    "kesehatan": ("jenis", ("puskesmas", "pustu", "posyandu")),
}
_FEWEST_FAMILIES = 100


@dataclass(frozen=True, kw_only=True)
class _District:
    """The district in memory: ``metric`` are the areas in metres."""

    profile: Profile
    seed: int
    given: bool
    areas: gpd.GeoDataFrame
    metric: gpd.GeoDataFrame
    planted: tuple[Planted, ...]
    population: Population
    terrain: terrain.Terrain
    settlements: gpd.GeoDataFrame


def make_district(
    folder: Path,
    *,
    seed: int,
    households: int | None = None,
    profile: str = "langkat",
    boundaries: gpd.GeoDataFrame | None = None,
    skip: set[str] | frozenset[str] = frozenset(),
) -> DemoFiles:
    """Write the files of a synthetic district into ``folder`` and say what each is.

    Parameters
    ----------
    seed
        Names the district: the same seed gives the same files, byte for byte.
    households
        Families that the registry lists in the latest period, at least 100; the profile's own number by default.
        The population scales with it.
    boundaries
        Real boundaries (code, name, geometry; EPSG:4326) to put the district on; made up when absent.
    skip
        What is already there and must not be made: ``boundary``, ``kecamatan``, ``kabupaten``, ``facility:<kind>``,
        ``road``, ``river``, a kind of land (``kawasan_hutan``, ``lahan_publik`` ...), ``works``, ``raster:<kind>``,
        ``population_table``, ``published_poverty``, ``expected_families``, ``direct_estimates``.
    """
    chosen = load_profile(profile)
    wanted = chosen.listed_families if households is None else households
    if wanted < _FEWEST_FAMILIES:
        raise InvalidParameterError(
            f"The demo needs at least {_FEWEST_FAMILIES} households, not {wanted}.",
            f"Demo memerlukan sedikitnya {_FEWEST_FAMILIES} keluarga, bukan {wanted}.",
        )
    district = _imagine(chosen, boundaries, wanted, seed)
    families = make_families(
        district.metric, district.settlements, district.population, district.planted, place=chosen.code, seed=seed
    )
    out = Folder(folder, set(skip))
    _write_boundaries(out, district)
    _write_points(out, district)
    _write_land(out, district)
    _write_tables(out, district, families)
    registry, defects = _write_registry(out, families, seed)
    truth = truth_frame(district.planted, district.areas["code"].to_numpy())
    truth_file = out.truth(truth, profile=profile, seed=seed, households=wanted)
    return DemoFiles(
        layers=tuple(out.layers),
        registry=registry,
        truth=truth,
        truth_file=truth_file,
        defects=defects,
        profile=profile,
    )


def _imagine(profile: Profile, boundaries: gpd.GeoDataFrame | None, households: int, seed: int) -> _District:
    given = boundaries is not None
    areas = area_maker.make_areas(profile, seed=seed) if boundaries is None else area_maker.given_areas(boundaries)
    metric = area_maker.metric(areas)
    pairs = area_maker.neighbour_pairs(metric)
    share = profile.urban_areas / profile.areas
    urban = urban_areas(metric.area.to_numpy() / 1e6, areas["kelurahan"].to_numpy(), share, seed=seed)
    planted = plant(pairs, len(areas), rural=~urban, seed=seed)
    background = background_rates(pairs, len(areas), seed=seed)
    population = populate(profile, background, planted, urban, households=households, seed=seed)
    relief = terrain.Terrain(tuple(metric.total_bounds), seed=seed)
    scale = households / profile.listed_families
    settlements = make_settlements(metric, population.families, relief, scale=scale, seed=seed)
    return _District(
        profile=profile, seed=seed, given=given, areas=areas, metric=metric, planted=planted,
        population=population, terrain=relief, settlements=settlements,
    )  # fmt: skip


def _write_boundaries(out: Folder, district: _District) -> None:
    areas, profile = district.areas, district.profile
    source = "Batas yang diberikan kepada gisapp demo" if district.given else synthetic_source()
    levels = {"desa": areas[["code", "name", "geometry"]]}
    if (areas["parent"] != "").all():
        levels["kecamatan"] = area_maker.dissolved(areas, key="parent", name="parent_name")
        kabupaten = areas.assign(regency=[str(code)[: _regency_length(str(code))] for code in areas["parent"]])
        kabupaten["regency_name"] = "Kabupaten " + kabupaten["regency"] if district.given else profile.title
        levels["kabupaten"] = area_maker.dissolved(kabupaten, key="regency", name="regency_name")
    for level, frame in levels.items():
        thing = "boundary" if level == "desa" else level
        frame = frame.rename(columns={"code": "kode", "name": "nama"})
        frame.insert(2, "keterangan", source)
        out.vector(thing, frame, name=level, role="boundary", level=level, key="kode", source=source)


def _regency_length(parent: str) -> int:
    return parent.rfind(".") if "." in parent else 4


def _write_points(out: Folder, district: _District) -> None:
    codes = district.areas["code"].to_numpy()
    hamlets = district.settlements
    table = hamlets[["name", "geometry"]].rename(columns={"name": "nama"})
    table.insert(1, "kode_desa", codes[hamlets["area"]])
    out.vector("facility:permukiman", table, name="permukiman", role="facility", kind="permukiman")
    families = district.population.families
    made = facilities.make_facilities(district.metric, hamlets, district.planted, families, seed=district.seed)
    made = made[[f"facility:{kind}" not in out.skip for kind in made["kind"]]]
    made.insert(2, "kode_desa", codes[made["area"]])
    made = made.drop(columns="area").rename(columns={"name": "nama"})
    for name, (column, kinds) in _SHARED.items():
        part = made[made["kind"].isin(kinds)].rename(columns={"kind": column, "room": "daya_tampung"})
        if part["daya_tampung"].isna().all():
            part = part.drop(columns="daya_tampung")
        part[column] = part[column].str.upper()
        # What is there already may well be a layer of this name with the other kinds.
        partial = any(f"facility:{kind}" in out.skip for kind in kinds)
        layer = f"{name}_contoh" if partial else name
        out.vector(f"facility:{name}", part, name=layer, role="facility", kind_column=column)
    market = made[made["kind"] == "pasar"].drop(columns=["kind", "room"])
    out.vector("facility:pasar", market, name="pasar", role="facility", kind="pasar")


def _write_land(out: Folder, district: _District) -> None:
    """Roads, rivers, forest and estate land, and the grids."""
    metric, hamlets, relief, seed = district.metric, district.settlements, district.terrain, district.seed
    members = list(members_without(district.planted, "jalan"))
    roadless = shapely.union_all(metric.geometry.to_numpy()[members]) if members else None
    roads = network.make_roads(hamlets, metric["parent"].to_numpy(), roadless, seed=seed)
    rivers = network.make_rivers(metric, relief, seed=seed)
    wooded = terrain.forest(metric, hamlets, relief)
    estates = terrain.estates(metric, hamlets, relief, seed=seed)
    out.vector("road", roads, name="jalan", role="road", kind="jalan")
    out.vector("river", rivers, name="sungai", role="road", kind="sungai")
    out.vector("kawasan_hutan", wooded, name="kawasan_hutan", role="boundary", kind="kawasan_hutan")
    out.vector("hgu", estates, name="hgu", role="boundary", kind="hgu")
    checked = {
        "pola_ruang_rtrw": land.spatial_plan(metric, hamlets, wooded, estates, rivers),
        "lp2b": land.protected_farmland(metric, hamlets, relief, seed=seed),
        "rawan_bencana": land.flood_hazard(metric, rivers),
        "lahan_publik": land.village_land(metric, hamlets, seed=seed),
    }
    for kind, frame in checked.items():
        out.vector(kind, frame, name=kind, role="boundary", kind=kind)
    grid = rasters.make_grid(metric)
    people = rasters.people(grid, hamlets, district.population.persons)
    cover = rasters.land_cover(grid, relief, people, wooded, rivers)
    lattice = {"corner": (grid.west, grid.north), "cell_m": grid.cell_m, "crs": metric.crs.to_string()}
    legend = ", ".join(f"{code} {name}" for code, name in rasters.LAND_COVER.items())
    nodata = rasters.NODATA
    out.raster("population_raster", people, kind="population", nodata=nodata, note="jiwa per sel", **lattice)
    out.raster("land_cover", cover, kind="land_cover", nodata=0, note=legend, **lattice)
    height = rasters.elevation(grid, relief)
    out.raster("elevation", height, kind="elevation", nodata=nodata, note="meter di atas laut", **lattice)


def _write_tables(out: Folder, district: _District, families: pd.DataFrame) -> None:
    people, areas = district.population, district.areas
    listed = np.bincount(families["area"], families["jumlah_anggota"], len(areas)).astype(np.int64)
    table = pd.DataFrame(
        {
            "kode": areas["code"],
            "nama": areas["name"],
            "jiwa": np.maximum(people.persons, listed + (people.families - people.listed)),
            "keluarga": people.families,
            "tahun": int(parameters()["periods"]["latest"]),
            "kelas": np.where(people.urban, "perkotaan", "perdesaan"),
            "sumber": synthetic_source(),
        }
    )
    out.table("population_table", table, kind="population")
    _write_published(out, district)
    source, seed = synthetic_source(), district.seed
    expected = estimates.expected_families(areas, people, source=source, seed=seed)
    out.table("expected_families", expected, kind="expected_families")
    year = int(parameters()["periods"]["latest"])
    planned = works.works_table(areas["code"].to_numpy(), district.planted, year=year, seed=seed)
    out.table("works", planned, kind="planned_works")
    roads = works.works_map(district.settlements, district.planted, year=year, seed=seed)
    out.vector("works", roads, name="rencana_kegiatan", role="road", kind="rencana_kegiatan")
    if (areas["parent"] != "").all():
        direct = estimates.direct_estimates(areas, people, source=source, seed=seed)
        out.table("direct_estimates", direct, kind="direct_estimates")


def _write_published(out: Folder, district: _District) -> None:
    """Quote the real figures of the district that gives the profile; never for other real boundaries."""
    profile, regency = district.profile, district.profile.code
    if district.given:
        parent = str(district.areas["parent"].iloc[0])
        regency = parent[: _regency_length(parent)]
        if digits(regency) not in profile.published_codes:
            return
    published = pd.DataFrame(list(profile.published), columns=["tahun", "jumlah", "persen"])
    published.insert(0, "kode", regency)
    published.insert(1, "nama", profile.published_name)
    published["sumber"] = f"BPS, {profile.published_name}"
    published["keterangan"] = f"Angka BPS yang nyata untuk {profile.published_name}; bukan hasil data sintetis ini"
    out.table("published_poverty", published, kind="published_poverty", source="BPS")


def _write_registry(out: Folder, families: pd.DataFrame, seed: int) -> tuple[dict[str, Path], Defects]:
    periods = parameters()["periods"]
    earlier = earlier_period(families, seed=seed)
    latest, defects = spoil(families, seed=seed)
    columns = list(COLUMNS)
    paths = {
        str(periods["earlier"]): out.registry(str(periods["earlier"]), earlier[columns]),
        str(periods["latest"]): out.registry(str(periods["latest"]), latest[columns]),
    }
    return paths, defects
