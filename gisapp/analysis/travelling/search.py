"""One search over a grid: the arrays that the compiled loops need, laid out and read back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gisapp.analysis.kernels.cost_queue import block_size, grown, new_queue, put
from gisapp.analysis.kernels.least_cost import (
    CELLS,
    DIAGONAL,
    FARTHEST,
    Terrain,
    lay_out,
    read_out,
    spread,
    start,
    steps_by_place,
    tiles_of,
)
from gisapp.analysis.kernels.terrain import lay_terrain, steepest
from gisapp.analysis.travelling.slopes import SlopeRules

Floats = npt.NDArray[np.float64]
Int32s = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Laid:
    """A grid as the compiled loops read it: nothing reached yet."""

    field: Floats
    """(cells, 2) cost and half a step."""
    shape: tuple[int, ...]
    """Rows and columns of the grid."""
    tiles: tuple[int, int]
    """Tiles down and across."""
    steps: tuple[float, float]
    """Cheapest and dearest step."""
    ease: float
    """Least factor of a slope."""
    terrain: Terrain | None


def lay_level(friction: Floats, cell_size_m: float) -> Laid:
    """Lay out ground without slopes; input as checked by ``travel_time``."""
    field, tiles, least, largest = _field(friction, cell_size_m)
    return Laid(field, friction.shape, tiles, (2 * least, 2 * largest * DIAGONAL), 1.0, None)


def lay_slopes(
    friction: Floats,
    cell_size_m: float,
    elevation: Floats,
    rule: npt.NDArray[np.uint8],
    slopes: SlopeRules,
    *,
    uphill: float,
) -> Laid:
    """Lay out ground where slopes count; ``uphill`` is 1 for travel towards the sources, -1 away from them."""
    field, tiles, least, largest = _field(friction, cell_size_m)
    height, rules = np.zeros(len(field)), np.zeros(len(field), dtype=np.uint8)
    lay_terrain(elevation, rule, tiles[1], height, rules)
    walking = bool((rule == 1).any())
    # A hair below the true least, so that rounding never passes over a step that lowers a cost.
    ease = float(np.exp(-slopes.steepness * slopes.easiest)) * (1 - 1e-9) if walking else 1.0
    worst = slopes.steepness * (steepest(friction, elevation, cell_size_m) if walking else 0.0)
    terrain = Terrain(
        height, rules, uphill * cell_size_m, slopes.steepness, slopes.easiest, slopes.wheels_limit
    )  # fmt: skip
    steps = 2 * least * ease, 2 * largest * DIAGONAL * float(np.exp(min(worst, 600.0)))
    return Laid(field, friction.shape, tiles, steps, ease, terrain)


def search(laid: Laid, sources: npt.NDArray[np.int64]) -> tuple[Floats, Int32s]:
    """Minutes to the nearest source, and its row; ``laid`` holds the costs afterwards and serves no second search."""
    field, across = laid.field, laid.tiles[1]
    label = np.zeros(len(field), dtype=np.int32)
    queue, per_cost = new_queue(*laid.steps, len(field))
    queue = put(queue, start(field, label, sources, across))
    costs = (per_cost, laid.steps[0] / 2, laid.ease, FARTHEST)
    turns, size = steps_by_place(across), block_size(queue)
    while not spread(field, label, turns, costs, laid.terrain, queue, size):
        queue = grown(queue)
    minutes, nearest = np.empty(laid.shape), np.empty(laid.shape, dtype=np.int32)
    read_out(field, label, across, minutes, nearest)
    return minutes, nearest


def _field(friction: Floats, cell_size_m: float) -> tuple[Floats, tuple[int, int], float, float]:
    tiles = tiles_of(friction.shape)
    field = np.empty((tiles[0] * tiles[1] * CELLS, 2))
    least, largest = lay_out(friction, cell_size_m / 2, tiles[1], field)
    return field, tiles, least, largest
