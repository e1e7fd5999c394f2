"""A brought boundary checked: its codes, its polygons, and what it tells of the district."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from gisapp.analysis.codes import DIGITS, digits, guess_system, kabupaten_of
from gisapp.catalog.spec import CONTEXT_KINDS, SHAPED_KINDS
from gisapp.errors import FileRefusedError, Problem
from gisapp.readers.crs import INDONESIA
from gisapp.readers.guard import refuse
from gisapp.readers.vector import VectorRead, read_vector
from gisapp.workspace.columns import AREA_NAMES, CODE_NAMES, as_text, find_column, nearest, single_kabupaten
from gisapp.workspace.folder import Workspace
from gisapp.workspace.land import land_keys
from gisapp.workspace.layers import boundary_frame
from gisapp.workspace.prepared import Prepared, Request, vector_prepared, warn
from gisapp.workspace.settings import AUTO, WorkspaceSettings
from gisapp.workspace.topology import topology_problems
from gisapp.workspace.usable import foreign_district, refuse_unusable, wrong_level

_POLYGONS = ("Polygon", "MultiPolygon")


def prepare_boundary(workspace: Workspace, request: Request) -> Prepared:
    """Check a boundary file: polygons, unique codes as text, overlaps and gaps; or context polygons of a kind.

    Raises
    ------
    FileRefusedError : code ``geometry_type``, ``key_missing``, ``key_blank``, ``key_duplicate``, ``key_damaged``,
        ``axes_swapped``, ``level_missing``, ``level_mismatch``, ``kode_mismatch`` and all of the readers.
    """
    level = request.level or (request.name if request.name in AREA_NAMES and request.kind is None else None)
    if level is None and request.kind not in CONTEXT_KINDS:
        listed = ", ".join((*CONTEXT_KINDS, *SHAPED_KINDS))
        raise refuse(
            f"{request.file}: say the level (--level desa, kecamatan, kabupaten or sls) or the kind (--kind {listed}).",
            f"{request.file}: sebutkan tingkat (--level desa, kecamatan, kabupaten, sls) atau jenis (--kind {listed}).",
            code="level_missing",
        )
    read = read_vector(request.file, crs=request.crs)
    _require_polygons(request.file, read.frame)
    if level is None:
        keys, problems = land_keys(workspace, request, read.frame)
        return vector_prepared(request, read, keys, [*read.problems, *_without_polygon(read.frame, None), *problems])
    if level not in AREA_NAMES:
        raise refuse(f"There is no level {level!r}.", f"Tidak ada tingkat {level!r}.", code="level_missing")
    return _administrative(workspace, request, read, level)


def find_key_column(path: Path | str, *, level: str) -> str:
    """Find the column of the area code by its usual names; a usual name counts only where it identifies every row.

    Raises
    ------
    FileRefusedError : code ``key_missing``.
    """
    frame = read_vector(path).frame
    usual = set(CODE_NAMES[level])
    for name in frame.columns:
        if str(name).casefold() in usual and name != frame.geometry.name:
            texts = as_text(frame[name])
            if (texts != "").all() and texts.is_unique:
                return str(name)
    raise _no_key(Path(path), frame, None)


def settings_from_desa(frame: gpd.GeoDataFrame, codes: pd.Series, settings: WorkspaceSettings) -> dict[str, str]:
    """What gisapp.toml can take from a desa boundary; only keys that nobody has edited."""
    values: dict[str, str] = {}
    if not settings.kode:
        values |= {"kode": kabupaten_of(codes) or ""}
        values |= {"code_system": guess_system(codes) or settings.code_system}
    if not settings.name:
        values["name"] = single_kabupaten(frame) or ""
    if settings.working_crs == AUTO:
        values["working_crs"] = utm_zone(frame)
    return {key: value for key, value in values.items() if value}


def utm_zone(frame: gpd.GeoDataFrame) -> str:
    """UTM zone (EPSG:326xx north, 327xx south of the equator) of the middle of a layer in EPSG:4326."""
    west, south, east, north = frame.total_bounds
    zone = int(((west + east) / 2 + 180) // 6) + 1
    return f"EPSG:{(32600 if (south + north) / 2 >= 0 else 32700) + zone}"


def _administrative(workspace: Workspace, request: Request, read: VectorRead, level: str) -> Prepared:
    key = request.key or find_column(read.frame.columns, CODE_NAMES[level])
    if key is None or key not in read.frame.columns or key == read.frame.geometry.name:
        raise _no_key(request.file, read.frame, request.key)
    codes, problems = _codes(request.file, read.frame, key)
    frame = read.frame.assign(**{key: codes})
    _refuse_swapped_axes(request.file, frame)
    listed = codes.tolist()
    refuse_unusable(request.file, [*wrong_level(listed, level), *foreign_district(workspace, listed, level)])
    name_column = _name_column(request, frame, level, problems)
    problems += _without_polygon(frame, codes)
    areas = boundary_frame(frame, key, name_column, level)
    problems += topology_problems(areas)
    problems += _length_problems(codes, level)
    keys = {"level": level, "key": key, "name_column": name_column, "legal_status": request.legal_status or "indikatif"}
    prepared = vector_prepared(request, VectorRead(frame, read.crs, ()), keys, [*read.problems, *problems])
    if level == "desa":
        prepared.settings.update(settings_from_desa(frame, codes, workspace.settings))
    elif level == "kabupaten" and len(areas) == 1 and not workspace.settings.name:
        prepared.settings["name"] = str(areas["name"].iloc[0])
    return prepared


def _name_column(request: Request, frame: gpd.GeoDataFrame, level: str, problems: list[Problem]) -> str | None:
    """The column asked for by --name-column, else one with a usual name; where there is none, a problem is noted."""
    names = [str(name) for name in frame.columns if name != frame.geometry.name]
    if request.name_column is not None:
        if request.name_column in names:
            return request.name_column
        listed, meant = ", ".join(names), nearest(request.name_column, names)
        raise refuse(
            f"{request.file}: no column {request.name_column!r} (--name-column).{meant.en} Columns: {listed}.",
            f"{request.file}: tidak ada kolom {request.name_column!r} (--name-column).{meant.id} Kolom: {listed}.",
            code="name_column_missing",
        )
    found = find_column(names, AREA_NAMES[level])
    if found is None:
        listed = ", ".join(names[:30])
        problems.append(
            warn(
                "name_missing",
                len(frame),
                f"No column of names was found; codes are shown. Name it with --name-column. Columns: {listed}.",
                f"Kolom nama tidak ditemukan; kode yang ditampilkan. Sebutkan dengan --name-column. Kolom: {listed}.",
                severity="info",
            )
        )
    return found


def _codes(path: Path, frame: gpd.GeoDataFrame, key: str) -> tuple[pd.Series, list[Problem]]:
    codes = as_text(frame[key])
    if (codes == "").any():
        rows = _rows(np.flatnonzero(codes == ""))
        raise refuse(
            f"{path}: column {key} is blank in {int((codes == '').sum())} rows ({rows}). Fill in every code.",
            f"{path}: kolom {key} kosong di {int((codes == '').sum())} baris ({rows}). Isi semua kode.",
            code="key_blank",
        )
    problems = []
    if pd.api.types.is_numeric_dtype(frame[key]):
        _refuse_lost_zeros(path, codes, key)
        problems.append(
            warn(
                "key_not_text",
                len(codes),
                f"Column {key} holds numbers, not text; zeros may be lost.",
                f"Kolom {key} berisi angka, bukan teks; angka nol dapat hilang.",
            )
        )
    repeated = [(code, count) for code, count in sorted(Counter(codes).items()) if count > 1]
    if repeated:
        listed = ", ".join(f"{code} ({count}×)" for code, count in repeated[:5])
        raise refuse(
            f"{path}: column {key} has {len(repeated)} codes twice: {listed}. Merge or correct them.",
            f"{path}: kolom {key} memuat {len(repeated)} kode ganda: {listed}. Gabungkan atau betulkan.",
            code="key_duplicate",
        )
    return codes, problems


def _refuse_lost_zeros(path: Path, codes: pd.Series, key: str) -> None:
    """A dotted code read as a number has lost a zero: 12.10 becomes 12.1."""
    dotted = [code for code in codes if "." in code]
    if dotted:
        raise refuse(
            f"{path}: column {key} holds numbers ({dotted[0]}): 12.10 and 12.1 look the same. Save it as text.",
            f"{path}: kolom {key} berisi angka ({dotted[0]}): 12.10 dan 12.1 tampak sama. Simpan sebagai teks.",
            code="key_damaged",
        )


def _length_problems(codes: pd.Series, level: str) -> list[Problem]:
    allowed = {lengths[level] for lengths in DIGITS.values() if level in lengths}
    wrong = [code for code in codes if allowed and len(digits(code)) not in allowed]
    if wrong:
        expected = "/".join(str(length) for length in sorted(allowed))
        return [
            warn(
                "code_length",
                len(wrong),
                f"Codes without {expected} digits, first {wrong[0]}.",
                f"Kode yang tidak {expected} angka, pertama {wrong[0]}.",
            )
        ]
    districts = {digits(code)[:4] for code in codes}
    if len(districts) > 1 and level != "kabupaten":
        listed = ", ".join(sorted(districts)[:5])
        return [
            warn(
                "several_districts",
                len(districts),
                f"The codes belong to several districts: {listed}.",
                f"Kode berasal dari beberapa kabupaten: {listed}.",
            )
        ]
    return []


def _without_polygon(frame: gpd.GeoDataFrame, codes: pd.Series | None) -> list[Problem]:
    missing = (frame.geometry.isna() | frame.geometry.is_empty).to_numpy()
    if not missing.any():
        return []
    listed = ", ".join(codes[missing].head(5)) if codes is not None else _rows(np.flatnonzero(missing))
    return [
        warn(
            "area_without_polygon",
            int(missing.sum()),
            f"Areas without a polygon are not on the map: {listed}.",
            f"Wilayah tanpa poligon tidak ada di peta: {listed}.",
        )
    ]


def _require_polygons(path: Path, frame: gpd.GeoDataFrame) -> None:
    present = frame.geometry[~(frame.geometry.isna() | frame.geometry.is_empty)]
    other = sorted(set(present.geom_type) - set(_POLYGONS))
    if other or present.empty:
        shown = ", ".join(other) or "-"
        raise refuse(
            f"{path}: a boundary must be polygons; the file holds {shown}.",
            f"{path}: batas wilayah harus poligon; isi berkas {shown}.",
            code="geometry_type",
        )


def _refuse_swapped_axes(path: Path, frame: gpd.GeoDataFrame) -> None:
    x_low, y_low, x_high, y_high = frame.total_bounds
    west, south, east, north = INDONESIA
    if west <= y_low and y_high <= east and south <= x_low and x_high <= north:
        raise refuse(
            f"{path}: x and y are exchanged (latitude stands first). Export it again with longitude first.",
            f"{path}: x dan y tertukar (lintang di depan). Ekspor ulang dengan bujur di depan.",
            code="axes_swapped",
        )


def _no_key(path: Path, frame: gpd.GeoDataFrame, key: str | None) -> FileRefusedError:
    listed = ", ".join(str(name) for name in frame.columns if name != frame.geometry.name)
    asked = f"no column {key!r}" if key else "no column of area codes found"
    diminta = f"tidak ada kolom {key!r}" if key else "kolom kode wilayah tidak ditemukan"
    meant = nearest(key or "", [str(name) for name in frame.columns])
    return refuse(
        f"{path}: {asked}.{meant.en} Say it with --key. Columns: {listed}.",
        f"{path}: {diminta}.{meant.id} Sebutkan dengan --key. Kolom: {listed}.",
        code="key_missing",
    )


def _rows(positions: np.ndarray) -> str:
    return ", ".join(str(at + 1) for at in positions[:5])
