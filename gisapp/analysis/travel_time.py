"""Travel time over a grid: minutes from every cell to the nearest of several places, and which one that is."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.analysis.checks import refuse
from gisapp.analysis.friction import Surface
from gisapp.analysis.travelling.checks import checked_search, checked_terrain
from gisapp.analysis.travelling.reach import Reach, Snapping, families_frame, place_facilities, placed, way_metres
from gisapp.analysis.travelling.search import lay_level, lay_slopes, search
from gisapp.analysis.travelling.slopes import SlopeRules

Floats = npt.NDArray[np.float64]
Int32s = npt.NDArray[np.int32]
Direction = Literal["to_source", "from_source"]


def least_cost(minutes_per_metre: Any, sources: Any, *, cell_size_m: float) -> tuple[Floats, Int32s]:
    """Minutes to the nearest source from every cell, and the row of that source.

    A step to one of the 8 neighbours costs its length (√2 × cell on the diagonal) times the mean of both cells; costs
    are exact (Dijkstra 1959, with the buckets of Dial 1969). Of sources at the same cost the lowest row counts. A
    diagonal step between two barriers is allowed.

    Parameters
    ----------
    minutes_per_metre
        Grid (rows × columns), above 0; NaN and infinity are barriers.
    sources
        (k, 2) rows and columns of the sources, counted from 0.
    cell_size_m
        Side of a cell, metres.

    Returns
    -------
    minutes, nearest
        Grids: minutes (inf where there is no way, also on barriers) and row of the source (-1 there).

    Raises
    ------
    InvalidInputError
        Friction of 0 or below; no source; a source outside the grid or on a barrier (its row named).
    """
    friction, places, metres = checked_search(minutes_per_metre, sources, cell_size_m)
    return search(lay_level(friction, metres), places)


def least_cost_on_slopes(
    minutes_per_metre: Any,
    sources: Any,
    elevation: Any,
    *,
    cell_size_m: float,
    rule: Any = None,
    slopes: SlopeRules | None = None,
    direction: Direction = "to_source",
) -> tuple[Floats, Int32s]:
    """Minutes as ``least_cost``, where the slope of each step in the direction of travel counts; level ground: equal.

    Each half of a step takes the time of its cell on the level times what ``slopes`` makes of the slope of the step.

    Parameters
    ----------
    elevation
        Grid of metres above any level; a number wherever the friction is one.
    rule
        Grid of 0 (slope does not count), 1 (walked), 2 (on wheels); walked everywhere if not given.
    direction
        ``to_source``: people go to the source (a family to its school), ``from_source``: they come from it.
    """
    friction, places, metres = checked_search(minutes_per_metre, sources, cell_size_m)
    height, rules = checked_terrain(friction, elevation, rule)
    if direction not in ("to_source", "from_source"):
        refuse("least cost", f"direction {direction!r} is unknown", f"arah {direction!r} tidak dikenal")
    uphill = 1.0 if direction == "to_source" else -1.0
    laid = lay_slopes(friction, metres, height, rules, slopes or SlopeRules(), uphill=uphill)
    return search(laid, places)


def reach(
    points: Any,
    facilities: Any,
    surface: Surface,
    *,
    snapping: Snapping | None = None,
    slopes: SlopeRules | None = None,
    direction: Direction = "to_source",
) -> Reach:
    """Minutes and metres from each family to the facility that it reaches soonest.

    Parameters
    ----------
    points, facilities
        Layers of points in the CRS of the surface, or (n, 2) x and y in metres; labels of a frame are kept.
    surface
        Where the mode travels, from ``friction.friction_surface``; slopes count where it has heights.
    snapping
        How far who stands on a barrier or beside the grid walks to the nearest cell that can be crossed.

    Returns
    -------
    Reach
        ``families`` aligned with ``points``: ``status`` (reached; unreachable: known place, no way; unknown: no place),
        ``travel_time_min`` (inf unreachable, NaN unknown), ``distance_m`` along the way, ``facility`` (label) and
        ``snapped_m``. ``minutes`` and ``nearest`` are the grids, ``report`` counts what was snapped and left out.

    Raises
    ------
    InvalidInputError
        No facility, a facility without a position, or none that can be reached from any cell; layers of another CRS.
    """
    rules, snap = slopes or SlopeRules(), snapping or Snapping()
    sources = place_facilities(facilities, surface, snap)
    friction, cells, metres = checked_search(surface.minutes_per_metre, sources.cells(), surface.grid.cell_size_m)
    if surface.elevation is None:
        minutes, nearest = search(lay_level(friction, metres), cells)
    else:
        minutes, nearest = least_cost_on_slopes(
            friction, cells, surface.elevation, cell_size_m=metres, rule=surface.rule, slopes=rules, direction=direction
        )
    if not sources.on_grid().all():
        rows = np.append(np.flatnonzero(sources.on_grid()), -1).astype(np.int32)
        nearest = rows[nearest]  # rows of all facilities, with those that have no cell
    families = placed(points, surface, snap, "points")
    way = way_metres(families, surface, minutes, nearest, rules, direction)
    frame = families_frame(families, sources, minutes, nearest, way, snap)
    report = pd.concat([families.report(frame), sources.report(None)], ignore_index=True)
    return Reach(frame, minutes, nearest, report)
