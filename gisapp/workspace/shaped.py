"""Works with a budget, and public land: points, lines or polygons of one meaning, or a table of works with codes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisapp.analysis.codes import digits
from gisapp.catalog.spec import PUBLIC_LAND_KIND, SHAPED_KINDS, WORKS_KIND, LayerSpec
from gisapp.catalog.work_kinds import NEEDS, work_answers
from gisapp.errors import Problem, some
from gisapp.readers.layer import read_layer, read_layer_table
from gisapp.readers.numbers import parse_coordinates
from gisapp.readers.points import POSITION, classify
from gisapp.readers.vector import VectorRead
from gisapp.workspace.columns import PLACE_NAMES, as_text, find_column
from gisapp.workspace.folder import Workspace
from gisapp.workspace.land import outside_problem
from gisapp.workspace.layers import WGS84, read_boundary
from gisapp.workspace.places import read_shapes
from gisapp.workspace.prepared import Prepared, Request, vector_prepared, warn
from gisapp.workspace.tables import canonical_table

WORK_COLUMNS = ["layer", "name", "work", "year", "budget_idr", "answers", "code", "families", "source", "geometry"]
_PLACED = ("known", "outside")


def shaped_kind(request: Request) -> str | None:
    """Kind of works or of public land that a request is for, by ``--kind`` or by the layer's name."""
    kind = request.kind or (request.name if request.level is None and request.kind_column is None else None)
    return kind if kind in SHAPED_KINDS else None


def prepare_shaped(workspace: Workspace, request: Request) -> Prepared:
    """Check works or public land of any shape.

    Raises
    ------
    FileRefusedError : code ``table_columns`` or ``table_value`` for works without a kind of work or year, and all of
        the readers.
    """
    kind = shaped_kind(request)
    read = read_shapes(request)
    frame = read.frame
    keys: dict[str, object] = {
        "kind": kind,
        "name_column": find_column(frame.columns, PLACE_NAMES),
        "latitude": request.latitude,
        "longitude": request.longitude,
    }
    problems = [*read.problems, *outside_problem(workspace, frame), *_without_shape(frame, kind == WORKS_KIND)]
    if kind == WORKS_KIND:
        works = _typed_works(request.file, _as_table(frame, request.class_column))
        known = {_key(word): found for word in pd.unique(works["work"]) if (found := _answers(word, {}))}
        keys |= {"class_column": request.class_column, "kind_map": known}
        codes = read_boundary(workspace, "desa")
        problems += work_problems(works, known, None if codes is None else codes["code"], frame.geometry)
    return vector_prepared(request, VectorRead(frame, read.crs, ()), keys, problems)


def read_works(workspace: Workspace) -> gpd.GeoDataFrame:
    """Every funded work of maps and tables (EPSG:4326), in the columns of ``WORK_COLUMNS``, by layer.

    ``answers`` is a tuple of needs, empty where the kind of work is not known; ``code`` the area's code as the file
    writes it, or empty; ``families`` the most that it is for, or missing; the geometry is None where only a code says
    where it is.
    """
    maps = [_work_layer(spec, *_spatial(spec)) for spec in workspace.catalog.shaped(WORKS_KIND)]
    tables = [_work_layer(spec, *_tabular(spec)) for spec in workspace.catalog.tables("planned_works")]
    frames = [frame for frame in (*maps, *tables) if len(frame)]
    if not frames:
        empty = {name: pd.Series(dtype="object") for name in WORK_COLUMNS[:-1]}
        return gpd.GeoDataFrame(empty, geometry=gpd.GeoSeries([], crs=WGS84), crs=WGS84)
    return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=WGS84)


def read_public_land(workspace: Workspace) -> gpd.GeoDataFrame:
    """Public land (EPSG:4326): layer, name, geometry; without rows that have no shape."""
    frames = []
    for spec in workspace.catalog.shaped(PUBLIC_LAND_KIND):
        frame = read_layer(spec).frame
        named = spec.name_column or find_column(frame.columns, PLACE_NAMES)
        name = as_text(frame[named]) if named in frame.columns else ""
        made = gpd.GeoDataFrame({"layer": spec.name, "name": name}, geometry=frame.geometry, index=frame.index)
        frames.append(made[_has_shape(frame)])
    if not frames:
        return gpd.GeoDataFrame({"layer": [], "name": []}, geometry=gpd.GeoSeries([], crs=WGS84), crs=WGS84)
    return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=WGS84)


def work_problems(
    works: pd.DataFrame, own: Mapping[str, str], desa: pd.Series | None, shapes: gpd.GeoSeries | None
) -> list[Problem]:
    """Works of which nobody can say what they answer, or where they stand, with counts and the first of them."""
    problems = []
    unknown = [word for word in works["work"] if not _answers(word, own)]
    if unknown:
        needs = ", ".join(NEEDS)
        listed = some(sorted(set(unknown)))
        problems.append(
            warn(
                "work_kind_unknown",
                len(unknown),
                f"Works that answer no need that is known: {listed}. Where one does, say so under [kind_map]: {needs}.",
                f"Kegiatan yang tidak menjawab kebutuhan yang dikenal: {listed}. "
                f"Bila menjawab, tulis di [kind_map]: {needs}.",
            )
        )
    code = works["code"] if "code" in works else pd.Series("", index=works.index)
    placed = np.zeros(len(works), dtype=bool) if shapes is None else (shapes.notna() & ~shapes.is_empty).to_numpy()
    known = _areas_known(code, desa)
    lost = ~placed & ~known
    if lost.any():
        listed = some(f"#{row + 1}" for row in np.flatnonzero(lost))
        problems.append(
            warn(
                "work_without_place",
                int(lost.sum()),
                f"Works without a place on the map and without the code of a desa or kecamatan here: {listed}. "
                "They pre-empt nothing.",
                f"Kegiatan tanpa letak di peta dan tanpa kode desa atau kecamatan kabupaten ini: {listed}. "
                "Tidak mendahului usulan apa pun.",
            )
        )
    return problems


