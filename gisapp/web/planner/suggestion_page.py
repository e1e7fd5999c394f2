"""One suggestion's own page: what, where, for whom, how much, why, how sure, and what was not checked."""

from __future__ import annotations

import json
from typing import Any

from gisapp.analysis.indicators import INDICATORS
from gisapp.analysis.suggesting.reasons import asked_of
from gisapp.errors import NotFoundError
from gisapp.web.planner import notes, pages, suggestion_link, suggestions
from gisapp.web.source import District
from gisapp.web.texts import Texts

#: A label, a value, and a note under it.
Fact = tuple[str, str, str]


def page(district: District, intervention_id: str, t: Texts) -> dict[str, Any]:
    """Everything that the template prints; NotFoundError where the run has no such suggestion."""
    offered = pages.all_suggestions(district, t)
    row = next((one for one in offered if one["intervention_id"] == intervention_id), None)
    if row is None:
        raise NotFoundError(
            f"There is no suggestion {intervention_id!r} in this run: /interventions lists what there is.",
            f"Tidak ada usulan {intervention_id!r} pada hasil ini: lihat daftar di /interventions.",
        )
    evidence = json.loads(row["evidence"]) if row["evidence"] else {}
    link = suggestion_link.link_of(evidence)
    pocket = next((one for one in pages.ranked(district, t) if one.id == row["pocket_id"]), None)
    return {
        **pages.frame_of_page(district, t),
        "row": row,
        "pocket": pocket,
        "withheld": row["status"] == "suppressed",
        "k": district.released("interventions").k,
        "sited": suggestions.is_sited(row),
        "sections": {
            "what": what(row, t),
            "where": where(row, district, t) + suggestion_link.where(link, t),
            "whom": whom(row, evidence, t) + suggestion_link.whom(link, t),
            "cost": cost(row, t),
            "sure": sure(row, evidence, district, t, beside=sum(o["strategy"] == row["strategy"] for o in offered)),
        },
        "price": f"{price(row, t)} {suggestion_link.price_note(link, t)}".strip(),
        "map_key": t("suggestion_map_key", indicator=_lower(notes.title_of(INDICATORS["headcount_ratio"], t))),
        "line": suggestion_link.line_of(link),
        "conditions": [part for part in str(row[f"requires_{t.lang}"] or "").split("; ") if part],
        "unchecked": unchecked(row, t),
        "assumed": evidence.get("assumptions", "") if t.lang == "id" else "",
        "budget": under_budget(row, offered, t),
    }


def what(row: dict[str, Any], t: Texts) -> list[Fact]:
    """Strategy, standard, who carries it out."""
    facts = [(t("strategy"), f"{row['strategy']} · {t('strategy_' + str(row['strategy']))}", "")]
    facts += _known(t("suggestion_standard"), row["standard"] if t.lang == "id" else "")
    facts += _known(t("suggestion_executor"), row["executor"])
    facts += _known(t("suggestion_authority"), row["authority"])
    return facts + _known(t("suggestion_programmes"), row["programmes"])


def where(row: dict[str, Any], district: District, t: Texts) -> list[Fact]:
    """Place and village."""
    areas = district.released("areas").frame
    names = dict(zip(areas["code"], areas["name"], strict=True))
    parents = dict(zip(areas["code"], areas["parent_code"], strict=True))
    code = row["code"] or ""
    desa = ", ".join(str(name) for name in (names.get(code), names.get(parents.get(code))) if name)
    return _known(t("suggestion_place"), row["location_label"]) + _known(t("suggestion_desa"), desa)


def whom(row: dict[str, Any], evidence: dict[str, Any], t: Texts) -> list[Fact]:
    """Families and persons reached, and those who lack it in the pocket."""
    poor = evidence.get("decile_1_families_reached")
    note = "" if poor is None else t("suggestion_reached_decile", n=t.number(poor))
    facts = [(t("suggestion_reached"), t.number(row["families"]), note)]
    if row["persons"] is not None:
        facts.append((t("suggestion_persons"), t.number(row["persons"]), ""))
    if evidence.get("link"):
        return facts  # whom a missing link brings within a standard lack nothing else that could be counted
    if evidence.get("families_lacking") is not None:
        lacking, asked = (t.number(evidence[name]) for name in ("families_lacking", "families_asked"))
        of = t("suggestion_of", part=lacking, whole=asked)
        facts.append((t("suggestion_lacking"), of, t.pick(asked_of(row["need"] or ""))))
    if evidence.get("decile_1_families_lacking") is not None:
        facts.append((t("suggestion_decile"), t.number(evidence["decile_1_families_lacking"]), ""))
    return facts


