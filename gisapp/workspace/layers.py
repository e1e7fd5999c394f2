"""The layers of a workspace as frames, each read by what its TOML declares."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisapp.analysis.codes import digits, parent_code
from gisapp.catalog.spec import LayerSpec
from gisapp.readers.layer import read_layer, read_layer_table
from gisapp.readers.points import POSITION
from gisapp.workspace.capacity import capacities, capacity_column
from gisapp.workspace.columns import AREA_NAMES, PLACE_NAMES, area_hint, area_words, as_text, find_column
from gisapp.workspace.folder import Workspace
from gisapp.workspace.tables import canonical_table

WGS84 = "EPSG:4326"
_FACILITY_COLUMNS = [
    "layer", "kind", "service", "name", "position", "area_hint", "area_code", "desa_hint", "kecamatan_hint",
    "kabupaten_hint", "capacity", "capacity_from", "geometry",
]  # fmt: skip


def read_boundary(workspace: Workspace, level: str) -> gpd.GeoDataFrame | None:
    """Areas of one level: code, name, geometry (EPSG:4326), sorted by code; None where the layer is absent.

    The code is the text of the file, unchanged.
    """
    spec = workspace.catalog.boundary(level)
    if spec is None or spec.key is None:
        return None
    return boundary_frame(read_layer(spec).frame, spec.key, spec.name_column, level)


def boundary_frame(frame: gpd.GeoDataFrame, key: str, name_column: str | None, level: str) -> gpd.GeoDataFrame:
    """Code, name and geometry of a boundary layer, sorted by code; areas without a polygon are left out."""
    code = as_text(frame[key])
    named = name_column or find_column(frame.columns, AREA_NAMES[level])
    name = as_text(frame[named]) if named else code
    out = gpd.GeoDataFrame({"code": code, "name": name.where(name != "", code)}, geometry=frame.geometry, crs=frame.crs)
    out = out[~(out.geometry.isna() | out.geometry.is_empty)]
    return out.sort_values("code", ignore_index=True)


def with_parents(desa: gpd.GeoDataFrame, code_system: str) -> gpd.GeoDataFrame:
    """Desa with ``kecamatan_code``, as far as their codes tell."""
    return desa.assign(kecamatan_code=[parent_code(code, "desa", code_system) for code in desa["code"]])


def district_outline(workspace: Workspace) -> shapely.Geometry | None:
    """Outline of the district (EPSG:4326) from the smallest complete boundary level there is, or None."""
    for level in ("desa", "kecamatan", "kabupaten"):
        areas = read_boundary(workspace, level)
        if areas is not None and len(areas):
            return shapely.union_all(areas.geometry.to_numpy())
    return None


def read_facilities(workspace: Workspace) -> gpd.GeoDataFrame:
    """Every facility of every facility layer, none lost, with its own words for where it lies.

    Columns: layer, kind, service, name, position, geometry; area_hint (the smallest area that it names), area_code,
    desa_hint, kecamatan_hint and kabupaten_hint, empty where it names none; capacity (NaN where nobody says it) and
    capacity_from, the column that it stands in.
    ``position`` is known, blank, unreadable, not_finite, zero, swapped, outside (the district) or stacked; the geometry
    (EPSG:4326) is None where there is no usable position. ``service`` is None for a kind that gives none.
    """
    outline = district_outline(workspace)
    frames = [
        place_facilities(workspace, spec, read_layer(spec).frame, outline) for spec in workspace.catalog.facilities()
    ]
    if not frames:
        empty = {name: pd.Series(dtype="str") for name in _FACILITY_COLUMNS[:-1]}
        empty["capacity"] = pd.Series(dtype="float64")
        return gpd.GeoDataFrame(empty, geometry=gpd.GeoSeries([], crs=WGS84), crs=WGS84)
    return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=WGS84)


def place_facilities(
    workspace: Workspace, spec: LayerSpec, frame: gpd.GeoDataFrame, outline: shapely.Geometry | None
) -> gpd.GeoDataFrame:
    """One facility layer in the columns of ``read_facilities``; ``frame`` has a ``position`` from the readers."""
    kind = _kinds(workspace, spec, frame)
    named = spec.name_column or find_column(frame.columns, PLACE_NAMES)
    rooms = capacity_column(frame.columns, spec.capacity_column)
    out = {
        "layer": pd.Series(spec.name, index=frame.index, dtype="str"),
        "kind": kind,
        "service": kind.map(
            lambda value: spec.service if spec.kind and spec.service else workspace.catalog.service_of(value)
        ),
        "name": as_text(frame[named]) if named else pd.Series("", index=frame.index, dtype="str"),
        "position": place(frame, outline, workspace.settings.facility_stack_threshold),
        "area_hint": area_hint(frame),
        **area_words(frame),
        "capacity": capacities(frame, rooms),
        "capacity_from": pd.Series(rooms or "", index=frame.index, dtype="str"),
    }
    return gpd.GeoDataFrame(out, geometry=frame.geometry, crs=frame.crs)


def place(frame: gpd.GeoDataFrame, outline: shapely.Geometry | None, stack_threshold: int) -> np.ndarray:
    """Position of each row against the district: also ``outside`` its outline (its border is inside) and ``stacked``.

    Rows are stacked where more than ``stack_threshold`` of them share exactly one point inside.
    """
    position: np.ndarray = frame[POSITION].to_numpy(dtype=object).copy()
    points = frame.geometry.to_numpy()
    placed = np.isin(position, ("known", "outside")) & ~shapely.is_missing(points)
    if outline is not None:
        shapely.prepare(outline)
        inside = np.zeros(len(frame), dtype=bool)
        inside[placed] = shapely.intersects(outline, points[placed])
        position[placed] = np.where(inside[placed], "known", "outside")
    known = np.flatnonzero(position == "known")
    if len(known):
        places = pd.DataFrame(shapely.get_coordinates(shapely.centroid(points[known])))
        together = places.groupby([0, 1])[0].transform("size").to_numpy()
        position[known[together > stack_threshold]] = "stacked"
    return position


def row_labels(names: pd.Series | None, rows: int) -> list[str]:
    """What each row of a layer is called in a message: its name and its number among the data rows.

    >>> row_labels(pd.Series(["SD 1", ""]), 2)
    ['SD 1 (#1)', '#2']
    """
    texts = names.tolist() if names is not None else [""] * rows
    return [f"{text} (#{at})" if text else f"#{at}" for at, text in enumerate(texts, start=1)]


def facility_kinds(workspace: Workspace) -> set[str]:
    """Kinds of facility that the workspace holds, by its catalogue alone."""
    kinds: set[str] = set()
    for spec in workspace.catalog.facilities():
        kinds |= {spec.kind} if spec.kind else set(spec.kind_map.values())
    return kinds


def read_lines(workspace: Workspace, kind: str) -> gpd.GeoDataFrame:
    """Lines of one kind (jalan, sungai): layer, name, geometry (EPSG:4326); empty where there are none."""
    return _gather(tuple(spec for spec in workspace.catalog.roads() if spec.kind == kind))


def read_polygons(workspace: Workspace, kind: str) -> gpd.GeoDataFrame:
    """Context polygons of one kind (kawasan_hutan, hgu ...): layer, name, geometry (EPSG:4326); empty where none."""
    return _gather(workspace.catalog.polygons(kind))


def read_table(workspace: Workspace, kind: str) -> list[pd.DataFrame]:
    """Tables of one kind, in order of their names, with the canonical columns of ``tables.TABLE_COLUMNS``."""
    out = []
    for spec in workspace.catalog.tables(kind):
        frame = read_layer_table(spec)
        out.append(canonical_table(spec.data_path or workspace.root, frame, kind))
    return out


def read_population(workspace: Workspace) -> pd.DataFrame | None:
    """Population per desa: code, persons, families, year, source, urban_rural (text or missing); None where absent.

    Of several tables the newest year of each desa is taken, of equal years the table whose name comes last.
    """
    rows = _population_rows(workspace)
    if rows is None:
        return None
    if rows["layer"].nunique() > 1:
        newest = rows[rows["year"] == rows.groupby("key")["year"].transform("max")]
        rows = newest[newest["layer"] == newest.groupby("key")["layer"].transform("max")]
    return rows[["code", "persons", "families", "year", "source", "urban_rural"]].reset_index(drop=True)


def population_ties(workspace: Workspace) -> dict[str, tuple[str, ...]]:
    """Tables that give a desa's newest year together, by the desa's digits; the last one named is used."""
    rows = _population_rows(workspace)
    if rows is None or rows["layer"].nunique() < 2:
        return {}
    newest = rows[rows["year"] == rows.groupby("key")["year"].transform("max")]
    tables = newest.groupby("key")["layer"].agg(lambda names: tuple(sorted(set(names))))
    return {str(key): names for key, names in tables.items() if len(names) > 1}


def _population_rows(workspace: Workspace) -> pd.DataFrame | None:
    names = [spec.name for spec in workspace.catalog.tables("population")]
    tables = [
        table.assign(layer=name)
        for name, table in zip(names, read_table(workspace, "population"), strict=True)
        if len(table)
    ]
    if not tables:
        return None
    merged = pd.concat(tables, ignore_index=True)
    if "urban_rural" not in merged:
        merged["urban_rural"] = None
    return merged.assign(key=[digits(code) for code in merged["code"]])


def read_published(workspace: Workspace) -> pd.DataFrame | None:
    """Published poverty: year, poor_persons, headcount_ratio (0..1), source, sorted by year; None where absent.

    Where a table has several districts, the rows of this one (by kode wilayah) are taken.
    """
    tables = [_of_district(workspace, table) for table in read_table(workspace, "published_poverty")]
    if not tables:
        return None
    merged = pd.concat(tables, ignore_index=True)
    return merged[["year", "poor_persons", "headcount_ratio", "source"]].sort_values("year", ignore_index=True)


def _of_district(workspace: Workspace, table: pd.DataFrame) -> pd.DataFrame:
    if "code" not in table or table["code"].nunique() < 2:
        return table
    bare = workspace.settings.kode.replace(".", "")
    return table[table["code"].str.replace(".", "", regex=False) == bare]


def _gather(specs: tuple[LayerSpec, ...]) -> gpd.GeoDataFrame:
    frames = []
    for spec in specs:
        frame = read_layer(spec).frame
        named = spec.name_column or find_column(frame.columns, PLACE_NAMES)
        name = as_text(frame[named]) if named else pd.Series("", index=frame.index, dtype="str")
        kept = gpd.GeoDataFrame({"layer": spec.name, "name": name}, geometry=frame.geometry, crs=frame.crs)
        frames.append(kept[~(kept.geometry.isna() | kept.geometry.is_empty)])
    if not frames:
        return gpd.GeoDataFrame({"layer": [], "name": []}, geometry=gpd.GeoSeries([], crs=WGS84), crs=WGS84)
    return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=WGS84)


def _kinds(workspace: Workspace, spec: LayerSpec, frame: gpd.GeoDataFrame) -> pd.Series:
    if spec.kind:
        return pd.Series(spec.kind, index=frame.index, dtype="str")
    words = as_text(frame[spec.kind_column or ""])
    table = {word: kind_of(workspace, spec, word) for word in pd.unique(words)}
    return words.map(table)


def kind_of(workspace: Workspace, spec: LayerSpec, word: str) -> str:
    """Kind that a source's word stands for: by the layer's own map, else by the catalogue, else the word itself."""
    folded = " ".join(word.split()).casefold()
    return spec.kind_map.get(folded) or workspace.catalog.kind_of(word) or folded
