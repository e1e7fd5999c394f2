"""Least cost over a grid of eight neighbours, compiled: waiting cells in buckets (Dial 1969; Denardo & Fox 1979).

No bucket is wider than the cheapest step, so a cell that is taken out is final and costs are those of Dijkstra, digit
by digit. Cells lie in tiles of 16 × 16, cost and friction side by side, so that a step reads what is in cache.
"""

from __future__ import annotations

import math
from typing import NamedTuple, TypeAlias

import numba
import numpy as np
import numpy.typing as npt

from gisapp.analysis.kernels.cost_queue import Queue, most_blocks

Floats = npt.NDArray[np.float64]
Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Rules = npt.NDArray[np.uint8]
Costs: TypeAlias = tuple[float, float, float, float]

#: Side of a tile in cells; its cells with two doubles each fill one page of memory.
_BITS = 4
TILE = 1 << _BITS
CELLS = TILE * TILE
DIAGONAL = np.sqrt(2.0)
#: Limit of a search without one: any number passes, infinity does not.
FARTHEST = float(np.finfo(np.float64).max)
#: What slope does to a step inside a cell: nothing, slows who walks, stops wheels.
LEVEL, WALKED, WHEELED = 0, 1, 2
# Unsigned positions: for signed ones each access would first ask whether it counts from the end.
_U = np.uint64
_MOVES = ((-1, 0), (0, -1), (0, 1), (1, 0), (-1, -1), (-1, 1), (1, -1), (1, 1))


class Terrain(NamedTuple):
    """What slopes do to steps; heights and rules are laid out as the field."""

    height: Floats
    """(cells,) metres."""
    rule: Rules
    """(cells,) ``LEVEL``, ``WALKED`` or ``WHEELED``."""
    metres: float
    """Side of a cell; negative where people come from the sources instead of going to them."""
    steepness: float
    """How fast walking slows with slope (3.5 in Tobler 1993)."""
    easiest: float
    """Slope downwards (rise over run) on which walking is fastest (0.05 in Tobler 1993)."""
    limit: float
    """Steepest slope (rise over run) of wheels."""


