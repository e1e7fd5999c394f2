"""What slopes do to speed: walking by Tobler's hiking function, wheels by a steepest slope. Dated parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gisapp.analysis.checks import as_number, refuse

#: Flat speed of Tobler's function, 6 km/h × exp(-3.5 × 0.05); speeds of the table take its place.
TOBLER_KMH = 6.0


@dataclass(frozen=True, kw_only=True)
class SlopeRules:
    """How slope (rise over run, along each step, in the direction of travel) changes the time of a step.

    Walking takes exp(steepness × (|slope + easiest| - easiest)) times as long as on the level: the hiking function
    W = 6 exp(-3.5 |S + 0.05|) km/h of Tobler (1993, Three presentations on geographical analysis and modeling, NCGIA
    technical report 93-1), divided by its value on the level, as in AccessMod. The length of a step is its length
    on the map. Wheels keep their speed up to ``wheels_limit`` and stop beyond it.
    """

    steepness: float = 3.5
    easiest: float = 0.05
    wheels_limit: float = 0.3
    source: str = "Tobler 1993 (NCGIA 93-1); batas roda: bawaan gisapp (wheels: gisapp default)"
    date: str = "2026-11-22"

    def __post_init__(self) -> None:
        """Refuse what is no slope."""
        for name, low in (("steepness", 0.0), ("easiest", 0.0), ("wheels_limit", 0.0)):
            value = as_number(getattr(self, name))
            if not low <= value <= 100:
                refuse("slopes", f"{name} is {value}, not from 0 to 100", f"{name} {value}, seharusnya 0 sampai 100")


def walking_speed(slope: Any, *, rules: SlopeRules | None = None) -> npt.NDArray[np.float64]:
    """Walking speed in km/h on a path of this slope (rise over run, negative downhill), Tobler (1993).

    >>> [round(float(v), 3) for v in walking_speed([0.0, -0.05, 0.05])]
    [5.037, 6.0, 4.228]

    Raises
    ------
    InvalidInputError
        A slope that is not a finite number.
    """
    held = rules or SlopeRules()
    found = np.asarray(slope, dtype=float)
    if not np.isfinite(found).all():
        refuse("slope", "a slope is not a finite number", "ada kemiringan yang bukan angka")
    speed: npt.NDArray[np.float64] = TOBLER_KMH * np.exp(-held.steepness * np.abs(found + held.easiest))
    return speed
