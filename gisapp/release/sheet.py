"""One A4 page about one pocket, for a meeting without a screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gisapp.errors import NotFoundError
from gisapp.maps.layers import LINES, MapFrames
from gisapp.maps.numbers import is_missing, number, percent
from gisapp.maps.still import default_indicator, draw_inset, draw_pocket, facilities_near, fonts_folder
from gisapp.maps.words import word
from gisapp.release.mapview import MapView, map_view
from gisapp.settings import templates_folder
from gisapp.store.files import atomic_write_bytes
from gisapp.store.hashing import sha256_bytes
from gisapp.writers.document import compile_pdf

MAP_MM = (128.0, 96.0)
INSET_MM = (50.0, 29.0)
#: So many suggestions and facts fit one page; the rest is counted, and stands on the pocket's own page.
MOST_SUGGESTIONS = 4
_LONGEST = 240
_SIGNS = {"triangle": "▲", "square": "■", "cross": "✚", "diamond": "◆", "circle": "●"}


@dataclass(frozen=True, kw_only=True)
class SheetReport:
    """What was written: bytes and their hash."""

    size: int
    sha256: str


def write_sheet(workspace: Any, run: Any, pocket_id: str, path: Path, *, lang: str = "id") -> SheetReport:
    """Write the pocket's sheet as PDF; NotFoundError where the run has no pocket of this id."""
    body = sheet(map_view(workspace, run, lang=lang), pocket_id)
    atomic_write_bytes(path, body, mode=0o644)
    return SheetReport(size=len(body), sha256=sha256_bytes(body))


def sheet(view: MapView, pocket_id: str) -> bytes:
    """PDF bytes of a pocket's sheet: the same view gives the same bytes."""
    card = next((card for card in view.manifest["pockets"] if card["id"] == pocket_id), None)
    if card is None:
        raise NotFoundError(
            f"There is no pocket {pocket_id!r} in this run.",
            f"Tidak ada wilayah prioritas {pocket_id!r} pada hasil ini.",
            code="no_pocket",
        )
    pictures = {
        "map.png": draw_pocket(view.manifest, view.frames, pocket_id, size_mm=MAP_MM),
        "inset.png": draw_inset(view.frames, pocket_id, size_mm=INSET_MM),
    }
    template = templates_folder() / "documents" / "sheet.typ"
    return compile_pdf(template, sheet_data(view, card), files=pictures, fonts=[fonts_folder()])


def sheet_data(view: MapView, card: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that the sheet's template prints, as text."""
    manifest = view.manifest
    lang, words = manifest["lang"], manifest["words"]
    indicator = default_indicator(manifest)
    synthetic = words["synthetic"] if manifest["synthetic"] else ""
    place = [words["pockets"], manifest["district"]["name"], manifest["source"]]
    return {
        "lang": lang,
        "title": f"{words['page']}: {card['name']}",
        "letter": card["letter"],
        "name": _cut(card["name"], 70),
        "subtitle": " · ".join([*(part for part in place if part), word("period", lang, period=manifest["period"])]),
        "synthetic": synthetic,
        "words": words,
        "indicator": indicator["title"],
        "legend": indicator["classes"][manifest["methods"][0]["name"]]["rows"],
        "marks": _marks(view, card),
        "figures": card["figures"],
        "withheld": card["withheld"],
        "why": card["why"],
        "far": card["far"],
        "facts": _facts(view, card),
        "members": _cut(card["members"], 170),
        "outside": manifest["outside"],
        "published": " ".join(manifest["headline"]["texts"]),
        **_suggestions(manifest, card),
        "sources": _cut(" · ".join(manifest["credits"]), 230),
        "note": words["proposal_note"] + (f" {words['synthetic_long']}" if synthetic else ""),
        "run": word("run", lang, run=manifest["run_id"]),
        "period": word("period", lang, period=manifest["period"]),
    }


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _facts(view: MapView, card: Mapping[str, Any]) -> list[str]:
    """Rank, methods, relative risk and stability, each in words."""
    lang = view.manifest["lang"]
    row = view.frames.pockets.set_index("pocket_id").loc[card["id"]]
    texts = [card["rank"], card["badge"]]
    if not is_missing(row.get("relative_risk")):
        texts.append(word("relative_risk", lang, value=number(row["relative_risk"], lang, digits=1)))
    if not is_missing(row.get("stability")):
        texts.append(word("stability", lang, value=percent(row["stability"], lang, digits=0)))
    return [text for text in texts if text]


def _marks(view: MapView, card: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Legend rows of what is drawn besides the classes."""
    manifest, frames = view.manifest, view.frames
    words = manifest["words"]
    rows: list[dict[str, Any]] = [{"kind": "outline", "label": words["pocket"], "dashed": not card["core"]}]
    if any(item["pocket"] == card["id"] and item["position"] for item in manifest["interventions"]):
        rows.append({"kind": "site", "label": words["suggestions"]})
    rows += _line_marks(frames, words)
    grouped: dict[str, list[str]] = {}
    for layer, _ in facilities_near(manifest, frames, card["id"]):
        grouped.setdefault(_SIGNS.get(layer["shape"], "■"), []).append(layer["title"])
    return rows + [{"kind": "sign", "sign": sign, "label": ", ".join(titles)} for sign, titles in grouped.items()]


def _line_marks(frames: MapFrames, words: Mapping[str, str]) -> list[dict[str, Any]]:
    kinds = set() if frames.lines is None else set(frames.lines["kind"])
    return [
        {"kind": "line", "color": color, "dashed": kind != "jalan", "label": words[title]}
        for kind, (title, color) in LINES.items()
        if kind in kinds
    ]


def _suggestions(manifest: Mapping[str, Any], card: Mapping[str, Any]) -> dict[str, Any]:
    ours = [item for item in manifest["interventions"] if item["pocket"] == card["id"]]
    rows = []
    for position, item in enumerate(ours[:MOST_SUGGESTIONS], start=1):
        terms = [item["reaches"], item["volume"], item["cost"], item["executor"], item["strategy"]]
        rows.append(
            {
                "number": str(position),
                "title": item["title"],
                "place": item["location"],
                "why": _cut(item["why"], _LONGEST),
                "terms": _cut(" · ".join(text for text in terms if text), _LONGEST),
            }
        )
    left = len(ours) - len(rows)
    unchecked = sorted({item["not_checked"] for item in ours[:MOST_SUGGESTIONS] if item["not_checked"]})
    return {
        "unchecked": _cut("; ".join(unchecked), _LONGEST),
        "suggestions": rows,
        "more": word("more", manifest["lang"], n=left) if left > 0 else "",
    }
