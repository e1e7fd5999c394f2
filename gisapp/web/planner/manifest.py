"""The page's own description of a district: what can be chosen, in the reader's language."""

from __future__ import annotations

from typing import Any

import pandas as pd

from gisapp.analysis.indicators import INDICATORS, Indicator
from gisapp.errors import NotFoundError
from gisapp.maps.legend import DEFAULT_CLASSES, METHODS
from gisapp.maps.shapes import leaflet_bounds
from gisapp.release.collections import member_codes
from gisapp.web.planner import choropleth, layers, notes, pages
from gisapp.web.planner.cards import Card
from gisapp.web.planner.geometry import plain
from gisapp.web.source import District
from gisapp.web.texts import Texts

#: Columns that the table, the charts and the selected area need besides the indicators.
BESIDE = (
    "code", "name", "parent_code", "status", "pocket_id", "quadrant",
    "families", "persons", "poor_families", "poor_persons", "population_persons",
    "headcount_ratio", "headcount_lower", "headcount_upper",
    "headcount_basis", "headcount_standing", "smoothed_lower", "smoothed_upper", "coverage_gap_lower",
    "coverage_gap_upper",
)  # fmt: skip

#: Groups of the menu by the beginning of an indicator's name; anything else is about families.
GROUPS = {
    "deprived_share_": "group_deprivation",
    "multidimensional_": "group_deprivation",
    "adjusted_": "group_deprivation",
    "distance_m_": "group_access",
    "travel_time_min_": "group_access",
    "beyond_minutes_": "group_access",
    "places_per_1000_": "group_access",
    "gi_star": "group_hotspots",
    "excess": "group_hotspots",
    "coverage": "group_quality",
    "headcount_reliability": "group_quality",
    "registration_": "group_quality",
    "visits_": "group_quality",
    "share_unknown": "group_quality",
}


def offered(district: District) -> list[Indicator]:
    """Indicators of which this run has at least one value, in the order of the menu."""
    areas = district.areas(district.levels[0])
    return [one for one in INDICATORS.values() if one.column in areas and areas[one.column].notna().any()]


def indicator(district: District, name: str) -> Indicator:
    """An offered indicator by name, else NotFoundError."""
    for one in offered(district):
        if one.name == name:
            return one
    raise NotFoundError(f"This run has no indicator {name!r}.", f"Tidak ada indikator {name!r} pada hasil ini.")


def group_of(name: str) -> str:
    """Key of the menu's group that an indicator stands in."""
    return next((group for start, group in GROUPS.items() if name.startswith(start)), "group_families")


def _indicators(district: District, t: Texts) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name,
            "title": notes.title_of(one, t),
            "short": notes.short_of(one, district, t),
            "unit": one.unit,
            "group": t(group_of(one.name)),
            "source": notes.source_of(one, district, t),
            "note": notes.note_of(one, district, t),
        }
        for one in offered(district)
    ]


def _levels(district: District, t: Texts) -> list[dict[str, Any]]:
    choices = [level for level in district.levels if level != "kabupaten"]
    return [{"name": one, "title": t(f"level_{one}"), "count": len(district.areas(one))} for one in choices]


def _pockets(district: District, found: list[Card]) -> list[dict[str, Any]]:
    if not found:
        return []
    frame = district.released("pockets").frame
    codes = dict(zip(frame["pocket_id"], member_codes(frame), strict=True))
    boxes = {row["pocket_id"]: frame.iloc[[place]] for place, row in enumerate(frame.to_dict("records"))}
    return [
        {"id": one.id, "label": one.label, "name": one.name, "edge": one.edge, "members": codes[one.id],
         "bounds": leaflet_bounds(boxes[one.id])}
        for one in found
    ]  # fmt: skip


def page_manifest(district: District, t: Texts) -> dict[str, Any]:
    """Everything the scripts need before they draw."""
    found = pages.ranked(district, t)
    return {
        "run": district.run.run_id,
        "period": district.period,
        "lang": t.lang,
        "bounds": leaflet_bounds(district.areas(district.levels[0])),
        "levels": _levels(district, t),
        "indicators": _indicators(district, t),
        "methods": [{"name": name, "title": t(f"method_{name}")} for name in METHODS],
        "class_counts": choropleth.CLASS_COUNTS,
        "default_classes": DEFAULT_CLASSES,
        "layers": layers.listed(district, t),
        "pockets": _pockets(district, found),
        "cuts": district.cuts,
        "texts": t.all() | notes.share_words(district, t) | {"withheld": t("withheld", k=district.released("areas").k)},
    }


def columnar(areas: pd.DataFrame) -> dict[str, Any]:
    """Values of one level, column by column."""
    wanted = dict.fromkeys([*BESIDE, *(one.column for one in INDICATORS.values())])
    return {name: plain(areas[name]) for name in wanted if name in areas.columns}
