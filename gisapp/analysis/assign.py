"""Which area holds each point: exactly one, with a rule for every awkward case."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gisapp.analysis.checks import Complaints
from gisapp.analysis.crs import require_layer, require_same_crs
from gisapp.analysis.kernels.point_in_polygon import Polygons
from gisapp.analysis.polygons.point_location import locate, prepare_polygons
from gisapp.errors import InvalidInputError

#: From so many points on the compiled index is quicker than the tree of GEOS, its preparation counted.
_MANY = 100_000


@dataclass(frozen=True)
class AreaIndex:
    """Areas prepared once, to be asked for many points: ``index_areas`` makes it, ``locate_area`` asks it."""

    keys: pd.Series
    """Unique keys from lowest to highest."""
    rank: npt.NDArray[np.int64]
    """Position in ``keys`` of each row of ``polygons``, ascending."""
    polygons: Polygons


def assign_area(points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, *, key: str) -> pd.Series:
    """Key of the area that holds each point, or <NA>; a Series with the index of ``points``.

    The border of an area belongs to it. A border shared by several areas, and any overlap, goes to the
    lowest key (numbers compared as numbers, text as text). A missing or empty point, and a point in no
    area, is <NA>. Several rows of ``areas`` may carry the same key (a village in parts); an area without
    geometry holds nothing.

    Raises
    ------
    CRSMismatchError
        The two layers do not declare the same coordinate reference system.
    InvalidInputError
        A key is missing, an area is not a valid polygon, or a geometry of ``points`` is not a point.
    """
    need_column(areas, key)
    require_same_crs(points, areas)
    places = np.asarray(points.geometry.array)
    x, y = _x_y(places)
    complaints = Complaints("assign_area")
    note_areas(complaints, areas, key)
    _note_points(complaints, points, x)
    complaints.refuse()
    keys, rank = _ranked_keys(areas[key])
    if len(points) < _MANY:
        found = _lowest_rank(places, x, y, areas, rank)
    else:
        found = locate_area(x, y, _indexed(areas, keys, rank))
    return pd.Series(keys.array.take(found, allow_fill=True), index=points.index, name=key)


def index_areas(areas: gpd.GeoDataFrame, *, key: str) -> AreaIndex:
    """Areas ready for ``locate_area``; the same checks, and the same rule, as ``assign_area``."""
    need_column(areas, key)
    require_layer(areas)
    complaints = Complaints("index_areas")
    note_areas(complaints, areas, key)
    complaints.refuse()
    return _indexed(areas, *_ranked_keys(areas[key]))


def locate_area(x: npt.ArrayLike, y: npt.ArrayLike, index: AreaIndex) -> npt.NDArray[np.int64]:
    """Position in ``index.keys`` of the area that holds each point (n,), -1 for none; the rule of ``assign_area``.

    x and y are numbers in the coordinate reference system of the areas; NaN is a missing point.
    """
    row = locate(x, y, index.polygons)
    return np.append(index.rank, -1)[row]


def _indexed(areas: gpd.GeoDataFrame, keys: pd.Series, rank: npt.NDArray[np.int64]) -> AreaIndex:
    """Index with the rows in the order of their keys, so that the first polygon found has the lowest key."""
    order = np.argsort(rank, kind="stable")
    return AreaIndex(keys, rank[order], prepare_polygons(np.asarray(areas.geometry.array)[order]))


def need_column(areas: gpd.GeoDataFrame, key: str) -> None:
    """Refuse areas without a column of keys."""
    if not isinstance(areas, pd.DataFrame) or not isinstance(key, Hashable) or key not in areas.columns:
        raise InvalidInputError(f"The areas have no column `{key}`.", f"Wilayah tidak punya kolom `{key}`.")


def note_areas(complaints: Complaints, areas: gpd.GeoDataFrame, key: str) -> None:
    """Note rows without a key, rows that are no polygon and rows whose polygon is invalid."""
    complaints.rows(areas[key].isna().to_numpy(), areas.index, f"no value of `{key}`", f"`{key}` kosong")
    shapes = np.asarray(areas.geometry.array)
    held = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    polygonal = np.isin(shapely.get_type_id(shapes), (3, 6))
    complaints.rows(held & ~polygonal, areas.index, "the area is not a polygon", "wilayah bukan poligon")
    broken = held & polygonal & ~shapely.is_valid(shapes)
    complaints.rows(
        broken, areas.index, "the polygon is invalid (repair it first)", "poligon tidak sah (perbaiki dulu)"
    )


def _note_points(complaints: Complaints, points: gpd.GeoDataFrame, x: npt.NDArray[np.float64]) -> None:
    """Note what is no point; it has no x, so the types of placed points need no look."""
    unplaced = np.isnan(x)
    types = shapely.get_type_id(np.asarray(points.geometry.array)[unplaced])
    wrong = (types != 0) & (types != -1)
    complaints.rows(wrong, points.index[unplaced], "the geometry is not a point", "geometri bukan titik")


def _ranked_keys(keys: pd.Series) -> tuple[pd.Series, npt.NDArray[np.int64]]:
    """Unique keys from lowest to highest, and the rank of each row's key among them."""
    if not pd.api.types.is_numeric_dtype(keys):
        numbers = keys.map(lambda value: isinstance(value, int | float | np.number) and not isinstance(value, bool))
        keys = pd.to_numeric(keys) if len(keys) and numbers.all() else keys.astype("string")
    unique = keys.drop_duplicates().sort_values(ignore_index=True)
    return unique.convert_dtypes(), pd.Index(unique).get_indexer(pd.Index(keys)).astype(np.int64)


def _lowest_rank(
    places: npt.NDArray[np.object_],
    x: npt.NDArray[np.float64],
    y: npt.NDArray[np.float64],
    areas: gpd.GeoDataFrame,
    rank: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    """Lowest rank among the areas that touch each point, -1 for none, by the tree of GEOS.

    The tree holds the points and is asked with polygons, because shapely prepares the geometry that asks.
    """
    nowhere = len(rank)
    lowest = np.full(len(places), nowhere, dtype=np.int64)
    usable = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    tree = shapely.STRtree(places[usable])
    area, hit = tree.query(np.asarray(areas.geometry.array), predicate="intersects")
    np.minimum.at(lowest, usable[hit], rank[area])
    return np.where(lowest == nowhere, -1, lowest)


def coordinates(places: npt.NDArray[np.object_]) -> npt.NDArray[np.float64]:
    """Return x and y of points, (n, 2); NaN for a missing or empty point and for what is no point."""
    return np.column_stack(_x_y(places))


def _x_y(places: npt.NDArray[np.object_]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return x and y apart; GEOS refuses to read them of an empty point, so those are left out first."""
    empty = shapely.is_empty(places)
    if empty.any():
        places = places.copy()
        places[empty] = None
    return shapely.get_x(places), shapely.get_y(places)
