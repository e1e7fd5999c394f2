"""Classes of a cell's families of decile 1: what strangers see instead of counts."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd

#: Lower ends of the classes of a cell's families of decile 1, as the public sees them.
CELL_CLASSES = (10, 25, 50, 100)


def with_class(cells: gpd.GeoDataFrame, k: int, *, counted: bool) -> gpd.GeoDataFrame:
    """Add the class of each shown cell, from ``k`` on; unless ``counted`` it stands instead of the counts."""
    ends = [k, *(end for end in CELL_CLASSES if end > k)]
    labels = [f"{low}–{high - 1}" for low, high in pairwise(ends)] + [f"≥ {ends[-1]}"]
    numbers = cells["poor_families"].to_numpy(dtype="float64", na_value=np.nan)
    place = np.searchsorted(ends, np.nan_to_num(numbers), side="right") - 1
    texts = [labels[at] if np.isfinite(value) and at >= 0 else None for at, value in zip(place, numbers, strict=True)]
    shown = cells.assign(**{"class": pd.Series(texts, index=cells.index, dtype="object")})
    counts = [name for name in ("families", "persons", "poor_families", "poor_persons") if name in shown.columns]
    return shown if counted else shown.drop(columns=counts)
