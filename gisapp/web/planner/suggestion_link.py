"""What a suggestion's page tells of a missing road or bridge: its line, today's way, the standards it is good for."""

from __future__ import annotations

import json
from typing import Any

from gisapp.columns import SERVICES
from gisapp.web.texts import Texts

#: A label, a value, and a note under it.
Fact = tuple[str, str, str]


def link_of(evidence: dict[str, Any]) -> dict[str, Any] | None:
    """What the run knows of the link, or None for a suggestion that is none."""
    link = evidence.get("link")
    return link if isinstance(link, dict) else None


def line_of(link: dict[str, Any] | None) -> str:
    """Ends of the line as JSON, longitude and latitude each; empty where there is none."""
    return json.dumps(link["line"]) if link else ""


def where(link: dict[str, Any] | None, t: Texts) -> list[Fact]:
    """Length, the rivers that it crosses, and the way round by today's roads."""
    if link is None:
        return []
    facts = [(t("link_length"), t.distance(link["length_m"]), t("link_straight"))]
    if link["river_crossings"]:
        span = t("link_span", metres=t.number(link["bridge_span_m"]))
        facts.append((t("link_rivers"), t.number(link["river_crossings"]), span))
    today = t("link_no_way") if link["road_m"] is None else t.distance(link["road_m"])
    return [*facts, (t("link_today"), today, "")]


def whom(link: dict[str, Any] | None, t: Texts) -> list[Fact]:
    """Families that come within each standard; a family of two services counts with both."""
    facts: list[Fact] = []
    for part in link["services"] if link else ():
        name = SERVICES[part["service"]][0 if t.lang == "id" else 1]
        label = t("link_within", service=name, limit=t.distance(part["standard_m"]))
        if part["families"] is None:
            facts.append((label, t("link_few"), part["standard_source"]))
            continue
        before = t("link_no_way") if part["way_before_m"] is None else t.distance(part["way_before_m"])
        way = t("link_way", before=before, after=t.distance(part["way_m"]))
        facts.append((label, t("link_families", n=t.number(part["families"])), f"{way} {part['standard_source']}"))
    return facts


def price_note(link: dict[str, Any] | None, t: Texts) -> str:
    """How a link across a river is priced; empty for any other suggestion."""
    return t("link_price") if link and link["river_crossings"] else ""
