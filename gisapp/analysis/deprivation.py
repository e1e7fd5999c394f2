"""Multidimensional poverty by the counting method of Alkire & Foster (2011)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from gisapp.analysis.checks import (
    Bools,
    Complaints,
    Floats,
    as_number,
    as_numbers,
    duplicated_labels,
    need_rows,
    need_same_rows,
)
from gisapp.analysis.poverty import group_labels

Unknown = Literal["drop", "bounds"]

#: A score this close below the cutoff is poor: sums of thirds must not fail by rounding.
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Families:
    """Checked input: one row per family."""

    names: list[str]
    deprived: Bools
    unknown: Bools
    indicator_weights: Floats
    weight: Floats
    group: pd.Series


def alkire_foster(
    deprived: pd.DataFrame,
    indicator_weights: Mapping[str, float] | pd.Series,
    *,
    cutoff: float,
    weight: Any = None,
    by: Any = None,
    unknown: Unknown = "drop",
) -> pd.DataFrame:
    """Headcount H, intensity A, adjusted headcount M0 = H × A and what each indicator contributes to it.

    Parameters
    ----------
    deprived : nullable booleans, one row per family, one column per indicator; NA means unknown.
    indicator_weights : weight of every column; they sum to 1.
    cutoff : poor means Σ weights of deprivations ≥ cutoff (within 1e-9); above 0, at most 1.
    weight : what a row counts for, not negative; 1 by default.
    by : group of each row; without it there is one group, "all".
    unknown : "drop" leaves out a row with any unknown indicator. "bounds" does the same and adds, over all
        rows, ``<measure>_lower`` (unknown is not deprived) and ``<measure>_upper`` (unknown is deprived)
        for headcount_ratio and adjusted_headcount.

    Returns
    -------
    One row per group, sorted: headcount_ratio, intensity, adjusted_headcount, share_unknown (weighted share
    of rows with an unknown indicator), and per indicator uncensored_headcount.<name>,
    censored_headcount.<name>, contribution.<name> (sums to 1). Then population_share (the group's part of all
    fully known rows) and group_contribution, n_g M0_g ÷ n M0, its part of the whole M0 (Alkire et al. 2015, ch. 5);
    both sum to 1 over the groups. All 0..1. Intensity and contributions are NaN where nobody is poor (of groups:
    where nobody is poor at all); everything but share_unknown is NaN where no row is fully known.

    Raises
    ------
    InvalidInputError
        With every problem found: weights that do not match the columns or sum to 1, bad rows by label.
    """
    families = checked_families(deprived, indicator_weights, cutoff, weight, by, unknown)
    known: Bools = np.logical_not(families.unknown.any(axis=1))
    sums = _Sums(families.group)
    weight = np.where(known, families.weight, 0.0)
    total, missing = sums(families.weight), sums(families.weight * ~known)
    counted, poor_rows = _headcounts(families, families.deprived, cutoff, weight, sums)
    measures = counted | {"share_unknown": (missing / total.where(total > 0)).clip(0, 1)}
    measures |= _by_indicator(families, weight, poor_rows, sums)
    if unknown == "bounds":
        for suffix, view in (("lower", families.deprived), ("upper", families.deprived | families.unknown)):
            limit, _ = _headcounts(families, view, cutoff, families.weight, sums)
            measures[f"headcount_ratio_{suffix}"] = limit["headcount_ratio"]
            measures[f"adjusted_headcount_{suffix}"] = limit["adjusted_headcount"]
    return pd.DataFrame(measures)


def checked_families(
    deprived: pd.DataFrame, indicator_weights: Any, cutoff: float, weight: Any, by: Any, unknown: str
) -> Families:
    """Return the input as aligned arrays, or refuse it with every problem."""
    complaints = Complaints("alkire_foster")
    need_rows(deprived, complaints, "deprived")
    if not isinstance(deprived, pd.DataFrame):
        complaints.add("deprived is not a frame with named columns", "deprived bukan tabel dengan nama kolom")
        complaints.refuse()
    weights = ordered_weights(deprived, indicator_weights, complaints)
    if not 0 < as_number(cutoff) <= 1:
        complaints.add(f"cutoff is {cutoff}, not in (0, 1]", f"batas {cutoff} tidak di antara 0 dan 1")
    if unknown not in ("drop", "bounds"):
        complaints.add(f"unknown is {unknown!r}, not drop or bounds", f"unknown {unknown!r} tidak dikenal")
    yes, missing = _as_flags(deprived, complaints)
    rows = np.ones(len(deprived)) if weight is None else as_numbers(weight, complaints, "weight")
    if weight is not None and need_same_rows(deprived, weight, complaints, "weight"):
        complaints.rows(rows < 0, deprived.index, "weight is negative", "bobot negatif")
    group = pd.Series("all", index=deprived.index) if by is None else group_labels(by, deprived, complaints)
    complaints.refuse()
    return Families([str(name) for name in deprived.columns], yes, missing, weights, rows, group)


def ordered_weights(deprived: pd.DataFrame, given: Any, complaints: Complaints) -> Floats:
    """Weights in the order of the columns; notes a name that has no partner and a wrong sum."""
    weights = _named_weights(deprived, given, complaints)
    twice = duplicated_labels(deprived.columns) + duplicated_labels(weights.index)
    if twice:
        complaints.add(f"indicator {', '.join(twice)} occurs twice", f"indikator {', '.join(twice)} muncul dua kali")
        return np.zeros(len(deprived.columns))
    alone = sorted(str(name) for name in set(deprived.columns) ^ set(weights.index))
    if alone:
        complaints.add(
            f"{', '.join(alone)} must be both a column and a weight",
            f"{', '.join(alone)} harus ada sebagai kolom dan sebagai bobot",
        )
    complaints.rows(~(weights.to_numpy() >= 0), weights.index, "weight is not 0 or more", "bobot bukan 0 atau lebih")
    if not abs(float(weights.sum()) - 1) <= TOLERANCE:
        complaints.add(f"weights sum to {weights.sum():g}, not 1", f"jumlah bobot {weights.sum():g}, seharusnya 1")
    ordered: Floats = weights.reindex(deprived.columns).to_numpy(dtype=np.float64)
    return ordered


def _named_weights(deprived: pd.DataFrame, given: Any, complaints: Complaints) -> pd.Series:
    """Weights by name; a list or array without names stands in the order of the columns."""
    if isinstance(given, list | tuple | np.ndarray) and len(given) == len(deprived.columns):
        given = pd.Series(list(given), index=deprived.columns)
    try:
        return pd.Series(given, dtype="float64")
    except (ValueError, TypeError):
        complaints.add("a weight is not a number", "ada bobot yang bukan angka")
        complaints.refuse()
        raise


def _as_flags(deprived: pd.DataFrame, complaints: Complaints) -> tuple[Bools, Bools]:
    """Two tables (deprived, unknown); notes values that are neither true, false nor missing."""
    unknown = deprived.isna().to_numpy(dtype=bool)
    yes = np.zeros(deprived.shape, dtype=bool)
    for at, name in enumerate(deprived.columns):
        try:
            yes[:, at] = deprived.iloc[:, at].astype("boolean").to_numpy(dtype=bool, na_value=False)
        except (TypeError, ValueError):
            column = deprived.iloc[:, at].astype(object)
            truth = unknown[:, at] | np.array(
                [isinstance(value, bool | np.bool_ | int | float | np.number) and value in (0, 1) for value in column]
            )
            complaints.rows(
                ~truth,
                deprived.index,
                f"`{name}` is not true, false or missing",
                f"`{name}` bukan ya, tidak atau kosong",
            )
            yes[:, at] = column.where(~unknown[:, at] & truth, False).to_numpy(dtype=bool)
    return yes, unknown


class _Sums:
    """Sums per group, groups sorted; the same order of rows gives the same bits."""

    def __init__(self, group: pd.Series) -> None:
        self._codes, labels = pd.factorize(group, sort=True)
        self.index = pd.Index(labels, name=group.name)

    def __call__(self, values: Floats) -> pd.Series:
        """Sum of one value per row."""
        return pd.Series(np.bincount(self._codes, weights=values, minlength=len(self.index)), index=self.index)


def _headcounts(
    families: Families, deprived: Bools, cutoff: float, weight: Floats, sums: _Sums
) -> tuple[dict[str, pd.Series], Floats]:
    """H, A and M0 per group, and what each row counts for among the poor."""
    score = deprived.astype(np.float64) @ families.indicator_weights
    poor_rows = np.where(score >= cutoff - TOLERANCE, weight, 0.0)
    total = sums(weight)
    total = total.where(total > 0)
    poor, censored_score = sums(poor_rows), sums(poor_rows * score)
    whole = float(censored_score.sum())
    measures = {
        "headcount_ratio": poor / total,
        "intensity": censored_score / poor.where(poor > 0),
        "adjusted_headcount": censored_score / total,
        "population_share": total / total.sum() if total.notna().any() else total,
        "group_contribution": censored_score / whole if whole > 0 else censored_score * np.nan,
    }
    return measures, poor_rows


def _by_indicator(families: Families, weight: Floats, poor_rows: Floats, sums: _Sums) -> dict[str, pd.Series]:
    """Uncensored and censored headcounts, and the contribution of each indicator to M0."""
    total = sums(weight)
    total = total.where(total > 0)
    columns = np.asfortranarray(families.deprived)
    censored = [sums(np.where(columns[:, at], poor_rows, 0.0)) for at in range(len(families.names))]
    shares = [share * part for share, part in zip(families.indicator_weights, censored, strict=True)]
    whole = sum(shares[1:], shares[0])
    measures = {}
    for at, name in enumerate(families.names):
        measures[f"uncensored_headcount.{name}"] = sums(np.where(columns[:, at], weight, 0.0)) / total
        measures[f"censored_headcount.{name}"] = censored[at] / total
        measures[f"contribution.{name}"] = shares[at] / whole.where(whole > 0)
    return measures


def adjusted_poverty_gap(
    achievements: pd.DataFrame,
    deprivation_cutoffs: Mapping[str, float] | pd.Series,
    indicator_weights: Mapping[str, float] | pd.Series,
    *,
    cutoff: float,
    alpha: float = 1.0,
    weight: Any = None,
    by: Any = None,
) -> pd.Series:
    """M_alpha of Alkire & Foster (2011): mean over all of Σ w_j ((z_j − y_j) / z_j)^alpha of the poor.

    alpha 0 is M0, 1 the adjusted poverty gap M1, 2 the adjusted severity M2. Only for achievements that are measured
    on a scale (years, square metres), where a gap means something; the registry's yes/no indicators have M0 only.

    Parameters
    ----------
    achievements : numbers, one row per family, one column per indicator; missing values are refused.
    deprivation_cutoffs : z of every column, above 0; deprived means y < z.
    indicator_weights, cutoff, weight, by : as in ``alkire_foster``.

    Returns
    -------
    Series per group, 0..1; NaN where the weights of a group sum to 0.

    Raises
    ------
    InvalidInputError
        With every problem found.
    """
    complaints = Complaints("adjusted_poverty_gap")
    need_rows(achievements, complaints, "achievements")
    levels = pd.DataFrame(
        {name: as_numbers(achievements[name], complaints, f"`{name}`") for name in achievements.columns},
        index=achievements.index,
    )
    cuts = pd.Series(deprivation_cutoffs, dtype="float64").reindex(achievements.columns)
    complaints.rows(
        ~(cuts.to_numpy() > 0), cuts.index, "deprivation cutoff is not above 0", "batas kekurangan tidak di atas 0"
    )
    if not 0 <= alpha < np.inf:
        complaints.add(f"alpha is {alpha}, not 0 or more", f"alpha {alpha}, seharusnya 0 atau lebih")
    complaints.refuse()
    families = checked_families(levels < cuts, indicator_weights, cutoff, weight, by, "drop")
    poor = families.deprived @ families.indicator_weights >= cutoff - TOLERANCE
    gaps = np.where(families.deprived, ((cuts - levels) / cuts).clip(lower=0).to_numpy() ** alpha, 0.0)
    sums = _Sums(families.group)
    total = sums(families.weight)
    depth = sums(families.weight * poor * (gaps @ families.indicator_weights))
    return (depth / total.where(total > 0)).rename(f"adjusted_{alpha:g}")
