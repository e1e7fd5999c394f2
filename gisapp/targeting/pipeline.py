"""The steps of a run in their order: load, assign, measure, find pockets, reach, suggest, seal."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd

from gisapp.analysis.assign import assign_area
from gisapp.columns import INTERNAL_AREAS, columns_of
from gisapp.progress import Progress
from gisapp.targeting.absence import add_absence
from gisapp.targeting.areas import GROUPS, make_level, population_warnings, stack_levels
from gisapp.targeting.cells import make_cells
from gisapp.targeting.context import map_context
from gisapp.targeting.coverage import add_registration
from gisapp.targeting.dense import add_dense_share
from gisapp.targeting.finding import find_all
from gisapp.targeting.load import District, load_district
from gisapp.targeting.manifest import make_manifest
from gisapp.targeting.patterns import make_patterns
from gisapp.targeting.pictures import web_pictures
from gisapp.targeting.pockets import make_pockets
from gisapp.targeting.ranks import add_ranks
from gisapp.targeting.reach import family_reach, make_gaps
from gisapp.targeting.reached import make_reached
from gisapp.targeting.request import RunRequest
from gisapp.targeting.robustness import deprivation_order
from gisapp.targeting.runs import Sealed
from gisapp.targeting.scenario import require_areas
from gisapp.targeting.seal import seal
from gisapp.targeting.suggest import make_interventions
from gisapp.targeting.survey import add_survey
from gisapp.targeting.typology import describe_desa, period_before
from gisapp.targeting.welfare import add_welfare
from gisapp.workspace.folder import Workspace
from gisapp.workspace.layers import population_ties

STEPS = ("load", "assign", "measure", "find pockets", "reach", "suggest", "seal")
RELEASE_CRS = "EPSG:4326"


def compute_and_seal(workspace: Workspace, request: RunRequest, progress: Progress) -> Sealed:
    """Compute every collection of a run and put it under its name."""
    told = _Steps(progress)
    told.next()
    district = load_district(workspace, request.snapshot)
    require_areas(district.desa, request.scenario)
    told.next()
    district.warnings.update(check_assignment(district))
    if ties := population_ties(workspace):
        district.warnings["population_tables"] = len(ties)
    collections, parameters, reached = compute_collections(workspace, request, district, told)
    told.next()
    patterns = make_patterns(district.families)
    parameters |= {"deprivation_order": deprivation_order(patterns, workspace.settings)}
    sealed = seal(
        workspace,
        request.run_id,
        collections={name: released(frame, name) for name, frame in collections.items()},
        patterns=patterns,
        reached=reached,
        context={**map_context(district), "desa": district.desa[["code", "geometry"]]},
        rasters=web_pictures(workspace),
        manifest=make_manifest(workspace, request, district, collections, parameters),
        scenario=request.scenario.name if request.scenario else None,
    )
    told.done()
    return sealed


def compute_collections(
    workspace: Workspace, request: RunRequest, district: District, told: _Steps
) -> tuple[dict[str, gpd.GeoDataFrame], dict[str, Any], pd.DataFrame]:
    """Measure, find and suggest: the five collections in the working CRS, parameters of the tests, who is reached."""
    settings = workspace.settings
    told.next()
    distances = family_reach(workspace, district)
    shapes = {"desa": district.desa, "kecamatan": district.kecamatan, "kabupaten": district.kabupaten}
    levels = {level: make_level(district, level, shapes[level], distances, settings) for level in GROUPS}
    levels["desa"] = add_ranks(levels["desa"], settings)
    levels["desa"], lines = describe_desa(levels["desa"], period_before(workspace, request), settings)
    levels, dense = add_dense_share(levels, district, settings)
    district.warnings.update(population_warnings(levels["desa"]))
    levels = add_registration(district, levels, settings)
    levels, surveyed = add_survey(district, levels, settings)
    levels = add_welfare(district, levels, settings)
    told.next()
    levels["desa"], found = find_all(workspace, district, levels["desa"], parent=request.parent)
    pockets = make_pockets(district, levels["desa"], found, distances, settings)
    told.next()
    gaps = make_gaps(district, workspace.catalog, distances, settings)
    told.next()
    interventions = make_interventions(
        workspace, district, pockets, gaps, distances,
        pocket_of_family=found.by, run_id=request.run_id, budget_idr=request.parameters["budget_idr"],
        scenario=request.scenario,
    )  # fmt: skip
    ids, members = interventions["intervention_id"].astype(str), interventions.attrs.pop("members")
    reached = make_reached(list(ids), members, district.families)
    areas, pockets = add_absence(stack_levels(district, levels), pockets, gaps)
    collections = {
        "areas": areas,
        "cells": make_cells(
            district.families, size_m=settings.cell_size_m, crs=district.crs, shape=settings.cell_shape
        ),
        "pockets": pockets,
        "interventions": interventions,
        "gaps": gaps,
    }
    plan = {"plan": interventions.attrs.get("plan", {})}
    return collections, found.result.parameters | found.facts | {"typology": lines | dense} | surveyed | plan, reached


def check_assignment(district: District) -> dict[str, int]:
    """How many families stand outside the desa that they are declared in, or in none.

    The declared desa counts: most lines are indicative, and a point some metres across one proves nothing.
    """
    placed = district.families.loc[district.families["x"].notna()]
    points = gpd.GeoSeries(gpd.points_from_xy(placed["x"], placed["y"]), index=placed.index, crs=district.crs)
    inside = assign_area(points, district.desa, key="code")
    counted = {
        "family_outside_declared_desa": int((inside.notna() & (inside != placed["code"])).sum()),
        "family_in_no_desa": int(inside.isna().sum()),
    }
    return {code: count for code, count in counted.items() if count}


def released(frame: gpd.GeoDataFrame, collection: str) -> gpd.GeoDataFrame:
    """A collection in WGS 84 with every column of ``columns.py`` in its order; what was not measured is NA.

    Areas with expenditures keep the columns of ``INTERNAL_AREAS`` as well, which never leave the run.
    """
    names = list(columns_of(collection))
    missing = [name for name in names if name not in frame.columns]
    full = frame.assign(**dict.fromkeys(missing, pd.NA)) if missing else frame
    columns = _typed(pd.DataFrame(full[names]), collection)
    if collection == "areas" and set(INTERNAL_AREAS) <= set(frame.columns):
        columns = columns.join(pd.DataFrame(frame[list(INTERNAL_AREAS)]).astype("int64"))
    tidy = gpd.GeoDataFrame(columns, geometry=frame.geometry, crs=frame.crs)
    return tidy.to_crs(RELEASE_CRS)


def _typed(frame: pd.DataFrame, collection: str) -> pd.DataFrame:
    types = {"text": "object", "integer": "Int64", "number": "float64", "ratio": "float64", "boolean": "boolean"}
    typed = {}
    for name, column in columns_of(collection).items():
        if column.kind == "text":
            values = frame[name].astype("object")
            typed[name] = values.where(values.notna(), None)
        else:
            typed[name] = pd.to_numeric(frame[name]).astype(types[column.kind]) if column.kind != "boolean" else (
                frame[name].astype("boolean")
            )  # fmt: skip
    return pd.DataFrame(typed, index=frame.index)


class _Steps:
    """Tells which step of ``STEPS`` has begun."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._begun = 0

    def next(self) -> None:
        """Begin the next step; the one before is done."""
        if self._begun:
            self._progress(STEPS[self._begun - 1], 1, 1)
        self._progress(STEPS[self._begun], 0, 1)
        self._begun += 1

    def done(self) -> None:
        """End the last step."""
        self._progress(STEPS[self._begun - 1], 1, 1)
