"""Heights laid out for ``least_cost``, and the way back to the source, compiled."""

from __future__ import annotations

import numba
import numpy as np

from gisapp.analysis.kernels.least_cost import (
    DIAGONAL,
    Floats,
    Int32s,
    Int64s,
    Rules,
    position,
    slope_factor,
)


@numba.njit(cache=True, nogil=True)
def lay_terrain(elevation: Floats, rule: Rules, tiles_across: int, height: Floats, rules: Rules) -> None:
    """Write heights and rules to the places of their cells."""
    for row in range(elevation.shape[0]):
        for column in range(elevation.shape[1]):
            at = position(row, column, tiles_across)
            height[at], rules[at] = elevation[row, column], rule[row, column]


@numba.njit(cache=True, nogil=True)
def steepest(friction: Floats, elevation: Floats, metres: float) -> float:
    """Largest slope (rise over run) of a step between two cells that can be crossed."""
    rows, columns = friction.shape
    most = 0.0
    for row in range(rows):
        for column in range(columns):
            if not friction[row, column] < np.inf:
                continue
            for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
                to_row, to_column = row + down, column + right
                if to_row < rows and 0 <= to_column < columns and friction[to_row, to_column] < np.inf:
                    run = metres * (DIAGONAL if down and right else 1.0)
                    most = max(most, abs(elevation[to_row, to_column] - elevation[row, column]) / run)
    return most


@numba.njit(cache=True, nogil=True)
def way_lengths(
    cells: Int64s, friction: Floats, minutes: Floats, nearest: Int32s, elevation: Floats, rule: Rules,
    metres: float, slopes: tuple[float, float, float], length: Floats,
) -> None:  # fmt: skip
    """Write metres along the cheapest way from each of the cells (row × columns + column) into ``length`` (grid, NaN).

    From a cell the way goes to the neighbour of the same source by which its cost came about; of several the first.
    """
    columns = friction.shape[1]
    for start in range(cells.shape[0]):
        way = [cells[start]]
        while np.isnan(length[way[-1] // columns, way[-1] % columns]):
            row, column = way[-1] // columns, way[-1] % columns
            to = _next_cell(row, column, friction, minutes, nearest, elevation, rule, metres, slopes)
            if to < 0:
                length[row, column] = 0.0
            else:
                way.append(to)
        for at in range(len(way) - 2, -1, -1):
            row, column = way[at] // columns, way[at] % columns
            to_row, to_column = way[at + 1] // columns, way[at + 1] % columns
            step = DIAGONAL if row != to_row and column != to_column else 1.0
            length[row, column] = length[to_row, to_column] + step * abs(metres)


@numba.njit(cache=True, nogil=True)
def _next_cell(
    row: int, column: int, friction: Floats, minutes: Floats, nearest: Int32s, elevation: Floats, rule: Rules,
    metres: float, slopes: tuple[float, float, float],
) -> int:  # fmt: skip
    """Neighbour through which the cost of a cell is least, -1 at a source."""
    best, found = np.inf, -1
    if minutes[row, column] == 0.0:
        return found
    for down in range(-1, 2):
        for right in range(-1, 2):
            to_row, to_column = row + down, column + right
            if not (0 <= to_row < friction.shape[0] and 0 <= to_column < friction.shape[1]):
                continue
            if nearest[to_row, to_column] != nearest[row, column] or minutes[to_row, to_column] >= minutes[row, column]:
                continue
            run = DIAGONAL if down and right else 1.0
            here, there = friction[row, column], friction[to_row, to_column]
            if elevation.shape[0]:
                slope = (elevation[to_row, to_column] - elevation[row, column]) / (metres * run)
                here *= slope_factor(rule[row, column], slope, slopes[0], slopes[1], slopes[2])
                there *= slope_factor(rule[to_row, to_column], slope, slopes[0], slopes[1], slopes[2])
            cost = minutes[to_row, to_column] + (here + there) * run * abs(metres) / 2
            if cost < best:
                best, found = cost, to_row * friction.shape[1] + to_column
    return found
