"""What ``add`` was asked for, and a checked layer that is ready to be stored."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from gisapp.errors import Problem, Severity
from gisapp.readers.vector import VectorRead


@dataclasses.dataclass(frozen=True, kw_only=True)
class Request:
    """The file and the options of one ``gisapp add``."""

    file: Path
    role: str
    name: str
    level: str | None = None
    key: str | None = None
    name_column: str | None = None
    kind: str | None = None
    kind_column: str | None = None
    class_column: str | None = None
    capacity_column: str | None = None
    crs: str | None = None
    latitude: str | None = None
    longitude: str | None = None
    source: str = ""
    date: str = ""
    licence: str = ""
    legal_status: str = ""
    completeness: float | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Prepared:
    """A checked layer: how to write its data, what its TOML declares, what gisapp.toml learns from it.

    ``grain`` is the cell size of a raster, in words.
    """

    ending: str
    write: Callable[[Path], None]
    keys: dict[str, Any]
    features: int
    crs: str
    problems: tuple[Problem, ...]
    grain: str = ""
    settings: dict[str, str] = dataclasses.field(default_factory=dict)


def vector_prepared(request: Request, read: VectorRead, keys: dict[str, Any], problems: list[Problem]) -> Prepared:
    """Prepare a vector layer for storage as GeoParquet in EPSG:4326."""
    del request
    frame = _storable(read.frame)

    def write(path: Path) -> None:
        frame.to_parquet(path, index=False)

    return Prepared(
        ending=".parquet",
        write=write,
        keys={**{name: value for name, value in keys.items() if value is not None}, "crs": "EPSG:4326"},
        features=len(frame),
        crs=read.crs,
        problems=tuple(problems),
    )


def warn(code: str, count: int, en: str, id: str, *, severity: Severity = "warning") -> Problem:
    """Make a problem of one kind."""
    return Problem(code=code, severity=severity, count=count, detail=en, detail_id=id)


def _storable(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Columns with mixed values become text, so that every file can be stored."""
    out = frame.rename_geometry("geometry") if frame.geometry.name != "geometry" else frame
    for name in out.columns:
        if name != "geometry" and pd.api.types.is_object_dtype(out[name]):
            texts = [None if value is None or value is pd.NA or value != value else str(value) for value in out[name]]
            out = out.assign(**{str(name): pd.Series(texts, index=out.index, dtype="str")})
    return out
