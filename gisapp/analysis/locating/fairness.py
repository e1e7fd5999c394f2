"""How evenly a plan reaches those who need it, between groups (kecamatan)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gisapp.analysis.checks import Floats, event_counts


@dataclass(frozen=True, kw_only=True)
class Fairness:
    """Reached shares (0..1) of the groups that have anybody to reach.

    ``least`` and ``greatest`` share, ``spread`` between them, ``share`` of all groups together, ``gini`` (0: the same
    share in every group; towards 1: all in one small group). NaN where there is nobody, ``gini`` also where nobody is
    reached.
    """

    groups: int
    least: float
    greatest: float
    spread: float
    share: float
    gini: float


def between_groups(events: Any, population: Any) -> Fairness:
    """Spread and Gini coefficient of the shares events / population, each group weighted by its population.

    The coefficient is half the mean difference between two people's groups over the mean share (Gini 1912; for
    weighted groups Lerman & Yitzhaki 1989, J. Econometrics 42, eq. 3). Of shares not reached it is another number than
    of shares reached, and with a small mean it is large by itself: read it beside the spread.

    Parameters
    ----------
    events : reached in each group, 0 or more.
    population : those who need it in each group; a group without anybody takes no part.

    Raises
    ------
    InvalidInputError
        Counts that are negative, no numbers, of different length, or more reached than there are, naming the row.
    """
    reached, everybody, _ = event_counts(events, population, subject="between_groups")
    some = everybody > 0
    weight = everybody[some]
    share = reached[some] / weight
    if not len(share):
        nothing = float("nan")
        return Fairness(groups=0, least=nothing, greatest=nothing, spread=nothing, share=nothing, gini=nothing)
    least, greatest = float(share.min()), float(share.max())
    mean = float(reached[some].sum() / weight.sum())
    return Fairness(
        groups=len(share), least=least, greatest=greatest, spread=greatest - least, share=mean,
        gini=_gini(share, weight),
    )  # fmt: skip


def _gini(share: Floats, weight: Floats) -> float:
    order = np.argsort(share, kind="stable")
    x, w = share[order], weight[order] / weight.sum()
    mean = float(x @ w)
    if mean == 0:
        return float("nan")
    below, below_x = np.cumsum(w) - w, np.cumsum(w * x) - w * x
    return max(0.0, float(w @ (x * below - below_x)) / mean)
