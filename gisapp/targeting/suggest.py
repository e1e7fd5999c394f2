"""The collection ``interventions``: candidates checked against the land, then what the analysis suggests."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from gisapp.analysis.interventions import suggest
from gisapp.analysis.suggesting.suggestion import SITED
from gisapp.targeting.candidates import candidate_warnings, land_checked, make_candidates
from gisapp.targeting.comparing import comparing, priced_kinds
from gisapp.targeting.links import find_links, link_notes
from gisapp.targeting.load import District
from gisapp.targeting.reach import standards_by_service
from gisapp.targeting.scenario import close_areas, kinds_left, open_links
from gisapp.targeting.villages import lacking_villages
from gisapp.workspace.folder import Workspace
from gisapp.workspace.scenarios import Scenario
from gisapp.workspace.settings import WorkspaceSettings

#: What the works of a layer stand for among ``analysis.interventions.CONTEXT_LAYERS``.
WORKS = "rencana_kegiatan"
#: Needs that a missing link answers.
LINKS = ("link:bridge", "link:road")


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
    district.facts["villages_without"] = lacking_villages(families, settings)
    kinds, standards = kinds_left(priced_kinds(settings), scenario), standards_by_service(workspace.catalog)
    links = find_links(district, settings, families, gaps, standards=standards, kinds=kinds)
    if links is not None:
        links = open_links(links, scenario)
    frame = suggest(
        pd.DataFrame(pockets.drop(columns="geometry")).assign(x=inside.x, y=inside.y),
        families,
        candidates,
        kinds,
        standards=standards,
        gaps=pd.DataFrame(gaps[["code", "service", "absence"]]),
        layers_checked=district.facts["layers_checked"],
        poor_deciles=settings.poor_deciles,
        sites_per_pocket=settings.sites_per_pocket,
        district_coverage=district_coverage(district),
        budget_idr=budget_idr,
        works=district.works,
        pre_empted_from=settings.pre_empted_from,
        links=None if links is None else pd.DataFrame(links.drop(columns="geometry")),
        comparing=comparing(settings),
        crs=district.crs,
    )
    return frame.assign(run_id=run_id, status="present", land_note=_land_notes(frame, candidates, links, district))


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


def _land_notes(
    frame: gpd.GeoDataFrame, candidates: pd.DataFrame, links: gpd.GeoDataFrame | None, district: District
) -> pd.Series:
    """What is to be heeded on the land of each site, or all that a link crosses; empty for what has no place."""
    notes = dict(zip(zip(candidates["x"], candidates["y"], strict=True), candidates["land_note"], strict=True))
    is_link = frame["need"].isin(LINKS)
    crossed: dict[tuple[float, float], str] = {}
    if links is not None and is_link.any():
        middles = set(zip(frame.geometry.x[is_link], frame.geometry.y[is_link], strict=True))
        spots = [spot in middles for spot in zip(links["x"], links["y"], strict=True)]
        built = links[spots]
        crossed = dict(zip(zip(built["x"], built["y"], strict=True), link_notes(built, district), strict=True))
    sited = frame["location_label"].str.startswith(SITED)
    told = [
        (crossed if link else notes).get((x, y), "") if own else ""
        for x, y, link, own in zip(frame.geometry.x, frame.geometry.y, is_link, sited, strict=True)
    ]
    return pd.Series(told, index=frame.index, dtype="object")


def district_coverage(district: District) -> float | None:
    """Registered families over all families, 0..1; None without a population table that covers every desa."""
    if district.population is None or district.population["families"].isna().any():
        return None
    everyone = float(district.population["families"].sum())
    return min(1.0, len(district.families) / everyone) if everyone > 0 else None
