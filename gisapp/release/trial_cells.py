"""Which deciles of which area trials may move: decided once per run, whatever is asked and in whatever order.

A trial's number of families less the run's is a sum of whole deciles, and trials can be combined. So each decile of
each area is a cell of a table whose margins are known (families of the area, its families of the run's deciles, and
the totals of the areas above). Cells below k, or with fewer than k families beside them, are withheld, and further
cells with them until no margin gives one back: the usual secondary suppression of a table with two margins.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd

from gisapp.analysis.disclosure import suppress

DECILES = tuple(range(1, 11))


def movable(
    areas: pd.DataFrame, cells: pd.DataFrame, *, usual: Collection[int], k: int, withheld: Collection[str]
) -> pd.DataFrame:
    """Whether a trial that adds or takes away a decile may show an area: one row per code, one column per decile.

    Parameters
    ----------
    areas : ``code``, ``parent_code``, ``families`` of every level.
    cells : families of each decile (columns 1..10), aligned with ``areas``.
    usual : deciles that the run counts.
    k : smallest number of families that may be shown.
    withheld : codes that the run itself withholds; nothing of them can be moved.
    """
    counts = cells[list(DECILES)].to_numpy(dtype="float64")
    families = areas["families"].to_numpy(dtype="float64")
    # A decile that the registry does not hold at all (a list of deciles 1 to 4) is no secret of any area.
    held = counts.any(axis=0)
    hidden = ((counts < k) | (families[:, None] - counts < k)) & held
    hidden |= areas["code"].isin(set(withheld)).to_numpy()[:, None]
    groups = [np.isin(DECILES, list(usual)) & held, ~np.isin(DECILES, list(usual)) & held]
    while True:
        before = hidden.sum()
        _protect_rows(hidden, counts, families, groups, k)
        _protect_columns(hidden, areas, counts, k, np.flatnonzero(held))
        if hidden.sum() == before:
            return pd.DataFrame(~hidden, index=pd.Index(areas["code"], name="code"), columns=list(DECILES))


def _protect_rows(hidden: Any, counts: Any, families: Any, groups: list[Any], k: int) -> None:
    """Per area: what its withheld deciles hold together, on either side of the run's own line, is k from two cells."""
    unknown = families - counts.sum(axis=1)
    for at in np.flatnonzero(hidden.any(axis=1) & ~hidden.all(axis=1)):
        for usual, group in zip((True, False), groups, strict=True):
            inside = group & hidden[at]
            if not inside.any():
                continue
            # Families without a decile are on no trial's side, and stay in what the others leave over.
            spare = 0.0 if usual else unknown[at]
            while (counts[at, inside].sum() + spare < k or inside.sum() + (spare > 0) < 2) and (group & ~inside).any():
                left = np.flatnonzero(group & ~inside)
                inside[left[np.argmin(counts[at, left])]] = True
            hidden[at] |= inside


def _protect_columns(hidden: Any, areas: pd.DataFrame, counts: Any, k: int, deciles: Any) -> None:
    """Per decile: totals of the areas above give no withheld area back."""
    frame = areas[["code", "parent_code", "families"]].astype({"families": "float64"})
    empty = frame["families"].eq(0)
    for at in deciles:
        table = frame.assign(cell=counts[:, at])
        table[["families", "cell"]] = table[["families", "cell"]].mask(empty)
        status = suppress(table, counts={"cell": "families"}, k=k, parent="parent_code", also=hidden[:, at])["status"]
        hidden[:, at] |= status.eq("suppressed").to_numpy(dtype=bool)
