"""One A4 page about one pocket, for a meeting without a screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gisapp.errors import NotFoundError
from gisapp.maps.drawing import default_indicator, fonts_folder
from gisapp.maps.layers import LINES, MapFrames
from gisapp.maps.numbers import is_missing, number, percent
from gisapp.maps.still import draw_inset, draw_pocket, facilities_near
from gisapp.maps.words import word
from gisapp.release.collections import Audience
from gisapp.release.mapview import MapView, map_view
from gisapp.release.published import Publication
from gisapp.settings import templates_folder
from gisapp.store.files import atomic_write_bytes
from gisapp.store.hashing import sha256_bytes
from gisapp.writers.document import compile_pdf, page_count

MAP_MM = (128.0, 96.0)
INSET_MM = (50.0, 29.0)
#: No more suggestions than these, and fewer where they would not fit one page; the rest is counted.
MOST_SUGGESTIONS = 4
#: Longest texts that the page has room for, in letters.
_LONGEST_REASON, _LONGEST_TERMS, _LONGEST_NAMES, _LONGEST_SOURCES = 330, 320, 170, 300
_SIGNS = {"triangle": "▲", "square": "■", "cross": "✚", "diamond": "◆", "circle": "●"}


@dataclass(frozen=True, kw_only=True)
class SheetReport:
    """What was written: bytes and their hash."""

    size: int
    sha256: str


def write_sheet(
    workspace: Any,
    run: Any,
    pocket_id: str,
    path: Path,
    *,
    lang: str = "id",
    audience: Audience = "staff",
    publication: Publication | None = None,
) -> SheetReport:
    """Write the pocket's sheet as PDF; NotFoundError where the run has no pocket of this id."""
    view = map_view(workspace, run, lang=lang, audience=audience, publication=publication)
    body = sheet(view, pocket_id)
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
    return drawn_page(view, card).pdf


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a pocket's page prints, its two pictures (PNG), and the page by itself (PDF)."""

    data: dict[str, Any]
    map: bytes
    inset: bytes
    pdf: bytes


def drawn_page(view: MapView, card: Mapping[str, Any]) -> Page:
    """Draw and set a pocket's page with as many suggestions as fit one A4."""
    inset = draw_inset(view.frames, card["id"], size_mm=INSET_MM)
    for most in range(MOST_SUGGESTIONS, -1, -1):
        drawn = draw_pocket(view.manifest, view.frames, card["id"], size_mm=MAP_MM, pins=most)
        data = sheet_data(view, card, most)
        pdf = compile_pdf(
            documents() / "sheet.typ", data, files={"map.png": drawn, "inset.png": inset, **shared_parts()},
            fonts=[fonts_folder()],
        )  # fmt: skip
        if page_count(pdf) == 1:
            break
    return Page(data=data, map=drawn, inset=inset, pdf=pdf)


def documents() -> Path:
    """Folder of the templates of documents."""
    return templates_folder() / "documents"


def shared_parts() -> dict[str, bytes]:
    """What the templates of a sheet and of an atlas import."""
    return {"pocket.typ": (documents() / "pocket.typ").read_bytes()}


def sheet_data(view: MapView, card: Mapping[str, Any], most: int = MOST_SUGGESTIONS) -> dict[str, Any]:
    """Everything that the sheet's template prints, as text, with at most so many suggestions."""
    manifest = view.manifest
    lang, words = manifest["lang"], manifest["words"]
    indicator = default_indicator(manifest)
    synthetic = words["synthetic"] if manifest["synthetic"] else ""
    place = [words["pockets"], manifest["district"]["name"], manifest["source"]]
    return {
        "lang": lang,
        "title": f"{words['page']}: {card['name']}",
        "letter": card["letter"],
        "name": cut(card["name"], 70),
        "subtitle": " · ".join([*(part for part in place if part), word("period", lang, period=manifest["period"])]),
        "synthetic": synthetic,
        "words": words,
        "indicator": indicator["title"],
        "indicator_note": indicator["note"],
        "legend": legend_rows(manifest),
        "marks": _marks(view, card),
        "figures": card["figures"],
        "withheld": card["withheld"],
        "why": card["why"],
        "nothing": card["nothing"],
        "causes": card["causes"],
        "far": card["far"],
        "facts": _facts(view, card),
        "members": shortened(card["members"], _LONGEST_NAMES, ", "),
        "outside": manifest["outside"],
        "published": " ".join(manifest["headline"]["texts"]),
        **_suggestions(manifest, card, most),
        "sources": shortened(" · ".join(manifest["credits"]), _LONGEST_SOURCES, " · "),
        "note": words["proposal_note"] + (f" {words['synthetic_long']}" if synthetic else ""),
        "run": word("run", lang, run=manifest["run_id"]),
        "period": word("period", lang, period=manifest["period"]),
    }


def legend_rows(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Classes of the default indicator as the maps of a document draw them."""
    found: list[dict[str, Any]] = default_indicator(manifest)["classes"][manifest["methods"][0]["name"]]["rows"]
    return found


def cut(text: str, longest: int) -> str:
    """Shorten a name between words."""
    return text if len(text) <= longest else text[: longest - 1].rsplit(" ", 1)[0].rstrip() + " …"


def shortened(text: str, longest: int, separator: str) -> str:
    """Leave out whole parts (sentences, terms, names) from the end; a part of one only where one alone is too long."""
    if len(text) <= longest:
        return text
    parts = text.split(separator)
    while len(parts) > 1 and len(separator.join(parts)) + 2 > longest:
        parts.pop()
    kept = separator.join(parts)
    if len(kept) > longest:
        return cut(kept, longest)
    return f"{kept}." if separator == ". " else f"{kept}{separator}…"


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
    rows += line_marks(frames, words)
    grouped: dict[str, list[str]] = {}
    for layer, _ in facilities_near(manifest, frames, card["id"]):
        grouped.setdefault(_SIGNS.get(layer["shape"], "■"), []).append(layer["title"])
    return rows + [{"kind": "sign", "sign": sign, "label": ", ".join(titles)} for sign, titles in grouped.items()]


def line_marks(frames: MapFrames, words: Mapping[str, str]) -> list[dict[str, Any]]:
    """Legend rows of the roads and rivers that a map draws."""
    kinds = set() if frames.lines is None else set(frames.lines["kind"])
    return [
        {"kind": "line", "color": color, "dashed": kind != "jalan", "label": words[title]}
        for kind, (title, color) in LINES.items()
        if kind in kinds
    ]


def _suggestions(manifest: Mapping[str, Any], card: Mapping[str, Any], most: int) -> dict[str, Any]:
    ours = [item for item in manifest["interventions"] if item["pocket"] == card["id"]]
    rows = []
    for position, item in enumerate(ours[:most], start=1):
        terms = [
            item["funded"], item["reaches"], item["volume"], item["cost"], item["land_note"], item["executor"],
            item["strategy"],
        ]  # fmt: skip
        rows.append(
            {
                "number": str(position),
                "title": item["title"],
                "place": item["location"],
                "why": shortened(item["why"], _LONGEST_REASON, ". "),
                "terms": shortened(" · ".join(text for text in terms if text), _LONGEST_TERMS, " · "),
            }
        )
    left = len(ours) - len(rows)
    unchecked = sorted({item["not_checked"] for item in ours[:most] if item["not_checked"]})
    return {
        "unchecked": shortened("; ".join(unchecked), _LONGEST_TERMS, ", "),
        "suggestions": rows,
        "more": word("more", manifest["lang"], n=left) if left > 0 else "",
    }
