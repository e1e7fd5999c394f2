"""How suggestions stand beside each other within a strategy when the criteria weigh as somebody wants to try."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from gisapp.analysis.suggesting.weights import CRITERIA
from gisapp.targeting.plans import PlanBasis


def criteria_of(basis: PlanBasis) -> pd.DataFrame:
    """Criteria of each suggestion that a budget can buy, larger is better: the columns of ``CRITERIA``, NaN unknown."""
    frame, reached = basis.suggestions, basis.reached
    families = frame["families"].to_numpy(dtype=float)
    cost = basis.cost_idr
    poor = reached.groupby("row")["poor"].mean().reindex(range(len(frame)))
    with np.errstate(divide="ignore", invalid="ignore"):
        per_idr = np.where(cost > 0, families / cost, np.nan)
    found = pd.DataFrame(
        {
            "families": families,
            "families_per_idr": per_idr,
            "decile_1_share": poor.to_numpy(dtype=float),
            "excess": [_excess(text) for text in frame["evidence"]],
        }
    )
    return found[list(CRITERIA)]


def weighted_standing(criteria: pd.DataFrame, by: pd.Series, weights: Mapping[str, float]) -> pd.Series:
    """Score 0..1 of each row within its group: the weighted mean of its mid-ranks, 0 the worst and 1 the best.

    Ranks as in ``analysis.suggesting.weights``: no unit and no outlier decides. A row alone in its group, and a
    criterion that is not known, stand in the middle. ``weights`` are 0 or more and sum to 1.
    """
    ranks = criteria.groupby(by.to_numpy()).rank(method="average")
    known = criteria.notna().groupby(by.to_numpy()).transform("sum")
    place = ((ranks - 1) / (known - 1).where(known > 1)).fillna(0.5)
    score = sum((place[name] * weights[name] for name in CRITERIA), start=pd.Series(0.0, index=criteria.index))
    return score.round(12)


def _excess(text: Any) -> float:
    """How far the need stands out from the district, of the evidence of a suggestion."""
    value = json.loads(text).get("excess_in_spreads_between_desa") if isinstance(text, str) and text else None
    return float("nan") if value is None else float(value)
