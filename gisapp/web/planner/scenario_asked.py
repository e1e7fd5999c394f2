"""What somebody wants to try of a plan, as it stands in the address: a budget in million rupiah and importances."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gisapp.analysis.suggesting.weights import CRITERIA
from gisapp.errors import InvalidParameterError

MILLION = 1_000_000
#: Importances are whole numbers from 1, since gisapp.toml takes no weight of 0, up to this.
MOST_IMPORTANT = 10
#: The most important criterion of the run stands in the middle, so that each can be moved either way.
_MIDDLE = 5
#: So many steps has the slider of the budget; they grow, since what is cheap reaches most for its money.
STEPS = 120
_MOST_MILLIONS = 10_000_000
_KNOWN = {"run", "lang", "budget", *(f"w_{name}" for name in CRITERIA)}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Budget in whole million rupiah, and how important each criterion is, 1 to ``MOST_IMPORTANT``."""

    millions: int
    importance: tuple[tuple[str, int], ...]

    @property
    def weights(self) -> dict[str, float]:
        """Importances as weights that sum to 1."""
        total = sum(value for _, value in self.importance)
        return {name: value / total for name, value in self.importance}


def usual(weights: Mapping[str, float] | None, total_idr: float, budget_idr: float | None) -> Asked:
    """What the page begins with: the budget of the run, else what everything costs; the importances of the run."""
    given = weights or dict.fromkeys(CRITERIA, 1.0)
    largest = max(given.values())
    importance = tuple((name, max(1, round(_MIDDLE * given[name] / largest))) for name in CRITERIA)
    rupiah = total_idr if budget_idr is None else budget_idr
    return Asked(millions=min(_MOST_MILLIONS, math.ceil(rupiah / MILLION)), importance=importance)


def asked_for(address: Mapping[str, str], begin: Asked) -> Asked:
    """Budget and importances of an address; what it does not name is as the page begins.

    Raises InvalidParameterError with the sentence that the page shows.
    """
    unknown = sorted(set(address) - _KNOWN)
    if unknown:
        names = ", ".join(unknown)[:80]
        raise InvalidParameterError(f"Unknown: {names}.", f"Tidak dikenal: {names}.")
    millions = _whole(address, "budget", (0, _MOST_MILLIONS), begin.millions)
    ends = (1, MOST_IMPORTANT)
    importance = tuple((name, _whole(address, f"w_{name}", ends, value)) for name, value in begin.importance)
    return Asked(millions=millions, importance=importance)


def stops(total_idr: float, millions: int) -> list[int]:
    """Budgets of the slider in million rupiah, rising: 0, two digits each, what everything costs, and the run's own."""
    total = max(1, math.ceil(total_idr / MILLION))
    found = {0, total, millions}
    found |= {_two_digits(total * (step / STEPS) ** 2) for step in range(1, STEPS)}
    return sorted(stop for stop in found if stop <= max(total, millions))


def _two_digits(value: float) -> int:
    size: float = 10.0 ** max(0, math.floor(math.log10(max(value, 1.0))) - 1)
    return int(round(value / size) * size)


def _whole(address: Mapping[str, str], name: str, ends: tuple[int, int], otherwise: int) -> int:
    text: Any = address.get(name)
    if text is None:
        return otherwise
    least, most = ends
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most):
        raise InvalidParameterError(
            f"{name} is a whole number from {least} to {most}.",
            f"{name} adalah bilangan bulat {least} sampai {most}.",
        )
    return int(text)
