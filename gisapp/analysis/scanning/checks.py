"""What a scan refuses, and its settings as one checked value."""

from __future__ import annotations

import numbers
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from gisapp.analysis.checks import Bools, Complaints, Floats, as_numbers, need_rows, need_same_rows, row_index

Shape = Literal["circular", "elliptic"]

# Sums of counts are held in 32 bits.
_MOST_CASES = 2**31
# No map is larger; squares of more could overflow.
_FARTHEST = 1e12


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Keywords that both scans share, see ``poisson_scan``."""

    max_population_share: float
    replicates: int
    seed: int
    geographic: bool
    shape: Shape
    penalty: float
    overdispersion: float
    min_cases: int

    def check(self, complaints: Complaints) -> None:
        """Note every setting out of range."""
        if not _is_number(self.max_population_share) or not 0 < self.max_population_share <= 1:
            _out_of_range(complaints, "max_population_share", self.max_population_share, "> 0, <= 1")
        for name, least in (("replicates", 0), ("seed", 0), ("min_cases", 1)):
            value = getattr(self, name)
            if not _is_whole(value) or value < least:
                _out_of_range(complaints, name, value, f"{least}, {least + 1}, ...")
        for name in ("penalty", "overdispersion"):
            value = getattr(self, name)
            if not _is_number(value) or not 0 <= value < np.inf:
                _out_of_range(complaints, name, value, ">= 0")
        if self.shape not in ("circular", "elliptic"):
            _out_of_range(complaints, "shape", self.shape, "circular, elliptic")
        elif self.shape == "elliptic" and self.geographic:
            complaints.add(
                "ellipses need projected coordinates, not degrees",
                "elips membutuhkan koordinat terproyeksi, bukan derajat",
            )


def _is_whole(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def _out_of_range(complaints: Complaints, name: str, value: Any, wanted: str) -> None:
    complaints.add(f"{name} is {value}, not one of {wanted}", f"{name} adalah {value}, bukan salah satu dari {wanted}")


def counts(values: Any, complaints: Complaints, name: str) -> Floats:
    """Whole numbers from 0, as floats."""
    found = as_numbers(values, complaints, name)
    index = row_index(values)
    complaints.rows(found < 0, index, f"{name} is negative", f"{name} negatif")
    fractional: Bools = np.isfinite(found) & (found != np.floor(found))
    complaints.rows(fractional, index, f"{name} is not a whole number", f"{name} bukan bilangan bulat")
    if np.clip(found[np.isfinite(found)], 0, _MOST_CASES).sum() >= _MOST_CASES:
        complaints.add(f"{name} add up to more than {_MOST_CASES - 1}", f"jumlah {name} lebih dari {_MOST_CASES - 1}")
    return found


def places(x: Any, y: Any, rows: Any, complaints: Complaints, *, geographic: bool) -> tuple[Floats, Floats]:
    """Coordinates of at least two rows at two or more places, within the globe if they are degrees."""
    need_rows(rows, complaints, "cases")
    if len(rows) == 1:
        complaints.add("one row has no other to compare with", "satu baris tidak punya pembanding")
    same = [need_same_rows(rows, values, complaints, name) for name, values in (("x", x), ("y", y))]
    east, north = as_numbers(x, complaints, "x"), as_numbers(y, complaints, "y")
    for name, degrees_or_metres, given in (("x", east, x), ("y", north, y)):
        far = np.abs(degrees_or_metres) > _FARTHEST
        complaints.rows(far, row_index(given), f"{name} is beyond 10^12", f"{name} lebih dari 10^12")
    if geographic:
        outside = "outside the globe", "di luar bola bumi"
        complaints.rows(np.abs(east) > 180, row_index(x), f"longitude x {outside[0]}", f"bujur x {outside[1]}")
        complaints.rows(np.abs(north) > 90, row_index(y), f"latitude y {outside[0]}", f"lintang y {outside[1]}")
    if all(same) and len(rows) > 1 and np.all(east == east[0]) and np.all(north == north[0]):
        complaints.add("all rows are at one place", "semua baris di satu tempat")
    return east, north
