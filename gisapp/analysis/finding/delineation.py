"""From significant areas to the outline of a pocket.

Tests over hundreds of areas that control false discoveries find the heart of a pocket and miss its rim.
The outline is therefore the group that explains the log rates best: with weights w = 1 / (sampling variance +
between-area variance), a group S that is higher than the district's middle by one common amount has the
log-likelihood ratio (Σ_S w x)² / (2 Σ_S w). An area is added when it raises that, which is when its own excess
(on the log scale) is at least about half of the group's; an area is dropped when that raises it. A border
has a price (a Potts prior), so that a pocket is a place and not a string of areas that chance lined up.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.analysis.checks import Bools, Floats
from gisapp.analysis.finding.district_map import DistrictMap
from gisapp.analysis.finding.excess import Ordinary, log_rates, ordinary_rates
from gisapp.analysis.neighbours import components

#: Price of a border as long as an average area's whole border, in units of log-likelihood: two, the usual width
#: of a support interval (Edwards 1972). Less lets ordinary rims in, more drops rims of true pockets.
BORDER_COST = 2.0
_LEAST_GAIN = 1e-9
_MOST_STEPS = 10_000


def log_likelihood_ratio(excess: Floats, weight: Floats, group: Bools) -> float:
    """(Σ w x)² / (2 Σ w) over the group; 0 when the group is not above the middle."""
    total = float((weight * excess)[group].sum())
    return total**2 / (2 * float(weight[group].sum())) if total > 0 else 0.0


def outline(seeds: Bools, excess: Floats, weight: Floats, allowed: Bools, adjacency: Any) -> Bools:
    """Grow and prune one group of seeds by single areas until likelihood less border no longer rises.

    Only ``allowed`` areas that touch the group may join; none may leave that holds the group together, and the last
    seed stays, so that the outline is one place around what was found. The best single step is taken each time,
    equal gains go to the lower row; the result is a local optimum.
    """
    group = seeds.copy()
    degree = np.asarray(adjacency.sum(axis=1)).ravel()
    edge = BORDER_COST / max(float(degree.mean()), 1.0)
    for _ in range(_MOST_STEPS):
        inner = adjacency @ group.astype(np.float64)
        sign = np.where(group, -1.0, 1.0)
        gain = _likelihood_gain(group, sign, excess, weight) - edge * sign * (degree - 2 * inner)
        last_seed = seeds if (group & seeds).sum() == 1 else np.zeros_like(seeds)
        gain[~np.where(group, ~last_seed, (inner > 0) & allowed)] = -np.inf
        row = _best_step(gain, group, adjacency)
        if row is None:
            break
        group[row] = not group[row]
    return group


def _best_step(gain: Floats, group: Bools, adjacency: Any) -> int | None:
    """Row of the best step that raises the sum and does not part the group, or None."""
    while True:
        row = int(np.argmax(gain))
        if not gain[row] > _LEAST_GAIN:
            return None
        if not group[row]:
            return row
        if not _parts(row, group, adjacency):
            return row
        gain[row] = -np.inf


def _parts(row: int, group: Bools, adjacency: Any) -> bool:
    """Whether the group falls into more pieces without this member: its neighbours no longer reach one another."""
    near = _members_beside(row, group, adjacency) - {row}
    if len(near) < 2:
        return False
    queue = [near.pop()]
    seen = {row, *queue}
    while queue and near:
        fresh = _members_beside(queue.pop(), group, adjacency) - seen
        seen |= fresh
        near -= fresh
        queue.extend(fresh)
    return bool(near)


def _members_beside(row: int, group: Bools, adjacency: Any) -> set[int]:
    beside = adjacency.indices[adjacency.indptr[row] : adjacency.indptr[row + 1]]
    return set(beside[group[beside]].tolist())


def _likelihood_gain(group: Bools, sign: Floats, excess: Floats, weight: Floats) -> Floats:
    """Rise of the log-likelihood ratio when each area alone joins (sign 1) or leaves (−1) the group."""
    total, size = float((weight * excess)[group].sum()), float(weight[group].sum())
    new_total, new_size = total + sign * weight * excess, size + sign * weight
    after = np.divide(new_total**2, 2 * new_size, out=np.zeros_like(new_size), where=(new_total > 0) & (new_size > 0))
    gain: Floats = after - (total**2 / (2 * size) if total > 0 else 0.0)
    return gain


def outlines(core: npt.NDArray[np.int64], excess: Floats, weight: Floats, allowed: Bools, adjacency: Any) -> Bools:
    """Union of the outlines of every connected group of core areas (``core`` numbers them, −1 is outside)."""
    found: Bools = np.zeros(len(core), dtype=np.bool_)
    for number in range(int(core.max(initial=-1)) + 1):
        found |= outline(core == number, excess, weight, allowed, adjacency)
    return found


def core_areas(tests: pd.DataFrame, *, min_methods: int) -> Bools:
    """Areas found by at least ``min_methods`` tests, each at its ``area_tests.level_each``."""
    core: Bools = (tests["methods_found"] >= min_methods).to_numpy(dtype=np.bool_)
    return core


def delineate(
    district: DistrictMap, events: Floats, tests: pd.DataFrame, *, min_methods: int, ordinary: Ordinary | None = None
) -> Bools:
    """Areas inside any pocket: the outlines around the core areas, less groups that lost their whole core.

    ``ordinary``: log rates of ordinary areas where they are known already.
    """
    core = core_areas(tests, min_methods=min_methods)
    table = log_rates(events, district.population)
    log_rate, variance = table["log_rate"].to_numpy(), table["variance"].to_numpy()
    usual = ordinary or ordinary_rates(events, district.population)
    weight = np.nan_to_num(1 / (variance + usual.spread**2))
    excess = np.nan_to_num(log_rate - usual.centre)
    rate = events.sum() / district.population.sum()
    allowed = (tests["smoothed"].to_numpy() > rate) & (excess > 0)
    inside = outlines(components(district.graph, core), excess, weight, allowed, district.adjacency)
    groups = components(district.graph, inside)
    return inside & np.isin(groups, np.unique(groups[core & inside]))
