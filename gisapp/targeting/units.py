"""What pockets are made of: desa, SLS (dusun) or grid cells, and in which of them each family lives."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from gisapp.analysis import grids
from gisapp.analysis.assign import assign_area
from gisapp.analysis.codes import digits
from gisapp.analysis.pockets import PocketResult, find_pockets
from gisapp.errors import NotFoundError
from gisapp.targeting.load import District
from gisapp.workspace import layers
from gisapp.workspace.folder import Workspace
from gisapp.workspace.settings import WorkspaceSettings

#: Fewer units than this have no ordinary variation to stand out from.
FEWEST_COMPARED = 3
#: Maps drawn anew for the stability of pockets of many small units: a share is then known to about 0.07.
FINE_REDRAWS = 49


@dataclass(frozen=True, kw_only=True)
class PocketUnits:
    """The units that enter the tests, in the working CRS, and the unit of each family.

    ``shapes``: code, families, poor_families (registered, with a usable position), geometry. ``of_family``: code of
    the unit aligned with the families, missing where a family is in none that enters. ``facts``: for the manifest.
    """

    unit: str
    shapes: gpd.GeoDataFrame
    of_family: pd.Series
    facts: dict[str, Any] = field(default_factory=dict)


def least_families(settings: WorkspaceSettings) -> int:
    """Registered families that a cell or SLS needs to enter: its outline may be drawn on a public map."""
    return max(settings.k_staff, settings.k_public)


def desa_units(district: District) -> PocketUnits:
    """The desa themselves; a family is where it is declared, with or without a position."""
    return PocketUnits(unit="desa", shapes=district.desa, of_family=district.families["code"], facts={"unit": "desa"})


def make_units(workspace: Workspace, district: District) -> PocketUnits:
    """The units that the settings name; NotFoundError where they are SLS and there is no boundary of that level."""
    settings = workspace.settings
    if settings.pocket_unit == "desa":
        return desa_units(district)
    if settings.pocket_unit == "grid":
        cut = {"shape": settings.pocket_grid_shape, "size_m": float(settings.pocket_grid_size_m)}
        return _entered(district, _cells(district, cut), {"unit": "grid", **cut}, least_families(settings))
    sls = layers.read_boundary(workspace, "sls")
    if sls is None or sls.empty:
        raise NotFoundError(
            'pocket_unit is "sls", but there is no SLS boundary: `gisapp add FILE --role boundary --level sls`.',
            'pocket_unit adalah "sls", tetapi batas SLS belum ada: `gisapp add BERKAS --role boundary --level sls`.',
            code="no_boundary",
        )
    return _entered(district, _hamlets(district, sls.to_crs(district.crs)), {"unit": "sls"}, least_families(settings))


def find_in_units(units: PocketUnits, settings: WorkspaceSettings) -> PocketResult:
    """Run the tests over cells or SLS: events are poor among registered families. Too few units hold no pocket."""
    shapes = units.shapes
    if shapes.empty:
        nothing = pd.DataFrame({"pocket_id": pd.Series(dtype="string"), "member_codes": pd.Series(dtype="object")})
        return PocketResult(nothing, nothing, {"methods": [], "seed": settings.seed})
    events = shapes["poor_families"] if len(shapes) >= FEWEST_COMPARED else 0.0
    areas = gpd.GeoDataFrame(
        {"code": shapes["code"], "population": shapes["families"].astype("float64"), "events": events},
        geometry=shapes.geometry,
    ).astype({"events": "float64"})
    return find_pockets(
        areas,
        level=settings.significance_level,
        permutations=settings.permutations,
        seed=settings.seed,
        min_methods=settings.min_methods,
        redraws=FINE_REDRAWS,
    )


def _cells(district: District, cut: dict[str, Any]) -> tuple[pd.Series, gpd.GeoDataFrame]:
    """Cell of each placed family, and the inhabited cells."""
    placed = district.families.loc[district.families["x"].notna()]
    if placed.empty:
        nothing = {"code": pd.Series(dtype="object")}
        return pd.Series(dtype="object"), gpd.GeoDataFrame(nothing, geometry=gpd.GeoSeries([], crs=district.crs))
    at = grids.locate(placed["x"], placed["y"], **cut)
    names = grids.cell_names(at["column"].to_numpy(), at["row"].to_numpy(), **cut)
    once = at.assign(code=names).drop_duplicates("code").sort_values(["row", "column"], ignore_index=True)
    polygons = grids.cell_polygons(once["column"].to_numpy(), once["row"].to_numpy(), **cut)
    cells = gpd.GeoDataFrame(once[["code"]], geometry=polygons, crs=district.crs)
    return pd.Series(names, index=placed.index, dtype="object"), cells


def _hamlets(district: District, sls: gpd.GeoDataFrame) -> tuple[pd.Series, gpd.GeoDataFrame]:
    """SLS of each placed family, sought among those of its declared desa only, and all SLS."""
    sls = sls.assign(desa=desa_of_sls(district, sls))
    placed = district.families.loc[district.families["x"].notna()]
    points = gpd.GeoSeries(gpd.points_from_xy(placed["x"], placed["y"]), index=placed.index, crs=district.crs)
    found = pd.Series(None, index=placed.index, dtype="object")
    inside = sls.groupby("desa", sort=True)
    for code, mine in placed.groupby("code", sort=True):
        if code in inside.groups:
            here = assign_area(points.loc[mine.index], inside.get_group(code).reset_index(drop=True), key="code")
            found.loc[mine.index] = here.astype("object").to_numpy()
    return found.where(found.notna(), None), sls[["code", "geometry"]]


def desa_of_sls(district: District, sls: gpd.GeoDataFrame) -> pd.Series:
    """Code of the desa that each SLS belongs to: by the first ten digits of its code, else by where its middle lies.

    The digits are compared with the desa's own code and, where a crosswalk is known, with its BPS code.
    """
    known = {digits(bps): str(code) for code, bps in district.bps_codes.items()}
    known |= {digits(str(code)): str(code) for code in district.desa["code"]}
    by_code = pd.Series([known.get(digits(str(code))[:10]) for code in sls["code"]], index=sls.index, dtype="object")
    if by_code.notna().all():
        return by_code
    middles = sls.geometry.representative_point()
    return by_code.where(by_code.notna(), assign_area(middles, district.desa, key="code").astype("object"))


def _entered(
    district: District, found: tuple[pd.Series, gpd.GeoDataFrame], facts: dict[str, Any], least: int
) -> PocketUnits:
    """Keep units with enough families, and say how many families stay outside for want of a position or of company."""
    of_placed, shapes = found
    families = district.families
    unit = of_placed.reindex(families.index).astype("object")
    counts = pd.DataFrame({"families": 1, "poor_families": families["poor"].astype("int64")}).groupby(unit).sum()
    shapes = shapes.merge(counts, left_on="code", right_index=True, how="inner")
    enough = shapes[shapes["families"] >= least].reset_index(drop=True)
    of_family = unit.where(unit.isin(set(enough["code"])), None)
    nowhere, alone = int(unit.isna().sum()), int((unit.notna() & of_family.isna()).sum())
    told = {"family_without_unit": nowhere, "family_in_small_unit": alone}
    district.warnings.update({code: count for code, count in told.items() if count})
    total = max(len(families), 1)
    facts = {
        **facts,
        "units": len(enough),
        "least_families": least,
        "families_without_unit": nowhere,
        "share_without_unit": nowhere / total,
        "units_too_small": int(len(shapes) - len(enough)),
        "families_in_small_units": alone,
        "share_in_small_units": alone / total,
    }
    return PocketUnits(unit=str(facts["unit"]), shapes=enough, of_family=of_family, facts=facts)


def pocket_of_family(units: PocketUnits, result: PocketResult) -> pd.Series:
    """Pocket of each family, missing outside all; aligned with the families."""
    pocket_of = pd.Series(
        result.members["pocket_id"].to_numpy(dtype=object, na_value=None), index=units.shapes["code"], dtype="object"
    )
    return units.of_family.map(pocket_of.dropna()).astype("object")


def pocket_of_desa(families: pd.DataFrame, by: pd.Series) -> pd.Series:
    """For pockets of cells or SLS: the pocket that holds at least half of a desa's registered families, by its code."""
    counted = families.assign(pocket=by).groupby(["code", "pocket"]).size().rename("n").reset_index()
    most = counted.sort_values(["code", "n", "pocket"], ascending=[True, False, True]).drop_duplicates("code")
    most = most.set_index("code")
    total = families.groupby("code").size().reindex(most.index)
    return most["pocket"][most["n"] * 2 >= total]


