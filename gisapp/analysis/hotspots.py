"""Where high values gather: Gi*, local Moran, and control of false discoveries."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from libpysal.graph import Graph

from gisapp.analysis.checks import Complaints, Floats, as_numbers, need_share, refuse, row_index
from gisapp.analysis.kernels.permutation import tail_counts
from gisapp.analysis.neighbours import adjacency


def getis_ord(values: Any, graph: Graph, *, star: bool = True, permutations: int = 999, seed: int) -> pd.DataFrame:
    """Gi* (or Gi with ``star=False``) of every row: columns ``statistic``, ``z_score``, ``p_value``.

    ``statistic`` is the sum of the values of the neighbours (and of the row itself for Gi*) over the sum of
    all values (without the row itself for Gi); weights are made binary. ``z_score`` is that of Ord & Getis
    (1995, eq. 14). ``p_value`` is two-sided from conditional permutations: min(1, 2 (1 + min(#≥, #≤)) / (R + 1)).
    Rows of the graph align with ``values`` by position. An island keeps its row: Gi* has the z of its own
    value and p = 1, Gi has statistic 0 and neither z nor p. Without spread z is NaN and p is 1.

    Raises ``InvalidInputError`` when a value is missing or the graph has another number of rows.
    """
    numbers, matrix, index = _checked("getis_ord", values, graph, permutations, seed)
    matrix.data[:] = 1.0
    near, count = matrix @ numbers, np.diff(matrix.indptr).astype(np.float64)
    p_value = _permutation_p(numbers, matrix, permutations, seed)
    if star:
        near, count = near + numbers, count + 1
    else:
        p_value[count == 0] = np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = near / (numbers.sum() - (0.0 if star else numbers))
        z_score = ord_getis_z(numbers, near, count, star=star)
    return pd.DataFrame({"statistic": statistic, "z_score": z_score, "p_value": p_value}, index=index)


def ord_getis_z(values: Floats, near: Floats, count: Floats, *, star: bool) -> Floats:
    """Return (Σ w x − W x̄) / (s √((n S₁ − W²) / (n − 1))); for Gi, n, x̄ and s leave the row itself out."""
    if star:
        size = float(len(values))
        mean = np.full(len(values), values.mean())
        spread = np.full(len(values), values.std())
    else:
        size = len(values) - 1.0
        mean = (values.sum() - values) / size
        spread = np.sqrt(np.maximum(((values**2).sum() - values**2) / size - mean**2, 0.0))
    flat = spread <= 1e-12 * np.abs(values).max(initial=0.0)
    scale = np.where(flat, np.nan, spread) * np.sqrt((size * count - count**2) / (size - 1.0))
    z_score: Floats = np.divide(near - count * mean, scale, out=np.full_like(near, np.nan), where=scale > 0)
    return z_score


def conditional_z(values: Floats, near: Floats, count: Floats) -> Floats:
    """Give the z of the neighbours' sum: own value held, neighbours drawn; NaN for islands."""
    return ord_getis_z(values, near, count, star=False)


def local_moran(values: Any, graph: Graph, *, permutations: int = 999, seed: int) -> pd.DataFrame:
    """Local Moran of every row: columns ``statistic``, ``p_value``, ``quadrant``.

    ``statistic`` is (n − 1) z_i Σ_j w_ij z_j / Σ z², z the deviations from the mean and w standardised by
    row (Anselin 1995). ``p_value`` as in ``getis_ord``. ``quadrant`` is high-high, low-low, high-low or
    low-high (own value, then its neighbours; not above the mean is low) whatever the p-value. An island has
    statistic 0, no p-value and neighbours that count as low. Without spread the statistic is 0.

    Raises ``InvalidInputError`` when a value is missing or the graph has another number of rows.
    """
    numbers, matrix, index = _checked("local_moran", values, graph, permutations, seed)
    total = np.asarray(matrix.sum(axis=1)).ravel()
    matrix.data /= np.repeat(total, np.diff(matrix.indptr))
    deviation = numbers - numbers.mean()
    deviation[np.abs(deviation) <= 1e-12 * np.abs(numbers).max(initial=0.0)] = 0.0
    lag, square = matrix @ deviation, float((deviation**2).sum())
    statistic = (len(numbers) - 1) * deviation * lag / square if square > 0 else np.zeros(len(numbers))
    p_value = _permutation_p(deviation, matrix, permutations, seed)
    p_value[deviation == 0] = 1.0
    p_value[total == 0] = np.nan
    own, near = np.where(deviation > 0, "high", "low"), np.where(lag > 0, "high", "low")
    quadrant = pd.Series([f"{a}-{b}" for a, b in zip(own, near, strict=True)], index=index, dtype="string")
    return pd.DataFrame({"statistic": statistic, "p_value": p_value, "quadrant": quadrant}, index=index)


def false_discovery_rate(p_values: Any, *, level: float = 0.05) -> pd.Series:
    """Which p-values are discoveries at this rate (Benjamini & Hochberg 1995); Series of bool, NaN is False.

    Discoveries are all p ≤ the largest p_(i) with p_(i) ≤ level × i / m, m the number of p-values present.
    Raises ``InvalidInputError`` for a p-value outside 0..1 and a level outside 0..1.
    """
    need_share(level, subject="false_discovery_rate", name="level")
    complaints = Complaints("false_discovery_rate")
    p = as_numbers(p_values, complaints, "p_value", allow_missing=True)
    complaints.rows((p < 0) | (p > 1), row_index(p_values), "p_value is outside 0..1", "p_value di luar 0..1")
    complaints.refuse()
    present = np.sort(p[~np.isnan(p)])
    below = np.flatnonzero(present <= level * np.arange(1, len(present) + 1) / max(len(present), 1))
    limit = present[below[-1]] if len(below) else -1.0
    return pd.Series(p <= limit, index=row_index(p_values), name="discovery")


def least_permutations(rows: int, *, level: float) -> int:
    """Fewest permutations whose smallest p can survive false-discovery control over ``rows``: 2 n / level."""
    need_share(level, subject="least_permutations", name="level")
    return int(np.ceil(2 * max(rows, 1) / level))


def _permutation_p(values: Floats, matrix: Any, permutations: int, seed: int) -> Floats:
    """Two-sided p of the weighted sum over neighbours."""
    slack = 1e-10 * max(float(np.abs(values).max(initial=0.0)), 1e-300)
    high, low = tail_counts(
        values,
        matrix.indptr.astype(np.int64),
        matrix.indices.astype(np.int64),
        matrix.data,
        permutations,
        seed,
        slack * max(float(matrix.data.max(initial=1.0)), 1.0),
    )
    p_value: Floats = np.minimum(1.0, 2.0 * (1 + np.minimum(high, low)) / (permutations + 1))
    return p_value


def _checked(subject: str, values: Any, graph: Graph, permutations: int, seed: int) -> tuple[Floats, Any, pd.Index]:
    """Values, weights and index, or a refusal with every problem."""
    complaints = Complaints(subject)
    numbers = as_numbers(values, complaints, "value")
    matrix = adjacency(graph)
    if matrix.shape[0] != len(numbers):
        complaints.add(
            f"the graph has {matrix.shape[0]} rows, the values {len(numbers)}",
            f"graf punya {matrix.shape[0]} baris, nilai {len(numbers)}",
        )
    if len(numbers) < 3:
        complaints.add("fewer than three rows", "kurang dari tiga baris")
    complaints.refuse()
    if permutations < 1 or seed < 0:
        refuse(
            subject,
            "permutations must be at least 1 and the seed not negative",
            "permutasi minimal 1, seed tidak negatif",
        )
    return numbers, matrix, row_index(values)
