"""Where the registry is silent: registered against expected, and villages where few have been registered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from gisapp.analysis.checks import (
    Complaints,
    Floats,
    as_numbers,
    event_counts,
    need_rows,
    need_same_rows,
    need_share,
    refuse,
    row_index,
)
from gisapp.analysis.finding.excess import overdispersed_excess
from gisapp.analysis.hotspots import false_discovery_rate

#: Areas with families that a spread between ordinary ones can be read from.
FEWEST_AREAS = 4


@dataclass(frozen=True)
class Counted:
    """What a number counts: ``concept`` (such as decile_1) and ``unit`` (families, households, persons)."""

    concept: str
    unit: str

    def __str__(self) -> str:
        """``decile_1 in families``."""
        return f"{self.concept} in {self.unit}"


def coverage_gap(
    registered: Any,
    expected: Any,
    *,
    registered_as: Counted,
    expected_as: Counted,
    standard_error: Any = None,
    lower: Any = None,
    upper: Any = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Expected minus registered per area: columns ``gap``, ``lower``, ``upper``, in the unit of both.

    Both numbers must count the same: a household is not a family, decile 1 is not BPS's poor. The registered number
    is a full count without error; the range is that of the expected one, either ``lower`` and ``upper`` as its source
    gives them, or expected ± z × ``standard_error`` (the expected number itself never below 0). Without either, or in
    rows where they are missing, the gap has no range (NaN). A missing expected number has no gap and no range. A gap
    below 0 means that more are registered than were expected; it is told as it is.

    Raises ``InvalidInputError`` for different concepts or units, for negative numbers by row, for a range that does
    not hold its number, for half a range or one beside a standard error, and for a level outside 0..1.
    """
    need_share(level, subject="coverage_gap", name="level")
    kinds: tuple[Any, ...] = (registered_as, expected_as)
    if not all(isinstance(kind, Counted) for kind in kinds):
        refuse("coverage_gap", "say what both numbers count (Counted)", "sebutkan apa yang dihitung (Counted)")
    if registered_as != expected_as:
        refuse(
            "coverage_gap",
            f"registered counts {registered_as}, expected counts {expected_as}: they cannot be compared",
            f"yang terdaftar menghitung {registered_as}, yang diperkirakan {expected_as}: tidak dapat dibandingkan",
        )
    if (lower is None) != (upper is None) or (lower is not None and standard_error is not None):
        refuse(
            "coverage_gap", "give lower and upper, or a standard_error", "beri batas bawah dan atas, atau galat baku"
        )
    given = {"standard_error": standard_error, "lower": lower, "upper": upper}
    listed, wanted, ends = _gap_numbers(
        registered, expected, {name: row for name, row in given.items() if row is not None}
    )
    if "standard_error" in ends:
        half = float(norm.isf((1 - level) / 2)) * ends["standard_error"]
        ends = {"lower": np.maximum(wanted - half, 0.0), "upper": wanted + half}
    nothing = np.full(len(wanted), np.nan)
    ends = {name: np.where(np.isnan(wanted), np.nan, row) for name, row in ends.items()}
    return pd.DataFrame(
        {
            "gap": wanted - listed,
            "lower": ends.get("lower", nothing) - listed,
            "upper": ends.get("upper", nothing) - listed,
        },
        index=row_index(registered),
    )


def _gap_numbers(registered: Any, expected: Any, given: dict[str, Any]) -> tuple[Floats, Floats, dict[str, Floats]]:
    """Check the numbers of a gap and return them as floats; expected ones and their range may be missing."""
    complaints = Complaints("coverage_gap")
    need_rows(registered, complaints, "registered")
    index = row_index(registered)
    listed = as_numbers(registered, complaints, "registered")
    complaints.rows(listed < 0, index, "registered is negative", "registered negatif")
    numbers: dict[str, Floats] = {}
    for name, row in {"expected": expected, **given}.items():
        if need_same_rows(registered, row, complaints, name):
            numbers[name] = as_numbers(row, complaints, name, allow_missing=True)
            complaints.rows(numbers[name] < 0, index, f"{name} is negative", f"{name} negatif")
    complaints.refuse()
    wanted = numbers.pop("expected")
    if "lower" in numbers:
        low, high = numbers["lower"], numbers["upper"]
        complaints.rows(np.isnan(low) != np.isnan(high), index, "half a range", "hanya separuh rentang")
        complaints.rows(low > high, index, "lower is above upper", "batas bawah di atas batas atas")
        outside = (low > wanted) | (high < wanted)
        complaints.rows(outside, index, "expected is outside its range", "expected di luar rentangnya")
    complaints.refuse()
    return listed, wanted, numbers


def thin_registration(registered: Any, families: Any, *, level: float = 0.05) -> pd.DataFrame:
    """Find areas where suspiciously few of all families are registered: columns ``z_score``, ``p_value``, ``thin``.

    The low side of ``excess.overdispersed_excess``: areas differ in how many of their families a registry lists, and
    only what lies below that ordinary variation is called thin. ``p_value`` is the chance that an ordinary area of this
    size lists so few or fewer; ``thin`` controls false discoveries at ``level``. It says where little was registered,
    not that families there are poor. An area without families has NaN and is not thin.

    Raises ``InvalidInputError`` for bad counts by row, and where fewer than four areas have families.
    """
    counts, everybody, index = event_counts(registered, families, subject="thin_registration")
    if int((everybody > 0).sum()) < FEWEST_AREAS:
        refuse(
            "thin_registration",
            f"fewer than {FEWEST_AREAS} areas have families",
            f"kurang dari {FEWEST_AREAS} wilayah punya keluarga",
        )
    found = overdispersed_excess(counts, everybody, level=level)
    z_score, at_least = found["z_score"].to_numpy(), found["p_value"].to_numpy()
    # The score is that of the mid-p: P(X < k) + P(X ≤ k) = 2 Φ(z).
    p_value = pd.Series(np.clip(2 * norm.cdf(z_score) - (1 - at_least), 0.0, 1.0), index=index)
    thin = false_discovery_rate(p_value, level=level) & (z_score < 0)
    return pd.DataFrame({"z_score": z_score, "p_value": p_value, "thin": thin}, index=index)
