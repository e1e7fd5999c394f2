"""What every function of the statistics is fed with, and what it says to input that nobody can answer for.

One ``Row`` per public function. ``columns`` are its arguments with a value per row; the test spoils them one by one.
``wrong`` are parameters out of range, or other input that must be refused. ``one``, ``constant`` and ``zero`` say what
becomes of a single row, of equal values and of nothing but zeros: ``REFUSED``, ``ANSWERED``, or None where the case
is not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from libpysal.graph import Graph

from gisapp.analysis import (
    allocation,
    coverage_gap,
    deprivation,
    grids,
    hotspots,
    klassen,
    matrix,
    poverty,
    quadrants,
    scan,
)
from gisapp.analysis.autocorrelation import global_autocorrelation
from gisapp.analysis.finding import cluster_mass, excess, recovery
from gisapp.analysis.locating import fairness
from gisapp.analysis.scanning import core as scan_core
from gisapp.analysis.small_numbers import (
    benchmarking,
    fay_herriot,
    intervals,
    posterior,
    ranking,
    smoothing,
    survey_quality,
)

REFUSED, ANSWERED = "refused", "answered"
LABELS = list("dacbfe")
NAN, INF = float("nan"), float("inf")


@dataclass(frozen=True)
class Row:
    """One function with input that it answers; see the module for the rest."""

    function: Callable[..., Any]
    columns: Mapping[str, list[float]]
    given: Mapping[str, Any] = field(default_factory=dict)
    may_miss: tuple[str, ...] = ()
    may_be_negative: tuple[str, ...] = ()
    wrong: tuple[tuple[str, Any], ...] = ()
    exceeds: tuple[str, str] | None = None
    needs_graph: bool = False
    one: str | None = ANSWERED
    constant: str | None = ANSWERED
    zero: str | None = ANSWERED

    @property
    def name(self) -> str:
        """Module and function."""
        return f"{self.function.__module__.removeprefix('gisapp.analysis.')}.{self.function.__name__}"

    def series(self) -> dict[str, pd.Series]:
        """Good columns under text labels in no order."""
        return {name: pd.Series(values, index=LABELS) for name, values in self.columns.items()}

    def call(self, columns: Mapping[str, Any], **given: Any) -> Any:
        """Call with these columns; a graph of six rows comes along where one is needed."""
        extra = {"graph": ring(LABELS)} if self.needs_graph else {}
        return self.function(**columns, **{**self.given, **extra, **given})


def ring(labels: list[Any]) -> Graph:
    """Each row beside the one before and after it."""
    after = labels[1:] + labels[:1]
    pairs = [pair for left, right in zip(labels, after, strict=True) for pair in ((left, right), (right, left))]
    return Graph.from_adjacency(pd.DataFrame(pairs, columns=["focal", "neighbor"]).assign(weight=1.0).drop_duplicates())


def unlinked(labels: list[Any]) -> Graph:
    """Nobody beside anybody."""
    return Graph.from_adjacency(pd.DataFrame({"focal": labels, "neighbor": labels, "weight": 0.0}))


def each(name: str, *values: Any) -> tuple[tuple[str, Any], ...]:
    """One argument with several wrong values."""
    return tuple((name, value) for value in values)


def _alkire_foster(*, deprived: Any, weight: Any, **given: Any) -> pd.DataFrame:
    """Call with two indicators that say the same, every row a group."""
    weights = {"roof": 0.5, "water": 0.5}
    if deprived is None:
        return deprivation.alkire_foster(deprived, weights, weight=weight, **given)
    cells = deprived if isinstance(deprived, pd.Series) else pd.Series(list(deprived))
    frame = pd.DataFrame({"roof": cells, "water": cells})
    return deprivation.alkire_foster(frame, weights, weight=weight, by=list(frame.index), **given)


def _cluster_mass(*, z_score: Any, **given: Any) -> pd.DataFrame:
    """Call with a ring of six areas."""
    return cluster_mass.cluster_mass(z_score, **{"adjacency": ring(list(range(6))).sparse, **given})


_alkire_foster.__module__, _alkire_foster.__name__ = deprivation.__name__, "alkire_foster"
_cluster_mass.__module__, _cluster_mass.__name__ = cluster_mass.__name__, "cluster_mass"

_COUNTS = {"events": [1, 4, 2, 8, 0, 3], "population": [10, 20, 20, 30, 0, 25]}
_VALUES = [1.0, 4, 2, 8, 3, 9]
_WEIGHT = [1.0, 2, 1, 1, 0, 1]
_PLACES = {"x": [0.0, 1, 2, 0, 1, 2], "y": [0.0, 0, 0, 1, 1, 1], "cases": [9, 8, 1, 1, 0, 1]}
_PEOPLE = [10, 10, 10, 10, 0, 10]
_ALL = {"one": REFUSED, "constant": REFUSED, "zero": REFUSED}
_LEVEL = each("level", 0, 1, -0.1, 95, NAN, None, "a")
_FAMILY = each("family", "normal", None)
_SEED = each("seed", -1, 1.5, None, "a")
_DRAWS = (*each("permutations", -1, 1.5, None, "a"), *_SEED, ("seed", 2**64))
_LINKS = each("graph", None, "queen", ring(LABELS[:4]))
_GLOBAL = (*_DRAWS, *_LINKS, ("weights", None), ("isolates", "x"), ("alternative", None))
_SCAN = (
    *each("max_population_share", 0, 1.01, NAN, None, "a"),
    *each("replicates", -1, 1.5, None, True),
    *_SEED,
    *each("shape", "square", None),
    *each("penalty", -1, NAN, None),
    *each("overdispersion", -1, NAN, None),
    *each("min_cases", 0, 1.5, None),
)
_BESIDE = {"wrong": (*_DRAWS, *_LINKS), "needs_graph": True, "one": REFUSED}
_WITHIN = ("events", "population")
_DECILE_1 = coverage_gap.Counted("decile_1", "families")
_COVARIATES = {"direct": _VALUES, "sampling_variance": [0.5] * 6, "covariates": [1.0, 2, 3, 4, 6, 5]}

ROWS = (
    Row(
        poverty.foster_greer_thorbecke,
        {"welfare": _VALUES, "poverty_line": [3.0] * 6, "weight": _WEIGHT},
        {"alpha": 1, "by": list("xyxyxy")},
        wrong=(
            *each("alpha", -1, NAN, INF, None, "a"),
            *each("poverty_line", 0, -1, NAN, None, "a"),
            *each("by", ["x"] * 5, [None] * 6, np.ones((6, 2)), 3),
        ),
        one=None,
        zero=REFUSED,
    ),
    Row(
        poverty.poverty_measures,
        {"welfare": _VALUES, "poverty_line": [3.0] * 6, "weight": _WEIGHT},
        wrong=(*each("poverty_line", 0, None), *each("by", ["x"] * 5, [None] * 6)),
        zero=REFUSED,
    ),
    Row(
        _alkire_foster,
        {"deprived": [1, 0, 1, 1, 0, 0], "weight": _WEIGHT},
        {"cutoff": 0.5},
        may_miss=("deprived",),
        wrong=(*each("cutoff", 0, 1.1, NAN, None, "a"), *each("unknown", "bound", None)),
    ),
    Row(smoothing.empirical_bayes, _COUNTS, wrong=_FAMILY, zero=REFUSED),
    Row(smoothing.reliability, _COUNTS, wrong=_FAMILY, zero=REFUSED),
    Row(smoothing.local_empirical_bayes, _COUNTS, wrong=(*_FAMILY, *_LINKS), needs_graph=True, one=None, zero=REFUSED),
    Row(intervals.wilson_interval, _COUNTS, wrong=_LEVEL, exceeds=_WITHIN),
    Row(
        intervals.bayes_interval,
        _COUNTS,
        wrong=(*_LEVEL, *each("prior", (0, 1), (1,), (1, NAN), "ab", None, 1, ((1,), (1, 2)))),
        exceeds=_WITHIN,
    ),
    Row(intervals.smoothed_interval, _COUNTS, wrong=(*_LEVEL, *_FAMILY), zero=REFUSED),
    Row(
        fay_herriot.fay_herriot,
        _COVARIATES,
        may_be_negative=("direct", "covariates"),
        wrong=(
            *each("method", "REML", None),
            *each("covariates", [1.0] * 6, np.ones((6, 2, 2)), [[1], [2, 3]], np.eye(6), "abc"),
        ),
        **_ALL,
    ),
    Row(fay_herriot.fit_fay_herriot, _COVARIATES, may_be_negative=("direct", "covariates"), **_ALL),
    Row(
        benchmarking.benchmark,
        {"rate": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], "population": [10.0, 20, 20, 30, 0, 25]},
        {"total": 1},
        wrong=each("total", -1, NAN, INF, 1e9, None, "a"),
        zero=REFUSED,
    ),
    Row(survey_quality.relative_standard_error, {"estimate": _VALUES, "mse": [0.1] * 6}, may_be_negative=("estimate",)),
    Row(
        survey_quality.rse_class,
        {"rse": [0.1, 0.2, 0.3, 0.5, 0.6, 0.0]},
        may_miss=("rse",),
        wrong=(*each("usable", 0, NAN, None), *each("caution", 0.1, "a")),
    ),
    *(
        Row(function, {"values": _VALUES}, {"seed": 1, "permutations": 9}, may_be_negative=("values",), **_BESIDE)
        for function in (hotspots.getis_ord, hotspots.local_moran, hotspots.local_tests)
    ),
    Row(hotspots.local_moran_rates, _COUNTS, {"seed": 1, "permutations": 9}, exceeds=_WITHIN, zero=REFUSED, **_BESIDE),
    Row(hotspots.standardised_rates, _COUNTS, exceeds=_WITHIN, zero=REFUSED),
    Row(
        hotspots.analytic_tail,
        {"values": _VALUES},
        may_be_negative=("values",),
        wrong=_LINKS,
        needs_graph=True,
        one=REFUSED,
    ),
    Row(
        hotspots.false_discovery_rate,
        {"p_values": [0.01, 0.2, 0.03, 0.5, 1.0, 0.0]},
        may_miss=("p_values",),
        wrong=(*_LEVEL, ("dependence", "none"), *each("p_values", [1.1], 0.1)),
    ),
    *(
        Row(function, {"values": _VALUES}, may_be_negative=negative, wrong=_GLOBAL, needs_graph=True, **_ALL)
        for function, negative in (
            (global_autocorrelation.moran, ("values",)),
            (global_autocorrelation.geary, ("values",)),
            (global_autocorrelation.getis_ord_global, ()),
        )
    ),
    Row(global_autocorrelation.moran_rates, _COUNTS, wrong=_GLOBAL, exceeds=_WITHIN, needs_graph=True, **_ALL),
    Row(
        scan.poisson_scan,
        {**_PLACES, "population": _PEOPLE},
        {"replicates": 9, "seed": 1},
        may_be_negative=("x", "y"),
        wrong=(*_SCAN, ("cases", [0.5] * 6)),
        **_ALL,
    ),
    Row(
        scan.bernoulli_scan,
        {**_PLACES, "controls": _PEOPLE},
        {"replicates": 9, "seed": 1},
        may_be_negative=("x", "y"),
        wrong=(*_SCAN, ("controls", [0.5] * 6)),
        **_ALL,
    ),
    Row(
        scan_core.core,
        {**_PLACES, "population": _PEOPLE},
        {"replicates": 19, "seed": 1, "max_population_shares": (0.5, 0.3), "at_least": 1},
        may_be_negative=("x", "y"),
        wrong=(
            *_LEVEL,
            *each("max_population_shares", (), (0.5, 0.5), (0.0, 0.5), None, 0.5, "ab"),
            *each("at_least", 0, 3, None, 1.5),
            *each("replicates", 9, None, 19.5),
            *_SEED,
        ),
        **_ALL,
    ),
    Row(
        _cluster_mass,
        {"z_score": [-1.0, 3, 3, 0, 0, 2]},
        {"permutations": 9, "seed": 1},
        may_miss=("z_score",),
        may_be_negative=("z_score",),
        wrong=(
            *_LEVEL,
            *each("forming_share", 0, 1, None),
            *each("permutations", 0, -1, 1.5, None),
            *_SEED,
            *each("adjacency", None, "a", np.ones((2, 2)), np.full((6, 6), NAN), np.eye(6, k=1)),
        ),
        one=None,
    ),
    Row(
        coverage_gap.coverage_gap,
        {"registered": [1, 2, 3, 4, 5, 6], "expected": [2, 2, 9, 4, 1, 0], "standard_error": [1.0] * 6},
        {"registered_as": _DECILE_1, "expected_as": _DECILE_1},
        may_miss=("expected", "standard_error"),
        wrong=(
            *_LEVEL,
            ("registered_as", None),
            ("expected_as", coverage_gap.Counted("decile_1", "households")),
            ("lower", [0] * 6),
            ("standard_error", 1.0),
        ),
    ),
    Row(
        coverage_gap.thin_registration,
        {"registered": [1, 4, 2, 8, 0, 3], "families": [10, 20, 20, 30, 0, 25]},
        wrong=_LEVEL,
        exceeds=("registered", "families"),
        one=REFUSED,
        zero=REFUSED,
    ),
    Row(
        allocation.neyman,
        {"sizes": [10, 20, 0, 30, 5, 5], "standard_deviation": [0.5, 0.1, 0.2, 0.3, 0.0, 0.4]},
        {"visits": 0},
        wrong=(
            *each("visits", -1, 71, 1.5, True, None, NAN),
            *(pair for name in ("least", "most") for pair in each(name, -1, 0.5, NAN, "a", [0] * 5)),
            ("sizes", [0.5] * 6),
        ),
    ),
    Row(
        quadrants.quadrant,
        {"rate": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], "count": [1, 2, 3, 4, 5, 6]},
        {"rate_cut": 0.3, "count_cut": 3},
        may_miss=("rate", "count"),
        wrong=tuple(pair for name in ("rate_cut", "count_cut") for pair in each(name, NAN, INF, None, "a", [1])),
    ),
    Row(
        quadrants.cut_line,
        {"values": _VALUES, "weight": _WEIGHT},
        {"rule": "mean"},
        may_miss=("values", "weight"),
        may_be_negative=("values",),
        wrong=each("rule", "mode", NAN, INF, None, [1]),
        zero=REFUSED,
    ),
    Row(
        matrix.priority_matrix,
        {"share": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], "density": [1, 2, 3, 4, 5, 6]},
        {"share_cuts": (0.1, 0.2, 0.3), "density_cuts": (1, 2, 3)},
        may_miss=("share", "density"),
        wrong=(
            *(
                pair
                for name in ("share_cuts", "density_cuts")
                for pair in each(name, (1, 2), (3, 2, 1), (1, 1, 2), (1, 2, NAN), None, "abc", 1)
            ),
            *each("priorities", {1: 1}, None, dict.fromkeys(range(1, 17), 5)),
        ),
    ),
    Row(
        matrix.class_cuts,
        {"values": _VALUES},
        may_miss=("values",),
        may_be_negative=("values",),
        wrong=each("method", "pretty", None),
        **_ALL,
    ),
    Row(
        klassen.klassen_typology,
        {"level": _VALUES, "change": [-1.0, 0, 1, 2, 3, 4]},
        {"level_cut": 3, "change_cut": 0},
        may_miss=("level", "change"),
        may_be_negative=("level", "change"),
        wrong=tuple(pair for name in ("level_cut", "change_cut") for pair in each(name, NAN, INF, None, "a", [1])),
    ),
    Row(
        grids.locate,
        {"x": _VALUES, "y": _VALUES},
        {"size_m": 2},
        may_be_negative=("x", "y"),
        wrong=(
            *each("size_m", 0, -1, NAN, INF, None, "a"),
            *each("shift", (1,), (1, NAN), None, ("a", 1), 1),
            *each("shape", "triangle", None),
            ("x", [1e60] * 6),
        ),
    ),
    Row(
        posterior.rate_draws,
        _COUNTS,
        {"draws": 3, "seed": 1},
        wrong=(*each("draws", 0, 1.5, True, None), *_SEED),
        exceeds=_WITHIN,
        one=None,
        constant=None,
        zero=None,
    ),
    Row(
        ranking.rank_interval,
        {**_COUNTS, "size": [1.0, 2, 3, 4, 5, 6]},
        {"draws": 9, "seed": 1},
        wrong=(*_LEVEL, *each("draws", 0, 1.5, None), *_SEED, *each("equal_standing", 0, 1, NAN, None)),
        exceeds=_WITHIN,
    ),
    Row(fairness.between_groups, _COUNTS, exceeds=_WITHIN),
    Row(excess.log_rates, _COUNTS, exceeds=_WITHIN),
    Row(excess.overdispersed_excess, _COUNTS, wrong=_LEVEL, exceeds=_WITHIN),
    Row(
        recovery.recovery,
        {"found": [0, 1, 0, 1, 1, 0], "truth": [1.0, 2, 1, 2, 1, 2], "families": [5.0] * 6},
        may_miss=("found", "truth"),
        one=None,
        constant=None,
        zero=None,
    ),
)
