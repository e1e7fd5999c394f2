"""Suggestions beside each other: ranks within a kind, what would change them, and how weights matter.

Strategies are never ranked against each other: ranks are within a kind, probabilities within a strategy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np
import pandas as pd

from gisapp.analysis.suggesting.costs import CostRules, PerFamily
from gisapp.analysis.suggesting.order import OrderChange, order_changes
from gisapp.analysis.suggesting.ranks import RankChange, rank_within, smallest_change
from gisapp.analysis.suggesting.suggestion import Suggestion
from gisapp.analysis.suggesting.weights import Weighing, first_probability
from gisapp.analysis.suggesting.words import if_fewer_or_more_lacked, if_one_number_changed
from gisapp.errors import InvalidInputError


def compare(
    found: Sequence[Suggestion],
    pockets: Sequence[str],
    *,
    rules: CostRules,
    weighing: Weighing,
    seed: int,
    least: int = 1,
) -> pd.DataFrame:
    """Ranks, probabilities and counterfactual of each suggestion, in the order given.

    ``rank_in_kind`` (by rupiah per family) with its range and ``of_kind``; ``first_probability`` of being among the
    first of its strategy and ``leading_probability`` of being the very first, each with its ``…_error``;
    ``counterfactual_id`` and ``counterfactual_en``. ``pockets`` names the pocket of each. A suggestion of fewer than
    ``least`` families takes no part: who may not see its count could otherwise read it off the others.

    The price is the same for all of a kind, so that only the count of families widens the range of a rank.
    """
    if least < 1:
        raise InvalidInputError(
            f"least is {least}: give 1 or more families.", f"least bernilai {least}: isi 1 keluarga atau lebih."
        )
    each = [one.per_family(rules) if one.families >= least else None for one in found]
    kinds = [one.kind.kind for one in found]
    ranks = rank_within(
        [np.nan if cost is None else cost.value for cost in each],
        [np.nan if cost is None else cost.by_count[0] for cost in each],
        [np.nan if cost is None else cost.by_count[1] for cost in each],
        by=kinds,
    ).rename(
        columns={
            "rank": "rank_in_kind",
            "rank_lower": "rank_in_kind_lower",
            "rank_upper": "rank_in_kind_upper",
            "of": "of_kind",
        }
    )
    likely = _probabilities(found, each, weighing, seed)
    places = _places(found, pockets, least)
    said = [_counterfactual(found, each, ranks, row, rules, places[row]) for row in range(len(found))]
    words = pd.DataFrame(said, columns=["counterfactual_id", "counterfactual_en"], dtype=object)
    return pd.concat([ranks, likely, words], axis=1)


def _probabilities(
    found: Sequence[Suggestion], each: Sequence[PerFamily | None], weighing: Weighing, seed: int
) -> pd.DataFrame:
    criteria, strategies = _criteria(found, each), _strategies(found, each)
    parts = []
    for name, rule in (("first", weighing), ("leading", replace(weighing, first=1))):
        part = first_probability(criteria, by=strategies, weighing=rule, seed=seed)
        parts.append(part.set_axis([f"{name}_probability", f"{name}_error"], axis=1))
    return pd.concat(parts, axis=1)


def _places(found: Sequence[Suggestion], pockets: Sequence[str], least: int) -> list[OrderChange | None]:
    """Change of place of each need within its pocket; suggestions of a pocket stand together."""
    changes: list[OrderChange | None] = []
    for _, part in groupby(zip(pockets, found, strict=True), key=lambda pair: pair[0]):
        changes += order_changes([one for _, one in part], least=least)
    return changes


def _criteria(found: Sequence[Suggestion], each: Sequence[PerFamily | None]) -> pd.DataFrame:
    def known(value: float | None) -> float:
        return np.nan if value is None else float(value)

    return pd.DataFrame(
        {
            "families": [float(one.families) for one in found],
            "families_per_idr": [np.nan if cost is None or not cost.value else 1 / cost.value for cost in each],
            "decile_1_share": [known(one.decile_1_share) for one in found],
            "excess": [known(one.excess) for one in found],
        }
    )


def _strategies(found: Sequence[Suggestion], each: Sequence[PerFamily | None]) -> list[float]:
    return [np.nan if cost is None else float(one.kind.strategy) for one, cost in zip(found, each, strict=True)]


def _counterfactual(
    found: Sequence[Suggestion],
    each: Sequence[PerFamily | None],
    ranks: pd.DataFrame,
    row: int,
    rules: CostRules,
    place: OrderChange | None,
) -> tuple[str, str]:
    cost = each[row]
    if cost is None:
        return "", ""
    change = _change(found, each, row, cost, rules)
    kind = if_one_number_changed(int(ranks["rank_in_kind"].iloc[row]), int(ranks["of_kind"].iloc[row]), change)
    here = if_fewer_or_more_lacked(place)
    return f"{kind[0]} {here[0]}".strip(), f"{kind[1]} {here[1]}".strip()


def _change(
    found: Sequence[Suggestion], each: Sequence[PerFamily | None], row: int, cost: PerFamily, rules: CostRules
) -> RankChange | None:
    one = found[row]
    alike = [
        (at, other.value) for at, other in enumerate(each) if other is not None and found[at].kind.kind == one.kind.kind
    ]
    if not cost.value or any(not value for _, value in alike):
        return None
    follows = one.kind.volume_rule == "per_family"  # then rupiah per family do not depend on the count
    return smallest_change(
        [at for at, _ in alike].index(row),
        [value for _, value in alike],
        families=one.families,
        most_families=one.families if follows else max(one.figures.asked, one.families),
        unit_cost_idr=one.price_idr,
        value_at=lambda families: one.per_family_at(families, rules),
    )
