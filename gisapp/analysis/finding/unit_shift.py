"""The modifiable areal unit problem, shown: the same tests on other cuts of the same families.

Openshaw (1984): counts of areas depend on how big the areas are and where their lines run. A pocket that is found
whatever grid is laid over the families does not owe itself to the village limits; one that is not found may.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import shapely
from libpysal.graph import Graph
from scipy import sparse

from gisapp.analysis import grids
from gisapp.analysis.checks import (
    Bools,
    Complaints,
    Floats,
    as_numbers,
    is_whole,
    need_rows,
    need_same_rows,
    need_seed,
    need_share,
    need_whole,
)
from gisapp.analysis.finding.district_map import DistrictMap
from gisapp.analysis.finding.quick_tests import quick_pockets, yardstick
from gisapp.analysis.neighbours import Ints, adjacency

#: Shifts of a grid in parts of its cell, in the order in which they are taken.
SHIFTS = ((0.0, 0.0), (0.5, 0.5), (0.5, 0.0), (0.0, 0.5))
#: Fewer cells than this have no ordinary variation to stand out from.
FEWEST_CELLS = 3
#: A pocket is found again where at least this share of its poor families lies in a pocket of the other cut.
MOST = 0.5


@dataclass(frozen=True)
class GridSupport:
    """``pockets``: share of grids in which each pocket is found again; ``grids``: one row per grid."""

    pockets: pd.Series
    grids: pd.DataFrame


def grid_support(
    points: pd.DataFrame,
    pocket: pd.Series,
    *,
    sizes_m: Sequence[float],
    shapes: Sequence[grids.Shape] = ("square",),
    shifts: Sequence[tuple[float, float]] = SHIFTS,
    at_least: int = 5,
    level: float = 0.05,
    min_methods: int = 1,
    seed: int,
) -> GridSupport:
    """Look for pockets on every grid of these sizes, shapes and shifts, and compare them with the given ones.

    Parameters
    ----------
    points : one row per family: ``x``, ``y`` in metres, ``poor`` (true or false).
    pocket : the pocket that each family is in, missing outside all; aligned with ``points``.
    sizes_m, shapes : see ``grids.grid``; ``shifts`` in parts of a cell.
    at_least : families that a cell needs to enter the tests, at least 1.
    level, min_methods, seed : as in ``find_pockets``. Tests take normal tails for Gi* and local Moran, as the redrawn
        maps of ``stability`` do.

    Returns
    -------
    GridSupport
        ``pockets`` by pocket id: share (0..1) of grids in which at least half (``MOST``) of its poor families lie in
        a pocket again; NaN where it has no poor family among the points. ``grids``: shape, size_m, shift_x, shift_y
        (parts of a cell), cells (that entered), pockets (found), poor_share (of the poor families, inside them),
        overlap (Jaccard with the given pockets, in families; NaN where neither holds any).

    Raises
    ------
    InvalidInputError
        Rows without position, other lengths or labels, no size, no shift, a size that is not above 0.
    """
    table = _checked(points, pocket, sizes_m, shapes, shifts, at_least)
    need_share(level, subject="grid_support", name="level")
    need_whole(min_methods, subject="grid_support", name="min_methods", least=1)
    need_seed(seed, subject="grid_support")
    inside = pocket.notna().to_numpy()
    poor = table["poor"].to_numpy() > 0
    names = sorted(str(name) for name in pocket.dropna().unique())
    number = pd.Index(names).get_indexer(pocket.astype("string").fillna("").to_numpy(dtype=object))
    totals = np.bincount(number[inside & poor], minlength=len(names)).astype(np.float64)
    again, rows = np.zeros(len(names)), []
    for turn, (shape, size_m, shift) in enumerate(product(shapes, sizes_m, shifts)):
        found, cells, count = _found_on(
            table, grids_of(shape, size_m, shift), at_least=at_least, level=level, min_methods=min_methods,
            seed=seed + turn,
        )  # fmt: skip
        caught = np.bincount(number[inside & poor & found], minlength=len(names))
        again += (caught >= MOST * totals) & (totals > 0)
        rows.append((shape, float(size_m), *shift, cells, count, _share(found & poor, poor), _jaccard(found, inside)))
    columns = ["shape", "size_m", "shift_x", "shift_y", "cells", "pockets", "poor_share", "overlap"]
    share = np.where(totals > 0, again / len(rows), np.nan)
    return GridSupport(pd.Series(share, index=names, name="grid_support"), pd.DataFrame(rows, columns=columns))


def grids_of(shape: grids.Shape, size_m: float, shift: tuple[float, float]) -> dict[str, Any]:
    """Keywords of ``grids.locate`` for a shift that is given in parts of a cell."""
    return {"shape": shape, "size_m": size_m, "shift": (shift[0] * size_m, shift[1] * size_m)}


def _found_on(
    table: pd.DataFrame, cut: dict[str, Any], *, at_least: int, level: float, min_methods: int, seed: int
) -> tuple[Bools, int, int]:
    """Which families lie in a pocket of one grid, how many cells entered, and how many pockets there are."""
    cell = grids.locate(table["x"], table["y"], **cut)
    codes, (column, row) = _numbered(cell)
    families = np.bincount(codes).astype(np.float64)
    events = np.bincount(codes, weights=table["poor"].to_numpy()).astype(np.float64)
    entered = families >= at_least
    nothing = np.zeros(len(table), dtype=np.bool_)
    if entered.sum() < FEWEST_CELLS or not events[entered].any():
        return nothing, int(entered.sum()), 0
    district = _district(column[entered], row[entered], events[entered], families[entered], cut)
    known = yardstick(district, level=level, min_methods=min_methods, seed=seed)
    inside = quick_pockets(known, district.events, level=level, min_methods=min_methods, seed=seed)
    high = np.zeros(len(families), dtype=np.bool_)
    high[np.flatnonzero(entered)[inside]] = True
    found: Bools = high[codes]
    return found, int(entered.sum()), _pieces(district.adjacency, inside)


def _numbered(cell: pd.DataFrame) -> tuple[Ints, tuple[Ints, Ints]]:
    """Number of each family's cell, and column and row of the cells, by row and column."""
    column, row = cell["column"].to_numpy(), cell["row"].to_numpy()
    width = int(column.max() - column.min()) + 1
    keys, codes = np.unique((row - row.min()) * width + (column - column.min()), return_inverse=True)
    return codes.astype(np.int64), (keys % width + column.min(), keys // width + row.min())


def _district(column: Ints, row: Ints, events: Floats, families: Floats, cut: dict[str, Any]) -> DistrictMap:
    """The map of one grid, its neighbours by formula instead of by geometry."""
    left, right = grids.neighbour_pairs(column, row, shape=cut["shape"])
    names = grids.cell_names(column, row, **cut)
    matrix = sparse.coo_array((np.ones(len(left)), (left, right)), shape=(len(names), len(names)))
    graph = Graph.from_sparse(matrix, ids=names)
    places = shapely.get_coordinates(shapely.centroid(grids.cell_polygons(column, row, **cut)))
    return DistrictMap(events, families, pd.Index(names), graph, adjacency(graph), places)


def _pieces(adjacency: Any, inside: Bools) -> int:
    rows = np.flatnonzero(inside)
    return int(sparse.csgraph.connected_components(adjacency[rows][:, rows], directed=False)[0]) if len(rows) else 0


def _share(part: Bools, whole: Bools) -> float:
    return float(part.sum() / whole.sum()) if whole.any() else 0.0


def _jaccard(one: Bools, other: Bools) -> float:
    either = int((one | other).sum())
    return float((one & other).sum() / either) if either else float("nan")


def _checked(
    points: pd.DataFrame, pocket: pd.Series, sizes_m: Sequence[float], shapes: Any, shifts: Any, at_least: int
) -> pd.DataFrame:
    """The points as numbers; every problem at once."""
    complaints = Complaints("grid_support")
    need_rows(points, complaints, "points")
    if not isinstance(pocket, pd.Series) or not all(map(np.iterable, (sizes_m, shapes, shifts))):
        complaints.add("pocket is a Series, sizes, shapes and shifts are lists", "pocket berupa Series, lainnya daftar")
        complaints.refuse()
    missing = [name for name in ("x", "y", "poor") if name not in getattr(points, "columns", ())]
    if missing:
        complaints.add(f"no column {', '.join(missing)}", f"tidak ada kolom {', '.join(missing)}")
        complaints.refuse()
    need_same_rows(points, pocket, complaints, "pocket")
    numbers = {name: as_numbers(points[name], complaints, name) for name in ("x", "y", "poor")}
    complaints.rows(~np.isin(numbers["poor"], (0, 1)), points.index, "poor is not 0 or 1", "poor bukan 0 atau 1")
    if not len(sizes_m) or not len(shapes) or not len(shifts):
        complaints.add("no size, no shape or no shift", "tidak ada ukuran, bentuk atau geseran")
    for shape, size_m, shift in product(shapes, sizes_m, shifts):
        grids.check_grid(complaints, shape, size_m, shift)
    if not is_whole(at_least) or at_least < 1:
        complaints.add(f"at_least is {at_least}, not 1 or more", f"at_least {at_least} kurang dari 1")
    complaints.refuse()
    return pd.DataFrame(numbers, index=points.index)
