"""The listed families of the district, one row each, in two periods."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gisapp.demo import people
from gisapp.demo.answers import answers, lacking, programmes
from gisapp.demo.planted import Planted
from gisapp.demo.population import Population
from gisapp.demo.profiles import parameters, stream
from gisapp.demo.settlements import scatter

Whole = npt.NDArray[np.int64]

#: Columns of the registry file, in its order (Regsosek 2022 family form and what a district adds to it).
COLUMNS = (
    "kode_desa", "nama_desa", "no_kk", "nik", "nama_kepala_keluarga", "tanggal_lahir", "alamat", "jumlah_anggota",
    "desil", "lintang", "bujur", "jumlah_anak_0_5", "jumlah_anak_7_12", "jumlah_anak_13_15", "anak_7_15_tidak_sekolah",
    "pendidikan_dewasa_tertinggi", "bekerja_tetap", "kd_jenis_lantai_terluas", "kd_jenis_dinding", "kd_jenis_atap",
    "luas_lantai", "kd_sumber_air_minum", "kd_jarak_sumber_air_ke_tpl", "kd_sumber_penerangan_utama",
    "kd_daya_terpasang", "kd_bahan_bakar_memasak", "kd_fasilitas_tempat_bab", "kd_jenis_kloset",
    "kd_pembuangan_akhir_tinja", "kd_pkh", "kd_bss_bnpt", "pbi",
)  # fmt: skip
_SD_M = 260.0


def make_families(
    areas: gpd.GeoDataFrame,
    settlements: gpd.GeoDataFrame,
    population: Population,
    planted: tuple[Planted, ...],
    *,
    place: str,
    seed: int,
) -> pd.DataFrame:
    """Families of the latest period (columns ``COLUMNS`` in typed form, and ``area``: row of their area).

    ``areas`` and ``settlements`` are in metres; lintang and bujur come out in degrees. ``place`` is the fictitious
    district code (99.xx) that numbers start with.
    """
    rng = stream(seed, "families")
    area = np.repeat(np.arange(len(areas)), population.listed)
    decile = _deciles(area, population, rng)
    frame = pd.DataFrame({"area": area, "desil": decile})
    frame["jumlah_anggota"] = _sizes(decile, rng)
    frame = pd.concat([frame, _children(frame["jumlah_anggota"].to_numpy(), rng)], axis=1)
    pupils = (frame["jumlah_anak_7_12"] + frame["jumlah_anak_13_15"]).to_numpy()
    lacks = lacking(area, decile, planted, with_pupils=pupils > 0, rng=rng)
    frame["anak_7_15_tidak_sekolah"] = np.where(lacks["schooling"], 1, 2)
    aid = programmes(decile, pupils + frame["jumlah_anak_0_5"].to_numpy(), rng=rng)
    frame = pd.concat([frame, answers(lacks, frame["jumlah_anggota"].to_numpy(), rng=rng), aid], axis=1)
    frame = _placed(frame, areas, settlements, rng)
    frame = _identified(frame, areas, place, rng)
    return frame.iloc[rng.permutation(len(frame))].reset_index(drop=True)[["area", *COLUMNS]]


def earlier_period(families: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """The period before: some families not yet listed, some listed that have gone since, some of another decile."""
    given = parameters()["periods"]
    rng = stream(seed, "earlier")
    draw = rng.uniform(size=len(families))
    earlier = families[draw >= given["new_share"]].reset_index(drop=True)
    gone = _gone(families[draw < given["gone_share"]], rng)
    earlier = pd.concat([earlier, gone], ignore_index=True)
    changed = rng.uniform(size=len(earlier)) < given["decile_changed_share"]
    step = np.where(rng.uniform(size=len(earlier)) < 0.5, -1, 1)
    earlier["desil"] = np.clip(earlier["desil"] + np.where(changed, step, 0), 1, 10)
    return earlier


def _gone(like: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Families that left before the latest period: other people, in homes like those of the given rows."""
    gone = like.copy()
    women = rng.uniform(size=len(gone)) < 0.16
    place = pd.to_numeric(gone["nik"].str[:6]).to_numpy()
    gone["nik"] = people.national_ids(place, women, years=(1930, 1944), rng=rng).astype(str)
    gone["no_kk"] = people.national_ids(place, np.zeros_like(women), years=(2004, 2006), rng=rng).astype(str)
    gone["nama_kepala_keluarga"] = people.names(women, rng=rng)
    gone["tanggal_lahir"] = people.birth_dates(gone["nik"])
    return gone


