"""Where the registry is silent: families expected against registered, thin villages, and visits to draw there."""

from __future__ import annotations

from functools import partial

import geopandas as gpd
import numpy as np
import pandas as pd

from gisapp.analysis.allocation import neyman
from gisapp.analysis.codes import digits
from gisapp.analysis.coverage_gap import FEWEST_AREAS, Counted, coverage_gap, thin_registration
from gisapp.targeting.load import District
from gisapp.workspace.estimate_rules import ALL_FAMILIES, decile_concept
from gisapp.workspace.settings import WorkspaceSettings

_SUMS = ("expected_families", "coverage_gap", "coverage_gap_lower", "coverage_gap_upper", "visits_suggested")
_NEEDED = ("expected_families", "coverage_gap", "coverage_gap_lower", "coverage_gap_upper")


def add_registration(
    district: District, levels: dict[str, gpd.GeoDataFrame], settings: WorkspaceSettings
) -> dict[str, gpd.GeoDataFrame]:
    """Add the columns of coverage to every level; the warnings go to the district.

    Higher levels are sums of their desa, and missing where a desa has no figure. Ends of the gap are summed as well:
    the errors of desa that one model expected are not independent, so nothing is gained by adding them up.
    """
    desa = levels["desa"]
    found = desa[["code"]].join(
        [_gap(district, desa, settings), _thin(desa, settings), _visits(desa, settings)]
    )  # aligned by position: both have the index of ``desa``
    out = {"desa": desa.assign(**{name: found[name] for name in found.columns if name != "code"})}
    parents = district.desa.set_index("code")
    for level, column in (("kecamatan", "kecamatan_code"), ("kabupaten", "kabupaten_code")):
        above = found.set_index("code")[list(_SUMS)].astype("float64").groupby(parents[column])
        sums = above.agg(lambda values: values.sum(skipna=False)).reindex(levels[level]["code"])
        concept = found["coverage_gap_concept"].dropna()
        sums = sums.assign(coverage_gap_concept=concept.iloc[0] if len(concept) else None)
        sums["coverage_gap_concept"] = sums["coverage_gap_concept"].where(sums["coverage_gap"].notna(), None)
        out[level] = levels[level].assign(**{name: sums[name].to_numpy() for name in sums.columns})
    return out


def _gap(district: District, desa: gpd.GeoDataFrame, settings: WorkspaceSettings) -> pd.DataFrame:
    """Expected families and the gap per desa, of the one concept that the run counts as well."""
    nothing = pd.DataFrame(np.nan, index=desa.index, columns=list(_NEEDED)).assign(coverage_gap_concept=None)
    table = district.expected
    if table is None:
        return nothing
    concept = _concept(table, settings)
    mine = table[table["concept"] == concept].set_index("key").reindex([digits(code) for code in desa["code"]])
    mine.index = desa.index
    told_of = {
        "expected_missing": int(mine["families"].isna().sum()),
        "expected_other_concept": int((table["concept"] != concept).sum()),
    }
    district.warnings.update({code: count for code, count in told_of.items() if count})
    if mine["families"].isna().all():
        return nothing
    counted = Counted(concept, "families")
    registered = desa["families" if concept == ALL_FAMILIES else "poor_families"]
    numbers = mine[["families", "lower", "upper", "standard_error"]].astype("float64")
    between = partial(coverage_gap, registered, numbers["families"], registered_as=counted, expected_as=counted)
    given = between(lower=numbers["lower"], upper=numbers["upper"])
    gap = given.fillna(between(standard_error=numbers["standard_error"]))
    return pd.DataFrame(
        {
            "expected_families": numbers["families"],
            "coverage_gap": gap["gap"],
            "coverage_gap_lower": gap["lower"],
            "coverage_gap_upper": gap["upper"],
            "coverage_gap_concept": pd.Series(concept, index=desa.index, dtype="object").where(
                gap["gap"].notna(), None
            ),
        }
    )


def _concept(table: pd.DataFrame, settings: WorkspaceSettings) -> str:
    """Families of the deciles that the run counts where the table has them, else all families."""
    poor = decile_concept(settings.poor_deciles)
    return poor if (table["concept"] == poor).any() else ALL_FAMILIES


def _thin(desa: gpd.GeoDataFrame, settings: WorkspaceSettings) -> pd.DataFrame:
    """Desa of which suspiciously few families are registered; only against a population table."""
    families = desa["population_families"].fillna(0).astype("float64")
    registered = desa["families"].astype("float64").where(families > 0, 0.0)
    if int((families > 0).sum()) < FEWEST_AREAS:
        return pd.DataFrame({"registration_z": np.nan, "registration_thin": pd.NA}, index=desa.index)
    # More registered than the table knows is a fault of the table; it is told as a warning and is not thin.
    found = thin_registration(registered, np.maximum(families, registered), level=settings.significance_level)
    thin = found["thin"].astype("boolean").where(families > 0)
    return pd.DataFrame({"registration_z": found["z_score"], "registration_thin": thin})


def _visits(desa: gpd.GeoDataFrame, settings: WorkspaceSettings) -> pd.Series:
    """Visits of verification per desa among its registered families, as many as there can be."""
    share = settings.verification_error_share
    sizes = pd.Series(desa["families"].to_numpy(), index=desa["code"].to_numpy())
    spread = pd.Series(float(np.sqrt(share * (1 - share))), index=sizes.index)
    visits = min(settings.verification_visits, int(sizes.sum()))
    allotted = neyman(sizes, spread, visits=visits)
    return pd.Series(allotted.to_numpy(), index=desa.index, name="visits_suggested")
