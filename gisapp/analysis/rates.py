"""Rates that can be trusted as far as they say: intervals, smoothing, survey estimates, and a published total."""

from __future__ import annotations

from gisapp.analysis.small_numbers.benchmarking import benchmark
from gisapp.analysis.small_numbers.fay_herriot import fay_herriot
from gisapp.analysis.small_numbers.intervals import bayes_interval, smoothed_interval, wilson_interval
from gisapp.analysis.small_numbers.smoothing import empirical_bayes, local_empirical_bayes, reliability
from gisapp.analysis.small_numbers.survey_quality import relative_standard_error, rse_class

__all__ = [
    "bayes_interval",
    "benchmark",
    "empirical_bayes",
    "fay_herriot",
    "local_empirical_bayes",
    "relative_standard_error",
    "reliability",
    "rse_class",
    "smoothed_interval",
    "wilson_interval",
]
