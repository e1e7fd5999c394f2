"""Rank by a named criterion, with the ranks that the data leave open and groups of equal standing."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.analysis.checks import (
    Complaints,
    Floats,
    as_numbers,
    event_counts,
    need_same_rows,
    need_share,
    row_index,
)
from gisapp.analysis.small_numbers.posterior import rate_draws

Ints = npt.NDArray[np.int64]

#: A row stands with a group's leader while the probability that it outranks the leader is at least this.
EQUAL_STANDING = 0.05


def rank_interval(
    events: Any,
    population: Any,
    *,
    size: Any = None,
    draws: int = 999,
    level: float = 0.9,
    equal_standing: float = EQUAL_STANDING,
    seed: int,
) -> pd.DataFrame:
    """Rank of each row by rate × size, highest first, in maps drawn from the posterior of ``rate_draws``.

    ``size`` names the criterion: None ranks by the rate itself (headcount_ratio), families give poor_families,
    persons poor_persons.

    Parameters
    ----------
    events, population : counts per row, events at most population.
    size : what a rate is multiplied with, not negative.
    draws : maps that are drawn. level : share of them that the range of a rank holds.
    equal_standing : least probability of outranking the leader that still makes a row its equal; between 0 and 1.

    Returns
    -------
    ``rank`` : 1 … n, each once, in the order of the expected rank over the draws, which has the least squared
        error of any order (Laird & Louis 1989); ties go to the lower row label (as text).
    ``rank_lower``, ``rank_upper`` : the middle ``level`` of the drawn ranks, stretched to hold ``rank`` itself
        (under much noise expected ranks crowd in the middle while some row must be printed first).
    ``rank_group`` : 1, 2, …: from the top, a row belongs to the group of the leader before it while the
        probability that it truly outranks that leader is at least ``equal_standing``; the first that does
        not leads the next group. Never decreases with ``rank``.

    Raises
    ------
    InvalidInputError
        Bad counts or sizes by row, or a wrong level.
    """
    need_share(level, subject="rank_interval", name="level")
    need_share(equal_standing, subject="rank_interval", name="equal_standing")
    counts, people, index = event_counts(events, population, subject="rank_interval")
    scale = _sizes(events, size)
    # Draws follow the labels, so that the order of the rows changes nothing.
    label_order = np.argsort([str(label) for label in index], kind="stable")
    drawn = rate_draws(counts[label_order], people[label_order], draws=draws, seed=seed) * scale[label_order]
    ranks = _ranks(drawn)
    tail = (1 - level) / 2
    lower = np.quantile(ranks, tail, axis=0, method="lower")
    upper = np.quantile(ranks, 1 - tail, axis=0, method="higher")
    order = np.argsort(ranks.sum(axis=0), kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(1, len(order) + 1)
    group = np.empty(len(order), dtype=np.int64)
    group[order] = _groups(drawn[:, order], equal_standing)
    table = np.column_stack([rank, np.minimum(lower, rank), np.maximum(upper, rank), group])
    answer = np.empty_like(table)
    answer[label_order] = table
    names = ["rank", "rank_lower", "rank_upper", "rank_group"]
    return pd.DataFrame(answer, columns=names, index=index).astype("int64")


def _sizes(events: Any, size: Any) -> Floats:
    """What a rate is multiplied with, 1 where nothing is named."""
    if size is None:
        return np.ones(len(events))
    complaints = Complaints("rank_interval")
    scale = as_numbers(size, complaints, "size")
    if need_same_rows(events, size, complaints, "size"):
        complaints.rows(scale < 0, row_index(size), "size is negative", "size negatif")
    complaints.refuse()
    return scale


def _ranks(drawn: Floats) -> Ints:
    """Rank of every column in every row, 1 for the highest; equal values in the order of the columns."""
    order = np.argsort(-drawn, axis=1, kind="stable")
    ranks = np.empty(drawn.shape, dtype=np.int64)
    np.put_along_axis(ranks, order, np.broadcast_to(np.arange(1, drawn.shape[1] + 1), drawn.shape), axis=1)
    return ranks


def _groups(drawn: Floats, equal_standing: float) -> Ints:
    """Group of each column, columns best first; a tie in a draw counts half for each side."""
    columns = np.ascontiguousarray(drawn.T)
    group = np.ones(len(columns), dtype=np.int64)
    leader = 0
    for at in range(1, len(columns)):
        outranks = np.mean(columns[at] > columns[leader]) + np.mean(columns[at] == columns[leader]) / 2
        if outranks < equal_standing:
            leader = at
        group[at] = group[at - 1] + (leader == at)
    return group
