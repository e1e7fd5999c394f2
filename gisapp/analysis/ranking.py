"""Rank by a named criterion, with the range that chance alone leaves open."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from gisapp.analysis.checks import Complaints, Floats, as_numbers, event_counts, need_same_rows, need_share, row_index


def rank_interval(
    events: Any, population: Any, *, size: Any = None, draws: int = 999, level: float = 0.9, seed: int
) -> pd.DataFrame:
    """Rank of each row by rate × size, highest first: columns ``rank``, ``rank_lower``, ``rank_upper``.

    ``size`` names the criterion: None ranks by the rate itself (headcount_ratio), families give
    poor_families, persons poor_persons. Ties go to the lower row label (as text). The range holds ``level`` of
    the ranks in ``draws`` maps whose rates come from the posterior Beta(events + ½, rest + ½) (Jeffreys).
    Raises ``InvalidInputError`` for bad counts by row.
    """
    need_share(level, subject="rank_interval", name="level")
    counts, people, index = event_counts(events, population, subject="rank_interval")
    complaints = Complaints("rank_interval")
    scale = np.ones(len(counts))
    if size is not None and need_same_rows(events, size, complaints, "size"):
        scale = as_numbers(size, complaints, "size")
        complaints.rows(scale < 0, row_index(size), "size is negative", "size negatif")
    complaints.refuse()
    tie = np.argsort(np.argsort([str(label) for label in index], kind="stable"), kind="stable")
    rate = np.divide(counts, people, out=np.zeros_like(counts), where=people > 0)
    generator = np.random.default_rng(seed)
    drawn = generator.beta(counts + 0.5, people - counts + 0.5, size=(draws, len(counts))) * scale
    ranks = np.array([_ranks(row, tie) for row in drawn])
    tail = (1 - level) / 2
    return pd.DataFrame(
        {
            "rank": _ranks(rate * scale, tie),
            "rank_lower": np.quantile(ranks, tail, axis=0, method="lower").astype(np.int64),
            "rank_upper": np.quantile(ranks, 1 - tail, axis=0, method="higher").astype(np.int64),
        },
        index=index,
    )


def _ranks(values: Floats, tie: Any) -> Any:
    """1 for the highest value; equal values in the order of ``tie``."""
    ranks = np.empty(len(values), dtype=np.int64)
    ranks[np.lexsort((tie, -values))] = np.arange(1, len(values) + 1)
    return ranks
