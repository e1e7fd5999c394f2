"""What each template is given: one function per page, district and language in, plain values out."""

from __future__ import annotations

from typing import Any

import pandas as pd

from gisapp.columns import DEPRIVATIONS, SERVICES
from gisapp.maps.basis import common_basis, population_year
from gisapp.maps.cards import equal_groups
from gisapp.maps.numbers import is_missing
from gisapp.release.collections import member_codes
from gisapp.release.comparisons import plan_totals
from gisapp.release.mapview import boundaries_are_indicative
from gisapp.web.auth import may
from gisapp.web.planner import certainty, suggestions
from gisapp.web.planner.cards import Card, bars, cards, joined
from gisapp.web.planner.documents import FORMATS
from gisapp.web.planner.figure_tables import figure
from gisapp.web.planner.notes import ground_words, mode_words, short_basis
from gisapp.web.planner.reach_words import beyond_rows, capacity_notes, capacity_rows, standards_source
from gisapp.web.planner.site_checks import site_checks
from gisapp.web.planner.surroundings import surroundings
from gisapp.web.source import District
from gisapp.web.texts import Texts

#: Collections offered under *Unduh*, in print order.
DOWNLOADS = ("pockets", "interventions", "areas", "gaps")

#: So many villages are named where quadrants stand in for pockets.
QUADRANT_ROWS = 12


def frame_of_page(district: District, t: Texts) -> dict[str, Any]:
    """What every page shows around its content."""
    return {
        "district": district,
        "headline": district.headline,
        "whole": district.whole,
        "of": short_basis(district, t),
        "over_population": common_basis(district.areas(district.levels[0])) == "population_persons",
        "indicative": boundaries_are_indicative(district.workspace),
    }


def unit_of(district: District) -> str:
    """What the tests of the run compared: desa, sls or grid."""
    return str(district.run.manifest.get("tests", {}).get("pocket_units", {}).get("unit") or "desa")


def ranked(district: District, t: Texts) -> list[Card]:
    """Every pocket's card, by rank; none where the audience may not see pockets."""
    if not district.shows("pockets"):
        return []
    frame = district.released("pockets").frame
    year = population_year(district.released("areas").frame)
    return cards(frame, district.whole, t, min_methods=district.min_methods, year=year)


def all_suggestions(district: District, t: Texts) -> list[dict[str, Any]]:
    """Every suggestion as a row; none where the audience may not see them."""
    if not district.shows("interventions"):
        return []
    pockets = district.released("pockets").frame
    labels = dict(zip(pockets["pocket_id"], pockets["label"], strict=True))
    return suggestions.rows(district.released("interventions").frame, t, labels)


def planner(district: District, t: Texts) -> dict[str, Any]:
    """The map page."""
    found = ranked(district, t)
    criterion = found[0].row.get("rank_criterion") if found else None
    offered = all_suggestions(district, t)
    return {
        **frame_of_page(district, t),
        "cards": found,
        "criterion": criterion,
        "equal": [joined(group, t) for group in equal_groups(one.row | {"letter": one.label} for one in found)],
        "suggestions": {one.id: suggestions.chosen(offered, strategy=None, pocket=one.id) for one in found},
        "quadrants": [] if found or not district.shows("pockets") else quadrant_priorities(district),
        "shows_pockets": district.shows("pockets"),
        "shows_suggestions": district.shows("interventions"),
        "unit": unit_of(district),
        "units": t(f"units_of_{unit_of(district)}"),
        "may_try": may("thresholds.try"),
        "smallest": district.released("areas").k,
        "downloads": [name for name in DOWNLOADS if district.shows(name)],
        "formats": tuple(FORMATS),
    }


def quadrant_priorities(district: District) -> list[dict[str, Any]]:
    """Villages of high share and high number, most families of decile 1 first: an ordering, not a test."""
    areas = district.areas(district.levels[0]).drop(columns="geometry")
    high = areas[areas["quadrant"] == "high_rate_high_count"]
    return list(
        high.sort_values(["poor_families", "code"], ascending=[False, True]).head(QUADRANT_ROWS).to_dict("records")
    )


def pocket(district: District, pocket_id: str, t: Texts) -> dict[str, Any]:
    """One pocket's page."""
    row = district.pocket(pocket_id)
    one = next(card for card in ranked(district, t) if card.id == pocket_id)
    found = members(district, row)
    return {
        **frame_of_page(district, t),
        "card": one,
        "bars": bars(row, district.whole, t),
        "contributions": contributions(row, district.whole, t),
        "distances": distances(district, row, t),
        "ground": ground_words(district, t),
        "beyond": beyond_rows(district, row, t),
        "beyond_note": standards_source(district, t),
        "capacity": capacity_rows(district, row, t),
        "capacity_notes": capacity_notes(district, t),
        "members": certainty.with_roles(found, row),
        "near": surroundings(district, found),
        "methods": certainty.methods(row, district.run, t),
        "past": certainty.past(row, t),
        **certainty.rule(district.run),
        "grids": district.run.manifest.get("tests", {}).get("grid_support", []),
        "made_of": made_of(district, row, t),
        "population": population_of(found) if row.get("headcount_basis") == "population_persons" else None,
        "suggestions": suggestions.chosen(all_suggestions(district, t), strategy=None, pocket=pocket_id),
        "shows_suggestions": district.shows("interventions"),
        "released": district.released("areas"),
    }


