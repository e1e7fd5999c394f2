"""The map manifest: everything a map shows, as JSON-ready values, for the planner's page and the portable map alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from gisapp.analysis.classify import Method
from gisapp.analysis.indicators import INDICATORS, Indicator
from gisapp.maps import cards, shapes
from gisapp.maps.basis import indicator_basis, population_year
from gisapp.maps.layers import MapFrames, listed, ranked
from gisapp.maps.legend import METHODS, classes, labelled
from gisapp.maps.numbers import is_missing, unit_range, with_unit
from gisapp.maps.palette import SERVICE_MARKS
from gisapp.maps.standing import explained, marked_all
from gisapp.maps.words import WORDS, word

VERSION = 1
#: Indicator -> the columns of the ends of its range.
RANGES = {
    "headcount_ratio": ("headcount_lower", "headcount_upper"),
    "headcount_smoothed": ("smoothed_lower", "smoothed_upper"),
    "coverage_gap": ("coverage_gap_lower", "coverage_gap_upper"),
}


@dataclass(frozen=True, kw_only=True)
class MapFacts:
    """What a map says about itself; every text is already in the map's language."""

    district: str
    district_code: str
    run_id: str
    period: str
    source: str
    synthetic: bool
    lang: str
    k: int
    core_methods: int
    outside: str
    headline: Mapping[str, Any]
    credits: Sequence[str] = ()
    training: bool = False


def map_manifest(
    facts: MapFacts, frames: MapFrames, indicators: Sequence[Indicator] = tuple(INDICATORS.values())
) -> dict[str, Any]:
    """Return the manifest of a map.

    Every figure comes twice where a page needs it: as a number for drawing and as text for reading, already in the
    map's language. Shapes are not inside; ``map_layers`` makes them, by the names in ``layers``. No text is markup:
    a page must set it as text.

    Fields
    ------
    version, lang, synthetic, run_id, period, source, k : of the run.
    district : {name, code, figures}.
    bounds : [[south, west], [north, east]] or null.
    outside : sentence with the share of families outside all pockets. headline : see ``release.summary.headline``.
    credits : lines naming source, date and licence of what is drawn.
    areas : parallel lists, one entry per desa: code, name, parent (name of the kecamatan), status, pocket (id or null).
    indicators : [{name, title, unit, note, values (number or null), texts, ranges (text, may be empty), classes:
        {method: {rows: [{class, label, color or null, pattern: null|hatch|dots, count}], class_of: [one per area]}}}].
        Lists run parallel to ``areas``. A class of -1 is withheld (hatch), -2 is no data (dots).
    methods : [{name, title}] of class methods, the default first. default_indicator : name.
    layers : [{name, title, geometry: polygon|line|point|raster, group, count, amount (text), on, service, color,
        shape}].
    pockets : cards in rank order: id, letter, name, status, withheld (text or empty), of (short basis of its share),
        core (solid outline, else dashed), badge, rank, rank_lower, rank_upper, rank_group, figures [{value, label}],
        why [{name, label, ratio, district, text}] (only what is above the district), nothing (sentence where nothing
        is), causes (sentence), far, members (text), position ([lat, lon] inside it, or null), suggestions
        [intervention id].
    standing : sentences on the order of the cards. empty : {title, meaning} to show where there is no pocket.
    interventions : cards: id, pocket, title, kind, service, strategy, location, volume, reaches, cost, executor, why,
        not_checked, sited, mark, position ([lat, lon] of a sited one, else null).
    words : fixed words by key (``maps.words``).

    """
    desa = frames.level("desa")
    pockets = ranked(frames.pockets)
    suggestions = _suggestions(frames.interventions, facts.lang)
    pocket_cards = _pocket_cards(pockets, frames, facts, suggestions)
    return {
        "version": VERSION,
        "lang": facts.lang,
        "synthetic": facts.synthetic or facts.training,
        "run_id": facts.run_id,
        "period": facts.period,
        "source": facts.source,
        "k": facts.k,
        "district": {"name": facts.district, "code": facts.district_code},
        "bounds": shapes.leaflet_bounds(desa) if len(desa) else None,
        "outside": facts.outside,
        "headline": dict(facts.headline),
        "credits": list(facts.credits),
        "areas": _area_lists(desa, frames),
        "indicators": [_indicator(desa, indicator, facts) for indicator in indicators if indicator.column in desa],
        "default_indicator": next((i.name for i in indicators if i.column == "headcount_ratio"), ""),
        "methods": [{"name": name, "title": word(f"method_{name}", facts.lang)} for name in METHODS],
        "layers": listed(frames, pockets=len(pocket_cards), placed=_placed(suggestions), lang=facts.lang),
        "pockets": pocket_cards,
        "standing": cards.standing(pocket_cards, _records(pockets), facts.lang),
        "empty": {"title": word("no_pockets", facts.lang), "meaning": word("no_pockets_meaning", facts.lang)},
        "interventions": suggestions,
        "words": fixed_words(facts.lang, training=facts.training),
    }


