"""Monetary poverty: how many are below the line, and how far."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from gisapp.analysis.checks import Complaints, Floats, as_numbers, need_rows, need_same_rows, row_index


def foster_greer_thorbecke(
    welfare: Any, poverty_line: Any, *, alpha: float, weight: Any = None, by: Any = None
) -> float | pd.Series:
    """P_alpha of Foster, Greer & Thorbecke (1984): mean of ((z − y) / z)^alpha over all, 0 for y ≥ z.

    Parameters
    ----------
    welfare : consumption or income per head, same unit as the line, not negative.
    poverty_line : one number, or a Series aligned with ``welfare``; above 0. Poor means welfare < line.
    alpha : 0 headcount, 1 gap, 2 severity; any number ≥ 0.
    weight : what a row counts for (persons, survey weight), not negative; 1 by default.
    by : group of each row; then the answer is a Series per group (NaN where the weights sum to 0).

    Returns
    -------
    float, or Series per group; 0..1.

    Raises
    ------
    InvalidInputError
        With every problem and its rows: missing, negative or misaligned values, an empty input.
    """
    index = row_index(welfare)
    values, line, weights, groups = _checked(welfare, poverty_line, alpha, weight, by)
    gap = np.where(values < line, (line - values) / line, 0.0)
    poverty = np.where(values < line, gap**alpha, 0.0)
    if groups is None:
        total = float(weights.sum())
        return float((poverty * weights).sum() / total) if total > 0 else float("nan")
    sums = pd.DataFrame({"poor": poverty * weights, "all": weights}, index=index).groupby(groups, sort=True).sum()
    return (sums["poor"] / sums["all"].where(sums["all"] > 0)).rename(f"fgt_{alpha:g}")


def _checked(
    welfare: Any, poverty_line: Any, alpha: float, weight: Any, by: Any
) -> tuple[Floats, Floats, Floats, pd.Series | None]:
    """Return the inputs as aligned arrays, or refuse them with every problem."""
    complaints = Complaints("foster_greer_thorbecke")
    index = row_index(welfare)
    need_rows(welfare, complaints, "welfare")
    values = as_numbers(welfare, complaints, "welfare")
    complaints.rows(values < 0, index, "welfare is negative", "welfare negatif")
    line = _aligned(poverty_line, welfare, complaints, "poverty_line")
    complaints.rows(line <= 0, row_index(line), "poverty_line is not above 0", "garis kemiskinan tidak di atas 0")
    weights = _aligned(1.0 if weight is None else weight, welfare, complaints, "weight")
    complaints.rows(weights < 0, row_index(weights), "weight is negative", "bobot negatif")
    if not alpha >= 0 or np.isinf(alpha):
        complaints.add(f"alpha is {alpha}, not 0 or more", f"alpha {alpha}, seharusnya 0 atau lebih")
    groups = None if by is None else group_labels(by, welfare, complaints)
    complaints.refuse()
    return values, line, weights, groups


def _aligned(given: Any, rows: Any, complaints: Complaints, name: str) -> Floats:
    """One number for all rows, or a value per row."""
    if np.ndim(given) == 0:
        return as_numbers([given] * max(len(rows), 1), complaints, name)[: len(rows)]
    need_same_rows(rows, given, complaints, name)
    return as_numbers(given, complaints, name)


def group_labels(by: Any, rows: Any, complaints: Complaints) -> pd.Series:
    """Group of each row with the index of ``rows``; notes rows without a group."""
    index = row_index(rows)
    if not need_same_rows(rows, by, complaints, "by"):
        return pd.Series("", index=index)
    groups = pd.Series(by).set_axis(index)
    complaints.rows(groups.isna().to_numpy(), index, "no group in `by`", "kelompok `by` kosong")
    return groups
