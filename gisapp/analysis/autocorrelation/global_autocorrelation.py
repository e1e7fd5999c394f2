"""One figure for the whole map: whether like values lie beside like (Moran, Geary) or high beside high (global G)."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from libpysal.graph import Graph
from scipy import sparse
from scipy.special import ndtr

from gisapp.analysis.autocorrelation.conditional import centred, unit_scaled
from gisapp.analysis.autocorrelation.weight_moments import (
    WeightSums,
    geary_variances,
    global_g_variance,
    moran_variances,
    weight_sums,
)
from gisapp.analysis.checks import (
    Bools,
    Complaints,
    Floats,
    as_numbers,
    need_seed,
    need_whole,
    refuse,
    row_index,
)
from gisapp.analysis.hotspots import standardised_rates
from gisapp.analysis.neighbours import linked_rows

Alternative = Literal["two-sided", "greater", "less"]
Weights = Literal["row", "binary", "given"]
Isolates = Literal["keep", "drop", "linked"]


@dataclass(frozen=True)
class GlobalStatistic:
    """A global statistic beside what chance alone would give; NaN where something is not defined or not asked for.

    *Normality*: values drawn from one normal distribution. *Randomisation*: these values, in any order over the rows.
    ``rows`` is the number that the statistic counts and ``isolates`` names the rows without any link.
    """

    statistic: float
    expectation: float
    variance_normality: float
    z_normality: float
    p_normality: float
    variance_randomisation: float
    z_randomisation: float
    p_randomisation: float
    p_permutation: float
    permutations: int
    rows: int
    isolates: tuple[Hashable, ...]


def moran(
    values: Any, graph: Graph, *, weights: Weights = "row", isolates: Isolates = "keep",
    alternative: Alternative = "two-sided", permutations: int = 0, seed: int = 0,
) -> GlobalStatistic:  # fmt: skip
    """Moran's I = n / S₀ · Σ w_ij z_i z_j / Σ z², above −1 / (n − 1) where like lies beside like (Cliff & Ord 1981).

    Parameters
    ----------
    values : one number per row of the graph, by position.
    weights : ``row`` lets the weights of each row sum to 1, ``binary`` makes them 1, ``given`` takes the graph's.
    isolates : rows without a link. ``keep``: they count in n, the mean and the spread, so that the moments are
        those of all permutations; ``drop``: they leave the data; ``linked``: n counts linked rows, mean and
        spread all rows (the default of spdep).
    alternative : tail of every p: ``greater`` and ``less`` are about the statistic itself.
    permutations : 0 leaves ``p_permutation`` NaN; otherwise (1 + #) / (R + 1), doubled and at most 1 if two-sided.

    Raises
    ------
    InvalidInputError
        A missing value, values that do not differ, another number of rows, fewer than four rows counted, a graph
        without any link, weights that sum to 0, or a parameter out of range.
    """
    case = _case("moran", values, graph, weights, isolates)
    deviation = centred(case.values)
    factor = case.sums.rows / case.sums.s0 / float((deviation**2).sum())

    def statistic(order: Any) -> float:
        return factor * float(deviation[order] @ (case.matrix @ deviation[order]))

    variances = moran_variances(deviation, case.sums)
    return _tested(case, statistic, -1.0 / (case.sums.rows - 1), variances, alternative, permutations, seed)


def geary(
    values: Any, graph: Graph, *, weights: Weights = "row", isolates: Isolates = "keep",
    alternative: Alternative = "two-sided", permutations: int = 0, seed: int = 0,
) -> GlobalStatistic:  # fmt: skip
    """Geary's C = (n − 1) Σ w_ij (x_i − x_j)² / (2 S₀ Σ z²), *below* 1 where like lies beside like (Cliff & Ord 1981).

    Parameters and refusals are those of ``moran``; ``less`` is the alternative of clustering.
    """
    case = _case("geary", values, graph, weights, isolates)
    deviation = centred(case.values)
    factor = (case.sums.rows - 1) / (2 * case.sums.s0 * float((deviation**2).sum()))
    margin = np.asarray(case.matrix.sum(axis=0)).ravel() + np.asarray(case.matrix.sum(axis=1)).ravel()

    def statistic(order: Any) -> float:
        around = deviation[order]
        return factor * float(margin @ around**2 - 2 * around @ (case.matrix @ around))

    return _tested(case, statistic, 1.0, geary_variances(deviation, case.sums), alternative, permutations, seed)


def getis_ord_global(
    values: Any, graph: Graph, *, weights: Weights = "binary", isolates: Isolates = "drop",
    alternative: Alternative = "two-sided", permutations: int = 0, seed: int = 0,
) -> GlobalStatistic:  # fmt: skip
    """Global G = Σ w_ij x_i x_j / Σ_{i≠j} x_i x_j, above S₀ / (n (n − 1)) where high lies beside high.

    Getis & Ord (1992), with the coefficient 6 instead of 3 of S₀² in B₁ that their erratum of 1993 gives. Values need
    a true zero: none may be negative. Normality has no moments here (NaN). Isolates are dropped by default, as
    in spdep; ``linked`` is not defined. Other parameters and refusals are those of ``moran``.
    """
    if isolates == "linked":
        refuse("getis_ord_global", "isolates are kept or dropped here", "pulau di sini disertakan atau dikeluarkan")
    case = _case("getis_ord_global", values, graph, weights, isolates, negative=False)
    x = case.values / case.values.mean()
    pairs = float(x.sum() ** 2 - (x**2).sum())
    if (x > 0).sum() < 2:
        refuse("getis_ord_global", "fewer than two values are above 0", "kurang dari dua nilai di atas 0")

    def statistic(order: Any) -> float:
        return float(x[order] @ (case.matrix @ x[order])) / pairs

    rows, s0 = case.sums.rows, case.sums.s0
    variances = (np.nan, global_g_variance(x, case.sums))
    return _tested(case, statistic, s0 / (rows * (rows - 1)), variances, alternative, permutations, seed)


def moran_rates(
    events: Any, population: Any, graph: Graph, *, weights: Weights = "row", isolates: Isolates = "keep",
    alternative: Alternative = "two-sided", permutations: int = 0, seed: int = 0,
) -> GlobalStatistic:  # fmt: skip
    """Moran's I of rates standardised for their population, the EBI of Assunção & Reis (1999).

    ``hotspots.standardised_rates`` followed by ``moran``; permutations move the standardised rates. Raises
    ``InvalidInputError`` for missing or negative counts, more events than population, nobody anywhere, and what
    ``moran`` refuses.
    """
    scores = standardised_rates(events, population)
    return moran(
        scores, graph, weights=weights, isolates=isolates, alternative=alternative, permutations=permutations, seed=seed
    )


@dataclass(frozen=True)
class _Case:
    """Values and weights of the rows that take part."""

    subject: str
    values: Floats
    matrix: Any
    sums: WeightSums
    isolates: tuple[Hashable, ...]


def _case(subject: str, values: Any, graph: Graph, weights: str, isolates: str, *, negative: bool = True) -> _Case:
    """Check the input, weigh it and set isolates aside as asked."""
    complaints = Complaints(subject)
    numbers = as_numbers(values, complaints, "value")
    matrix = linked_rows(graph, complaints, len(numbers), values)
    if not negative:
        complaints.rows(numbers < 0, row_index(values), "value is negative", "nilai negatif")
    if weights not in ("row", "binary", "given"):
        complaints.add(f"weights is {weights!r}, not row, binary or given", f"bobot {weights!r} tidak dikenal")
    if isolates not in ("keep", "drop", "linked"):
        complaints.add(f"isolates is {isolates!r}, not keep, drop or linked", f"isolates {isolates!r} tidak dikenal")
    complaints.refuse()
    numbers = unit_scaled(numbers)
    alone: Bools = (np.diff(matrix.indptr) == 0) & (np.diff(matrix.tocsc().indptr) == 0)
    named = tuple(label for label, left in zip(graph.unique_ids, alone, strict=True) if left)
    if isolates == "drop":
        numbers, matrix = numbers[~alone], matrix[~alone][:, ~alone]
    rows = len(numbers) - int(alone.sum()) if isolates == "linked" else len(numbers)
    matrix = _weighed(matrix, weights)
    if rows < 4:
        complaints.add("fewer than four rows count", "kurang dari empat baris yang dihitung")
    elif not centred(numbers).any():
        complaints.add("the values do not differ", "semua nilai sama")
    if not matrix.sum() > 0:
        complaints.add("the weights do not sum to more than 0", "jumlah bobot tidak di atas 0")
    complaints.refuse()
    return _Case(subject, numbers, matrix, weight_sums(matrix, rows), named)


def _weighed(matrix: Any, weights: str) -> Any:
    """Weights as asked."""
    if weights == "binary":
        matrix.data[:] = 1.0
    elif weights == "row":
        total = np.asarray(matrix.sum(axis=1)).ravel()
        matrix = sparse.csr_array(
            sparse.diags_array(np.divide(1.0, total, out=np.zeros_like(total), where=total != 0)) @ matrix
        )
    return matrix


def _tested(
    case: _Case, statistic: Callable[[Any], float], expectation: float, variances: tuple[float, float],
    alternative: Alternative, permutations: int, seed: int,
) -> GlobalStatistic:  # fmt: skip
    """Set the observed statistic beside its moments and, if asked for, beside permutations."""
    if alternative not in ("two-sided", "greater", "less"):
        refuse(case.subject, f"alternative is {alternative!r}", f"alternative {alternative!r} tidak dikenal")
    need_whole(permutations, subject=case.subject, name="permutations", least=0)
    need_seed(seed, subject=case.subject)
    observed = statistic(slice(None))
    normal, random = (_normal_tail(observed, expectation, variance, alternative) for variance in variances)
    return GlobalStatistic(
        observed, expectation, variances[0], *normal, variances[1], *random,
        _permutation_p(observed, statistic, len(case.values), alternative, permutations, seed),
        permutations, case.sums.rows, case.isolates,
    )  # fmt: skip


def _normal_tail(observed: float, expectation: float, variance: float, alternative: str) -> tuple[float, float]:
    """Return z and p; without variance z is NaN and p is 1, without a defined variance both are NaN."""
    if np.isnan(variance):
        return np.nan, np.nan
    if variance <= 1e-12 * expectation**2:
        return np.nan, 1.0
    z_score = (observed - expectation) / float(np.sqrt(variance))
    tail = {"greater": -z_score, "less": z_score, "two-sided": -abs(z_score)}[alternative]
    return z_score, float(ndtr(tail)) * (2.0 if alternative == "two-sided" else 1.0)


def _permutation_p(
    observed: float, statistic: Callable[[Any], float], rows: int, alternative: str, permutations: int, seed: int
) -> float:
    """Share of permutations as extreme, the observed one counted in; NaN without permutations."""
    if permutations == 0:
        return np.nan
    generator = np.random.default_rng(seed)
    drawn = np.array([statistic(generator.permutation(rows)) for _ in range(permutations)])
    slack = 1e-10 * max(abs(observed), float(np.abs(drawn).max()))
    high = (1 + int((drawn >= observed - slack).sum())) / (permutations + 1)
    low = (1 + int((drawn <= observed + slack).sum())) / (permutations + 1)
    return {"greater": high, "less": low, "two-sided": min(1.0, 2 * min(high, low))}[alternative]
