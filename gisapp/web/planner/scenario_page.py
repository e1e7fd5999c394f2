"""What the page of scenarios is given: two plans in pictures and tables, and the controls of the budget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gisapp.analysis.suggesting.weights import CRITERIA
from gisapp.errors import InvalidParameterError
from gisapp.web.planner import scenario_tried as tried
from gisapp.web.planner import suggestions
from gisapp.web.planner.pages import frame_of_page
from gisapp.web.planner.scenario_asked import MOST_IMPORTANT, stops
from gisapp.web.planner.scenario_map import area_shapes, frame_of, marks
from gisapp.web.planner.scenario_sides import Choice, Side, choices, chosen, comparison_of, side_of
from gisapp.web.planner.scenario_words import facts, fairness_rows, lead, site_rows
from gisapp.web.source import District
from gisapp.web.texts import Texts

#: What an address of the page may hold beside what is tried.
_KNOWN = {"a", "b", "lang", "budget", *(f"w_{name}" for name in CRITERIA)}
#: Texts that the script of the page writes.
_WORDS = (
    "scenario_busy", "scenario_bought", "scenario_not_bought", "scenario_keep_none", "explore_copied",
    "column_pocket_long", "column_reached", "column_cost", "scenario_standing",
)  # fmt: skip


def answer(found: District, address: Mapping[str, str], t: Texts) -> dict[str, Any]:
    """What a budget buys of the run that the address names."""
    one = chosen(choices(found, t), address.get("run"), otherwise=0)
    return tried.answer(side_of(found, one.run_id), address, t)


def page(found: District, address: Mapping[str, str], t: Texts) -> dict[str, Any]:
    """What the template is given; without any scenario that was computed there is nothing to compare with."""
    unknown = sorted(set(address) - _KNOWN)
    if unknown:
        names = ", ".join(unknown)[:80]
        raise InvalidParameterError(f"Unknown: {names}.", f"Tidak dikenal: {names}.")
    offered = choices(found, t)
    pair = [chosen(offered, address.get("a"), otherwise=0), chosen(offered, address.get("b"), otherwise=1)]
    sides = [side_of(found, one.run_id) for one in pair]
    alone = pair[0].run_id == pair[1].run_id
    return {
        **frame_of_page(found, t),
        "choices": offered,
        "pair": pair,
        "alone": alone,
        "k": sides[0].k,
        "sources": suggestions.cost_sources([row for side in sides for row in side.rows(t).values()]),
        "compared": None if alone else beside(found, pair, sides, t),
        "trial": trial(sides[0], pair[0], address, t),
        "words": {key: t(key) for key in _WORDS},
    }


def beside(found: District, pair: list[Choice], sides: list[Side], t: Texts) -> dict[str, Any]:
    """Both plans: sentence, maps, bars, and the tables that hold the same."""
    plans = comparison_of(found, pair[0].run_id, pair[1].run_id)
    frame = frame_of([side.district.areas(_level(side)) for side in sides])
    common = [[ids[at] for ids in plans["sites"]["shared"]] for at in (0, 1)]
    rows = [side.rows(t) for side in sides]
    return {
        "lead": lead(plans, t),
        "facts": facts(plans, t),
        "fairness": fairness_rows(plans, t),
        "height": frame.height,
        "maps": [
            {
                "title": choice.title,
                "areas": area_shapes(side.district.areas(_level(side)), side.kecamatan, frame),
                "marks": marks(_places(side, side.basis.sealed.rows), frame, shared),
            }
            for choice, side, shared in zip(pair, sides, common, strict=True)
        ],
        "kecamatan": _bars(plans["kecamatan"]),
        "untouched": [one["name"] for one in plans["kecamatan"] if _untouched(one)],
        "sites": site_rows(plans["sites"], rows, t),
        "within_m": t.number(plans["within_m"]),
    }


def trial(side: Side, choice: Choice, address: Mapping[str, str], t: Texts) -> dict[str, Any]:
    """Controls of the budget and of the importances, and what the page shows before anything is moved."""
    begin = tried.begin_of(side)
    first = tried.answer(side, {name: value for name, value in address.items() if name not in ("a", "b")}, t)
    areas = side.district.areas(_level(side))
    frame = frame_of([areas])
    return {
        "title": choice.title,
        "run": side.district.run.run_id,
        "stops": stops(float(side.basis.cost_idr.sum()), first["asked"]["millions"]),
        "begin": begin,
        "most": MOST_IMPORTANT,
        "criteria": [
            {"name": name, "title": t(f"scenario_criterion_{name}"), "usual": value} for name, value in begin.importance
        ],
        "height": frame.height,
        "areas": area_shapes(areas, side.kecamatan.iloc[:0], frame),
        "marks": marks(_places(side, range(len(side.basis.suggestions))), frame, ()),
        "withheld": side.basis.left_out,
        **{key: first[key] for key in ("asked", "sentence", "proof", "bought", "rows", "toml")},
    }


def _level(side: Side) -> str:
    return "kecamatan" if "kecamatan" in side.district.levels else side.district.levels[0]


def _places(side: Side, rows: Any) -> Any:
    return side.basis.suggestions.iloc[list(rows)]


def _untouched(one: Mapping[str, Any]) -> bool:
    return all(share == 0 for share in one["share"])


def _bars(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Kecamatan that one of the plans reaches, or of which nothing may be told; most poor families first."""
    told = [one for one in rows if not _untouched(one)]
    return sorted(told, key=lambda one: (-max(count or 0 for count in one["poor_families"]), one["code"]))
