"""Comparisons between suggestions that must not give a withheld one back: ranks, probabilities, what is displaced."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd

from gisapp.release.facts import RunData

_IN_KIND = (
    "rank_in_kind", "rank_in_kind_lower", "rank_in_kind_upper", "of_kind", "counterfactual_id", "counterfactual_en",
)  # fmt: skip
_IN_STRATEGY = ("first_probability", "first_error", "leading_probability", "leading_error")
#: These tell also of the other needs of the pocket.
_IN_POCKET = ("counterfactual_id", "counterfactual_en")


def without_withheld(shown: gpd.GeoDataFrame, source: pd.DataFrame) -> gpd.GeoDataFrame:
    """Take comparisons out where a withheld row took part in them; ``source`` is the run's own frame, same rows.

    A rank within a kind tells how many are cheaper, a counterfactual tells the next value: with a withheld row among
    those compared, neither may stand. A run compares only what its own staff may see, so this happens where k was
    raised since, or where a whole pocket is withheld.
    """
    if "rank_in_kind" not in source:
        return shown
    hidden = shown["status"].eq("suppressed").to_numpy(dtype=bool)
    frame = shown.copy()
    for columns, group, took_part in (
        (_IN_KIND, "kind", source["rank_in_kind"].notna()),
        (_IN_STRATEGY, "strategy", source["first_probability"].notna()),
        (_IN_POCKET, "pocket_id", source["rank_in_kind"].notna()),
    ):
        touched = source.loc[hidden & took_part.to_numpy(dtype=bool), group].unique()
        gone = source[group].isin(touched).to_numpy(dtype=bool)
        for name in (column for column in columns if column in frame):
            frame[name] = frame[name].mask(gone)
    return _without_names(frame, set(source.loc[hidden, "intervention_id"].astype(str)))


def _without_names(frame: gpd.GeoDataFrame, hidden: set[str]) -> gpd.GeoDataFrame:
    """Leave withheld suggestions out of what is displaced, and the count of families with them."""
    names = [set(str(text).split("; ")) if isinstance(text, str) and text else set() for text in frame["displaces"]]
    touched = pd.Series([bool(found & hidden) for found in names], index=frame.index)
    left = [
        "; ".join(sorted(found - hidden)) if isinstance(text, str) else None
        for found, text in zip(names, frame["displaces"], strict=True)
    ]
    frame["displaces"] = pd.Series(left, index=frame.index, dtype=object)
    frame["displaced_families"] = frame["displaced_families"].mask(touched)
    return frame


def plan_totals(run: RunData, shown: pd.DataFrame, *, k: int) -> dict[str, dict[str, Any]]:
    """Totals of the run in which each family counts once, as they may be seen beside the released suggestions.

    Per scope (``all``, ``1`` to ``7``, ``in_budget``) ``families`` (None where withheld), ``cost_idr`` and the number
    of ``rows``. Withheld: where a row of the scope is withheld, or where the total differs from the sum of its rows by
    fewer than k families, which would tell of those few that they lack two things.
    """
    totals = run.manifest.get("tests", {}).get("plan", {}).get("totals", {})
    status = dict(zip(shown["intervention_id"].astype(str), shown["status"], strict=True))
    return {scope: _told(total, status, k) for scope, total in totals.items()}


def _told(total: dict[str, Any], status: dict[str, str], k: int) -> dict[str, Any]:
    open_rows = all(status.get(row) == "present" for row in total["rows"])
    few = 0 < total["reached"] - total["families"] < k or 0 < total["families"] < k
    told = open_rows and not few
    return {
        "rows": len(total["rows"]),
        "families": total["families"] if told else None,
        "cost_idr": total["cost_idr"] if open_rows else None,
        "maintenance_idr": total["maintenance_idr"] if open_rows else None,
    }
