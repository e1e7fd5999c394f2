"""Find areas whose own rate is above what areas of this district vary by anyway.

Neighbours play no part, so a single high village among ordinary ones can be found. Desa differ by much more
than chance (overdispersion): a test against chance alone would call a third of them special. The variance
between areas is therefore estimated, robustly, so that the pockets themselves do not hide in it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from gisapp.analysis.checks import Floats, event_counts
from gisapp.analysis.hotspots import false_discovery_rate

#: Areas that the between-area variance is read from: the middle, between these two quantiles of the log rate.
_CENTRAL = (0.25, 0.75)
_ROUNDS = 50


def log_rates(events: Any, population: Any) -> pd.DataFrame:
    """Log of each rate with its sampling variance: columns ``log_rate``, ``variance``; NaN without population.

    Half an event and half a non-event are added (Haldane-Anscombe), so that zero has a logarithm; the
    variance of the log of a share is (1 − r) / events by the delta method.
    """
    counts, people, index = event_counts(events, population, subject="log_rates")
    with np.errstate(invalid="ignore"):
        rate = np.where(people > 0, (counts + 0.5) / (people + 1.0), np.nan)
        variance = np.where(people > 0, (1 - rate) / (counts + 0.5), np.nan)
        return pd.DataFrame({"log_rate": np.log(rate), "variance": variance}, index=index)


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


def overdispersed_excess(events: Any, population: Any, *, level: float = 0.05) -> pd.DataFrame:
    """Give the z of each log rate against the district's middle, allowing for the variance between areas.

    z = (log r_i − median) / √(v_i + τ²), the additive random-effects form of Spiegelhalter (2005) on the log
    scale, τ from ``central_spread``. Columns: ``z_score``, ``p_value`` (one-sided, high; normal tail),
    ``excess`` (bool: high at this false discovery rate). An area without population has z and p NaN.

    It assumes that ordinary areas vary roughly like a log-normal; where they have a heavier upper tail than
    that, what it finds is real excess of that area, not proof of a planted cause.
    Raises ``InvalidInputError`` for missing or negative counts and events above the population.
    """
    table = log_rates(events, population)
    log_rate, variance = table["log_rate"].to_numpy(), table["variance"].to_numpy()
    centre, spread = central_spread(log_rate, variance)
    z_score = (log_rate - centre) / np.sqrt(variance + spread**2)
    p_value = pd.Series(norm.sf(z_score), index=table.index)
    found = false_discovery_rate(p_value, level=level)
    return pd.DataFrame({"z_score": z_score, "p_value": p_value, "excess": found}, index=table.index)
