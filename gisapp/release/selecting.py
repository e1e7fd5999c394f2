"""Rows of a collection that a request selects, among those and with those values that its audience may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
from shapely.geometry.base import BaseGeometry

from gisapp.columns import Column, Kind, columns_of
from gisapp.release.collections import Disclosed
from gisapp.release.cql2.evaluate import rows_of
from gisapp.release.cql2.spatial import ToDegrees, as_given
from gisapp.writers.values import base_collection, id_column


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What is asked for: every part that is given must hold.

    ``equal`` by column (typed values), ``expression`` in CQL2 JSON whose places ``to_degrees`` reads, ``window`` in
    longitude and latitude, ``at_another_time`` where no moment asked for lies in the run's period.
    """

    equal: Mapping[str, Any] = field(default_factory=dict)
    window: BaseGeometry | None = None
    expression: Any = None
    to_degrees: ToDegrees = as_given
    at_another_time: bool = False


def fields_of(collection: str, frame: gpd.GeoDataFrame) -> dict[str, Column]:
    """Columns that a released frame has, by name, in print order: what may be seen and what may be asked about."""
    known = columns_of(base_collection(collection))
    return {name: column for name, column in known.items() if name in frame.columns}


def selected(found: Disclosed, collection: str, selection: Selection) -> gpd.GeoDataFrame:
    """Rows of a released collection that a selection keeps, in order of their id.

    It sees the frame after disclosure control and nothing else: a withheld value is missing here, and neither equals
    anything nor differs from it. A row without a place matches every window (OGC 17-069r4, requirement 24 C).
    """
    frame = found.frame
    keep = np.full(len(frame), not selection.at_another_time)
    kinds: dict[str, Kind] = {name: column.kind for name, column in fields_of(collection, frame).items()}
    for name, value in selection.equal.items():
        keep &= rows_of({"op": "=", "args": [{"property": name}, value]}, frame, kinds=kinds)
    if selection.expression is not None:
        keep &= rows_of(selection.expression, frame, kinds=kinds, to_degrees=selection.to_degrees)
    if selection.window is not None:
        inside = frame.geometry.isna().to_numpy(dtype=bool, copy=True)
        inside[frame.sindex.query(selection.window, predicate="intersects")] = True
        keep &= inside
    return frame[keep]


def in_order(found: Disclosed, collection: str) -> Disclosed:
    """The same rows by their id, so that pages follow each other whatever order the run had."""
    frame = found.frame.sort_values(id_column(collection), ignore_index=True, kind="stable")
    return Disclosed(frame=frame, suppressed=found.suppressed, k=found.k, rule=found.rule)


def year_of(period: str) -> tuple[date, date] | None:
    """First and last day of the year that a period (``2025-1``) begins with; None where it names no year.

    What follows the year may be a month, a quarter or a half: only the year is certain.
    """
    year = period[:4]
    if not (len(year) == 4 and year.isascii() and year.isdigit() and int(year) > 0):
        return None
    return date(int(year), 1, 1), date(int(year), 12, 31)
