"""Every measure of a run by the dated BPS urban/rural class of its desa; kelurahan is an office, not a class."""

from __future__ import annotations

from typing import Any

import pandas as pd

from gisapp.targeting.areas import POPULATION
from gisapp.targeting.measure import COUNTS, add_headcount, measure_deprivation
from gisapp.workspace.settings import WorkspaceSettings

#: Class of a desa that the population table gives none.
NO_CLASS = ""


def measure_classes(patterns: pd.DataFrame, desa: pd.DataFrame, settings: WorkspaceSettings) -> pd.DataFrame:
    """Counts, shares and deprivations per class, before any disclosure control.

    Parameters
    ----------
    patterns : families by desa, decile and what they lack (``patterns.make_patterns``).
    desa : desa rows of the collection ``areas`` with their counts, population and ``urban_rural``.

    Returns
    -------
    One row per class, sorted, desa without a class last (``urban_rural`` ""): ``areas`` (desa in it), ``class_date``
    (years of the population table), the counts, population, headcount and deprivation columns of ``areas``. Empty
    where no desa has a class.
    """
    known = desa["urban_rural"].notna() & desa["urban_rural"].ne("")
    if not known.any():
        return pd.DataFrame(columns=["urban_rural", "areas"])
    label = desa["urban_rural"].where(known, NO_CLASS).astype("object")
    counts = desa[[*COUNTS, *POPULATION]].astype("float64")
    sums = counts.groupby(label).agg({**dict.fromkeys(COUNTS, "sum"), **dict.fromkeys(POPULATION, _whole)})
    sums[list(COUNTS)] = sums[list(COUNTS)].astype("int64")
    by = patterns["code"].map(dict(zip(desa["code"], label, strict=True)))
    deprivation = measure_deprivation(
        patterns, by, weights=settings.deprivation_weights, cutoff=settings.deprivation_cutoff,
        count=patterns["families"],
    )  # fmt: skip
    years = desa["population_date"].groupby(label).agg(lambda dates: ", ".join(sorted(set(dates.dropna().astype(str)))))
    frame = add_headcount(sums).join(deprivation).assign(areas=label.value_counts(), class_date=years)
    frame = frame.rename_axis("urban_rural").reset_index()
    return frame.sort_values("urban_rural", key=lambda names: names.replace(NO_CLASS, "\uffff"), ignore_index=True)


def _whole(values: Any) -> float:
    """Sum, missing where a part is missing."""
    return float(values.sum(skipna=False))
