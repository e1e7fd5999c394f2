"""What is refused as input of a search over a grid: friction, sources, terrain."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.analysis.checks import Complaints, as_number, refuse
from gisapp.analysis.kernels.least_cost import LEVEL, WALKED, WHEELED

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]
_SUBJECT = "least cost"


def checked_search(minutes_per_metre: Any, sources: Any, cell_size_m: Any) -> tuple[Floats, Int64s, float]:
    """Friction, sources and cell size, or refuse them with row, count and what to do."""
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


def checked_terrain(friction: Floats, elevation: Any, rule: Any) -> tuple[Floats, npt.NDArray[np.uint8]]:
    """Heights and rules on the grid of the friction, or refuse them; ``rule`` None: walked everywhere."""
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
