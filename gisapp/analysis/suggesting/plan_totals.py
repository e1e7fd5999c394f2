"""What a whole plan reaches and costs: each family once, whatever the number of suggestions that reach it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.analysis.suggesting.plan_budget import reached_once
from gisapp.errors import InvalidInputError

Ints = npt.NDArray[np.intp]


def plan_totals(suggestions: pd.DataFrame, members: Sequence[Ints], *, least: int = 1) -> dict[str, dict[str, Any]]:
    """Totals of all suggestions (``all``), of each strategy (``1`` to ``7``) and of those within a budget.

    Each holds ``rows`` (ids of the suggestions that are counted: those of at least ``least`` families whose families
    are known one by one), ``families`` (each once), ``reached`` (their sum, families counted as often as they are
    reached), ``cost_idr`` and ``maintenance_idr``. Suggestions that funded works answer already are left out.

    Raises
    ------
    InvalidInputError
        Missing columns, or another number of rows than of members.
    """
    needed = ("intervention_id", "strategy", "families", "cost_idr", "maintenance_idr")
    absent = [name for name in needed if name not in suggestions]
    if absent or len(suggestions) != len(members):
        raise InvalidInputError(
            f"suggestions: {len(suggestions)} rows, {len(members)} members, missing columns: {absent or 'none'}.",
            f"suggestions: {len(suggestions)} baris, {len(members)} anggota, kolom hilang: {absent or 'nihil'}.",
        )
    size = suggestions["families"].fillna(0).to_numpy(dtype=int)
    known = (size >= least) & (np.array([len(rows) for rows in members], dtype=int) == size)
    if "pre_empted" in suggestions:
        known &= ~suggestions["pre_empted"].fillna(False).to_numpy(dtype=bool)
    scopes: Mapping[str, npt.NDArray[np.bool_]] = {
        "all": known,
        **{str(n): known & (suggestions["strategy"] == n).to_numpy(dtype=bool) for n in range(1, 8)},
    }
    if "in_budget" in suggestions and suggestions["in_budget"].notna().any():
        scopes = {**scopes, "in_budget": known & suggestions["in_budget"].fillna(False).to_numpy(dtype=bool)}
    return {name: _total(suggestions, members, mask) for name, mask in scopes.items()}


def _total(suggestions: pd.DataFrame, members: Sequence[Ints], mask: npt.NDArray[np.bool_]) -> dict[str, Any]:
    part = suggestions[mask]
    return {
        "rows": sorted(part["intervention_id"].astype(str)),
        "families": reached_once([members[int(at)] for at in np.flatnonzero(mask)]),
        "reached": int(part["families"].sum()),
        "cost_idr": float(part["cost_idr"].sum()),
        "maintenance_idr": float(part["maintenance_idr"].sum()),
    }
