"""The scan over the areas of a district, allowing for what areas differ by anyway.

Kulldorff's nested windows (``scan_windows``) with a normal model of the log rates, each weighted by its own
variance (Huang, Tiwari, Zou, Kulldorff & Feuer 2009): against chance alone every district of unlike villages
has clusters, and a Poisson likelihood listens to the most populous village.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gisapp.analysis.checks import Floats
from gisapp.analysis.finding.district_map import DistrictMap
from gisapp.analysis.finding.excess import Ordinary, haldane_log_rate
from gisapp.analysis.kernels.normal_scan import best_normal_windows, raise_normal_maxima
from gisapp.analysis.kernels.scan import one_thread
from gisapp.analysis.scanning.windows import Block, Windows, windows

#: Shares of the population that windows may grow to, for ``reliability``.
WINDOWS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5)
#: No window of the test itself holds more: half of the district is no pocket, and what is left must be ordinary.
LARGEST_WINDOW = 0.25
#: What a scan needs for its test and for ``reliability``, and for its test alone.
ALL_WINDOWS, OWN_WINDOW = tuple(sorted((*WINDOWS, LARGEST_WINDOW))), (LARGEST_WINDOW,)
#: Maps of up to so many areas keep their windows; larger ones work them out anew for each map.
_KEPT_AREAS = 3_000
#: Ratios closer than this share of themselves are equal: the order of a sum must not decide a rank.
_EQUAL = 1e-9


@dataclass(frozen=True)
class AreaScan:
    """Windows over the areas and the highest ratio of each drawn map (replicates, window sizes)."""

    layout: Windows
    kept: tuple[Block, ...]
    ordinary: Ordinary
    shares: tuple[float, ...]
    maxima: Floats

    def p_values(self, events: Floats) -> Floats:
        """P-value of the cluster that holds each area; NaN outside of all clusters."""
        return self._p_by_window(events, [self.shares.index(LARGEST_WINDOW)])[:, 0]

    def reliability(self, events: Floats, *, level: float) -> Floats:
        """Share of six largest windows (50 to 5 % of the population) under which each area is in a cluster."""
        others = [self.shares.index(share) for share in WINDOWS]
        found: Floats = (self._p_by_window(events, others) <= level).mean(axis=1)
        return found

    def _p_by_window(self, events: Floats, numbers: Sequence[int]) -> Floats:
        """P-values (areas, chosen window sizes), of clusters without a common member, the most likely first."""
        size = len(events)
        best, held = np.zeros((size, len(self.shares))), np.zeros((size, len(self.shares)), dtype=np.int64)
        weight, weighted = _weights(events[None, :], self.layout.population, self.ordinary)
        for block in self.blocks():
            rows = slice(block.first, block.first + len(block.length))
            table = (block.members, block.measure, block.length, self.limits)
            with one_thread() if len(self.kept) == 1 else nullcontext():
                best_normal_windows(*table, weight[0], weighted[0], best[rows], held[rows])
        p_value = np.full((size, len(numbers)), np.nan)
        for at, number in enumerate(numbers):
            self._list(best[:, number], held[:, number], self.maxima[:, number], p_value[:, at])
        return p_value

    def _list(self, best: Floats, held: npt.NDArray[np.int64], maxima: Floats, p_value: Floats) -> None:
        """Put the p-value of each cluster on its members; equal ratios in order of the centre."""
        rounded = np.round(best, 9)
        for centre in np.lexsort((np.arange(len(best)), -rounded)):
            if best[centre] <= 0:
                break
            members = self._members(int(centre), int(held[centre]))
            if np.isfinite(p_value[members]).any():
                continue
            beaten = int((maxima >= best[centre] * (1 - _EQUAL)).sum())
            p_value[members] = (1 + beaten) / (len(maxima) + 1)

    def _members(self, centre: int, count: int) -> npt.NDArray[np.int32]:
        block = next(
            (each for each in self.kept if each.first <= centre < each.first + len(each.length)), None
        ) or self.layout.block(centre, 1)
        return block.members[centre - block.first, :count]

    def blocks(self) -> Iterable[Block]:
        """All windows, block by block."""
        return self.kept or self.layout.blocks()

    @property
    def limits(self) -> Floats:
        """Largest population of a window, per window size; a share may fall short of a whole number by rounding."""
        limits: Floats = np.array(self.shares) * float(self.layout.population.sum()) * (1 + 1e-12)
        return limits


def area_scan(
    district: DistrictMap, ordinary: Ordinary, *, replicates: int, seed: int, shares: tuple[float, ...] = ALL_WINDOWS
) -> AreaScan | None:
    """Draw the yardstick of a district; None where all areas lie on one place, which has no windows.

    Each of the ``replicates`` maps gives every area a log-normal rate with the ordinary spread, itself drawn anew
    because it is an estimate, and binomial events. p = rank of a cluster among their maxima / (replicates + 1).
    """
    if len(np.unique(district.places, axis=0)) == 1:
        return None
    x, y = district.places.T
    layout = windows(x, y, district.population, max_population_share=max(shares), geographic=False, elliptic=False)
    kept = tuple(layout.blocks()) if len(x) <= _KEPT_AREAS else ()
    scan = AreaScan(layout, kept, ordinary, shares, np.zeros((replicates, len(shares))))
    drawn = _ordinary_events(district.population, ordinary, replicates=replicates, seed=seed)
    weight, weighted = _weights(drawn, district.population, ordinary)
    for block in scan.blocks():
        table = (block.members, block.measure, block.length, scan.limits)
        raise_normal_maxima(*table, weight, weighted, scan.maxima)
    return scan


def _weights(events: Floats, population: Floats, ordinary: Ordinary) -> tuple[Floats, Floats]:
    """Weight 1 / (sampling variance + spread²) and weight × log rate over the map's median, per map and area."""
    lived = population > 0
    log_rate, variance = haldane_log_rate(events, population)
    weight = np.where(lived, 1 / (variance + ordinary.spread**2), 0.0)
    middle = np.median(log_rate[:, lived], axis=1, keepdims=True)
    return weight, weight * (log_rate - middle)


def _ordinary_events(population: Floats, ordinary: Ordinary, *, replicates: int, seed: int) -> Floats:
    """Events (replicates, n) of maps on which areas differ no more than ordinary ones do."""
    generator = np.random.default_rng(seed)
    spread = ordinary.spreads(replicates, seed=seed + 1)[:, None]
    log_rate = ordinary.centre + spread * generator.standard_normal((replicates, len(population)))
    people = np.rint(population).astype(np.int64)
    return np.minimum(generator.binomial(people, np.exp(np.minimum(log_rate, 0.0))), population).astype(np.float64)