def fixed_words(lang: str, *, training: bool = False) -> dict[str, str]:
    """Fixed words by key; in training the marks of synthetic data say LATIHAN too."""
    words = {key: word(key, lang) for key in WORDS}
    if training:
        words["synthetic"] = f"{words['training']} · {words['synthetic']}"
        words["synthetic_long"] = f"{words['training']}: {words['training_long']} {words['synthetic_long']}"
    return words


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    plain = pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
    return list(plain.astype(object).where(plain.notna(), None).to_dict("records"))


def _area_lists(desa: gpd.GeoDataFrame, frames: MapFrames) -> dict[str, list[Any]]:
    kecamatan = frames.level("kecamatan")
    parents = dict(zip(kecamatan["code"], kecamatan["name"], strict=True))
    pocket = desa["pocket_id"] if "pocket_id" in desa else pd.Series([None] * len(desa))
    parent = desa["parent_code"] if "parent_code" in desa else pd.Series([None] * len(desa))
    return {
        "code": [str(code) for code in desa["code"]],
        "name": [str(name) for name in desa["name"]],
        "parent": [str(parents.get(code, "")) for code in parent],
        "status": [str(status) for status in desa["status"]],
        "pocket": [None if pd.isna(value) else str(value) for value in pocket],
    }


def _indicator(desa: gpd.GeoDataFrame, indicator: Indicator, facts: MapFacts) -> dict[str, Any]:
    values, lang = desa[indicator.column], facts.lang
    numbers = [None if is_missing(value) else round(float(value), 6) for value in values]
    ends = RANGES.get(indicator.name, ())
    ranges = [""] * len(desa)
    if ends and set(ends) <= set(desa.columns):
        pairs = zip(*(desa[end] for end in ends), strict=True)
        ranges = [unit_range(lower, upper, indicator.unit, lang) for lower, upper in pairs]
    texts = [with_unit(value, indicator.unit, lang) for value in values]
    notes = [word("straight_note", lang) if indicator.unit == "m" else indicator_basis(indicator.name, desa, lang)]
    if indicator.name == "headcount_ratio" and "headcount_standing" in desa:
        texts = marked_all(texts, desa["headcount_standing"])
        notes.append(explained(desa["headcount_standing"], lang))
    return {
        "name": indicator.name,
        "title": _title(indicator, lang),
        "unit": indicator.unit,
        "note": " · ".join(note for note in notes if note),
        "values": numbers,
        "texts": texts,
        "ranges": ranges,
        "classes": {method: _classed(desa, indicator, method, facts) for method in METHODS},
    }


def _title(indicator: Indicator, lang: str) -> str:
    return indicator.title_id if lang == "id" else indicator.title_en


def _classed(desa: gpd.GeoDataFrame, indicator: Indicator, method: Method, facts: MapFacts) -> dict[str, Any]:
    found = classes(desa, indicator.column, method=method)
    rows = labelled(found, unit=indicator.unit, lang=facts.lang, smallest=facts.k)
    return {"rows": rows, "class_of": found["class_of"]}


def _suggestions(interventions: gpd.GeoDataFrame, lang: str) -> list[dict[str, Any]]:
    """Cards, what answers a pocket best first."""
    order = [name for name in ("pocket_id", "sequence", "intervention_id") if name in interventions.columns]
    ordered = interventions.sort_values(order, ignore_index=True, kind="stable")
    result = []
    for row, shape in zip(_records(ordered), ordered.geometry, strict=True):
        card = cards.suggestion_card(row, lang=lang)
        card["position"] = shapes.inside(shape) if card["sited"] else None
        card["mark"] = SERVICE_MARKS.get(card["service"], str(row.get("strategy") or ""))
        result.append(card)
    return result


def _placed(suggestions: Sequence[Mapping[str, Any]]) -> int:
    return sum(item["position"] is not None for item in suggestions)


def _pocket_cards(
    pockets: gpd.GeoDataFrame, frames: MapFrames, facts: MapFacts, suggestions: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    whole = _records(frames.level("kabupaten"))
    district, year = whole[0] if len(whole) == 1 else {}, population_year(frames.areas)
    result = []
    for row, shape in zip(_records(pockets), pockets.geometry, strict=True):
        card = cards.pocket_card(row, lang=facts.lang, whole=district, core_methods=facts.core_methods, year=year)
        card["position"] = shapes.inside(shape)
        card["suggestions"] = [item["id"] for item in suggestions if item["pocket"] == card["id"]]
        result.append(card)
    return result