def _deciles(area: Whole, population: Population, rng: np.random.Generator) -> Whole:
    """Decile 1 for the drawn number of each area's families, the declared weights for the others."""
    weights = np.array(parameters()["background"]["decile_weights"], dtype=float)
    first = np.cumsum(population.listed) - population.listed
    position = np.arange(len(area)) - first[area]
    others = rng.choice(np.arange(1, 11), size=len(area), p=weights / weights.sum())
    return np.asarray(np.where(position < population.poor[area], 1, others))


def _sizes(decile: Whole, rng: np.random.Generator) -> Whole:
    """Persons of each family: 1 to 12, with the declared mean of decile 1."""
    given = parameters()["background"]
    mean = np.where(decile == 1, given["persons_per_poor_family"], given["persons_per_listed_family"] - 0.1)
    return np.asarray(np.clip(1 + rng.binomial(11, (mean - 1) / 11), 1, 12))


def _children(persons: Whole, rng: np.random.Generator) -> pd.DataFrame:
    """Children by age; at least one or two members are adults."""
    young = rng.binomial(np.maximum(persons - 2, 0), 0.72)
    small = rng.binomial(young, 0.33)
    primary = rng.binomial(young - small, 0.48)
    junior = rng.binomial(young - small - primary, 0.46)
    return pd.DataFrame({"jumlah_anak_0_5": small, "jumlah_anak_7_12": primary, "jumlah_anak_13_15": junior})


def _placed(
    frame: pd.DataFrame, areas: gpd.GeoDataFrame, settlements: gpd.GeoDataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Add coordinates around a hamlet of the area, and the address there."""
    area = frame["area"].to_numpy()
    hamlet = _hamlets(area, settlements, rng)
    start = shapely.get_coordinates(settlements.geometry.to_numpy())[hamlet]
    x, y = scatter(start[:, 0], start[:, 1], area, areas.geometry.to_numpy(), sd_m=_SD_M, rng=rng)
    points = gpd.GeoSeries.from_xy(x, y, crs=areas.crs).to_crs(4326)
    lane = rng.integers(1, 7, len(area)).astype(str).astype(object)
    number = settlements["number"].to_numpy()[hamlet].astype(str).astype(object)
    return frame.assign(
        lintang=_degrees(points.y.to_numpy()),
        bujur=_degrees(points.x.to_numpy()),
        alamat="Dusun " + number + ", RT 00" + lane + " (alamat rekaan)",
        kode_desa=areas["code"].to_numpy()[area],
        nama_desa=areas["name"].to_numpy()[area],
    )


def _hamlets(area: Whole, settlements: gpd.GeoDataFrame, rng: np.random.Generator) -> Whole:
    """Row of a hamlet of each family's area, drawn by the hamlets' shares."""
    upper = settlements["area"].to_numpy() + settlements.groupby("area")["share"].cumsum().to_numpy()
    draw = area + rng.uniform(0, 1 - 1e-6, len(area))
    return np.minimum(np.searchsorted(upper - 1e-9, draw, side="right"), len(upper) - 1)


def _degrees(values: npt.NDArray[np.float64]) -> npt.NDArray[np.object_]:
    return np.char.mod("%.6f", values).astype(object)


def _identified(frame: pd.DataFrame, areas: gpd.GeoDataFrame, place: str, rng: np.random.Generator) -> pd.DataFrame:
    """Add names and numbers; the place in a number is one of 99 fictitious kecamatan, as codes may be of any form."""
    kecamatan = np.unique(areas["parent"].to_numpy().astype(str), return_inverse=True)[1] % 99 + 1
    start = int(place.replace(".", "")) * 100 + kecamatan[frame["area"].to_numpy()]
    women = rng.uniform(size=len(frame)) < 0.16
    identified = frame.assign(
        nama_kepala_keluarga=people.names(women, rng=rng),
        nik=people.national_ids(start, women, years=(1945, 2002), rng=rng).astype(str),
        no_kk=people.national_ids(start, np.zeros_like(women), years=(2007, 2024), rng=rng).astype(str),
    )
    return identified.assign(tanggal_lahir=people.birth_dates(identified["nik"]))
