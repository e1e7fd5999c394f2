"""Find areas whose own rate is above what areas of this district vary by anyway.

Neighbours play no part, so a single high village among ordinary ones can be found. Desa differ by much more
than chance (overdispersion): a test against chance alone would call a third of them special. The variance
between areas is therefore estimated, robustly, so that the pockets themselves do not hide in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import least_squares
from scipy.special import betainc, betaincc, expit, roots_hermitenorm
from scipy.stats import norm
from scipy.stats import t as student

from gisapp.analysis.checks import Floats, event_counts
from gisapp.analysis.hotspots import false_discovery_rate

#: Areas that the between-area variance is read from: the middle, between these two quantiles of the log rate.
_CENTRAL = (0.25, 0.75)
_ROUNDS = 50
#: A standard deviation read from quartiles is as sure as one computed from this share of the areas (normal data;
#: Rousseeuw & Croux 1993, table 2, of the interquartile range).
_QUARTILE_EFFICIENCY = 0.37
#: Quantiles that the predictive mixture is summed over, out to a tail of 1e-12 on each side.
_NODES, _REACH = 81, 27.6
_LEAST_TAIL = 1e-15
#: Nodes of the normal mixture that the quartiles are matched with; log rates stay below one family in one; areas
#: that differ by e^3 between ordinary ones are no district.
_HERMITE, _LOG_CEILING, _MOST_SPREAD = 21, -1e-9, 3.0
#: Areas of similar size stand for one another when quartiles are matched.
_SIZES = 32


def log_rates(events: Any, population: Any) -> pd.DataFrame:
    """Log of each rate with its sampling variance: columns ``log_rate``, ``variance``; NaN without population.

    See ``haldane_log_rate``. Raises ``InvalidInputError`` for bad counts by row.
    """
    counts, people, index = event_counts(events, population, subject="log_rates")
    log_rate, variance = haldane_log_rate(counts, people)
    table = pd.DataFrame({"log_rate": log_rate, "variance": variance}, index=index)
    return table.where(pd.Series(people > 0, index=index), axis=0)


def haldane_log_rate(counts: Floats, people: Floats) -> tuple[Floats, Floats]:
    """Log of each rate and its sampling variance, of one map or of several (maps, areas).

    Half an event and half a non-event are added (Haldane-Anscombe), so that zero has a logarithm; the
    variance of the log of a share is (1 − r) / events by the delta method.
    """
    rate = (counts + 0.5) / (people + 1.0)
    return np.log(rate), (1 - rate) / (counts + 0.5)


def central_spread(log_rate: Floats, variance: Floats) -> tuple[float, float]:
    """Median of the log rates and the between-area standard deviation that their middle half shows.

    The quartile distance of a normal mixture with each area's own sampling variance is matched to the
    observed one by iteration; no less than 0. Pockets sit in the upper tail and hardly move quartiles.
    """
    present = np.isfinite(log_rate)
    values, noise = log_rate[present], variance[present]
    if not len(values):
        return float("nan"), float("nan")
    centre = float(np.median(values))
    lower, upper = np.quantile(values, _CENTRAL)
    half_width = float(upper - lower) / 2
    quantile = float(norm.ppf(_CENTRAL[1]))
    low, high = 0.0, half_width / quantile + 1e-12
    for _ in range(_ROUNDS):
        middle = (low + high) / 2
        inside = float(norm.cdf(half_width / np.sqrt(noise + middle**2)).mean())
        low, high = (middle, high) if inside > _CENTRAL[1] else (low, middle)
    return centre, (low + high) / 2


@dataclass(frozen=True)
class Ordinary:
    """Log rates of ordinary areas: their median, their standard deviation, and how well that is known.

    ``freedom``: degrees of freedom that the quartiles of this many areas carry.
    """

    centre: float
    spread: float
    freedom: float

    def spreads(self, count: int, *, seed: int) -> Floats:
        """Draw standard deviations that the observed quartiles leave possible: spread × √(freedom / χ²)."""
        chi_square = np.random.default_rng(seed).chisquare(self.freedom, count)
        drawn: Floats = np.minimum(self.spread * np.sqrt(self.freedom / chi_square), _MOST_SPREAD)
        return drawn


def ordinary_rates(events: Any, population: Any) -> Ordinary:
    """Median and standard deviation of the log rates of ordinary areas; NaN without population.

    Both are chosen so that a log-normal mixture of binomials puts as many areas below the observed lower and upper
    quartile of the log rates as there are: ``central_spread`` without its normal approximation, which small counts
    break. Pockets sit in the upper tail and hardly move quartiles. The spread is 0 where chance alone suffices.
    """
    counts, people, _ = event_counts(events, population, subject="ordinary_rates")
    table = log_rates(events, population)
    start = central_spread(table["log_rate"].to_numpy(), table["variance"].to_numpy())
    freedom = max(1.0, _QUARTILE_EFFICIENCY * (int((people > 0).sum()) - 1))
    if not counts.any():
        return Ordinary(*start, freedom)
    size, portion = _sizes(people[people > 0] + 1.0)
    observed = table["log_rate"].to_numpy()[people > 0]
    quartiles = np.quantile(observed, _CENTRAL, method="closest_observation")
    shares = [float((observed < at).mean() + (observed == at).mean() / 2) for at in quartiles]
    point, weight = roots_hermitenorm(_HERMITE)
    weight = weight / weight.sum()

    def off(parameters: Floats) -> Floats:
        rate = np.exp(np.minimum(parameters[0] + parameters[1] * point, _LOG_CEILING))[:, None]
        below = [weight @ betaincc(size * np.exp(at), size * (1 - np.exp(at)), rate) @ portion for at in quartiles]
        return np.array(below) - shares

    fitted = least_squares(off, [start[0], max(start[1], 0.05)], bounds=([-np.inf, 0], [_LOG_CEILING, _MOST_SPREAD]))
    return Ordinary(float(fitted.x[0]), float(fitted.x[1]), freedom)


def _sizes(size: Floats) -> tuple[Floats, Floats]:
    """At most ``_SIZES`` typical sizes, each the mean of as many areas of similar size, and the share of areas."""
    groups = np.array_split(np.sort(size), min(_SIZES, len(size)))
    return np.array([group.mean() for group in groups]), np.array([len(group) for group in groups]) / len(size)


def overdispersed_excess(
    events: Any, population: Any, *, level: float = 0.05, ordinary: Ordinary | None = None
) -> pd.DataFrame:
    """Give the place of each count in what an ordinary area of this district and size would show.

    The count of an ordinary area is binomial with a log rate that varies around the district's median by τ
    (``ordinary_rates``): the additive random effects of Spiegelhalter (2005), with the predictive tail of Ohlssen,
    Sharples & Spiegelhalter (2007) in place of a normal one, because the variance of an observed log rate shrinks
    just where the count happens to be high. τ is itself an estimate: log rates follow Student's t with the
    degrees of freedom that quartiles of this many areas carry. ``ordinary`` holds another map against what
    is known of this one.

    Columns: ``p_value`` (chance of this many events or more), ``z_score`` (normal score of the mid-p, so that scores
    of large and small areas compare), ``excess`` (bool: high at this false discovery rate). An area without
    population has z and p NaN.

    It assumes that ordinary areas vary roughly like a log-normal; where they have a heavier upper tail than
    that, what it finds is real excess of that area, not proof of a planted cause.
    Raises ``InvalidInputError`` for missing or negative counts and events above the population.
    """
    counts, people, index = event_counts(events, population, subject="overdispersed_excess")
    usual = ordinary or ordinary_rates(events, population)
    p_value, z_score = np.full(len(counts), np.nan), np.full(len(counts), np.nan)
    lived = people > 0
    if lived.any():
        at_least, more = predictive_tails(counts[lived], people[lived], usual)
        p_value[lived] = at_least
        z_score[lived] = norm.isf(np.clip((at_least + more) / 2, _LEAST_TAIL, 1 - _LEAST_TAIL))
    found = false_discovery_rate(pd.Series(p_value, index=index), level=level)
    return pd.DataFrame({"z_score": z_score, "p_value": p_value, "excess": found}, index=index)


def predictive_tails(counts: Floats, people: Floats, usual: Ordinary) -> tuple[Floats, Floats]:
    """Chance of at least, and of more than, each count where log rates are centre + spread × t.

    The binomial tail is a regularised incomplete beta function; the mixture is a sum over ``_NODES`` quantiles
    of t, evenly spaced on the logit of their probability so that both tails are as fine as the middle.
    """
    logit = np.linspace(-_REACH, _REACH, _NODES)
    below = expit(logit)
    weight = below * (1 - below)
    rate = np.exp(np.minimum(usual.centre + usual.spread * student.ppf(below, usual.freedom), 0.0))
    share = (weight / weight.sum())[:, None]
    events, rest = counts[None, :], (people - counts)[None, :]
    at_least = betainc(np.maximum(events, _LEAST_TAIL), rest + 1, rate[:, None])
    more = betainc(events + 1, np.maximum(rest, _LEAST_TAIL), rate[:, None])
    at_least = np.where(events <= 0, 1.0, at_least)
    more = np.where(rest <= 0, 0.0, more)
    return (share * at_least).sum(axis=0), (share * more).sum(axis=0)
