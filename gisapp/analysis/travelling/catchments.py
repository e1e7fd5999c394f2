"""Catchments of facilities by travel time, and the share of families within the minutes of each standard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from rasterio.features import shapes

from gisapp.analysis.checks import Complaints, as_number, as_numbers, need_same_rows, refuse
from gisapp.analysis.travelling.friction_grid import Grid

STATUSES = ("reached", "unreachable", "unknown")


def catchments(nearest: Any, grid: Grid, *, facilities: Any = None) -> gpd.GeoDataFrame:
    """Polygons of the cells from which each facility is reached soonest: ``facility``, ``area_km2``, sorted by row.

    Parameters
    ----------
    nearest
        Grid of rows of facilities, -1 where none is reached, as ``travel_time.least_cost`` gives it.
    facilities
        Labels by row; the rows themselves if not given. A facility that no cell chooses has no catchment.

    Raises
    ------
    InvalidInputError
        Another size than the grid, a row beyond the labels.
    """
    rows = np.asarray(nearest)
    if rows.shape != tuple(grid.shape) or rows.dtype.kind not in "iu":
        refuse("catchments", "nearest is no grid of whole rows", "nearest bukan kisi nomor baris")
    labels = pd.RangeIndex(int(rows.max(initial=-1)) + 1) if facilities is None else pd.Index(facilities)
    if rows.max(initial=-1) >= len(labels):
        refuse(
            "catchments",
            f"nearest names row {rows.max()}, there are {len(labels)} facilities",
            f"nearest menyebut baris {rows.max()}, fasilitas hanya {len(labels)}",
        )
    drawn: dict[int, list[Any]] = {}
    for shape, value in shapes(rows.astype(np.int32), mask=rows >= 0, transform=grid.transform):
        drawn.setdefault(int(value), []).append(shapely.geometry.shape(shape))
    order = sorted(drawn)
    merged = [shapely.union_all(drawn[row]) for row in order]
    frame = gpd.GeoDataFrame({"facility": labels.take(order)}, geometry=merged, crs=grid.crs)
    frame["area_km2"] = frame.area / 1e6 if len(frame) else 0.0
    return frame


def share_within(families: pd.DataFrame, standards_min: Mapping[str, float], *, weight: Any = None) -> pd.DataFrame:
    """Families within and beyond the minutes of each standard, who has no way at all, and of whom nothing is known.

    Parameters
    ----------
    families
        ``status`` and ``travel_time_min`` as ``travel_time.reach`` gives them.
    standards_min
        Minutes by name of the standard; the limit is within.
    weight
        Families (or persons) that a row stands for; 1 each if not given.

    Returns
    -------
    DataFrame
        One row per standard: ``minutes``, ``within``, ``beyond`` (there is a way), ``unreachable``, ``unknown`` and
        ``share_within`` (0..1) of the rows whose place is known; NaN when none is.

    Raises
    ------
    InvalidInputError
        A status or weight that is none, minutes that are not above 0, no standard.
    """
    complaints = Complaints("share within")
    known = families["status"].isin(STATUSES).to_numpy()
    complaints.rows(~known, families.index, "status is unknown", "status tidak dikenal")
    counted = np.ones(len(families)) if weight is None else as_numbers(weight, complaints, "weight")
    if weight is None or need_same_rows(families, weight, complaints, "weight"):
        complaints.rows(counted < 0, families.index, "weight is negative", "weight negatif")
    for name, limit in standards_min.items():
        if not 0 < as_number(limit) < np.inf:
            complaints.add(f"standard {name} is {limit} minutes", f"standar {name} bernilai {limit} menit")
    if not standards_min:
        complaints.add("no standard is given", "tidak ada standar")
    complaints.refuse()
    total = {status: float(counted[(families["status"] == status).to_numpy()].sum()) for status in STATUSES}
    minutes = families["travel_time_min"].to_numpy(dtype=float)
    located = total["reached"] + total["unreachable"]
    rows = []
    for limit in standards_min.values():
        within = float(counted[minutes <= float(limit)].sum())
        share = within / located if located > 0 else np.nan
        rows.append((float(limit), within, total["reached"] - within, total["unreachable"], total["unknown"], share))
    names = ["minutes", "within", "beyond", "unreachable", "unknown", "share_within"]
    return pd.DataFrame(rows, columns=names, index=pd.Index(list(standards_min), name="standard"))
