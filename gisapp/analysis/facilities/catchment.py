"""Supply shared out among the demand that reaches it, one facility after another (Luo & Wang 2003; Luo & Qi 2009)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.analysis.checks import Complaints, Floats, as_number, need_same_rows

Int64s = npt.NDArray[np.int64]


def floating_catchment(
    demand: Floats, supply: Floats, within: Iterable[tuple[Int64s, Floats]], decay: Callable[[Floats], Floats]
) -> tuple[Floats, Floats]:
    """Supply within reach per demand, and how much demand, weighted, each supply is shared among.

    ``within`` gives for each supply in turn the rows of the demand that reach it and their minutes: the ratio of a
    supply depends on nothing but these, so both steps are done while one supply is looked at, and no table of demand ×
    supply is kept. Demand that reaches nothing has 0; supply that no demand reaches is left out.
    """
    access, load = np.zeros(len(demand)), np.zeros(len(supply))
    for at, (rows, minutes) in enumerate(within):
        weight = decay(minutes)
        load[at] = float(demand[rows] @ weight)
        if load[at] > 0:
            access[rows] += weight * (supply[at] / load[at])
    return access, load


def step_decay(steps: Mapping[float, float]) -> Callable[[Floats], Floats]:
    """Weight by zone: minutes up to the end of a zone (inclusive) have its weight, beyond the last zone 0.

    >>> step_decay({10: 1.0, 20: 0.68, 30: 0.22})(np.array([10.0, 10.5, 30.0, 31.0])).tolist()
    [1.0, 0.68, 0.22, 0.0]
    """
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
