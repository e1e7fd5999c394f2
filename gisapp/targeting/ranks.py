"""Ranks of the desa by the criterion of the settings, with the ranks that the data leave open."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from gisapp.analysis.small_numbers.ranking import rank_interval
from gisapp.targeting.measure import at_risk
from gisapp.workspace.settings import WorkspaceSettings

RANKS = ("rank", "rank_lower", "rank_upper", "rank_group")


def ranked(groups: pd.DataFrame, *, criterion: str, seed: int) -> pd.DataFrame:
    """Ranks of groups of families with their range and ``rank_criterion``; NA where nobody is registered.

    ``groups`` holds the counts of ``measure.COUNTS`` and the population columns, one row per code. An area without a
    registered family is not ranked last: nothing is known of it.
    """
    risk = at_risk(groups)
    some = groups["poor_families"].where(groups["poor_families"] > 0)
    usual = groups["poor_persons"].sum() / max(float(groups["poor_families"].sum()), 1.0)
    per_family = (groups["poor_persons"] / some).astype("float64").fillna(float(usual))
    size = {
        "poor_families": risk["population"],
        "poor_persons": risk["population"] * per_family,
        "headcount_ratio": None,
    }[criterion]
    known = ((groups["families"] > 0) & (risk["population"] > 0)).to_numpy(dtype=bool)
    if not known.any():
        return pd.DataFrame(pd.NA, index=groups.index, columns=list(RANKS)).assign(rank_criterion=criterion)
    found = rank_interval(
        risk["events"][known], risk["population"][known], size=None if size is None else size[known], seed=seed
    )
    return found.astype("Int64").reindex(groups.index).assign(rank_criterion=criterion)


def add_ranks(desa: gpd.GeoDataFrame, settings: WorkspaceSettings) -> gpd.GeoDataFrame:
    """Rank the desa of a district; ties go to the lower code."""
    ranks = ranked(desa.set_index("code"), criterion=settings.ranking_criterion, seed=settings.seed)
    return desa.assign(**{name: ranks[name].to_numpy() for name in ranks.columns})
