"""What a suggestion costs: volume × unit price × region factor, then design, supervision and tax; upkeep apart.

Works W = volume × unit price × region factor (1 where the price is the same everywhere); design and supervision are
shares of W; value added tax is paid on all three. Every part is rounded to the rupiah, half upwards, as a spreadsheet
rounds it. Unit prices are before tax (AHSP: Permen PUPR 8/2023, overhead and profit inside, tax outside).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gisapp.analysis.small_numbers.intervals import wilson_interval
from gisapp.analysis.suggesting.kind import InterventionKind
from gisapp.errors import InvalidInputError

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class CostRules:
    """The district's factors on every price; each with where it was read and when.

    ``region_factor`` multiplies regional prices (above 0), ``tax_rate`` is value added tax (0..1), ``level`` that of
    the range of a count.
    """

    region_factor: float = 1.0
    region_source: str = "bawaan gisapp: tanpa penyesuaian (2026-11-22)"
    tax_rate: float = 0.11
    tax_source: str = "UU 7/2021 ps. 7 jo. PMK 131/2024: tarif efektif 11 % (2025-01-01)"
    level: float = 0.95

    def __post_init__(self) -> None:
        """Refuse what no price can be multiplied by."""
        if not (math.isfinite(self.region_factor) and self.region_factor > 0):
            raise InvalidInputError(
                f"region_factor is {self.region_factor}: give a number above 0.",
                f"region_factor bernilai {self.region_factor}: isi angka di atas 0.",
            )
        if not 0 <= self.tax_rate <= 1:
            raise InvalidInputError(
                f"tax_rate is {self.tax_rate}: give a share from 0 to 1.",
                f"tax_rate bernilai {self.tax_rate}: isi bagian dari 0 sampai 1.",
            )


@dataclass(frozen=True, kw_only=True)
class CostParts:
    """One cost in rupiah, part by part; ``maintenance_idr`` is a year's upkeep and not part of the total."""

    works_idr: float
    design_idr: float
    supervision_idr: float
    tax_idr: float
    maintenance_idr: float

    @property
    def total_idr(self) -> float:
        """Works, design, supervision and tax."""
        return self.works_idr + self.design_idr + self.supervision_idr + self.tax_idr


@dataclass(frozen=True, kw_only=True)
class PerFamily:
    """Rupiah per family with its range; ``by_count`` is the range from the count of families alone."""

    value: float
    lower: float
    upper: float
    by_count: tuple[float, float]


def volume_of(kind: InterventionKind, families: float, *, areas: int, road_km: float, link_m: float = 0.0) -> float:
    """Units of ``kind`` for that many families in that many desa, ``road_km`` from the road, over ``link_m``."""
    match kind.volume_rule:
        case "per_family":
            return float(families * (kind.volume_per_family or 1.0))
        case "per_area":
            return float(areas)
        case "road_km":
            return max(0.1, round(road_km, 1))
        case "link_m":
            return max(1.0, float(math.ceil(link_m)))
        case _:
            return float(math.ceil(families / kind.families_per_unit)) if kind.families_per_unit else 1.0


def cost_parts(
    kind: InterventionKind, volume: float, *, rules: CostRules, unit_cost_idr: float | None = None
) -> CostParts:
    """Cost of ``volume`` units of a kind; ``unit_cost_idr`` stands for the kind's own price where it is given.

    Raises InvalidInputError for a volume or a price that is negative or not a number.
    """
    price = kind.unit_cost_idr if unit_cost_idr is None else unit_cost_idr
    for name, value in (("volume", volume), ("unit_cost_idr", price)):
        if not (math.isfinite(value) and value >= 0):
            raise InvalidInputError(
                f"{kind.kind}: {name} is {value}; give a number of 0 or more.",
                f"{kind.kind}: {name} bernilai {value}; isi angka 0 atau lebih.",
            )
    works = _rupiah(volume * price * (rules.region_factor if kind.regional else 1.0))
    design, supervision = _rupiah(works * kind.design_share), _rupiah(works * kind.supervision_share)
    tax = _rupiah((works + design + supervision) * rules.tax_rate) if kind.taxed else 0.0
    return CostParts(
        works_idr=works,
        design_idr=design,
        supervision_idr=supervision,
        tax_idr=tax,
        maintenance_idr=_rupiah(works * kind.maintenance_share),
    )


def cost_per_family(
    kind: InterventionKind,
    families: int,
    asked: int,
    *,
    volume_at: Callable[[float], float],
    rules: CostRules,
    unit_cost_idr: float | None = None,
) -> PerFamily | None:
    """Rupiah per family and its range; None where nobody is reached.

    The count is ``families`` of ``asked`` and moves within Wilson's (1927) score interval of that share; the volume
    follows it (``volume_at``). The price moves within the kind's dated range. The range of rupiah per family spans all
    of these ends: no probability is claimed for it.
    """
    if families <= 0:
        return None
    ends = wilson_interval([families], [max(asked, families)], level=rules.level).to_numpy()[0] * max(asked, families)
    counts = [max(1.0, float(ends[0])), float(families), float(ends[1])]
    price = kind.unit_cost_idr if unit_cost_idr is None else unit_cost_idr
    low, high = kind.unit_cost_low_idr / kind.unit_cost_idr, kind.unit_cost_high_idr / kind.unit_cost_idr
    at = np.array([_per_family(kind, count, volume_at, rules, price) for count in counts])
    return PerFamily(
        value=float(at[1]),
        lower=float(at.min()) * low,
        upper=float(at.max()) * high,
        by_count=(float(at.min()), float(at.max())),
    )


def _per_family(
    kind: InterventionKind, count: float, volume_at: Callable[[float], float], rules: CostRules, price: float
) -> float:
    return cost_parts(kind, volume_at(count), rules=rules, unit_cost_idr=price).total_idr / count


def _rupiah(value: float) -> float:
    return math.floor(value + 0.5)
