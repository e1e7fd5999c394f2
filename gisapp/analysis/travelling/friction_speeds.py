"""The table of speeds: checked once, asked by class for one mode and season."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.analysis.checks import Complaints, as_numbers, refuse
from gisapp.analysis.kernels.least_cost import LEVEL, WALKED, WHEELED
from gisapp.errors import some

Unknown = Literal["refuse", "barrier"]
RULES = {"none": LEVEL, "tobler": WALKED, "limit": WHEELED}
_COLUMNS = ("group", "class", "mode", "season", "speed_kmh", "slope", "source", "date")
#: No vehicle of a district is faster (km/h).
_FASTEST_KMH = 300.0
#: Minutes per metre at 1 km/h.
_MINUTES_PER_METRE = 0.06


@dataclass(frozen=True)
class Speeds:
    """Minutes per metre (NaN: no way) and rule of slope by group and class, for one mode and season."""

    minutes: dict[tuple[str, str], float]
    rule: dict[tuple[str, str], int]
    mode: str
    season: str

    def missing(self, group: str, classes: Iterable[str]) -> list[str]:
        """Classes of a group that have no speed, sorted."""
        return sorted({name for name in classes if (group, name) not in self.minutes})

    def of(self, group: str, classes: Iterable[str]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.uint8]]:
        """Minutes per metre and rule of classes in order; NaN and 0 for a class without a speed."""
        keys = [(group, name) for name in classes]
        minutes = np.array([self.minutes.get(key, np.nan) for key in keys], dtype=np.float64)
        return minutes, np.array([self.rule.get(key, LEVEL) for key in keys], dtype=np.uint8)


def speeds_for(speeds: pd.DataFrame, *, mode: str, season: str) -> Speeds:
    """Rows of a table of speeds for one mode and season.

    Parameters
    ----------
    speeds
        Columns ``group`` (land, water, road, crossing), ``class``, ``mode``, ``season``, ``speed_kmh`` (0: no way),
        ``slope`` (tobler, limit, none), ``source`` and ``date``.

    Raises
    ------
    InvalidInputError
        A column, source or date that is absent, a speed that is none, a class twice, no row for mode and season.
    """
    absent = [name for name in _COLUMNS if not isinstance(speeds, pd.DataFrame) or name not in speeds]
    if absent:
        refuse("speeds", f"no column {', '.join(absent)}", f"tidak ada kolom {', '.join(absent)}")
    complaints = Complaints("speeds")
    found = as_numbers(speeds["speed_kmh"], complaints, "speed_kmh")
    out = ~((found >= 0) & (found <= _FASTEST_KMH)) & np.isfinite(found)
    complaints.rows(out, speeds.index, "speed_kmh is not from 0 to 300", "speed_kmh bukan 0 sampai 300")
    for name in ("source", "date"):
        blank = (speeds[name].isna() | (speeds[name].astype(str).str.strip() == "")).to_numpy()
        complaints.rows(blank, speeds.index, f"{name} is missing", f"{name} kosong")
    unknown = ~speeds["slope"].isin(list(RULES)).to_numpy()
    complaints.rows(unknown, speeds.index, "slope is not tobler, limit or none", "slope bukan tobler, limit atau none")
    keys = ["group", "class", "mode", "season"]
    twice = speeds.duplicated(keys).to_numpy()
    complaints.rows(twice, speeds.index, "this class has a speed already", "kelas ini sudah punya kecepatan")
    complaints.refuse()
    rows = ((speeds["mode"] == mode) & (speeds["season"] == season)).to_numpy()
    if not rows.any():
        known = some(sorted({f"{a} {b}" for a, b in zip(speeds["mode"], speeds["season"], strict=True)}))
        refuse(
            "speeds",
            f"no row for {mode} in the {season} season; known: {known}",
            f"tidak ada baris untuk {mode} musim {season}; yang ada: {known}",
        )
    return _chosen(speeds[rows], found[rows], mode, season)


def _chosen(rows: pd.DataFrame, speed: npt.NDArray[np.float64], mode: str, season: str) -> Speeds:
    keys = list(zip(rows["group"].astype(str), rows["class"].astype(str), strict=True))
    minutes = np.divide(_MINUTES_PER_METRE, speed, out=np.full(len(speed), np.nan), where=speed > 0)
    rules = [RULES[name] for name in rows["slope"]]
    return Speeds(dict(zip(keys, minutes.tolist(), strict=True)), dict(zip(keys, rules, strict=True)), mode, season)


def refuse_missing(speeds: Speeds, group: str, counts: dict[str, int], unknown: Unknown) -> None:
    """Refuse classes without a speed, with how often each occurs, unless they are to be barriers."""
    missing = speeds.missing(group, counts)
    if missing and unknown == "refuse":
        listed = some(f"{name} ({counts[name]:,})" for name in missing)
        refuse(
            group,
            f"no speed for {speeds.mode} in the {speeds.season} season on {listed}: add rows to the table of speeds, "
            'or say unknown="barrier"',
            f"tidak ada kecepatan {speeds.mode} musim {speeds.season} untuk {listed}: tambahkan baris pada tabel "
            'kecepatan, atau unknown="barrier"',
        )


def class_names(values: Any) -> pd.Series:
    """Classes of lines or polygons as text; a missing one is "(none)"."""
    return pd.Series(values).astype(object).where(pd.notna(values), "(none)").astype(str)
