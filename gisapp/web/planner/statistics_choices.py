"""How far the answer hangs on choices: the areas that were drawn, the cutoff and the weights of deprivation."""

from __future__ import annotations

from typing import Any

from gisapp.release.robustness import deprivation_order
from gisapp.web.planner.figure_tables import Cell, Head, Row, Table, figure
from gisapp.web.source import District
from gisapp.web.texts import Texts, catalogue


def units(district: District, t: Texts) -> Table | None:
    """Pockets found again on grids of other sizes and shifts; None where the run tried none."""
    grids = district.run.manifest.get("tests", {}).get("grid_support") or []
    if not grids:
        return None
    heads = (Head(title=t("units_cells")), Head(title=t("units_pockets")), Head(title=t("units_overlap")))
    rows = tuple(
        Row(
            name=_grid_name(grid, t),
            cells=(_number(grid, "cells", t), _number(grid, "pockets", t), _share(grid, "overlap", t)),
        )
        for grid in grids
    )
    return Table(caption=t("statistics_units"), first=t("units_grid"), heads=heads, rows=rows)


def _grid_name(grid: dict[str, Any], t: Texts) -> str:
    shape = str(grid.get("shape", ""))
    word = t(f"units_{shape}") if f"units_{shape}" in catalogue() else shape
    shifts = " · ".join(t.number(figure(grid, name), 2) for name in ("shift_x", "shift_y"))
    return f"{word} {t.distance(figure(grid, 'size_m'))}, {t('units_shift')} {shifts}"


def order(district: District, t: Texts) -> dict[str, Any] | None:
    """How far the order of the desa by M0 hangs on cutoff and weights; None where the run does not say."""
    facts = deprivation_order(district.workspace, district.run, audience=district.audience)
    if not facts:
        return None
    heads = tuple(Head(title=t(f"order_{name}")) for name in ("headcount", "m0", "kendall", "first_kept"))
    rows = []
    for one in facts["cutoffs"]:
        chosen = abs(one["cutoff"] - facts["cutoff"]) < 1e-9
        name = t.percent(one["cutoff"], 0) + (f" ({t('order_chosen')})" if chosen else "")
        cells = (
            _share(one, "headcount_ratio", t), _number(one, "adjusted_headcount", t, 3), _number(one, "kendall", t, 2),
            _share(one, "first_kept", t, 0),
        )  # fmt: skip
        rows.append(Row(name=name, cells=cells))
    weights = facts.get("weights") or {}
    words = {
        "sets": t.number(weights.get("sets")), "first": t.number(facts.get("first")),
        "median": t.number(weights.get("kendall_median"), 2), "low": t.number(weights.get("kendall_low"), 2),
        "kept": t.percent(weights.get("first_kept_median"), 0),
        "kept_low": t.percent(weights.get("first_kept_low"), 0), "pairs": t.percent(facts.get("robust_pairs"), 0),
    }  # fmt: skip
    table = Table(caption=t("statistics_order"), first=t("order_cutoff"), heads=heads, rows=tuple(rows))
    return {"table": table, "weights": t("order_weights", **words) if weights else ""}


def _number(row: dict[str, Any], column: str, t: Texts, digits: int = 0) -> Cell:
    return Cell(text=t.number(figure(row, column), digits), sort=figure(row, column))


def _share(row: dict[str, Any], column: str, t: Texts, digits: int = 1) -> Cell:
    return Cell(text=t.percent(figure(row, column), digits), sort=figure(row, column))
