"""Grid cells that tile the plane: squares and hexagons of one size, by formula.

Sources: the three whole numbers of a hexagon that sum to zero and their rounding are the "cube coordinates" of
A. Patel, Hexagonal Grids (Red Blob Games, 2013); hexagons as units of area maps: Birch, Oom & Beecham (2007).
"""

from __future__ import annotations

from typing import Any, Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gisapp.analysis.assign import coordinates
from gisapp.analysis.checks import Complaints, Floats, as_number, as_numbers, need_rows, need_same_rows
from gisapp.analysis.crs import require_projected

Shape = Literal["square", "hexagon"]
SHAPES: tuple[Shape, ...] = ("square", "hexagon")
Ints = npt.NDArray[np.int64]

#: Columns and rows that 64-bit numbers tell apart without doubt.
_FARTHEST = 2**40
#: A rectangle of more cells is a slip in its units.
_MOST_CELLS = 10_000_000
#: Side of a hexagon of the area of the unit square: 3√3/2 s² = 1.
_SIDE = np.sqrt(2 / (3 * np.sqrt(3)))
#: The six neighbours of a hexagon and the hexagon itself, as steps of column and row.
_AROUND = ((0, 0), (1, 0), (0, 1), (-1, 1), (-1, 0), (0, -1), (1, -1))
#: Corners of a hexagon counted in half widths and half sides from its centre, counter-clockwise from the lowest.
_CORNERS = np.array([(0, -2), (1, -1), (1, 1), (0, 2), (-1, 1), (-1, -1)])


def grid(
    points_or_bounds: Any, *, shape: Shape = "square", size_m: float, shift: tuple[float, float] = (0.0, 0.0)
) -> gpd.GeoDataFrame:
    """Cells that hold a point, or that meet a rectangle: ``cell_id``, ``column``, ``row`` and the polygon, by row.

    Parameters
    ----------
    points_or_bounds : layer of points projected in metres, (n, 2) array of metres, or (west, south, east, north).
    shape : square, or hexagon with a corner in the north and the south.
    size_m : edge of a square in metres. A hexagon of the same size has the same *area*, so that shapes compare: its
        opposite sides are 1.0746 × size_m apart.
    shift : metres east and north by which the grid is moved; a move by a whole cell gives the same polygons.

    Returns
    -------
    Cells sorted by row, then column. Neighbours share their corners to the last bit. Raises ``InvalidInputError`` for
    missing positions, no position at all, a size that is not above 0, or an unknown shape.
    """
    crs = getattr(points_or_bounds, "crs", None)
    if _is_rectangle(points_or_bounds):
        column, row = _covering(points_or_bounds, shape, size_m, shift)
    else:
        if isinstance(points_or_bounds, gpd.GeoDataFrame | gpd.GeoSeries):
            require_projected(points_or_bounds)
        places = _places(points_or_bounds)
        found = locate(places[:, 0], places[:, 1], shape=shape, size_m=size_m, shift=shift)
        found = found.drop_duplicates().sort_values(["row", "column"])
        column, row = found["column"].to_numpy(), found["row"].to_numpy()
    names = cell_names(column, row, shape=shape, size_m=size_m, shift=shift)
    polygons = cell_polygons(column, row, shape=shape, size_m=size_m, shift=shift)
    return gpd.GeoDataFrame({"cell_id": names, "column": column, "row": row}, geometry=polygons, crs=crs)


def locate(
    x: Any, y: Any, *, shape: Shape = "square", size_m: float, shift: tuple[float, float] = (0.0, 0.0)
) -> pd.DataFrame:
    """Column and row of the one cell that each position (metres) lies in, aligned with ``x``; work grows with n only.

    A square holds its western and southern edge, not the eastern and northern. A hexagon holds what is nearest to its
    centre; on a shared edge or corner the lower row, then the lower column has it.
    """
    east, north = _checked(x, y, shape, size_m, shift)
    index = x.index if isinstance(x, pd.Series) else pd.RangeIndex(len(east))
    if shape == "square":
        column, row = _step(east, size_m, shift[0]), _step(north, size_m, shift[1])
    else:
        column, row = _hexagons(east, north, size_m, shift)
    return pd.DataFrame({"column": column, "row": row}, index=index)


