"""Monetary poverty: how many are below the line, and how far."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from gisapp.analysis.checks import Complaints, Floats, as_number, as_numbers, need_rows, need_same_rows, row_index


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
    poverty = _depth(values, line, alpha)
    if groups is None:
        total = float(weights.sum())
        return float((poverty * weights).sum() / total) if total > 0 else float("nan")
    sums = pd.DataFrame({"poor": poverty * weights, "all": weights}, index=index).groupby(groups, sort=True).sum()
    return (sums["poor"] / sums["all"].where(sums["all"] > 0)).rename(f"fgt_{alpha:g}")


def poverty_measures(welfare: Any, poverty_line: Any, *, weight: Any = None, by: Any = None) -> pd.DataFrame:
    """P0, P1 and P2 of Foster, Greer & Thorbecke (1984) beside the counts they rest on, per group.

    A count can rise while its share falls, so the two always stand together. The line is a dated, sourced number: the
    published poverty line, or that of extreme poverty (threshold ``extreme_poverty_line_idr``). Only for welfare that
    was measured (consumption or income per head); a decile is no welfare and has no P0.

    Parameters
    ----------
    welfare, poverty_line, weight, by : as in ``foster_greer_thorbecke``; without ``by`` there is one group, "all".

    Returns
    -------
    One row per group, sorted: ``rows`` and ``poor_rows`` (counts), ``weight`` and ``poor_weight`` (their weights:
    persons, where a weight of persons is given), ``poverty_headcount`` (P0), ``poverty_gap`` (P1),
    ``poverty_severity`` (P2), each 0..1 and NaN where the weights sum to 0, and ``shortfall``: Σ weight × (line −
    welfare) of the poor, what lifting all of them to the line would take if it reached nobody else.

    Raises
    ------
    InvalidInputError
        With every problem and its rows.
    """
    values, line, weights, groups = _checked(welfare, poverty_line, 0.0, weight, by, subject="poverty_measures")
    poor = values < line
    columns = {
        "rows": np.ones(len(values), dtype=np.int64),
        "poor_rows": poor.astype(np.int64),
        "weight": weights,
        "poor_weight": weights * poor,
        **{f"p{alpha}": weights * _depth(values, line, alpha) for alpha in (1, 2)},
        "shortfall": weights * np.where(poor, line - values, 0.0),
    }
    group = pd.Series("all", index=row_index(welfare)) if groups is None else groups
    sums = pd.DataFrame(columns, index=row_index(welfare)).groupby(group, sort=True).sum()
    total = sums["weight"].where(sums["weight"] > 0)
    shares = {"poverty_headcount": "poor_weight", "poverty_gap": "p1", "poverty_severity": "p2"}
    measures = sums[["rows", "poor_rows", "weight", "poor_weight"]].assign(
        **{name: (sums[part] / total).clip(upper=1) for name, part in shares.items()}, shortfall=sums["shortfall"]
    )
    return measures.rename_axis(groups.name if groups is not None else None)


def _depth(values: Floats, line: Floats, alpha: float) -> Floats:
    """((z − y) / z)^alpha of the poor, 0 for the others."""
    poor = values < line
    depth: Floats = np.where(poor, np.where(poor, (line - values) / line, 0.0) ** alpha, 0.0)
    return depth


def _checked(
    welfare: Any,
    poverty_line: Any,
    alpha: float,
    weight: Any,
    by: Any,
    *,
    subject: str = "foster_greer_thorbecke",
) -> tuple[Floats, Floats, Floats, pd.Series | None]:
    """Return the inputs as aligned arrays, or refuse them with every problem."""
    complaints = Complaints(subject)
    index = row_index(welfare)
    need_rows(welfare, complaints, "welfare")
    values = as_numbers(welfare, complaints, "welfare")
    complaints.rows(values < 0, index, "welfare is negative", "welfare negatif")
    line = _aligned(poverty_line, welfare, complaints, "poverty_line")
    complaints.rows(
        line <= 0, _index_of(line, index), "poverty_line is not above 0", "garis kemiskinan tidak di atas 0"
    )
    weights = _aligned(1.0 if weight is None else weight, welfare, complaints, "weight")
    complaints.rows(weights < 0, _index_of(weights, index), "weight is negative", "bobot negatif")
    if not 0 <= as_number(alpha) < np.inf:
        complaints.add(f"alpha is {alpha}, not 0 or more", f"alpha {alpha}, seharusnya 0 atau lebih")
    groups = None if by is None else group_labels(by, welfare, complaints)
    complaints.refuse()
    return values, line, weights, groups


def _aligned(given: Any, rows: Any, complaints: Complaints, name: str) -> Floats:
    """One number for all rows, or a value per row."""
    if not hasattr(given, "__len__") or isinstance(given, str) or (isinstance(given, np.ndarray) and given.ndim == 0):
        return as_numbers([given] * max(len(rows), 1), complaints, name)[: len(rows)]
    need_same_rows(rows, given, complaints, name)
    return as_numbers(given, complaints, name)


def _index_of(values: Floats, index: pd.Index) -> pd.Index:
    """Labels of the rows; positions where there are not as many."""
    return index if len(index) == len(values) else row_index(values)


def group_labels(by: Any, rows: Any, complaints: Complaints) -> pd.Series:
    """Group of each row with the index of ``rows``; notes rows without a group."""
    index = row_index(rows)
    if not need_same_rows(rows, by, complaints, "by"):
        return pd.Series("", index=index)
    try:
        groups = pd.Series(by).set_axis(index)
    except (ValueError, TypeError):
        complaints.add("`by` is not one group per row", "`by` bukan satu kelompok per baris")
        return pd.Series("", index=index)
    complaints.rows(groups.isna().to_numpy(), index, "no group in `by`", "kelompok `by` kosong")
    return groups
