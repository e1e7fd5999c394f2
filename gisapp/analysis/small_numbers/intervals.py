"""Ranges of a share: Wilson's score interval and the Bayes interval of one area, and that of a smoothed rate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import beta, gamma, norm

from gisapp.analysis.checks import Floats, as_number, event_counts, need_share, refuse
from gisapp.analysis.small_numbers.smoothing import Family, Prior, learned_prior

#: Beta parameters of Jeffreys' prior of a share.
JEFFREYS = (0.5, 0.5)


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


def bayes_interval(
    events: Any, population: Any, *, prior: tuple[float, float] = JEFFREYS, level: float = 0.95
) -> pd.DataFrame:
    """Equal-tailed interval of Beta(events + a, rest + b) per row: ``lower``, ``upper``, 0..1, NaN without population.

    The default prior (½, ½) is Jeffreys'. As Brown, Cai & DasGupta (2001, section 3.1.1) define it, the lower end
    is 0 where there is no event and the upper end 1 where all are events. Raises ``InvalidInputError`` for bad counts
    by row, for a prior that is not two numbers above 0, and for a level outside 0..1.
    """
    need_share(level, subject="bayes_interval", name="level")
    pair = np.array([as_number(each) for each in prior]) if isinstance(prior, Sequence) else np.empty(0)
    if len(pair) != 2 or not (np.isfinite(pair).all() and (pair > 0).all()):
        refuse(
            "bayes_interval", f"prior {prior} is not two numbers above 0", f"prior {prior} bukan dua angka di atas 0"
        )
    counts, people, index = event_counts(events, population, subject="bayes_interval")
    tail = (1 - level) / 2
    below, above = counts + pair[0], people - counts + pair[1]
    lower = np.where(counts == 0, 0.0, beta.ppf(tail, below, above))
    upper = np.where(counts == people, 1.0, beta.isf(tail, below, above))
    frame = pd.DataFrame({"lower": lower, "upper": upper}, index=index)
    return frame.where(np.broadcast_to((people > 0)[:, None], frame.shape))


def smoothed_interval(events: Any, population: Any, *, family: Family = "poisson", level: float = 0.95) -> pd.DataFrame:
    """Posterior range of each rate of ``empirical_bayes``: ``lower``, ``upper``; it holds the smoothed rate's model.

    The prior of mean m and strength κ (in families) that the moments of all areas give: ``poisson`` has the posterior
    Gamma(κ m + events, κ + n), ``binomial`` Beta(κ m + events, κ (1 − m) + rest); both have the smoothed rate as their
    mean (Clayton & Kaldor 1987). The prior's own uncertainty is left out (Carlin & Louis 2000, section 3.5 call this
    the naive interval); with few areas the range is too narrow. Where no variance between areas is left, all areas
    share one rate, and the range is that of this rate by Jeffreys' posterior of all events together.

    Raises ``InvalidInputError`` as ``empirical_bayes`` does, and for a level outside 0..1.
    """
    need_share(level, subject="smoothed_interval", name="level")
    counts, people, index, prior = learned_prior(events, population, family=family, subject="smoothed_interval")
    tail = (1 - level) / 2
    tails = np.array([tail, 1 - tail])
    if np.isinf(prior.strength):
        ends = np.broadcast_to(_common(counts.sum(), people.sum(), tails, family), (len(counts), 2))
    else:
        ends = _posterior(counts, people, prior, tails, family)
    return pd.DataFrame(np.array(ends), columns=["lower", "upper"], index=index)


def _common(events: float, people: float, tails: Floats, family: Family) -> Floats:
    """Ends of the one rate that all areas share."""
    if family == "poisson":
        return np.asarray(gamma.ppf(tails, events + 0.5, scale=1 / people))
    return np.asarray(beta.ppf(tails, events + 0.5, people - events + 0.5))


def _posterior(counts: Floats, people: Floats, prior: Prior, tails: Floats, family: Family) -> Floats:
    """Ends per row; a posterior without any mass on one side is a point at that end."""
    below = counts + prior.strength * prior.mean
    if family == "poisson":
        scale = 1 / (people + prior.strength)
        ends = gamma.ppf(tails[None, :], np.maximum(below, np.finfo(float).tiny)[:, None], scale=scale[:, None])
        return np.asarray(ends)
    above = people - counts + prior.strength * (1 - prior.mean)
    safe = (below > 0) & (above > 0)
    ends = beta.ppf(tails[None, :], np.where(safe, below, 1.0)[:, None], np.where(safe, above, 1.0)[:, None])
    return np.where(safe[:, None], ends, np.where(below > 0, 1.0, 0.0)[:, None])
