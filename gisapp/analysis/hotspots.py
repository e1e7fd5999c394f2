"""Where high values gather: Gi*, local Moran, local Moran of rates, and control of false discoveries."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from scipy import sparse

from gisapp.analysis.autocorrelation.conditional import analytic_p, centred, permutation_p, unit_scaled
from gisapp.analysis.checks import (
    Bools,
    Complaints,
    Floats,
    as_numbers,
    event_counts,
    need_seed,
    need_share,
    need_whole,
    refuse,
    row_index,
)
from gisapp.analysis.neighbours import linked_rows

Variance = Literal["1995", "1992"]


def getis_ord(
    values: Any, graph: Graph, *, star: bool = True, binary: bool = True, variance: Variance = "1995",
    permutations: int = 999, seed: int,
) -> pd.DataFrame:  # fmt: skip
    """Gi* (or Gi with ``star=False``) of every row: columns ``statistic``, ``z_score``, ``p_value``.

    ``statistic`` is the weighted sum of the values of the neighbours (and of the row itself for Gi*) over the sum
    of all values (without the row itself for Gi). Weights are made binary; ``binary=False`` takes them as the
    graph has them, for example standardised by row, and for Gi* the row's own weight is the graph's self-weight
    where it has any, otherwise the mean of the row's weights. ``z_score`` is that of Ord & Getis (1995, eq. 14),
    whose variance is that of all permutations: multiplying a row's weights changes nothing. ``variance="1992"`` takes
    the one that Getis & Ord (1992) gave for binary weights, W (n − W) / (n − 1), whatever the weights; printed
    values of Gi for weights standardised by row rest on it.
    ``p_value`` is two-sided from conditional permutations: min(1, 2 (1 + min(#≥, #≤)) / (R + 1)).
    Rows of the graph align with ``values`` by position. An island keeps its row: Gi* has the z of its own
    value and p = 1, Gi has statistic 0 and neither z nor p. Without spread z is NaN and p is 1. Values that sum
    to 0 have no statistic (NaN); z and p do not need it.

    Raises ``InvalidInputError`` when a value is missing, the graph has another number of rows or no link at all,
    or there are fewer than three rows.
    """
    numbers, matrix, index = _checked("getis_ord", values, graph)
    _chances_checked("getis_ord", permutations, seed)
    if variance not in ("1995", "1992"):
        refuse("getis_ord", f"variance is {variance!r}, not 1995 or 1992", f"ragam {variance!r}, bukan 1995 atau 1992")
    own = np.ones(len(numbers))
    if binary:
        matrix.data[:] = 1.0
    else:
        own = _own_weights(graph, matrix)
    p_value = permutation_p(numbers, matrix, permutations=permutations, seed=seed)
    p_value[_isolated(matrix) & (not star)] = np.nan
    gi = _gi(numbers, matrix, own if star else None, variance)
    return pd.DataFrame({**gi, "p_value": p_value}, index=index)


def _gi(numbers: Floats, matrix: Any, own: Floats | None, variance: Variance = "1995") -> dict[str, Floats]:
    """Statistic and z of Gi (no own weights) or Gi*."""
    near, weight = matrix @ numbers, np.asarray(matrix.sum(axis=1)).ravel()
    square = np.asarray(matrix.power(2).sum(axis=1)).ravel()
    whole = np.full(len(numbers), numbers.sum())
    if own is None:
        whole = whole - numbers
    else:
        near, weight, square = near + own * numbers, weight + own, square + own**2
    statistic = np.divide(near, whole, out=np.full_like(near, np.nan), where=whole != 0)
    z_score = ord_getis_z(numbers, near, weight, square if variance == "1995" else weight, star=own is not None)
    return {"statistic": statistic, "z_score": z_score}


def _own_weights(graph: Graph, matrix: Any) -> Floats:
    """Self-weights of the graph; without any, the mean of each row's weights (1 for an island)."""
    own: Floats = sparse.csr_array(graph.sparse).diagonal().astype(np.float64)
    if own.any():
        return own
    count = np.diff(matrix.indptr)
    return np.where(count > 0, np.asarray(matrix.sum(axis=1)).ravel() / np.maximum(count, 1), 1.0)


def ord_getis_z(values: Floats, near: Floats, weight: Floats, square: Floats | None = None, *, star: bool) -> Floats:
    """Return (Σ w x − W x̄) / (s √((n S₁ − W²) / (n − 1))); for Gi, n, x̄ and s leave the row itself out.

    ``weight`` is W = Σ w and ``square`` S₁ = Σ w² per row (W itself for binary weights).
    """
    squares = weight if square is None else square
    if star:
        size = float(len(values))
        mean = np.full(len(values), values.mean())
        spread = np.full(len(values), values.std())
    else:
        size = len(values) - 1.0
        mean = (values.sum() - values) / size
        deviation = values - values.mean()
        spread = np.sqrt(np.maximum(((deviation**2).sum() - deviation**2) / size - (deviation / size) ** 2, 0.0))
    flat = spread <= 1e-12 * np.abs(values).max(initial=0.0)
    room = np.maximum(size * squares - weight**2, 0.0)
    room[room <= 1e-12 * weight**2] = 0.0
    scale = np.where(flat, np.nan, spread) * np.sqrt(room / max(size - 1.0, 1.0))
    z_score: Floats = np.divide(near - weight * mean, scale, out=np.full_like(near, np.nan), where=scale > 0)
    return z_score


def conditional_z(values: Floats, near: Floats, count: Floats) -> Floats:
    """Give the z of the neighbours' sum: own value held, neighbours drawn; NaN for islands."""
    return ord_getis_z(values, near, count, star=False)


def local_moran(values: Any, graph: Graph, *, permutations: int = 999, seed: int) -> pd.DataFrame:
    """Local Moran of every row: columns ``statistic``, ``p_value``, ``quadrant``.

    ``statistic`` is (n − 1) z_i Σ_j w_ij z_j / Σ z², z the deviations from the mean and w standardised by
    row (Anselin 1995). ``p_value`` as in ``getis_ord``. ``quadrant`` is high-high, low-low, high-low or
    low-high (own value, then its neighbours; not above the mean is low) whatever the p-value. An island has
    statistic 0, no p-value and neighbours that count as low. Without spread the statistic is 0 and p is 1.

    Raises ``InvalidInputError`` when a value is missing, the graph has another number of rows or no link at all,
    a row's weights sum to 0, or there are fewer than three rows.
    """
    numbers, matrix, index = _checked("local_moran", values, graph)
    _chances_checked("local_moran", permutations, seed)
    _standardise("local_moran", matrix, index)
    return _moran_frame(numbers, matrix, index, permutation_p(numbers, matrix, permutations=permutations, seed=seed))


def local_moran_rates(
    events: Any, population: Any, graph: Graph, *, permutations: int = 999, seed: int
) -> pd.DataFrame:
    """Local Moran of rates that accounts for population: columns ``statistic``, ``p_value``, ``quadrant``.

    The rate of a small population varies more by chance alone; ``standardised_rates`` takes that out, and
    ``local_moran`` of its result follows (Assunção & Reis 1999; Anselin, Lozano & Koschinsky 2006).

    Raises ``InvalidInputError`` for missing or negative counts, more events than population, a population of zero
    everywhere, and what ``local_moran`` refuses.
    """
    scores = standardised_rates(events, population)
    return local_moran(scores, graph, permutations=permutations, seed=seed)


def standardised_rates(events: Any, population: Any) -> pd.Series:
    """Rates less their mean over their standard deviation given the population: (p_i − b) / √v_i.

    b = Σ events / Σ population, v_i = a + b / n_i with a = s² − b / n̄ and s² = Σ n (p − b)² / Σ n; where v_i is
    not above 0 it is b / n_i (Assunção & Reis 1999). An area without population is taken as ordinary: 0.
    Without any event every value is 0. Raises ``InvalidInputError`` as ``local_moran_rates``.
    """
    counts, people, index = event_counts(events, population, subject="standardised_rates")
    if people.sum() == 0:
        refuse("standardised_rates", "the population is zero everywhere", "population nol di semua baris")
    lived = people > 0
    rate, size = counts[lived] / people[lived], people[lived]
    mean = counts.sum() / people.sum()
    between = float((size * (rate - mean) ** 2).sum() / size.sum()) - mean / size.mean()
    chance = mean / size
    variance = np.where(between + chance > 0, between + chance, chance)
    scores = np.zeros(len(counts))
    scores[lived] = np.divide(rate - mean, np.sqrt(variance), out=np.zeros_like(rate), where=variance > 0)
    return pd.Series(scores, index=index, name="standardised_rate")


def local_tests(values: Any, graph: Graph, *, permutations: int = 999, seed: int) -> pd.DataFrame:
    """Gi* and local Moran of every row from the same draws, for the price of one.

    Columns ``gi_star``, ``gi_star_z``, ``gi_star_p``, ``local_moran``, ``local_moran_p``, ``local_moran_quadrant``:
    what ``getis_ord`` and ``local_moran`` give with the same seed and binary weights. Raises as they do.
    """
    numbers, matrix, index = _checked("local_tests", values, graph)
    _chances_checked("local_tests", permutations, seed)
    matrix.data[:] = 1.0
    p_value = permutation_p(numbers, matrix, permutations=permutations, seed=seed)
    gi = _gi(numbers, matrix, np.ones(len(numbers)))
    _standardise("local_tests", matrix, index)
    moran = _moran_frame(numbers, matrix, index, p_value.copy())
    return pd.DataFrame(
        {
            "gi_star": gi["statistic"],
            "gi_star_z": gi["z_score"],
            "gi_star_p": p_value,
            "local_moran": moran["statistic"],
            "local_moran_p": moran["p_value"],
            "local_moran_quadrant": moran["quadrant"],
        },
        index=index,
    )


def analytic_tail(values: Any, graph: Graph) -> pd.Series:
    """Two-sided p of Gi, Gi* and local Moran without permutations (binary weights): Series ``p_value``.

    The tail of a gamma distribution with the first three moments of the permutation distribution, see
    ``conditional.analytic_p``. Within some 10 % of the permutation p down to 1e-5 for skewed values and six or more
    neighbours; fewer neighbours or a single giant value make it rough. NaN for an island.
    Raises ``InvalidInputError`` as ``getis_ord``.
    """
    numbers, matrix, index = _checked("analytic_tail", values, graph)
    matrix.data[:] = 1.0
    degree = np.diff(matrix.indptr).astype(np.float64)
    p_value = np.where(degree > 0, analytic_p(numbers, matrix @ numbers, degree), np.nan)
    return pd.Series(p_value, index=index, name="p_value")


def false_discovery_rate(
    p_values: Any, *, level: float = 0.05, dependence: Literal["positive", "arbitrary"] = "positive"
) -> pd.Series:
    """Which p-values are discoveries at this rate (Benjamini & Hochberg 1995); Series of bool, NaN is False.

    Discoveries are all p ≤ the largest p_(i) with p_(i) ≤ level × i / m, m the number of p-values present. That
    holds for independent and positively dependent tests; ``dependence="arbitrary"`` divides the level by
    1 + 1/2 + … + 1/m and holds whatever the dependence (Benjamini & Yekutieli 2001).
    Raises ``InvalidInputError`` for a p-value outside 0..1, a level outside 0..1 and another ``dependence``.
    """
    need_share(level, subject="false_discovery_rate", name="level")
    complaints = Complaints("false_discovery_rate")
    if dependence not in ("positive", "arbitrary"):
        complaints.add(f"dependence is {dependence!r}, not positive or arbitrary", f"dependence {dependence!r} asing")
    p = as_numbers(p_values, complaints, "p_value", allow_missing=True)
    complaints.rows((p < 0) | (p > 1), row_index(p_values), "p_value is outside 0..1", "p_value di luar 0..1")
    complaints.refuse()
    present = np.sort(p[~np.isnan(p)])
    order = np.arange(1, len(present) + 1)
    strict = float((1 / order).sum()) if dependence == "arbitrary" else 1.0
    below = np.flatnonzero(present <= level / strict * order / max(len(present), 1))
    limit = present[below[-1]] if len(below) else -1.0
    return pd.Series(p <= limit, index=row_index(p_values), name="discovery")


def least_permutations(rows: int, *, level: float) -> int:
    """Fewest permutations whose smallest p can survive false-discovery control over ``rows``: 2 n / level."""
    need_share(level, subject="least_permutations", name="level")
    return int(np.ceil(2 * max(rows, 1) / level))


def _moran_frame(numbers: Floats, matrix: Any, index: pd.Index, p_value: Floats) -> pd.DataFrame:
    """Local Moran with the p-values of what stands around each row; ``matrix`` is standardised by row."""
    deviation = centred(numbers)
    lag, square = matrix @ deviation, float((deviation**2).sum())
    lag[np.abs(lag) <= 1e-12 * np.abs(deviation).max()] = 0.0  # rounding must not decide what is above the mean
    statistic = (len(numbers) - 1) * deviation * lag / square if square > 0 else np.zeros(len(numbers))
    p_value[deviation == 0] = 1.0
    p_value[_isolated(matrix)] = np.nan
    names = np.array(["low-low", "low-high", "high-low", "high-high"], dtype=object)
    quadrant = pd.array(names[2 * (deviation > 0) + (lag > 0)], dtype="string")
    return pd.DataFrame({"statistic": statistic, "p_value": p_value, "quadrant": quadrant}, index=index)


def _isolated(matrix: Any) -> Bools:
    """Rows without neighbours."""
    isolated: Bools = np.diff(matrix.indptr) == 0
    return isolated


def _standardise(subject: str, matrix: Any, index: pd.Index) -> None:
    """Let the weights of each row sum to 1, in place."""
    total = np.asarray(matrix.sum(axis=1)).ravel()
    complaints = Complaints(subject)
    nothing = (total == 0) & ~_isolated(matrix)
    complaints.rows(nothing, index, "the weights sum to 0", "jumlah bobot 0")
    complaints.refuse()
    matrix.data /= np.repeat(total, np.diff(matrix.indptr))


def _checked(subject: str, values: Any, graph: Graph) -> tuple[Floats, Any, pd.Index]:
    """Values, weights and index, or a refusal with every problem."""
    complaints = Complaints(subject)
    numbers = as_numbers(values, complaints, "value")
    matrix = linked_rows(graph, complaints, len(numbers), values)
    if len(numbers) < 3:
        complaints.add("fewer than three rows", "kurang dari tiga baris")
    complaints.refuse()
    return unit_scaled(numbers), matrix, row_index(values)


def _chances_checked(subject: str, permutations: int, seed: int) -> None:
    """Refuse draws that cannot be made."""
    need_whole(permutations, subject=subject, name="permutations", least=1)
    need_seed(seed, subject=subject)
