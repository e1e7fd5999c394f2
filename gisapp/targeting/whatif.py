"""What another threshold would give: the measuring and the tests of a run over its ``patterns``, without a new run.

The same functions over the same counts, so that the answer is what a run with these settings would hold, to its last
kept decimal. Stability, ranks, distances and suggestions are left to a run: they take longer than an answer may.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, Protocol

import geopandas as gpd
import numpy as np
import pandas as pd

from gisapp.analysis.pockets import PocketResult
from gisapp.columns import DEPRIVATIONS
from gisapp.errors import NotFoundError
from gisapp.targeting.areas import POPULATION
from gisapp.targeting.measure import COUNTS, add_headcount, measure_deprivation
from gisapp.targeting.pockets import LEAST_P, find_among, pocket_name
from gisapp.targeting.reliability import trusted_share
from gisapp.targeting.seal import DECIMALS
from gisapp.targeting.trial import Trial, settings_of, trial_of
from gisapp.targeting.typology import quadrants_of
from gisapp.workspace.settings import WorkspaceSettings

#: Deprivation figures that follow weights and cutoff.
DEPRIVATION_FIGURES = (
    "multidimensional_headcount", "intensity", "adjusted_headcount", *(f"contribution_{name}" for name in DEPRIVATIONS)
)  # fmt: skip
HEADCOUNT_FIGURES = ("headcount_ratio", "headcount_basis", "headcount_lower", "headcount_upper")
#: What is answered of an area, and of a pocket; both are columns of the collections of these names.
AREA_FIGURES = (
    *COUNTS,
    *HEADCOUNT_FIGURES,
    "headcount_standing",
    *DEPRIVATION_FIGURES,
    "share_unknown",
    "quadrant",
    "methods_found",
    "pocket_id",
)
POCKET_FIGURES = (
    "pocket_id", "name", "member_codes", "n_areas", *COUNTS, *HEADCOUNT_FIGURES, "relative_risk", "p_value",
    "methods", "agreement", "methods_run", *DEPRIVATION_FIGURES, "share_unknown",
)  # fmt: skip


class SealedRun(Protocol):
    """A sealed run as this room reads it; ``runs.Run`` is one."""

    @property
    def manifest(self) -> dict[str, Any]:
        """What went in and how it was computed."""

    def collection(self, name: str) -> gpd.GeoDataFrame:
        """One collection before any disclosure control."""

    def context(self, name: str) -> gpd.GeoDataFrame:
        """``desa``: the polygons that the tests saw, metres."""

    def patterns(self) -> pd.DataFrame:
        """Families by area, decile and pattern."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Basis:
    """What every answer about one run starts from: its counts, areas with population, polygons and thresholds."""

    patterns: pd.DataFrame
    areas: pd.DataFrame
    desa: gpd.GeoDataFrame
    settings: WorkspaceSettings

    @cached_property
    def usual(self) -> Trial:
        """The thresholds of the run."""
        return trial_of(self.settings)

    def groups(self, level: str) -> pd.Series:
        """Code of the area of one level that each pattern's families live in."""
        code = self.patterns["code"]
        if level == "desa":
            return code
        parent = self.areas.set_index("code")["parent_code"]
        above = code.map(parent)
        return (above if level == "kecamatan" else above.map(parent)).rename(level)

    @cached_property
    def levels(self) -> dict[str, pd.DataFrame]:
        """Areas of each level by code, with their population."""
        return {str(level): rows.set_index("code") for level, rows in self.areas.groupby("level", sort=False)}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Areas of every level (``AREA_FIGURES``, code, level, parent_code) and pockets (``POCKET_FIGURES``)."""

    trial: Trial
    areas: pd.DataFrame
    pockets: pd.DataFrame


def basis_of(run: SealedRun, settings: WorkspaceSettings) -> Basis:
    """Read what a run keeps for this; NotFoundError (code no_patterns) where an earlier gisapp made it.

    ``settings`` of the workspace stand in for thresholds that the run's manifest does not name.
    """
    made_with = settings_of(run.manifest, settings)
    if made_with.pocket_unit != "desa":
        raise NotFoundError(
            f"Thresholds can be tried where pockets are made of desa; this run made them of {made_with.pocket_unit}.",
            f"Ambang dapat dicoba bila wilayah prioritas tersusun dari desa; di sini dari {made_with.pocket_unit}.",
            code="no_patterns",
        )
    patterns = run.patterns()
    columns = ["code", "name", "level", "parent_code", "status", *POPULATION]
    areas = pd.DataFrame(run.collection("areas")).reindex(columns=columns)
    areas[list(POPULATION)] = areas[list(POPULATION)].astype("float64")
    return Basis(patterns=patterns, areas=areas, desa=run.context("desa"), settings=made_with)


def try_out(basis: Basis, trial: Trial) -> Answer:
    """Measure and test again with the thresholds of a trial; everything else as the run has it."""
    levels = {
        level: _headcounts(basis, level, trial.poor_deciles).join(
            _deprivation(basis, level, tuple(sorted(trial.deprivation_weights)), trial.deprivation_cutoff)
        )
        for level in basis.levels
    }
    desa, result = _tests(basis, trial.poor_deciles, trial.significance_level, trial.min_methods)
    found = pd.DataFrame(result.members[["methods_found", "pocket_id"]]).set_axis(desa["code"])
    levels["desa"] = levels["desa"].join(found).assign(quadrant=_quadrants(desa, trial, basis.settings))
    areas = pd.concat([frame.rename_axis("code").reset_index() for frame in levels.values()], ignore_index=True)
    return Answer(trial=trial, areas=_kept(areas), pockets=_kept(_pockets(basis, levels["desa"], result, trial)))


@lru_cache(maxsize=32)
def _headcounts(basis: Basis, level: str, deciles: tuple[int, ...]) -> pd.DataFrame:
    """Counts and headcount of one level, rows as the run has them."""
    areas = basis.levels[level]
    groups = _counted(basis.patterns, basis.groups(level), deciles).reindex(areas.index).fillna(0).astype("int64")
    groups = add_headcount(groups.join(areas))
    return groups.assign(
        headcount_standing=trusted_share(groups, cuts=basis.settings.reliability_cuts)["headcount_standing"]
    )


@lru_cache(maxsize=32)
def _deprivation(basis: Basis, level: str, weights: tuple[tuple[str, float], ...], cutoff: float) -> pd.DataFrame:
    """Deprivation of one level; only weights and cutoff move it, so that other trials need not count it again."""
    patterns = basis.patterns
    measured = measure_deprivation(
        patterns, basis.groups(level), weights=dict(weights), cutoff=cutoff, count=patterns["families"]
    )
    return measured.reindex(basis.levels[level].index)


@lru_cache(maxsize=32)
def _tests(
    basis: Basis, deciles: tuple[int, ...], level: float, min_methods: int
) -> tuple[gpd.GeoDataFrame, PocketResult]:
    """The desa as the tests see them, and what they find; weights and cutoff have no part in it."""
    chosen = replace(basis.settings, poor_deciles=deciles, significance_level=level, min_methods=min_methods)
    counted = _headcounts(basis, "desa", deciles).reset_index()
    desa = basis.desa.merge(counted, on="code", how="left", validate="1:1")
    return desa, find_among(desa, chosen, redraws=0)


def decile_counts(basis: Basis, deciles: tuple[int, ...], by: pd.Series) -> pd.DataFrame:
    """Families of each of some deciles per group: one column ``decile_<d>`` for each."""
    counted = {
        f"decile_{one}": basis.patterns["families"].where(basis.patterns["decile"].eq(one).fillna(False), 0)
        for one in deciles
    }
    return pd.DataFrame(counted, index=basis.patterns.index).groupby(by).sum()


def _counted(patterns: pd.DataFrame, by: pd.Series, deciles: tuple[int, ...]) -> pd.DataFrame:
    """Families and persons, of all and of some deciles, per group of patterns; those without a group are left out."""
    poor = patterns["decile"].isin(list(deciles)).fillna(False).to_numpy(dtype=bool)
    counted = {
        "families": patterns["families"],
        "persons": patterns["persons"],
        "poor_families": patterns["families"].where(poor, 0),
        "poor_persons": patterns["persons"].where(poor, 0),
    }
    return pd.DataFrame(counted).groupby(by).sum()


def _quadrants(desa: gpd.GeoDataFrame, trial: Trial, settings: WorkspaceSettings) -> pd.Series:
    """Quadrant of each desa: at the run's cut lines, or at those of the trial."""
    found, _ = quadrants_of(
        desa,
        rate_rule=settings.quadrant_rate_cut if trial.share_cut is None else trial.share_cut,
        count_rule=settings.quadrant_count_cut if trial.count_cut is None else trial.count_cut,
    )
    return found.set_axis(desa["code"])


