"""How far a need is from another place in the order of its pocket's needs: the count of families that would change it.

The order is that of the excess (`suggesting.needs`): Cohen's h against the district over the spread between desa.
Solved backwards: the share p at which a need reaches another's excess e is sin²((2 asin √q + e s) / 2), with the
district's share q and the spread s held as they are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from gisapp.analysis.suggesting.needs import CLEARLY, OPTIONAL
from gisapp.analysis.suggesting.suggestion import Suggestion
from gisapp.columns import DEPRIVATIONS


@dataclass(frozen=True, kw_only=True)
class OrderChange:
    """A need in place ``place`` (from 1) of its pocket would stand in ``place_then`` with ``then`` families lacking."""

    place: int
    place_then: int
    now: int
    then: int


def order_changes(found: Sequence[Suggestion], *, least: int = 1) -> list[OrderChange | None]:
    """Smallest change of families lacking that changes the place of each suggestion's need, in the order given.

    ``found`` are the suggestions of one pocket in their sequence. None for needs without an excess, for fewer than
    ``least`` families, for a pocket with one such need, and where no number of the families asked would do. A cause
    that goes before what follows from it loses the first place where it is no longer clearly farther than in the
    district (`needs.CLEARLY`); what stands behind it is told nothing.
    """
    first: dict[str, Suggestion] = {}
    for one in found:
        if _ordered(one) and one.families >= least:
            first.setdefault(one.figures.need, one)
    order = sorted(first.values(), key=lambda one: -_excess(one))
    if not order:
        return [None] * len(found)
    changes = {one.figures.need: _change(order, at) for at, one in enumerate(order)}
    leading = next(iter(first.values()))
    if leading is not order[0]:
        rest = [one for one in order if one is not leading]
        changes = {one.figures.need: _change([leading, *rest], at) for at, one in enumerate([leading, *rest]) if at > 1}
        changes[leading.figures.need] = _no_longer_clear(leading)
    return [changes.get(one.figures.need) if first.get(one.figures.need) is not None else None for one in found]


def _ordered(one: Suggestion) -> bool:
    """Whether the need is one of those that a pocket's suggestions are ordered by."""
    need = one.figures.need
    known = need in DEPRIVATIONS or need in OPTIONAL or need.startswith("gap:")
    return known and one.excess is not None and one.figures.district_share is not None


def _change(order: Sequence[Suggestion], at: int) -> OrderChange | None:
    """For the first, how few would let the second pass; for the others, how many would pass the one before."""
    if len(order) < 2:
        return None
    one, other = order[at], order[at - 1] if at else order[1]
    share = share_at(one, _excess(other))
    if share is None:
        return None
    asked, lacking = one.figures.asked, one.figures.lacking
    then = math.floor(share * asked) + 1 if at else math.ceil(share * asked) - 1
    if not 0 <= then <= asked or then == lacking:
        return None
    return OrderChange(place=at + 1, place_then=at if at else 2, now=lacking, then=then)


def _no_longer_clear(one: Suggestion) -> OrderChange | None:
    district = 2 * math.asin(math.sqrt(one.figures.district_share or 0.0))
    then = math.ceil(math.sin(min(math.pi, district + CLEARLY) / 2) ** 2 * one.figures.asked) - 1
    if not 0 <= then < one.figures.lacking:
        return None
    return OrderChange(place=1, place_then=2, now=one.figures.lacking, then=then)


def share_at(suggestion: Suggestion, excess: float) -> float | None:
    """Share of the families asked at which this need would have that excess; None where none does."""
    figures, own = suggestion.figures, _excess(suggestion)
    if figures.district_share is None or abs(own) < 1e-9:
        return None
    district = 2 * math.asin(math.sqrt(figures.district_share))
    spread = (2 * math.asin(math.sqrt(figures.share)) - district) / own
    scale = district + excess * spread
    return math.sin(scale / 2) ** 2 if 0 <= scale <= math.pi else None


def _excess(suggestion: Suggestion) -> float:
    return 0.0 if suggestion.excess is None else float(suggestion.excess)
