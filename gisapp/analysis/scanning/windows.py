"""Nested windows of the scan statistic: circles or ellipses around every row, up to a share of the population."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gisapp.analysis.checks import Floats
from gisapp.analysis.kernels.scan import nested_windows, sort_rows, squared_distances

Longs = npt.NDArray[np.int64]

#: SaTScan's radius of the Earth, so that radii agree with its published output to the digit.
EARTH_RADIUS_M = 6_367_000.0
#: Axis ratio of the ellipses -> number of angles (Kulldorff, Huang, Pickle & Duczmal 2006, section 2.2).
ANGLES = {1.0: 1, 1.5: 4, 2.0: 6, 3.0: 9, 4.0: 12, 5.0: 15}
#: Distances closer than this share of themselves are equal.
EQUAL_SHARE = 1e-9
_BLOCK_CELLS = 4_000_000


@dataclass(frozen=True)
class Block:
    """Windows of consecutive rows (layout by layout, centre by centre), see ``nested_windows``."""

    first: int
    members: npt.NDArray[np.int32]
    measure: Floats
    length: Longs


@dataclass(frozen=True)
class Windows:
    """All windows of a scan, never held in memory at once.

    ``places`` is (layouts, n, dimensions): distance in layout l is the radius of a circle, the chord of a unit
    sphere or the semi-minor axis of ellipse l.
    """

    places: Floats
    population: Floats
    max_population_share: float
    axis_ratio: Floats
    angle_deg: Floats
    spherical: bool
    equal_distance: float

    @property
    def rows(self) -> int:
        """Number of layouts times number of centres."""
        return int(self.places.shape[0] * self.places.shape[1])

    def blocks(self) -> Iterator[Block]:
        """Windows in blocks of at most 4 million members, so that memory does not grow with n²."""
        step = max(1, _BLOCK_CELLS // self.places.shape[1])
        for first in range(0, self.rows, step):
            yield self.block(first, min(step, self.rows - first))

    def block(self, first: int, count: int) -> Block:
        """Windows of ``count`` rows from ``first``."""
        size = self.places.shape[1]
        squared = np.empty((count, size))
        squared_distances(self.places, first, squared)
        # The row's number replaces the last bits of its distance: one sort of integers orders both.
        bits = max(1, int(size - 1).bit_length())
        keys = squared.view(np.uint64)
        keys &= ~np.uint64((1 << bits) - 1)
        keys |= np.arange(size, dtype=np.uint64)
        sort_rows(keys)
        members, measure = np.empty((count, size), dtype=np.int32), np.empty((count, size))
        length = np.empty(count, dtype=np.int64)
        # A share such as 0.1 of a whole number may fall short of it by rounding.
        limit = self.max_population_share * float(self.population.sum()) * (1 + 1e-12)
        slack = np.array([EQUAL_SHARE, self.equal_distance])
        nested_windows(keys, bits, self.places, first, self.population, limit, slack, members, measure, length)
        return Block(first, members, measure, length)

    def distance(self, row: int, member: int) -> float:
        """Distance from a row's centre to a member as the windows are ordered by (on the sphere: the chord)."""
        layout, centre = divmod(row, self.places.shape[1])
        return float(np.linalg.norm(self.places[layout, member] - self.places[layout, centre]))

    def radius(self, row: int, member: int) -> float:
        """The same in the units of the coordinates, on the sphere in metres along the great circle."""
        distance = self.distance(row, member)
        return 2 * EARTH_RADIUS_M * float(np.arcsin(min(1.0, distance / 2))) if self.spherical else distance


def _sphere(longitude: Floats, latitude: Floats) -> Floats:
    """Points on the unit sphere; the chord orders points as the great circle does."""
    east, north = np.radians(longitude), np.radians(latitude)
    return np.column_stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)])


def windows(
    x: Floats, y: Floats, population: Floats, *, max_population_share: float, geographic: bool, elliptic: bool
) -> Windows:
    """Lay out the windows; angles are counter-clockwise from the x axis and come in equal steps of 180 degrees."""
    rounding = 64 * np.finfo(np.float64).eps
    shapes = ANGLES if elliptic else {1.0: 1}
    ratios = np.repeat(list(shapes), list(shapes.values()))
    angles = np.concatenate([np.arange(count) * (180.0 / count) for count in shapes.values()])
    if geographic:
        return Windows(_sphere(x, y)[None], population, max_population_share, ratios, angles, True, rounding)
    equal = rounding * float(max(np.abs(x).max(), np.abs(y).max()))
    turn = np.radians(angles)[:, None]
    # A circle is left as it is, so that no rounding of the turn touches it.
    along = np.where(ratios[:, None] == 1, x, (x * np.cos(turn) + y * np.sin(turn)) / ratios[:, None])
    across = np.where(ratios[:, None] == 1, y, x * np.sin(turn) - y * np.cos(turn))
    places = np.ascontiguousarray(np.stack([along, across], axis=2))
    angles = np.where(angles > 90, angles - 180, angles)
    return Windows(places, population, max_population_share, ratios, angles, False, equal)