def _pockets(basis: Basis, desa: pd.DataFrame, result: PocketResult, trial: Trial) -> pd.DataFrame:
    """One row per pocket, most families of the chosen deciles first."""
    if result.pockets.empty:
        return pd.DataFrame({name: pd.Series(dtype="object") for name in POCKET_FIGURES})
    found = result.pockets.set_index("pocket_id")
    pocket_of = desa["pocket_id"].dropna()
    people = desa.loc[pocket_of.index, list(POPULATION)].groupby(pocket_of)
    population = people.agg(lambda values: values.sum(skipna=False))
    by = basis.patterns["code"].map(pocket_of)
    mine = basis.patterns[by.notna()]
    counted = _counted(mine, by.dropna(), trial.poor_deciles)
    measured = measure_deprivation(
        mine, by.dropna(), weights=trial.weights, cutoff=trial.deprivation_cutoff, count=mine["families"]
    )
    groups = add_headcount(counted.join([measured, population]).reindex(found.index))
    kept = ["n_areas", "methods", "agreement", "methods_run", "p_value", "relative_risk"]
    groups = groups.join(found[kept])
    codes = [list(members) for members in found["member_codes"]]
    return groups.assign(
        p_value=groups["p_value"].clip(lower=LEAST_P),
        name=[pocket_name(desa.loc[members, "poor_families"], desa["name"]) for members in codes],
        member_codes=["; ".join(members) for members in codes],
    ).rename_axis("pocket_id").reset_index().sort_values(
        ["poor_families", "pocket_id"], ascending=[False, True], ignore_index=True
    )[list(POCKET_FIGURES)]  # fmt: skip


def _kept(frame: pd.DataFrame) -> pd.DataFrame:
    """Figures with the decimals that a run keeps."""
    numbers = frame.select_dtypes(include=[np.floating]).columns
    return frame.assign(**{name: frame[name].round(DECIMALS) for name in numbers})
