"""Brought facilities and lines checked; a facility is never dropped, whatever its position."""

from __future__ import annotations

import dataclasses
from collections import Counter
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from gisapp.catalog.spec import LINE_KINDS
from gisapp.errors import Problem
from gisapp.readers.guard import identify, refuse
from gisapp.readers.points import POSITION, position_of, position_problems, read_points
from gisapp.readers.vector import VectorRead, is_geoparquet, read_vector
from gisapp.workspace.capacity import asked_capacity_column, capacity_problems
from gisapp.workspace.columns import PLACE_NAMES, as_text, find_column, nearest
from gisapp.workspace.folder import Workspace
from gisapp.workspace.layers import district_outline, place, row_labels
from gisapp.workspace.osm_lines import read_lines
from gisapp.workspace.prepared import Prepared, Request, vector_prepared, warn
from gisapp.workspace.usable import no_position, no_rows, refuse_unusable

_POSITION_CODES = {
    "coordinate_missing",
    "coordinate_unreadable",
    "coordinate_zero",
    "coordinate_swapped",
    "coordinate_outside",
    "coordinate_stacked",
    "not_finite",
}
_LINES = ("LineString", "MultiLineString")


def prepare_facilities(workspace: Workspace, request: Request) -> Prepared:
    """Check a facility file: its kinds, its positions against the district.

    Raises
    ------
    FileRefusedError : code ``kind_missing``, ``kind_column_missing``, ``capacity_column_missing``, ``geometry_type``,
        ``layer_empty``, ``columns_swapped`` or ``position_unusable`` where no row has a usable position, and all of
        the readers.
    """
    kind = request.kind or (
        request.name if request.kind_column is None and workspace.catalog.kind_of(request.name) else None
    )
    if kind is None and request.kind_column is None:
        listed = ", ".join(
            sorted(spec.kind or "" for spec in workspace.catalog.defaults.values() if spec.role == "facility")
        )
        raise refuse(
            f"{request.file}: say the kind (--kind) or the column that holds it (--kind-column). Kinds: {listed}.",
            f"{request.file}: sebutkan jenis (--kind) atau kolomnya (--kind-column). Jenis: {listed}.",
            code="kind_missing",
        )
    read, problems = _read_places(request)
    frame = read.frame
    position = place(frame, district_outline(workspace), workspace.settings.facility_stack_threshold)
    refuse_unusable(request.file, [*no_rows(len(frame)), *no_position(position, problems)])
    problems = [_only_a_warning(problem) for problem in problems]
    named = find_column(frame.columns, PLACE_NAMES)
    capacity = asked_capacity_column(request.file, frame, request.capacity_column)
    problems += capacity_problems(frame, capacity)
    keys: dict[str, object] = {"name_column": named, "capacity_column": capacity}
    if request.kind_column is not None:
        kind_map, unknown = _kind_map(workspace, request, frame)
        keys |= {"kind_column": request.kind_column, "kind_map": kind_map}
        problems += unknown
    else:
        keys |= _one_kind(workspace, kind or "", problems, len(frame))
    problems += position_problems(position, row_labels(as_text(frame[named]) if named else None, len(frame)))
    return vector_prepared(request, read, keys, problems)


def _only_a_warning(problem: Problem) -> Problem:
    """What is wrong with a part of a layer whose rest is usable."""
    return dataclasses.replace(problem, severity="warning") if problem.severity == "error" else problem


def prepare_lines(request: Request) -> Prepared:
    """Check a road or river file: lines of one kind; roads where neither --kind nor the name says so."""
    named = request.name.casefold() if request.name.casefold() in LINE_KINDS else None
    kind = (request.kind or named or "jalan").casefold()
    if kind not in LINE_KINDS:
        listed = ", ".join(LINE_KINDS)
        raise refuse(
            f"{request.file}: say --kind {listed}.", f"{request.file}: sebutkan --kind {listed}.", code="kind_missing"
        )
    read = read_lines(request, kind)
    present = read.frame.geometry[~(read.frame.geometry.isna() | read.frame.geometry.is_empty)]
    other = sorted(set(present.geom_type) - set(_LINES))
    if other or present.empty:
        shown = ", ".join(other) or "-"
        raise refuse(
            f"{request.file}: roads and rivers must be lines; the file holds {shown}.",
            f"{request.file}: jalan dan sungai harus garis; isi berkas {shown}.",
            code="geometry_type",
        )
    keys = {
        "kind": kind,
        "name_column": find_column(read.frame.columns, PLACE_NAMES),
        "service": "road" if kind == "jalan" else None,
    }
    lost = len(read.frame) - len(present)
    missing = [warn("geometry_missing", lost, "Rows without a line.", "Baris tanpa garis.")] if lost else []
    if request.kind is None and named is None:
        missing.append(_taken_as_roads(len(present)))
    return vector_prepared(request, read, keys, [*read.problems, *missing])


