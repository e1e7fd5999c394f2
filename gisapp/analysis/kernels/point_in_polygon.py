"""First polygon that holds each point, compiled; point by point the answer of GEOS, for any number of threads.

A polygon is tried by casting a ray to the right and counting crossings (as GEOS does, edge by edge with the
same orientation test), over those edges only that share a horizontal slab with the point. Which polygons are
tried is read from a grid of their bounding boxes.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from gisapp.analysis.kernels.orientation import ORIENTATION_ERROR, orientation

Floats = npt.NDArray[np.float64]
Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]

# Cells of the grid per side of a tile; the points of a tile are answered together, its polygons stay in cache.
_TILE = 8


class Polygons(NamedTuple):
    """Polygons ready to be asked: n rows, v vertices, s slabs over all rows, g grid cells."""

    xy: Floats
    """(v, 2) vertices of all rings, row after row."""
    box: Floats
    """(n, 4) bounding boxes: x and y low, x and y high."""
    slabs_per_unit: Floats
    """(n,) slabs per unit of y; 0 where a row has one slab."""
    first_slab: Int64s
    """(n + 1,) position of each row's first slab in ``slab_start``."""
    slab_start: Int64s
    """(s + 1,) position of each slab's first edge in ``edges``."""
    edges: Int32s
    """Edges by slab: the vertex where each begins."""
    origin: Floats
    """(4,) x low, y low, columns per unit of x, rows per unit of y of the grid."""
    shape: Int64s
    """(2,) rows and columns of the grid."""
    cell_start: Int64s
    """(g + 1,) position of each cell's first row in ``cell_rows``."""
    cell_rows: Int32s
    """Rows whose box touches the cell, ascending."""


@numba.njit(cache=True, nogil=True)
def step(value: float, low: float, per_unit: float, count: int) -> int:
    """Slab, row or column of a value, 0 to count - 1; never falls when the value rises."""
    if count == 1:
        return 0
    return max(0, min(count - 1, int((value - low) * per_unit)))


@numba.njit(cache=True, nogil=True)
def _holds(xy: Floats, edges: Int32s, begin: int, end: int, px: float, py: float) -> bool:
    """Whether p is inside or on the border, by the edges of its slab.

    Counts without a branch per edge, with the determinant in doubles; where its error bound does not decide an
    edge, or p lies level with the end of one, everything is counted again exactly.
    """
    inside, unsure = False, False
    for at in range(begin, end):
        edge = edges[at]
        ax, ay, bx, by = xy[edge, 0], xy[edge, 1], xy[edge + 1, 0], xy[edge + 1, 1]
        left = (ax - px) * (by - py)
        right = (ay - py) * (bx - px)
        spans = (ay > py) != (by > py)
        inside ^= spans & ((left > right) == (by > ay))
        unsure |= (by == py) | (spans & (not abs(left - right) > abs(left + right) * ORIENTATION_ERROR))
    return _holds_exactly(xy, edges, begin, end, px, py) if unsure else inside


@numba.njit(cache=True, nogil=True)
def _holds_exactly(xy: Floats, edges: Int32s, begin: int, end: int, px: float, py: float) -> bool:
    """Whether p is inside or on the border; edge by edge the rules of GEOS' RayCrossingCounter."""
    inside = False
    for at in range(begin, end):
        edge = edges[at]
        ax, ay, bx, by = xy[edge, 0], xy[edge, 1], xy[edge + 1, 0], xy[edge + 1, 1]
        if (ay > py) == (by > py):
            if by == py and (px == bx or (ay == py and min(ax, bx) <= px <= max(ax, bx))):
                return True
        elif ax >= px or bx >= px:
            side = orientation(ax, ay, bx, by, px, py)
            if side == 0:
                return True
            inside ^= (side > 0) == (by > ay)
    return inside


@numba.njit(cache=True, nogil=True)
def locate_block(x: Floats, y: Floats, polygons: Polygons, bounds: Floats, found: Int32s) -> None:
    """Write into ``found`` the lowest row that holds each point, -1 for none (NaN too)."""
    places, order = _by_tile(x, y, polygons.origin, polygons.shape, bounds)
    found[:] = -1
    _answer(places, order, polygons, found)


@numba.njit(cache=True, nogil=True)
def _by_tile(x: Floats, y: Floats, origin: Floats, shape: Int64s, bounds: Floats) -> tuple[Floats, Int32s]:
    """Points inside the bounds tile by tile (a counting sort), (m, 2), and where each stood.

    So polygons are read once and stay in cache, whatever the order in which the points come.
    """
    rows, columns = shape
    tile_columns = (columns - 1) // _TILE + 1
    tiles = ((rows - 1) // _TILE + 1) * tile_columns
    tile_of = np.empty(x.shape[0], dtype=np.int32)
    start = np.zeros(tiles + 1, dtype=np.int64)
    for at in range(x.shape[0]):
        tile_of[at] = -1
        if bounds[0] <= x[at] <= bounds[2] and bounds[1] <= y[at] <= bounds[3]:
            column = step(x[at], origin[0], origin[2], columns)
            row = step(y[at], origin[1], origin[3], rows)
            tile_of[at] = (row // _TILE) * tile_columns + column // _TILE
            start[tile_of[at] + 1] += 1
    for tile in range(tiles):
        start[tile + 1] += start[tile]
    places, order = np.empty((start[tiles], 2)), np.empty(start[tiles], dtype=np.int32)
    for at in range(x.shape[0]):
        if tile_of[at] >= 0:
            to = start[tile_of[at]]
            start[tile_of[at]] += 1
            places[to, 0], places[to, 1], order[to] = x[at], y[at], at
    return places, order


@numba.njit(cache=True, nogil=True)
def _answer(places: Floats, order: Int32s, polygons: Polygons, found: Int32s) -> None:
    """Write the lowest row that holds each place to where the point stood."""
    # Taken out of the tuple once: taking a view per point would count references, which threads fight over.
    xy, box, per_unit, first_slab, slab_start, edges, origin, shape, cell_start, cell_rows = polygons
    rows, columns = shape
    for at in range(order.shape[0]):
        px, py = places[at, 0], places[at, 1]
        cell = step(py, origin[1], origin[3], rows) * columns + step(px, origin[0], origin[2], columns)
        for candidate in range(cell_start[cell], cell_start[cell + 1]):
            row = cell_rows[candidate]
            if px < box[row, 0] or px > box[row, 2] or py < box[row, 1] or py > box[row, 3]:
                continue
            slabs = first_slab[row + 1] - first_slab[row]
            slab = first_slab[row] + step(py, box[row, 1], per_unit[row], slabs)
            if _holds(xy, edges, slab_start[slab], slab_start[slab + 1], px, py):
                found[order[at]] = row
                break
