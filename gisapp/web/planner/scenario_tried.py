"""What a budget buys: the answer to a slider, from the sealed run alone; nothing is stored."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Any

from gisapp.targeting.plans import Plan
from gisapp.targeting.plans_weights import criteria_of, weighted_standing
from gisapp.web.planner.scenario_asked import MILLION, Asked, asked_for, usual
from gisapp.web.planner.scenario_sides import Side
from gisapp.web.texts import Texts
from gisapp.web.updates.time import today
from gisapp.workspace.scenario_text import tried_text

#: Plans that are kept; somebody who slides back and forth asks for the same ones.
KEPT = 256
_plans: OrderedDict[tuple[Side, int], Plan] = OrderedDict()
_one_at_a_time = Lock()


def begin_of(side: Side) -> Asked:
    """What the page of a side begins with."""
    parameters: Mapping[str, Any] = side.district.run.manifest.get("parameters", {})
    return usual(parameters.get("suggestion_weights"), float(side.basis.cost_idr.sum()), parameters.get("budget_idr"))


def bought(side: Side, millions: int) -> Plan:
    """The plan of a budget; the solver uses a core, so others wait for theirs."""
    with _one_at_a_time:
        key = (side, millions)
        if key not in _plans:
            _plans[key] = side.basis.buy(float(millions * MILLION))
            while len(_plans) > KEPT:
                _plans.popitem(last=False)
        _plans.move_to_end(key)
        return _plans[key]


def answer(side: Side, address: Mapping[str, str], t: Texts) -> dict[str, Any]:
    """What the budget of an address buys, and how the suggestions stand at its importances.

    ``rows``: every suggestion that can be bought, by strategy and then by standing. ``address``: what differs from
    the run. ``toml``: a scenario that keeps it.
    """
    begin = begin_of(side)
    asked = asked_for(address, begin)
    plan = bought(side, asked.millions)
    figures = side.figures(plan)
    return {
        "run": side.district.run.run_id,
        "address": _address(asked, begin),
        "asked": {
            "millions": asked.millions,
            "budget": t.rupiah(asked.millions * MILLION),
            "weights": {
                name: {"importance": value, "share": t.percent(asked.weights[name], 0)}
                for name, value in asked.importance
            },
        },
        "sentence": _sentence(figures, asked, side.k, t),
        "proof": _proof(plan, side.k, t),
        "bought": [str(side.basis.suggestions["intervention_id"].iloc[row]) for row in plan.rows],
        "rows": _rows(side, plan, asked, t),
        "toml": _toml(side, asked, begin, t),
    }


def _sentence(figures: dict[str, Any], asked: Asked, k: int, t: Texts) -> str:
    if not figures["suggestions"]:
        return t("scenario_buys_nothing", budget=t.rupiah(asked.millions * MILLION))
    return t(
        "scenario_buys", budget=t.rupiah(asked.millions * MILLION), n=figures["suggestions"],
        families=shown(figures["families"], k, t), poor=shown(figures["poor_families"], k, t),
        cost=t.rupiah(figures["cost_idr"]),
    )  # fmt: skip


def _proof(plan: Plan, k: int, t: Texts) -> str:
    """Whether another plan for the same money could reach more."""
    if plan.status == "optimal":
        return t("scenario_optimal")
    more = int(plan.bound - plan.families)
    return t("scenario_not_proven", more=t.number((more // k + 1) * k))


def _rows(side: Side, plan: Plan, asked: Asked, t: Texts) -> list[dict[str, Any]]:
    frame = side.basis.suggestions
    score = weighted_standing(criteria_of(side.basis), frame["strategy"], asked.weights)
    written, inside = side.rows(t), set(plan.rows)
    order = sorted(range(len(frame)), key=lambda at: (int(frame["strategy"].iloc[at]), -score.iloc[at], at))
    rows = []
    for at in order:
        row = written[str(frame["intervention_id"].iloc[at])]
        rows.append({
            "id": row["intervention_id"], "title": row["title"], "pocket": row["label"], "strategy": row["strategy"],
            "strategy_title": t(f"strategy_{row['strategy']}"), "families": t.number(row["families"]),
            "cost": t.rupiah(row["cost_idr"]), "standing": t.number(100 * score.iloc[at]), "bought": at in inside,
        })  # fmt: skip
    return rows


def _address(asked: Asked, begin: Asked) -> dict[str, str]:
    found = {} if asked.millions == begin.millions else {"budget": str(asked.millions)}
    if asked.importance != begin.importance:
        found |= {f"w_{name}": str(value) for name, value in asked.importance}
    return found


def _toml(side: Side, asked: Asked, begin: Asked, t: Texts) -> str:
    """A scenario that keeps what was tried; empty where nothing was."""
    if asked == begin:
        return ""
    changed = asked.importance != begin.importance
    budget, day = float(asked.millions * MILLION), today(side.district.workspace.settings.kode)
    return tried_text(
        title=t("scenario_tried_title", budget=t.rupiah(budget)), today=day.isoformat(), budget_idr=budget,
        thresholds={"suggestion_weights": asked.weights} if changed else {},
    )  # fmt: skip


def shown(count: int | None, k: int, t: Texts) -> str:
    """A count of families as it is told: below k without a number."""
    return t("scenario_few", k=k) if count is None else t.number(count)
