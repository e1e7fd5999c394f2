"""Monetary poverty of registered families whose expenditure a source of the district's own has measured.

Never the poverty rate of the district: that is BPS' published figure, of a sample that stands for everybody.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from gisapp.analysis.poverty import poverty_measures
from gisapp.columns import INTERNAL_AREAS
from gisapp.targeting.areas import GROUPS
from gisapp.targeting.load import District
from gisapp.workspace.settings import WorkspaceSettings

_MEASURES = ("poverty_headcount", "poverty_gap", "poverty_severity")


def add_welfare(
    district: District, levels: dict[str, gpd.GeoDataFrame], settings: WorkspaceSettings
) -> dict[str, gpd.GeoDataFrame]:
    """Add P0, P1, P2 and extreme poverty with their counts to every level; nothing where no expenditure is recorded.

    A family without an expenditure, or in a desa without an urban/rural class (no line), is not measured: the shares
    ``welfare_known`` and ``poverty_line_known`` say of how many persons each figure speaks.
    """
    families = district.families
    if "expenditure_idr" not in families.columns or families["expenditure_idr"].notna().sum() == 0:
        return levels
    classes = None if district.population is None else district.population["urban_rural"]
    lines = line_of(families["code"], classes, settings.poverty_line_idr)
    out = dict(levels)
    for level, areas in levels.items():
        measured = measure_welfare(
            families, families[GROUPS[level]], lines, extreme_line_idr=settings.extreme_poverty_line_idr
        )
        rows = measured.reindex(areas["code"]).set_axis(areas.index)
        rows = rows.fillna(dict.fromkeys((*INTERNAL_AREAS, "persons_registered"), 0))
        registered = rows.pop("persons_registered").replace(0, np.nan)
        out[level] = areas.assign(
            **{name: rows[name] for name in rows.columns},
            welfare_known=rows["welfare_persons"] / registered,
            poverty_line_known=rows["line_persons"] / registered,
        )
    return out


def line_of(codes: pd.Series, classes: pd.Series | None, lines: dict[str, float]) -> pd.Series:
    """Poverty line of each family by its desa's class, aligned with ``codes``; NaN without a class or without a line.

    ``classes``: urban_rural by desa code. Being a kelurahan is no class.
    """
    if classes is None:
        return pd.Series(np.nan, index=codes.index)
    given = {name: float(line) for name, line in lines.items() if line > 0}
    return codes.map(classes.map(given)).astype("float64")


def measure_welfare(
    families: pd.DataFrame, by: pd.Series, lines: pd.Series, *, extreme_line_idr: float
) -> pd.DataFrame:
    """Measures per group and the counts behind them; families without a group are left out.

    Parameters
    ----------
    families : ``persons`` and ``expenditure_idr`` (Rp per person and month, NaN where unknown).
    by, lines : group and poverty line of each family, aligned; a line may be NaN.

    Returns
    -------
    One row per group: ``persons_registered``, the columns of ``INTERNAL_AREAS`` and, NaN where nobody was measured,
    ``persons_below_line``, P0, P1, P2 (weights: persons), ``persons_below_extreme_line`` and ``extreme_headcount``.
    """
    spent = families["expenditure_idr"].astype("float64")
    persons = families["persons"].astype("float64")
    known = spent.notna() & by.notna()
    with_line = known & lines.notna()
    poverty = poverty_measures(spent[with_line], lines[with_line], weight=persons[with_line], by=by[with_line]) if (
        with_line.any()
    ) else _nobody()  # fmt: skip
    extreme = poverty_measures(spent[known], extreme_line_idr, weight=persons[known], by=by[known])
    groups = persons[by.notna()].groupby(by[by.notna()]).sum().rename("persons_registered").to_frame()
    groups = groups.join(poverty[list(_MEASURES)])
    counted = {
        "persons_below_line": poverty["poor_weight"], "persons_below_extreme_line": extreme["poor_weight"],
        "extreme_headcount": extreme["poverty_headcount"], "welfare_families": extreme["rows"],
        "line_families": poverty["rows"], "below_line_families": poverty["poor_rows"],
        "extreme_families": extreme["poor_rows"], "welfare_persons": extreme["weight"],
        "line_persons": poverty["weight"], **_between(spent, lines, by, extreme_line_idr),
    }  # fmt: skip
    return groups.assign(**{name: column.reindex(groups.index) for name, column in counted.items()})


def class_welfare(desa: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
    """Measures of groups of desa (urban, rural) from those of the desa: sums of counts, means weighted by persons.

    Foster-Greer-Thorbecke measures are additive over groups (1984, eq. 6). ``desa`` holds the measures,
    ``INTERNAL_AREAS`` and ``persons``; NaN where nobody of a group was measured.
    """
    counts = ["persons", "persons_below_line", "persons_below_extreme_line", *INTERNAL_AREAS]
    sums = desa[counts].astype("float64").fillna(0).groupby(by).sum().rename_axis("urban_rural")
    line, known = sums["line_persons"].replace(0, np.nan), sums["welfare_persons"].replace(0, np.nan)
    parts = {name: (desa[name].fillna(0) * desa["line_persons"]).groupby(by).sum() / line for name in _MEASURES}
    sums = sums.assign(
        **parts, extreme_headcount=sums["persons_below_extreme_line"] / known,
        poverty_line_known=sums["line_persons"] / sums["persons"],
        welfare_known=sums["welfare_persons"] / sums["persons"],
    )  # fmt: skip
    sums["persons_below_line"] = sums["persons_below_line"].where(line.notna())
    sums["persons_below_extreme_line"] = sums["persons_below_extreme_line"].where(known.notna())
    return sums


def _nobody() -> pd.DataFrame:
    names = ("rows", "poor_rows", "weight", "poor_weight", *_MEASURES)
    return pd.DataFrame(dict.fromkeys(names, pd.Series(dtype="float64")))


def _between(spent: pd.Series, lines: pd.Series, by: pd.Series, extreme_line_idr: float) -> dict[str, pd.Series]:
    """Families below both lines, between them and above both; without a poverty line, below the extreme one or not.

    Where both lines are shown, their difference is a count too. Without a poverty line all who are not below count in
    both of the other columns, so that either protects them.
    """
    known = spent.notna() & by.notna()
    spent, lines, by = spent[known], lines[known], by[known]
    poor, extreme = spent < lines, spent < extreme_line_idr
    alone = lines.isna()
    counts = {
        "low_families": extreme & (poor | alone),
        "between_families": (poor ^ extreme) & ~alone | alone & ~extreme,
        "high_families": ~poor & ~extreme,
    }
    return {name: rows.groupby(by).sum() for name, rows in counts.items()}
