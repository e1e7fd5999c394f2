"""Brought rasters and tables checked, and kept as they were brought."""

from __future__ import annotations

import shutil
from pathlib import Path

import shapely
from pyproj import CRS, Transformer

from gisapp.catalog.spec import RASTER_KINDS, TABLE_KINDS
from gisapp.errors import Problem
from gisapp.readers.guard import refuse
from gisapp.readers.raster import RasterInfo, read_raster_info
from gisapp.readers.table import read_table
from gisapp.workspace.folder import Workspace
from gisapp.workspace.land_cover import land_cover_problems
from gisapp.workspace.layers import district_outline, read_boundary
from gisapp.workspace.prepared import Prepared, Request, warn
from gisapp.workspace.shaped import listed_work_problems
from gisapp.workspace.tables import TABLE_COLUMNS, canonical_table
from gisapp.workspace.usable import foreign_codes, refuse_unusable


def prepare_raster(workspace: Workspace, request: Request) -> Prepared:
    """Check a GeoTIFF: its size, its CRS, its nodata, the codes of a land cover.

    Raises
    ------
    FileRefusedError : code ``kind_missing``, ``land_cover_empty``, ``land_cover_codes`` and all of the raster reader.
    """
    named = request.name.casefold() in RASTER_KINDS
    assumed = request.kind is None and not named
    kind = "other" if assumed else _kind(request, RASTER_KINDS)
    info = read_raster_info(request.file, kind=kind, crs=request.crs)
    keys = {"kind": kind, "crs": request.crs}
    cover = (
        land_cover_problems(workspace, request.file, info, name=request.name, own={}) if kind == "land_cover" else []
    )
    refuse_unusable(request.file, cover)

    def write(path: Path) -> None:
        shutil.copyfile(request.file, path)

    return Prepared(
        ending=".tif",
        write=write,
        keys={name: value for name, value in keys.items() if value is not None},
        features=1,
        crs=info.crs,
        problems=(*info.problems, *cover, *raster_outside(workspace, info), *(_kind_assumed() if assumed else ())),
        grain=f"sel / cell {cell_height_m(info):.0f} m",
    )


def cell_height_m(info: RasterInfo) -> float:
    """Height of a cell in metres; a degree of latitude is taken as 110 574 m."""
    crs = CRS.from_user_input(info.crs)
    metres = 110_574.0 if crs.is_geographic else crs.axis_info[0].unit_conversion_factor
    return abs(float(info.transform.e)) * metres


def _kind_assumed() -> list[Problem]:
    listed = ", ".join(RASTER_KINDS[:-1])
    return [
        warn(
            "kind_assumed",
            1,
            f"No --kind was given: the raster is drawn, and enters no figure. Kinds that do: {listed}.",
            f"Tanpa --kind: raster hanya digambar, tidak masuk perhitungan. Jenis yang dihitung: {listed}.",
            severity="info",
        )
    ]


def raster_outside(workspace: Workspace, info: RasterInfo) -> list[Problem]:
    """A raster that does not touch the district."""
    outline = district_outline(workspace)
    if outline is None:
        return []
    transformer = Transformer.from_crs(CRS.from_user_input(info.crs), CRS.from_epsg(4326), always_xy=True)
    if shapely.intersects(outline, shapely.box(*transformer.transform_bounds(*info.bounds))):
        return []
    return [warn("outside_district", 1, "The raster does not touch the district.", "Raster tidak menyentuh kabupaten.")]


def prepare_table(workspace: Workspace, request: Request) -> Prepared:
    """Check a table: the columns that its kind requires, and their values. It is kept as UTF-8 CSV, all text.

    Raises
    ------
    FileRefusedError : code ``kind_missing``, ``table_columns``, ``table_value``, ``table_empty``, ``code_foreign``
        where no row is of a desa of the boundary, and all of the reader.
    """
    kind = _kind(request, TABLE_KINDS)
    read = read_table(request.file)
    if read.frame.empty:
        raise refuse(
            f"{request.file}: the table has no rows.", f"{request.file}: tabel tidak berisi baris.", code="table_empty"
        )
    typed = canonical_table(request.file, read.frame, kind)
    desa = read_boundary(workspace, "desa")
    refuse_unusable(request.file, foreign_codes(kind, typed, None if desa is None else desa["code"]))
    problems = list(read.problems)
    if kind == "planned_works":
        problems += listed_work_problems(workspace, typed)
    identity = [
        name for name in ("code", "concept", "work", "name", "year", "kode_kemendagri", "kode_bps") if name in typed
    ]
    repeated = int(typed.duplicated(identity).sum()) if TABLE_COLUMNS[kind] and identity else 0
    if repeated:
        listed = ", ".join(identity)
        problems.append(
            warn("rows_repeated", repeated, f"Rows repeat the same {listed}.", f"Baris mengulang {listed} yang sama.")
        )

    def write(path: Path) -> None:
        read.frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")

    return Prepared(
        ending=".csv", write=write, keys={"kind": kind}, features=len(typed), crs="", problems=tuple(problems)
    )


def _kind(request: Request, kinds: tuple[str, ...]) -> str:
    kind = (request.kind or request.name).casefold()
    if kind not in kinds:
        listed = ", ".join(kinds)
        raise refuse(
            f"{request.file}: say the kind with --kind: {listed}.",
            f"{request.file}: sebutkan jenisnya dengan --kind: {listed}.",
            code="kind_missing",
        )
    return kind
