"""What each family lacks, and the answers on the Regsosek 2022 family form that say so."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.demo.planted import Planted, deprivations_of
from gisapp.demo.profiles import parameters

Array = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

#: Answer left blank.
BLANK = -1

# Answers and their weights: (of families that lack it, of families that do not). Regsosek 2022 codebook.
_WALL = ({4: 5, 6: 3, 7: 1}, {1: 70, 3: 25, 2: 5})
_ROOF = ({7: 6, 4: 3, 6: 1}, {3: 80, 2: 16, 1: 4})
_FLOOR = ({8: 7, 7: 2, 9: 1}, {6: 55, 2: 30, 5: 10, 4: 5})
_WATER = ({6: 45, 9: 25, 8: 15, 4: 15}, {4: 48, 5: 25, 3: 17, 7: 7, 10: 3})
_LIGHT = ({2: 45, 3: 30, 4: 25}, {1: 1})
_POWER = ({1: 1}, {1: 62, 2: 30, 3: 8})
_FUEL = ({10: 85, 7: 9, 9: 6}, {4: 88, 2: 5, 3: 4, 1: 3})
_TOILET = ({6: 45, 5: 10, 4: 10, 1: 35}, {1: 78, 2: 14, 3: 8})
_CLOSET = ({4: 70, 3: 30}, {1: 1})
_DISPOSAL = ({4: 45, 3: 40, 5: 15}, {1: 95, 2: 5})
_SCHOOLED = ({0: 35, 3: 65}, {8: 35, 13: 55, 19: 10})


def lacking(
    area: npt.NDArray[np.int64],
    decile: Codes,
    planted: tuple[Planted, ...],
    *,
    with_pupils: Flags,
    rng: np.random.Generator,
) -> dict[str, Flags]:
    """Whether each family is deprived, per deprivation: more often in low deciles and where a pocket's cause is."""
    given = parameters()["deprivation_model"]
    count = int(area.max()) + 1 if len(area) else 0
    family = rng.normal(0, given["family_sd"], len(area))
    gradient = given["decile_log_odds"] * (decile - given["reference_decile"])
    result = {}
    for name, base in given["base"].items():
        level = np.log(base / (1 - base)) + rng.normal(0, given["area_sd"], count)
        for pocket in planted:
            if name in deprivations_of(pocket.cause):
                level[[m for m in pocket.members if m < count]] += given["cause_log_odds"]
        probability = 1 / (1 + np.exp(-(level[area] + gradient + family)))
        result[name] = rng.uniform(size=len(area)) < probability
    result["schooling"] &= with_pupils
    return result


def answers(lacks: dict[str, Flags], persons: Codes, *, rng: np.random.Generator) -> pd.DataFrame:
    """Answers by form column; whole numbers, missing where the question was left blank or does not apply."""
    housing, water = lacks["housing"], lacks["water"]
    worst = rng.integers(0, 3, len(housing))  # which part of the house fails
    frame = {
        "pendidikan_dewasa_tertinggi": _drawn(_SCHOOLED, lacks["adult_education"], rng),
        "bekerja_tetap": np.where(lacks["work"], 2, 1),
        "kd_jenis_lantai_terluas": _drawn(_FLOOR, housing & (worst == 0), rng),
        "kd_jenis_dinding": _drawn(_WALL, housing & (worst == 1), rng),
        "kd_jenis_atap": _drawn(_ROOF, housing & (worst == 2), rng),
        "luas_lantai": np.maximum(np.ceil(persons * 7.2), rng.normal(46, 14, len(persons)).round()),
        "kd_sumber_air_minum": _drawn(_WATER, water, rng),
        "kd_sumber_penerangan_utama": _drawn(_LIGHT, lacks["electricity"], rng),
        "kd_bahan_bakar_memasak": _drawn(_FUEL, lacks["cooking_fuel"], rng),
        "kd_fasilitas_tempat_bab": _drawn(_TOILET, lacks["sanitation"], rng),
    }
    _dependent(frame, water, lacks["sanitation"], rng)
    blank = parameters()["deprivation_model"]["unknown_share"]
    for column in frame:
        if column != "luas_lantai":
            frame[column] = np.where(rng.uniform(size=len(persons)) < blank, BLANK, frame[column])
    return pd.DataFrame(frame).astype("int64").replace(BLANK, pd.NA).astype("Int64")


def programmes(decile: Codes, children: Codes, *, rng: np.random.Generator) -> pd.DataFrame:
    """Aid received (1 yes, 2 no): more often in low deciles, with errors of targeting both ways."""
    share = 1 / (1 + np.exp(0.75 * (decile - 2.2)))
    chance = {
        "kd_pkh": 0.6 * share * (children > 0) + 0.02,
        "kd_bss_bnpt": 0.75 * share + 0.02,
        "pbi": 0.8 * share + 0.1,
    }
    return pd.DataFrame({name: np.where(rng.uniform(size=len(decile)) < p, 1, 2) for name, p in chance.items()})


def _drawn(weights: tuple[dict[int, int], dict[int, int]], lacks: Flags, rng: np.random.Generator) -> Codes:
    chance = rng.uniform(size=len(lacks))
    codes = [np.array(list(side)) for side in weights]
    edges = [np.cumsum(list(side.values())) / sum(side.values()) for side in weights]
    picked = [code[np.searchsorted(edge, chance, side="right")] for code, edge in zip(codes, edges, strict=True)]
    return np.asarray(np.where(lacks, picked[0], picked[1]))


def _dependent(
    frame: dict[str, npt.NDArray[np.int64]], water: Flags, sanitation: Flags, rng: np.random.Generator
) -> None:
    """Questions that only some families are asked: waste distance of wells, power of metered homes, kind of closet."""
    well = np.isin(frame["kd_sumber_air_minum"], (4, 5, 6, 7, 8))
    distance = np.where(water, 1, 2)
    frame["kd_jarak_sumber_air_ke_tpl"] = np.where(well, distance, BLANK)
    metered = frame["kd_sumber_penerangan_utama"] == 1
    frame["kd_daya_terpasang"] = np.where(metered, _drawn(_POWER, np.zeros_like(metered), rng), BLANK)
    none = frame["kd_fasilitas_tempat_bab"] == 6
    frame["kd_jenis_kloset"] = np.where(none, BLANK, _drawn(_CLOSET, sanitation, rng))
    frame["kd_pembuangan_akhir_tinja"] = np.where(none, BLANK, _drawn(_DISPOSAL, sanitation, rng))