def contributions(row: dict[str, Any], whole: dict[str, Any], t: Texts) -> list[dict[str, Any]]:
    """Parts of the pocket's adjusted headcount beside those of the district, the largest first."""
    found = [
        {
            "name": name,
            "title": t.pick(titles),
            "value": float(row[f"contribution_{name}"]),
            "district": figure(whole, f"contribution_{name}"),
        }
        for name, titles in DEPRIVATIONS.items()
        if not is_missing(row.get(f"contribution_{name}"))
    ]
    return sorted(found, key=lambda part: (-part["value"], part["title"]))


def distances(district: District, row: dict[str, Any], t: Texts) -> list[dict[str, Any]]:
    """Straight-line distance and travel time to the nearest of each service that the workspace has.

    ``at_most``: a facility that nobody can place may stand nearer.
    """
    whole, listed = district.whole, row.get("absence_unknown")
    unknown = listed.split("; ") if isinstance(listed, str) else []
    return [
        {
            "title": t.pick(titles),
            "here": row[f"distance_m_{name}"],
            "district": whole.get(f"distance_m_{name}"),
            "at_most": name in unknown,
            "minutes_here": row.get(f"travel_time_min_{name}"),
            "minutes_district": whole.get(f"travel_time_min_{name}"),
            "how": mode_words(name, district, t),
        }
        for name, titles in SERVICES.items()
        if not is_missing(row.get(f"distance_m_{name}"))
    ]


def members(district: District, row: dict[str, Any]) -> list[dict[str, Any]]:
    """Member villages of a pocket, the highest number of families of decile 1 first."""
    areas = district.areas(district.levels[0]).drop(columns="geometry")
    codes = member_codes(pd.DataFrame([row]))[0]
    mine = areas[areas["code"].isin(codes)]
    return list(mine.sort_values(["poor_families", "code"], ascending=[False, True]).to_dict("records"))


def made_of(district: District, row: dict[str, Any], t: Texts) -> str:
    """What a pocket below the desa is made of and who could not be placed; empty for pockets of desa."""
    units = district.run.manifest.get("tests", {}).get("pocket_units", {})
    if row.get("unit") not in ("grid", "sls"):
        return ""
    return t(f"made_of_{row['unit']}", n=t.number(row["n_units"]), share=t.percent(units["share_without_unit"]))


def population_of(rows: list[dict[str, Any]]) -> int | None:
    """Population of a pocket's villages; None where one of them is not known."""
    total = 0.0
    for row in rows:
        if is_missing(count := row.get("population_persons")):
            return None
        total += float(count)  # type: ignore[arg-type]
    return round(total)


def reached_once(district: District, found: list[dict[str, Any]], t: Texts) -> dict[str, str]:
    """Families reached per strategy, each counted once; where that may not be told, at most the sum of the rows."""
    shown = district.released("interventions")
    totals = plan_totals(district.run, shown.frame, k=shown.k)
    told = {
        scope: t("suggestion_once", n=t.number(total["families"]))
        for scope, total in totals.items()
        if total["families"]
    }
    for one in suggestions.side_by_side(found):
        most = t("suggestion_at_most", n=t.number(one["families"])) if one["families"] else t("suggestion_count_none")
        told.setdefault(str(one["strategy"]), most)
    whole = totals.get("all", {}).get("families")
    return told | {"all": t.number(whole) if whole else ""}


def interventions(district: District, t: Texts, *, strategy: int | None, pocket_id: str | None) -> dict[str, Any]:
    """The page of suggestions."""
    found = all_suggestions(district, t)
    if pocket_id:
        district.pocket(pocket_id)
    return {
        **frame_of_page(district, t),
        "rows": suggestions.chosen(found, strategy=strategy, pocket=pocket_id),
        "strategies": suggestions.side_by_side(found),
        "once": reached_once(district, found, t),
        "checks": site_checks(district, t, pre_empted=sum(row["pre_empted"] for row in found)),
        "sources": suggestions.cost_sources(found),
        "cards": ranked(district, t),
        "strategy": strategy,
        "pocket_id": pocket_id,
        "released": district.released("interventions"),
    }
