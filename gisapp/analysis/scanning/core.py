"""The core of a cluster: rows that scans of several maximum windows keep finding.

One maximum window is a choice that the map depends on (a large one joins what a small one parts). What is found
under most of them does not hang on that choice (Chen, Roth, Naito, Lengerich & MacEachren 2008, reliability).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from gisapp.analysis.checks import Complaints, as_number, is_whole, need_share, row_index
from gisapp.analysis.scan import poisson_scan

#: Shares of the population that windows may grow to, one scan each.
MAX_POPULATION_SHARES = (0.5, 0.4, 0.3, 0.2, 0.1, 0.05)


def core(
    x: Any,
    y: Any,
    cases: Any,
    population: Any,
    *,
    max_population_shares: Sequence[float] = MAX_POPULATION_SHARES,
    at_least: int = 4,
    level: float = 0.05,
    replicates: int = 999,
    seed: int,
    geographic: bool = False,
    overdispersion: float = 0.0,
) -> pd.DataFrame:
    """Count in how many Poisson scans a row belongs to a significant cluster.

    Parameters
    ----------
    max_population_shares : one scan each, all with the same replicates.
    at_least : scans that must find a row of the core (4 of 6: reliability above 0.6).
    level : largest Monte Carlo p-value of a cluster that counts; it holds for each scan, not for the core.
    Others as in ``poisson_scan``.

    Returns
    -------
    Frame aligned with ``cases``: ``times_found`` (0..number of scans), ``reliability`` (times over number of
    scans, 0..1), ``core`` (bool).

    Raises
    ------
    InvalidInputError : no share or one twice, ``at_least`` that no row can reach, too few replicates for
        ``level``, and whatever ``poisson_scan`` refuses.
    """
    shares = [as_number(share) for share in max_population_shares] if np.iterable(max_population_shares) else []
    _check(shares, at_least=at_least, level=level, replicates=replicates)
    times = np.zeros(len(row_index(cases)), dtype=np.int64)
    for share in shares:
        clusters = poisson_scan(
            x,
            y,
            cases,
            population,
            max_population_share=share,
            replicates=replicates,
            seed=seed,
            geographic=geographic,
            overdispersion=overdispersion,
        )
        for members in clusters.loc[clusters["p_value"] <= level, "members"]:
            times[list(members)] += 1
    table = pd.DataFrame({"times_found": times, "reliability": times / len(shares), "core": times >= at_least})
    return table.set_axis(row_index(cases))


def _check(shares: list[float], *, at_least: int, level: float, replicates: int) -> None:
    """Refuse settings under which no row, or every row, would be core."""
    need_share(level, subject="core", name="level")
    complaints = Complaints("core")
    if not shares or len(set(shares)) < len(shares):
        complaints.add(
            f"max_population_shares is {shares}, not one or more different shares",
            f"max_population_shares adalah {shares}, bukan satu atau lebih bagian yang berbeda",
        )
    if not is_whole(at_least) or not 1 <= at_least <= len(shares):
        complaints.add(
            f"at_least is {at_least}, not 1 to {len(shares)}",
            f"at_least adalah {at_least}, bukan 1 sampai {len(shares)}",
        )
    if not is_whole(replicates) or (replicates + 1) * level < 1:
        complaints.add(
            f"{replicates} replicates cannot reach a p-value of {level}",
            f"{replicates} replikasi tidak dapat mencapai nilai p {level}",
        )
    complaints.refuse()
