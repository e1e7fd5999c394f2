"""The comparison of two plans in words and rows: what is gained, what is lost, and what cannot be said."""

from __future__ import annotations

from typing import Any

from gisapp.web.planner.scenario_tried import shown
from gisapp.web.texts import Texts


def lead(plans: dict[str, Any], t: Texts) -> str:
    """One plain sentence: families of both plans for their rupiah, and how many come and go."""
    k, (before, after) = plans["k"], plans["plans"]
    said = t(
        "scenario_lead", before=shown(before["families"], k, t), after=shown(after["families"], k, t),
        cost_before=t.rupiah(before["cost_idr"]), cost_after=t.rupiah(after["cost_idr"]),
    )  # fmt: skip
    if plans["families"] is None:
        return f"{said} {t('scenario_other_snapshot')}"
    gained, lost = (shown(plans["families"][name], k, t) for name in ("gained", "lost"))
    return f"{said} {t('scenario_gained_lost', gained=gained, lost=lost)}"


def facts(plans: dict[str, Any], t: Texts) -> list[dict[str, Any]]:
    """Rows of the table of totals: a title and a value for each plan, or one for both."""
    k, both = plans["k"], plans["plans"]
    rows = [
        _row(t, "scenario_budget", [_budget(one, t) for one in both]),
        _row(t, "scenario_deciles", [", ".join(map(str, one["poor_deciles"])) for one in both]),
        _row(t, "scenario_cost", [t.rupiah(one["cost_idr"]) for one in both]),
        _row(t, "scenario_suggestions", [t.number(one["suggestions"]) for one in both]),
        _row(t, "column_reached", [shown(one["families"], k, t) for one in both]),
        _row(t, "scenario_poor_reached", [shown(one["poor_families"], k, t) for one in both]),
    ]
    if plans["families"] is not None:
        common = shown(plans["families"]["both"], k, t)
        rows.append(_row(t, "scenario_both", [common, common]))
        only = [shown(plans["families"][name], k, t) for name in ("lost", "gained")]
        rows.append(_row(t, "scenario_only_here", only))
    return rows


def fairness_rows(plans: dict[str, Any], t: Texts) -> list[dict[str, Any]]:
    """Rows of the table of fairness between kecamatan."""
    found = plans["fairness"]
    return [
        _row(t, "scenario_share_range", [_range(one, t) for one in found]),
        _row(t, "scenario_spread", [_points(one["spread"], t) for one in found]),
        _row(t, "scenario_gini", [t.number(one["gini"], 2) for one in found]),
        _row(t, "scenario_kecamatan_told", [_told(one, t) for one in found]),
    ]


def site_rows(sites: dict[str, Any], rows: list[dict[str, dict[str, Any]]], t: Texts) -> list[dict[str, Any]]:
    """Suggestions of both plans: in both, only in the first, only in the second; each by strategy and title."""
    shared = [
        _site(rows[1][after], t, "both", t("scenario_apart", metres=t.number(metres)) if metres else "")
        for _, after, metres in sites["shared"]
    ]
    alone = [
        _site(rows[at][one], t, where)
        for at, where, name in ((0, "a", "only_before"), (1, "b", "only_after"))
        for one in sites[name]
    ]
    order = {"a": 0, "b": 1, "both": 2}
    return sorted([*alone, *shared], key=lambda one: (order[one["where"]], one["strategy"], one["title"], one["id"]))


def _site(row: dict[str, Any], t: Texts, where: str, apart: str = "") -> dict[str, Any]:
    return {
        "id": row["intervention_id"], "where": where, "where_title": t(f"scenario_in_{where}"), "apart": apart,
        "title": row["title"], "pocket": row["label"], "strategy": row["strategy"], "place": row["location_label"],
        "families": t.number(row["families"]), "cost": t.rupiah(row["cost_idr"]),
    }  # fmt: skip


def _row(t: Texts, key: str, values: list[str]) -> dict[str, Any]:
    return {"key": key, "title": t(key), "values": values}


def _budget(one: dict[str, Any], t: Texts) -> str:
    return t("scenario_no_budget") if one["budget_idr"] is None else t.rupiah(one["budget_idr"])


def _range(one: dict[str, Any], t: Texts) -> str:
    return t.range(one["least"], one["greatest"])


def _points(value: float | None, t: Texts) -> str:
    return "–" if value is None else t("scenario_points", n=t.number(100 * value, 1))


def _told(one: dict[str, Any], t: Texts) -> str:
    return t("scenario_kecamatan_of", shown=one["groups"], hidden=one["withheld"])
