"""What an atlas says at its end: how it was computed, from which sources, and what is withheld."""

from __future__ import annotations

from typing import Any

from gisapp.maps.numbers import number, percent
from gisapp.maps.words import joined
from gisapp.release.atlas_words import atlas_word
from gisapp.release.mapview import MapView, layer_title
from gisapp.targeting.warnings import WARNINGS


def method_notes(run: Any, view: MapView) -> list[dict[str, str]]:
    """Methods and limits as titles and paragraphs, in print order.

    Warnings of the run stand in words and without their counts: these are not under disclosure control.
    """
    manifest = view.manifest
    lang, tests = manifest["lang"], run.manifest.get("tests", {})
    deciles = [str(one) for one in run.manifest.get("parameters", {}).get("poor_deciles", [1])]
    level = tests.get("level_each_method")
    fields: dict[str, dict[str, Any]] = {
        "who": {"deciles": joined(deciles, lang), "source": manifest["source"], "period": manifest["period"]},
        "range": {},
        "where": {
            "least": tests.get("min_methods", "–"),
            "n": len(tests.get("witnesses") or tests.get("methods", [])) or "–",
            "level": "–" if level is None else percent(level, lang, digits=2),
        },
        "order": {"standing": " ".join(manifest["standing"])},
        "why": {},
        "suggested": {},
    }
    notes = [
        {"title": atlas_word(key, lang), "text": atlas_word(f"{key}_text", lang, **values).strip()}
        for key, values in fields.items()
    ]
    place = 0 if lang == "id" else 1
    said = [WARNINGS[code][place] for code in sorted(run.manifest.get("warnings", {})) if code in WARNINGS]
    if said:
        text = ". ".join(one[0].upper() + one[1:] for one in said)
        notes.append({"title": atlas_word("known", lang), "text": f"{text}."})
    return notes


def input_rows(workspace: Any, run: Any, lang: str) -> list[dict[str, str]]:
    """Sources of the run, each once: titles of its layers, source, date, licence."""
    titles: dict[tuple[str, ...], set[str]] = {}
    for entry in run.manifest.get("inputs", []):
        registry = entry.get("role") == "registry"
        title = atlas_word("registry", lang) if registry else layer_title(workspace, str(entry["name"]), lang)
        origin = tuple(str(entry.get(name) or "–") for name in ("source", "date", "licence"))
        titles.setdefault(origin, set()).add(title)
    rows = sorted((", ".join(sorted(names)), *origin) for origin, names in titles.items())
    return [dict(zip(("title", "source", "date", "licence"), row, strict=True)) for row in rows]


def withheld_rows(view: MapView, *, with_suggestions: bool) -> list[dict[str, str]]:
    """How many rows of each collection stand here, and how many of them without figures."""
    lang, frames = view.manifest["lang"], view.frames
    shown = {"areas": frames.areas, "pockets": frames.pockets}
    if with_suggestions:
        shown["interventions"] = frames.interventions
    return [
        {
            "title": atlas_word(name, lang),
            "rows": number(len(frame), lang),
            "withheld": number(int(frame["status"].eq("suppressed").sum()), lang),
        }
        for name, frame in shown.items()
    ]
