"""The families and the persons of a sample file, as records that any form can write."""

from __future__ import annotations

import datetime as dt
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gisapp.analysis.codes import digits
from gisapp.demo import people
from gisapp.demo.answers import answers, lacking, programmes
from gisapp.demo.profiles import stream

Record = dict[str, Any]

#: The day on which ages are counted.
TODAY = dt.date(2025, 6, 30)
_ANSWERS = {
    "diploma": "pendidikan_dewasa_tertinggi", "floor": "kd_jenis_lantai_terluas", "wall": "kd_jenis_dinding",
    "roof": "kd_jenis_atap", "floor_area": "luas_lantai", "water": "kd_sumber_air_minum",
    "water_distance": "kd_jarak_sumber_air_ke_tpl", "light": "kd_sumber_penerangan_utama",
    "power": "kd_daya_terpasang", "fuel": "kd_bahan_bakar_memasak", "toilet": "kd_fasilitas_tempat_bab",
    "closet": "kd_jenis_kloset", "disposal": "kd_pembuangan_akhir_tinja",
}  # fmt: skip
#: Children by age group, as the forms count them.
_CHILDREN = {"children_0_5": (0, 5), "children_7_12": (7, 12), "children_13_15": (13, 15)}
_CORE = -0.05


def make_records(areas: gpd.GeoDataFrame, families: int, *, seed: int) -> list[list[Record]]:
    """One list of persons per family, the head first; every person carries what the form asks of the family."""
    rng = stream(seed, "samples")
    area = np.sort(np.concatenate([np.arange(len(areas)), rng.integers(0, len(areas), max(0, families - len(areas)))]))
    area = area[:families]
    decile = rng.choice(np.arange(1, 11), size=families, p=np.array([30, 22, 16, 11, 7, 5, 4, 2, 2, 1]) / 100)
    size = np.asarray(1 + rng.binomial(6, 0.45, families))
    answered, aid = _answers(area, decile, size, rng)
    x, y = _points(areas, area, rng)
    homes = pd.concat([answered, aid], axis=1).astype(object).to_dict("records")
    result = []
    for number, home in enumerate(homes):
        shared: Record = {name: home[column] for name, column in _ANSWERS.items() if not pd.isna(home[column])}
        shared |= {"pkh": home["kd_pkh"] == 1, "bpnt": home["kd_bss_bnpt"] == 1, "pbi": home["pbi"] == 1}
        shared |= {"decile": int(decile[number]), "percentile": int(decile[number]) * 10 - int(rng.integers(0, 10))}
        shared |= {"latitude": f"{y[number]:.6f}", "longitude": f"{x[number]:.6f}", "visited_on": dt.date(2025, 5, 12)}
        shared |= _address(areas, int(area[number]), rng)
        works = home["bekerja_tetap"]
        result.append(_members(shared, int(size[number]), not pd.isna(works) and works == 1, rng))
    return _numbered(result, rng)


def _answers(
    area: npt.NDArray[np.int64], decile: npt.NDArray[np.int64], size: npt.NDArray[np.int64], rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    lacks = lacking(area, decile, (), with_pupils=np.ones(len(area), dtype=bool), rng=rng)
    return answers(lacks, size, rng=rng), programmes(decile, size - 1, rng=rng)


def _points(
    areas: gpd.GeoDataFrame, area: npt.NDArray[np.intp], rng: np.random.Generator
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """A home well inside each family's desa."""
    x, y = np.empty(len(area)), np.empty(len(area))
    for number, shape in enumerate(areas.geometry):
        core = shape.buffer(_CORE * np.sqrt(shape.area))
        core = shape if core.is_empty else core
        west, south, east, north = core.bounds
        for row in np.flatnonzero(area == number):
            for _ in range(1000):
                px, py = rng.uniform(west, east), rng.uniform(south, north)
                if core.contains(shapely.Point(px, py)):
                    break
            else:
                px, py = core.representative_point().coords[0]
            x[row], y[row] = px, py
    return x, y


def _address(areas: gpd.GeoDataFrame, area: int, rng: np.random.Generator) -> Record:
    row = areas.iloc[area]
    return {
        "area": area, "code": str(row["code"]), "area_name": str(row["name"]).upper(),
        "province_name": "PROVINSI CONTOH", "regency_name": "KABUPATEN CONTOH",
        "address": f"Dusun {rng.integers(1, 9)} RT 00{rng.integers(1, 9)} RW 00{rng.integers(1, 4)} (alamat rekaan)",
    }  # fmt: skip


def _members(shared: Record, size: int, works: bool, rng: np.random.Generator) -> list[Record]:
    """Head, spouse, children, others; what a family form asks of the head stands with the head."""
    members: list[Record] = []
    for place in range(size):
        woman = (
            bool(rng.uniform() < 0.16) if place == 0 else (not members[0]["sex"] if place == 1 else rng.uniform() < 0.5)
        )
        age = int(rng.integers(26, 70)) if place < 2 else int(rng.integers(0, 24))
        born = dt.date(TODAY.year - age, int(rng.integers(1, 7)), int(rng.integers(1, 29)))
        adult = age >= 18
        members.append({
            **shared, "member": place + 1, "relation": min(place, 2), "sex": woman, "birth_date": born, "age": age,
            "works": works and adult, "school": 2 if 6 < age < 16 and rng.uniform() < 0.93 else (3 if age > 6 else 1),
            "diploma": shared.get("diploma", "") if adult else "",
        })  # fmt: skip
    pupils = [one for one in members if 7 <= one["age"] <= 15]
    members[0] |= {"persons": size, "child_out_of_school": any(one["school"] != 2 for one in pupils)}
    members[0]["school"] = pupils[0]["school"] if pupils else ""
    for name, (low, high) in _CHILDREN.items():
        members[0][name] = sum(low <= one["age"] <= high for one in members)
    for one in members:
        one["persons"] = size
    return members


def _numbered(families: list[list[Record]], rng: np.random.Generator) -> list[list[Record]]:
    """Names, and numbers of valid structure under the fictitious province 99."""
    everyone = [one for family in families for one in family]
    women = np.array([one["sex"] for one in everyone], dtype=bool)
    for one, name, nik in zip(everyone, people.names(women, rng=rng), nik_of(everyone), strict=True):
        one |= {"name": str(name), "nik": nik, "person_id": f"I{nik[:6]}{nik[12:]}"}
    heads = [family[0] for family in families]
    issue = [{"code": one["code"], "birth_date": dt.date(2009 + n % 15, 1 + n % 12, 1 + n % 28), "sex": False}
             for n, one in enumerate(heads)]  # fmt: skip
    for number, (family, card) in enumerate(zip(families, nik_of(issue, serial=5001), strict=True)):
        for one in family:
            one |= {"family_number": card, "head_name": family[0]["name"], "row_number": number + 1}
    return families


def nik_of(records: list[Record], *, serial: int = 1) -> list[str]:
    """NIK of each record: 99 and four digits of the place, DDMMYY with day + 40 for women, a serial without final 0."""
    seen: dict[str, int] = {}
    result = []
    for one in records:
        code, born = digits(one["code"]).ljust(6, "1"), one["birth_date"]
        place = code[:6] if code.startswith("99") else f"99{code[2:6]}"
        stem = f"{place}{born.day + 40 * bool(one['sex']):02d}{born:%m%y}"
        turn = seen.get(stem, 0)
        seen[stem] = turn + 1
        result.append(f"{stem}{serial + turn + turn // 9:04d}")
    return result
