"""Everything a run reads, in the working coordinate system, with its codes in the boundary's own text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from gisapp.analysis.codes import digits, parent_code
from gisapp.analysis.crs import require_projected
from gisapp.catalog.spec import WORKS_KIND
from gisapp.errors import ConfigurationError, CRSMismatchError, FileRefusedError, NotFoundError
from gisapp.readers.crs import parse_crs
from gisapp.registry.snapshots import SnapshotRef, read_snapshot
from gisapp.targeting.presence import presence_warnings, settle_facilities
from gisapp.targeting.works import place_works, work_warnings
from gisapp.workspace import layers
from gisapp.workspace.estimates import read_direct, read_expected
from gisapp.workspace.folder import Workspace
from gisapp.workspace.land import read_land
from gisapp.workspace.shaped import read_public_land, read_works
from gisapp.workspace.ways import read_ways

#: Metres of gap between desa that are closed when they are joined to the area above them; real lines do not meet.
CLOSING_M = 10.0


@dataclass(kw_only=True)
class District:
    """A district as the steps of a run see it; geometries and x, y are metres of ``crs``."""

    crs: str
    desa: gpd.GeoDataFrame
    kecamatan: gpd.GeoDataFrame
    kabupaten: gpd.GeoDataFrame
    families: pd.DataFrame
    facilities: gpd.GeoDataFrame
    roads: gpd.GeoDataFrame
    rivers: gpd.GeoDataFrame
    polygons: gpd.GeoDataFrame
    population: pd.DataFrame | None
    published: pd.DataFrame | None
    bps_codes: dict[str, str]
    expected: pd.DataFrame | None = None
    direct: pd.DataFrame | None = None
    public_land: gpd.GeoDataFrame | None = None
    works: gpd.GeoDataFrame | None = None
    warnings: dict[str, int] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


def load_district(workspace: Workspace, snapshot: SnapshotRef) -> District:
    """Read the layers and the snapshot; NotFoundError where the desa boundary is absent."""
    desa = layers.read_boundary(workspace, "desa")
    if desa is None or desa.empty:
        raise NotFoundError(
            "No desa boundary: `gisapp add FILE --role boundary --name desa --level desa --key COLUMN`.",
            "Belum ada batas desa: `gisapp add BERKAS --role boundary --name desa --level desa --key KOLOM`.",
            code="no_boundary",
        )
    crs = workspace.settings.working_crs
    if crs == "auto":
        crs = f"EPSG:{desa.estimate_utm_crs().to_epsg()}"
    desa = _with_parents(_in_metres(desa, crs), workspace)
    kecamatan = _dissolve(desa, "kecamatan_code", layers.read_boundary(workspace, "kecamatan"), "Kecamatan")
    facilities, works, facts = _presence(workspace, snapshot.period, desa, kecamatan, crs)
    warnings = presence_warnings(facts["facilities"])
    warnings |= work_warnings(facts["works"]) if facts["works"] else {}
    roads, unknown_classes = read_ways(workspace)
    if unknown_classes:
        warnings["road_class_unknown"] = sum(unknown_classes.values())
    district = District(
        crs=crs,
        desa=desa,
        kecamatan=kecamatan,
        kabupaten=_dissolve(desa, "kabupaten_code", layers.read_boundary(workspace, "kabupaten"), ""),
        families=load_families(snapshot, desa, crs, poor_deciles=workspace.settings.poor_deciles),
        facilities=facilities,
        roads=roads.to_crs(crs),
        rivers=layers.read_lines(workspace, "sungai").to_crs(crs),
        polygons=read_land(workspace).to_crs(crs),
        public_land=read_public_land(workspace).to_crs(crs),
        works=works,
        population=_population(workspace, desa),
        published=layers.read_published(workspace),
        bps_codes=_bps_codes(workspace, desa),
        expected=read_expected(workspace),
        direct=read_direct(workspace),
        facts=facts | {"road_classes_unknown": unknown_classes},
        warnings=warnings,
    )
    if not district.kabupaten.empty and len(district.kabupaten) == 1 and workspace.settings.name:
        district.kabupaten["name"] = workspace.settings.name
    return district


def _in_metres(desa: gpd.GeoDataFrame, crs: str) -> gpd.GeoDataFrame:
    """Return the desa in the working CRS; ConfigurationError where it is unknown or not metric."""
    try:
        moved = desa.to_crs(parse_crs(crs))
        require_projected(moved)
    except (FileRefusedError, CRSMismatchError) as error:
        raise ConfigurationError(
            f'working_crs {crs} in gisapp.toml is not a metric CRS. Use "auto" or one such as EPSG:32647.',
            f'working_crs {crs} di gisapp.toml bukan sistem koordinat meter. Pakai "auto" atau misalnya EPSG:32647.',
        ) from error
    return moved


def _with_parents(desa: gpd.GeoDataFrame, workspace: Workspace) -> gpd.GeoDataFrame:
    system = workspace.settings.code_system
    kecamatan = [parent_code(code, "desa", system) for code in desa["code"]]
    kabupaten = [parent_code(code, "kecamatan", system) if code else None for code in kecamatan]
    return desa.assign(kecamatan_code=kecamatan, kabupaten_code=kabupaten).reset_index(drop=True)


def _dissolve(desa: gpd.GeoDataFrame, by: str, named: gpd.GeoDataFrame | None, prefix: str) -> gpd.GeoDataFrame:
    """Make the higher level from the desa by code; the level's own layer, where given, lends only the names.

    Layers of one source do not share edges, so that counting by their own polygons would disagree with the desa.
    """
    grouped = desa.dropna(subset=[by])
    if grouped.empty:
        return gpd.GeoDataFrame({"code": [], "name": []}, geometry=[], crs=desa.crs)
    merged = grouped[[by, "geometry"]].dissolve(by=by).reset_index().rename(columns={by: "code"})
    merged["geometry"] = merged.geometry.buffer(CLOSING_M, join_style="mitre").buffer(-CLOSING_M, join_style="mitre")
    names = (
        {} if named is None else {digits(code): name for code, name in zip(named["code"], named["name"], strict=True)}
    )
    merged["name"] = [names.get(digits(code)) or f"{prefix} {code}".strip() for code in merged["code"]]
    return merged[["code", "name", "geometry"]]


def load_families(
    snapshot: SnapshotRef, desa: gpd.GeoDataFrame, crs: str, *, poor_deciles: tuple[int, ...]
) -> pd.DataFrame:
    """Snapshot rows with x, y in metres (NaN where the position is not usable), kecamatan and ``poor``."""
    families = read_snapshot(snapshot).sort_values("family_id", ignore_index=True)
    usable = families["coordinate_status"].eq("ok") & families["longitude"].notna()
    points = gpd.GeoSeries(
        gpd.points_from_xy(families.loc[usable, "longitude"], families.loc[usable, "latitude"]), crs="EPSG:4326"
    ).to_crs(crs)
    x, y = np.full(len(families), np.nan), np.full(len(families), np.nan)
    x[usable.to_numpy()], y[usable.to_numpy()] = points.x.to_numpy(), points.y.to_numpy()
    parents = desa.set_index("code")
    return families.assign(
        x=x,
        y=y,
        poor=families["decile"].isin(list(poor_deciles)).fillna(False).astype(bool),
        kecamatan_code=families["code"].map(parents["kecamatan_code"]),
        kabupaten_code=families["code"].map(parents["kabupaten_code"]),
    ).drop(columns=["longitude", "latitude"])


def _presence(
    workspace: Workspace, period: str, desa: gpd.GeoDataFrame, kecamatan: gpd.GeoDataFrame, crs: str
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame | None, dict[str, Any]]:
    """Facilities that count, works that are funded (None where no layer of works was supplied), and their facts."""
    settings = workspace.settings
    facilities, counts = settle_facilities(
        layers.read_facilities(workspace).to_crs(crs), desa, kecamatan, district=settings.name, settings=settings
    )
    supplied = read_works(workspace)
    if not (workspace.catalog.shaped(WORKS_KIND) or workspace.catalog.tables("planned_works")):
        return facilities, None, {"facilities": counts, "works": None}
    works, found = place_works(supplied.to_crs(crs), desa, period=period, years_back=settings.funded_years_back)
    return facilities, works, {"facilities": counts, "works": found}


def _bps_codes(workspace: Workspace, desa: gpd.GeoDataFrame) -> dict[str, str]:
    """BPS code of each desa by the boundary's code: its own where the boundary is BPS's, else by a crosswalk table."""
    if workspace.settings.code_system == "bps":
        return {str(code): str(code) for code in desa["code"]}
    known: dict[str, str] = {}
    for table in layers.read_table(workspace, "crosswalk"):
        pairs = zip(table["kode_kemendagri"], table["kode_bps"], strict=True)
        known |= {digits(theirs): str(bps) for theirs, bps in pairs}
    return {str(code): known[digits(code)] for code in desa["code"] if digits(code) in known}


def _population(workspace: Workspace, desa: gpd.GeoDataFrame) -> pd.DataFrame | None:
    """The newest population figure of each desa, aligned with the boundary's codes."""
    table = layers.read_population(workspace)
    if table is None:
        return None
    newest = table.assign(key=[digits(code) for code in table["code"]]).sort_values(["key", "year"])
    newest = newest.drop_duplicates("key", keep="last").set_index("key")
    aligned = newest.reindex([digits(code) for code in desa["code"]])
    aligned.index = pd.Index(desa["code"], name="code")
    return aligned
