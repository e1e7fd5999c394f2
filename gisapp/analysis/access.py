"""How far families are from the services that stand today."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from gisapp.analysis.checks import as_number
from gisapp.analysis.facilities.catchment import checked_amounts, floating_catchment
from gisapp.columns import SERVICES
from gisapp.errors import InvalidInputError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


def nearest_straight_line(points: Any, facilities: Any) -> tuple[Floats, Ints]:
    """Metres (straight line) to the nearest facility and its row; both (n, 2) in metres of one projected CRS.

    A point without a position (NaN) has distance NaN and index -1, as has every point when there is no facility.
    Facilities on one spot count as the first of them.

    Raises
    ------
    InvalidInputError
        A facility without a finite position: leave it out, it counts as present with an unknown position.
    """
    places = _positions(points, "points", "titik")
    stands = _positions(facilities, "facilities", "fasilitas")
    unknown = np.flatnonzero(~np.isfinite(stands).all(axis=1))
    if len(unknown):
        raise InvalidInputError(
            f"facilities: row {unknown[0]} has no finite position ({len(unknown)} such rows); leave them out.",
            f"fasilitas: baris {unknown[0]} tanpa posisi yang sah ({len(unknown)} baris); keluarkan baris itu.",
        )
    distance, index = np.full(len(places), np.nan), np.full(len(places), -1, dtype=np.intp)
    known = np.isfinite(places).all(axis=1)
    if len(stands) and known.any():
        spots, first = np.unique(stands, axis=0, return_index=True)
        found, at = cKDTree(spots).query(places[known])
        distance[known], index[known] = found, first[at]
    return distance, index


def nearest_line(points: Any, lines: Any) -> tuple[Floats, Ints]:
    """Metres (straight line) to the nearest line and its row; lines are shapely geometries in metres."""
    places = _positions(points, "points", "titik")
    shapes = np.asarray(lines, dtype=object)
    drawn = np.flatnonzero([shape is not None and not shape.is_empty for shape in shapes])
    distance, index = np.full(len(places), np.nan), np.full(len(places), -1, dtype=np.intp)
    known = np.flatnonzero(np.isfinite(places).all(axis=1))
    if len(drawn) and len(known):
        tree = shapely.STRtree(shapes[drawn])
        at, found = tree.query_nearest(shapely.points(places[known]), return_distance=True, all_matches=False)
        distance[known[at[0]]], index[known[at[0]]] = found, drawn[at[1]]
    return distance, index


def service_distances(points: Any, facilities: pd.DataFrame, roads: Any = ()) -> pd.DataFrame:
    """Metres to the nearest facility of every service: a column ``distance_m_<service>`` each, NaN where none is known.

    ``facilities`` has ``service``, ``x`` and ``y`` (metres, same projected CRS as ``points``); rows with no position
    or a service that is not measured are passed over. ``roads`` are the lines of the service "road".
    """
    absent = {"service", "x", "y"} - set(facilities.columns)
    if absent:
        named = ", ".join(sorted(absent))
        raise InvalidInputError(f"facilities: no column {named}.", f"fasilitas: tidak ada kolom {named}.")
    placed = facilities[np.isfinite(facilities[["x", "y"]].to_numpy(dtype=float)).all(axis=1)]
    columns = {}
    for service in SERVICES:
        stands = placed.loc[placed["service"] == service, ["x", "y"]].to_numpy(dtype=float)
        found = nearest_line(points, roads) if service == "road" else nearest_straight_line(points, stands)
        columns[f"distance_m_{service}"] = found[0]
    return pd.DataFrame(columns, index=points.index if isinstance(points, pd.DataFrame) else None)


def enhanced_two_step_floating_catchment(
    demand: Any,
    supply: Any,
    travel_time_min: Any,
    *,
    threshold_min: float,
    decay: Callable[[Floats], Any] | None = None,
) -> pd.Series:
    """Supply within reach per demand, aligned with ``demand`` (Luo & Qi 2009; Luo & Wang 2003 without ``decay``).

    ``travel_time_min`` is demand × supply in minutes, the threshold is inclusive (infinite: all who have a way),
    ``decay`` turns minutes into weights of 0 to 1 in both steps. Infinite minutes (no way) are never within. Demand
    that reaches nothing is 0; supply that no demand reaches is left out.

    Raises
    ------
    InvalidInputError
        Demand or supply that is no list of numbers of 0 or more, a table of another shape, minutes that are NaN or
        below 0, and a weight that is not from 0 to 1, naming the pair of demand and supply.
    """
    people = checked_amounts(demand, "demand", "permintaan")
    places = checked_amounts(supply, "supply", "layanan")
    minutes = _checked_minutes(travel_time_min, (len(people), len(places)), threshold_min)
    if decay is not None and not callable(decay):
        raise InvalidInputError(
            f"decay is {decay!r}: give a function of minutes, or none.",
            f"decay adalah {decay!r}: isi fungsi dari menit, atau kosongkan.",
        )
    near = [np.flatnonzero(column <= threshold_min) for column in minutes.T]
    within = ((rows, minutes[rows, at]) for at, rows in enumerate(near))
    access, _ = floating_catchment(people, places, within, partial(_decayed, decay=decay))
    return pd.Series(access, index=demand.index if isinstance(demand, pd.Series) else None, name="accessibility")


def _decayed(minutes: Floats, decay: Callable[[Floats], Any] | None) -> Floats:
    """Weights of minutes, by a function of an array or of one number (``math.exp``, a chain of ifs); 1 without one."""
    if decay is None or not len(minutes):
        return np.ones_like(minutes)
    try:
        weights: Floats = np.asarray(decay(minutes), dtype=float)
    except (TypeError, ValueError, ArithmeticError):
        weights = np.empty(0)
    if weights.shape != minutes.shape:  # a function of one number, which may take a row of one for it
        weights = np.array([_weight(one, decay) for one in minutes.tolist()])
    return weights


def _weight(minutes: float, decay: Callable[..., Any]) -> float:
    """Weight of one number of minutes, NaN where the function has none there (1 / 0, the logarithm of 0)."""
    try:
        return float(decay(minutes))
    except (ArithmeticError, ValueError):
        return math.nan
    except TypeError as error:
        raise InvalidInputError(
            f"decay gives no number for {minutes:g} minutes: {error}.",
            f"decay tidak memberi angka untuk {minutes:g} menit: {error}.",
        ) from error


def _checked_minutes(travel_time_min: Any, shape: tuple[int, int], threshold_min: Any) -> Floats:
    try:
        minutes = np.asarray(travel_time_min, dtype=float)
    except (TypeError, ValueError) as error:
        raise InvalidInputError(
            f"travel_time_min is no table of minutes: {error}.", f"travel_time_min bukan tabel menit: {error}."
        ) from error
    if minutes.shape != shape:
        raise InvalidInputError(
            f"travel_time_min is {minutes.shape}, but there are {shape[0]} demands and {shape[1]} supplies.",
            f"travel_time_min berukuran {minutes.shape}; ada {shape[0]} permintaan dan {shape[1]} layanan.",
        )
    if np.isnan(minutes).any() or (minutes < 0).any() or not as_number(threshold_min) >= 0:
        raise InvalidInputError(
            "travel_time_min and threshold_min must be 0 or more; write infinity where there is no way.",
            "travel_time_min dan threshold_min harus 0 atau lebih; tulis tak hingga bila tidak ada jalan.",
        )
    return minutes


def _positions(values: Any, name: str, name_id: str) -> Floats:
    positions = np.asarray(values, dtype=float)
    if positions.size == 0:
        return np.empty((0, 2))
    if positions.ndim != 2 or positions.shape[1] != 2:
        raise InvalidInputError(
            f"{name}: needs two columns (x, y) in metres, not the shape {positions.shape}.",
            f"{name_id}: perlu dua kolom (x, y) dalam meter, bukan ukuran {positions.shape}.",
        )
    return positions