def tiles_of(shape: tuple[int, ...]) -> tuple[int, int]:
    """Tiles down and across for a grid with one cell of border around it."""
    return -(-(shape[0] + 2) // TILE), -(-(shape[1] + 2) // TILE)


def steps_by_place(tiles_across: int) -> Int32s:
    """(256 × 8,) what to add to the position of a cell, by its place in the tile: four straight, four diagonal."""
    row, column = np.divmod(np.arange(CELLS), TILE)
    steps = np.empty((CELLS, 8), dtype=np.int32)
    for at, (down, right) in enumerate(_MOVES):
        to_row, to_column = row + down, column + right
        tile = (to_row // TILE) * tiles_across + to_column // TILE
        steps[:, at] = tile * CELLS + (to_row % TILE) * TILE + to_column % TILE - np.arange(CELLS)
    return steps.ravel()


@numba.njit(cache=True, nogil=True)
def position(row: int, column: int, tiles_across: int) -> int:
    """Place of a cell of the grid in the field."""
    tile = ((row + 1) >> _BITS) * tiles_across + ((column + 1) >> _BITS)
    return (tile << 2 * _BITS) + (((row + 1) & (TILE - 1)) << _BITS) + ((column + 1) & (TILE - 1))


@numba.njit(cache=True, nogil=True)
def lay_out(friction: Floats, scale: float, tiles_across: int, field: Floats) -> tuple[float, float]:
    """Write cost (inf; -inf on a barrier, which no step lowers) and friction × scale; least and largest of these."""
    least, largest = np.inf, 0.0
    for line in range(field.shape[0] >> _BITS):
        tile = line >> _BITS
        row = (tile // tiles_across << _BITS) + (line & (TILE - 1)) - 1
        first = (tile % tiles_across << _BITS) - 1
        for turn in range(TILE):
            half, column = np.inf, first + turn
            if 0 <= row < friction.shape[0] and 0 <= column < friction.shape[1]:
                half = friction[row, column] * scale
            open_cell = half < np.inf
            field[(line << _BITS) + turn, 0] = np.inf if open_cell else -np.inf
            field[(line << _BITS) + turn, 1] = half if open_cell else np.inf
            if open_cell:
                least, largest = min(least, half), max(largest, half)
    return least, largest


@numba.njit(cache=True, nogil=True)
def read_out(field: Floats, label: Int32s, tiles_across: int, cost: Floats, nearest: Int32s) -> None:
    """Write the costs (inf where there is no way) and the sources (-1) back into grids of rows and columns."""
    for row in range(cost.shape[0]):
        for column in range(cost.shape[1]):
            at = position(row, column, tiles_across)
            reached = 0.0 <= field[at, 0] < np.inf
            cost[row, column] = field[at, 0] if reached else np.inf
            nearest[row, column] = ~label[at] if reached else -1


@numba.njit(cache=True, nogil=True)
def start(field: Floats, label: Int32s, sources: Int64s, tiles_across: int) -> Int32s:
    """Put every source in at cost 0 and return their cells; of two on one cell the first stays."""
    cells = np.empty(sources.shape[0], dtype=np.int32)
    count = 0
    for number in range(sources.shape[0]):
        at = position(sources[number, 0], sources[number, 1], tiles_across)
        if field[at, 0] > 0.0:
            field[at, 0], label[at], cells[count] = 0.0, number, at
            count += 1
    return cells[:count]


@numba.njit(cache=True, nogil=True)
def slope_factor(rule: int, slope: float, steepness: float, easiest: float, limit: float) -> float:
    """Time on a slope (rise over run in the direction of travel) over time on the level; inf where wheels stop."""
    if rule == WALKED:
        return math.exp(steepness * (abs(slope + easiest) - easiest))
    return math.inf if rule == WHEELED and abs(slope) > limit else 1.0


@numba.njit(cache=True, nogil=True)
def spread(
    field: Floats, label: Int32s, steps: Int32s, costs: Costs, terrain: Terrain | None, queue: Queue, size: int
) -> bool:
    """Carry costs and sources outward until nothing waits (True), or until free blocks run short (False).

    ``costs`` holds buckets per unit of cost, the least half step on the level, the least slope factor, and the cost
    beyond which nothing is carried on (``FARTHEST`` for no such limit).
    """
    pool, after, first, end, state = queue
    buckets, empty = first.shape[0], 0
    while empty < buckets:
        slot = state[0] & (buckets - 1)
        if end[slot] == 0:
            state[0] += 1
            empty += 1
            continue
        if state[2] < most_blocks(size):
            return False
        empty = 0
        block = np.int64(first[slot])
        stop = np.int64(end[slot])
        if block * size < stop <= (block + 1) * size:
            end[slot] = 0
        else:
            stop = (block + 1) * size
            first[slot] = after[block]
        _pass_on(field, label, steps, costs, terrain, pool, after, first, end, state, size, block * size, stop)
        after[block] = state[1]
        state[1] = block
        state[2] += 1
    return True


@numba.njit(cache=True, nogil=True)
def _pass_on(
    field: Floats, label: Int32s, steps: Int32s, costs: Costs, terrain: Terrain | None,
    pool: Int32s, after: Int32s, first: Int32s, end: Int32s, state: Int64s, size: int, begin: int, stop: int,
) -> None:  # fmt: skip
    """Lower the cost of the neighbours of every cell of one block, and let those that fell wait.

    ``label`` holds the source of a cell, its complement once the cell has been treated. All stands in one function:
    handing arrays on per cell would count references to them, which takes longer than all the rest.
    """
    per_cost, least, ease, limit = costs
    if terrain is not None:
        height, rule, metres, steepness, easiest, steepest = terrain
    mask, in_block = _U(first.shape[0] - 1), _U(size - 1)
    for waiting in range(_U(begin), _U(stop)):
        cell = _U(pool[waiting])
        source = label[cell]
        if source < 0:
            continue
        label[cell] = ~source
        cost, half = field[cell, 0], field[cell, 1]
        for turn in range(_U(8)):
            to = _U(np.int64(cell) + steps[(cell & _U(CELLS - 1)) * _U(8) + turn])
            length = 1.0 if turn < _U(4) else DIAGONAL
            known = field[to, 0]
            if known < cost + (half * ease + least) * length:
                continue
            here, there = half, field[to, 1]
            if terrain is not None:
                slope = (height[cell] - height[to]) / (metres * length)
                here *= slope_factor(rule[cell], slope, steepness, easiest, steepest)
                there *= slope_factor(rule[to], slope, steepness, easiest, steepest)
            reached = cost + (here + there) * length
            if reached > known or reached > limit:
                continue
            held = label[to]
            if reached == known:  # of two sources at the same cost the lower row stays
                if source < max(held, ~held):
                    label[to] = source
                if held >= 0 or source >= ~held:
                    continue
            field[to, 0], label[to] = reached, source
            bucket = _U(np.int64(reached * per_cost)) & mask
            at = _U(end[bucket])
            if at & in_block == _U(0):
                block = state[1]
                state[1], state[2] = after[block], state[2] - 1
                if at == _U(0):
                    first[bucket] = block
                else:
                    after[(at - _U(1)) // _U(size)] = block
                at = _U(block * size)
            pool[at] = to
            end[bucket] = at + _U(1)
