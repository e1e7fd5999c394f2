"""Counts, shares and deprivations per group of families; every figure with what it rests on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from gisapp.analysis.deprivation import alkire_foster
from gisapp.analysis.rates import wilson_interval
from gisapp.columns import DEPRIVATIONS
from gisapp.targeting.patterns import UNKNOWN, YES, by_group, deprived_of

COUNTS = ("families", "persons", "poor_families", "poor_persons")


def count_families(families: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
    """Families and persons, of all and of the poor deciles, per group; rows without a group are left out."""
    poor = families["poor"].to_numpy(dtype=bool)
    persons = families["persons"].to_numpy(dtype="int64")
    counted = pd.DataFrame(
        {
            "families": np.ones(len(families), dtype="int64"),
            "persons": persons,
            "poor_families": poor.astype("int64"),
            "poor_persons": np.where(poor, persons, 0),
        },
        index=families.index,
    )
    return counted.groupby(by).sum()


def measure_deprivation(
    families: pd.DataFrame,
    by: pd.Series,
    *,
    weights: dict[str, float],
    cutoff: float,
    count: pd.Series | None = None,
) -> pd.DataFrame:
    """Alkire-Foster measures and the share deprived in each indicator, per group of registered families.

    The share deprived in one indicator is over the families in which that indicator is known. ``families`` may be rows
    of families or of ``patterns`` with their ``count``: both are counted by pattern first and give the same bits.
    """
    names = [name for name in DEPRIVATIONS if name in weights]
    group, states, counted = by_group(families, by, names, families=count)
    measured = alkire_foster(
        deprived_of(states, names), weights, cutoff=cutoff, weight=counted, by=group, unknown="drop"
    )
    known = _shares(states, group, counted, names)
    frame = pd.DataFrame(
        {
            "multidimensional_headcount": measured["headcount_ratio"],
            "intensity": measured["intensity"],
            "adjusted_headcount": measured["adjusted_headcount"],
            "share_unknown": measured["share_unknown"],
            "share_of_adjusted_headcount": measured["group_contribution"],
        }
    )
    for name in DEPRIVATIONS:
        if name in weights:
            frame[f"deprived_share_{name}"] = known[name].astype("float64")
            frame[f"contribution_{name}"] = measured[f"contribution.{name}"]
    return frame.astype("float64")


def _shares(states: Any, group: pd.Series, count: Any, names: list[str]) -> pd.DataFrame:
    """Share of families that lack something, among those of whom it is known; NaN where it is known of nobody."""
    yes = pd.DataFrame((states == YES) * count[:, None], columns=names).groupby(group).sum()
    known = pd.DataFrame((states != UNKNOWN) * count[:, None], columns=names).groupby(group).sum()
    return yes / known.where(known > 0)


def add_headcount(groups: pd.DataFrame) -> pd.DataFrame:
    """Add the share of the poor deciles with its model range and the basis that it rests on.

    Over the population where a population table gives it, else over the registered families. The model range is
    Wilson's interval with families, not persons, as the independent units, because decile is given per family.
    """
    over_population = groups["population_persons"].notna() & (groups["population_persons"] > 0)
    ratio = np.where(
        over_population,
        groups["poor_persons"] / groups["population_persons"].where(over_population),
        groups["poor_families"] / groups["families"].where(groups["families"] > 0),
    )
    ratio = np.minimum(ratio.astype("float64"), 1.0)
    units = np.where(over_population, groups["population_families"].astype("float64"), groups["families"])
    usable = np.isfinite(ratio) & (units > 0)
    interval = wilson_interval(
        pd.Series(np.where(usable, ratio * units, 0.0), index=groups.index),
        pd.Series(np.where(usable, units, 1.0), index=groups.index),
    )
    basis = over_population.map({True: "population_persons", False: "registered_families"})
    return groups.assign(
        headcount_ratio=ratio,
        headcount_basis=basis.where(usable),
        headcount_lower=interval["lower"].where(usable),
        headcount_upper=interval["upper"].where(usable),
    )


def at_risk(groups: pd.DataFrame) -> pd.DataFrame:
    """Events and population that the tests compare: families of the poor deciles among all, else among registered."""
    listed = groups["families"].astype("float64")
    if groups["population_families"].notna().all():
        listed = np.maximum(groups["population_families"].astype("float64"), listed)
    return pd.DataFrame({"events": groups["poor_families"].astype("float64"), "population": listed})
