"""The printed atlas of a run: district, table of pockets, a page for each, suggestions, methods and limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gisapp.errors import InvalidParameterError
from gisapp.maps import english
from gisapp.maps.drawing import default_indicator, fonts_folder
from gisapp.maps.numbers import is_missing, number, percent_range, rupiah
from gisapp.maps.still_district import draw_district, draw_kecamatan, numbered
from gisapp.maps.words import word
from gisapp.progress import Progress, silent
from gisapp.release.atlas_notes import input_rows, method_notes, withheld_rows
from gisapp.release.atlas_words import atlas_word, atlas_words
from gisapp.release.collections import Audience
from gisapp.release.mapview import MapView, map_view
from gisapp.release.published import Publication, may_be_seen
from gisapp.release.sheet import Page, documents, drawn_page, legend_rows, shared_parts
from gisapp.store.files import atomic_write_bytes
from gisapp.store.hashing import sha256_bytes
from gisapp.writers.document import compile_pdf, page_count

DISTRICT_MM = (182.0, 132.0)
#: Up to so many pockets the list has room under a somewhat lower map, and no row stands alone on the next page.
FEW, LOWER_MM = 4, (182.0, 112.0)
KECAMATAN_MM = (62.0, 48.0)


@dataclass(frozen=True, kw_only=True)
class AtlasReport:
    """What was written: bytes, pages, pockets, and the hash."""

    size: int
    pages: int
    pockets: int
    sha256: str


def write_atlas(
    workspace: Any,
    run: Any,
    path: Path,
    *,
    lang: str = "id",
    audience: Audience = "staff",
    publication: Publication | None = None,
    progress: Progress = silent,
) -> AtlasReport:
    """Write the atlas as PDF; InvalidParameterError for an atlas for strangers to whom no pocket is published."""
    if audience == "public" and not may_be_seen("pockets", publication):
        raise InvalidParameterError(
            "Pockets are not published, so there is no atlas for the public: "
            "`gisapp publish --collections areas,pockets`.",
            "Wilayah prioritas belum diumumkan, jadi belum ada atlas untuk umum: "
            "`gisapp publish --collections areas,pockets`.",
            code="not_published",
        )
    view = map_view(workspace, run, lang=lang, audience=audience, publication=publication)
    body = atlas(workspace, run, view, audience=audience, progress=progress)
    atomic_write_bytes(path, body, mode=0o600 if audience == "staff" else 0o644)
    return AtlasReport(
        size=len(body), pages=page_count(body), pockets=len(view.manifest["pockets"]), sha256=sha256_bytes(body)
    )


def atlas(
    workspace: Any, run: Any, view: MapView, *, audience: Audience = "staff", progress: Progress = silent
) -> bytes:
    """PDF bytes of the atlas: the same view gives the same bytes."""
    cards = view.manifest["pockets"]
    total = len(cards) + 2
    progress("atlas", 0, total)
    files = {
        "district.png": draw_district(
            view.manifest, view.frames, size_mm=LOWER_MM if len(cards) <= FEW else DISTRICT_MM
        ),
        "kecamatan.png": draw_kecamatan(view.frames, size_mm=KECAMATAN_MM),
        **shared_parts(),
    }
    pages: list[dict[str, Any]] = []
    for card in cards:
        progress("atlas", 1 + len(pages), total)
        page = drawn_page(view, card)
        files |= {f"map-{len(pages)}.png": page.map, f"inset-{len(pages)}.png": page.inset}
        pages.append(_data(page, card, view.manifest["lang"]))
    progress("atlas", total - 1, total)
    data = atlas_data(workspace, run, view, audience=audience)
    pdf = compile_pdf(documents() / "atlas.typ", data | {"pages": pages}, files=files, fonts=[fonts_folder()])
    progress("atlas", total, total)
    return pdf


def _data(page: Page, card: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """A page's own data; what it has no room for stands in the atlas' list of suggestions."""
    left = len(card["suggestions"]) - len(page.data["suggestions"])
    return page.data | {"more": atlas_word("more", lang, n=number(left, lang)) if left > 0 else ""}


def atlas_data(workspace: Any, run: Any, view: MapView, *, audience: Audience = "staff") -> dict[str, Any]:
    """Everything that the atlas prints besides the pages of its pockets, as text."""
    manifest = view.manifest
    lang = manifest["lang"]
    indicator = default_indicator(manifest)
    words = {key: atlas_word(key, lang) for key in atlas_words()} | {"legend": word("legend", lang)}
    synthetic, official = bool(manifest["synthetic"]), manifest["headline"]["texts"]
    suggestions, cost_sources = _suggestions(view)
    return {
        "lang": lang,
        "title": f"{words['title']}: {manifest['district']['name']}",
        "words": words,
        "name": manifest["district"]["name"],
        "synthetic": manifest["words"]["synthetic"] if synthetic else "",
        "synthetic_long": manifest["words"]["synthetic_long"] if synthetic else "",
        "audience": atlas_word(audience, lang, k=manifest["k"]),
        "facts": _facts(run, view, with_suggestions=audience == "staff"),
        "shows_suggestions": audience == "staff",
        "published": [*official, word("published_note", lang)] if official else [],
        "outside": manifest["outside"],
        "indicator": indicator["title"],
        "indicator_note": indicator["note"],
        "legend": legend_rows(manifest),
        "marks": _marks(view),
        "kecamatan": numbered(view.frames),
        "standing": manifest["standing"],
        "empty": [] if manifest["pockets"] else [manifest["empty"]["title"], manifest["empty"]["meaning"]],
        "table": _pocket_rows(view),
        "suggestions": suggestions,
        "cost_sources": cost_sources,
        "methods": method_notes(run, view),
        "inputs": input_rows(workspace, run, lang),
        "rule": atlas_word("rule", lang, k=manifest["k"]),
        "withheld": withheld_rows(view, with_suggestions=audience == "staff"),
        "note": word("proposal_note", lang),
        "sources": manifest["credits"][0] if manifest["credits"] else "",
        "run": f"{manifest['district']['name'][:60]} · {word('run', lang, run=manifest['run_id'])}",
    }


def _facts(run: Any, view: MapView, *, with_suggestions: bool) -> list[dict[str, str]]:
    manifest = view.manifest
    lang, district = manifest["lang"], manifest["district"]
    whole = view.frames.level("kabupaten")
    families = number(whole["families"].iloc[0], lang) if len(whole) == 1 else "–"
    values = {
        "district": " · ".join(part for part in (district["name"], district["code"]) if part),
        "period": manifest["period"],
        "registry": manifest["source"],
        "families": families,
        "pockets_count": number(len(manifest["pockets"]), lang),
        "suggestions_count": number(len(manifest["interventions"]), lang),
        "run": manifest["run_id"],
        "version": str(run.manifest.get("version", "")),
    }
    if not with_suggestions:
        del values["suggestions_count"]
    return [{"label": atlas_word(key, lang), "value": str(value)} for key, value in values.items()]


def _marks(view: MapView) -> list[dict[str, Any]]:
    """Legend rows of what the district map draws besides the classes."""
    cards = view.manifest["pockets"]
    lang = view.manifest["lang"]
    rows: list[dict[str, Any]] = []
    if any(card["core"] for card in cards):
        rows.append({"kind": "outline", "label": word("pocket", lang), "dashed": False})
    if any(not card["core"] for card in cards):
        label = f"{word('pocket', lang)}, {word('pocket_edge', lang)}"
        rows.append({"kind": "outline", "label": label, "dashed": True})
    return rows


def _pocket_rows(view: MapView) -> list[dict[str, Any]]:
    lang, frame = view.manifest["lang"], view.frames.pockets.set_index("pocket_id")
    rows = []
    for card in view.manifest["pockets"]:
        row = frame.loc[card["id"]]
        span = percent_range(row.get("headcount_lower"), row.get("headcount_upper"), lang)
        rows.append(
            {
                "letter": card["letter"],
                "name": card["name"],
                "causes": card["causes"],
                "withheld": card["withheld"],
                "poor": card["figures"][0]["value"],
                "share": card["figures"][1]["value"] + (f" ({span})" if span else ""),
                "rank": _rank(card),
                "found": _found(row),
                "suggestions": number(len(card["suggestions"]), lang),
            }
        )
    return rows


def _rank(card: Mapping[str, Any]) -> str:
    lower, upper = card["rank_lower"], card["rank_upper"]
    if lower is None or upper is None:
        return "–"
    return str(lower) if lower == upper else f"{lower}–{upper}"


def _found(row: Mapping[str, Any]) -> str:
    found, of = row.get("agreement"), row.get("methods_run")
    return "–" if is_missing(found) or is_missing(of) else f"{number(found)}/{number(of)}"


def _suggestions(view: MapView) -> tuple[list[dict[str, Any]], list[str]]:
    """Every suggestion, in the order of the pockets, and the sources of their costs, which the rows name by number."""
    lang, frame = view.manifest["lang"], view.frames.interventions.set_index("intervention_id")
    by_pocket: dict[str, list[Mapping[str, Any]]] = {}
    for item in view.manifest["interventions"]:
        by_pocket.setdefault(item["pocket"], []).append(item)
    rows: list[dict[str, Any]] = []
    sources: list[str] = []
    for card in view.manifest["pockets"]:
        for item in by_pocket.get(card["id"], []):
            cost = _cost(item, frame.loc[item["id"]], sources, lang)
            rows.append(_suggestion(item, cost, view.manifest["words"]) | {"letter": card["letter"]})
    return rows, [f"[{at}] {source}" for at, source in enumerate(sources, start=1)]


def _cost(item: Mapping[str, Any], row: Mapping[str, Any], sources: list[str], lang: str) -> str:
    """Rupiah with the number of the source, which is added to the sources where it is new."""
    if item["status"] == "suppressed":
        return "–"
    if is_missing(row["cost_idr"]):
        return word("cost_unknown", lang)
    source = english.cost_source(str(row["cost_source"]), lang)
    if source not in sources:
        sources.append(source)
    return f"{rupiah(row['cost_idr'], lang)} [{sources.index(source) + 1}]"


def _suggestion(item: Mapping[str, Any], cost: str, words: Mapping[str, str]) -> dict[str, Any]:
    withheld = item["status"] == "suppressed"
    return {
        "title": item["title"],
        "place": " · ".join(part for part in (item["location"], item["strategy"], item["executor"]) if part),
        "reaches": words["withheld_row"] if withheld else _joined((item["volume"], item["reaches"])),
        "cost": cost,
        "unchecked": _joined((item["not_checked"], item["land_note"], item["funded"])) or "–",
    }


def _joined(parts: Sequence[str]) -> str:
    return " · ".join(part for part in parts if part)
