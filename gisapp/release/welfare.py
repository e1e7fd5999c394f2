"""Monetary poverty as it may leave: every count of families that a released measure rests on is at least k."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gisapp.analysis.checks import Bools
from gisapp.analysis.disclosure import suppress
from gisapp.columns import INTERNAL_AREAS

#: What the poverty line gives, and what the line of extreme poverty gives: withheld as one, each of them.
POVERTY = ("poverty_line_known", "persons_below_line", "poverty_headcount", "poverty_gap", "poverty_severity")
EXTREME = ("persons_below_extreme_line", "extreme_headcount")
WELFARE = ("welfare_known", *POVERTY, *EXTREME)


def withhold_welfare(shown: pd.DataFrame, areas: pd.DataFrame, *, k: int) -> pd.DataFrame:
    """Take the measures out of ``shown`` that rest on too few families, or would give such a count back.

    ``areas`` are the same rows before any disclosure control, with ``INTERNAL_AREAS``; without these nobody can tell,
    and every measure is withheld. Families below the poverty line and the others are both protected; where the line of
    extreme poverty is shown as well, so are the families below both lines, between them and above both. A row whose
    other counts are withheld shows none of this.
    """
    columns = [name for name in WELFARE if name in shown.columns]
    if not columns or shown[columns].isna().all(axis=None):
        return shown
    if not set(INTERNAL_AREAS) <= set(areas.columns):
        return shown.assign(**{name: _masked(shown[name], np.ones(len(shown), dtype=bool)) for name in columns})
    poverty, extreme = _withheld(areas, shown["status"].ne("present").to_numpy(dtype=bool), k)
    gone = dict.fromkeys(POVERTY, poverty) | dict.fromkeys(EXTREME, extreme) | {"welfare_known": poverty | extreme}
    return shown.assign(**{name: _masked(shown[name], gone[name]) for name in columns})


def _withheld(areas: pd.DataFrame, also: Bools, k: int) -> tuple[Bools, Bools]:
    """Which rows show nothing of the poverty line, and which nothing of the extreme one."""
    counts = pd.DataFrame(areas[list(INTERNAL_AREAS)]).astype("float64")
    low, between, high = (counts[f"{name}_families"] for name in ("low", "between", "high"))
    tree = pd.DataFrame(areas[["code", "parent_code"]]).assign(
        below=counts["below_line_families"], line=counts["line_families"], low=low, high=high,
        low_or_between=low + between, high_or_between=high + between,
    )  # fmt: skip
    tree.loc[counts["line_families"].eq(0), "line"] = np.nan
    tree.loc[counts["welfare_families"].eq(0), "low_or_between"] = np.nan
    poverty = _suppressed(tree, {"below": "line"}, k, also)
    extreme = _suppressed(tree, {"low": "low_or_between", "high": "high_or_between"}, k, also | poverty)
    return poverty, extreme


def _suppressed(tree: pd.DataFrame, counts: dict[str, str], k: int, also: Bools) -> Bools:
    found = suppress(tree, counts=counts, k=k, code="code", parent="parent_code", also=also)
    hidden: Bools = found["status"].eq("suppressed").to_numpy(dtype=bool)
    return hidden


def _masked(column: pd.Series, gone: Bools) -> pd.Series:
    whole = pd.api.types.is_integer_dtype(column.dtype)
    return (column.convert_dtypes() if whole else column).mask(pd.Series(gone, index=column.index))