def cell_names(
    column: Ints, row: Ints, *, shape: Shape = "square", size_m: float, shift: tuple[float, float] = (0.0, 0.0)
) -> npt.NDArray[np.object_]:
    """Stable text ids: size and ``m`` (square) or ``h`` (hexagon), the shift where there is one, column, row."""
    moved = f"+{shift[0]:g}+{shift[1]:g}" if tuple(shift) != (0, 0) else ""
    prefix = f"{size_m:g}{'m' if shape == 'square' else 'h'}{moved}"
    names = [f"{prefix}-{c}-{r}" for c, r in zip(column.tolist(), row.tolist(), strict=True)]
    return np.array(names, dtype=object)


def cell_polygons(
    column: Ints, row: Ints, *, shape: Shape = "square", size_m: float, shift: tuple[float, float] = (0.0, 0.0)
) -> npt.NDArray[np.object_]:
    """Polygons of the cells; corners are computed from whole numbers, so that neighbours share them exactly."""
    if shape == "square":
        west, east = _edge(column, size_m, shift[0]), _edge(column + 1, size_m, shift[0])
        south, north = _edge(row, size_m, shift[1]), _edge(row + 1, size_m, shift[1])
        squares: npt.NDArray[np.object_] = np.asarray(shapely.box(west, south, east, north), dtype=object)
        return squares.reshape(len(column))
    half, quarter = _halves(size_m)
    across = (2 * column + row)[:, None] + _CORNERS[:, 0]
    upward = (3 * row)[:, None] + _CORNERS[:, 1]
    corners = np.stack([shift[0] + across * half, shift[1] + upward * quarter], axis=-1)
    hexagons: npt.NDArray[np.object_] = np.asarray(shapely.polygons(corners), dtype=object)
    return hexagons.reshape(len(column))


def neighbour_pairs(column: Ints, row: Ints, *, shape: Shape = "square") -> tuple[Ints, Ints]:
    """Positions (both directions) of cells that meet: eight around a square (a corner is enough), six a hexagon."""
    steps = [(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1)] if shape == "square" else list(_AROUND)
    cells = pd.MultiIndex.from_arrays([column, row])
    left, right = [], []
    for across, upward in steps:
        if (across, upward) == (0, 0):
            continue
        found = cells.get_indexer(pd.MultiIndex.from_arrays([column + across, row + upward]))
        left.append(np.flatnonzero(found >= 0))
        right.append(found[found >= 0])
    return np.concatenate(left).astype(np.int64), np.concatenate(right).astype(np.int64)


def _halves(size_m: float) -> tuple[float, float]:
    """Half of a hexagon's width and half of its side, in metres."""
    side = float(_SIDE * size_m)
    return float(np.sqrt(3) * side / 2), side / 2


def _edge(number: Any, size_m: float, shift: float) -> Any:
    return shift + number * size_m


def _step(values: Floats, size_m: float, shift: float) -> Ints:
    """Number of the half-open step [edge, next edge) that holds each value, true to the edges as they are drawn."""
    number = np.floor((values - shift) / size_m)
    # A quotient may round up to the next whole number: the drawn edge decides, not the quotient.
    number = np.where(_edge(number, size_m, shift) > values, number - 1, number)
    number = np.where(_edge(number + 1, size_m, shift) <= values, number + 1, number)
    steps: Ints = number.astype(np.int64)
    return steps


def _hexagons(east: Floats, north: Floats, size_m: float, shift: tuple[float, float]) -> tuple[Ints, Ints]:
    """Axial column and row of the nearest centre: cube rounding, then the nearest of it and its six neighbours."""
    half, quarter = _halves(size_m)
    x, y = east - shift[0], north - shift[1]
    row = y / (3 * quarter)
    column = x / (2 * half) - row / 2
    third = -column - row
    c, r, t = np.round(column), np.round(row), np.round(third)
    off = np.abs(c - column), np.abs(r - row), np.abs(t - third)
    first = (off[0] > off[1]) & (off[0] > off[2])
    c, r = np.where(first, -r - t, c), np.where(~first & (off[1] > off[2]), -c - t, r)
    best = np.full(len(x), np.inf)
    at = np.zeros(len(x), dtype=np.int64), np.zeros(len(x), dtype=np.int64)
    # Ascending row, then column, with a strict comparison: at equal distance the lower row, then column stays.
    for across, upward in sorted(_AROUND, key=lambda step: (step[1], step[0])):
        one, other = c + across, r + upward
        far = (x - (2 * one + other) * half) ** 2 + (y - 3 * other * quarter) ** 2
        nearer = far < best
        best = np.where(nearer, far, best)
        at = np.where(nearer, one, at[0]).astype(np.int64), np.where(nearer, other, at[1]).astype(np.int64)
    return at