def cost(row: dict[str, Any], t: Texts) -> list[Fact]:
    """Volume, price and each part of the cost; the total last but for upkeep and rupiah per family."""
    if row["works_idr"] is None:
        return [(t("suggestion_total"), t.rupiah(row["cost_idr"]), "")]
    low, high = t.rupiah(row["unit_cost_low_idr"]), t.rupiah(row["unit_cost_high_idr"])
    facts = [
        (t("suggestion_volume"), f"{t.number(row['volume'])} {row['unit'] or ''}", ""),
        (
            t("suggestion_unit_price", year=row["cost_year"] or "–", unit=row["unit"] or "–"),
            t.rupiah(row["unit_cost_idr"]),
            t("suggestion_price_range", low=low, high=high) if low != high else "",
        ),
        (t("suggestion_works", factor=t.number(row["region_factor"], 2)), t.rupiah(row["works_idr"]), ""),
    ]
    for name, rate in (("design", "design_share"), ("supervision", "supervision_share"), ("tax", "tax_rate")):
        if row[f"{name}_idr"]:
            facts.append((t(f"suggestion_{name}", share=t.percent(row[rate], 0)), t.rupiah(row[f"{name}_idr"]), ""))
    facts.append((t("suggestion_total"), t.rupiah(row["cost_idr"]), ""))
    if row["maintenance_idr"]:
        upkeep = t("suggestion_upkeep", share=t.percent(row["maintenance_share"], 0))
        facts.append((upkeep, t.rupiah(row["maintenance_idr"]), ""))
    return facts


def price(row: dict[str, Any], t: Texts) -> str:
    """Where the price comes from; a cost never stands without it."""
    if not row["cost_source"]:
        return t("cost_unknown")
    reference = row["price_reference"] or "SSH/HSPK"
    return t("suggestion_price_source", source=row["cost_source"], reference=reference)


def sure(row: dict[str, Any], evidence: dict[str, Any], district: District, t: Texts, *, beside: int) -> list[Fact]:
    """Range of rupiah per family, rank and its range, probabilities under unknown weights, quality of the place.

    ``beside`` is how many suggestions the strategy has: being among the first ten of six says nothing.
    """
    facts: list[Fact] = []
    if row["cost_per_family_idr"] is not None:
        low, high = t.rupiah(row["cost_per_family_lower_idr"]), t.rupiah(row["cost_per_family_upper_idr"])
        spread = t("suggestion_each_range", low=low, high=high)
        facts.append((t("suggestion_each"), t.rupiah(row["cost_per_family_idr"]), spread))
    if row["rank_in_kind"] is not None and row["of_kind"] > 1:
        value = t("suggestion_rank_value", rank=t.number(row["rank_in_kind"]), of=t.number(row["of_kind"]))
        low, high = t.number(row["rank_in_kind_lower"]), t.number(row["rank_in_kind_upper"])
        facts.append((t("suggestion_rank"), value, t("suggestion_rank_range", low=low, high=high)))
    first = int(district.run.manifest.get("parameters", {}).get("suggestion_first", 10))
    if beside > first:
        facts += _probability(row, "first", t("suggestion_first", first=first), t)
    if beside > 1:
        facts += _probability(row, "leading", t("suggestion_leading", n=beside), t)
    return facts + _plan(evidence, t) + _absence(row, evidence, t)


def _probability(row: dict[str, Any], name: str, label: str, t: Texts) -> list[Fact]:
    if row[f"{name}_probability"] is None:
        return []
    error = t("suggestion_first_error", error=t.percent(row[f"{name}_error"], 1))
    return [(label, t.percent(row[f"{name}_probability"], 0), error)]


def _plan(evidence: dict[str, Any], t: Texts) -> list[Fact]:
    site = evidence.get("site")
    if not site:
        return []
    if site["status"] == "optimal":
        return [(t("suggestion_plan"), t("suggestion_plan_optimal", candidates=t.number(site["candidates"])), "")]
    return [(t("suggestion_plan"), t("suggestion_plan_feasible", gap=t.percent(site["gap"], 1)), "")]


def _absence(row: dict[str, Any], evidence: dict[str, Any], t: Texts) -> list[Fact]:
    known = evidence.get("absence")
    return [(t("suggestion_absence"), t(f"suggestion_absence_{known}"), "")] if row["service"] and known else []


def unchecked(row: dict[str, Any], t: Texts) -> str:
    """Layers that the place was not checked against, or why there was nothing to check."""
    if row["not_checked"]:
        return str(row["not_checked"])
    return t("suggestion_checked_all") if suggestions.is_sited(row) else t("suggestion_not_sited")


def under_budget(row: dict[str, Any], offered: list[dict[str, Any]], t: Texts) -> str:
    """What it displaces under the budget; empty where no budget chooses among such suggestions."""
    if row["in_budget"] is None:
        return ""
    if row["displaces"] is None:
        return t("suggestion_too_dear") if not row["in_budget"] and row["families"] is not None else ""
    named = {one["intervention_id"]: f"{one['title']} ({one['label']})" for one in offered}
    names = [named[name] for name in row["displaces"].split("; ") if name in named]
    fewer = t("suggestion_some") if row["displaced_families"] is None else t.number(row["displaced_families"])
    key = "suggestion_in" if row["in_budget"] else "suggestion_out"
    return t(key, families=fewer, names=", ".join(names) or t("suggestion_none"))


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def _known(label: str, value: Any) -> list[Fact]:
    return [(label, str(value), "")] if value else []
