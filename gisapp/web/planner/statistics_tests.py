"""What was tested and what the tests found; the classes of urban and rural desa; estimates of a survey."""

from __future__ import annotations

from typing import Any

from gisapp.web.planner.figure_tables import Cell, Head, Row, Table, figure, flag, has, table_of, text
from gisapp.web.planner.plots import scale
from gisapp.web.planner.statistics_ranges import share_column, text_column
from gisapp.web.source import District
from gisapp.web.texts import Texts, catalogue

#: Test of the manifest -> the column that says whether it found a desa, where that is not ``<test>_high``.
_FOUND = {"scan": ("scan_high", "scan_core")}
#: Parameters of the tests that are printed, in this order, where the manifest has them.
PARAMETERS = (
    "level",
    "permutations",
    "redraws",
    "shuffles",
    "replicates",
    "seed",
    "min_methods",
    "overdispersion",
    "max_population_shares",
    "shape",
)


def tests(district: District, rows: list[dict[str, Any]], t: Texts) -> dict[str, Any]:
    """Desa that each method found among those shown, how far the methods agree, islands and parameters."""
    manifest = district.run.manifest.get("tests", {})
    methods, counted = [str(name) for name in manifest.get("methods", ())], witnesses(manifest)
    found = {method: _found_by(method, rows) for method in methods}
    largest = scale([float(count) for count in found.values() if count is not None])
    bars = [
        {
            "title": method_title(method, t),
            "meaning": meaning(method, t),
            "counted": method in counted,
            "count": count,
            "width": None if count is None else largest.at(count),
        }
        for method, count in found.items()
    ]
    agreement = [
        {"n": n, "count": sum(figure(row, "methods_found") == n for row in rows)} for n in range(len(counted) + 1)
    ]
    return {
        "bars": bars,
        "agreement": agreement,
        "islands": _island_names(manifest, rows),
        "parameters": parameters(manifest, t),
        "pockets": _pockets(district),
        "pruned": _pruned(manifest, rows),
        "table": _method_table(rows, methods, t),
        "of": len(counted),
    }


def witnesses(manifest: dict[str, Any]) -> list[str]:
    """Methods whose agreement makes a pocket; a run of before, which does not tell them apart, counts all."""
    return [str(name) for name in manifest.get("witnesses", manifest.get("methods", ()))]


def method_title(method: str, t: Texts) -> str:
    """Name of a method in words; a method that this page does not know yet keeps its own."""
    return t(f"test_{method}") if f"test_{method}" in catalogue() else method.replace("_", " ")


def meaning(method: str, t: Texts) -> str:
    """What a method asks, in a sentence; empty for one that has none yet."""
    return t(f"means_{method}") if f"means_{method}" in catalogue() else ""


def _flag_column(method: str, rows: list[dict[str, Any]]) -> str | None:
    names = _FOUND.get(method, (f"{method}_high",))
    return next((name for name in names if any(row.get(name) is not None for row in rows)), None)


def _found_by(method: str, rows: list[dict[str, Any]]) -> int | None:
    """Desa that a method found; None where the run does not say per desa."""
    column = _flag_column(method, rows)
    return None if column is None else sum(flag(row, column) for row in rows)


def _island_names(manifest: dict[str, Any], rows: list[dict[str, Any]]) -> list[str]:
    names = {str(row["code"]): str(row["name"]) for row in rows}
    return [names[str(code)] for code in manifest.get("islands", ()) if str(code) in names]


def _pruned(manifest: dict[str, Any], rows: list[dict[str, Any]]) -> int:
    """Desa that enough methods found and that no outline holds: it was drawn without them."""
    least = float(manifest.get("min_methods") or 1)
    return sum((figure(row, "methods_found") or 0.0) >= least and not text(row, "pocket_id") for row in rows)


def _pockets(district: District) -> int:
    return len(district.released("pockets").frame)


def parameters(manifest: dict[str, Any], t: Texts) -> list[tuple[str, str]]:
    """Parameters of the tests as they stand in the manifest, in words."""
    found = []
    for name in PARAMETERS:
        if name in manifest and manifest[name] is not None:
            shown = t.level(manifest[name]) if name == "level" else _parameter(manifest[name], t)
            found.append((t(f"parameter_{name}"), shown))
    return found


