"""Geometry made usable, with a count of everything that was changed; nothing is repaired silently."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from gisapp.errors import Problem

_EQUAL_AREA = "EPSG:6933"
_POLYGONS = (3, 6)


def drop_not_finite(frame: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """Blank the geometry of rows with a NaN or infinite coordinate; the rows stay."""
    geometry = frame.geometry.to_numpy()
    coordinates, owner = shapely.get_coordinates(geometry, return_index=True)
    bad = np.unique(owner[~np.isfinite(coordinates).all(axis=1)])
    if len(bad) == 0:
        return frame, []
    geometry = geometry.copy()
    geometry[bad] = None
    problem = Problem(
        code="not_finite",
        severity="warning",
        count=len(bad),
        detail=f"Coordinates that are not numbers (NaN, infinity); kept without position. First: row {bad[0] + 1}.",
        detail_id=f"Koordinat bukan angka (NaN, tak hingga); disimpan tanpa posisi. Pertama: baris {bad[0] + 1}.",
    )
    return frame.set_geometry(gpd.GeoSeries(geometry, index=frame.index, crs=frame.crs)), [problem]


def flatten(frame: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """Drop heights and measures (Z, M)."""
    geometry = frame.geometry.to_numpy()
    tall = int(shapely.has_z(geometry).sum())
    if tall == 0:
        return frame, []
    problem = Problem(
        code="z_dropped",
        severity="info",
        count=tall,
        detail="Heights (Z) were dropped.",
        detail_id="Ketinggian (Z) dibuang.",
    )
    flat = gpd.GeoSeries(shapely.force_2d(geometry), index=frame.index, crs=frame.crs)
    return frame.set_geometry(flat), [problem]


def repair(frame: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """Repair invalid geometry (EPSG:4326) and take the polygons out of geometry collections.

    Polygons stay polygons. The report tells how many were changed and their area in km² before and after (equal-area
    projection; parts of an invalid polygon that turn the other way count against each other, as in a bow tie).
    """
    before = frame.geometry.to_numpy()
    present = ~(shapely.is_missing(before) | shapely.is_empty(before))
    invalid = present & ~shapely.is_valid(before)
    mixed = present & (shapely.get_type_id(before) == 7)
    after = before.copy()
    after[invalid] = shapely.make_valid(before[invalid], method="structure", keep_collapsed=False)
    for at in np.flatnonzero(present & (shapely.get_type_id(after) == 7)):
        after[at] = _polygons_of(after[at])
    gone = present & (shapely.is_missing(after) | shapely.is_empty(after))
    after[gone] = None
    problems = []
    if invalid.any():
        problems.append(_repaired(frame, before, after, invalid))
    if (mixed & ~gone).any():
        problems.append(
            _warn(
                "geometry_collection",
                int((mixed & ~gone).sum()),
                "Geometry collections; their polygons were kept.",
                "Kumpulan geometri; poligonnya yang disimpan.",
            )
        )
    if gone.any():
        first = int(np.flatnonzero(gone)[0]) + 1
        problems.append(
            _warn(
                "geometry_lost",
                int(gone.sum()),
                f"Geometries without area; kept without position. First: row {first}.",
                f"Geometri tanpa luas; disimpan tanpa posisi. Pertama: baris {first}.",
            )
        )
    if not problems:
        return frame, []
    return frame.set_geometry(gpd.GeoSeries(after, index=frame.index, crs=frame.crs)), problems


def missing_geometry(frame: gpd.GeoDataFrame) -> int:
    """Count rows without any geometry."""
    geometry = frame.geometry.to_numpy()
    return int((shapely.is_missing(geometry) | shapely.is_empty(geometry)).sum())


def _polygons_of(collection: shapely.Geometry) -> shapely.Geometry | None:
    parts = shapely.get_parts(collection)
    parts = shapely.get_parts(parts)
    polygons = parts[np.isin(shapely.get_type_id(parts), _POLYGONS)]
    if len(polygons) == 0:
        return None if shapely.get_dimensions(collection) == 2 else _single_kind(parts)
    return shapely.union_all(polygons)


def _single_kind(parts: np.ndarray) -> shapely.Geometry | None:
    kinds = np.unique(shapely.get_type_id(parts))
    if len(kinds) != 1:
        return None
    return shapely.multipoints(parts) if kinds[0] == 0 else shapely.multilinestrings(parts)


def _repaired(frame: gpd.GeoDataFrame, before: np.ndarray, after: np.ndarray, invalid: np.ndarray) -> Problem:
    km2_before = _area_km2(before[invalid], frame.crs)
    km2_after = _area_km2(after[invalid], frame.crs)
    count = int(invalid.sum())
    return _warn(
        "geometry_repaired",
        count,
        f"Invalid geometries were repaired; their area went from {km2_before:.4f} to {km2_after:.4f} km².",
        f"Geometri tidak sah diperbaiki; luasnya dari {_id(km2_before)} menjadi {_id(km2_after)} km².",
    )


def _area_km2(geometry: np.ndarray, crs: object) -> float:
    return float(gpd.GeoSeries(geometry, crs=crs).to_crs(_EQUAL_AREA).area.abs().sum() / 1e6)


def _id(value: float) -> str:
    return f"{value:.4f}".replace(".", ",")


def _warn(code: str, count: int, en: str, id: str) -> Problem:
    return Problem(code=code, severity="warning", count=count, detail=en, detail_id=id)
