"""The collection ``areas``: desa, kecamatan and kabupaten with their counts, shares, deprivations and reach."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from gisapp.targeting.load import District
from gisapp.targeting.measure import COUNTS, add_headcount, count_families, measure_deprivation
from gisapp.targeting.reach import reach_of_groups
from gisapp.targeting.reliability import trusted_share
from gisapp.workspace.settings import WorkspaceSettings

#: Level -> the column of a family that names its area of that level.
GROUPS = {"desa": "code", "kecamatan": "kecamatan_code", "kabupaten": "kabupaten_code"}
POPULATION = ("population_families", "population_persons")


def measure_groups(
    families: pd.DataFrame, by: pd.Series, distances: pd.DataFrame, settings: WorkspaceSettings
) -> pd.DataFrame:
    """Counts, deprivations and reach of any grouping of families; those without a group are left out."""
    families, distances, by = families.loc[by.notna()], distances.loc[by.notna()], by.dropna()
    return count_families(families, by).join(
        [
            measure_deprivation(families, by, weights=settings.deprivation_weights, cutoff=settings.deprivation_cutoff),
            reach_of_groups(distances, by, settings),
        ]
    )


def population_of(district: District, level: str) -> pd.DataFrame:
    """Families and persons of the population table per area of one level; NA where a desa of it has no figure."""
    desa = district.desa
    if district.population is None:
        frame = pd.DataFrame(np.nan, index=desa["code"], columns=list(POPULATION)).assign(population_date=None)
    else:
        frame = pd.DataFrame(
            {
                "population_families": district.population["families"].astype("float64"),
                "population_persons": district.population["persons"].astype("float64"),
                "population_date": district.population["year"].astype("object"),
            },
            index=pd.Index(desa["code"], name="code"),
        )
    if level == "desa":
        return frame
    groups = frame.groupby(desa.set_index("code")[GROUPS[level]])
    sums = groups[list(POPULATION)].agg(lambda values: values.sum(skipna=False))
    return sums.assign(population_date=groups["population_date"].first())


def make_level(
    district: District, level: str, shapes: gpd.GeoDataFrame, distances: pd.DataFrame, settings: WorkspaceSettings
) -> gpd.GeoDataFrame:
    """Measure one administrative level; an area without any registered family keeps its row with zero counts."""
    families = district.families
    by = families[GROUPS[level]]
    measured = measure_groups(families, by, distances, settings)
    groups = measured.reindex(shapes["code"])
    groups[list(COUNTS)] = groups[list(COUNTS)].fillna(0).astype("int64")
    groups = add_headcount(groups.join(population_of(district, level)))
    area_km2 = shapes.geometry.area.to_numpy() / 1e6
    groups = groups.assign(
        level=level,
        name=shapes["name"].to_numpy(),
        **trusted_share(groups, cuts=settings.reliability_cuts),
        coverage=groups["families"] / groups["population_families"].replace(0, np.nan),
        area_km2=area_km2,
        density=groups["poor_families"] / area_km2,
    )
    return gpd.GeoDataFrame(groups.reset_index(names="code"), geometry=shapes.geometry.to_numpy(), crs=district.crs)


def population_warnings(desa: gpd.GeoDataFrame) -> dict[str, int]:
    """Desa whose population table cannot be right: no figure, or fewer families or persons than are registered."""
    known = desa["population_families"].notna()
    if not known.any():
        return {}
    families, persons = desa["population_families"] < desa["families"], desa["population_persons"] < desa["persons"]
    counted = {
        "population_missing": int((~known).sum()),
        "population_below_registered": int((families | persons).sum()),
    }
    return {code: count for code, count in counted.items() if count}


def stack_levels(district: District, levels: dict[str, gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """One frame of all levels with parent, urban/rural class and status; desa first, sorted by code."""
    desa = district.desa.set_index("code")
    if district.population is not None:
        classes = district.population["urban_rural"]
        levels["desa"] = levels["desa"].assign(urban_rural=levels["desa"]["code"].map(classes))
    parents = desa["kecamatan_code"].to_dict() | (
        desa.dropna(subset=["kecamatan_code"]).drop_duplicates("kecamatan_code")
        .set_index("kecamatan_code")["kabupaten_code"].to_dict()
    )  # fmt: skip
    ordered = [levels[level].sort_values("code") for level in GROUPS if not levels[level].empty]
    stacked = gpd.GeoDataFrame(pd.concat(ordered, ignore_index=True), crs=district.crs)
    status = np.where(stacked["families"].fillna(0) > 0, "present", "no_data")
    return stacked.assign(
        parent_code=stacked["code"].map(parents), code_bps=stacked["code"].map(district.bps_codes), status=status
    )
