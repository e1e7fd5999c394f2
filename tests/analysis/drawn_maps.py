"""Small maps whose neighbours and counts a reader can follow."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

METRES = "EPSG:32647"


def chessboard(rows: int, columns: int, *, side_m: float = 1000.0) -> gpd.GeoDataFrame:
    """Squares numbered row by row from the lower left, codes "000", "001", …"""
    boxes = [
        shapely.box(c * side_m, r * side_m, (c + 1) * side_m, (r + 1) * side_m)
        for r in range(rows)
        for c in range(columns)
    ]
    codes = [f"{at:03d}" for at in range(len(boxes))]
    return gpd.GeoDataFrame({"code": codes}, geometry=boxes, crs=METRES)


def district_with(high: dict[int, float], *, rows: int = 12, columns: int = 12, seed: int = 0) -> gpd.GeoDataFrame:
    """A chessboard of 1,000 families each, rates around 10 % (CV 0.1); ``high`` multiplies some of them."""
    areas = chessboard(rows, columns)
    rate = 0.1 * np.exp(np.random.default_rng(seed).normal(0, 0.1, len(areas)))
    for at, factor in high.items():
        rate[at] *= factor
    return areas.assign(population=1000, events=np.rint(1000 * rate).astype(int))


def series(*values: float) -> pd.Series:
    """A Series with text labels a, b, c …"""
    return pd.Series(values, index=[chr(97 + at) for at in range(len(values))])
