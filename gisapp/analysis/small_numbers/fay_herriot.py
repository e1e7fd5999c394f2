"""Area-level small-area estimation: direct survey estimates joined with what covariates say (Fay & Herriot 1979)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from gisapp.analysis.checks import Complaints, Floats, as_numbers, need_rows, need_same_rows, refuse, row_index
from gisapp.analysis.small_numbers.area_covariates import design

Method = Literal["reml", "ml", "fh"]
METHODS = ("reml", "ml", "fh")

_GRID = 64
#: Log-likelihoods closer than this are the same: rounding lifts no variance off 0.
_LEVEL = 1e-10
#: Sampling variances below this share of the largest, or below this, are nobody's: their weights swamp or overflow.
_NO_VARIANCE, _LEAST_VARIANCE = 1e-12, 1e-60
_TINY = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True, kw_only=True)
class FayHerriotFit:
    """A fitted model y = Xβ + v + e, v of variance ``between_area_variance``, e of the known sampling variances.

    ``coefficients`` and ``standard_errors`` have one entry per column of the design, the intercept first;
    ``estimates`` has the columns estimate, mse and shrinkage, one row per area.
    """

    method: Method
    between_area_variance: float
    coefficients: pd.Series
    standard_errors: pd.Series
    estimates: pd.DataFrame


def fay_herriot(
    direct: Any, sampling_variance: Any, covariates: Any, *, method: Method = "reml", intercept: bool = True
) -> pd.DataFrame:
    """EBLUP of each area: columns ``estimate``, ``mse``, ``shrinkage`` (the weight γ of the direct estimate, 0..1).

    θ = γ y + (1 − γ) x'β with γ = A / (A + D), Fay & Herriot (1979). See ``fit_fay_herriot`` for the method, the mean
    squared error and what is refused.
    """
    return fit_fay_herriot(direct, sampling_variance, covariates, method=method, intercept=intercept).estimates


def fit_fay_herriot(
    direct: Any, sampling_variance: Any, covariates: Any, *, method: Method = "reml", intercept: bool = True
) -> FayHerriotFit:
    """Fit the area-level model to direct estimates ``y`` with known sampling variances ``D``.

    ``covariates`` is a frame or a 2-D array, one row per area; None or no column at all leaves the intercept alone.

    The variance A between areas: ``reml`` and ``ml`` take the root of the score of the (restricted) likelihood, the
    best one where there are several; ``fh`` solves Σ (y − x'β)² / (A + D) = n − p (Fay & Herriot 1979, eq. 2.7). A
    negative A is 0: every area then has its synthetic estimate x'β, γ = 0. The root is bracketed instead of found by
    Fisher scoring, which can step out of the parameter space; both end at the same A.

    ``mse`` is g1 + g2 + 2 g3 − b (1 − γ)², with b the bias of A by its method: 0 for REML (Prasad & Rao 1990; Datta &
    Lahiri 2000, eq. 3.3-3.6 and 4.5; Datta, Rao & Smith 2005 for ``fh``). No less than g2.

    Raises ``InvalidInputError`` for missing values and for sampling variances that are 0 or next to it (a sample that
    shows no variance was too small, it is not exact), by row; for covariates that are constant beside an intercept or
    a sum of others, by name; for fewer areas than coefficients + 1; where the direct estimates do not vary.
    """
    if method not in METHODS:
        refuse("fay_herriot", f"method is {method!r}, not reml, ml or fh", f"metode {method!r} tidak dikenal")
    values, variances = _checked(direct, sampling_variance)
    matrix = design(covariates, direct, intercept=intercept, subject="fay_herriot")
    if (values == values[0]).all():
        refuse("fay_herriot", "the direct estimates are all equal", "semua taksiran langsung sama")
    columns = matrix.to_numpy(dtype=np.float64)
    model = _Model(values, variances, columns)
    between = model.moment_variance() if method == "fh" else model.likelihood_variance(restricted=method == "reml")
    at = model.at(between)
    estimates = pd.DataFrame(
        {"estimate": at.eblup, "mse": at.mse(method), "shrinkage": at.shrinkage}, index=row_index(direct)
    )
    return FayHerriotFit(
        method=method,
        between_area_variance=between,
        coefficients=pd.Series(at.beta, index=matrix.columns),
        standard_errors=pd.Series(np.sqrt(np.diag(at.covariance)), index=matrix.columns),
        estimates=estimates,
    )


def _checked(direct: Any, sampling_variance: Any) -> tuple[Floats, Floats]:
    complaints = Complaints("fay_herriot")
    need_rows(direct, complaints, "direct")
    need_same_rows(direct, sampling_variance, complaints, "sampling_variance")
    values = as_numbers(direct, complaints, "direct")
    variances = as_numbers(sampling_variance, complaints, "sampling_variance")
    index = row_index(sampling_variance)
    complaints.rows(variances <= 0, index, "sampling_variance is not above 0", "sampling_variance tidak di atas 0")
    finite = variances[np.isfinite(variances)]
    exact = (variances > 0) & (variances < max(_NO_VARIANCE * finite.max(initial=0.0), _LEAST_VARIANCE))
    complaints.rows(
        exact,
        index,
        "sampling_variance is next to nothing (below 10^-12 of the largest, or 10^-60)",
        "sampling_variance hampir nol (kurang dari 10^-12 dari yang terbesar, atau 10^-60)",
    )
    complaints.refuse()
    return values, variances


class _At:
    """The model at one value of the variance between areas."""

    def __init__(self, values: Floats, variances: Floats, columns: Floats, between: float) -> None:
        self.between, self.variances, self.columns = between, variances, columns
        self.weight = 1 / (between + variances)
        scaled = columns * np.sqrt(self.weight)[:, None]
        # QR of the weighted design: stable where covariates are nearly alike.
        orthogonal, triangle = np.linalg.qr(scaled)
        inverse = np.linalg.inv(triangle)
        self.covariance: Floats = inverse @ inverse.T
        self.beta: Floats = inverse @ (orthogonal.T @ (values * np.sqrt(self.weight)))
        self.residual: Floats = values - columns @ self.beta
        self.leverage: Floats = (orthogonal**2).sum(axis=1)
        self.log_determinant = 2 * float(np.log(np.abs(np.diag(triangle))).sum())
        self.shrinkage: Floats = between * self.weight

    @property
    def eblup(self) -> Floats:
        """Weighted mean of the direct and the synthetic estimate."""
        fitted: Floats = self.columns @ self.beta
        return fitted + self.shrinkage * self.residual

    def log_likelihood(self, *, restricted: bool) -> float:
        """(Restricted) log-likelihood up to a constant."""
        profile = float(np.log(self.weight).sum() - (self.weight * self.residual**2).sum())
        return 0.5 * (profile - (self.log_determinant if restricted else 0.0))

    def score(self, *, restricted: bool) -> float:
        """Derivative of ``log_likelihood`` by the variance between areas."""
        trace = self.weight * (1 - self.leverage) if restricted else self.weight
        return 0.5 * (float(((self.weight * self.residual) ** 2).sum()) - float(trace.sum()))

    def mse(self, method: Method) -> Floats:
        """Mean squared error of the estimates: g1 + g2 + 2 g3 − b (1 − γ)²."""
        weight, synthetic = self.weight, 1 - self.shrinkage
        first, total = self.shrinkage * self.variances, float((weight**2).sum())
        second = synthetic**2 * np.einsum("ij,jk,ik->i", self.columns, self.covariance, self.columns)
        size, bias = len(weight), 0.0
        spread = 2 / total
        if method == "ml":
            bias = -float((weight * self.leverage).sum()) / total
        elif method == "fh":
            spread = 2 * size / float(weight.sum()) ** 2
            bias = 2 * (size * total - float(weight.sum()) ** 2) / float(weight.sum()) ** 3
        third = synthetic**2 * weight * spread
        total_error: Floats = np.maximum(first + second + 2 * third - bias * synthetic**2, second)
        return total_error


class _Model:
    """Direct estimates, sampling variances and design of one fit."""

    def __init__(self, values: Floats, variances: Floats, columns: Floats) -> None:
        self.values, self.variances, self.columns = values, variances, columns

    def at(self, between: float) -> _At:
        """Return the model at one variance."""
        return _At(self.values, self.variances, self.columns, between)

    def highest(self) -> float:
        """A variance that no method exceeds: (A + D_min)² ≤ RSS (A + D_max) / (n − p) holds at every root."""
        orthogonal = np.linalg.qr(self.columns)[0]
        residual = self.values - orthogonal @ (orthogonal.T @ self.values)
        free: int = len(self.values) - self.columns.shape[1]
        mean_square = float((residual**2).sum()) / free
        return mean_square + float(np.sqrt(mean_square * self.variances.max()))

    def likelihood_variance(self, *, restricted: bool) -> float:
        """Variance of highest (restricted) likelihood, 0 where the likelihood falls from there on."""
        highest = self.highest()
        if highest == 0:
            return 0.0
        grid = np.r_[0.0, np.geomspace(highest * 1e-8, highest, _GRID)]
        heights = np.array([self.at(value).log_likelihood(restricted=restricted) for value in grid])
        best = int(np.argmax(heights)) if heights.max() > heights[0] + _LEVEL else 0
        low, high = grid[max(best - 1, 0)], grid[min(best + 1, _GRID)]

        def score(between: float) -> float:
            return self.at(between).score(restricted=restricted)

        if score(low) <= 0:
            return 0.0 if low == 0 else float(grid[best])
        if score(high) >= 0:
            return float(high)
        return float(brentq(score, low, high, xtol=max(highest * 1e-14, _TINY), rtol=1e-13))

    def moment_variance(self) -> float:
        """Variance at which the weighted squares are what chance leaves, 0 where they are below it already."""
        free: int = len(self.values) - self.columns.shape[1]

        def excess(between: float) -> float:
            at = self.at(between)
            return float((at.weight * at.residual**2).sum()) - free

        highest = self.highest()
        if highest == 0 or excess(0.0) <= 0:
            return 0.0
        return float(brentq(excess, 0.0, highest * (1 + 1e-9), xtol=max(highest * 1e-14, _TINY), rtol=1e-13))