def _taken_as_roads(lines: int) -> Problem:
    return warn(
        "kind_assumed",
        lines,
        "No --kind was given: the lines are taken as roads (jalan). Rivers are --kind sungai.",
        "Tanpa --kind: garis dianggap jalan. Untuk sungai: --kind sungai.",
        severity="info",
    )


def _read_places(request: Request) -> tuple[VectorRead, list[Problem]]:
    if _is_table(request.file):
        read = read_points(request.file, crs=request.crs, latitude=request.latitude, longitude=request.longitude)
        return read, [problem for problem in read.problems if problem.code not in _POSITION_CODES]
    read = read_vector(request.file, crs=request.crs)
    frame, problems = _as_points(request.file, read.frame)
    frame[POSITION] = position_of(frame.geometry)
    kept = [problem for problem in read.problems if problem.code != "outside_indonesia"]
    return VectorRead(frame, read.crs, ()), [*kept, *problems]


def read_shapes(request: Request) -> VectorRead:
    """Read points, lines or polygons as they are; of a table with coordinates the points, with their ``position``."""
    if _is_table(request.file):
        return read_points(request.file, crs=request.crs, latitude=request.latitude, longitude=request.longitude)
    return read_vector(request.file, crs=request.crs)


def _is_table(path: Path) -> bool:
    kind = identify(path)
    return kind in ("csv", "xlsx") or (kind == "parquet" and not is_geoparquet(path))


def _as_points(path: Path, frame: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    kinds = set(frame.geometry.geom_type.dropna())
    if kinds & {"LineString", "MultiLineString", "LinearRing"}:
        raise refuse(
            f"{path}: facilities must be points (or footprints); the file holds lines.",
            f"{path}: sarana harus titik (atau tapak bangunan); isi berkas garis.",
            code="geometry_type",
        )
    shaped = frame.geometry.geom_type.isin(["Polygon", "MultiPolygon", "MultiPoint", "GeometryCollection"])
    if not shaped.any():
        return frame.copy(), []
    points = gpd.GeoSeries(shapely.point_on_surface(frame.geometry.to_numpy()), index=frame.index, crs=frame.crs)
    problem = warn(
        "footprint",
        int(shaped.sum()),
        "Footprints and multipoints; a point on each is used.",
        "Tapak dan multititik; satu titik di dalamnya yang dipakai.",
        severity="info",
    )
    return frame.set_geometry(points), [problem]


def _one_kind(workspace: Workspace, kind: str, problems: list[Problem], rows: int) -> dict[str, object]:
    known = workspace.catalog.kind_of(kind)
    if known is None:
        problems.append(_unknown_kinds(Counter({kind: rows})))
    found = known or kind.casefold()
    return {"kind": found, "service": workspace.catalog.service_of(found)}


def _kind_map(workspace: Workspace, request: Request, frame: gpd.GeoDataFrame) -> tuple[dict[str, str], list[Problem]]:
    column = request.kind_column or ""
    if column not in frame.columns:
        names = [str(name) for name in frame.columns if name not in ("geometry", POSITION)]
        listed, meant = ", ".join(names), nearest(column, names)
        raise refuse(
            f"{request.file}: no column {column!r} (--kind-column).{meant.en} Columns: {listed}.",
            f"{request.file}: tidak ada kolom {column!r} (--kind-column).{meant.id} Kolom: {listed}.",
            code="kind_column_missing",
        )
    words = as_text(frame[column])
    folded = words.map(lambda word: " ".join(word.split()).casefold())
    known = {word: workspace.catalog.kind_of(word) for word in sorted(pd.unique(folded)) if word}
    unknown = Counter(word for word in folded if known.get(word) is None)
    kind_map = {word: kind for word, kind in known.items() if kind is not None}
    return kind_map, [_unknown_kinds(unknown)] if unknown else []


def _unknown_kinds(counts: Counter[str]) -> Problem:
    listed = ", ".join(f"{word or '(kosong)'} {count}" for word, count in sorted(counts.items())[:10])
    return warn(
        "kind_unknown",
        sum(counts.values()),
        f"Rows of kinds outside the catalogue, kept but counted for no service: {listed}.",
        f"Baris berjenis di luar katalog, disimpan tetapi tidak dihitung untuk layanan apa pun: {listed}.",
    )
