"""How far the share of decile 1 of an area may be trusted: smoothed, with its range, reliability and standing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gisapp.analysis.rates import empirical_bayes, reliability, smoothed_interval

#: May a figure stand on its own: yes, only beside its range, no.
STANDINGS = ("alone", "with_range", "not_alone")
COLUMNS = ("headcount_smoothed", "smoothed_lower", "smoothed_upper", "headcount_reliability", "headcount_standing")


def trusted_share(groups: pd.DataFrame, *, cuts: dict[str, float]) -> pd.DataFrame:
    """Give the columns of ``COLUMNS`` per area, aligned with ``groups``; on the same basis as the share.

    Families are the units that a share rests on, also where persons are counted, because decile is given per family.
    With one area, or without anybody, nothing can be learned from the others and all columns are missing. An area
    without a share has a smoothed one (that of all areas), but no reliability and no standing.
    """
    over_population = groups["headcount_basis"].eq("population_persons")
    units = groups["population_families"].where(over_population, groups["families"]).fillna(0).astype("float64")
    known = groups["headcount_ratio"].notna() & (units > 0)
    if len(groups) < 2 or not known.any():
        return pd.DataFrame(np.nan, index=groups.index, columns=list(COLUMNS)).astype({"headcount_standing": "object"})
    events, units = (groups["headcount_ratio"] * units).where(known, 0.0), units.where(known, 0.0)
    span = smoothed_interval(events, units).clip(upper=1.0)
    trust = reliability(events, units).where(known)
    return pd.DataFrame(
        {
            "headcount_smoothed": empirical_bayes(events, units),
            "smoothed_lower": span["lower"],
            "smoothed_upper": span["upper"],
            "headcount_reliability": trust,
            "headcount_standing": standing(trust, cuts),
        }
    )


def standing(trust: pd.Series, cuts: dict[str, float]) -> pd.Series:
    """``alone``, ``with_range`` or ``not_alone`` by the reliability; None where it is missing."""
    place = (trust < cuts["alone"]).astype(int) + (trust < cuts["with_range"])
    words = pd.Series(np.array(STANDINGS, dtype=object)[place.to_numpy()], index=trust.index, dtype="object")
    return words.where(trust.notna(), None)
