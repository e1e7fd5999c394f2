"""Standards in minutes and capacity within reach, in words: what was held against what, and what is not known."""

from __future__ import annotations

from typing import Any

from gisapp.columns import CAPACITY_SERVICES, SERVICES, TIMED_SERVICES
from gisapp.maps.numbers import is_missing
from gisapp.web.source import District
from gisapp.web.texts import Texts

#: A share of families of unknown time from which nothing is left to tell.
_ALL = 1 - 1e-9


def travel_facts(district: District) -> dict[str, Any]:
    """What the run says of its travel times; empty for a run of an earlier gisapp."""
    facts: dict[str, Any] = district.run.manifest.get("site_checks", {}).get("travel", {})
    return facts


def capacity_facts(district: District) -> dict[str, Any]:
    """What the run says of capacity; empty for a run of an earlier gisapp."""
    facts: dict[str, Any] = district.run.manifest.get("site_checks", {}).get("capacity", {})
    return facts


def standard_minutes(district: District) -> dict[str, float]:
    """Minutes of each service's dated standard, as the run used them."""
    minutes: dict[str, float] = travel_facts(district).get("standards", {}).get("minutes", {})
    return minutes


def standard_words(service: str, district: District, t: Texts) -> str:
    """The standard of a service in minutes, and how families without a way or without a time are counted."""
    limit = standard_minutes(district).get(service)
    return "" if limit is None else f"{t('minutes_limit', limit=t.duration(limit))} · {t('minutes_counted')}"


def standards_source(district: District, t: Texts) -> str:
    """Source and date of the standards in minutes, and how families are counted; empty where the run has none."""
    facts = travel_facts(district).get("standards", {})
    if not facts.get("minutes"):
        return ""
    return t("minutes_note", source=facts["source"], date=facts["date"])


def beyond_rows(district: District, row: dict[str, Any], t: Texts) -> list[dict[str, str]]:
    """Share of families beyond each standard in minutes, here and in the district; nothing of services without one."""
    limits = standard_minutes(district)
    return [
        {
            "title": t.pick(SERVICES[name]),
            "limit": t.duration(limits[name]),
            "here": _share(row, name, t),
            "district": _share(district.whole, name, t),
            "unknown": t.percent(row.get(f"minutes_unknown_share_{name}"), 0),
        }
        for name in TIMED_SERVICES
        if name in limits and not is_missing(row.get(f"minutes_unknown_share_{name}"))
    ]


def _share(row: dict[str, Any], service: str, t: Texts) -> str:
    share, unknown = (row.get(f"{name}_share_{service}") for name in ("beyond_minutes", "minutes_unknown"))
    if not is_missing(share):
        return t.percent(share, 0)
    nobody = not is_missing(unknown) and float(unknown or 0.0) >= _ALL
    return t("minutes_nobody_knows") if nobody else t("withheld_short")


def capacity_rows(district: District, row: dict[str, Any], t: Texts) -> list[dict[str, Any]]:
    """Places within reach per 1,000 who need them, here and in the district, and what each figure counts."""
    services = capacity_facts(district).get("services", {})
    return [
        {
            "title": t.pick(SERVICES[name]),
            "of": t(f"need_{services[name]['of']}"),
            "here": t.number(row[f"places_per_1000_{name}"]),
            "district": t.number(district.whole.get(f"places_per_1000_{name}")),
            "at_least": _some_missing(services[name]),
        }
        for name in CAPACITY_SERVICES
        if name in services and not is_missing(row.get(f"places_per_1000_{name}"))
    ]


def capacity_words(service: str, district: District, t: Texts) -> str:
    """Who needs the places of a service, which facilities were counted, and what the demand rests on."""
    told = capacity_facts(district).get("services", {}).get(service)
    if told is None:
        return ""
    counted = t(
        "capacity_counted", used=t.number(told["with_capacity"] - told["unplaced"]), n=t.number(told["facilities"]),
        columns=", ".join(told["columns"]),
    )  # fmt: skip
    least = [t("capacity_least")] if _some_missing(told) else []
    return " · ".join([t("capacity_per", who=t(f"need_{told['of']}")), counted, *least, t(f"demand_{told['basis']}")])


def capacity_notes(district: District, t: Texts) -> list[str]:
    """Zones, what was counted of each service, or that no layer says any capacity."""
    facts = capacity_facts(district)
    if not facts:
        return []
    services = facts["services"]
    if not services:
        return [t("capacity_none")]
    zones = ", ".join(
        t("capacity_zone", minutes=t.number(float(end)), weight=t.percent(weight, 0))
        for end, weight in sorted(facts["zones"].items(), key=lambda zone: float(zone[0]))
    )
    lines = [t("capacity_zones", zones=zones, source=facts["source"])]
    counted = [name for name in CAPACITY_SERVICES if name in services]
    return lines + [f"{t.pick(SERVICES[name])}: {capacity_words(name, district, t)}" for name in counted]


def _some_missing(told: dict[str, Any]) -> bool:
    return bool(told["facilities"] > told["with_capacity"] - told["unplaced"])
