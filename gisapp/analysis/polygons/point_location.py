"""Polygons prepared once, then asked for many points: the first that holds each point, as GEOS answers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np
import numpy.typing as npt
import shapely

from gisapp.analysis.checks import Complaints
from gisapp.analysis.kernels.point_in_polygon import Floats, Int32s, Int64s, Polygons, locate_block
from gisapp.analysis.kernels.polygon_index import edges_by_slab, rows_by_cell

#: Side of a grid cell, in median sizes of a polygon's box; most pairs of box and cell per polygon; most cells
#: along one side.
_CELL_SIZE = 0.5
_PAIRS_PER_ROW = 64
_MOST_CELLS = 1 << 11
#: Points answered at once by one thread.
_SMALLEST_BLOCK, _LARGEST_BLOCK = 1 << 15, 1 << 22


def prepare_polygons(polygons: npt.NDArray[np.object_]) -> Polygons:
    """Index (n,) polygons and multipolygons; a missing or empty one holds nothing.

    The polygons must be valid (``assign_area`` refuses others): of an invalid one the answer is that of GEOS'
    crossing count, not of its repaired shape. Takes about 0.2 µs per vertex; keep the index for many calls.
    """
    xy, ring_first, row_first_ring = _rings(polygons)
    box, per_unit, first_slab, slab_start, edges = edges_by_slab(xy, ring_first, row_first_ring)
    origin, shape, cell_start, cell_rows = _grid(box)
    return Polygons(xy, box, per_unit, first_slab, slab_start, edges, origin, shape, cell_start, cell_rows)


def locate(x: npt.ArrayLike, y: npt.ArrayLike, polygons: Polygons) -> Int32s:
    """Position of the first polygon that holds each point (n,), its border included; -1 for none.

    x and y are in the coordinates of the polygons; a point with a coordinate that is NaN or infinite is held
    by none. The answer does not depend on the number of threads (that of numba).

    Raises ``InvalidInputError`` when x and y are not numbers in one dimension and of one length.
    """
    xs, ys = _coordinates(x, y)
    found = np.empty(len(xs), dtype=np.int32)
    bounds = _bounds(polygons.box)
    threads = numba.get_num_threads()
    block = min(_LARGEST_BLOCK, max(_SMALLEST_BLOCK, -(-len(xs) // (2 * threads))))
    parts = [slice(begin, begin + block) for begin in range(0, len(xs), block)]
    if len(parts) == 1 or threads == 1:
        for part in parts:
            locate_block(xs[part], ys[part], polygons, bounds, found[part])
        return found
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda part: locate_block(xs[part], ys[part], polygons, bounds, found[part]), parts))
    return found


def _coordinates(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return x and y as contiguous float arrays; refuses anything else."""
    complaints = Complaints("locate")
    found = []
    for name, values in (("x", x), ("y", y)):
        try:
            found.append(np.ascontiguousarray(values, dtype=np.float64))
        except (TypeError, ValueError):
            complaints.add(f"{name} holds what is no number", f"{name} memuat yang bukan angka")
    complaints.refuse()
    xs, ys = found
    if xs.ndim != 1 or xs.shape != ys.shape:
        complaints.add(
            f"x has the shape {xs.shape} and y {ys.shape}; both must be one row of numbers, of one length",
            f"bentuk x {xs.shape} dan y {ys.shape}; keduanya harus satu baris angka yang sama panjang",
        )
    complaints.refuse()
    return xs, ys


def _rings(polygons: npt.NDArray[np.object_]) -> tuple[Floats, Int64s, Int64s]:
    """Vertices of all rings (v, 2), first vertex of each ring (r + 1), first ring of each polygon (n + 1)."""
    parts, part_row = shapely.get_parts(polygons, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    xy = shapely.get_coordinates(rings)
    ring_first = np.concatenate([[0], np.cumsum(shapely.get_num_coordinates(rings))]).astype(np.int64)
    ring_row = part_row[ring_part]
    return xy, ring_first, np.searchsorted(ring_row, np.arange(len(polygons) + 1)).astype(np.int64)


def _bounds(box: Floats) -> Floats:
    """Bounding box (4,) of all boxes; one that holds nothing where there is none."""
    return np.concatenate([box[:, :2].min(axis=0, initial=np.inf), box[:, 2:].max(axis=0, initial=-np.inf)])


def _grid(box: Floats) -> tuple[Floats, Int64s, Int64s, Int32s]:
    """Origin and shape of a grid over the boxes, and the rows that touch each cell."""
    held = box[box[:, 0] <= box[:, 2]]
    if len(held) == 0:
        return np.zeros(4), np.ones(2, dtype=np.int64), np.zeros(2, dtype=np.int64), np.empty(0, dtype=np.int32)
    x_low, y_low, x_high, y_high = _bounds(held)
    width, height = x_high - x_low, y_high - y_low
    middle = np.median(held[:, 2:] - held[:, :2], axis=0) * _CELL_SIZE
    columns, rows = _count(width, middle[0]), _count(height, middle[1])
    while True:
        origin = np.array([x_low, y_low, _per_unit(columns, width), _per_unit(rows, height)])
        shape = np.array([rows, columns], dtype=np.int64)
        alone = rows == columns == 1
        start, cell_rows = rows_by_cell(box, origin, shape, len(held) * (1 if alone else _PAIRS_PER_ROW))
        if len(start):
            return origin, shape, start, cell_rows
        # Few large areas among many small ones: coarser, until the large ones do not fill the memory.
        rows, columns = max(rows // 2, 1), max(columns // 2, 1)


def _count(extent: float, size: float) -> int:
    """Cells along one side of the grid."""
    with np.errstate(all="ignore"):
        ratio = np.float64(extent) / np.float64(size)
    return int(min(max(ratio, 1.0), _MOST_CELLS)) if np.isfinite(ratio) else 1


def _per_unit(count: int, extent: float) -> float:
    """Cells per unit of length; 0, and so all in the first cell, where that is no number."""
    with np.errstate(all="ignore"):
        ratio = np.float64(count) / np.float64(extent)
    return float(ratio) if np.isfinite(ratio) else 0.0