def table_work_problems(workspace: Workspace, spec: LayerSpec) -> list[Problem]:
    """What ``check`` says of a stored table or map of works."""
    typed, shapes = _tabular(spec) if spec.role == "table" else _spatial(spec)
    desa = read_boundary(workspace, "desa")
    return work_problems(typed, spec.kind_map, None if desa is None else desa["code"], shapes)


def listed_work_problems(workspace: Workspace, typed: pd.DataFrame) -> list[Problem]:
    """What ``add`` says of a table of works whose columns are named and typed."""
    desa, table = read_boundary(workspace, "desa"), typed.reset_index(drop=True)
    return work_problems(table, {}, None if desa is None else desa["code"], _points_of(table))


def _spatial(spec: LayerSpec) -> tuple[pd.DataFrame, gpd.GeoSeries]:
    frame = read_layer(spec).frame
    shapes = gpd.GeoSeries(np.where(_has_shape(frame), frame.geometry.to_numpy(), None), crs=WGS84)
    return _typed_works(spec.data_path or Path(spec.name), _as_table(frame, spec.class_column)), shapes


def _tabular(spec: LayerSpec) -> tuple[pd.DataFrame, gpd.GeoSeries]:
    typed = _typed_works(spec.data_path or Path(spec.name), read_layer_table(spec))
    return typed, _points_of(typed)


def _points_of(typed: pd.DataFrame) -> gpd.GeoSeries:
    """Points of a table of works, None where a row has no coordinates that can be used."""
    shapes = np.full(len(typed), None, dtype=object)
    if {"latitude", "longitude"} <= set(typed.columns):
        x, y = parse_coordinates(typed["longitude"]), parse_coordinates(typed["latitude"])
        usable = classify(x, y) == "known"
        shapes[usable] = shapely.points(x[usable], y[usable])
    return gpd.GeoSeries(shapes, crs=WGS84)


def _work_layer(spec: LayerSpec, typed: pd.DataFrame, shapes: gpd.GeoSeries) -> gpd.GeoDataFrame:
    blank = pd.Series("", index=typed.index)
    name, code, source = (typed.get(column, blank) for column in ("name", "code", "source"))
    missing = pd.Series(np.nan, index=typed.index)
    answers = [tuple(need for need in _answers(word, spec.kind_map).split("; ") if need) for word in typed["work"]]
    values = {
        "layer": spec.name,
        "name": name.where(name.str.strip() != "", typed["work"]).to_numpy(),
        "work": typed["work"].to_numpy(),
        "year": typed["year"].to_numpy(dtype="int64"),
        "budget_idr": typed.get("budget_idr", missing).to_numpy(dtype=float, na_value=np.nan),
        "answers": answers,
        "code": code.to_numpy(),
        "families": typed.get("families", missing).to_numpy(dtype=float, na_value=np.nan),
        "source": source.where(source != "", spec.source).to_numpy(),
    }
    return gpd.GeoDataFrame(values, geometry=shapes.to_numpy(), crs=WGS84)


def _typed_works(path: Path, table: pd.DataFrame) -> pd.DataFrame:
    return canonical_table(path, table, "planned_works").reset_index(drop=True)


def _as_table(frame: gpd.GeoDataFrame, class_column: str | None) -> pd.DataFrame:
    """Attributes of a map as a table of text; the column of the kind of work under its usual name."""
    plain = frame.drop(columns=[frame.geometry.name, *([POSITION] if POSITION in frame else [])])
    texts = pd.DataFrame({str(name): as_text(plain[name]) for name in plain.columns}, index=frame.index)
    if class_column is not None and class_column in texts:
        texts = texts.rename(columns={"jenis": "jenis_semula"}).rename(columns={class_column: "jenis"})
    return texts


def _has_shape(frame: gpd.GeoDataFrame) -> np.ndarray:
    """Which rows have a shape whose place can be believed."""
    there = ~(frame.geometry.isna() | frame.geometry.is_empty)
    if POSITION in frame:
        there &= frame[POSITION].isin(_PLACED)
    found: np.ndarray = there.to_numpy()
    return found


def _without_shape(frame: gpd.GeoDataFrame, codes_help: bool) -> list[Problem]:
    lost = int((~_has_shape(frame)).sum())
    if not lost or codes_help:
        return []
    return [warn("geometry_missing", lost, "Rows without a usable place.", "Baris tanpa letak yang dapat dipakai.")]


def _areas_known(code: pd.Series, desa: pd.Series | None) -> np.ndarray:
    """Whether a code is of a desa, or of a larger area down to the kecamatan, of the district."""
    if desa is None:
        stated: np.ndarray = (code.str.strip() != "").to_numpy()
        return stated
    own = [digits(one) for one in desa]
    found = [len(bare) > 4 and any(one.startswith(bare) for one in own) for bare in map(digits, code)]
    known: np.ndarray = np.array(found, dtype=bool)
    return known


def _answers(word: str, own: Mapping[str, str]) -> str:
    return "; ".join(work_answers(word, own))


def _key(word: str) -> str:
    return " ".join(word.split()).casefold()
