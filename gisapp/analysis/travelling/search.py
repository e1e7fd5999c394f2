"""One search over a grid: the arrays that the compiled loops need, laid out and read back."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gisapp.analysis.kernels.cost_queue import block_size, grown, new_queue, put
from gisapp.analysis.kernels.least_cost import (
    CELLS,
    DIAGONAL,
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


def search(friction: Floats, sources: npt.NDArray[np.int64], cell_size_m: float) -> tuple[Floats, Int32s]:
    """Minutes to the nearest source over level ground, and its row; input as checked by ``travel_time``."""
    field, across, least, largest = _field(friction, cell_size_m)
    return _run(field, across, friction.shape, sources, (2 * least, 2 * largest * DIAGONAL), 1.0, None)


def search_on_slopes(
    friction: Floats,
    sources: npt.NDArray[np.int64],
    cell_size_m: float,
    elevation: Floats,
    rule: npt.NDArray[np.uint8],
    slopes: SlopeRules,
    *,
    uphill: float,
) -> tuple[Floats, Int32s]:
    """Minutes where slopes count; ``uphill`` is 1 for travel towards the sources, -1 away from them."""
    field, across, least, largest = _field(friction, cell_size_m)
    height, rules = np.zeros(len(field)), np.zeros(len(field), dtype=np.uint8)
    lay_terrain(elevation, rule, across, height, rules)
    walking = bool((rule == 1).any())
    # A hair below the true least, so that rounding never passes over a step that lowers a cost.
    ease = float(np.exp(-slopes.steepness * slopes.easiest)) * (1 - 1e-9) if walking else 1.0
    worst = slopes.steepness * (steepest(friction, elevation, cell_size_m) if walking else 0.0)
    terrain = Terrain(
        height, rules, uphill * cell_size_m, slopes.steepness, slopes.easiest, slopes.wheels_limit
    )  # fmt: skip
    steps = 2 * least * ease, 2 * largest * DIAGONAL * float(np.exp(min(worst, 600.0)))
    return _run(field, across, friction.shape, sources, steps, ease, terrain)


def _field(friction: Floats, cell_size_m: float) -> tuple[Floats, int, float, float]:
    down, across = tiles_of(friction.shape)
    field = np.empty((down * across * CELLS, 2))
    least, largest = lay_out(friction, cell_size_m / 2, across, field)
    return field, across, least, largest


def _run(
    field: Floats,
    across: int,
    shape: tuple[int, ...],
    sources: npt.NDArray[np.int64],
    step: tuple[float, float],
    ease: float,
    terrain: Any,
) -> tuple[Floats, Int32s]:
    label = np.zeros(len(field), dtype=np.int32)
    queue, per_cost = new_queue(*step, len(field))
    queue = put(queue, start(field, label, sources, across))
    costs, steps, size = (per_cost, step[0] / 2, ease), steps_by_place(across), block_size(queue)
    while not spread(field, label, steps, costs, terrain, queue, size):
        queue = grown(queue)
    minutes, nearest = np.empty(shape), np.empty(shape, dtype=np.int32)
    read_out(field, label, across, minutes, nearest)
    return minutes, nearest
