"""One suggestion: its numbers, its volume and cost, its evidence, and the row that others read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gisapp.analysis.suggesting.costs import CostParts, CostRules, PerFamily, cost_parts, cost_per_family, volume_of
from gisapp.analysis.suggesting.indicated_sites import IndicatedSites
from gisapp.analysis.suggesting.kind import InterventionKind
from gisapp.analysis.suggesting.reasons import Figures, why, within_standards

Ints = npt.NDArray[np.intp]

SITED = "indikasi lokasi"
WHOLE_POCKET = "seluruh wilayah prioritas, bukan satu titik"


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """One kind for the families of one pocket; ``members`` are the rows of the families that it reaches.

    ``families`` differs from their number only where they are not in the registry (coverage). ``site`` is the number
    of the site in its plan, ``place`` the candidate's code and label.
    """

    kind: InterventionKind
    figures: Figures
    excess: float | None
    members: Ints
    families: int
    persons: int | None
    volume: float
    x: float
    y: float
    absence_unknown: bool = False
    sites: IndicatedSites | None = None
    reach_m: float | None = None
    reach_source: str = ""
    code: str = ""
    place: str = WHOLE_POCKET
    with_position: int | None = None
    candidates: int | None = None
    excluded: int | None = None
    areas: int = 1
    road_km: float = 0.0
    link_m: float = 0.0
    link: Mapping[str, Any] | None = None
    unit_cost_idr: float | None = None
    decile_1_share: float | None = None
    missing_records: tuple[str, str] = ("", "")

    def volume_at(self, families: float) -> float:
        """Units that as many families would need here."""
        return volume_of(self.kind, families, areas=self.areas, road_km=self.road_km, link_m=self.link_m)

    @property
    def price_idr(self) -> float:
        """Unit price: its own, else that of the kind."""
        return float(self.kind.unit_cost_idr if self.unit_cost_idr is None else self.unit_cost_idr)

    def cost(self, rules: CostRules) -> CostParts:
        """What it costs, part by part."""
        return cost_parts(self.kind, self.volume, rules=rules, unit_cost_idr=self.price_idr)

    def per_family(self, rules: CostRules) -> PerFamily | None:
        """Rupiah per family with its range."""
        return cost_per_family(
            self.kind, self.families, self.figures.asked, volume_at=self.volume_at, rules=rules,
            unit_cost_idr=self.price_idr,
        )  # fmt: skip

    def per_family_at(self, families: int, rules: CostRules) -> float:
        """Rupiah per family if it reached as many."""
        volume = self.volume_at(families)
        return cost_parts(self.kind, volume, rules=rules, unit_cost_idr=self.price_idr).total_idr / families


def row_of(suggestion: Suggestion, rules: CostRules) -> dict[str, Any]:
    """Return the released columns of one suggestion, but for its ids, what was not checked and how it compares."""
    kind = suggestion.kind
    why_id, why_en = _why(suggestion)
    return {
        "status": "present",
        "strategy": kind.strategy,
        "kind": kind.kind,
        "title_id": kind.title_id,
        "title_en": kind.title_en,
        "need": suggestion.figures.need,
        "code": suggestion.code,
        "location_label": suggestion.place,
        "families": suggestion.families,
        "persons": suggestion.persons,
        "volume": suggestion.volume,
        "unit": kind.unit,
        **_cost_columns(suggestion, rules),
        "executor": kind.executor,
        "authority": kind.authority,
        "standard": kind.standard,
        "programmes": "; ".join(kind.programmes),
        "requires_id": "; ".join(kind.requires_id),
        "requires_en": "; ".join(kind.requires_en),
        "service": _service(suggestion),
        "why_id": why_id,
        "why_en": why_en,
        "evidence": json.dumps(_evidence(suggestion), sort_keys=True, ensure_ascii=False, allow_nan=False),
        "plan_status": suggestion.sites.words if suggestion.sites else "",
        "x": suggestion.x,
        "y": suggestion.y,
    }


def _cost_columns(suggestion: Suggestion, rules: CostRules) -> dict[str, Any]:
    kind, cost, each = suggestion.kind, suggestion.cost(rules), suggestion.per_family(rules)
    price = suggestion.price_idr
    return {
        "unit_cost_idr": price,
        "unit_cost_low_idr": price * kind.unit_cost_low_idr / kind.unit_cost_idr,
        "unit_cost_high_idr": price * kind.unit_cost_high_idr / kind.unit_cost_idr,
        "cost_year": kind.cost_year,
        "cost_source": f"{kind.cost_source} (harga {kind.cost_year})",
        "price_reference": kind.price_reference,
        "region_factor": rules.region_factor if kind.regional else 1.0,
        "works_idr": cost.works_idr,
        "design_share": kind.design_share,
        "design_idr": cost.design_idr,
        "supervision_share": kind.supervision_share,
        "supervision_idr": cost.supervision_idr,
        "tax_rate": rules.tax_rate if kind.taxed else 0.0,
        "tax_idr": cost.tax_idr,
        "cost_idr": cost.total_idr,
        "maintenance_share": kind.maintenance_share,
        "maintenance_idr": cost.maintenance_idr,
        "cost_per_family_idr": None if each is None else each.value,
        "cost_per_family_lower_idr": None if each is None else each.lower,
        "cost_per_family_upper_idr": None if each is None else each.upper,
    }


def _why(suggestion: Suggestion) -> tuple[str, str]:
    plan = suggestion.sites.plan if suggestion.sites else None
    reason = why(
        suggestion.figures,
        families=suggestion.families,
        reach_m=suggestion.reach_m if plan else None,
        together=(len(plan.selected), round(plan.objective)) if plan else None,
        absence_unknown=suggestion.absence_unknown,
    )
    within = within_standards(suggestion.link["services"]) if suggestion.link else ("", "")
    told = zip(reason, within, suggestion.missing_records, strict=True)
    text_id, text_en = (" ".join(filter(None, parts)) for parts in told)
    return text_id, text_en


def _service(suggestion: Suggestion) -> str:
    need = suggestion.figures.need
    return suggestion.kind.service or (need.removeprefix("gap:") if need.startswith("gap:") else "")


def _reached(suggestion: Suggestion) -> int | None:
    """Families of decile 1 among those that it reaches; None where it says nothing new."""
    if suggestion.figures.decile_1 is None or suggestion.decile_1_share is None:
        return None
    return round(suggestion.decile_1_share * suggestion.families)


def _evidence(suggestion: Suggestion) -> dict[str, Any]:
    figures, kind = suggestion.figures, suggestion.kind
    facts: dict[str, Any] = {
        "need": figures.need,
        "families_lacking": figures.lacking,
        "families_asked": figures.asked,
        "share": round(figures.share, 6),
        "district_share": None if figures.district_share is None else round(figures.district_share, 6),
        "excess_in_spreads_between_desa": None if suggestion.excess is None else round(suggestion.excess, 3),
        "decile_1_families_lacking": figures.decile_1,
        "decile_1_families_reached": _reached(suggestion),
        "standard_m": figures.standard_m,
        "absence": "unknown" if suggestion.absence_unknown else "known",
        "volume_rule": kind.volume_rule,
        "assumptions": kind.note,
    }
    if suggestion.link is not None:
        facts["link"] = dict(suggestion.link)
    if suggestion.sites is not None:
        plan = suggestion.sites.plan
        facts["site"] = {
            "reach_m": suggestion.reach_m,
            "reach_source": suggestion.reach_source,
            "families_with_position": suggestion.with_position,
            "candidates": suggestion.candidates,
            "candidates_excluded": suggestion.excluded,
            "sites_in_plan": len(plan.selected),
            "objective": plan.objective,
            "bound": plan.bound,
            "gap": plan.gap,
            "status": plan.status,
        }
    return facts
