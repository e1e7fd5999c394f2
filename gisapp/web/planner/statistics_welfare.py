"""Monetary poverty of registered families with a recorded expenditure: shares beside counts; not the rate of all."""

from __future__ import annotations

from typing import Any

from gisapp.web.planner.figure_tables import Table, figure, table_of
from gisapp.web.planner.statistics_ranges import number_column, share_column
from gisapp.web.source import District
from gisapp.web.texts import Texts, catalogue

#: A row without any of these has nothing to show here.
_MEASURES = ("poverty_headcount", "extreme_headcount")


def welfare(district: District, rows: list[dict[str, Any]], t: Texts) -> dict[str, Any] | None:
    """Measures per area and per urban/rural class, and the lines that were applied; None where nothing is shown."""
    known = [row for row in rows if any(figure(row, name) is not None for name in _MEASURES)]
    if not known:
        return None
    return {
        "table": _table(known, t, first=t("statistics_area")),
        "classes": _classes(district, t),
        "lines": _lines(district.run.manifest.get("parameters", {}), t),
    }


def _table(rows: list[dict[str, Any]], t: Texts, *, first: str) -> Table:
    columns = [
        share_column(t, t("welfare_known"), "welfare_known"),
        number_column(t, t("welfare_below"), "persons_below_line"),
        share_column(t, t("welfare_p0"), "poverty_headcount"),
        share_column(t, t("welfare_p1"), "poverty_gap"),
        share_column(t, t("welfare_p2"), "poverty_severity"),
        number_column(t, t("welfare_below_extreme"), "persons_below_extreme_line"),
        share_column(t, t("welfare_extreme"), "extreme_headcount"),
    ]
    return table_of(rows, caption=t("statistics_welfare"), first=first, columns=columns)


def _classes(district: District, t: Texts) -> Table | None:
    frame = district.classes
    if "extreme_headcount" not in frame.columns:
        return None
    rows = frame.to_dict("records")
    known = [
        row | {"name": _class_name(row, t)} for row in rows if any(figure(row, one) is not None for one in _MEASURES)
    ]
    return _table(known, t, first=t("statistics_class")) if known else None


def _class_name(row: dict[str, Any], t: Texts) -> str:
    name = str(row.get("urban_rural") or "")
    return t(f"class_{name}") if f"class_{name}" in catalogue() else name or t("class_unknown")


def _lines(parameters: dict[str, Any], t: Texts) -> list[str]:
    """Each applied line with its source and date, as the run's manifest has them."""
    sources = parameters.get("sources", {})
    found = []
    for name, line in sorted(parameters.get("poverty_line_idr", {}).items()):
        if line > 0:
            found.append(_line(t("welfare_line", kind=t(f"class_{name}")), line, sources.get("poverty_line_idr"), t))
    if "extreme_poverty_line_idr" in parameters:
        line, source = parameters["extreme_poverty_line_idr"], sources.get("extreme_poverty_line_idr")
        found.append(_line(t("welfare_line_extreme"), line, source, t))
    return found


def _line(title: str, line: float, source: Any, t: Texts) -> str:
    told = f" ({', '.join(str(part) for part in source)})" if source else ""
    return f"{title}: Rp\u00a0{t.number(line)}{told}"
