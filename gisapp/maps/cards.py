"""Cards: one pocket or one suggestion in a few words and numbers, the same on the page, in the map and on paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from gisapp.columns import DEPRIVATIONS, SERVICES
from gisapp.maps import english
from gisapp.maps.basis import basis, counted
from gisapp.maps.numbers import distance, is_missing, number, percent, percent_range, rupiah
from gisapp.maps.site_words import funded, land_note, site_unchecked
from gisapp.maps.words import SITED, joined, location, word

BARS = 4


def _text(value: Any) -> str:
    return "" if value is None or value is pd.NA or (isinstance(value, float) and value != value) else str(value)


def _integer(value: Any) -> int | None:
    return None if is_missing(value) else round(float(value))


def _known(row: Mapping[str, Any], name: str) -> float | None:
    value = row.get(name)
    return None if value is None or is_missing(value) else float(value)


def criterion(row: dict[str, Any], lang: str) -> str:
    """What pockets are ranked by, in words."""
    name = _text(row.get("rank_criterion")) or "poor_families"
    return word(f"criterion_{name}", lang) if name in ("poor_families", "poor_persons", "headcount_ratio") else name


def rank_text(row: dict[str, Any], lang: str) -> str:
    """``urutan 1–3 menurut …``: the interval where ranks overlap, always with the criterion; empty where withheld."""
    rank, lower, upper = (_integer(row.get(name)) for name in ("rank", "rank_lower", "rank_upper"))
    if rank is None:
        return ""
    if lower is None or upper is None or lower == upper:
        return word("rank", lang, rank=rank, criterion=criterion(row, lang))
    return word("rank_range", lang, lower=lower, upper=upper, criterion=criterion(row, lang))


def above_district(row: Mapping[str, Any], whole: Mapping[str, Any]) -> list[tuple[str, float, float | None]]:
    """Deprivations of which a pocket has more than its district, as (name, share, district's share), by the excess."""
    found = []
    for name in DEPRIVATIONS:
        value, district = (_known(one, f"deprived_share_{name}") for one in (row, whole))
        if value and (district is None or round(100 * value) > round(100 * district)):
            found.append((name, value, district))
    return sorted(found, key=lambda item: (-round(item[1] - (item[2] or 0.0), 4), item[0]))


def why_here(row: dict[str, Any], whole: dict[str, Any], lang: str, *, bars: int = BARS) -> list[dict[str, Any]]:
    """What stands out: ``name``, ``label``, ``ratio`` and ``district`` (0..1 or None), ``text``."""
    return [
        {
            "name": name,
            "label": DEPRIVATIONS[name][0 if lang == "id" else 1],
            "ratio": round(value, 4),
            "district": None if district is None else round(district, 4),
            "text": percent(value, lang, digits=0),
        }
        for name, value, district in above_district(row, whole)[:bars]
    ]


def causes(row: dict[str, Any], lang: str) -> str:
    """Main causes as the run names them, in a sentence; empty where it names none."""
    place = 0 if lang == "id" else 1
    titles = []
    for name in _text(row.get("main_causes")).replace(";", ",").split(","):
        service = name.strip().removeprefix("gap:")
        if service in SERVICES:
            titles.append(word("cause_gap", lang, service=SERVICES[service][place]))
        elif service in DEPRIVATIONS:
            title = DEPRIVATIONS[service][place]
            titles.append(title[0].lower() + title[1:])
        elif service == "coverage":
            titles.append(word("cause_coverage", lang))
    return word("main_causes", lang, causes=", ".join(titles)) if titles else ""


def far_from(row: dict[str, Any], lang: str, *, longest: int = 3) -> list[str]:
    """The longest median distances to a service, each said to be a straight line, or the most that it can be."""
    known = [(value, name) for name in SERVICES if (value := _known(row, f"distance_m_{name}")) is not None]
    chosen = sorted(known, key=lambda pair: (-pair[0], pair[1]))[:longest]
    names = {service: SERVICES[service][0 if lang == "id" else 1] for _, service in chosen}
    unknown = _text(row.get("absence_unknown")).split("; ")
    keys = {service: "straight_line_most" if service in unknown else "straight_line" for service in names}
    return [word(keys[s], lang, service=names[s], value=distance(metres, lang)) for metres, s in chosen]


def share_label(row: dict[str, Any], lang: str, *, year: str = "") -> str:
    """Who is counted in the share of decile 1, and out of whom."""
    value = row.get("headcount_basis")
    return f"{counted(value, lang)} {basis(value, lang, year=year)}"


def pocket_card(
    row: dict[str, Any], *, lang: str, whole: dict[str, Any], core_methods: int, year: str = ""
) -> dict[str, Any]:
    """Say one pocket; ``whole`` is the district's row; see ``manifest.map_manifest`` for the fields."""
    withheld, ratio = row.get("status") == "suppressed", whole.get("headcount_ratio")
    against = "" if is_missing(ratio) else word("district_value", lang, value=percent(ratio, lang))
    span = percent_range(row.get("headcount_lower"), row.get("headcount_upper"), lang)
    agreement, run = _integer(row.get("agreement")), _integer(row.get("methods_run"))
    return {
        "id": str(row["pocket_id"]),
        "letter": _text(row.get("label")),
        "name": english.pocket_name(_text(row.get("name")), lang) or str(row["pocket_id"]),
        "status": _text(row.get("status")),
        "withheld": word("withheld_row", lang) if withheld else "",
        "of": basis(row.get("headcount_basis"), lang).split(" (")[0],
        "core": agreement is None or agreement >= core_methods,
        "badge": "" if agreement is None else word("found_by", lang, n=agreement, m=run),
        "rank": rank_text(row, lang),
        "rank_lower": _integer(row.get("rank_lower")),
        "rank_upper": _integer(row.get("rank_upper")),
        "rank_group": _integer(row.get("rank_group")),
        "figures": [
            {"value": number(row.get("poor_families"), lang), "label": word("poor_families", lang)},
            {
                "value": percent(row.get("headcount_ratio"), lang),
                "label": " · ".join(part for part in (share_label(row, lang, year=year), span, against) if part),
            },
        ],
        "why": why_here(row, whole, lang),
        "nothing": "" if withheld or above_district(row, whole) else word("nothing_above", lang),
        "causes": causes(row, lang),
        "far": far_from(row, lang),
        "members": _text(row.get("member_names")).replace("; ", ", "),
    }


def suggestion_card(row: dict[str, Any], *, lang: str) -> dict[str, Any]:
    """Say one suggestion; see ``manifest.map_manifest`` for the fields."""
    place, strategy = _text(row.get("location_label")), _integer(row.get("strategy"))
    volume, withheld = _known(row, "volume"), row.get("status") == "suppressed"
    unchecked = site_unchecked(_text(row.get("not_checked")), lang, sited=place.startswith(SITED))
    note = land_note(_text(row.get("land_note")), lang)
    return {
        "id": str(row["intervention_id"]),
        "pocket": _text(row.get("pocket_id")),
        "title": _text(row.get("title_id" if lang == "id" else "title_en")) or _text(row.get("kind")),
        "kind": _text(row.get("kind")),
        "service": _text(row.get("service")),
        "strategy": "" if strategy is None else word("strategy", lang, n=strategy),
        "location": location(place, lang),
        "sited": place.startswith(SITED),
        "volume": ""
        if volume is None
        else f"{number(volume, lang)} {english.unit(_text(row.get('unit')), lang, volume)}".strip(),
        "reaches": _reaches(row, lang),
        "cost": "" if withheld else _cost(row, lang),
        "executor": _executor(row, lang),
        "why": word("withheld_row", lang) if withheld else _reason(row, lang),
        "not_checked": word("not_checked", lang, what=", ".join(unchecked)) if unchecked else "",
        "land_note": word("land_note", lang, what=note) if note else "",
        "funded": "" if withheld else funded(row, lang),
        "status": _text(row.get("status")),
    }


def _executor(row: dict[str, Any], lang: str) -> str:
    executor = english.executor(_text(row.get("executor")), lang) or "–"
    return word(
        "executor", lang, executor=executor, authority=english.authority(_text(row.get("authority")), lang) or "–"
    )


def _reason(row: dict[str, Any], lang: str) -> str:
    return english.reason(_text(row.get("why_id" if lang == "id" else "why_en")), _text(row.get("need")), lang)


def _reaches(row: dict[str, Any], lang: str) -> str:
    families, persons = _known(row, "families"), _known(row, "persons")
    if families is None:
        return ""
    return word("reaches", lang, families=number(families, lang), persons=number(persons, lang))


def _cost(row: dict[str, Any], lang: str) -> str:
    cost = _known(row, "cost_idr")
    if cost is None:
        return word("cost_unknown", lang)
    return word("cost", lang, cost=rupiah(cost, lang), source=english.cost_source(_text(row.get("cost_source")), lang))


def standing(cards: list[dict[str, Any]], rows: list[dict[str, Any]], lang: str) -> list[str]:
    """Sentences under the list: the criterion of the ranking, and which letters are of equal standing."""
    if not cards:
        return []
    sentences = [word("ranked_by", lang, criterion=criterion(rows[0], lang))]
    for group in equal_groups(cards):
        sentences.append(word("equal_rank", lang, letters=joined(group, lang)))
    return sentences


def equal_groups(cards: Iterable[Mapping[str, Any]]) -> list[list[str]]:
    """Letters that stand equal, as groups of two or more: those of one released ``rank_group``."""
    groups: dict[int, list[str]] = {}
    for card in cards:
        if (group := _integer(card.get("rank_group"))) is not None:
            groups.setdefault(group, []).append(str(card["letter"]))
    return [letters for letters in groups.values() if len(letters) > 1]
