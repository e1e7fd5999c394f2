"""What lies within so many minutes of each of several places: one search after another, none farther than that."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from gisapp.analysis.friction import Surface
from gisapp.analysis.kernels.cost_queue import block_size, grown, new_queue, put
from gisapp.analysis.kernels.least_cost import CELLS, spread, start, steps_by_place
from gisapp.analysis.kernels.nearby import number_cells, take_reached
from gisapp.analysis.travelling.checks import checked_search, checked_terrain
from gisapp.analysis.travelling.reach import Floats, Placed, Snapping
from gisapp.analysis.travelling.search import lay_level, lay_slopes
from gisapp.analysis.travelling.slopes import SlopeRules

Int64s = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]
#: What a search found: rows of the homes within the limit, ascending, and their minutes.
Within = tuple[Int64s, Floats]


def homes_within(
    homes: Placed,
    facilities: Placed,
    surface: Surface,
    *,
    limit_min: float,
    snapping: Snapping,
    slopes: SlopeRules,
) -> Iterator[Within]:
    """For each facility in turn: the homes from which it is reached within the minutes, and how long each takes.

    Walks from a home to its cell and from the last cell to the facility count. A home or a facility without a cell
    reaches nothing. Each search stops at the limit, so that its cost is that of the ground within it, and nothing of
    homes × facilities is kept.
    """
    walk = 0.06 / snapping.walking_kmh
    rows = np.flatnonzero(homes.on_grid())
    at = homes.cells() @ np.array([surface.grid.shape[1], 1])
    order = np.argsort(at, kind="stable")
    cells, first, count = np.unique(at[order], return_index=True, return_counts=True)
    rows = rows[order]
    extra = homes.snapped_m[rows] * walk
    searches = _searches(surface, facilities.cells(), cells, limit_min, slopes)
    for held, snapped in zip(facilities.on_grid(), facilities.snapped_m, strict=True):
        if not held:
            yield np.empty(0, dtype=np.int64), np.empty(0)
            continue
        found, minutes = next(searches)
        many = count[found]
        turn = np.repeat(first[found] - np.cumsum(many) + many, many) + np.arange(int(many.sum()))
        whole = np.repeat(minutes, many) + extra[turn] + snapped * walk
        near = whole <= limit_min
        within = rows[turn[near]]
        sort = np.argsort(within)
        yield within[sort], whole[near][sort]


def _searches(
    surface: Surface, sources: Int64s, cells: Int64s, limit_min: float, slopes: SlopeRules
) -> Iterator[tuple[Int32s, Floats]]:
    """For each source the positions in ``cells`` that were reached and their minutes."""
    if not len(sources):
        return
    friction, places, metres = checked_search(surface.minutes_per_metre, sources, surface.grid.cell_size_m)
    laid = lay_level(friction, metres)
    if surface.elevation is not None:
        height, rules = checked_terrain(friction, surface.elevation, surface.rule)
        laid = lay_slopes(friction, metres, height, rules, slopes, uphill=1.0)
    held = np.full(len(laid.field), -1, dtype=np.int32)
    number_cells(cells, laid.shape[1], laid.tiles[1], held)
    label, stack = np.zeros(len(held), dtype=np.int32), np.empty(8 * len(held) // CELLS + 8, dtype=np.int32)
    found, cost = np.empty(len(cells), dtype=np.int32), np.empty(len(cells))
    # No cost passes the limit, so the ring of buckets need not be wider.
    queue, per_cost = new_queue(laid.steps[0], max(laid.steps[0], min(laid.steps[1], limit_min)), len(held))
    costs = (per_cost, laid.steps[0] / 2, laid.ease, limit_min)
    turns, size = steps_by_place(laid.tiles[1]), block_size(queue)
    for row in range(len(places)):
        begin = start(laid.field, label, places[row : row + 1], laid.tiles[1])
        queue.state[0] = 0
        queue = put(queue, begin)
        while not spread(laid.field, label, turns, costs, laid.terrain, queue, size):
            queue = grown(queue)
        n = take_reached(laid.field, held, laid.tiles, begin[0], stack, found, cost)
        yield found[:n].copy(), cost[:n].copy()


def homes_within_straight(
    points: Floats, facilities: Floats, *, minutes_per_metre: float, limit_min: float
) -> Iterator[Within]:
    """As ``homes_within`` where no ground is known: straight lines at one pace; (n, 2) x and y, NaN where not known."""
    rows = np.flatnonzero(np.isfinite(points).all(axis=1))
    tree = cKDTree(points[rows]) if len(rows) else None
    for place in facilities:
        if tree is None or not np.isfinite(place).all():
            yield np.empty(0, dtype=np.int64), np.empty(0)
            continue
        # A hair wider, so that rounding loses nobody at the limit itself.
        near = np.sort(rows[tree.query_ball_point(place, limit_min / minutes_per_metre * (1 + 1e-9))])
        minutes = np.hypot(*(points[near] - place).T) * minutes_per_metre
        yield near[minutes <= limit_min], minutes[minutes <= limit_min]
