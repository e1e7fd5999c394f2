"""P-values of what stands around each row: its own value held, its neighbours drawn from all other rows.

Gi, Gi* and local Moran share this null distribution. It comes from permutations, or from its first three
moments where far smaller p-values are needed than the permutations at hand can show.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import gammainc, gammaincc, ndtr

from gisapp.analysis.checks import Bools, Floats
from gisapp.analysis.kernels.permutation import Ints, draw_rows, leave_self_out, running_sums, weighted_tails

#: Random sums held at a time (64 MB); draws come in blocks, which changes no draw.
_SUMS_AT_ONCE = 2**23
#: Draws held at a time for weights of any kind: their table then stays in the processor's cache.
_DRAWS_AT_ONCE = 2048


def unit_scaled(values: Floats) -> Floats:
    """Return the values times a power of two, the largest between ½ and 1: squares neither overflow nor vanish.

    Exact, and what is a ratio of the values does not change.
    """
    top = float(np.abs(values).max(initial=0.0))
    return np.ldexp(values, -int(np.frexp(top)[1])) if top > 0 else values


def centred(values: Floats) -> Floats:
    """Deviations from the mean; differences that rounding alone explains are 0."""
    deviation: Floats = values - values.mean()
    deviation[np.abs(deviation) <= 1e-12 * np.abs(values).max(initial=0.0)] = 0.0
    return deviation


def two_sided(at_least: Ints, at_most: Ints, permutations: int) -> Floats:
    """Return min(1, 2 (1 + min(#≥, #≤)) / (R + 1))."""
    p_value: Floats = np.minimum(1.0, 2.0 * (1 + np.minimum(at_least, at_most)) / (permutations + 1))
    return p_value


def permutation_p(values: Floats, matrix: Any, *, permutations: int, seed: int) -> Floats:
    """Two-sided p of the weighted sum over the neighbours of each row, from permutations; 1 for an island.

    ``matrix`` is the CSR array of the weights. Sums closer than rounding are equal. Draws are without
    replacement and exact for any number of rows. All rows share one table of draws: each p is valid by
    itself, but the errors of p from one seed go together between rows.
    """
    deviation = centred(values)
    degree = np.diff(matrix.indptr).astype(np.int64)
    if len(values) == 0 or degree.max(initial=0) == 0:
        return np.ones(len(values))
    equal = _equal_weights(matrix, degree)
    weights = np.ones_like(matrix.data) if equal.all() else matrix.data
    near = _row_sums(weights * deviation[matrix.indices], matrix.indptr)
    reach = _row_sums(np.abs(weights), matrix.indptr)
    slack = reach * (1e-10 * np.abs(deviation).max() + 1e-15 * np.abs(values).max())
    if equal.all():
        counts = _shared_counts(deviation, degree, near - slack, near + slack, permutations, seed)
    else:
        counts = _weighted_counts(deviation, matrix, near - slack, near + slack, permutations, seed)
    return two_sided(*counts, permutations)


def _row_sums(entries: Floats, indptr: Ints) -> Floats:
    """Sum the entries of each row of a CSR array in their order."""
    row = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    sums: Floats = np.bincount(row, weights=entries, minlength=len(indptr) - 1).astype(np.float64)
    return sums


def _equal_weights(matrix: Any, degree: Ints) -> Bools:
    """Rows whose neighbours all weigh the same, so that the weight cannot change a p-value."""
    first = matrix.data[np.minimum(matrix.indptr[:-1], len(matrix.data) - 1)]
    differs = np.abs(matrix.data - np.repeat(first, degree)) > 1e-12 * np.abs(np.repeat(first, degree))
    equal: Bools = _row_sums(differs.astype(np.float64), matrix.indptr) == 0
    return equal


def _shared_counts(
    values: Floats, degree: Ints, lower: Floats, upper: Floats, permutations: int, seed: int
) -> tuple[Ints, Ints]:
    """Tail counts where only the number of neighbours matters: rank each sum among those of equally many draws."""
    at_least, at_most = np.zeros(len(values), dtype=np.int64), np.zeros(len(values), dtype=np.int64)
    steps, step_of_row = np.unique(degree, return_inverse=True)
    if steps[0] == 0:
        steps, step_of_row = steps[1:], step_of_row - 1
        at_least[degree == 0] = at_most[degree == 0] = permutations
    rows_of_step = [np.flatnonzero(step_of_row == step) for step in range(len(steps))]
    columns = int(steps[-1]) + 1
    block = max(1, min(permutations, _SUMS_AT_ONCE // max(len(steps), columns)))
    for first in range(0, permutations, block):
        count = min(block, permutations - first)
        drawn = draw_rows(len(values), columns, first, count, seed)
        sums = running_sums(values, drawn, steps)
        leave_self_out(values, drawn, sums, steps, step_of_row, lower, upper, at_least, at_most)
        sums.sort(axis=1)
        for step, rows in enumerate(rows_of_step):
            at_least[rows] += count - np.searchsorted(sums[step], lower[rows], side="left")
            at_most[rows] += np.searchsorted(sums[step], upper[rows], side="right")
    return at_least, at_most


def _weighted_counts(
    values: Floats, matrix: Any, lower: Floats, upper: Floats, permutations: int, seed: int
) -> tuple[Ints, Ints]:
    """Tail counts for weights that differ within a row."""
    indptr = matrix.indptr.astype(np.int64)
    columns = int(np.diff(indptr).max()) + 1
    at_least, at_most = np.zeros(len(values), dtype=np.int64), np.zeros(len(values), dtype=np.int64)
    for first in range(0, permutations, _DRAWS_AT_ONCE):
        drawn = draw_rows(len(values), columns, first, min(_DRAWS_AT_ONCE, permutations - first), seed)
        order = np.argsort(drawn, axis=None, kind="stable")
        start = np.searchsorted(drawn.ravel()[order], np.arange(len(values) + 1))
        table = np.ascontiguousarray(values[drawn].T)
        high, low = weighted_tails(
            table, indptr, matrix.data, start.astype(np.int64), order // columns, order % columns, lower, upper
        )
        at_least += high
        at_most += low
    return at_least, at_most


def analytic_p(values: Floats, near: Floats, degree: Floats) -> Floats:
    """Two-sided p of the sum over ``degree`` neighbours from the null's first three moments; 1 without spread.

    The sum of k of the N = n − 1 other values, drawn without replacement, has mean k μ, variance
    k (N − k) / (N − 1) m₂ and third central moment k (N − k) (N − 2k) / ((N − 1) (N − 2)) m₃ (m the central
    moments of the others with divisor N; simple random sampling). Its tails are those of the gamma distribution with
    these moments (Pearson type III), of the normal where the skewness vanishes. ``near`` is the sum of
    the neighbours' values.
    """
    deviation = centred(values)
    others, count = len(values) - 1.0, degree
    mean = -deviation / others
    second = np.maximum(((deviation**2).sum() - deviation**2) / others - mean**2, 0.0)
    raw_third = ((deviation**3).sum() - deviation**3) / others
    third = raw_third - 3 * mean * (second + mean**2) + 2 * mean**3
    variance = count * (others - count) / (others - 1) * second
    skew = count * (others - count) * (others - 2 * count) / ((others - 1) * max(others - 2, 1.0)) * third
    flat = variance <= 1e-18 * max(float((deviation**2).max(initial=0.0)), 1e-300)
    scale = np.sqrt(np.where(flat, 1.0, variance))
    z_score = (near - count * (values.mean() + mean)) / scale
    p_value = np.where(flat, 1.0, _gamma_two_sided(z_score, skew / scale**3))
    return p_value


def _gamma_two_sided(z_score: Floats, skewness: Floats) -> Floats:
    """Twice the smaller tail at z of the standardised gamma distribution with this skewness."""
    slight = np.abs(skewness) < 1e-4
    shape = 4.0 / np.where(slight, 1.0, skewness) ** 2
    at = np.maximum(shape + np.sqrt(shape) * np.where(skewness < 0, -z_score, z_score), 0.0)
    tail = np.minimum(gammaincc(shape, at), gammainc(shape, at))
    # Beyond the end of the gamma distribution its tail is nothing; the smallest p that floats hold stands for it.
    p_value: Floats = np.clip(2 * np.where(slight, ndtr(-np.abs(z_score)), tail), np.finfo(np.float64).tiny, 1.0)
    return p_value
