"""Which kind: share against number, the 4 × 4 matrix of share and density, level against change."""

from __future__ import annotations

from typing import Any

import pandas as pd

from gisapp.analysis.klassen import TYPES
from gisapp.analysis.matrix import CLASSES, PRIORITIES
from gisapp.analysis.quadrants import QUADRANTS
from gisapp.errors import NotFoundError
from gisapp.release.collections import disclosed
from gisapp.targeting.runs import load_run
from gisapp.web.planner.figure_tables import Cell, Head, figure, table_of, text
from gisapp.web.planner.plots import PHONE, Scale, labelled, scale
from gisapp.web.planner.statistics_ranges import number_column, share_column, text_column
from gisapp.web.source import District
from gisapp.web.texts import Texts

#: So many desa are named in one cell of the matrix; the table has all.
NAMED_IN_CELL = 4
#: So many points of a scatter are tried for a label, the largest first.
NAMED_POINTS = 30


def _points(rows: list[dict[str, Any]], x: str, y: str, axes: tuple[Scale, Scale], order: str) -> list[dict[str, Any]]:
    """Points of a scatter in percent, y from the top; the most important by ``order`` are named where there is room."""
    ordered = sorted(rows, key=lambda row: (-(figure(row, order) or 0.0), str(row["code"])))
    placed = [(axes[0].at(figure(row, x) or 0.0), 100 - axes[1].at(figure(row, y) or 0.0)) for row in ordered]
    texts = [(*at, str(row["name"])) for at, row in zip(placed[:NAMED_POINTS], ordered, strict=False)]
    named = [_sizes(*fits) for fits in zip(labelled(texts), labelled(texts, size=PHONE), strict=True)]
    return [
        {"x": at[0], "y": at[1], "name": row["name"], "named": named[place] if place < len(named) else "", "row": row}
        for place, (at, row) in enumerate(zip(placed, ordered, strict=True))
    ]


def _sizes(desk: bool, phone: bool) -> str:
    """Classes of a label: on which screens it has room; empty for none."""
    return " ".join(name for name, fits in (("on-desk", desk), ("on-phone", phone)) if fits)


def quadrants(district: District, rows: list[dict[str, Any]], t: Texts) -> dict[str, Any]:
    """Share against number of families of decile 1, with the lines of the four classes."""
    known = [
        row for row in rows if figure(row, "headcount_ratio") is not None and figure(row, "poor_families") is not None
    ]
    cuts = district.typology("quadrant")
    axes = (
        scale([cuts.get("rate_cut"), *(figure(row, "headcount_ratio") for row in known)]),
        scale([cuts.get("count_cut"), *(figure(row, "poor_families") for row in known)]),
    )
    classes = QUADRANTS[::-1]
    points = _points(known, "headcount_ratio", "poor_families", axes, "poor_families")
    for point in points:
        found = text(point["row"], "quadrant")
        point["class"] = classes.index(found) if found in classes else 0
    columns = [
        share_column(t, t("column_share"), "headcount_ratio"),
        number_column(t, t("families_decile"), "poor_families"),
        text_column(
            t("statistics_quadrant"),
            lambda row: t(f"quadrant_{text(row, 'quadrant')}") if text(row, "quadrant") in QUADRANTS else "–",
        ),
    ]
    counts = {name: sum(text(row, "quadrant") == name for row in known) for name in QUADRANTS}
    at = {"x": axes[0].at(cuts["rate_cut"]), "y": 100 - axes[1].at(cuts["count_cut"])} if cuts else None
    table = table_of(
        _by(rows, "poor_families"), caption=t("statistics_quadrants"), first=t("column_name"), columns=columns
    )
    return {"axes": axes, "points": points, "cuts": cuts, "at": at, "counts": counts, "table": table}


