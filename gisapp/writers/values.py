"""Cells of a frame as plain values, once, so that every format writes the same thing for the same row."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pandas as pd

from gisapp.columns import COLLECTIONS, ID_COLUMNS, Column, Kind, columns_of

#: Geometry-typed parts of a collection, because a GIS wants one geometry type in a layer.
PARTS = {
    "point": ("Point", "MultiPoint"),
    "line": ("LineString", "MultiLineString"),
    "polygon": ("Polygon", "MultiPolygon"),
}


def base_collection(collection: str) -> str:
    """Name of the collection that ``interventions_point`` and its like are a part of."""
    base, _, part = collection.rpartition("_")
    return base if part in PARTS and base in COLLECTIONS else collection


def id_column(collection: str) -> str:
    """Name of the column that identifies a row of a collection or of a part of one."""
    return ID_COLUMNS[base_collection(collection)]


def column(collection: str, name: str, series: pd.Series | None = None) -> Column:
    """Describe a column: as ``columns.py`` does, or by its dtype where a collection carries one more."""
    base = base_collection(collection)
    known = columns_of(base).get(name) if base in COLLECTIONS else None
    if known is not None:
        return known
    return Column(name=name, kind=_kind_of(series), unit="", id=name, en=name)


def _kind_of(series: pd.Series | None) -> Kind:
    if series is None:
        return "text"
    if pd.api.types.is_bool_dtype(series.dtype):
        return "boolean"
    if pd.api.types.is_integer_dtype(series.dtype):
        return "integer"
    return "number" if pd.api.types.is_float_dtype(series.dtype) else "text"


def _number(value: Any) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None


def _integer(value: Any) -> int | None:
    number = _number(value)
    return None if number is None else round(number)


_CONVERTERS: dict[Kind, Callable[[Any], Any]] = {
    "text": str,
    "integer": _integer,
    "number": _number,
    "ratio": _number,
    "boolean": bool,
}


def plain(series: pd.Series, kind: Kind) -> list[Any]:
    """Return a column as str, int, float or bool; every kind of missing, and every non-finite number, as None."""
    convert = _CONVERTERS[kind]
    missing = series.isna().to_numpy()
    return [None if gone else convert(value) for value, gone in zip(series.tolist(), missing, strict=True)]


def plain_columns(frame: pd.DataFrame, collection: str) -> dict[str, list[Any]]:
    """Return every column but the geometry as plain values, known columns first and in print order."""
    geometry = getattr(frame, "_geometry_column_name", None)
    base = base_collection(collection)
    known = [name for name in columns_of(base) if name in frame.columns] if base in COLLECTIONS else []
    others = [name for name in frame.columns if name not in known and name != geometry]
    return {name: plain(frame[name], column(collection, name, frame[name]).kind) for name in [*known, *others]}
