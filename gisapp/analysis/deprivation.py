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
class _Families:
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
    censored_headcount.<name>, contribution.<name> (sums to 1). All 0..1. Intensity and contributions are
    NaN where nobody is poor; everything but share_unknown is NaN where no row is fully known.

    Raises
    ------
    InvalidInputError
        With every problem found: weights that do not match the columns or sum to 1, bad rows by label.
    """
    families = _checked(deprived, indicator_weights, cutoff, weight, by, unknown)
    known: Bools = np.logical_not(families.unknown.any(axis=1))
    measures = _measures(families, families.deprived, cutoff, known)
    total = _sums(families, families.weight[:, None])[0]
    missing = _sums(families, (families.weight * ~known)[:, None])[0]
    measures.insert(3, "share_unknown", (missing / total.where(total > 0)).clip(0, 1))
    if unknown == "bounds":
        everyone: Bools = np.ones(len(known), dtype=np.bool_)
        for suffix, view in (("lower", families.deprived), ("upper", families.deprived | families.unknown)):
            limit = _measures(families, view, cutoff, everyone)
            measures[f"headcount_ratio_{suffix}"] = limit["headcount_ratio"]
            measures[f"adjusted_headcount_{suffix}"] = limit["adjusted_headcount"]
    return measures


def _checked(
    deprived: pd.DataFrame, indicator_weights: Any, cutoff: float, weight: Any, by: Any, unknown: str
) -> _Families:
    """Return the input as aligned arrays, or refuse it with every problem."""
    complaints = Complaints("alkire_foster")
    need_rows(deprived, complaints, "deprived")
    weights = _weights_of(deprived, indicator_weights, complaints)
    if not 0 < cutoff <= 1:
        complaints.add(f"cutoff is {cutoff}, not in (0, 1]", f"batas {cutoff} tidak di antara 0 dan 1")
    if unknown not in ("drop", "bounds"):
        complaints.add(f"unknown is {unknown!r}, not drop or bounds", f"unknown {unknown!r} tidak dikenal")
    yes, missing = _as_flags(deprived, complaints)
    rows = np.ones(len(deprived)) if weight is None else as_numbers(weight, complaints, "weight")
    if weight is not None and need_same_rows(deprived, weight, complaints, "weight"):
        complaints.rows(rows < 0, deprived.index, "weight is negative", "bobot negatif")
    group = pd.Series("all", index=deprived.index) if by is None else group_labels(by, deprived, complaints)
    complaints.refuse()
    return _Families([str(name) for name in deprived.columns], yes, missing, weights, rows, group)


def _weights_of(deprived: pd.DataFrame, given: Any, complaints: Complaints) -> Floats:
    """Weights in the order of the columns; notes a name that has no partner and a wrong sum."""
    weights = pd.Series(given, dtype="float64")
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


def _as_flags(deprived: pd.DataFrame, complaints: Complaints) -> tuple[Bools, Bools]:
    """Two tables (deprived, unknown); notes values that are neither true, false nor missing."""
    unknown = deprived.isna().to_numpy()
    yes = np.zeros(deprived.shape, dtype=bool)
    for at, name in enumerate(deprived.columns):
        column = deprived.iloc[:, at].astype(object)
        truth = column.map(lambda value: value in (True, False) if not pd.isna(value) else True).to_numpy(dtype=bool)
        complaints.rows(
            ~truth, deprived.index, f"`{name}` is not true, false or missing", f"`{name}` bukan ya, tidak atau kosong"
        )
        yes[:, at] = column.where(~unknown[:, at] & truth, False).to_numpy(dtype=bool)
    return yes, unknown


def _sums(families: _Families, table: Floats) -> pd.DataFrame:
    """Sum of each column of ``table`` per group."""
    return pd.DataFrame(table).groupby(families.group.to_numpy(), sort=True).sum()


def _measures(families: _Families, deprived: Bools, cutoff: float, use: Bools) -> pd.DataFrame:
    """H, A, M0 and the breakdown by indicator, over the rows in ``use``."""
    weight = np.where(use, families.weight, 0.0)
    score = deprived @ families.indicator_weights
    poor = score >= cutoff - TOLERANCE
    total = _sums(families, weight[:, None])[0]
    total = total.where(total > 0)
    poor_weight = _sums(families, (weight * poor)[:, None])[0]
    censored_score = _sums(families, (weight * poor * score)[:, None])[0]
    measures = pd.DataFrame(
        {
            "headcount_ratio": poor_weight / total,
            "intensity": censored_score / poor_weight.where(poor_weight > 0),
            "adjusted_headcount": censored_score / total,
        }
    )
    uncensored = _sums(families, weight[:, None] * deprived)
    censored = _sums(families, (weight * poor)[:, None] * deprived)
    for at, name in enumerate(families.names):
        measures[f"uncensored_headcount.{name}"] = uncensored[at] / total
        measures[f"censored_headcount.{name}"] = censored[at] / total
        share = families.indicator_weights[at] * censored[at]
        measures[f"contribution.{name}"] = share / censored_score.where(censored_score > 0)
    return measures.rename_axis(families.group.name)
