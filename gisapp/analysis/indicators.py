"""The registry of indicators: what may be mapped or compared, in which unit, and which way is worse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gisapp.columns import CAPACITY_SERVICES, DEPRIVATIONS, SERVICES, TIMED_SERVICES, columns_of
from gisapp.errors import InvalidInputError

Direction = Literal["higher_is_worse", "lower_is_worse", "neither"]
Basis = Literal["model", "sample", "none"]


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One indicator of an area.

    ``column`` stands in the collection ``areas``; ``basis`` says what a range printed beside it means:
    ``model`` (registry is complete; the range is that of a model of repeated outcomes), ``sample`` (a survey
    estimate), ``none`` (no range).
    """

    name: str
    column: str
    kind: str
    unit: str
    title_id: str
    title_en: str
    direction: Direction
    basis: Basis
    from_families: bool


_WORSE_HIGH: tuple[tuple[str, Basis], ...] = (
    ("headcount_ratio", "model"),
    ("poor_families", "none"),
    ("poor_persons", "none"),
    ("headcount_smoothed", "model"),
    ("density", "none"),
    ("multidimensional_headcount", "none"),
    ("adjusted_headcount", "none"),
    *((f"deprived_share_{name}", "none") for name in DEPRIVATIONS),
    *((f"distance_m_{name}", "none") for name in SERVICES),
    *((f"travel_time_min_{name}", "none") for name in TIMED_SERVICES),
    *((f"beyond_minutes_share_{name}", "none") for name in TIMED_SERVICES),
    ("gi_star_z", "none"),
    ("excess_z", "none"),
    ("share_unknown", "none"),
)
_OTHERS: tuple[tuple[str, Direction, Basis], ...] = (
    *((f"places_per_1000_{name}", "lower_is_worse", "none") for name in CAPACITY_SERVICES),
    ("coverage", "lower_is_worse", "none"),
    ("headcount_reliability", "lower_is_worse", "none"),
    ("coverage_gap", "neither", "model"),
    ("registration_z", "lower_is_worse", "none"),
    ("visits_suggested", "neither", "none"),
    ("families", "neither", "none"),
)


def _indicator(name: str, direction: Direction, basis: Basis) -> Indicator:
    column = columns_of("areas")[name]
    return Indicator(
        name=name,
        column=name,
        kind=column.kind,
        unit=column.unit,
        title_id=column.id,
        title_en=column.en,
        direction=direction,
        basis=basis,
        from_families=column.from_families,
    )


#: Every indicator by name, in the order in which a menu lists them.
INDICATORS: dict[str, Indicator] = {
    **{name: _indicator(name, "higher_is_worse", basis) for name, basis in _WORSE_HIGH},
    **{name: _indicator(name, direction, basis) for name, direction, basis in _OTHERS},
}


def indicator(name: str) -> Indicator:
    """Look an indicator up by name; raises ``InvalidInputError`` when there is none."""
    if name not in INDICATORS:
        names = ", ".join(INDICATORS)
        raise InvalidInputError(
            f"There is no indicator `{name}`; choose one of {names}.",
            f"Tidak ada indikator `{name}`; pilih salah satu dari {names}.",
        )
    return INDICATORS[name]
