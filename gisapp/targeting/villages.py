"""Desa most of whose families have no electricity or no mobile signal, told from what their families answered."""

from __future__ import annotations

from typing import Any

import pandas as pd

from gisapp.analysis.roads.links_villages import villages_without
from gisapp.workspace.settings import WorkspaceSettings

#: Services of a village that families are asked about, where their column is there.
ASKED = ("electricity", "signal")


def lacking_villages(families: pd.DataFrame, settings: WorkspaceSettings) -> dict[str, dict[str, Any]]:
    """By service: codes of the desa without it, those with most poor families without it first, and counts of the rest.

    ``families`` has ``code``, ``poor`` and the answers (True: lacks it; missing: unanswered). A desa of which too few
    answered is ``unknown``, never served.
    """
    found: dict[str, dict[str, Any]] = {}
    for service in (name for name in ASKED if name in families):
        lacks = families[service].astype("boolean")
        counted = pd.DataFrame(
            {
                "families": 1,
                "without": lacks.fillna(False).astype(int),
                "unanswered": lacks.isna().astype(int),
                "poor_without": (lacks.fillna(False) & families["poor"]).astype(int),
            }
        )
        answers = counted.groupby(families["code"]).sum().sort_index()
        if answers["unanswered"].sum() == answers["families"].sum():
            continue
        told = villages_without(
            answers, least_share=settings.village_without_share, least_families=settings.village_least_families,
            least_known=settings.village_least_known,
        )  # fmt: skip
        without = told[told["status"].eq("without")].sort_values("rank")
        counts = {status: int(told["status"].eq(status).sum()) for status in ("some", "served", "unknown")}
        found[service] = {"without": [str(code) for code in without.index], **counts}
    return found
