"""Positions of families: usable, or why not. A family with a bad position still counts in its declared desa."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gisapp.readers.numbers import parse_coordinates

#: A point this far across the district's outer line is still inside, because desa lines are indicative.
TOLERANCE_M = 250.0

#: Points asked at a time: millions of geometries at once take more memory than the families themselves.
_AT_ONCE = 200_000
STATUSES = ("ok", "missing", "zero", "swapped", "outside", "stacked")
_METRES_PER_DEGREE = 110_574.0
_METRES_PER_DEGREE_AT_EQUATOR = 111_320.0

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class District:
    """The union of the desa polygons (EPSG:4326), asked point by point."""

    def __init__(self, polygons: npt.NDArray[np.object_]) -> None:
        """Prepare for questions; ``polygons`` are degrees, longitude first."""
        bounds = shapely.total_bounds(polygons)
        latitude = float(bounds[1] + bounds[3]) / 2 if len(polygons) else 0.0
        self._scale = np.array(
            [_METRES_PER_DEGREE_AT_EQUATOR * np.cos(np.radians(latitude)), _METRES_PER_DEGREE], dtype=float
        )
        shapely.prepare(polygons)
        self._tree = shapely.STRtree(polygons)
        self._metres = shapely.STRtree(shapely.transform(polygons, lambda xy: xy * self._scale))

    def contains(self, longitude: Floats, latitude: Floats) -> Flags:
        """Whether each point (finite degrees) is inside, or within ``TOLERANCE_M`` of the district."""
        starts = range(0, max(len(longitude), 1), _AT_ONCE)
        return np.concatenate(
            [self._part(longitude[at : at + _AT_ONCE], latitude[at : at + _AT_ONCE]) for at in starts]
        )

    def _part(self, longitude: Floats, latitude: Floats) -> Flags:
        inside = np.zeros(len(longitude), dtype=bool)
        inside[self._tree.query(shapely.points(longitude, latitude), predicate="intersects")[0]] = True
        rest = np.flatnonzero(~inside)
        if len(rest):
            metres = np.column_stack([longitude[rest], latitude[rest]]) * self._scale
            near = self._metres.query(shapely.points(metres), predicate="dwithin", distance=TOLERANCE_M)[0]
            inside[rest[near]] = True
        return inside


def read_degrees(texts: pd.Series) -> Floats:
    """Degrees of a column of text, NaN where blank or unreadable; comma and degrees-minutes are understood."""
    text = texts.str.strip()
    values: Floats = pd.to_numeric(text, errors="coerce").to_numpy(dtype=float, copy=True)
    odd = np.isnan(values) & (text != "").to_numpy(dtype=bool)
    if odd.any():
        values[odd] = parse_coordinates(text[odd])
    values[~np.isfinite(values)] = np.nan
    return values


def judge_positions(longitude: Floats, latitude: Floats, district: District) -> npt.NDArray[np.object_]:
    """Status of each position; ``stacked`` is judged later, over the whole file (``mark_stacked``)."""
    status = np.full(len(longitude), "outside", dtype=object)
    missing = np.isnan(longitude) | np.isnan(latitude)
    zero = (longitude == 0) & (latitude == 0)
    asked = np.flatnonzero(~missing & ~zero)
    inside = district.contains(longitude[asked], latitude[asked])
    status[asked[inside]] = "ok"
    others = asked[~inside]
    others = others[(np.abs(latitude[others]) <= 180) & (np.abs(longitude[others]) <= 90)]
    status[others[district.contains(latitude[others], longitude[others])]] = "swapped"
    status[zero] = "zero"
    status[missing] = "missing"
    return status


def mark_stacked(
    status: npt.NDArray[np.object_], longitude: Floats, latitude: Floats, *, threshold: int
) -> npt.NDArray[np.object_]:
    """Positions that more than ``threshold`` families share exactly: an office's or a hamlet's, not a home's."""
    result = status.copy()
    good = np.flatnonzero(status == "ok")
    if not len(good):
        return result
    pairs = pd.DataFrame({"x": longitude[good], "y": latitude[good]})
    sizes = pairs.groupby(["x", "y"])["x"].transform("size").to_numpy()
    result[good[sizes > threshold]] = "stacked"
    return result
