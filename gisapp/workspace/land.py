"""Land that a site is checked against: forest, estates, spatial plan, farmland, hazard; each polygon with its rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import geopandas as gpd
import pandas as pd
import shapely

from gisapp.catalog.land_classes import CLASSED_KINDS, NEEDS_CLASS, class_names, class_title, land_class
from gisapp.catalog.spec import CONTEXT_KINDS, LayerSpec
from gisapp.errors import Problem, some
from gisapp.readers.guard import refuse
from gisapp.readers.layer import read_layer
from gisapp.workspace.columns import PLACE_NAMES, as_text, find_column, nearest
from gisapp.workspace.folder import Workspace
from gisapp.workspace.layers import WGS84, district_outline
from gisapp.workspace.prepared import Request, warn

#: Usual names of the column of a class, by kind of land; the first that is there wins.
CLASS_COLUMNS = {
    "kawasan_hutan": ("fungsi", "fungsikws", "fungsi_kws", "fungsi_kawasan", "fungsi_kaw", "kelas_hutan", "kelas"),
    "pola_ruang_rtrw": (
        "pola_ruang", "polaruang", "rencana_pola_ruang", "jnsrpr", "orde03", "orde02", "namobj", "peruntukan",
        "kawasan", "fungsi", "klasifikasi", "kelas", "rencana", "zona",
    ),
    "rawan_bencana": (
        "tingkat", "tingkat_bahaya", "kelas_bahaya", "bahaya", "kerawanan", "tingkat_kerawanan", "klasifikasi", "kelas",
        "level", "hazard",
    ),
}  # fmt: skip
#: What is taken of a layer, or of a row, whose class nobody knows: the forest stays forest, the rest is only noted.
_UNKNOWN = {"kawasan_hutan": "excludes", "pola_ruang_rtrw": "note", "rawan_bencana": "note"}
LAND_COLUMNS = ["layer", "kind", "name", "class", "rule", "geometry"]


def read_land(workspace: Workspace) -> gpd.GeoDataFrame:
    """Polygons of every kind of land (EPSG:4326): layer, kind, name, class (title), rule (excludes, note, allows).

    A layer without classes excludes throughout.
    """
    specs = [spec for kind in CONTEXT_KINDS for spec in workspace.catalog.polygons(kind)]
    frames = [_one(workspace, spec) for spec in specs]
    if not frames:
        empty = {name: pd.Series(dtype="object") for name in LAND_COLUMNS[:-1]}
        return gpd.GeoDataFrame(empty, geometry=gpd.GeoSeries([], crs=WGS84), crs=WGS84)
    return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=WGS84)


def rules_of(workspace: Workspace, kind: str) -> Mapping[str, str]:
    """Rule of each class of a kind of land, as gisapp.toml says; empty for a kind without classes."""
    settings = workspace.settings
    return {
        "kawasan_hutan": settings.forest_rules,
        "pola_ruang_rtrw": settings.land_use_rules,
        "rawan_bencana": settings.hazard_rules,
    }.get(kind, {})


def land_keys(
    workspace: Workspace, request: Request, frame: gpd.GeoDataFrame
) -> tuple[dict[str, object], list[Problem]]:
    """What the TOML of a land layer says of its classes, and what was noticed.

    Raises FileRefusedError: code ``class_missing`` where the kind says nothing without one, ``class_column_missing``.
    """
    kind = request.kind or ""
    keys: dict[str, object] = {"kind": kind, "name_column": find_column(frame.columns, PLACE_NAMES)}
    problems = outside_problem(workspace, frame)
    if kind not in CLASSED_KINDS:
        return keys, problems
    column = _class_column(request, frame, kind)
    if column is None:
        return keys, [*problems, _no_classes(kind, len(frame))]
    words = as_text(frame[column])
    known = {_key(word): name for word in pd.unique(words) if (name := land_class(kind, word, {})) is not None}
    keys |= {"class_column": column, "kind_map": known}
    return keys, [*problems, *unknown_classes(kind, words, known), *excluded_classes(workspace, kind, words, known)]


def unknown_classes(kind: str, words: pd.Series, own: Mapping[str, str]) -> list[Problem]:
    """Rows whose class nobody knows: what is done with them, and where to say what they are."""
    unknown = Counter(word for word in words if land_class(kind, word, own) is None)
    if not unknown:
        return []
    listed = some(f"{word or '(kosong)'} {count}" for word, count in sorted(unknown.items()))
    names = ", ".join(class_names(kind))
    taken = {"excludes": ("excluded", "dianggap melarang"), "note": ("only noted", "hanya dicatat")}[_UNKNOWN[kind]]
    return [
        warn(
            "class_unknown",
            sum(unknown.values()),
            f"Classes that are not known, {taken[0]}: {listed}. Say under [kind_map] which they are: {names}.",
            f"Kelas tidak dikenal, {taken[1]}: {listed}. Tulis padanannya di [kind_map]: {names}.",
        )
    ]


def excluded_classes(workspace: Workspace, kind: str, words: pd.Series, own: Mapping[str, str]) -> list[Problem]:
    """How many polygons exclude a site, by class, so that a wrong reading shows at once."""
    rules = rules_of(workspace, kind)
    counted = Counter(name for word in words if (name := land_class(kind, word, own)) is not None)
    listed = ", ".join(f"{name} {count} ({rules[name]})" for name, count in sorted(counted.items()))
    if not listed:
        return []
    text = f"Kelas dan artinya bagi lokasi: {listed}."
    return [
        warn("class_rules", len(words), f"Classes, and what they mean for a site: {listed}.", text, severity="info")
    ]


def land_problems(workspace: Workspace, spec: LayerSpec, frame: gpd.GeoDataFrame) -> list[Problem]:
    """What ``check`` says of a stored layer of land."""
    problems, kind = outside_problem(workspace, frame), spec.kind or ""
    if kind not in CLASSED_KINDS:
        return problems
    if spec.class_column not in frame.columns:
        return [*problems, _no_classes(kind, len(frame))]
    words = as_text(frame[spec.class_column])
    return [*problems, *unknown_classes(kind, words, spec.kind_map)]


def outside_problem(workspace: Workspace, frame: gpd.GeoDataFrame) -> list[Problem]:
    """A layer that does not touch the district: nothing was checked by it."""
    outline = district_outline(workspace)
    shapes = frame.geometry[~(frame.geometry.isna() | frame.geometry.is_empty)].to_numpy()
    if outline is None or not len(shapes) or shapely.intersects(outline, shapes).any():
        return []
    return [
        warn(
            "outside_district",
            len(frame),
            "The layer does not touch the district: nothing is checked against it.",
            "Lapisan tidak menyentuh kabupaten: tidak ada yang diperiksa dengannya.",
        )
    ]


def _one(workspace: Workspace, spec: LayerSpec) -> gpd.GeoDataFrame:
    frame = read_layer(spec).frame
    kind = spec.kind or ""
    named = spec.name_column or find_column(frame.columns, PLACE_NAMES)
    rules = rules_of(workspace, kind)
    if kind in CLASSED_KINDS and spec.class_column in frame.columns:
        words = as_text(frame[spec.class_column])
        table = {word: land_class(kind, word, spec.kind_map) for word in pd.unique(words)}
        rule = [rules[name] if (name := table[word]) is not None else _UNKNOWN[kind] for word in words]
        titles = [class_title(kind, name) if (name := table[word]) is not None else word or "?" for word in words]
    else:
        rule, titles = ["excludes"] * len(frame), [""] * len(frame)
    out = {
        "layer": spec.name,
        "kind": kind,
        "name": as_text(frame[named]) if named in frame.columns else "",
        "class": titles,
        "rule": rule,
    }
    made = gpd.GeoDataFrame(out, geometry=frame.geometry, crs=frame.crs, index=frame.index)
    return made[~(made.geometry.isna() | made.geometry.is_empty)]


def _class_column(request: Request, frame: gpd.GeoDataFrame, kind: str) -> str | None:
    names = [str(name) for name in frame.columns if name != frame.geometry.name]
    listed = ", ".join(names[:30])
    if request.class_column is not None and request.class_column not in names:
        meant = nearest(request.class_column, names)
        raise refuse(
            f"{request.file}: no column {request.class_column!r} (--class-column).{meant.en} Columns: {listed}.",
            f"{request.file}: tidak ada kolom {request.class_column!r} (--class-column).{meant.id} Kolom: {listed}.",
            code="class_column_missing",
        )
    found = request.class_column or find_column(names, CLASS_COLUMNS[kind])
    if found is None and kind in NEEDS_CLASS:
        raise refuse(
            f"{request.file}: {kind} says nothing without a class: name its column, --class-column. Columns: {listed}.",
            f"{request.file}: {kind} tidak bermakna tanpa kelas: sebutkan kolomnya, --class-column. Kolom: {listed}.",
            code="class_missing",
        )
    return found


def _no_classes(kind: str, rows: int) -> Problem:
    return warn(
        "class_missing",
        rows,
        f"No column of classes was found: every polygon of {kind} excludes a site. Name it with --class-column.",
        f"Kolom kelas tidak ditemukan: setiap poligon {kind} melarang lokasi. Sebutkan dengan --class-column.",
        severity="info",
    )


def _key(word: str) -> str:
    return " ".join(word.split()).casefold()
