"""Moments of global statistics: what weights and values say about them before anything is drawn.

S₀ = Σ w_ij, S₁ = ½ Σ (w_ij + w_ji)², S₂ = Σ_i (w_i. + w_.i)² (Cliff & Ord 1981, ch. 1-2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gisapp.analysis.checks import Floats


@dataclass(frozen=True)
class WeightSums:
    """Number of rows that count and the three sums of the weights."""

    rows: int
    s0: float
    s1: float
    s2: float


def weight_sums(matrix: Any, rows: int) -> WeightSums:
    """Sums of a sparse array of weights over ``rows`` rows."""
    margin = np.asarray(matrix.sum(axis=0)).ravel() + np.asarray(matrix.sum(axis=1)).ravel()
    both = (matrix + matrix.T).data
    return WeightSums(rows, float(matrix.sum()), float((both**2).sum() / 2), float((margin**2).sum()))


def _peak(deviation: Floats) -> float:
    """Fourth moment over the squared second, of deviations from the mean."""
    return float(len(deviation) * (deviation**4).sum() / (deviation**2).sum() ** 2)


def moran_variances(deviation: Floats, sums: WeightSums) -> tuple[float, float]:
    """Variance of Moran's I under normality and under randomisation (Cliff & Ord 1981, ch. 2)."""
    n, s0, s1, s2 = float(sums.rows), sums.s0, sums.s1, sums.s2
    mean_square = 1.0 / (n - 1) ** 2
    normality = (n**2 * s1 - n * s2 + 3 * s0**2) / ((n**2 - 1) * s0**2) - mean_square
    plain = n * ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2)
    peaked = _peak(deviation) * ((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2)
    return normality, (plain - peaked) / ((n - 1) * (n - 2) * (n - 3) * s0**2) - mean_square


def geary_variances(deviation: Floats, sums: WeightSums) -> tuple[float, float]:
    """Variance of Geary's C under normality and under randomisation (Cliff & Ord 1981, ch. 2)."""
    n, s0, s1, s2 = float(sums.rows), sums.s0, sums.s1, sums.s2
    peak = _peak(deviation)
    normality = ((2 * s1 + s2) * (n - 1) - 4 * s0**2) / (2 * (n + 1) * s0**2)
    first = (n - 1) * s1 * (n**2 - 3 * n + 3 - (n - 1) * peak)
    second = (n - 1) * s2 * (n**2 + 3 * n - 6 - (n**2 - n + 2) * peak) / 4
    third = s0**2 * (n**2 - 3 - (n - 1) ** 2 * peak)
    return normality, (first - second + third) / (n * (n - 2) * (n - 3) * s0**2)


def global_g_variance(values: Floats, sums: WeightSums) -> float:
    """Variance of global G under randomisation (Getis & Ord 1992, p. 195, with their erratum of 1993)."""
    n, s0, s1, s2 = float(sums.rows), sums.s0, sums.s1, sums.s2
    m1, m2, m3, m4 = (float((values**power).sum()) for power in (1, 2, 3, 4))
    b0 = (n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2
    b1 = -((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2)
    b2 = -(2 * n * s1 - (n + 3) * s2 + 6 * s0**2)
    b3 = 4 * (n - 1) * s1 - 2 * (n + 1) * s2 + 8 * s0**2
    b4 = s1 - s2 + s0**2
    square = b0 * m2**2 + b1 * m4 + b2 * m1**2 * m2 + b3 * m1 * m3 + b4 * m1**4
    pairs = (m1**2 - m2) ** 2 * n * (n - 1) * (n - 2) * (n - 3)
    return square / pairs - (s0 / (n * (n - 1))) ** 2