def _covering(bounds: Any, shape: Shape, size_m: float, shift: tuple[float, float]) -> tuple[Ints, Ints]:
    """Columns and rows of every cell that meets a rectangle, by row."""
    west, south, east, north = (as_number(value) for value in bounds)
    complaints = Complaints("grid")
    if not (west <= east and south <= north):
        complaints.add("the bounds are not west, south, east, north", "batas bukan barat, selatan, timur, utara")
    complaints.refuse()
    corners = locate([west, east, west, east], [south, south, north, north], shape=shape, size_m=size_m, shift=shift)
    across, upward = (int(np.ptp(corners[name])) + 3 for name in ("column", "row"))
    if across * upward > _MOST_CELLS:
        complaints.add(f"{across} by {upward} cells are too many", f"{across} kali {upward} sel terlalu banyak")
        complaints.refuse()
    rows = np.arange(corners["row"].min() - 1, corners["row"].max() + 2)
    columns = np.arange(corners["column"].min() - 1, corners["column"].max() + 2)
    row, column = (part.ravel() for part in np.meshgrid(rows, columns, indexing="ij"))
    cells = cell_polygons(column, row, shape=shape, size_m=size_m, shift=shift)
    meets = shapely.intersects(cells, shapely.box(west, south, east, north))
    return column[meets], row[meets]


def _is_rectangle(given: Any) -> bool:
    """Whether four plain values are given, as ``total_bounds`` of a layer gives them."""
    if isinstance(given, np.ndarray):
        return bool(given.shape == (4,))
    return isinstance(given, tuple | list) and len(given) == 4 and all(np.isscalar(value) for value in given)


def _places(points: Any) -> Floats:
    if isinstance(points, gpd.GeoDataFrame | gpd.GeoSeries):
        found: Floats = coordinates(np.asarray(points.geometry.array, dtype=object))
        return found
    try:
        places = np.asarray(points, dtype=np.float64)
    except (TypeError, ValueError):
        places = np.empty(0)
    if places.ndim != 2 or places.shape[1] != 2:
        complaints = Complaints("grid")
        complaints.add("points are not rows of x and y", "titik bukan baris x dan y")
        complaints.refuse()
    return places


def _checked(x: Any, y: Any, shape: str, size_m: float, shift: tuple[float, float]) -> tuple[Floats, Floats]:
    complaints = Complaints("grid")
    check_grid(complaints, shape, size_m, shift)
    need_rows(x, complaints, "x")
    need_same_rows(x, y, complaints, "y")
    east, north = as_numbers(x, complaints, "x"), as_numbers(y, complaints, "y")
    complaints.refuse()
    index = x.index if isinstance(x, pd.Series) else pd.RangeIndex(len(east))
    far = np.maximum(np.abs(east - shift[0]), np.abs(north - shift[1])) / size_m > _FARTHEST
    complaints.rows(far, index, "too far from the origin for this size", "terlalu jauh dari titik asal")
    complaints.refuse()
    return east, north


def check_grid(complaints: Complaints, shape: str, size_m: float, shift: tuple[float, float]) -> None:
    """Note a shape that is not known, a size that is not above 0 and a shift that is not two numbers."""
    if shape not in SHAPES:
        complaints.add(f"shape is {shape!r}, not square or hexagon", f"bentuk {shape!r} tidak dikenal")
    if not 0 < as_number(size_m) < np.inf:
        complaints.add(f"size_m is {size_m}, not above 0", f"size_m {size_m} tidak di atas 0")
    pair = [as_number(part) for part in shift] if isinstance(shift, tuple | list | np.ndarray) else []
    if len(pair) != 2 or not np.isfinite(pair).all():
        complaints.add(f"shift is {shift}, not two numbers of metres", f"shift {shift} bukan dua angka meter")
