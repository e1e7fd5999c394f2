"""Order of the suggestions of one kind by rupiah per family, and the one number that would change it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.errors import InvalidInputError

Floats = npt.NDArray[np.float64]

#: Values closer than this share of each other are equal: a rupiah of rounding is no difference.
EQUAL = 1e-4
#: A change of the count is preferred to one of the price that is at least this much of it (gisapp, 2026-11-23).
NEARLY = 0.8


def rank_within(value: Any, lower: Any, upper: Any, *, by: Any) -> pd.DataFrame:
    """Rank of each row among those of its group: ``rank``, ``rank_lower``, ``rank_upper``, ``of`` (nullable integers).

    Smallest value first; equal values share the best rank. ``rank_lower`` is the best rank that the ranges allow (one
    more than the rows that lie wholly below), ``rank_upper`` the last. A row without value has no rank and is not
    counted.

    Raises
    ------
    InvalidInputError
        Lists of different length, a range that does not hold its value, naming the row.
    """
    frame = pd.DataFrame({"value": value, "lower": lower, "upper": upper, "by": by}).astype(
        {"value": float, "lower": float, "upper": float}
    )
    _check_ranges(frame)
    ranks = pd.DataFrame(pd.NA, index=frame.index, columns=["rank", "rank_lower", "rank_upper", "of"], dtype="Int64")
    for _, group in frame.dropna(subset=["value"]).groupby("by", sort=False):
        values, low, high = (group[name].to_numpy() for name in ("value", "lower", "upper"))
        ranks.loc[group.index, "rank"] = _place(values)
        ranks.loc[group.index, "rank_lower"] = 1 + (high[None, :] < low[:, None] * (1 - EQUAL)).sum(axis=1)
        ranks.loc[group.index, "rank_upper"] = len(group) - (low[None, :] > high[:, None] * (1 + EQUAL)).sum(axis=1)
        ranks.loc[group.index, "of"] = len(group)
    return ranks


@dataclass(frozen=True, kw_only=True)
class RankChange:
    """The smallest change of one number that changes a rank.

    ``number`` is families or unit_cost_idr; ``now`` and ``then`` are its values, ``rank_then`` the rank that follows.
    """

    number: Literal["families", "unit_cost_idr"]
    now: float
    then: float
    rank_then: int


def smallest_change(
    position: int,
    values: Sequence[float],
    *,
    families: int,
    most_families: int,
    unit_cost_idr: float,
    value_at: Callable[[int], float],
) -> RankChange | None:
    """What would move row ``position`` up within its kind; where it stands first, what would take that from it.

    ``values`` are rupiah per family of the kind, ``value_at(n)`` this row's with n families (at most
    ``most_families``: those who are asked). Rupiah per family are proportional to the unit price. Of both numbers the
    one whose ratio to the present is nearer to 1 is returned, the count where both are about as near (``NEARLY``: the
    price is that of the whole kind); None where no other value differs.

    Raises
    ------
    InvalidInputError
        A position outside the list, a value, a count or a price that is not above 0.
    """
    others = np.asarray(values, dtype=float)
    _check_change(position, others, families, unit_cost_idr)
    own = others[position]
    rest = np.delete(others, position)
    better, worse = rest[rest < own * (1 - EQUAL)], rest[rest > own * (1 + EQUAL)]
    if len(better):
        wanted, rising = float(better.max()), True
    elif len(worse):
        wanted, rising = float(worse.min()), False
    else:
        return None
    found = [
        _by_families(rest, wanted, rising, families, most_families, value_at),
        _by_price(own, rest, wanted, rising, unit_cost_idr),
    ]
    changes = [change for change in found if change is not None]
    return min(changes, key=_size, default=None)


def _size(change: RankChange) -> float:
    return float(abs(np.log(change.then / change.now))) * (NEARLY if change.number == "families" else 1.0)


def _by_families(
    rest: Floats,
    wanted: float,
    rising: bool,
    families: int,
    most: int,
    value_at: Callable[[int], float],
) -> RankChange | None:
    for count in range(families + 1, most + 1) if rising else range(families - 1, 0, -1):
        value = value_at(count)
        if (value < wanted * (1 - EQUAL)) if rising else (value > wanted * (1 + EQUAL)):
            rank = 1 + int((rest < value * (1 - EQUAL)).sum())
            return RankChange(number="families", now=families, then=count, rank_then=rank)
    return None


def _by_price(own: float, rest: Floats, wanted: float, rising: bool, price: float) -> RankChange | None:
    """Return the first whole rupiah beyond the price at which both would be equal."""
    edge = price * wanted / own
    then = np.ceil(edge * (1 - 2 * EQUAL)) - 1 if rising else np.floor(edge * (1 + 2 * EQUAL)) + 1
    if then <= 0:
        return None
    rank = 1 + int((rest < own * then / price * (1 - EQUAL)).sum())
    return RankChange(number="unit_cost_idr", now=price, then=float(then), rank_then=rank)


def _place(values: Floats) -> npt.NDArray[np.int64]:
    return np.asarray(1 + (values[None, :] < values[:, None] * (1 - EQUAL)).sum(axis=1), dtype=np.int64)


def _check_ranges(frame: pd.DataFrame) -> None:
    known = frame.dropna(subset=["value"])
    slack = 1e-9 * known["value"].abs()
    holds = (known["lower"] <= known["value"] + slack) & (known["value"] <= known["upper"] + slack)
    wrong = known.index[~holds | ~np.isfinite(known["value"]) | (known["value"] < 0)]
    if len(wrong):
        row = known.loc[wrong[0]]
        raise InvalidInputError(
            f"rank_within: row {wrong[0]}: {row['value']} is not within {row['lower']} to {row['upper']}.",
            f"rank_within: baris {wrong[0]}: {row['value']} tidak di antara {row['lower']} dan {row['upper']}.",
        )


def _check_change(position: int, values: Floats, families: int, price: float) -> None:
    if not 0 <= position < len(values):
        raise InvalidInputError(
            f"position is {position}: there are {len(values)} values.",
            f"position bernilai {position}: hanya ada {len(values)} nilai.",
        )
    wrong = np.flatnonzero(~(np.isfinite(values) & (values > 0)))
    if len(wrong):
        raise InvalidInputError(
            f"values: row {wrong[0]} is {values[wrong[0]]}; give rupiah above 0.",
            f"values: baris {wrong[0]} bernilai {values[wrong[0]]}; isi rupiah di atas 0.",
        )
    if not (families > 0 and price > 0):
        raise InvalidInputError(
            f"families {families} and unit_cost_idr {price} must be above 0.",
            f"families {families} dan unit_cost_idr {price} harus di atas 0.",
        )
