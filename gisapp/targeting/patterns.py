"""Patterns: families of an area counted by decile and by what they lack, from which a changed threshold is answered.

Internal to the run folder: most rows are a handful of families, so this table is never a collection, never exported
and never sent to a browser. It holds no position, no id of a family and nothing that a snapshot does not hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.columns import DEPRIVATIONS

#: The three answers to "does the family lack it": nothing else may stand in a deprivation's column.
NO, YES, UNKNOWN = 0, 1, 2
_ANSWERS = 3

States = npt.NDArray[np.int8]


def make_patterns(families: pd.DataFrame) -> pd.DataFrame:
    """Count the families of each area, decile and pattern of deprivations.

    Returns
    -------
    Rows sorted by all key columns: ``code`` (text), ``decile`` (Int8, <NA> where the registry has none), one int8
    column per deprivation (``NO``, ``YES`` or ``UNKNOWN``), ``families`` and ``persons`` (int64, at least 1 and 0).
    A family without an area is left out, as it is from every count by area.
    """
    placed = families.loc[families["code"].notna()]
    table = pd.DataFrame(states_of(placed, DEPRIVATIONS), columns=list(DEPRIVATIONS))
    table.insert(0, "code", placed["code"].astype("object").to_numpy())
    table.insert(1, "decile", placed["decile"].astype("Int8").to_numpy(dtype="int8", na_value=0))
    table["families"] = np.ones(len(table), dtype="int64")
    table["persons"] = placed["persons"].to_numpy(dtype="int64")
    keys = ["code", "decile", *DEPRIVATIONS]
    counted = table.groupby(keys, sort=True, as_index=False)[["families", "persons"]].sum()
    decile = counted["decile"].astype("Int8")
    return counted.assign(decile=decile.mask(decile == 0))


def states_of(families: pd.DataFrame, names: Iterable[str]) -> States:
    """Return the three-way answers (n, names) of families, or of patterns, which have them already."""
    columns = [_states(families[name]) for name in names]
    return np.column_stack(columns) if columns else np.zeros((len(families), 0), dtype=np.int8)


def _states(column: pd.Series) -> States:
    if column.dtype == np.int8:
        already: States = column.to_numpy()
        return already
    answers: States = column.astype("boolean").to_numpy(dtype=np.int8, na_value=UNKNOWN)
    return answers


def deprived_of(states: States, names: Sequence[str]) -> pd.DataFrame:
    """The same answers as nullable booleans, one column per name."""
    return pd.DataFrame(
        {name: pd.arrays.BooleanArray(states[:, at] == YES, states[:, at] == UNKNOWN) for at, name in enumerate(names)}
    )


def by_group(
    rows: pd.DataFrame, by: pd.Series, names: Sequence[str], *, families: pd.Series | None = None
) -> tuple[pd.Series, States, npt.NDArray[np.int64]]:
    """Families of each group and pattern: (group, answers, families), sorted by group and then by pattern.

    From families and from their patterns the same table follows, row by row, so that sums of floating numbers over it
    have the same bits. ``families`` is how many a row stands for (1 by default); rows without a group are left out.
    """
    grouped = by.notna().to_numpy()
    groups, labels = pd.factorize(by[grouped], sort=True)
    states = states_of(rows.loc[grouped], names)
    place = _ANSWERS ** np.arange(len(names), dtype=np.int64)[::-1]
    kinds = int(_ANSWERS ** len(names))
    keys, inverse = np.unique(groups * kinds + states.astype(np.int64) @ place, return_inverse=True)
    count = None if families is None else families[grouped].to_numpy(dtype="int64")
    counted = np.bincount(inverse, weights=count, minlength=len(keys)).astype(np.int64)
    answers = (keys[:, None] % kinds // place % _ANSWERS).astype(np.int8)
    return pd.Series(np.asarray(labels)[keys // kinds], name=by.name), answers, counted