def _parameter(value: Any, t: Texts) -> str:
    if isinstance(value, list | tuple):
        return "; ".join(_parameter(one, t) for one in value)
    if isinstance(value, bool | str):
        return str(value)
    digits = 0 if float(value).is_integer() else 3
    return t.number(value, digits) if abs(float(value)) < 1e6 else str(value)  # a seed is a name, not a quantity


def _method_table(rows: list[dict[str, Any]], methods: list[str], t: Texts) -> Table:
    columns: list[Any] = [
        (
            Head(title=t("statistics_methods_found")),
            lambda row: Cell(text=t.number(figure(row, "methods_found")), sort=figure(row, "methods_found")),
        )
    ]
    for method in methods:
        if (name := _flag_column(method, rows)) is not None:
            columns.append((Head(title=method_title(method, t), number=False), _mark(name, t)))
    if has(rows, "dense_share"):
        columns.append(share_column(t, t("statistics_dense"), "dense_share"))
    ordered = sorted(rows, key=lambda row: (-(figure(row, "methods_found") or -1.0), str(row["code"])))
    return table_of(ordered, caption=t("statistics_tests"), first=t("column_name"), columns=columns)


def _mark(column: str, t: Texts) -> Any:
    return lambda row: Cell(text=t("yes") if flag(row, column) else "–", sort=float(flag(row, column)))


def survey(rows: list[dict[str, Any]], t: Texts) -> dict[str, Any] | None:
    """Direct and model estimates of a survey with their classes, and its concept; None where none was supplied."""
    known = [
        row
        for row in rows
        if figure(row, "survey_estimate") is not None or figure(row, "survey_model_estimate") is not None
    ]
    if not known:
        return None
    columns = [
        share_column(t, t("survey_direct"), "survey_estimate"),
        share_column(t, t("survey_rse"), "survey_rse"),
        share_column(t, t("survey_model"), "survey_model_estimate"),
        share_column(t, t("survey_model_rse"), "survey_model_rse"),
        text_column(
            t("survey_class"),
            lambda row: t(f"survey_{text(row, 'survey_class')}") if text(row, "survey_class") else "–",
        ),
    ]
    concept = ", ".join(sorted({text(row, "survey_concept") for row in known} - {""}))
    table = table_of(known, caption=t("statistics_survey"), first=t("statistics_area"), columns=columns)
    return {"table": table, "concept": concept or t("statistics_survey")}


def urban_rural(frame: Any, t: Texts) -> Table | None:
    """Counts and shares of the dated urban and rural classes; None where no class was supplied."""
    if frame is None or len(frame) == 0:
        return None
    rows = frame.to_dict("records")
    heads = (
        Head(title=t("statistics_areas")),
        Head(title=t("families_registered")),
        Head(title=t("families_decile")),
        Head(title=t("column_share")),
        Head(title=t("kind_of_range").capitalize()),
    )
    found = []
    for row in rows:
        withheld = row.get("status") not in (None, "present")
        cells = (
            ()
            if withheld
            else (
                _count(row, "areas", t),
                _count(row, "families", t),
                _count(row, "poor_families", t),
                Cell(text=t.percent(figure(row, "headcount_ratio")), sort=figure(row, "headcount_ratio")),
                Cell(text=t.range(figure(row, "headcount_lower"), figure(row, "headcount_upper"))),
            )
        )
        found.append(Row(name=_class_name(row, t), cells=cells, withheld=withheld))
    return Table(caption=t("statistics_classes"), first=t("statistics_class"), heads=heads, rows=tuple(found))


def _class_name(row: dict[str, Any], t: Texts) -> str:
    name = str(row.get("urban_rural") or "")
    return t(f"class_{name}") if f"class_{name}" in catalogue() else name or t("class_unknown")


def _count(row: dict[str, Any], column: str, t: Texts) -> Cell:
    return Cell(text=t.number(figure(row, column)), sort=figure(row, column))
