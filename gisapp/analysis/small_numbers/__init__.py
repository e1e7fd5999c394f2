"""Rates of few families: intervals, smoothing, survey estimates, ranks."""
