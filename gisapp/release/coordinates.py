"""Coordinate reference systems for those who fetch features: which are offered, and coordinates in their axis order.

Released frames are in longitude and latitude (OGC:CRS84). EPSG:4326 means latitude first, as its definition says; that
is how OGC API - Features, Part 2 names and orders them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from gisapp.errors import InvalidParameterError

CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_EPSG: Final = "http://www.opengis.net/def/crs/EPSG/0/"
#: UTM zones on SRGI2013 that EPSG has: first zone, last zone, code of the first; north and south of the equator.
_SRGI2013: Final = {"north": (46, 52, 9476), "south": (47, 54, 9487)}
#: Edges of a box are bent into so many pieces before they are reprojected.
_PIECES = 32
#: Decimals of a coordinate: about 11 cm in degrees, 1 cm in metres.
DECIMALS_DEGREES, DECIMALS_METRES = 6, 2


def epsg(code: int) -> str:
    """Address of a reference system of EPSG."""
    return f"{_EPSG}{code}"


def offered(bounds: Sequence[float], working_crs: str) -> tuple[str, ...]:
    """Systems for a district by its bounds (degrees: west, south, east, north), CRS84 first, each once.

    WGS 84, the district's own working CRS (``EPSG:n``), the UTM zones on WGS 84 and SRGI2013 and the TM-3 zones of BPN
    that the district lies in, and Web Mercator.
    """
    west, south, east, north = bounds
    codes = [4326]
    if working_crs.upper().startswith("EPSG:"):
        codes.append(int(working_crs[5:]))
    sides = [side for side, present in (("north", north >= 0), ("south", south < 0)) if present]
    for longitude in (west, east):
        zone = min(60, math.floor((longitude + 180) / 6) + 1)
        for side in sides:
            codes.append((32600 if side == "north" else 32700) + zone)
            first, last, code = _SRGI2013[side]
            if first <= zone <= last:
                codes.append(code + zone - first)
        if 93 <= longitude < 141:
            codes.append(23830 + math.floor((longitude - 93) / 3))
    return CRS84, *(epsg(code) for code in dict.fromkeys([*codes, 3857]))


def name_of(crs: str) -> str:
    """Name of a system, such as ``WGS 84 / UTM zone 47N (EPSG:32647)``."""
    found = _known(crs)
    return f"{found.name} ({_user_input(crs)})"


def decimals_of(crs: str) -> int:
    """Decimals that coordinates of a system are written with."""
    return DECIMALS_DEGREES if _known(crs).is_geographic else DECIMALS_METRES


def out_of_degrees(geometry: np.ndarray, crs: str) -> np.ndarray:
    """Geometries in longitude and latitude, in the axis order of another system."""
    return geometry if crs == CRS84 else _moved(geometry, CRS84, crs)


def into_degrees(geometry: BaseGeometry | tuple[float, ...], crs: str) -> BaseGeometry:
    """A geometry, or the four numbers of a box, of a system in longitude and latitude.

    A box over the antimeridian (west above east) becomes two. InvalidParameterError (code ``bbox``) for a box that is
    upside down, and where the system does not reach.
    """
    if isinstance(geometry, tuple):
        return _box(geometry, crs)
    return geometry if crs == CRS84 else _reached(_moved(geometry, crs, CRS84), crs)


def _box(numbers: tuple[float, ...], crs: str) -> BaseGeometry:
    first_low, second_low, first_high, second_high = numbers
    known = _known(crs)
    if known.is_geographic:
        latitude_first = crs != CRS84 and known.axis_info[0].direction == "north"
        south, west, north, east = numbers if latitude_first else (second_low, first_low, second_high, first_high)
        _require(south <= north)
        parts = (
            [(west, south, east, north)] if west <= east else [(west, south, 180, north), (-180, south, east, north)]
        )
        return shapely.union_all([shapely.box(*part) for part in parts])
    _require(first_low <= first_high and second_low <= second_high)
    whole = shapely.box(*numbers)
    longest = max(first_high - first_low, second_high - second_low) / _PIECES
    return _reached(_moved(shapely.segmentize(whole, longest) if longest > 0 else whole, crs, CRS84), crs)


def _require(in_order: bool) -> None:
    if not in_order:
        raise InvalidParameterError(
            "bbox: the lower corner stands first, then the upper one.",
            "bbox: tulis sudut bawah dahulu, lalu sudut atas.",
            code="bbox",
        )


def _reached(geometry: Any, crs: str) -> BaseGeometry:
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        raise InvalidParameterError(
            f"bbox: a place lies where {_user_input(crs)} does not reach.",
            f"bbox: ada letak di luar jangkauan {_user_input(crs)}.",
            code="bbox",
        )
    found: BaseGeometry = geometry
    return found


def _moved(geometry: Any, source: str, target: str) -> Any:
    transformer = _transformer(source, target)
    return shapely.transform(geometry, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1])))


def _user_input(crs: str) -> str:
    return "OGC:CRS84" if crs == CRS84 else f"EPSG:{crs.removeprefix(_EPSG)}"


@lru_cache(maxsize=64)
def _known(crs: str) -> pyproj.CRS:
    return pyproj.CRS.from_user_input(_user_input(crs))


@lru_cache(maxsize=64)
def _transformer(source: str, target: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(_known(source), _known(target))
