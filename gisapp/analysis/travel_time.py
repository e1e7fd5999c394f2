"""Travel time over a grid: minutes from every cell to the nearest of several places, and which one that is."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.analysis.checks import Complaints, as_number, refuse
from gisapp.analysis.kernels.least_cost import LEVEL, WALKED, WHEELED
from gisapp.analysis.travel_search import search, search_on_slopes
from gisapp.analysis.travel_slopes import SlopeRules

Floats = npt.NDArray[np.float64]
Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Direction = Literal["to_source", "from_source"]
_SUBJECT = "least cost"


def least_cost(minutes_per_metre: Any, sources: Any, *, cell_size_m: float) -> tuple[Floats, Int32s]:
    """Minutes to the nearest source from every cell, and the row of that source.

    A step to one of the 8 neighbours costs its length (√2 × cell on the diagonal) times the mean of both cells; costs
    are exact (Dijkstra 1959, with the buckets of Dial 1969). Of sources at the same cost the lowest row counts. A
    diagonal step between two barriers is allowed.

    Parameters
    ----------
    minutes_per_metre
        Grid (rows × columns), above 0; NaN and infinity are barriers.
    sources
        (k, 2) rows and columns of the sources, counted from 0.
    cell_size_m
        Side of a cell, metres.

    Returns
    -------
    minutes, nearest
        Grids: minutes (inf where there is no way, also on barriers) and row of the source (-1 there).

    Raises
    ------
    InvalidInputError
        Friction of 0 or below; no source; a source outside the grid or on a barrier (its row named).
    """
    friction, places, metres = _checked(minutes_per_metre, sources, cell_size_m)
    return search(friction, places, metres)


def least_cost_on_slopes(
    minutes_per_metre: Any,
    sources: Any,
    elevation: Any,
    *,
    cell_size_m: float,
    rule: Any = None,
    slopes: SlopeRules | None = None,
    direction: Direction = "to_source",
) -> tuple[Floats, Int32s]:
    """Minutes as ``least_cost``, where the slope of each step in the direction of travel counts; level ground: equal.

    Each half of a step takes the time of its cell on the level times what ``slopes`` makes of the slope of the step.

    Parameters
    ----------
    elevation
        Grid of metres above any level; a number wherever the friction is one.
    rule
        Grid of 0 (slope does not count), 1 (walked), 2 (on wheels); walked everywhere if not given.
    direction
        ``to_source``: people go to the source (a family to its school), ``from_source``: they come from it.
    """
    friction, places, metres = _checked(minutes_per_metre, sources, cell_size_m)
    height, rules = _checked_terrain(friction, elevation, rule)
    if direction not in ("to_source", "from_source"):
        refuse(_SUBJECT, f"direction {direction!r} is unknown", f"arah {direction!r} tidak dikenal")
    uphill = 1.0 if direction == "to_source" else -1.0
    return search_on_slopes(friction, places, metres, height, rules, slopes or SlopeRules(), uphill=uphill)


def _checked(minutes_per_metre: Any, sources: Any, cell_size_m: Any) -> tuple[Floats, Int64s, float]:
    metres = as_number(cell_size_m)
    if not 0 < metres <= 1e6:
        refuse(_SUBJECT, f"cell_size_m is {cell_size_m}, not above 0", f"cell_size_m {cell_size_m}, harus di atas 0")
    friction = checked_grid(minutes_per_metre, "minutes_per_metre")
    wrong = friction <= 0
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        refuse(
            _SUBJECT,
            f"minutes_per_metre is {friction[row, column]:g} at row {row}, column {column} ({wrong.sum()} such cells); "
            "give minutes above 0, and NaN for a barrier",
            f"minutes_per_metre bernilai {friction[row, column]:g} di baris {row}, kolom {column} ({wrong.sum()} sel); "
            "isi menit di atas 0, dan NaN untuk penghalang",
        )
    return friction, _checked_sources(sources, friction), metres


def checked_grid(values: Any, name: str) -> Floats:
    """Return a grid as doubles, or refuse: not two-dimensional, empty, no numbers.

    Raises
    ------
    InvalidInputError
        What is no grid of numbers.
    """
    try:
        grid = np.ma.filled(np.ma.asarray(values, dtype=np.float64), np.nan)
    except (TypeError, ValueError):
        grid = np.empty(0)
    if grid.ndim != 2 or not grid.size:
        shape = np.shape(grid)
        refuse(
            _SUBJECT,
            f"{name} must be a grid of numbers, rows × columns, not of shape {shape}",
            f"{name} harus kisi angka, baris × kolom, bukan ukuran {shape}",
        )
    return np.ascontiguousarray(grid)


def _checked_sources(sources: Any, friction: Floats) -> Int64s:
    index = sources.index if isinstance(sources, pd.DataFrame) else None
    try:
        given = np.asarray(sources, dtype=np.float64)
    except (TypeError, ValueError):
        given = np.empty((1, 1))
    if given.size == 0:
        refuse(_SUBJECT, "sources has no rows: there is nowhere to go", "sources kosong: tidak ada tujuan")
    if given.ndim != 2 or given.shape[1] != 2:
        refuse(_SUBJECT, "sources must be (k, 2) rows and columns", "sources harus (k, 2) baris dan kolom")
    complaints, rows = Complaints(_SUBJECT), pd.RangeIndex(len(given)) if index is None else index
    whole = (np.isfinite(given) & (given == np.floor(given))).all(axis=1)
    inside = whole & ((given >= 0) & (given < friction.shape)).all(axis=1)
    complaints.rows(~whole, rows, "the source is not a whole row and column", "sumber bukan baris dan kolom bulat")
    complaints.rows(whole & ~inside, rows, "the source is outside the grid", "sumber di luar kisi")
    places = np.where(inside[:, None], given, 0).astype(np.int64)
    blocked = inside & ~np.isfinite(friction[places[:, 0], places[:, 1]])
    complaints.rows(blocked, rows, "the source stands on a barrier", "sumber berada di penghalang")
    complaints.refuse()
    return places


def _checked_terrain(friction: Floats, elevation: Any, rule: Any) -> tuple[Floats, npt.NDArray[np.uint8]]:
    height = checked_grid(elevation, "elevation")
    rules = np.full(friction.shape, WALKED, dtype=np.uint8) if rule is None else checked_grid(rule, "rule")
    for grid, name in ((height, "elevation"), (rules, "rule")):
        if grid.shape != friction.shape:
            refuse(
                _SUBJECT,
                f"{name} is {grid.shape}, minutes_per_metre {friction.shape}: bring both to one grid",
                f"{name} berukuran {grid.shape}, minutes_per_metre {friction.shape}: samakan kisinya",
            )
    known = {LEVEL, WALKED, WHEELED}
    if not set(np.unique(rules).tolist()) <= known:
        refuse(_SUBJECT, "rule holds other values than 0, 1 and 2", "rule memuat nilai selain 0, 1 dan 2")
    unknown = np.isfinite(friction) & ~np.isfinite(height)
    if unknown.any():
        row, column = np.argwhere(unknown)[0]
        refuse(
            _SUBJECT,
            f"elevation is missing at row {row}, column {column} ({unknown.sum()} such cells): fill it, or make the "
            "cells barriers (NaN minutes)",
            f"elevation kosong di baris {row}, kolom {column} ({unknown.sum()} sel): lengkapi, atau jadikan "
            "penghalang (menit NaN)",
        )
    return height, rules.astype(np.uint8)
