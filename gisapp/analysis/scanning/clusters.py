"""Clusters of a scan: the best window of each centre, without overlap, with its p-values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.analysis.checks import Floats
from gisapp.analysis.kernels.scan import approach, best_windows, one_thread, raise_maxima
from gisapp.analysis.scanning.draws import Counts
from gisapp.analysis.scanning.windows import Windows

Longs = npt.NDArray[np.int64]

# Statistics closer than this share are equal: the order of a sum must not decide a rank.
_EQUAL = 1e-9


@dataclass(frozen=True)
class Model:
    """What is scanned: cases per row, whether the others are controls, and the fewest cases of a cluster."""

    cases: Longs
    bernoulli: bool
    min_cases: int
    penalty: float

    def penalties(self, windows: Windows) -> Floats:
        """Kulldorff et al. (2006), equation 3: (4 s / (s + 1)²)^a per layout."""
        ratio = windows.axis_ratio
        return np.asarray((4 * ratio / (ratio + 1) ** 2) ** self.penalty, dtype=np.float64)


@dataclass(frozen=True)
class Scanned:
    """Best window per row of the windows (layout by layout), and the maximum of every replicate."""

    ratio: Floats
    sizes: Longs
    last: Longs
    maxima: Floats


def scan_windows(windows: Windows, model: Model, draws: Counts, replicates: int) -> Scanned:
    """Go once through all windows, for the data and for all replicates."""
    everybody, total = float(windows.population.sum()), float(model.cases.sum())
    ratio = np.zeros(windows.rows)
    sizes, last = np.zeros(windows.rows, dtype=np.int64), np.zeros(windows.rows, dtype=np.int64)
    maxima = np.zeros((draws.shape[0], draws.shape[2]))
    size = len(model.cases)
    penalty = np.repeat(model.penalties(windows), size)
    rules = (total, everybody, model.bernoulli, model.min_cases)
    for block in windows.blocks():
        rows = slice(block.first, block.first + len(block.length))
        table = (block.members, block.measure, block.length)
        bound = np.empty((len(block.length), size if replicates else 0, 2), dtype=np.float32)
        best_windows(*table, model.cases, *rules, ratio[rows], sizes[rows], last[rows], penalty[rows], bound)
        if replicates:
            raise_maxima(*table, bound, penalty[rows], draws, *rules, maxima)
    return Scanned(ratio, sizes, last, maxima.ravel()[:replicates])


def list_clusters(windows: Windows, model: Model, scanned: Scanned) -> pd.DataFrame:
    """Clusters without a common member, most likely first; equal statistics in order of the centre's row."""
    size = len(model.cases)
    statistic = (scanned.ratio * np.repeat(model.penalties(windows), size)).reshape(-1, size)
    # One window per centre: of equal ones the first layout, which is the roundest.
    layout = np.argmax(statistic >= statistic.max(axis=0) * (1 - _EQUAL), axis=0)
    best = statistic[layout, np.arange(size)]
    taken, nearest = np.zeros(size, dtype=np.bool_), np.full(size, np.inf)
    found: list[dict[str, object]] = []
    for centre in np.argsort(-_significant(best), kind="stable"):
        if best[centre] <= 0:
            break
        row = int(layout[centre]) * size + int(centre)
        # Clearly nearer than its last member: a member, no need to sort its window.
        inside = windows.distance(row, int(scanned.last[row])) * (1 - 1e-8) - 10 * windows.equal_distance
        if taken[centre] or nearest[centre] < inside:
            continue
        with one_thread():
            members = windows.block(row, 1).members[0, : scanned.sizes[row]]
        if taken[members].any():
            continue
        taken[members] = True
        approach(windows.places, layout, members, nearest)
        found.append(_cluster(windows, model, row, members, best[centre]))
    table = pd.DataFrame(found, columns=list(_COLUMNS)).astype(_COLUMNS)
    table["p_value"] = _rank_p_value(table["test_statistic"].to_numpy(), scanned.maxima)
    table["gumbel_p_value"] = _gumbel_p_value(table["test_statistic"].to_numpy(), scanned.maxima)
    return table


def _significant(values: Floats) -> Floats:
    """Round to 10 digits: windows with the same members must not be told apart by rounding."""
    scale = 10.0 ** (9 - np.floor(np.log10(np.maximum(values, 1e-100))))
    return np.asarray(np.round(values * scale) / scale)


def _cluster(
    windows: Windows, model: Model, row: int, members: npt.NDArray[np.int32], statistic: float
) -> dict[str, object]:
    """Describe one window; relative risk is (c/E) / ((C-c)/(C-E)), infinite when no case is outside."""
    layout, centre = divmod(row, len(model.cases))
    total, observed = int(model.cases.sum()), int(model.cases[members].sum())
    expected = float(windows.population[members].sum()) * total / float(windows.population.sum())
    outside = (total - observed) / (total - expected) if observed < total else 0.0
    radius = windows.radius(row, int(members[-1]))
    return {
        "centre": centre,
        "radius": radius,
        "members": tuple(members.tolist()),
        "observed": observed,
        "expected": expected,
        "relative_risk": observed / expected / outside if outside else np.inf,
        "log_likelihood_ratio": statistic / model.penalties(windows)[layout],
        "test_statistic": statistic,
        "axis_ratio": windows.axis_ratio[layout],
        "angle_deg": windows.angle_deg[layout],
    }


def _rank_p_value(statistic: Floats, maxima: Floats) -> Floats:
    """Rank among the replicates' maxima over (replicates + 1)."""
    if not len(maxima):
        return np.full(len(statistic), np.nan)
    smaller = np.searchsorted(np.sort(maxima), statistic * (1 - _EQUAL), side="left")
    return np.asarray((len(maxima) - smaller + 1) / (len(maxima) + 1))


def _gumbel_p_value(statistic: Floats, maxima: Floats) -> Floats:
    """Tail of a Gumbel distribution fitted to the maxima by moments (Abrams, Kulldorff & Kleinman 2010)."""
    spread = float(maxima.std(ddof=1)) if len(maxima) > 1 else 0.0
    if spread == 0.0:
        return np.full(len(statistic), np.nan)
    scale = spread * np.sqrt(6) / np.pi
    place = float(maxima.mean()) - np.euler_gamma * scale
    tail = -np.expm1(-np.exp(-(statistic - place) / scale))
    return np.asarray(np.maximum(tail, np.finfo(np.float64).tiny))


_COLUMNS = {
    "centre": np.int64,
    "radius": np.float64,
    "members": object,
    "observed": np.int64,
    "expected": np.float64,
    "relative_risk": np.float64,
    "log_likelihood_ratio": np.float64,
    "p_value": np.float64,
    "gumbel_p_value": np.float64,
    "test_statistic": np.float64,
    "axis_ratio": np.float64,
    "angle_deg": np.float64,
}
