"""Cells that a search with a limit reached, read out and cleared tile by tile, so that the next search starts clean."""

from __future__ import annotations

import numba
import numpy as np

from gisapp.analysis.kernels.least_cost import CELLS, Floats, Int32s, Int64s, position


@numba.njit(cache=True, nogil=True)
def take_reached(
    field: Floats, held: Int32s, shape: tuple[int, int], start: int, stack: Int32s, found: Int32s, cost: Floats
) -> int:
    """Write which held cells were reached, and at what cost; return how many. Every cost is cleared.

    A search spreads from cell to cell, so the tiles that it reached hang together: from the tile of the source each
    is visited once, and no other. ``held`` numbers the cells that are asked for, -1 elsewhere; ``shape`` are tiles
    down and across.
    """
    count, waiting = 0, 1
    stack[0] = start // CELLS
    while waiting:
        waiting -= 1
        tile = int(stack[waiting])
        reached = False
        for cell in range(tile * CELLS, (tile + 1) * CELLS):
            minutes = field[cell, 0]
            if 0.0 <= minutes < np.inf:
                reached = True
                field[cell, 0] = np.inf
                if held[cell] >= 0:
                    found[count], cost[count] = held[cell], minutes
                    count += 1
        if not reached:
            continue
        row, column = tile // shape[1], tile % shape[1]
        for down in range(max(row - 1, 0), min(row + 2, shape[0])):
            for right in range(max(column - 1, 0), min(column + 2, shape[1])):
                if down != row or right != column:
                    stack[waiting] = down * shape[1] + right
                    waiting += 1
    return count


@numba.njit(cache=True, nogil=True)
def number_cells(cells: Int64s, columns: int, tiles_across: int, held: Int32s) -> None:
    """Write the row of each of the cells (row × columns + column of the grid) to its place in the field."""
    for number in range(len(cells)):
        held[position(cells[number] // columns, cells[number] % columns, tiles_across)] = number
