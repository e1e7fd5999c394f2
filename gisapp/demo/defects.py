"""Deliberately bad rows: each kind that an intake must reject whole, and each that it must keep but report."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.demo import people
from gisapp.demo.profiles import parameters, stream

Rows = npt.NDArray[np.intp]

_FEWEST = 3
#: A stack must hold more families on one coordinate than the threshold of the workspace (20).
_FEWEST_STACKED = 25
#: Serial of the NIK under which a head is registered a second time.
_SECOND_SERIAL = 9001


@dataclass(frozen=True, kw_only=True)
class Defects:
    """How many rows carry each planted defect: ``reasons`` are for quarantine, ``warnings`` for accepted rows."""

    reasons: dict[str, int]
    warnings: dict[str, int]


def spoil(families: pd.DataFrame, *, seed: int) -> tuple[pd.DataFrame, Defects]:
    """Spoil some rows in place of good ones (warnings) and mix in extra rows that must be rejected (reasons)."""
    rng = stream(seed, "defects")
    good = families.copy()
    free = rng.permutation(len(good))
    warnings: dict[str, int] = {}
    free = _stack(good, free, warnings)
    for code in parameters()["defects"]["warnings"]:
        if code == "coordinate_stacked":
            continue
        rows, free = np.split(free, [min(_count("warnings", code, len(good)), len(free) // 10)])
        _WARNINGS[code](good, rows)
        warnings[code] = len(rows)
    extra, reasons = _rejected(good, free, rng)
    _write_twice(good, free[sum(reasons.values()) :])
    mixed = pd.concat([good, extra], ignore_index=True)
    row = np.arange(len(mixed))
    order = np.argsort(np.where(row >= len(good), mixed.pop("place").fillna(-1), row), kind="stable")
    return mixed.iloc[order].reset_index(drop=True), Defects(reasons=reasons, warnings=dict(sorted(warnings.items())))


def _count(side: str, code: str, families: int) -> int:
    per_100_000 = float(parameters()["defects"][side][code])
    return max(_FEWEST, round(per_100_000 * families / 100_000))


def _stack(good: pd.DataFrame, free: Rows, warnings: dict[str, int]) -> Rows:
    """Put families of the largest area on one coordinate, as when all are noted at the village office."""
    largest = good["area"].value_counts(sort=False).sort_index().idxmax()
    rows = free[good["area"].to_numpy()[free] == largest][
        : max(_FEWEST_STACKED, _count("warnings", "coordinate_stacked", len(good)))
    ]
    if len(rows) < _FEWEST_STACKED:
        return free
    for column in ("lintang", "bujur"):
        good.loc[rows, column] = good.loc[rows[0], column]
    warnings["coordinate_stacked"] = len(rows)
    return free[~np.isin(free, rows)]


def _missing(good: pd.DataFrame, rows: Rows) -> None:
    good.loc[rows, ["lintang", "bujur"]] = None


def _zero(good: pd.DataFrame, rows: Rows) -> None:
    good.loc[rows, ["lintang", "bujur"]] = "0"


def _swapped(good: pd.DataFrame, rows: Rows) -> None:
    good.loc[rows, ["lintang", "bujur"]] = good.loc[rows, ["bujur", "lintang"]].to_numpy()


def _outside(good: pd.DataFrame, rows: Rows) -> None:
    """Move points beyond the district: twice its width, and a degree, to the east."""
    bujur = good["bujur"].dropna().astype(float)
    bujur = bujur[bujur.between(*bujur.quantile([0.02, 0.98]))]
    away = 1.0 + 2 * (bujur.max() - bujur.min())
    moved = good.loc[rows, "bujur"].astype(float) + away
    good.loc[rows, "bujur"] = np.char.mod("%.6f", moved.to_numpy()).astype(object)


def _unknown_code(good: pd.DataFrame, rows: Rows) -> None:
    good.loc[rows, "kd_jenis_dinding"] = 77


_WARNINGS = {
    "coordinate_missing": _missing,
    "coordinate_zero": _zero,
    "coordinate_swapped": _swapped,
    "coordinate_outside": _outside,
    "form_code_unknown": _unknown_code,
}


def _rejected(good: pd.DataFrame, free: Rows, rng: np.random.Generator) -> tuple[pd.DataFrame, dict[str, int]]:
    """Extra rows with a defect each; ``place`` says after which row one stands, a duplicate after its original."""
    reasons = {
        code: min(_count("reasons", code, len(good)), len(free) // 10) for code in parameters()["defects"]["reasons"]
    }
    like = free[: sum(reasons.values())]
    extra = good.iloc[like].reset_index(drop=True)
    _renumber(extra, rng)
    extra["place"] = like + 0.5 + np.floor(rng.uniform(size=len(like)) * (len(good) - like))
    code = np.repeat(list(reasons), list(reasons.values()))
    extra.loc[code == "nik_duplicate", "nik"] = good["nik"].to_numpy()[like[code == "nik_duplicate"]]
    extra.loc[code == "kk_duplicate", "no_kk"] = good["no_kk"].to_numpy()[like[code == "kk_duplicate"]]
    extra.loc[code == "nik_damaged", "nik"] = _damaged(extra.loc[code == "nik_damaged", "nik"])
    extra.loc[code == "kk_damaged", "no_kk"] = _scientific(extra.loc[code == "kk_damaged", "no_kk"])
    extra.loc[code == "formula_cell", "alamat"] = '=HYPERLINK("x";"y")'
    extra.loc[code == "area_unknown", "kode_desa"] = _absent_code(good["kode_desa"])
    extra.loc[code == "decile_invalid", "desil"] = 11
    extra.loc[code == "persons_invalid", "jumlah_anggota"] = 0
    extra.loc[code == "not_finite", "lintang"] = "Infinity"
    return extra, reasons


def _write_twice(good: pd.DataFrame, free: Rows) -> None:
    """Give pairs of families of one area the same head under two NIKs, the second name written otherwise."""
    areas = good["area"].to_numpy()[free]
    for way in range(int(parameters()["defects"]["probable_duplicates"])):
        same = free[areas == areas[0]][2 * way : 2 * way + 2] if len(free) else free
        if len(same) < 2:
            return
        first, second = good.loc[same[0]], same[1]
        good.loc[second, "nama_kepala_keluarga"] = people.written_otherwise(first["nama_kepala_keluarga"], way)
        good.loc[second, "tanggal_lahir"] = first["tanggal_lahir"]
        good.loc[second, "nik"] = first["nik"][:12] + f"{_SECOND_SERIAL + 2 * way}"


def _renumber(extra: pd.DataFrame, rng: np.random.Generator) -> None:
    """Give the extra rows their own numbers, so that each has one defect only."""
    place = pd.to_numeric(extra["nik"].str[:6]).to_numpy()
    men = np.zeros(len(extra), dtype=bool)
    extra["nik"] = people.national_ids(place, men, years=(1930, 1939), rng=rng).astype(str)
    extra["no_kk"] = people.national_ids(place, men, years=(2000, 2003), rng=rng).astype(str)
    extra["nama_kepala_keluarga"] = people.names(men, rng=rng)
    extra["tanggal_lahir"] = people.birth_dates(extra["nik"])


def _damaged(nik: pd.Series) -> list[str]:
    """What spreadsheets and typing make of a NIK: scientific notation, a digit lost, a letter O for a zero."""
    ways = zip(_scientific(nik), nik.str[:15], nik.str[:12] + "O" + nik.str[13:], strict=True)
    return [texts[number % 3] for number, texts in enumerate(ways)]


def _scientific(numbers: pd.Series) -> list[str]:
    return [f"{text[0]}.{text[1:6]}E+15" for text in numbers]


def _absent_code(codes: pd.Series) -> str:
    """A code of the same form that no area has."""
    known = set(codes)
    for ending in range(9999, 0, -1):
        code = codes.iloc[0][:-3] + str(ending)[-3:]
        if code not in known and len(code) == len(codes.iloc[0]):
            return str(code)
    return "tidak-ada"
