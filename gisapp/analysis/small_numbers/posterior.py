"""Posterior draws of area rates: areas differ by an unknown amount, and that amount is integrated over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit, gammaln, logit

from gisapp.analysis.checks import Floats, event_counts, need_seed, refuse

#: Points of the grid over the mean (in standard errors either side of it) and over the spread between areas.
MEAN_POINTS, MEAN_REACH = 25, 7.0
SPREAD_POINTS, ZOOM_POINTS, ZOOMS = 32, 12, 4
#: Log density below the highest from which a part of the grid is left out: e^-14 of the mass.
NEGLIGIBLE = 14.0
#: Numbers that one block of the grid may hold, so that many areas need no more memory.
BLOCK = 2_000_000
#: Least parameter of a Beta distribution that is drawn from.
LEAST = 1e-12


@dataclass(frozen=True)
class _Data:
    """Different (events, population) pairs with positive population, and how often each occurs."""

    counts: Floats
    people: Floats
    times: Floats


def rate_draws(events: Any, population: Any, *, draws: int, seed: int) -> Floats:
    """Draw the rates of all areas together from the posterior of the beta-binomial hierarchy.

    events_i ~ Binomial(population_i, p_i), p_i ~ Beta with mean μ and between-area standard deviation τ. Prior: μ
    uniform on 0..1 and τ uniform on 0..√(μ(1 − μ)), its whole range (Gelman 2006 on uniform priors of a standard
    deviation). μ and τ are integrated over a grid that is fitted to their posterior, not plugged in: where the data
    cannot tell τ from 0, the draws say so. An area without population gets what the other areas say about any area.

    Parameters
    ----------
    events, population : counts per area, events at most population.
    draws : how many maps, 1 or more.

    Returns
    -------
    Array of shape (draws, areas), 0..1. The same seed gives the same array.

    Raises
    ------
    InvalidInputError
        Bad counts by row, or a number of draws below 1.
    """
    counts, people, _ = event_counts(events, population, subject="rate_draws")
    if not isinstance(draws, int | np.integer) or isinstance(draws, bool) or draws < 1:
        refuse("rate_draws", f"draws is {draws}, not a whole number from 1", f"draws {draws}, seharusnya bulat dari 1")
    need_seed(seed, subject="rate_draws")
    generator = np.random.default_rng(seed)
    mean, spread = _hyper_draws(_grouped(counts, people), int(draws), generator)
    size = 1 / spread**2 - 1
    yes = np.maximum(counts[None, :] + (mean * size)[:, None], LEAST)
    no = np.maximum((people - counts)[None, :] + ((1 - mean) * size)[:, None], LEAST)
    return generator.beta(yes, no)


def _grouped(counts: Floats, people: Floats) -> _Data:
    """Equal pairs are evaluated once; an area without population says nothing about the others."""
    pairs = pd.DataFrame({"counts": counts, "people": people})[people > 0]
    times = pairs.groupby(["counts", "people"], sort=True).size()
    index = times.index.to_frame(index=False).to_numpy(dtype=np.float64).reshape(-1, 2)
    return _Data(index[:, 0], index[:, 1], times.to_numpy(dtype=np.float64))


def _hyper_draws(data: _Data, draws: int, generator: np.random.Generator) -> tuple[Floats, Floats]:
    """Mean μ and relative spread t = τ / √(μ(1 − μ)), uniform within the cells of the grid that are drawn."""
    edges = _spread_edges(data)
    middle = (edges[1:] + edges[:-1]) / 2
    log_density = _log_posterior(data, middle) + np.log(np.diff(edges))[:, None]
    weight = np.exp(log_density - log_density.max()).ravel()
    total = np.cumsum(weight)
    cell = np.searchsorted(total, generator.random(draws) * total[-1], side="right").clip(max=len(total) - 1)
    row, column = np.divmod(cell, MEAN_POINTS)
    low, high = edges[row], edges[row + 1]
    spread = (low + generator.random(draws) * (high - low)).clip(1e-6, 1 - 1e-9)
    steps = 2 * MEAN_REACH / MEAN_POINTS
    away = -MEAN_REACH + (column + generator.random(draws)) * steps
    centre, scale = _mean_given(data, spread)
    return expit(centre + away * scale), spread


def _spread_edges(data: _Data) -> Floats:
    """Edges of the cells of t that hold the posterior mass: begun over 0..1, narrowed while it is worth it."""
    edges = np.linspace(0, 1, ZOOM_POINTS + 1) ** 2
    for _ in range(ZOOMS):
        marginal = _log_posterior(data, (edges[1:] + edges[:-1]) / 2).max(axis=1)
        kept = np.flatnonzero(marginal > marginal.max() - NEGLIGIBLE)
        low, high = max(int(kept[0]) - 1, 0), min(int(kept[-1]) + 2, ZOOM_POINTS)
        stays = high - low > ZOOM_POINTS // 2
        edges = np.linspace(edges[low], edges[high], ZOOM_POINTS + 1)
        if stays:
            break
    return np.linspace(edges[0], edges[-1], SPREAD_POINTS + 1)


def _mean_given(data: _Data, spread: Floats) -> tuple[Floats, Floats]:
    """Logit of the mean given t, weighted by what each area says, n / (1 + (n − 1) t²), and its standard error."""
    weight = data.times * data.people / (1 + (data.people - 1) * spread[:, None] ** 2)
    told = weight.sum(axis=1) + 1
    rate = data.counts / data.people
    mean = ((weight * rate).sum(axis=1) + 0.5) / told
    return logit(mean), 1 / np.sqrt(told * mean * (1 - mean))


def _log_posterior(data: _Data, spread: Floats) -> Floats:
    """Log posterior density in (t, standard errors of the mean), up to a constant: a row per t."""
    centre, scale = _mean_given(data, spread)
    away = (np.arange(MEAN_POINTS) + 0.5) * (2 * MEAN_REACH / MEAN_POINTS) - MEAN_REACH
    mean = expit(centre[:, None] + away * scale[:, None])
    size = np.broadcast_to((1 / spread**2 - 1)[:, None], mean.shape)
    jacobian = np.log(mean) + np.log1p(-mean) + np.log(scale)[:, None]
    likelihood = _log_likelihood(data, (mean * size).ravel(), ((1 - mean) * size).ravel())
    density: Floats = likelihood.reshape(mean.shape) + jacobian
    return density


def _log_likelihood(data: _Data, yes: Floats, no: Floats) -> Floats:
    """Beta-binomial log likelihood of all areas for each pair of Beta parameters, without the binomial constant."""
    answers = np.empty(len(yes))
    step = max(1, BLOCK // max(len(data.counts), 1))
    for start in range(0, len(yes), step):
        a, b = yes[start : start + step, None], no[start : start + step, None]
        own = gammaln(data.counts + a) + gammaln(data.people - data.counts + b) - gammaln(data.people + a + b)
        answers[start : start + step] = (own + (gammaln(a + b) - gammaln(a) - gammaln(b))) @ data.times
    return answers
