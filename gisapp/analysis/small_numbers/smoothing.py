"""Empirical Bayes: rates drawn towards what the other areas, or the neighbours, show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd
from libpysal.graph import Graph

from gisapp.analysis.checks import Complaints, Floats, event_counts, refuse
from gisapp.analysis.neighbours import linked_rows

Family = Literal["poisson", "binomial"]


@dataclass(frozen=True, kw_only=True)
class Prior:
    """What the moments of all areas say of one area's rate: its mean, and how many families it is worth.

    ``strength`` κ: an area of n families keeps n / (n + κ) of its own rate; infinite where areas do not differ.
    """

    mean: float
    strength: float


def empirical_bayes(events: Any, population: Any, *, family: Family = "poisson") -> pd.Series:
    """Rates drawn towards the global rate, the more so the smaller the population; Series of rates.

    ``poisson``: global method-of-moments smoother of Marshall (1991), eq. 4-6; events may exceed the
    population. ``binomial``: Martuzzi & Elliott (1996). A negative between-area variance is 0, so every
    area then has the global rate; an area without population has the global rate as well.

    Raises ``InvalidInputError`` for missing or negative counts, or when nobody lives anywhere.
    """
    counts, people, index, prior = learned_prior(events, population, family=family, subject="empirical_bayes")
    raw = _raw(counts, people, prior.mean)
    smoothed = prior.mean + _own_weight(people, prior.strength) * (raw - prior.mean)
    return pd.Series(smoothed, index=index, name="empirical_bayes")


def reliability(events: Any, population: Any, *, family: Family = "poisson") -> pd.Series:
    """Share of the variance between areas in the whole variance of each rate, 0..1: what is not chance.

    A / (A + m/n) with A and m as in ``empirical_bayes`` (for ``binomial`` the weight of Martuzzi & Elliott): the
    signal-to-noise reliability of Adams (2009, RAND TR-653), which is also the weight of the area's own rate in the
    smoothed one. 0 without population, and everywhere where the areas differ by no more than chance. It says whether
    areas can be told apart, not whether the count is right. Raises as ``empirical_bayes``.
    """
    _, people, index, prior = learned_prior(events, population, family=family, subject="reliability")
    return pd.Series(_own_weight(people, prior.strength), index=index, name="reliability")


def local_empirical_bayes(events: Any, population: Any, graph: Graph, *, family: Family = "poisson") -> pd.Series:
    """Rates drawn towards the rate of the neighbourhood, the area itself included; Series of rates.

    Marshall (1991), section 3: mean and variance are those of ``empirical_bayes`` taken over the area and its
    neighbours (as GeoDa, ``esda`` and ``spdep::EBlocal(geoda=TRUE)`` do). A negative variance is 0. An island has no
    neighbourhood, nor has an area whose neighbours nobody lives in: both are drawn to the global rate, as
    ``empirical_bayes`` does. An area without population has the rate of its neighbours, else the global one.

    Rows of the graph align with the counts by position. Raises ``InvalidInputError`` as ``empirical_bayes``, for a
    graph of another size, and where every area is an island.
    """
    counts, people, index, prior = learned_prior(events, population, family=family, subject="local_empirical_bayes")
    row, column = _neighbourhoods(graph, index)
    lived = people[column] > 0
    row, column = row[lived], column[lived]
    size = len(people)
    total, areas = np.bincount(row, people[column], size), np.bincount(row, minlength=size)
    alone = (total == 0) | ((people > 0) & (areas < 2))
    total, areas = np.where(alone, 1.0, total), np.maximum(areas, 1)
    mean = np.bincount(row, counts[column], size) / total
    raw = _raw(counts, people, 0.0)
    spread = np.bincount(row, people[column] * (raw[column] - mean[row]) ** 2, size) / total
    strength = np.where(alone, prior.strength, _strength(mean, spread, total / areas, family))
    mean = np.where(alone, prior.mean, mean)
    smoothed = mean + _own_weight(people, strength) * (raw - mean)
    return pd.Series(smoothed, index=index, name="local_empirical_bayes")


def learned_prior(
    events: Any, population: Any, *, family: Family, subject: str
) -> tuple[Floats, Floats, pd.Index, Prior]:
    """Check the counts and learn from all areas what one area's rate is likely to be."""
    if family not in get_args(Family):
        refuse(subject, f"family is {family!r}, not poisson or binomial", f"family {family!r} tidak dikenal")
    counts, people, index = event_counts(events, population, subject=subject, at_most_population=family == "binomial")
    if people.sum() == 0:
        refuse(subject, "the population is zero everywhere", "population nol di semua baris")
    total = float(people.sum())
    mean = float(counts.sum()) / total
    raw = _raw(counts, people, mean)
    spread = float((people * (raw - mean) ** 2).sum() / total)
    size = float(people[people > 0].mean())
    return counts, people, index, Prior(mean=mean, strength=float(_strength(mean, spread, size, family)))


def _strength(mean: Any, spread: Any, size: Any, family: Family) -> Floats:
    """Moments to κ: A = s² − m/n̄, κ = m/A; with v = m (1 − m) A = s² − v/n̄, κ = (v − s²)/A. Infinite for A ≤ 0."""
    within = np.asarray(mean if family == "poisson" else mean * (1 - mean), dtype=np.float64)
    between = np.asarray(spread - within / size)
    above = within if family == "poisson" else np.maximum(within - spread, 0.0)
    strength: Floats = np.divide(above, between, out=np.full_like(within, np.inf), where=between > 0)
    return strength


def _own_weight(people: Floats, strength: Any) -> Floats:
    """Weight n / (n + κ) of an area's own rate; 0 without population."""
    weight: Floats = np.divide(people, people + strength, out=np.zeros(len(people)), where=people > 0)
    return weight


def _raw(counts: Floats, people: Floats, missing: float) -> Floats:
    """Raw rates, ``missing`` without population."""
    return np.divide(counts, people, out=np.full_like(counts, missing), where=people > 0)


def _neighbourhoods(graph: Graph, index: pd.Index) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Pairs (area, member of its neighbourhood), each area a member of its own."""
    complaints = Complaints("local_empirical_bayes")
    matrix = linked_rows(graph, complaints, len(index))
    complaints.refuse()
    row = np.repeat(np.arange(len(index)), np.diff(matrix.indptr))
    itself = np.arange(len(index))
    return np.r_[row, itself], np.r_[matrix.indices, itself]
