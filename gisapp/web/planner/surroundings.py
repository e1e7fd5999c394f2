"""The kecamatan that a pocket lies in, a second yardstick beside the district: made from released rows only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gisapp.columns import DEPRIVATIONS
from gisapp.web.planner.figure_tables import figure
from gisapp.web.source import District

#: Columns that are averaged as they are; parts of M0 are averaged by M0.
_SHARES = ("headcount_ratio", *(f"deprived_share_{name}" for name in DEPRIVATIONS))
_PARTS = tuple(f"contribution_{name}" for name in DEPRIVATIONS)


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """Names of the kecamatan, and their shares (0..1) by column; no value where one of them is not known."""

    names: tuple[str, ...]
    values: dict[str, float]
    withheld: bool


def surroundings(district: District, members: list[dict[str, Any]]) -> Surroundings | None:
    """Shares of the kecamatan of a pocket's member desa, weighted by the registered families of those desa.

    None where the run has no kecamatan; ``withheld`` where one of them, or a member, is withheld.
    """
    if "kecamatan" not in district.levels or not members:
        return None
    known = {str(row["code"]): row for row in district.areas("kecamatan").drop(columns="geometry").to_dict("records")}
    weights: dict[str, float] = {}
    for row in members:
        code = str(row.get("parent_code"))
        weights[code] = weights.get(code, 0.0) + (figure(row, "families") or 0.0)
    if not set(weights) <= set(known):
        return None
    rows = [(weights[code], known[code]) for code in sorted(weights)]
    names = tuple(str(row["name"]) for _, row in rows)
    if any(row.get("status") == "suppressed" for row in (*members, *(row for _, row in rows))):
        return Surroundings(names=names, values={}, withheld=True)
    by_m0 = [(weight * (figure(row, "adjusted_headcount") or 0.0), row) for weight, row in rows]
    found = {name: _mean(rows, name) for name in _SHARES} | {name: _mean(by_m0, name) for name in _PARTS}
    if len({row.get("headcount_basis") for _, row in rows}) > 1:  # shares of the population and of families do not mix
        found["headcount_ratio"] = None
    values = {name: value for name, value in found.items() if value is not None}
    return Surroundings(names=names, values=values, withheld=False)


def _mean(rows: list[tuple[float, dict[str, Any]]], column: str) -> float | None:
    """Weighted mean of a column; None without weight, or where a value that counts is not known."""
    counted = [(weight, figure(row, column)) for weight, row in rows if weight > 0]
    if not counted or any(value is None for _, value in counted):
        return None
    total: float = sum(weight * (value or 0.0) for weight, value in counted)
    return total / sum(weight for weight, _ in counted)
