"""How often a suggestion is among the first of its strategy when nobody knows how the criteria weigh.

Weights are drawn from a Dirichlet distribution and the share of draws is counted in which a row is among the first:
the rank acceptability of stochastic multicriteria acceptability analysis (Lahdelma, Hokkanen & Salminen 1998,
doi:10.1016/S0377-2217(97)00163-X; Lahdelma & Salminen 2001).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.errors import InvalidInputError

Floats = npt.NDArray[np.float64]

#: What suggestions are compared by, each better when larger: families reached, families per rupiah, share of decile 1
#: among those reached, and how far the need stands out from the district.
CRITERIA = ("families", "families_per_idr", "decile_1_share", "excess")
_EQUAL = {name: 1 / len(CRITERIA) for name in CRITERIA}


@dataclass(frozen=True, kw_only=True)
class Weighing:
    """Dated parameters of the draws.

    ``weights`` is the mean weight of each criterion (sum 1), ``concentration`` the sum of the Dirichlet parameters: 4
    with four equal weights is the uniform distribution over all weights, more keeps draws closer to the mean.
    ``first`` is how many count as the first.
    """

    weights: Mapping[str, float] = field(default_factory=lambda: dict(_EQUAL))
    concentration: float = 4.0
    first: int = 10
    draws: int = 2000

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn from."""
        values = np.array(list(self.weights.values()), dtype=float)
        if set(self.weights) != set(CRITERIA) or not (values > 0).all() or abs(values.sum() - 1) > 1e-9:
            raise InvalidInputError(
                f"weights: give one above 0 for each of {', '.join(CRITERIA)}, with sum 1.",
                f"weights: isi satu bobot di atas 0 untuk tiap {', '.join(CRITERIA)}, berjumlah 1.",
            )
        for name, least in (("concentration", 0.0), ("first", 1), ("draws", 1)):
            value = getattr(self, name)
            if not (np.isfinite(value) and value >= least and value > 0):
                raise InvalidInputError(
                    f"{name} is {value}: give a number above 0, and a whole one of draws and first.",
                    f"{name} bernilai {value}: isi angka di atas 0, dan bilangan bulat untuk draws dan first.",
                )


def first_probability(criteria: pd.DataFrame, *, by: Any, weighing: Weighing, seed: int) -> pd.DataFrame:
    """Return ``probability`` (0..1) of being among the first of its group, and its Monte Carlo standard ``error``.

    Parameters
    ----------
    criteria
        A column for each of ``CRITERIA``, larger is better; NaN (not known) stands in the middle of its group.
    by
        Group of each row; a missing group takes no part.
    weighing, seed
        The draws, and where they begin: the same seed gives the same figures.

    A criterion is its mid-rank within the group, 0 (worst) to 1 (best): no unit and no outlier decides. Rows of equal
    score share the last places by chance. A group no larger than ``first`` has probability 1 without any draw.
    """
    absent = [name for name in CRITERIA if name not in criteria]
    if absent:
        raise InvalidInputError(
            f"criteria: no column {', '.join(absent)}.", f"criteria: tidak ada kolom {', '.join(absent)}."
        )
    values = criteria[list(CRITERIA)].astype(float)
    wrong = np.flatnonzero(np.isinf(values.to_numpy()).any(axis=1))
    if len(wrong):
        raise InvalidInputError(
            f"criteria: row {wrong[0]} is not finite.", f"criteria: baris {wrong[0]} bukan angka yang sah."
        )
    groups = pd.Series(list(by), index=criteria.index, dtype=object)
    weights = _draws(weighing, seed)
    answer = pd.DataFrame(np.nan, index=criteria.index, columns=["probability", "error"])
    for _, rows in values.groupby(groups, sort=True):
        share = _first_share(_mid_ranks(rows), weights, weighing.first)
        answer.loc[rows.index, "probability"] = share
        answer.loc[rows.index, "error"] = np.sqrt(share * (1 - share) / len(weights))
    return answer


def _draws(weighing: Weighing, seed: int) -> Floats:
    alpha = weighing.concentration * np.array([weighing.weights[name] for name in CRITERIA])
    return np.asarray(np.random.Generator(np.random.PCG64(seed)).dirichlet(alpha, weighing.draws), dtype=float)


def _mid_ranks(values: pd.DataFrame) -> Floats:
    known = values.notna().sum()
    place = (values.rank(method="average") - 1) / (known - 1).where(known > 1)
    return np.asarray(place.fillna(0.5), dtype=float)


def _first_share(places: Floats, weights: Floats, first: int) -> Floats:
    if len(places) <= first:
        return np.ones(len(places))
    score = np.round(places @ weights.T, 12)
    order = np.sort(score, axis=0)
    last = order[len(order) - first]
    above, level = score > last, score == last
    free = first - above.sum(axis=0)
    taken = above + level * (free / level.sum(axis=0))
    return np.asarray(taken.mean(axis=1), dtype=float)