def matrix(district: District, rows: list[dict[str, Any]], t: Texts) -> dict[str, Any] | None:
    """The sixteen cells with their desa, high share at the top; None where the run has no matrix."""
    known = [row for row in rows if figure(row, "matrix_priority") is not None]
    if not known:
        return None
    cells: dict[int, list[dict[str, Any]]] = {cell: [] for cell in PRIORITIES}
    for row in _by(known, "poor_families"):
        cells[_cell(row)].append(row)
    grid = [
        [_cell_of_grid(CLASSES * (share - 1) + density, cells, t) for density in range(1, CLASSES + 1)]
        for share in range(CLASSES, 0, -1)
    ]
    cuts = district.typology("matrix")
    lines = {
        "share": [t.percent(line, 2) for line in cuts.get("share_cuts", ())],
        "density": [t.number(line, 2) for line in cuts.get("density_cuts", ())],
    }
    columns = [
        share_column(t, t("column_share"), "headcount_ratio"),
        number_column(t, t("statistics_density"), "density", 2),
        number_column(t, t("statistics_share_class"), "matrix_share_class"),
        number_column(t, t("statistics_density_class"), "matrix_density_class"),
        number_column(t, t("statistics_priority"), "matrix_priority"),
    ]
    order = sorted(
        rows,
        key=lambda row: (
            figure(row, "matrix_priority") or 9.0,
            -(figure(row, "poor_families") or 0.0),
            str(row["code"]),
        ),
    )
    counts = {priority: sum(figure(row, "matrix_priority") == priority for row in known) for priority in range(1, 5)}
    return {
        "grid": grid,
        "lines": lines,
        "counts": counts,
        "outside": len(rows) - len(known),
        "table": table_of(order, caption=t("statistics_matrix"), first=t("column_name"), columns=columns),
    }


def _cell(row: dict[str, Any]) -> int:
    return CLASSES * (int(figure(row, "matrix_share_class") or 1) - 1) + int(figure(row, "matrix_density_class") or 1)


def _cell_of_grid(number: int, cells: dict[int, list[dict[str, Any]]], t: Texts) -> dict[str, Any]:
    names = [str(row["name"]) for row in cells[number]]
    more = len(names) - NAMED_IN_CELL
    return {
        "number": number,
        "priority": PRIORITIES[number],
        "count": len(names),
        "names": ", ".join(names[:NAMED_IN_CELL]) + (f" {t('statistics_more', n=more)}" if more > 0 else ""),
    }


def klassen(district: District, rows: list[dict[str, Any]], t: Texts) -> dict[str, Any] | None:
    """Level against change since the previous period; None where the run has no type for any desa."""
    before = _before(district) if any(text(row, "klassen") in TYPES for row in rows) else None
    if before is None:
        return None
    both = [row | {"change": change} for row in rows if (change := _change(row, before)) is not None]
    cuts = district.typology("klassen")
    axes = (
        scale([cuts.get("level_cut"), *(figure(row, "headcount_ratio") for row in both)]),
        scale([cuts.get("change_cut"), *(figure(row, "change") for row in both)]),
    )
    points = _points(both, "headcount_ratio", "change", axes, "poor_families")
    for point in points:
        point["class"] = TYPES[::-1].index(text(point["row"], "klassen"))
    changes = {row["code"]: row["change"] for row in both}
    columns = [
        share_column(t, t("column_share"), "headcount_ratio"),
        (Head(title=t("statistics_change")), lambda row: _points_cell(row, t)),
        text_column(
            t("statistics_type"), lambda row: t(f"klassen_{row['klassen']}") if text(row, "klassen") in TYPES else "–"
        ),
    ]
    shown = [row | {"change": changes.get(row["code"])} for row in rows]
    at = {"x": axes[0].at(cuts["level_cut"]), "y": 100 - axes[1].at(cuts["change_cut"])} if cuts else None
    counts = {name: sum(text(row, "klassen") == name for row in rows) for name in TYPES}
    table = table_of(_by(shown, "change"), caption=t("statistics_klassen"), first=t("column_name"), columns=columns)
    return {"axes": axes, "points": points, "cuts": cuts, "at": at, "counts": counts, "table": table}


def _points_cell(row: dict[str, Any], t: Texts) -> Cell:
    """A difference of two shares in percentage points: as percent it would read as growth."""
    change = figure(row, "change")
    return Cell(text="–" if change is None else t.number(100 * change, 1), sort=change)


def _before(district: District) -> dict[str, Any] | None:
    """Released shares of the previous period by code; None where its run is gone."""
    parent = district.run.manifest.get("parent")
    try:
        run = load_run(district.workspace, parent) if parent else None
    except NotFoundError:
        run = None
    if run is None:
        return None
    areas = disclosed(district.workspace, run, "areas", audience=district.audience).frame
    return dict(pd.Series(areas["headcount_ratio"].to_numpy(), index=areas["code"]).dropna())


def _change(row: dict[str, Any], before: dict[str, Any]) -> float | None:
    share = figure(row, "headcount_ratio")
    if share is None or row["code"] not in before or text(row, "klassen") not in TYPES:
        return None
    return share - float(before[row["code"]])


def _by(rows: list[dict[str, Any]], column: str) -> list[dict[str, Any]]:
    """Rows by a column, highest first, those without a figure last."""
    return sorted(rows, key=lambda row: (figure(row, column) is None, -(figure(row, column) or 0.0), str(row["code"])))
