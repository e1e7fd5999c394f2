"""The step "find pockets": the tests over the chosen units, other grids for comparison, and ids from the parent run."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd

from gisapp.analysis.finding.lineage import Lineage
from gisapp.analysis.finding.unit_shift import SHIFTS, GridSupport, grid_support
from gisapp.analysis.grids import SHAPES
from gisapp.analysis.pockets import PocketResult
from gisapp.targeting.lineage import follow_parent, lineage_facts
from gisapp.targeting.load import District
from gisapp.targeting.pockets import Found, find_among
from gisapp.targeting.runs import load_run
from gisapp.targeting.units import (
    PocketUnits,
    find_in_units,
    least_families,
    make_units,
    parts_by_desa,
    pocket_of_desa,
    pocket_of_family,
    renamed,
)
from gisapp.workspace.folder import Workspace
from gisapp.workspace.settings import WorkspaceSettings

#: Sizes of the grids of comparison in parts of ``pocket_grid_size_m``.
SUPPORT_SIZES = (0.75, 1.0, 1.5)
#: Columns of the tests that the collection ``areas`` carries.
TESTS = (
    "gi_star_z", "gi_star_p", "gi_star_high", "local_moran", "local_moran_p", "local_moran_quadrant",
    "local_moran_high", "cluster_mass_p", "cluster_mass_high", "scan_p",
    "scan_high", "scan_reliability", "excess_z", "excess_high", "methods_found", "pocket_id",
)  # fmt: skip


def find_all(
    workspace: Workspace, district: District, desa: gpd.GeoDataFrame, *, parent: str | None
) -> tuple[gpd.GeoDataFrame, Found]:
    """Return the desa with the columns of the tests, and the pockets of the units that the settings name.

    The columns of the tests are those of the desa whatever the unit is; ``pocket_id`` of a desa is the pocket that
    holds it, of cells or SLS the one that holds at least half of its registered families.
    """
    settings = workspace.settings
    units = make_units(workspace, district)
    fine = units.unit != "desa"
    tested = find_among(desa, settings, **({"redraws": 0} if fine else {}))
    result, followed = _followed(workspace, district, units, find_in_units(units, settings) if fine else tested, parent)
    by = pocket_of_family(units, result)
    support = compare_grids(district, by, settings)
    columns = {name: tested.members[name].to_numpy() for name in TESTS}
    if fine:
        columns["pocket_id"] = desa["code"].map(pocket_of_desa(district.families, by)).to_numpy()
    else:
        columns["pocket_id"] = result.members["pocket_id"].to_numpy()
    facts = {
        "pocket_units": units.facts | ({"parts": _parts(district, by)} if fine else {}),
        "grid_support": [] if support is None else _grid_rows(support.grids),
        "lineage": lineage_facts(followed, parent, least_overlap=settings.lineage_overlap),
    }
    shares = pd.Series(dtype="float64", name="grid_support") if support is None else support.pockets
    found = Found(units=units, result=result, by=by, grid_support=shares, lineage=followed, facts=facts)
    return desa.assign(**columns), found


def _followed(
    workspace: Workspace, district: District, units: PocketUnits, result: PocketResult, parent: str | None
) -> tuple[PocketResult, Lineage | None]:
    """The pockets under the ids that they keep from the parent run, and what became of each."""
    if parent is None:
        return result, None
    followed = follow_parent(
        district, pocket_of_family(units, result), load_run(workspace, parent),
        least_overlap=workspace.settings.lineage_overlap,
    )  # fmt: skip
    return renamed(result, followed.pockets["pocket_id"].to_dict()), followed


def compare_grids(district: District, by: pd.Series, settings: WorkspaceSettings) -> GridSupport | None:
    """Look for pockets on other grids too; None where the settings say no, or no family has a position."""
    placed = district.families["x"].notna()
    if settings.grid_support_shifts == 0 or not placed.any():
        return None
    return grid_support(
        district.families.loc[placed, ["x", "y", "poor"]],
        by[placed],
        sizes_m=[part * settings.pocket_grid_size_m for part in SUPPORT_SIZES],
        shapes=SHAPES,
        shifts=SHIFTS[: settings.grid_support_shifts],
        at_least=least_families(settings),
        level=settings.significance_level,
        min_methods=settings.min_methods,
        seed=settings.seed,
    )


def _grid_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """One record per grid of comparison; a missing overlap is null, which JSON can say."""
    rows: list[dict[str, Any]] = table.to_dict("records")
    return [{name: None if pd.isna(value) else value for name, value in row.items()} for row in rows]


def _parts(district: District, by: pd.Series) -> list[dict[str, Any]]:
    """Counts of each pocket in each desa, for disclosure control only: they never leave."""
    records: list[dict[str, Any]] = parts_by_desa(district.families, by).to_dict("records")
    return records
