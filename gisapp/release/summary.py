"""Headline figures: the published ones in their own box, and the share of families outside all pockets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gisapp.maps.numbers import is_missing, number, percent
from gisapp.maps.words import word
from gisapp.release.facts import RunData
from gisapp.release.outside import outside_figures
from gisapp.release.published import Publication


def headline(workspace: Any, run: RunData, publication: Publication | None = None) -> dict[str, Any]:
    """Return what stands above every map of the run.

    ``published``: the newest official figure as {year, persons, rate (0..1), source}, or None; ``published_all``: all
    of them by year. ``outside_share`` (0..1) and ``outside_families``: families of decile 1 outside all pockets;
    ``outside_registered_share``: registered families. ``pockets``, ``interventions``, ``families``: counts of the run.
    Published figures are never computed from the registry and never compared with it here.
    """
    rows = [published_row(row) for row in run.manifest.get("published_poverty", [])]
    rows.sort(key=lambda row: (str(row["year"]), row["source"]))
    outside, counts = outside_figures(workspace, run, publication), run.manifest.get("counts", {})
    return {
        "published": rows[-1] if rows else None,
        "published_all": rows,
        "outside_share": outside["poor_families_share"],
        "outside_families": outside["poor_families"],
        "outside_registered_share": outside["families_share"],
        "pockets": counts.get("pockets"),
        "interventions": counts.get("interventions"),
        "families": run.manifest.get("registry", {}).get("families"),
    }


def published_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """One official figure under fixed names; a rate written in percent (above 1) becomes a ratio."""
    persons = next((row[name] for name in ("persons", "poor_persons") if name in row), None)
    rate = next((row[name] for name in ("rate", "headcount_ratio", "percent") if name in row), None)
    ratio = None if rate is None or is_missing(rate) else float(rate)
    if ratio is not None and ratio > 1:
        ratio /= 100
    return {
        "year": row.get("year"),
        "persons": None if persons is None or is_missing(persons) else round(float(persons)),
        "rate": ratio,
        "source": str(row.get("source") or "BPS"),
    }


def published_texts(found: Mapping[str, Any], lang: str) -> list[str]:
    """The newest official figure as a sentence; empty where none was supplied."""
    row = found["published"]
    if row is None:
        return []
    rate = percent(row["rate"], lang, digits=2)
    count = number(row["persons"], lang)
    return [word("published", lang, source=row["source"], year=row["year"], count=count, rate=rate)]


def outside_text(found: Mapping[str, Any], lang: str) -> str:
    """The sentence on families outside all pockets; empty where there is no pocket to be outside of."""
    if found["pockets"] == 0:
        return ""
    if found["outside_share"] is None or found["outside_registered_share"] is None:
        return word("outside_unknown", lang)
    poor, families = percent(found["outside_share"], lang), percent(found["outside_registered_share"], lang)
    return word("outside", lang, poor=poor, families=families)
