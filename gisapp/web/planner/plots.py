"""Where things stand in a picture: positions in percent of its width or height, ticks, and labels that do not collide.

Pictures are inline SVG whose positions are percentages, so that they fit a phone without shrinking their letters.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: Width of a letter and height of a line of a label, in percent of the smallest picture on a desk (760 by 380 pixels)
#: and on a phone (240 by 300 pixels).
DESK, PHONE = (0.95, 4.2), (2.9, 5.5)


@dataclass(frozen=True, kw_only=True)
class Tick:
    """One mark of an axis: its value, and its place in percent of the axis from its low end."""

    value: float
    at: float


@dataclass(frozen=True, kw_only=True)
class Scale:
    """A linear axis from ``low`` to ``high``."""

    low: float
    high: float
    ticks: tuple[Tick, ...]

    def at(self, value: float) -> float:
        """Place of a value in percent from the low end, kept inside the axis."""
        share = (value - self.low) / (self.high - self.low)
        return round(100 * min(max(share, 0.0), 1.0), 2)


def scale(values: Iterable[float | None], *, from_zero: bool = True, parts: int = 5) -> Scale:
    """An axis that holds every value, with about ``parts`` round steps; 0..1 where there is no value."""
    known = [value for value in values if value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high <= low:
        high = low + 1.0
    step = _round_step((high - low) / parts)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    span = last - first
    ticks = tuple(Tick(value=(first + n) * step, at=round(100 * n / span, 2)) for n in range(span + 1))
    return Scale(low=first * step, high=last * step, ticks=ticks)


def _round_step(rough: float) -> float:
    """1, 2 or 5 times a power of ten, not below ``rough``."""
    power: float = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= rough * (1 - 1e-9))


def labelled(places: Sequence[tuple[float, float, str]], *, size: tuple[float, float] = DESK) -> list[bool]:
    """Which of some labels (x and y in percent, text; the most important first) have room right of their point.

    A label covers no other label, none of the other points, and stays inside the picture.
    """
    letter, line = size
    taken: list[tuple[float, float, float]] = []
    kept = []
    for place, (x, y, text) in enumerate(places):
        right = x + 1 + letter * len(text)
        free = all(right < left or x > end or abs(y - row) > line for left, end, row in taken)
        clear = all(
            not (x < across <= right and abs(y - down) < line / 2)
            for other, (across, down, _) in enumerate(places)
            if other != place
        )
        kept.append(free and clear and right <= 100)
        if kept[-1]:
            taken.append((x, right, y))
    return kept
