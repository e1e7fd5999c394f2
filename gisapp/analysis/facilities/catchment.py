"""Supply shared out among the demand that reaches it, one facility after another (Luo & Wang 2003; Luo & Qi 2009)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.analysis.checks import Complaints, Floats, as_number, as_numbers, need_same_rows, row_index
from gisapp.errors import InvalidInputError

Int64s = npt.NDArray[np.int64]


def floating_catchment(
    demand: Any, supply: Any, within: Iterable[tuple[Int64s, Floats]], decay: Callable[[Floats], Floats]
) -> tuple[Floats, Floats]:
    """Supply within reach per demand, and how much demand, weighted, each supply is shared among.

    ``within`` gives for each supply in turn the rows of the demand that reach it and their minutes: the ratio of a
    supply depends on nothing but these, so both steps are done while one supply is looked at, and no table of demand ×
    supply is kept. Infinite minutes (no way) and NaN (not known) are never within. Demand that reaches nothing has 0;
    supply that no demand reaches is left out.

    Raises
    ------
    InvalidInputError
        Demand or supply that is no list of numbers of 0 or more; a weight that is not from 0 (does not count) to 1
        (counts whole), as those of Luo & Qi are, naming the pair.
    """
    people = checked_amounts(demand, "demand", "permintaan")
    places = checked_amounts(supply, "supply", "layanan")
    access, load = np.zeros(len(people)), np.zeros(len(places))
    for at, (rows, minutes) in zip(range(len(places)), within, strict=True):
        has_way = np.isfinite(minutes)
        near, taken = rows[has_way], minutes[has_way]
        with np.errstate(all="ignore"):  # 1 / minutes at 0 minutes is refused below, by its pair
            weight = np.asarray(decay(taken), dtype=float)
        _refuse_weights(near, at, taken, weight)
        load[at] = float(people[near] @ weight)
        if load[at] > 0:
            # Weight by load first: both may be so small that supply by load is beyond all numbers.
            access[near] += weight / load[at] * places[at]
    return access, load


def _refuse_weights(rows: Int64s, supply: int, minutes: Floats, weight: Floats) -> None:
    """Refuse weights that are none, naming the first pair of demand and supply, its minutes, weight and how many."""
    if weight.shape != minutes.shape:
        raise InvalidInputError(
            f"decay gives weights of shape {weight.shape} for minutes of shape {minutes.shape}; give one of each.",
            f"decay memberi bobot berukuran {weight.shape} untuk menit berukuran {minutes.shape}; beri satu per menit.",
        )
    bad = np.flatnonzero(~((weight >= 0) & (weight <= 1)))
    if len(bad):
        demand, taken, found = rows[bad[0]], minutes[bad[0]], weight[bad[0]]
        raise InvalidInputError(
            f"decay: demand row {demand} and supply row {supply} have weight {found:g} at {taken:g} minutes "
            f"({len(bad)} such pairs of this supply); give weights from 0 to 1.",
            f"decay: permintaan baris {demand} dan layanan baris {supply} berbobot {found:g} pada {taken:g} menit "
            f"({len(bad)} pasangan layanan ini); beri bobot 0 sampai 1.",
        )


def checked_amounts(values: Any, name: str, name_id: str) -> Floats:
    """Return a list of numbers as float64; InvalidInputError naming the row that is not finite or below 0."""
    complaints = Complaints("catchment")
    if values is None or np.isscalar(values):
        complaints.add(
            f"{name} is {values!r}, not a list of numbers", f"{name_id} adalah {values!r}, bukan daftar angka"
        )
    complaints.refuse()
    amounts = as_numbers(values, complaints, name)
    complaints.rows(amounts < 0, row_index(values), f"{name} is below 0", f"{name_id} di bawah 0")
    complaints.refuse()
    return amounts


def step_decay(steps: Mapping[float, float]) -> Callable[[Floats], Floats]:
    """Weight by zone: minutes up to the end of a zone (inclusive) have its weight, beyond the last zone 0.

    InvalidInputError names the zone whose end is not above 0 minutes or whose weight is not from 0 to 1.

    >>> step_decay({10: 1.0, 20: 0.68, 30: 0.22})(np.array([10.0, 10.5, 30.0, 31.0])).tolist()
    [1.0, 0.68, 0.22, 0.0]
    """
    complaints = Complaints("zones")
    for end, weight in steps.items():
        if not (0 < as_number(end) < np.inf and 0 <= as_number(weight) <= 1):
            complaints.add(
                f"the zone up to {end} minutes has weight {weight}, not minutes above 0 and a weight from 0 to 1",
                f"zona sampai {end} menit berbobot {weight}, seharusnya menit di atas 0 dan bobot 0 sampai 1",
            )
    complaints.refuse()
    ends = np.array(sorted(steps), dtype=float)
    weights = np.array([*(steps[end] for end in sorted(steps)), 0.0], dtype=float)

    def decay(minutes: Floats) -> Floats:
        zones: Floats = weights[np.searchsorted(ends, minutes, side="left")]
        return zones

    return decay


def weighted_mean(values: pd.Series, weight: pd.Series, by: pd.Series) -> pd.Series:
    """Mean of ``values`` per group, each counted ``weight`` times; NaN where no row has both, or all weights are 0.

    With supply within reach as values and demand as weights this is what the demand of a group finds on average.
    """
    used = values.notna() & weight.notna()
    counted = weight.where(used)
    total = counted.groupby(by).sum(min_count=1)
    mean: pd.Series = (values.where(used) * counted).groupby(by).sum(min_count=1) / total.where(total > 0)
    return mean


def beyond_minutes(minutes: pd.Series, by: pd.Series, *, limit_min: Any) -> pd.DataFrame:
    """Rows farther than a limit of minutes per group; no way (infinite) is beyond, not known (NaN) is kept apart.

    Parameters
    ----------
    minutes
        Minutes of each family, infinite without any way, NaN where nobody knows.
    by
        Group of each family, aligned with ``minutes``; those without one are left out.
    limit_min
        Minutes that are still within, above 0.

    Returns
    -------
    DataFrame
        Per group ``beyond`` and ``known`` (counts), ``share_beyond`` (0..1 of the known, NaN where none is) and
        ``share_unknown`` (0..1 of all). The true share of all lies from ``beyond`` ÷ all to that plus
        ``share_unknown``.

    Raises
    ------
    InvalidInputError
        A limit that is none, minutes below 0, another number of rows.
    """
    complaints = Complaints("beyond minutes")
    if not 0 < as_number(limit_min) < np.inf:
        complaints.add(f"the limit is {limit_min} minutes, not above 0", f"batas {limit_min} menit, harus di atas 0")
    taken = minutes.to_numpy(dtype=np.float64, na_value=np.nan)
    if need_same_rows(minutes, by, complaints, "by"):
        complaints.rows(taken < 0, minutes.index, "minutes are below 0", "menit di bawah 0")
    complaints.refuse()
    known = pd.Series(~np.isnan(taken), index=minutes.index)
    counted = pd.DataFrame({"beyond": taken > float(limit_min), "known": known, "rows": 1}, index=minutes.index)
    sums = counted.groupby(by).sum().astype("int64")
    return pd.DataFrame(
        {
            "beyond": sums["beyond"],
            "known": sums["known"],
            "share_beyond": sums["beyond"] / sums["known"].where(sums["known"] > 0),
            "share_unknown": 1 - sums["known"] / sums["rows"],
        }
    )