def parts_by_desa(families: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
    """Registered families and poor families of each pocket in each declared desa: pocket_id, code, both counts."""
    counted = pd.DataFrame(
        {"pocket_id": by, "code": families["code"], "families": 1, "poor_families": families["poor"].astype("int64")}
    )
    return counted.dropna(subset=["pocket_id"]).groupby(["pocket_id", "code"]).sum().reset_index()


def member_desa(parts: pd.DataFrame, least: int) -> dict[str, list[str]]:
    """Desa of each pocket: those with at least ``least`` of its families, and the one with most, sorted."""
    ordered = parts.sort_values(["pocket_id", "families", "code"], ascending=[True, False, True])
    kept = ordered[(ordered["families"] >= least) | ~ordered["pocket_id"].duplicated()]
    return {str(name): sorted(codes.astype(str)) for name, codes in kept.groupby("pocket_id")["code"]}


def renamed(result: PocketResult, names: dict[str, str]) -> PocketResult:
    """The same pockets under other ids."""
    members = result.members.assign(pocket_id=result.members["pocket_id"].map(names).astype("string"))
    return replace(
        result, members=members, pockets=result.pockets.assign(pocket_id=result.pockets["pocket_id"].map(names))
    )


def unit_counts(result: PocketResult) -> pd.Series:
    """Number of units in each pocket, by its id."""
    counts: pd.Series = result.members["pocket_id"].dropna().astype("object").value_counts()
    return counts.astype(np.int64)
