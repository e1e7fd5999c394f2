"""Funded works of the district: which are recent enough, where they stand, and which answer nothing that is known."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from gisapp.analysis.codes import digits

_YEAR = re.compile(r"(19|20)\d{2}")


def place_works(
    works: gpd.GeoDataFrame, desa: gpd.GeoDataFrame, *, period: str, years_back: int
) -> tuple[gpd.GeoDataFrame, dict[str, Any]]:
    """Works that may answer a suggestion, as ``analysis.suggesting.funded_works`` takes them, and what became of all.

    ``works`` as ``workspace.shaped.read_works`` gives them, in the CRS of ``desa`` (``code``). A shape stands in the
    desa that it touches; a code in the desa that it names, or somewhere in those of its kecamatan.
    """
    first = _first_year(period, years_back)
    past = works["year"].to_numpy(dtype="int64") < first
    silent = np.array([not answers for answers in works["answers"]], dtype=bool)
    by_shape = _desa_by_shape(works, desa)
    places = [
        (codes, True) if codes else _desa_by_code(str(code), desa["code"])
        for codes, code in zip(by_shape, works["code"], strict=True)
    ]
    lost = np.array([not codes for codes, _ in places], dtype=bool)
    kept = works.assign(codes=[codes for codes, _ in places], certain=[sure for _, sure in places])
    kept = kept[~(past | silent | lost)].reset_index(drop=True)
    facts = {
        "supplied": len(works),
        "used": len(kept),
        "past": int(past.sum()),
        "kind_unknown": int((silent & ~past).sum()),
        "without_place": int((lost & ~silent & ~past).sum()),
        "first_year": first if first > 0 else None,
    }
    return kept, facts


def work_warnings(facts: Mapping[str, int]) -> dict[str, int]:
    """Works that pre-empt nothing, by code and count; only what occurred."""
    counted = {
        "work_kind_unknown": facts["kind_unknown"],
        "work_without_place": facts["without_place"],
        "work_past": facts["past"],
    }
    return {code: count for code, count in counted.items() if count}


def _first_year(period: str, years_back: int) -> int:
    found = _YEAR.search(period)
    return int(found[0]) - years_back if found else 0


def _desa_by_shape(works: gpd.GeoDataFrame, desa: gpd.GeoDataFrame) -> list[tuple[str, ...]]:
    """Codes of the desa that each shape touches, sorted; none without a shape."""
    touched = works[["geometry"]].reset_index(drop=True).sjoin(desa[["code", "geometry"]], predicate="intersects")
    codes = touched.groupby(level=0)["code"].agg(lambda found: tuple(sorted(set(map(str, found)))))
    return [codes.get(row, ()) for row in range(len(works))]


def _desa_by_code(code: str, desa: Sequence[str] | pd.Series) -> tuple[tuple[str, ...], bool]:
    """Desa of a code and whether the work surely stands there: one desa, or all of a kecamatan (not sure)."""
    bare = digits(code)
    if len(bare) <= 4:
        return (), False
    exact = tuple(str(one) for one in desa if digits(str(one)) == bare)
    return (exact, True) if exact else (tuple(str(one) for one in desa if digits(str(one)).startswith(bare)), False)
