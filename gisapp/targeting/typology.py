"""What describes the desa beside the tests: quadrant, 4 × 4 matrix, Klassen's types, with the lines that were applied.

None of it is a test and none makes a pocket. The lines go into the manifest, because a class without its line says
nothing, and because the next period may want the same ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import geopandas as gpd
import numpy as np
import pandas as pd

from gisapp.analysis.klassen import klassen_typology
from gisapp.analysis.matrix import class_cuts, priority_matrix
from gisapp.analysis.quadrants import cut_line, quadrant
from gisapp.errors import InvalidInputError
from gisapp.targeting.request import RunRequest
from gisapp.targeting.runs import Run, load_run
from gisapp.workspace.describing import cut_numbers
from gisapp.workspace.folder import Workspace
from gisapp.workspace.settings import WorkspaceSettings

if TYPE_CHECKING:
    from gisapp.analysis.classify import Method

#: Columns that a desa is compared by with itself one period earlier.
_COMPARED = ("headcount_ratio", "headcount_basis", "families", "population_persons")


@dataclass(frozen=True, kw_only=True)
class Before:
    """The desa one period earlier: ``desa`` by code with ``_COMPARED``, or ``why`` they cannot be compared."""

    run_id: str | None = None
    desa: pd.DataFrame | None = None
    why: str = "no_parent"


def period_before(workspace: Workspace, request: RunRequest) -> Before:
    """The parent run's desa, where it counted the same deciles of the same form."""
    if request.parent is None:
        return Before()
    parent = load_run(workspace, request.parent)
    if _counted(parent) != (list(workspace.settings.poor_deciles), request.snapshot.form):
        return Before(run_id=parent.run_id, why="counted_otherwise")
    areas = parent.collection("areas")
    desa = areas[areas["level"].eq("desa")].set_index("code")[list(_COMPARED)]
    return Before(run_id=parent.run_id, desa=pd.DataFrame(desa), why="")


def _counted(run: Run) -> tuple[list[int], Any]:
    manifest = run.manifest
    return list(manifest["parameters"]["poor_deciles"]), manifest["registry"].get("form")


def describe_desa(
    desa: gpd.GeoDataFrame, before: Before, settings: WorkspaceSettings
) -> tuple[gpd.GeoDataFrame, dict[str, Any]]:
    """Add quadrant, matrix classes and Klassen's type to the desa; with them the applied lines for the manifest."""
    share = desa["headcount_ratio"].astype("float64")
    if not share.notna().any():
        return desa, {}
    found, lines = quadrants_of(desa, rate_rule=settings.quadrant_rate_cut, count_rule=settings.quadrant_count_cut)
    columns: dict[str, Any] = {"quadrant": found}
    facts: dict[str, Any] = {"quadrant": lines}
    for more in (_matrix(desa, share, settings), _klassen(desa, share, before, settings)):
        columns |= more[0]
        facts |= more[1]
    return desa.assign(**columns), facts


def units(desa: pd.DataFrame) -> pd.Series:
    """What each share is a share of: persons of the population table, or registered families."""
    over_population = desa["headcount_basis"].eq("population_persons")
    return desa["population_persons"].astype("float64").where(over_population, desa["families"].astype("float64"))


def printable(line: float) -> float:
    """A computed line in three figures, so that the printed line is the applied one."""
    return float(f"{line:.3g}")


def _line(values: pd.Series, rule: str | float, weight: pd.Series | None = None) -> float:
    """A line that was given, or one computed by a rule."""
    fixed = cut_numbers(rule) if isinstance(rule, str) else (rule,)
    return fixed[0] if fixed else printable(cut_line(values, rule=rule, weight=weight))


def quadrants_of(
    desa: pd.DataFrame, *, rate_rule: str | float, count_rule: str | float
) -> tuple[pd.Series, dict[str, float]]:
    """Quadrant of each desa by its share and its number, with the applied lines ``rate_cut`` and ``count_cut``."""
    share, count = desa["headcount_ratio"].astype("float64"), desa["poor_families"].astype("float64")
    rate_cut, count_cut = _line(share, rate_rule, units(desa)), _line(count, count_rule)
    found = quadrant(share, count, rate_cut=rate_cut, count_cut=count_cut)
    return found, {"rate_cut": rate_cut, "count_cut": count_cut}


def _matrix(desa: pd.DataFrame, share: pd.Series, settings: WorkspaceSettings) -> tuple[dict[str, Any], dict[str, Any]]:
    density = desa["density"].astype("float64")
    try:
        cuts = [_class_lines(share, settings.matrix_share_cuts), _class_lines(density, settings.matrix_density_cuts)]
    except InvalidInputError:
        return {}, {"matrix": {"why": "too_few_classes"}}
    found = priority_matrix(share, density, share_cuts=cuts[0], density_cuts=cuts[1])
    columns = {
        "matrix_share_class": found["share_class"],
        "matrix_density_class": found["density_class"],
        "matrix_priority": found["priority"],
    }
    return columns, {"matrix": {"share_cuts": cuts[0], "density_cuts": cuts[1]}}


def _class_lines(values: pd.Series, rule: str) -> list[float]:
    """Three lines; computed ones are rounded unless that makes two of them one."""
    if fixed := cut_numbers(rule):
        return list(fixed)
    # The settings allow nothing else.
    exact = class_cuts(values, method=cast("Method", rule))
    rounded = [printable(line) for line in exact]
    return rounded if (np.diff(rounded) > 0).all() else list(exact)


def _klassen(
    desa: pd.DataFrame, share: pd.Series, before: Before, settings: WorkspaceSettings
) -> tuple[dict[str, Any], dict[str, Any]]:
    if before.desa is None:
        return {}, {"klassen": {"why": before.why, "parent": before.run_id}}
    earlier = before.desa.reindex(desa["code"]).set_axis(desa.index)
    same = earlier["headcount_basis"].eq(desa["headcount_basis"]) & share.notna() & earlier["headcount_ratio"].notna()
    if not same.any():
        return {}, {"klassen": {"why": "no_common_desa", "parent": before.run_id}}
    now, then = share.where(same), earlier["headcount_ratio"].astype("float64").where(same)
    level_cut = _line(share, settings.klassen_level_cut, units(desa))
    change_cut = _change_line(now, then, (units(desa), units(earlier)), settings.klassen_change_cut)
    found = klassen_typology(now, now - then, level_cut=level_cut, change_cut=change_cut)
    facts = {"parent": before.run_id, "level_cut": level_cut, "change_cut": change_cut, "compared": int(same.sum())}
    return {"klassen": found}, {"klassen": facts}


def _change_line(now: pd.Series, then: pd.Series, weights: tuple[pd.Series, pd.Series], rule: str) -> float:
    """The district's own change is that of its share over the compared desa, not the mean of their changes."""
    if rule != "mean":
        return _line(now - then, rule)
    of_now, of_then = (
        cut_line(each, rule="mean", weight=weight) for each, weight in zip((now, then), weights, strict=True)
    )
    return printable(of_now - of_then)
