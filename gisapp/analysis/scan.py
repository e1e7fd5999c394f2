"""Spatial scan statistic: where more cases stand together than chance would put anywhere on the map.

Kulldorff (1997) with the rules of SaTScan: windows grow around every row, the best window of each centre
competes, the maximum over all windows of each replicate is the yardstick (so all places are tested as one).
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import numpy as np
import pandas as pd

from gisapp.analysis.checks import Complaints, Floats, as_numbers, need_same_rows, row_index
from gisapp.analysis.kernels.scan import one_thread
from gisapp.analysis.scanning.checks import Settings, Shape, counts, places
from gisapp.analysis.scanning.clusters import Model, list_clusters, scan_windows
from gisapp.analysis.scanning.draws import replicate_cases
from gisapp.analysis.scanning.windows import windows

# Windows times replicates (about 2 ms) up to which a second thread is not worth waking.
_LITTLE_WORK = 20_000_000
_ELLIPTIC_COLUMNS = ["test_statistic", "axis_ratio", "angle_deg"]


def poisson_scan(
    x: Any,
    y: Any,
    cases: Any,
    population: Any,
    *,
    max_population_share: float = 0.5,
    replicates: int = 999,
    seed: int,
    geographic: bool = False,
    shape: Shape = "circular",
    penalty: float = 0.0,
    overdispersion: float = 0.0,
    min_cases: int = 1,
) -> pd.DataFrame:
    """Find clusters of high rates of cases against a population (discrete Poisson model).

    Parameters
    ----------
    x, y : coordinates per row, in one unit; with ``geographic`` longitude and latitude in degrees.
    cases : whole number per row; may exceed ``population`` (person-time), but not where that is 0.
    population : persons, person-time or expected cases per row, at least 0.
    max_population_share : largest share of the population in a window, inclusive (0..1].
    replicates : Monte Carlo replicates; 0 gives no p-values.
    seed : names the replicates.
    shape : "elliptic" adds ellipses of axis ratio 1.5, 2, 3, 4 and 5 at 4, 6, 9, 12 and 15 angles.
    penalty : non-compactness penalty of ellipses (0 none, 0.5 medium, 1 strong).
    overdispersion : variance over squared mean of the rows' own risk in the replicates; 0 is Kulldorff's null.
    min_cases : fewest cases in a cluster (SaTScan: 2).

    Returns
    -------
    One row per cluster with a log-likelihood ratio above 0, without a common member, most likely first:
    ``centre`` (row position), ``radius`` (unit of the coordinates, metres if ``geographic``; of an ellipse the
    semi-minor axis), ``members`` (tuple of row positions by distance; equals by position), ``observed``,
    ``expected``, ``relative_risk`` (c/E)/((C-c)/(C-E)), ``log_likelihood_ratio``, ``p_value`` (rank /
    (replicates + 1)), ``gumbel_p_value``. Elliptic adds ``test_statistic`` (ratio times penalty),
    ``axis_ratio`` and ``angle_deg`` (of the long axis, counter-clockwise from x). No case, or the same rate
    everywhere: no row.

    Raises
    ------
    InvalidInputError : fewer than two rows or places, a coordinate or count that is missing, negative or not
        whole, cases without population, no population, rows that do not match, a parameter out of range.
    """
    complaints = Complaints("poisson_scan")
    given = Settings(
        max_population_share=max_population_share,
        replicates=replicates,
        seed=seed,
        geographic=geographic,
        shape=shape,
        penalty=penalty,
        overdispersion=overdispersion,
        min_cases=min_cases,
    )
    given.check(complaints)
    east, north = places(x, y, cases, complaints, geographic=geographic)
    found, people = counts(cases, complaints, "cases"), as_numbers(population, complaints, "population")
    complaints.rows(people < 0, row_index(population), "population is negative", "population negatif")
    if need_same_rows(cases, population, complaints, "population"):
        alone = (people == 0) & (found > 0)
        complaints.rows(alone, row_index(cases), "cases without population", "cases tanpa population")
        if len(people) and not people.any():
            complaints.add("population is 0 everywhere", "population 0 di semua baris")
    complaints.refuse()
    return _scan(east, north, found, people, given, bernoulli=False)


def bernoulli_scan(
    x: Any,
    y: Any,
    cases: Any,
    controls: Any,
    *,
    max_population_share: float = 0.5,
    replicates: int = 999,
    seed: int,
    geographic: bool = False,
    shape: Shape = "circular",
    penalty: float = 0.0,
    overdispersion: float = 0.0,
    min_cases: int = 1,
) -> pd.DataFrame:
    """Find clusters of high shares of cases among cases and controls (Bernoulli model).

    As ``poisson_scan``; ``controls`` is a whole number per row, the population is cases + controls, and the
    replicates share the cases out among the persons without replacement. ``relative_risk`` is
    (c/n)/((C-c)/(N-n)).

    Raises
    ------
    InvalidInputError : as ``poisson_scan``.
    """
    complaints = Complaints("bernoulli_scan")
    given = Settings(
        max_population_share=max_population_share,
        replicates=replicates,
        seed=seed,
        geographic=geographic,
        shape=shape,
        penalty=penalty,
        overdispersion=overdispersion,
        min_cases=min_cases,
    )
    given.check(complaints)
    east, north = places(x, y, cases, complaints, geographic=geographic)
    found, others = counts(cases, complaints, "cases"), counts(controls, complaints, "controls")
    if need_same_rows(cases, controls, complaints, "controls") and len(found) and not (found + others).any():
        complaints.add("cases and controls are 0 everywhere", "cases dan controls 0 di semua baris")
    complaints.refuse()
    return _scan(east, north, found, found + others, given, bernoulli=True)


def _scan(
    east: Floats, north: Floats, cases: Floats, people: Floats, given: Settings, *, bernoulli: bool
) -> pd.DataFrame:
    """Scan checked input."""
    elliptic = given.shape == "elliptic"
    share = given.max_population_share
    layout = windows(east, north, people, max_population_share=share, geographic=given.geographic, elliptic=elliptic)
    draws = replicate_cases(
        people,
        int(cases.sum()),
        replicates=given.replicates,
        seed=given.seed,
        overdispersion=given.overdispersion,
        bernoulli=bernoulli,
    )
    model = Model(cases.astype(np.int64), bernoulli, given.min_cases, given.penalty)
    with one_thread() if layout.rows * len(people) * given.replicates < _LITTLE_WORK else nullcontext():
        scanned = scan_windows(layout, model, draws, given.replicates)
    table = list_clusters(layout, model, scanned)
    return table if elliptic else table.drop(columns=_ELLIPTIC_COLUMNS)
