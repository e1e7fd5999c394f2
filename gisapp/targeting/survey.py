"""Direct survey estimates beside what a model of the run's own areas makes of them (Fay-Herriot)."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from gisapp.analysis.codes import digits
from gisapp.analysis.rates import relative_standard_error, rse_class
from gisapp.analysis.small_numbers.area_covariates import dependent_columns
from gisapp.analysis.small_numbers.fay_herriot import FayHerriotFit, fit_fay_herriot
from gisapp.targeting.load import District
from gisapp.workspace.settings import WorkspaceSettings

#: Columns of an area that may explain a survey estimate, the first ones first: full counts, without sampling error.
COVARIATES = ("headcount_ratio", "adjusted_headcount")
#: Areas per coefficient; with fewer, the model would only repeat the estimates.
_AREAS_PER_COEFFICIENT = 5
COLUMNS = (
    "survey_concept", "survey_estimate", "survey_rse", "survey_model_estimate", "survey_model_rse", "survey_class",
)  # fmt: skip


def add_survey(
    district: District, levels: dict[str, gpd.GeoDataFrame], settings: WorkspaceSettings
) -> tuple[dict[str, gpd.GeoDataFrame], dict[str, Any]]:
    """Add the survey's columns to the levels whose codes it has, and tell how each model was fitted.

    One concept only: that of most rows; rows of others are counted in a warning. Nothing is computed where no table of
    direct estimates was brought: relative standard errors belong to samples, never to the registry.
    """
    if district.direct is None:
        return levels, {}
    table = district.direct
    concept = str(table["concept"].value_counts(sort=False).sort_index().idxmax())
    others = int((table["concept"] != concept).sum())
    mine = table[table["concept"] == concept].set_index("key")
    out, told, without_error = dict(levels), {}, 0
    for level, areas in levels.items():
        keys = [digits(code) for code in areas["code"]]
        if not mine.index.isin(keys).any():
            continue
        rows = mine.reindex(keys).set_axis(areas.index)
        columns, fit = _estimates(areas, rows, settings)
        without_error += int((rows["estimate"].notna() & ~_usable(rows)).sum())
        out[level] = areas.assign(**{name: columns[name] for name in COLUMNS})
        told[level] = {"concept": concept, **_told(rows, fit)}
    used = set().union(*({digits(code) for code in levels[level]["code"]} for level in told)) if told else set()
    told_of = {
        "survey_other_concept": others,
        "survey_unknown_code": int((~mine.index.isin(list(used))).sum()),
        "survey_without_error": without_error,
    }
    district.warnings.update({code: count for code, count in told_of.items() if count})
    return out, {"survey": told} if told else {}


def _usable(rows: pd.DataFrame) -> pd.Series:
    """Rows with an estimate whose error is known and above 0: a sample without variance was too small."""
    return rows["estimate"].notna() & (rows["standard_error"] > 0)


def _estimates(
    areas: gpd.GeoDataFrame, rows: pd.DataFrame, settings: WorkspaceSettings
) -> tuple[pd.DataFrame, FayHerriotFit | None]:
    """Columns of the survey for one level; the class is that of the model's error, else of the direct one's."""
    usable = _usable(rows)
    direct, variance = rows.loc[usable, "estimate"], rows.loc[usable, "standard_error"] ** 2
    years = rows["year"].astype("Int64").astype("string")
    concept = (rows["concept"].astype("object") + " (" + years.astype("object") + ")").where(rows["estimate"].notna())
    columns = pd.DataFrame(np.nan, index=areas.index, columns=list(COLUMNS)).assign(survey_concept=concept)
    columns["survey_estimate"] = rows["estimate"]
    columns["survey_class"] = pd.Series(None, index=areas.index, dtype="object")
    if not usable.any():
        return columns, None
    error = relative_standard_error(direct, variance)
    fit = _fit(areas.loc[usable.to_numpy()], direct, variance)
    columns.loc[usable, "survey_rse"] = error.replace(np.inf, np.nan)
    if fit is not None:
        error = relative_standard_error(fit.estimates["estimate"], fit.estimates["mse"])
        columns.loc[usable, "survey_model_estimate"] = fit.estimates["estimate"].clip(0.0, 1.0)
        columns.loc[usable, "survey_model_rse"] = error.replace(np.inf, np.nan)
    cuts = settings.rse_cuts
    columns.loc[usable, "survey_class"] = rse_class(error, usable=cuts["usable"], caution=cuts["caution"])
    return columns, fit


def _fit(areas: pd.DataFrame, direct: pd.Series, variance: pd.Series) -> FayHerriotFit | None:
    """Fit with as many covariates as the areas carry; None with too few areas, or where all estimates are equal."""
    carried = len(direct) // _AREAS_PER_COEFFICIENT - 1
    if carried < 0 or float(np.ptp(direct)) == 0:
        return None
    known = [name for name in COVARIATES if areas[name].notna().all()]
    design = {"intercept": np.ones(len(areas))} | {name: areas[name].to_numpy(dtype="float64") for name in known}
    chosen = [name for name in known if name not in dependent_columns(design)][:carried]
    return fit_fay_herriot(direct, variance, areas[chosen].astype("float64") if chosen else None)


def _told(rows: pd.DataFrame, fit: FayHerriotFit | None) -> dict[str, Any]:
    """What the manifest says of one level's survey and its model."""
    known = rows[rows["estimate"].notna()]
    years = sorted({int(year) for year in known["year"].dropna()})
    sources = sorted({str(source) for source in known["source"].dropna()})
    facts: dict[str, Any] = {"years": years, "sources": sources, "areas": len(known)}
    if fit is None:
        return facts
    model = {
        "method": fit.method,
        "covariates": [name for name in fit.coefficients.index if name != "intercept"],
        "coefficients": [_plain(value, 9) for value in fit.coefficients],
        "between_area_variance": _plain(fit.between_area_variance, 12),
    }
    return {**facts, "model": model}


def _plain(value: Any, digits_kept: int) -> float | None:
    """A number as the manifest can hold it; None where the model has none."""
    number = float(value)
    return round(number, digits_kept) if np.isfinite(number) else None
