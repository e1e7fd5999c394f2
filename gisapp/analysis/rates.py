"""Rates that can be trusted as far as they say: intervals, smoothing, and agreement with a published total."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.stats import norm

from gisapp.analysis.checks import (
    Complaints,
    Floats,
    as_numbers,
    event_counts,
    need_rows,
    need_same_rows,
    need_share,
    refuse,
    row_index,
)

Family = Literal["poisson", "binomial"]


def wilson_interval(events: Any, population: Any, *, level: float = 0.95) -> pd.DataFrame:
    """Score interval of each proportion: columns ``lower`` and ``upper``, 0..1, NaN without population.

    (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n), Wilson (1927). Raises ``InvalidInputError`` for
    missing or negative counts, for more events than population, and for a level outside 0..1.
    """
    need_share(level, subject="wilson_interval", name="level")
    counts, people, index = event_counts(events, population, subject="wilson_interval")
    z2 = float(norm.isf((1 - level) / 2)) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        share = counts / people
        centre = share + z2 / (2 * people)
        half = np.sqrt(z2 * share * (1 - share) / people + (z2 / (2 * people)) ** 2)
        lower, upper = (centre - half) / (1 + z2 / people), (centre + half) / (1 + z2 / people)
    # Rounding must not push the interval off its exact ends.
    lower = np.where(counts == 0, np.where(people > 0, 0.0, np.nan), np.clip(lower, 0, 1))
    upper = np.where((counts == people) & (people > 0), 1.0, np.clip(upper, 0, 1))
    return pd.DataFrame({"lower": lower, "upper": upper}, index=index)


def empirical_bayes(events: Any, population: Any, *, family: Family = "poisson") -> pd.Series:
    """Rates drawn towards the global rate, the more so the smaller the population; Series of rates.

    ``poisson``: global method-of-moments smoother of Marshall (1991), eq. 4-6; events may exceed the
    population. ``binomial``: Martuzzi & Elliott (1996). A negative between-area variance is 0, so every
    area then has the global rate; an area without population has the global rate as well.

    Raises ``InvalidInputError`` for missing or negative counts, or when nobody lives anywhere.
    """
    if family not in ("poisson", "binomial"):
        refuse("empirical_bayes", f"family is {family!r}, not poisson or binomial", f"family {family!r} tidak dikenal")
    counts, people, index = event_counts(
        events, population, subject="empirical_bayes", at_most_population=family == "binomial"
    )
    if people.sum() == 0:
        refuse("empirical_bayes", "the population is zero everywhere", "population nol di semua baris")
    smoothed = _poisson_smoother(counts, people) if family == "poisson" else _binomial_smoother(counts, people)
    return pd.Series(smoothed, index=index, name="empirical_bayes")


def _raw(counts: Floats, people: Floats, missing: float) -> Floats:
    """Raw rates, ``missing`` without population."""
    return np.divide(counts, people, out=np.full_like(counts, missing), where=people > 0)


def _poisson_smoother(counts: Floats, people: Floats) -> Floats:
    """Return m + A/(A + m/n) (r − m), with A = s² − m/n̄ (Marshall 1991)."""
    total = people.sum()
    mean = counts.sum() / total
    raw = _raw(counts, people, mean)
    lived = people[people > 0]
    between = max(0.0, float((people * (raw - mean) ** 2).sum() / total - mean / lived.mean()))
    if between == 0:
        return np.full_like(raw, mean)
    smoothed: Floats = mean + between * people / (between * people + mean) * (raw - mean)
    return smoothed


def _binomial_smoother(counts: Floats, people: Floats) -> Floats:
    """Return m + ρ (r − m) with the moment weight ρ of Martuzzi & Elliott (1996)."""
    total = people.sum()
    mean = counts.sum() / total
    raw = _raw(counts, people, mean)
    size = people[people > 0].mean()
    spread = float((people * (raw - mean) ** 2).sum() / total)
    inner = mean * (1 - mean)
    if spread * size <= inner:
        return np.full_like(raw, mean)
    weight = (people * spread - people / size * inner) / ((people - 1) * spread + (size - people) / size * inner)
    smoothed: Floats = np.clip(mean + np.where(people > 0, weight, 0.0) * (raw - mean), 0.0, 1.0)
    return smoothed


def benchmark(rate: Any, population: Any, *, total: float) -> pd.Series:
    """Rates scaled by one factor so that Σ rate × population is ``total``.

    Ratio benchmarking; where rates are shares (all ≤ 1) and the factor would lift some above 1, those
    stay at 1 and the factor of the others rises, so the total still holds. Raises ``InvalidInputError``
    for missing or negative values and for a total that cannot be reached.
    """
    complaints = Complaints("benchmark")
    need_rows(rate, complaints, "rate")
    need_same_rows(rate, population, complaints, "population")
    rates, people = as_numbers(rate, complaints, "rate"), as_numbers(population, complaints, "population")
    complaints.rows(rates < 0, row_index(rate), "rate is negative", "rate negatif")
    complaints.rows(people < 0, row_index(population), "population is negative", "population negatif")
    complaints.refuse()
    shares = bool((rates <= 1).all())
    reachable = float(people[rates > 0].sum()) if shares else np.inf
    if not 0 <= total <= reachable * (1 + 1e-12) or (total > 0 and not (rates * people).any()):
        refuse("benchmark", f"the total {total} cannot be reached", f"total {total} tidak dapat dicapai")
    return pd.Series(_scaled(rates, people, total, capped=shares), index=row_index(rate), name="benchmark")


def _scaled(rates: Floats, people: Floats, total: float, *, capped: bool) -> Floats:
    """Multiply all rates by one factor; with ``capped``, those that would pass 1 are held at 1."""
    held = np.zeros(len(rates), dtype=bool)
    while True:
        free = float((rates * people)[~held].sum())
        factor = (total - float(people[held].sum())) / free if free > 0 else 0.0
        scaled = np.where(held, 1.0, rates * factor)
        over = (scaled > 1) & ~held & (people > 0)
        if not capped or not over.any():
            return np.minimum(scaled, 1.0) if capped else scaled
        held |= over
