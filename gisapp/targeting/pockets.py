"""The collection ``pockets``: what the tests found, measured, ranked and named."""

from __future__ import annotations

from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import Any

import geopandas as gpd
import pandas as pd

from gisapp.analysis.finding.lineage import Lineage
from gisapp.analysis.pockets import PocketResult, find_pockets
from gisapp.analysis.small_numbers.ranking import rank_interval
from gisapp.columns import DEPRIVATIONS, columns_of
from gisapp.targeting.areas import POPULATION, measure_groups
from gisapp.targeting.lineage import lineage_columns
from gisapp.targeting.load import District
from gisapp.targeting.measure import add_headcount, at_risk
from gisapp.targeting.units import PocketUnits, least_families, member_desa, parts_by_desa, unit_counts
from gisapp.workspace.settings import WorkspaceSettings

#: Share above the district's from which a deprivation is named as a cause, and how many are named at most.
NAMED_FROM, NAMED_AT_MOST = 0.05, 3
#: A p value is never printed as zero: below this a normal tail claims more than any model can.
LEAST_P = 1e-9

#: Fewer desa than this have no ordinary variation to stand out from.
FEWEST_COMPARED = 3


def find_among(desa: gpd.GeoDataFrame, settings: WorkspaceSettings, **options: int) -> PocketResult:
    """Run the tests over the desa: events are families of the poor deciles. One or two desa hold no pocket.

    ``options`` go on to ``find_pockets`` as they are (``redraws=0`` leaves the stability out).
    """
    risk = at_risk(desa)
    if len(desa) < FEWEST_COMPARED:
        risk = risk.assign(events=0.0)
    areas = gpd.GeoDataFrame(risk.assign(code=desa["code"].astype(str)), geometry=desa.geometry)
    return find_pockets(
        areas,
        level=settings.significance_level,
        permutations=settings.permutations,
        seed=settings.seed,
        min_methods=settings.min_methods,
        **options,
    )


@dataclass(frozen=True, kw_only=True)
class Found:
    """Pockets before they are measured: the units, what the tests found, and the pocket of each family.

    ``grid_support`` is by pocket id; ``lineage`` is None where there is no parent run; ``facts`` go to the manifest.
    """

    units: PocketUnits
    result: PocketResult
    by: pd.Series
    grid_support: pd.Series
    lineage: Lineage | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def make_pockets(
    district: District,
    desa: gpd.GeoDataFrame,
    found: Found,
    distances: pd.DataFrame,
    settings: WorkspaceSettings,
) -> gpd.GeoDataFrame:
    """One row per pocket, best rank first; empty, with its columns, where nothing stands out."""
    result, units = found.result, found.units
    if result.pockets.empty:
        nothing = pd.DataFrame({name: pd.Series(dtype="object") for name in columns_of("pockets")})
        return gpd.GeoDataFrame(nothing, geometry=gpd.GeoSeries([], crs=district.crs))
    pockets = result.pockets.set_index("pocket_id")
    measured = measure_groups(district.families, found.by, distances, settings).reindex(pockets.index)
    groups = add_headcount(measured.join(_population(desa, found).reindex(pockets.index)))
    kept = ["n_areas", "methods", "agreement", "methods_run", "p_value", "relative_risk", "stability"]
    groups = groups.join(pockets[kept]).join(_ranks(groups, settings)).join(found.grid_support)
    groups = groups.join(lineage_columns(found.lineage, groups.index))
    groups["p_value"] = groups["p_value"].clip(lower=LEAST_P)
    groups = groups.assign(unit=units.unit, n_units=unit_counts(result).reindex(groups.index))
    poor, members = _members(district, desa, found, least_families(settings))
    groups["n_areas"] = pd.Series({name: len(codes) for name, codes in members.items()}).reindex(groups.index)
    groups = _named(groups, members, poor, desa)
    groups["core_codes"] = core_codes(found).reindex(groups.index)
    shapes = units.shapes.set_index("code").geometry
    geometry = [shapes.loc[list(codes)].union_all() for codes in pockets["member_codes"].reindex(groups.index)]
    frame = groups.reset_index(names="pocket_id").assign(status="present")
    return gpd.GeoDataFrame(frame, geometry=geometry, crs=district.crs)


