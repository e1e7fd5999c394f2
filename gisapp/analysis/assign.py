"""Which area holds each point: exactly one, with a rule for every awkward case."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gisapp.analysis.checks import Complaints
from gisapp.analysis.crs import require_same_crs
from gisapp.errors import InvalidInputError

_NOWHERE = np.iinfo(np.int64).max


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
    if key not in areas.columns:
        raise InvalidInputError(f"The areas have no column `{key}`.", f"Wilayah tidak punya kolom `{key}`.")
    require_same_crs(points, areas)
    _check(points, areas, key)
    keys, rank = _ranked_keys(areas[key])
    return pd.Series(_take(keys, _lowest_rank(points, areas, rank)), index=points.index, name=key)


def _check(points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, key: str) -> None:
    """Collect what is wrong with keys, polygons and points."""
    complaints = Complaints("assign_area")
    complaints.rows(areas[key].isna().to_numpy(), areas.index, f"no value of `{key}`", f"`{key}` kosong")
    shapes = areas.geometry.array
    held = ~(shapes.isna() | shapes.is_empty)
    polygonal = np.isin(shapely.get_type_id(np.asarray(shapes)), (3, 6))
    complaints.rows(held & ~polygonal, areas.index, "the area is not a polygon", "wilayah bukan poligon")
    broken = held & polygonal & ~shapely.is_valid(np.asarray(shapes))
    complaints.rows(
        broken, areas.index, "the polygon is invalid (repair it first)", "poligon tidak sah (perbaiki dulu)"
    )
    types = shapely.get_type_id(np.asarray(points.geometry.array))
    complaints.rows((types != 0) & (types != -1), points.index, "the geometry is not a point", "geometri bukan titik")
    complaints.refuse()


def _ranked_keys(keys: pd.Series) -> tuple[pd.Series, npt.NDArray[np.int64]]:
    """Unique keys from lowest to highest, and the rank of each row's key among them."""
    if not pd.api.types.is_numeric_dtype(keys):
        numbers = keys.map(lambda value: isinstance(value, int | float | np.number) and not isinstance(value, bool))
        keys = pd.to_numeric(keys) if len(keys) and numbers.all() else keys.astype("string")
    unique = keys.drop_duplicates().sort_values(ignore_index=True)
    return unique.convert_dtypes(), pd.Index(unique).get_indexer(pd.Index(keys)).astype(np.int64)


def _lowest_rank(
    points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, rank: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Lowest rank among the areas that touch each point; ``_NOWHERE`` for none.

    The tree holds the points and is asked with polygons, because shapely prepares the geometry that asks.
    """
    lowest = np.full(len(points), _NOWHERE, dtype=np.int64)
    places = np.asarray(points.geometry.array)
    usable = np.flatnonzero(np.isfinite(coordinates(places)).all(axis=1))
    tree = shapely.STRtree(places[usable])
    area, hit = tree.query(np.asarray(areas.geometry.array), predicate="intersects")
    np.minimum.at(lowest, usable[hit], rank[area])
    return lowest


def coordinates(places: npt.NDArray[np.object_]) -> npt.NDArray[np.float64]:
    """Return x and y of points, (n, 2); NaN for a missing or empty point and for what is no point."""
    found = np.full((len(places), 2), np.nan)
    there = (shapely.get_type_id(places) == 0) & ~shapely.is_empty(places)
    found[there] = shapely.get_coordinates(places[there])
    return found


def _take(keys: pd.Series, rank: npt.NDArray[np.int64]) -> pd.api.extensions.ExtensionArray:
    """Keys by rank, missing where nothing was found."""
    return keys.array.take(np.where(rank == _NOWHERE, -1, rank), allow_fill=True)
