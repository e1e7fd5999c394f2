"""One suggestion: its numbers, its volume and cost, its evidence, and the row that others read."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gisapp.analysis.indicated_sites import IndicatedSites
from gisapp.analysis.intervention_kind import InterventionKind
from gisapp.analysis.reasons import Figures, why

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


def volume_of(kind: InterventionKind, families: int, *, areas: int, road_km: float) -> float:
    """Units of ``kind`` for that many families in that many desa, ``road_km`` from the road."""
    match kind.volume_rule:
        case "per_family":
            return float(families * (kind.volume_per_family or 1.0))
        case "per_area":
            return float(areas)
        case "road_km":
            return max(0.1, round(road_km, 1))
        case _:
            return float(math.ceil(families / kind.families_per_unit)) if kind.families_per_unit else 1.0


def row_of(suggestion: Suggestion) -> dict[str, Any]:
    """Return the released columns of one suggestion, but for its ids and what was not checked."""
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
        "unit_cost_idr": float(kind.unit_cost_idr),
        "cost_idr": suggestion.volume * float(kind.unit_cost_idr),
        "cost_source": f"{kind.cost_source} (harga {kind.cost_year})",
        "executor": kind.executor,
        "authority": kind.authority,
        "service": _service(suggestion),
        "why_id": why_id,
        "why_en": why_en,
        "evidence": json.dumps(_evidence(suggestion), sort_keys=True, ensure_ascii=False, allow_nan=False),
        "plan_status": suggestion.sites.words if suggestion.sites else "",
        "x": suggestion.x,
        "y": suggestion.y,
    }


def _why(suggestion: Suggestion) -> tuple[str, str]:
    plan = suggestion.sites.plan if suggestion.sites else None
    return why(
        suggestion.figures,
        families=suggestion.families,
        reach_m=suggestion.reach_m if plan else None,
        together=(len(plan.selected), round(plan.objective)) if plan else None,
        absence_unknown=suggestion.absence_unknown,
    )


def _service(suggestion: Suggestion) -> str:
    need = suggestion.figures.need
    return suggestion.kind.service or (need.removeprefix("gap:") if need.startswith("gap:") else "")


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
        "standard_m": figures.standard_m,
        "absence": "unknown" if suggestion.absence_unknown else "known",
        "volume_rule": kind.volume_rule,
        "assumptions": kind.note,
    }
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