def core_codes(found: Found) -> pd.Series:
    """Codes of the core desa of each pocket by its id; empty below the desa, where a code is a cell or a hamlet."""
    members = found.result.members.assign(code=found.units.shapes["code"].to_numpy())
    core = members[members["role"].eq("core") & members["pocket_id"].notna()]
    if found.units.unit != "desa":
        core = core.iloc[:0]
    codes: pd.Series = (
        core["code"].astype(str).groupby(core["pocket_id"].astype(str)).agg(lambda each: "; ".join(sorted(each)))
    )
    return codes.astype("object")


def _population(desa: gpd.GeoDataFrame, found: Found) -> pd.DataFrame:
    """Everybody who lives in each pocket by the population table; unknown below the desa, where no table reaches."""
    people = desa.set_index("code")[list(POPULATION)].astype("float64")
    if found.units.unit != "desa":
        return people.iloc[:0]
    pocket_of = pd.Series(found.result.members["pocket_id"].to_numpy(), index=desa["code"]).dropna()
    sums: pd.DataFrame = people.groupby(people.index.map(pocket_of)).agg(lambda values: values.sum(skipna=False))
    return sums


def _members(
    district: District, desa: gpd.GeoDataFrame, found: Found, least: int
) -> tuple[dict[str, pd.Series], dict[str, list[str]]]:
    """Families of the poor deciles by member desa, and the codes of the member desa, of each pocket."""
    if found.units.unit == "desa":
        rows = found.result.pockets
        members = {str(name): list(codes) for name, codes in zip(rows["pocket_id"], rows["member_codes"], strict=True)}
        counts = desa.set_index("code")["poor_families"]
        return {name: counts.loc[codes] for name, codes in members.items()}, members
    parts = parts_by_desa(district.families, found.by)
    members = member_desa(parts, least)
    tables = {str(name): part.set_index("code")["poor_families"] for name, part in parts.groupby("pocket_id")}
    return {name: tables[name].loc[codes] for name, codes in members.items()}, members


def _ranks(groups: pd.DataFrame, settings: WorkspaceSettings) -> pd.DataFrame:
    """Rank by the criterion named in the settings, with the range that chance leaves open."""
    risk = at_risk(groups)
    size = {
        "poor_families": risk["population"],
        "poor_persons": risk["population"] * groups["poor_persons"] / groups["poor_families"].clip(lower=1),
        "headcount_ratio": None,
    }[settings.ranking_criterion]
    ranks = rank_interval(risk["events"], risk["population"], size=size, seed=settings.seed)
    return ranks.assign(rank_criterion=settings.ranking_criterion)


def letters(n: int) -> list[str]:
    """A, B, … Z, AA, AB …: letters, because the order is known only as far as the rank intervals say."""
    names = [*ascii_uppercase, *(first + second for first in ascii_uppercase for second in ascii_uppercase)]
    return names[:n]


def _named(
    groups: pd.DataFrame, members: dict[str, list[str]], poor: dict[str, pd.Series], desa: gpd.GeoDataFrame
) -> pd.DataFrame:
    ordered = groups.sort_values(["rank", "pocket_id"], kind="stable")
    names = desa.set_index("code")["name"]
    codes = [members[str(pocket)] for pocket in ordered.index]
    return ordered.assign(
        label=letters(len(ordered)),
        name=[pocket_name(poor[str(pocket)], names) for pocket in ordered.index],
        member_codes=["; ".join(each) for each in codes],
        member_names=["; ".join(str(names[code]) for code in each) for each in codes],
        main_causes=[_causes(row, desa) for _, row in ordered.iterrows()],
    )


def pocket_name(poor: pd.Series, names: pd.Series) -> str:
    """The member with most families of the poor deciles; "dan sekitarnya" where it has company."""
    first = str(names[poor.sort_index().astype("float64").idxmax()])
    return f"{first} dan sekitarnya" if len(poor) > 1 else first


def _causes(pocket: pd.Series, desa: gpd.GeoDataFrame) -> str:
    """Deprivations that are more common here than in the district, the largest difference first."""
    families = desa["families"].astype("float64")
    above = {}
    for name in DEPRIVATIONS:
        column = f"deprived_share_{name}"
        known = families[desa[column].notna()].sum() if column in desa else 0.0
        if known > 0:
            district = float((desa[column] * families).sum() / known)
            above[name] = float(pocket[column]) - district
    ordered = sorted((name for name in above if above[name] >= NAMED_FROM), key=lambda name: (-above[name], name))
    return "; ".join(ordered[:NAMED_AT_MOST])
