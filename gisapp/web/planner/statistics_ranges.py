"""How sure: ranges of shares, ranks with groups of equal standing, registered families against expected ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gisapp.web.planner.figure_tables import Cell, Head, Table, figure, flag, has, is_withheld, table_of, text
from gisapp.web.planner.plots import Scale, scale
from gisapp.web.texts import Texts, catalogue

#: So many desa stand in a picture of ranges; the table below it has all.
DRAWN = 40
#: How a figure may stand: by itself, only with its range, or not at all by itself.
STANDINGS = ("alone", "with_range", "not_alone")
#: Concept of a gap that compares with all families: nobody expects all of them to be registered.
ALL_FAMILIES = "all_families"
#: Marks of an axis under a picture of rows: a phone has room for so many.
_PARTS = 4

Columns = Sequence[tuple[Head, Callable[[dict[str, Any]], Cell]]]


def number_column(t: Texts, title: str, column: str, digits: int = 0) -> tuple[Head, Callable[[dict[str, Any]], Cell]]:
    """A column of plain numbers."""
    return Head(title=title), lambda row: Cell(text=t.number(figure(row, column), digits), sort=figure(row, column))


def share_column(t: Texts, title: str, column: str) -> tuple[Head, Callable[[dict[str, Any]], Cell]]:
    """A column of shares as percent."""
    return Head(title=title), lambda row: Cell(text=t.percent(figure(row, column)), sort=figure(row, column))


def marked_share_column(t: Texts) -> tuple[Head, Callable[[dict[str, Any]], Cell]]:
    """The share of decile 1, marked where it may not stand on its own."""
    return Head(title=t("column_share")), lambda row: Cell(text=t.share(row), sort=figure(row, "headcount_ratio"))


def range_column(t: Texts, title: str, prefix: str) -> tuple[Head, Callable[[dict[str, Any]], Cell]]:
    """A column of ranges of shares, sorted by their width."""

    def cell(row: dict[str, Any]) -> Cell:
        lower, upper = figure(row, f"{prefix}_lower"), figure(row, f"{prefix}_upper")
        width = None if lower is None or upper is None else upper - lower
        return Cell(text=t.range(lower, upper), sort=width)

    return Head(title=title), cell


def text_column(title: str, words: Callable[[dict[str, Any]], str]) -> tuple[Head, Callable[[dict[str, Any]], Cell]]:
    """A column of words."""
    return Head(title=title, number=False), lambda row: Cell(text=words(row))


def standing(row: dict[str, Any]) -> str:
    """How the share of a desa may stand; empty where the run does not say."""
    found = text(row, "headcount_standing")
    return found if found in STANDINGS else ""


def standing_words(row: dict[str, Any], t: Texts) -> str:
    """The same in words."""
    found = standing(row)
    return t(f"standing_{found}") if found else "–"


def _between(row: dict[str, Any], prefix: str, axis: Scale) -> tuple[float, float] | None:
    lower, upper = figure(row, f"{prefix}_lower"), figure(row, f"{prefix}_upper")
    return None if lower is None or upper is None else (axis.at(lower), axis.at(upper))


def _place(row: dict[str, Any], column: str, axis: Scale) -> float | None:
    value = figure(row, column)
    return None if value is None else axis.at(value)


def shares(rows: list[dict[str, Any]], whole: dict[str, Any], t: Texts) -> dict[str, Any]:
    """Caterpillar of shares: raw and smoothed value with their ranges, highest first, withheld rows last."""

    def key(row: dict[str, Any]) -> tuple[bool, float, str]:
        value = figure(row, "headcount_smoothed")
        value = figure(row, "headcount_ratio") if value is None else value
        return value is None, -(value or 0.0), str(row["code"])

    ordered = sorted(rows, key=key)
    axis = scale(
        [
            figure(row, name)
            for row in ordered[:DRAWN]
            for name in ("headcount_upper", "smoothed_upper", "headcount_ratio")
        ],
        parts=_PARTS,
    )
    lines = [
        {
            "name": row["name"],
            "withheld": is_withheld(row),
            "standing": standing(row),
            "raw": _place(row, "headcount_ratio", axis),
            "range": _between(row, "headcount", axis),
            "smoothed": _place(row, "headcount_smoothed", axis),
            "smoothed_range": _between(row, "smoothed", axis),
            "value": t.percent(figure(row, "headcount_ratio")),
            "words": t.range(figure(row, "headcount_lower"), figure(row, "headcount_upper")),
        }
        for row in ordered[:DRAWN]
    ]
    return {
        "axis": axis,
        "lines": lines,
        "whole": _place(whole, "headcount_ratio", axis),
        "total": len(ordered),
        "marks": any(standing(row) for row in ordered),
        "table": _share_table(ordered, t),
    }


def _share_table(rows: list[dict[str, Any]], t: Texts) -> Table:
    columns: list[Any] = [
        marked_share_column(t),
        range_column(t, t("kind_of_range").capitalize(), "headcount"),
        share_column(t, t("statistics_smoothed"), "headcount_smoothed"),
    ]
    if has(rows, "smoothed_lower", "smoothed_upper"):
        columns.append(range_column(t, t("statistics_smoothed_range"), "smoothed"))
    columns.append(number_column(t, t("families_registered"), "families"))
    if any(standing(row) for row in rows):
        columns.append(text_column(t("statistics_standing"), lambda row: standing_words(row, t)))
    return table_of(rows, caption=t("statistics_shares"), first=t("column_name"), columns=columns)


def ranks(rows: list[dict[str, Any]], t: Texts) -> dict[str, Any] | None:
    """Ranks with their ranges, by group of equal standing; None where the run has no ranks of desa."""
    known = [row for row in rows if figure(row, "rank") is not None]
    if not known:
        return None
    ordered = sorted(known, key=lambda row: (figure(row, "rank_group") or 0, figure(row, "rank"), str(row["code"])))
    axis = scale([1.0, *(figure(row, "rank_upper") for row in ordered[:DRAWN])], parts=_PARTS)
    groups: dict[int, list[dict[str, Any]]] = {}
    for row in ordered[:DRAWN]:
        line = {
            "name": row["name"],
            "range": _between(row, "rank", axis),
            "at": _place(row, "rank", axis),
            "words": _rank_words(row, t),
        }
        groups.setdefault(int(figure(row, "rank_group") or 0), []).append(line)
    sizes = {group: sum(1 for row in ordered if int(figure(row, "rank_group") or 0) == group) for group in groups}
    columns = [
        number_column(t, t("statistics_group"), "rank_group"),
        number_column(t, t("statistics_rank"), "rank"),
        number_column(t, t("statistics_rank_best"), "rank_lower"),
        number_column(t, t("statistics_rank_last"), "rank_upper"),
    ]
    missing = [row for row in rows if figure(row, "rank") is None]
    return {
        "axis": axis,
        "groups": groups,
        "sizes": sizes,
        "total": len(ordered),
        "criterion": text(ordered[0], "rank_criterion"),
        "table": table_of([*ordered, *missing], caption=t("statistics_ranks"), first=t("column_name"), columns=columns),
    }


def _rank_words(row: dict[str, Any], t: Texts) -> str:
    lower, upper = figure(row, "rank_lower"), figure(row, "rank_upper")
    return t.number(lower) if lower == upper else f"{t.number(lower)}–{t.number(upper)}"


def coverage(rows: list[dict[str, Any]], t: Texts) -> dict[str, Any] | None:
    """Registered against expected families, or against all families where nothing is expected; None without either."""
    if any(text(row, "coverage_gap_concept") not in ("", ALL_FAMILIES) for row in rows):
        return _expected(rows, t)
    if not has(rows, "coverage"):
        return None
    ordered = sorted(
        rows, key=lambda row: (figure(row, "coverage") is None, figure(row, "coverage") or 0.0, str(row["code"]))
    )
    axis = scale([1.0, *(figure(row, "coverage") for row in ordered[:DRAWN])], parts=_PARTS)
    lines = [
        {
            "name": row["name"],
            "withheld": is_withheld(row),
            "bar": _place(row, "coverage", axis),
            "thin": flag(row, "registration_thin"),
            "words": t.percent(figure(row, "coverage")),
        }
        for row in ordered[:DRAWN]
    ]
    columns: list[Any] = [
        number_column(t, t("families_registered"), "families"),
        number_column(t, t("statistics_all_families"), "population_families"),
        share_column(t, t("statistics_coverage"), "coverage"),
        *_thin_columns(rows, t),
    ]
    table = table_of(ordered, caption=t("statistics_coverage"), first=t("column_name"), columns=columns)
    return {"concept": "", "axis": axis, "lines": lines, "total": len(ordered), "table": table, "one": axis.at(1.0)}


def _expected(rows: list[dict[str, Any]], t: Texts) -> dict[str, Any]:
    """Registered families of the counted deciles against those that a published total leads to expect."""

    def key(row: dict[str, Any]) -> tuple[bool, float, str]:
        return figure(row, "coverage_gap") is None, -(figure(row, "coverage_gap") or 0.0), str(row["code"])

    ordered = sorted(rows, key=key)
    drawn = ordered[:DRAWN]
    axis = scale(
        [figure(row, name) for row in drawn for name in ("coverage_gap_lower", "coverage_gap_upper", "coverage_gap")],
        parts=_PARTS,
    )
    lines = [
        {
            "name": row["name"],
            "withheld": is_withheld(row),
            "range": _between(row, "coverage_gap", axis),
            "at": _place(row, "coverage_gap", axis),
            "thin": flag(row, "registration_thin"),
            "words": t.number(figure(row, "coverage_gap")),
        }
        for row in drawn
    ]
    columns: list[Any] = [
        (Head(title=t("statistics_registered_same")), lambda row: _registered(row, t)),
        number_column(t, t("statistics_expected"), "expected_families"),
        number_column(t, t("statistics_gap"), "coverage_gap"),
        number_column(t, t("statistics_gap_lower"), "coverage_gap_lower"),
        number_column(t, t("statistics_gap_upper"), "coverage_gap_upper"),
        *_thin_columns(rows, t),
    ]
    concepts = sorted({text(row, "coverage_gap_concept") for row in rows} - {""})
    table = table_of(ordered, caption=t("statistics_coverage_gap"), first=t("column_name"), columns=columns)
    return {
        "concept": ", ".join(_concept(one, t) for one in concepts) or t("statistics_expected"),
        "axis": axis,
        "lines": lines,
        "total": len(ordered),
        "table": table,
        "one": axis.at(0.0),
    }


def _registered(row: dict[str, Any], t: Texts) -> Cell:
    """Registered families of the concept that is expected: expected less the gap."""
    expected, gap = figure(row, "expected_families"), figure(row, "coverage_gap")
    count = None if expected is None or gap is None else expected - gap
    return Cell(text=t.number(count), sort=count)


def _concept(name: str, t: Texts) -> str:
    return t(f"concept_{name}") if f"concept_{name}" in catalogue() else name


def _thin_columns(rows: list[dict[str, Any]], t: Texts) -> list[Any]:
    columns: list[Any] = []
    if any(flag(row, "registration_thin") for row in rows) or has(rows, "registration_z"):
        columns.append(
            text_column(t("statistics_thin"), lambda row: t("yes") if flag(row, "registration_thin") else "–")
        )
    if has(rows, "visits_suggested"):
        columns.append(number_column(t, t("statistics_visits"), "visits_suggested"))
    return columns
