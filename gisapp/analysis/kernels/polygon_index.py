"""What point_in_polygon reads, made from vertices: boxes, edges by horizontal slab, rows by grid cell; compiled."""

from __future__ import annotations

import numba
import numpy as np

from gisapp.analysis.kernels.point_in_polygon import Floats, Int32s, Int64s, step

# Edges per slab aimed at, and the most entries that slabs may hold per edge (long edges stand in many slabs).
_EDGES_PER_SLAB = 4
_ENTRIES_PER_EDGE = 4


@numba.njit(cache=True, nogil=True)
def edges_by_slab(
    xy: Floats, ring_first: Int64s, row_first_ring: Int64s
) -> tuple[Floats, Floats, Int64s, Int64s, Int32s]:
    """Boxes, slabs per unit of y, first slab, first place of each slab and edges of ``Polygons``.

    ``ring_first`` (r + 1) holds the first vertex of every ring, ``row_first_ring`` (n + 1) the first ring of
    every row.
    """
    size = row_first_ring.shape[0] - 1
    box, per_unit = np.empty((size, 4)), np.zeros(size)
    first_slab = np.zeros(size + 1, dtype=np.int64)
    for row in range(size):
        slabs = _measure(xy, ring_first, row_first_ring[row], row_first_ring[row + 1], box, per_unit, row)
        first_slab[row + 1] = first_slab[row] + slabs
    start = np.zeros(first_slab[size] + 2, dtype=np.int64)
    # Counted one place further on, so that filling moves every start to where it belongs.
    _visit(xy, ring_first, row_first_ring, box, per_unit, first_slab, start[2:], np.empty(0, dtype=np.int32))
    for slab in range(2, start.shape[0]):
        start[slab] += start[slab - 1]
    edges = np.empty(start[-1], dtype=np.int32)
    _visit(xy, ring_first, row_first_ring, box, per_unit, first_slab, start[1:], edges)
    return box, per_unit, first_slab, start[:-1].copy(), edges


@numba.njit(cache=True, nogil=True)
def _measure(
    xy: Floats, ring_first: Int64s, first_ring: int, end_ring: int, box: Floats, per_unit: Floats, row: int
) -> int:
    """Write the box of a row and its slabs per unit of y; return how many slabs it has."""
    x_low, y_low, x_high, y_high, climb, edges = np.inf, np.inf, -np.inf, -np.inf, 0.0, 0
    for ring in range(first_ring, end_ring):
        for at in range(ring_first[ring], ring_first[ring + 1]):
            x_low, x_high = min(x_low, xy[at, 0]), max(x_high, xy[at, 0])
            y_low, y_high = min(y_low, xy[at, 1]), max(y_high, xy[at, 1])
            if at > ring_first[ring]:
                climb += abs(xy[at, 1] - xy[at - 1, 1])
                edges += 1
    box[row, 0], box[row, 1], box[row, 2], box[row, 3] = x_low, y_low, x_high, y_high
    height = y_high - y_low
    if not (height > 0.0 and climb < np.inf):
        return 1
    # A horizontal line meets climb / height edges on average; so many more entries does each slab cost.
    slabs = min(edges // _EDGES_PER_SLAB, int(_ENTRIES_PER_EDGE * edges / (climb / height)))
    if slabs < 2 or not slabs / height < np.inf:
        return 1
    per_unit[row] = slabs / height
    return slabs


@numba.njit(cache=True, nogil=True)
def _visit(
    xy: Floats,
    ring_first: Int64s,
    row_first_ring: Int64s,
    box: Floats,
    per_unit: Floats,
    first_slab: Int64s,
    place: Int64s,
    edges: Int32s,
) -> None:
    """Every slab of every edge: count it in ``place``, and write the edge there unless ``edges`` is empty."""
    fill = edges.shape[0] > 0
    for row in range(box.shape[0]):
        first, slabs = first_slab[row], first_slab[row + 1] - first_slab[row]
        for ring in range(row_first_ring[row], row_first_ring[row + 1]):
            for at in range(ring_first[ring], ring_first[ring + 1] - 1):
                one = step(xy[at, 1], box[row, 1], per_unit[row], slabs)
                other = step(xy[at + 1, 1], box[row, 1], per_unit[row], slabs)
                for slab in range(first + min(one, other), first + max(one, other) + 1):
                    if fill:
                        edges[place[slab]] = at
                    place[slab] += 1


@numba.njit(cache=True, nogil=True)
def _cells(box: Floats, row: int, origin: Floats, shape: Int64s) -> tuple[int, int, int, int]:
    """First and last grid row, first and last column that the box of a row touches; none for an empty row."""
    if not box[row, 0] <= box[row, 2]:
        return 0, -1, 0, -1
    return (
        step(box[row, 1], origin[1], origin[3], shape[0]),
        step(box[row, 3], origin[1], origin[3], shape[0]),
        step(box[row, 0], origin[0], origin[2], shape[1]),
        step(box[row, 2], origin[0], origin[2], shape[1]),
    )


@numba.njit(cache=True, nogil=True)
def rows_by_cell(box: Floats, origin: Floats, shape: Int64s, most: int) -> tuple[Int64s, Int32s]:
    """First place of each cell (cells + 1) and the rows that touch it, ascending; empty when over ``most`` in all."""
    pairs = 0
    for row in range(box.shape[0]):
        low, high, left, right = _cells(box, row, origin, shape)
        pairs += (high - low + 1) * (right - left + 1)
    if pairs > most:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int32)
    start = np.zeros(shape[0] * shape[1] + 2, dtype=np.int64)
    cell_rows = np.empty(pairs, dtype=np.int32)
    for fill in range(2):
        for row in range(box.shape[0]):
            low, high, left, right = _cells(box, row, origin, shape)
            for line in range(low, high + 1):
                for cell in range(line * shape[1] + left, line * shape[1] + right + 1):
                    if fill:
                        cell_rows[start[cell + 1]] = row
                        start[cell + 1] += 1
                    else:
                        start[cell + 2] += 1
        if not fill:
            for cell in range(2, start.shape[0]):
                start[cell] += start[cell - 1]
    return start[:-1].copy(), cell_rows
