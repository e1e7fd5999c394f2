"""The collection ``interventions``: candidates checked against the land, then what the analysis suggests."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from gisapp.analysis.interventions import suggest
from gisapp.analysis.suggesting.suggestion import SITED
from gisapp.targeting.candidates import candidate_warnings, land_checked, make_candidates
from gisapp.targeting.comparing import comparing, priced_kinds
from gisapp.targeting.load import District
from gisapp.targeting.reach import standards_by_service
from gisapp.targeting.scenario import close_areas, kinds_left
from gisapp.workspace.folder import Workspace
from gisapp.workspace.scenarios import Scenario
from gisapp.workspace.settings import WorkspaceSettings

#: What the works of a layer stand for among ``analysis.interventions.CONTEXT_LAYERS``.
WORKS = "rencana_kegiatan"


def make_interventions(
    workspace: Workspace,
    district: District,
    pockets: gpd.GeoDataFrame,
    gaps: pd.DataFrame,
    distances: pd.DataFrame,
    *,
    pocket_of_family: pd.Series,
    run_id: str,
    budget_idr: float | None,
    scenario: Scenario | None = None,
) -> gpd.GeoDataFrame:
    """Suggestions for every pocket, in the pockets' order; points in the working CRS.

    What the candidates were held against goes into ``district.facts`` and ``district.warnings``.
    """
    settings = workspace.settings
    families = pd.concat([district.families, distances], axis=1)
    families = families.assign(pocket_id=pocket_of_family)
    inside = pockets.geometry.representative_point()
    candidates = _checked_candidates(district, settings, scenario)
    frame = suggest(
        pd.DataFrame(pockets.drop(columns="geometry")).assign(x=inside.x, y=inside.y),
        families,
        candidates,
        kinds_left(priced_kinds(settings), scenario),
        standards=standards_by_service(workspace.catalog),
        gaps=pd.DataFrame(gaps[["code", "service", "absence"]]),
        layers_checked=district.facts["layers_checked"],
        poor_deciles=settings.poor_deciles,
        sites_per_pocket=settings.sites_per_pocket,
        district_coverage=district_coverage(district),
        budget_idr=budget_idr,
        works=district.works,
        pre_empted_from=settings.pre_empted_from,
        comparing=comparing(settings),
        crs=district.crs,
    )
    return frame.assign(run_id=run_id, status="present", land_note=_land_notes(frame, candidates))


def _checked_candidates(district: District, settings: WorkspaceSettings, scenario: Scenario | None) -> pd.DataFrame:
    """Candidates of the district; the facts of what they were held against are kept."""
    candidates, counts = make_candidates(district, settings)
    candidates, closed = close_areas(candidates, scenario)
    if scenario is not None:
        counts |= {"closed_by_scenario": closed}
    touching, elsewhere = land_checked(district)
    checked = touching if district.works is None else sorted({*touching, WORKS})
    district.facts |= {"candidates": counts, "layers_checked": checked, "layers_outside": elsewhere}
    district.warnings |= candidate_warnings(counts)
    if elsewhere:
        district.warnings["land_outside_district"] = len(elsewhere)
    return pd.DataFrame(candidates.drop(columns="geometry"))


def _land_notes(frame: gpd.GeoDataFrame, candidates: pd.DataFrame) -> pd.Series:
    """What is to be heeded on the land of each site; empty for what has no site of its own."""
    notes = dict(zip(zip(candidates["x"], candidates["y"], strict=True), candidates["land_note"], strict=True))
    sited = frame["location_label"].str.startswith(SITED)
    spots = zip(frame.geometry.x, frame.geometry.y, sited, strict=True)
    return pd.Series([notes.get((x, y), "") if own else "" for x, y, own in spots], index=frame.index, dtype="object")


def district_coverage(district: District) -> float | None:
    """Registered families over all families, 0..1; None without a population table that covers every desa."""
    if district.population is None or district.population["families"].isna().any():
        return None
    everyone = float(district.population["families"].sum())
    return min(1.0, len(district.families) / everyone) if everyone > 0 else None
