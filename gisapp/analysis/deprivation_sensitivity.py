"""How far deprivation figures, and the order of areas by them, hang on the cutoff and on the weights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from gisapp.analysis.checks import Complaints, Floats, as_numbers, need_rows, need_same_rows, refuse, row_index
from gisapp.analysis.deprivation import TOLERANCE, Families, checked_families, ordered_weights

#: How close drawn weights stay to the given ones: a weight of 1/8 varies with a standard deviation of 0.046.
CONCENTRATION = 50.0


_TIE = 1e-12
MEASURES = ("headcount_ratio", "intensity", "adjusted_headcount")


def over_cutoffs(
    deprived: pd.DataFrame,
    indicator_weights: Mapping[str, float] | pd.Series,
    *,
    cutoffs: Iterable[float],
    weight: Any = None,
    by: Any = None,
) -> pd.DataFrame:
    """H, A and M0 (``alkire_foster`` with unknown rows dropped) for every cutoff: index (cutoff, group), sorted."""
    grid = sorted({float(cutoff) for cutoff in cutoffs})
    if not grid:
        refuse("over_cutoffs", "cutoffs is empty", "daftar batas kosong")
    for cutoff in grid:
        if not 0 < cutoff <= 1:
            refuse("over_cutoffs", f"cutoff is {cutoff}, not in (0, 1]", f"batas {cutoff} tidak di antara 0 dan 1")
    known = _Known(checked_families(deprived, indicator_weights, grid[0], weight, by, "drop"))
    return pd.concat({cutoff: known.measures(cutoff) for cutoff in grid}, names=["cutoff"])


def over_weights(
    deprived: pd.DataFrame, weight_sets: pd.DataFrame, *, cutoff: float, weight: Any = None, by: Any = None
) -> pd.DataFrame:
    """H, A and M0 for every row of ``weight_sets`` (a set per row, an indicator per column): index (set, group)."""
    complaints = Complaints("over_weights")
    need_rows(weight_sets, complaints, "weight_sets")
    complaints.refuse()
    sets = {name: ordered_weights(deprived, weights, complaints) for name, weights in weight_sets.iterrows()}
    complaints.refuse()
    known = _Known(checked_families(deprived, weight_sets.iloc[0], cutoff, weight, by, "drop"))
    return pd.concat({name: known.measures(cutoff, weights) for name, weights in sets.items()}, names=["set"])


class _Known:
    """Rows without an unknown indicator, made ready to be measured many times."""

    def __init__(self, families: Families) -> None:
        codes, labels = pd.factorize(families.group, sort=True)
        use = np.logical_not(families.unknown.any(axis=1))
        self._codes = codes[use]
        self._deprived = families.deprived[use].astype(np.float64)
        self._weight = families.weight[use]
        self._indicator_weights = families.indicator_weights
        self._index = pd.Index(labels, name=families.group.name)
        self._total = self._sum(self._weight)

    def _sum(self, values: Floats) -> Floats:
        return np.bincount(self._codes, weights=values, minlength=len(self._index)).astype(np.float64)

    def measures(self, cutoff: float, indicator_weights: Floats | None = None) -> pd.DataFrame:
        """H, A and M0 per group; NaN where there is nothing to divide by."""
        score = self._deprived @ (self._indicator_weights if indicator_weights is None else indicator_weights)
        poor_rows = np.where(score >= cutoff - TOLERANCE, self._weight, 0.0)
        poor, censored = self._sum(poor_rows), self._sum(poor_rows * score)
        total = np.where(self._total > 0, self._total, np.nan)
        columns = (poor / total, censored / np.where(poor > 0, poor, np.nan), censored / total)
        return pd.DataFrame(dict(zip(MEASURES, columns, strict=True)), index=self._index)


def dirichlet_weights(
    indicator_weights: Mapping[str, float] | pd.Series,
    *,
    sets: int,
    concentration: float = CONCENTRATION,
    seed: int,
) -> pd.DataFrame:
    """Draw alternative weights around the given ones: Dirichlet(concentration × weights), a set per row.

    Each set sums to 1; its mean is the given set, and a weight w varies with √(w (1 − w) / (concentration + 1)). A
    weight of 0 stays 0.
    """
    complaints = Complaints("dirichlet_weights")
    weights = pd.Series(indicator_weights, dtype="float64")
    need_rows(weights, complaints, "indicator_weights")
    values = as_numbers(weights, complaints, "weight")
    complaints.rows(values < 0, weights.index, "weight is negative", "bobot negatif")
    if not abs(float(values.sum()) - 1) <= 1e-9:
        complaints.add(f"weights sum to {values.sum():g}, not 1", f"jumlah bobot {values.sum():g}, seharusnya 1")
    if not 0 < concentration < np.inf:
        complaints.add(f"concentration is {concentration}", f"concentration {concentration}")
    if sets < 1:
        complaints.add(f"sets is {sets}, not 1 or more", f"sets {sets}, seharusnya 1 atau lebih")
    complaints.refuse()
    used = values > 0
    drawn = np.zeros((sets, len(values)))
    drawn[:, used] = np.random.default_rng(seed).dirichlet(concentration * values[used], size=sets)
    return pd.DataFrame(drawn / drawn.sum(axis=1, keepdims=True), columns=weights.index)


def order_agreement(baseline: Any, alternatives: pd.DataFrame, *, first: int = 10) -> pd.DataFrame:
    """How the order of areas (highest first) under each alternative agrees with that of the baseline.

    Parameters
    ----------
    baseline : one value per area, such as M0. alternatives : a column per alternative, the same rows.
    first : how many areas count as the first ones; ties there go to the lower row label (as text).

    Returns
    -------
    One row per alternative: ``kendall`` (τ_b, Kendall 1945) and ``spearman`` (ρ of mid-ranks), −1..1, NaN where
    either order has no differences; ``reversed_pairs``, the share of the baseline's ordered pairs that stand the
    other way round; ``first_kept``, the share of the baseline's first areas that are among the first again.

    Raises
    ------
    InvalidInputError
        Fewer than two areas, no alternative, missing values or rows that do not match.
    """
    base, others, index = _orders(baseline, alternatives, "order_agreement")
    if first < 1:
        refuse("order_agreement", f"first is {first}, not 1 or more", f"first {first}, seharusnya 1 atau lebih")
    signs = _pair_signs(base)
    top = set(_first(base, index, first))
    rows = []
    for column in others.T:
        other = _pair_signs(column)
        concordance = float((signs * other).sum())
        untied = np.sqrt(float((signs != 0).sum()) * float((other != 0).sum()))
        ordered = int((signs != 0).sum())
        rows.append(
            {
                "kendall": concordance / untied if untied > 0 else np.nan,
                "spearman": _correlation(_mid_ranks(base), _mid_ranks(column)),
                "reversed_pairs": float((signs * other < 0).sum()) / ordered if ordered else np.nan,
                "first_kept": len(top & set(_first(column, index, first))) / len(top),
            }
        )
    return pd.DataFrame(rows, index=alternatives.columns)


def robust_pairs(baseline: Any, alternatives: pd.DataFrame) -> float:
    """Share of the baseline's ordered pairs of areas that no alternative reverses (Alkire et al. 2015, ch. 8); 0..1.

    A pair that an alternative ties is not reversed. NaN where all areas are equal in the baseline.
    """
    base, others, _ = _orders(baseline, alternatives, "robust_pairs")
    signs = _pair_signs(base)
    kept = signs != 0
    ordered = int(kept.sum())
    for column in others.T:
        kept &= signs * _pair_signs(column) >= 0
    return float(kept.sum()) / ordered if ordered else float("nan")


def _orders(baseline: Any, alternatives: pd.DataFrame, subject: str) -> tuple[Floats, Floats, pd.Index]:
    """Check a baseline and its alternatives and return both as arrays with the labels of the areas."""
    complaints = Complaints(subject)
    index = row_index(baseline)
    base = as_numbers(baseline, complaints, "baseline")
    if len(base) < 2:
        complaints.add(f"{len(base)} areas have no order", f"{len(base)} wilayah tidak punya urutan")
    if alternatives.shape[1] == 0:
        complaints.add("alternatives has no columns", "alternatives tidak punya kolom")
    need_same_rows(baseline, alternatives, complaints, "alternatives")
    columns = [as_numbers(alternatives[name], complaints, f"`{name}`") for name in alternatives.columns]
    complaints.refuse()
    return base, np.column_stack(columns), index


def _pair_signs(values: Floats) -> Any:
    """Sign of the difference of every pair of rows, each pair once; differences below 1e-12 are ties."""
    left, right = np.triu_indices(len(values), 1)
    differences = values[left] - values[right]
    return (differences > _TIE).astype(np.int8) - (differences < -_TIE)


def _first(values: Floats, index: pd.Index, count: int) -> list[int]:
    labels = [str(label) for label in index]
    return sorted(range(len(values)), key=lambda at: (-values[at], labels[at]))[:count]


def _mid_ranks(values: Floats) -> Floats:
    ranks: Floats = pd.Series(values.round(12)).rank(method="average").to_numpy(dtype=np.float64)
    return ranks


def _correlation(left: Floats, right: Floats) -> float:
    left, right = left - left.mean(), right - right.mean()
    size = float(np.sqrt((left**2).sum() * (right**2).sum()))
    return float((left * right).sum()) / size if size > 0 else float("nan")
