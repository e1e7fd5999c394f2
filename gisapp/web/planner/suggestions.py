"""Suggestions as rows of a page, and the seven strategies side by side."""

from __future__ import annotations

from typing import Any

import pandas as pd

from gisapp.analysis.interventions import CONTEXT_LAYERS
from gisapp.catalog.spec import WORKS_KIND
from gisapp.errors import InvalidParameterError
from gisapp.maps import english
from gisapp.maps.site_words import funded, land_note
from gisapp.maps.words import SITED, location
from gisapp.web.planner.cards import filled
from gisapp.web.texts import Texts

STRATEGIES = tuple(range(1, 8))

#: Columns whose Indonesian values have an English one.
WRITTEN = {
    "location_label": location,
    "cost_source": english.cost_source,
    "executor": english.executor,
    "authority": english.authority,
}


def rows(interventions: pd.DataFrame, t: Texts, labels: dict[str, str]) -> list[dict[str, Any]]:
    """Every suggestion in the reader's language, by the pocket's letter; what answers it best comes first."""
    found = []
    for record in interventions.drop(columns="geometry", errors="ignore").to_dict("records"):
        row = filled(record, "interventions")
        row["label"] = labels.get(str(row.get("pocket_id")), "")
        row["title"] = row.get(f"title_{t.lang}")
        row["why"] = english.reason(row.get(f"why_{t.lang}") or "", row["need"] or "", t.lang)
        row["not_checked"] = unchecked(row["not_checked"], t, sited=is_sited(row))
        row["land_note"] = land_note(row.get("land_note") or "", t.lang)
        row["funded"] = funded(row, t.lang)
        row["pre_empted"] = bool(row["pre_empted"] or False)
        row["unit"] = english.unit(row["unit"] or "", t.lang, row["volume"])
        for name, written in WRITTEN.items():
            row[name] = written(row[name] or "", t.lang)
        found.append(row)
    return sorted(found, key=lambda row: (row["label"], row["sequence"] or 0, row["intervention_id"]))


def is_sited(row: dict[str, Any]) -> bool:
    """Whether a suggestion has a place of its own, which maps and plans could speak against."""
    return str(row["location_label"] or "").startswith(SITED)


def unchecked(text: str | None, t: Texts, *, sited: bool = True) -> str:
    """What was not checked, in words: the run names layers by their kind; works alone concern what has no site."""
    if not text:
        return ""
    names = [name.strip() for name in text.lower().removeprefix("belum diperiksa:").replace(",", ";").split(";")]
    return ", ".join(
        t(f"unchecked_{name}") if name in CONTEXT_LAYERS else name for name in names if sited or name == WORKS_KIND
    )


def cost_sources(found: list[dict[str, Any]]) -> list[str]:
    """Sources of the costs, each once; a row refers to its number from 1."""
    return sorted({row["cost_source"] for row in found if row["cost_source"]})


def strategy_of(text: str | None) -> int | None:
    """The strategy asked for in the address; InvalidParameterError unless 1..7."""
    if not text:
        return None
    if text not in {str(number) for number in STRATEGIES}:
        raise InvalidParameterError("strategy is a number from 1 to 7.", "strategy adalah angka 1 sampai 7.")
    return int(text)


def chosen(found: list[dict[str, Any]], *, strategy: int | None, pocket: str | None) -> list[dict[str, Any]]:
    """Suggestions of one strategy and one pocket, where asked for."""
    return [
        row
        for row in found
        if (strategy is None or row["strategy"] == strategy) and (not pocket or row["pocket_id"] == pocket)
    ]


def side_by_side(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Per strategy: how many suggestions, and the sums of reach and cost that are known.

    What funded works answer already is counted apart, as ``funded``, and in no sum.
    """
    result = []
    for number in STRATEGIES:
        ours = [row for row in found if row["strategy"] == number]
        mine = [row for row in ours if not row.get("pre_empted")]
        costs = [row["cost_idr"] for row in mine if row["cost_idr"] is not None]
        reach = [row["families"] for row in mine if row["families"] is not None]
        result.append({
            "strategy": number, "count": len(mine), "families": sum(reach) if reach else None,
            "cost_idr": sum(costs) if costs else None, "funded": len(ours) - len(mine),
            "sources": cost_sources(mine),
        })  # fmt: skip
    return result
