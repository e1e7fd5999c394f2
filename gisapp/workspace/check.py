"""Every layer, the settings and the codes of a workspace checked together; nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from gisapp.analysis.codes import digits, parent_code
from gisapp.catalog.spec import SHAPED_KINDS, WORKS_KIND, LayerSpec
from gisapp.errors import GisappError, Problem, some
from gisapp.readers.crs import parse_crs
from gisapp.readers.layer import read_layer, read_layer_raster, read_layer_table
from gisapp.readers.points import position_problems
from gisapp.workspace.capacity import capacity_problems
from gisapp.workspace.folder import Workspace
from gisapp.workspace.grids import raster_outside
from gisapp.workspace.land import land_problems, outside_problem
from gisapp.workspace.land_cover import land_cover_problems
from gisapp.workspace.layers import (
    boundary_frame,
    district_outline,
    place_facilities,
    population_ties,
    read_boundary,
    row_labels,
)
from gisapp.workspace.prepared import warn
from gisapp.workspace.settings import AUTO
from gisapp.workspace.shaped import table_work_problems
from gisapp.workspace.tables import canonical_table
from gisapp.workspace.topology import topology_problems
from gisapp.workspace.usable import foreign_codes, foreign_district, no_position, no_rows, wrong_level


@dataclass(frozen=True, kw_only=True)
class LayerCheck:
    """One layer as it stands."""

    name: str
    role: str
    features: int
    crs: str
    problems: tuple[Problem, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return {**self.__dict__, "problems": [problem.as_dict() for problem in self.problems]}


@dataclass(frozen=True)
class CheckReport:
    """All layers by name, and the problems of the workspace as a whole."""

    layers: tuple[LayerCheck, ...]
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Whether there is no problem of severity error."""
        every = [*self.problems, *(problem for layer in self.layers for problem in layer.problems)]
        return not any(problem.severity == "error" for problem in every)

    def as_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return {
            "ok": self.ok,
            "layers": [layer.as_dict() for layer in self.layers],
            "problems": [problem.as_dict() for problem in self.problems],
        }


def check_workspace(workspace: Workspace) -> CheckReport:
    """Check every layer (it reads, its codes, positions, columns), the settings, and codes across layers."""
    checks = {"boundary": _boundary, "facility": _facility, "road": _lines, "raster": _raster, "table": _table}
    layers = []
    for name in sorted(workspace.catalog.layers):
        spec = workspace.catalog.layers[name]
        unstated = (
            []
            if spec.source
            else [_info("source_unstated", f"Fill in `source` in {name}.toml.", f"Isi `source` di {name}.toml.")]
        )
        look = _shaped if spec.kind in SHAPED_KINDS else checks[spec.role]
        try:
            features, crs, problems = look(workspace, spec)
        except GisappError as error:
            features, crs, problems = 0, "", [_error(error.code, 1, error.en, error.id)]
        layers.append(
            LayerCheck(name=name, role=spec.role, features=features, crs=crs, problems=(*problems, *unstated))
        )
    return CheckReport(tuple(layers), (*_settings(workspace), *_population_tables(workspace)))


def _boundary(workspace: Workspace, spec: LayerSpec) -> tuple[int, str, list[Problem]]:
    read = read_layer(spec)
    if spec.level is None or spec.key is None:
        return len(read.frame), read.crs, [*read.problems, *land_problems(workspace, spec, read.frame)]
    if spec.key not in read.frame.columns:
        return (
            len(read.frame),
            read.crs,
            [_error("key_missing", 1, f"There is no column {spec.key!r}.", f"Tidak ada kolom {spec.key!r}.")],
        )
    areas = boundary_frame(read.frame, spec.key, spec.name_column, spec.level)
    codes = areas["code"].tolist()
    problems = [*read.problems, *_code_problems(areas), *wrong_level(codes, spec.level), *topology_problems(areas)]
    if spec.level == "desa":
        problems += _district_code(workspace, areas)
        problems += _parents(workspace, areas)
    else:
        problems += foreign_district(workspace, codes, spec.level)
    return len(read.frame), read.crs, problems


def _code_problems(areas: gpd.GeoDataFrame) -> list[Problem]:
    problems = []
    repeated = areas["code"][areas["code"].duplicated()]
    if len(repeated):
        problems.append(
            _error(
                "key_duplicate",
                len(repeated),
                f"Codes occur twice: {some(sorted(set(repeated)))}.",
                f"Kode ganda: {some(sorted(set(repeated)))}.",
            )
        )
    blank = int((areas["code"] == "").sum())
    if blank:
        problems.append(_error("key_blank", blank, "Areas without a code.", "Wilayah tanpa kode."))
    return problems


def _district_code(workspace: Workspace, areas: gpd.GeoDataFrame) -> list[Problem]:
    kode = digits(workspace.settings.kode)
    foreign = [code for code in areas["code"] if kode and not digits(code).startswith(kode)]
    if not foreign:
        return []
    text = workspace.settings.kode
    return [
        _error(
            "kode_mismatch",
            len(foreign),
            f"gisapp.toml says kode {text}, but these codes are of another district: {some(foreign)}.",
            f"gisapp.toml menyebut kode {text}, tetapi kode ini milik kabupaten lain: {some(foreign)}.",
        )
    ]


def _parents(workspace: Workspace, desa: gpd.GeoDataFrame) -> list[Problem]:
    """Desa codes against the kecamatan layer: the parent exists, and its polygon holds a point of the desa."""
    kecamatan = read_boundary(workspace, "kecamatan")
    if kecamatan is None:
        return []
    polygons = {digits(code): polygon for code, polygon in zip(kecamatan["code"], kecamatan.geometry, strict=True)}
    parents = [parent_code(code, "desa", workspace.settings.code_system) for code in desa["code"]]
    holders = [polygons.get(digits(parent)) if parent else None for parent in parents]
    problems = []
    orphans = [code for code, holder in zip(desa["code"], holders, strict=True) if holder is None]
    if orphans:
        problems.append(
            warn(
                "parent_missing",
                len(orphans),
                f"Desa whose kecamatan is not in the kecamatan layer: {some(orphans)}.",
                f"Desa yang kecamatannya tidak ada di lapisan kecamatan: {some(orphans)}.",
            )
        )
    inner = shapely.point_on_surface(desa.geometry.to_numpy())
    outside = [
        code
        for code, holder, point in zip(desa["code"], holders, inner, strict=True)
        if holder is not None and not shapely.intersects(holder, point)
    ]
    if outside:
        problems.append(
            warn(
                "desa_outside_kecamatan",
                len(outside),
                f"Desa drawn outside the kecamatan of their code: {some(outside)}.",
                f"Desa tergambar di luar kecamatan menurut kodenya: {some(outside)}.",
            )
        )
    return problems


def _facility(workspace: Workspace, spec: LayerSpec) -> tuple[int, str, list[Problem]]:
    read = read_layer(spec)
    if spec.kind_column is not None and spec.kind_column not in read.frame.columns:
        return (
            len(read.frame),
            read.crs,
            [
                _error(
                    "kind_column_missing",
                    1,
                    f"There is no column {spec.kind_column!r}.",
                    f"Tidak ada kolom {spec.kind_column!r}.",
                )
            ],
        )
    placed = place_facilities(workspace, spec, read.frame, district_outline(workspace))
    position = placed["position"].to_numpy()
    problems = [*no_position(position), *position_problems(position, row_labels(placed["name"], len(placed)))]
    problems += capacity_problems(read.frame, spec.capacity_column)
    unserved = placed["kind"][placed["kind"].map(lambda kind: kind not in workspace.catalog.kinds)]
    if len(unserved):
        listed = ", ".join(sorted(set(unserved))[:10])
        problems.append(
            warn(
                "kind_unknown",
                len(unserved),
                f"Rows of kinds outside the catalogue: {listed}.",
                f"Baris berjenis di luar katalog: {listed}.",
            )
        )
    return len(placed), read.crs, problems


def _shaped(workspace: Workspace, spec: LayerSpec) -> tuple[int, str, list[Problem]]:
    """Works with a budget, or public land."""
    read = read_layer(spec)
    works = table_work_problems(workspace, spec) if spec.kind == WORKS_KIND else []
    return len(read.frame), read.crs, [*read.problems, *outside_problem(workspace, read.frame), *works]


def _lines(workspace: Workspace, spec: LayerSpec) -> tuple[int, str, list[Problem]]:
    read = read_layer(spec)
    problems = list(read.problems)
    outline = district_outline(workspace)
    if outline is not None and not shapely.intersects(outline, shapely.box(*read.frame.total_bounds)):
        problems.append(
            warn(
                "outside_district",
                len(read.frame),
                "The layer does not touch the district.",
                "Lapisan tidak menyentuh kabupaten.",
            )
        )
    return len(read.frame), read.crs, problems


def _raster(workspace: Workspace, spec: LayerSpec) -> tuple[int, str, list[Problem]]:
    info = read_layer_raster(spec)
    problems = list(info.problems)
    problems += raster_outside(workspace, info)
    if spec.kind == "land_cover" and spec.data_path is not None:
        problems += land_cover_problems(workspace, spec.data_path, info, name=spec.name, own=spec.kind_map)
    return 1, info.crs, problems


def _table(workspace: Workspace, spec: LayerSpec) -> tuple[int, str, list[Problem]]:
    frame = canonical_table(spec.data_path or workspace.root, read_layer_table(spec), spec.kind or "")
    problems: list[Problem] = []
    desa = read_boundary(workspace, "desa")
    foreign = foreign_codes(spec.kind or "", frame, None if desa is None else desa["code"])
    if spec.kind in ("population", "expected_families") and desa is not None and not foreign:
        problems += _unmatched(frame["code"], desa["code"])
    if spec.kind == "planned_works":
        problems += table_work_problems(workspace, spec)
    problems += [*no_rows(len(frame)), *foreign]
    return len(frame), "", problems


def _unmatched(listed: pd.Series, desa: pd.Series) -> list[Problem]:
    here, there = {digits(code) for code in listed}, {digits(code) for code in desa}
    problems = []
    if strange := sorted(here - there):
        problems.append(
            warn(
                "code_unmatched",
                len(strange),
                f"Codes that the desa boundary does not have: {some(strange)}.",
                f"Kode yang tidak ada di batas desa: {some(strange)}.",
            )
        )
    if without := sorted(there - here):
        problems.append(
            warn(
                "area_without_population",
                len(without),
                f"Desa without a row: {some(without)}.",
                f"Desa tanpa baris: {some(without)}.",
            )
        )
    return problems


def _population_tables(workspace: Workspace) -> list[Problem]:
    """Several population tables with the same newest year: which of them a run uses."""
    try:
        ties = population_ties(workspace)
    except GisappError:
        return []  # told at the table itself
    if not ties:
        return []
    tables = sorted({name for names in ties.values() for name in names})
    used = sorted({names[-1] for names in ties.values()})
    return [
        warn(
            "population_tables",
            len(ties),
            f"Population tables give the same year for the same desa: {some(tables)}; used: {some(used)}. "
            f"Remove the others, or correct their year. Desa: {some(sorted(ties))}.",
            f"Tabel penduduk memberi tahun yang sama untuk desa yang sama: {some(tables)}; dipakai: {some(used)}. "
            f"Hapus yang lain, atau betulkan tahunnya. Desa: {some(sorted(ties))}.",
        )
    ]


def _settings(workspace: Workspace) -> list[Problem]:
    problems = []
    if workspace.catalog.boundary("desa") is None:
        problems.append(
            warn(
                "no_boundary",
                1,
                "There is no desa boundary yet: gisapp add FILE --role boundary --name desa --level desa --key COLUMN",
                "Batas desa belum ada: gisapp add BERKAS --role boundary --name desa --level desa --key KOLOM",
            )
        )
    crs = workspace.settings.working_crs
    if crs != AUTO:
        try:
            metric = parse_crs(crs).is_projected
        except GisappError:
            metric = False
        if not metric:
            problems.append(
                _error(
                    "working_crs",
                    1,
                    f"working_crs {crs} in gisapp.toml is not a metric CRS.",
                    f"working_crs {crs} di gisapp.toml bukan sistem koordinat meter.",
                )
            )
    return problems


def _info(code: str, en: str, id: str) -> Problem:
    return warn(code, 1, en, id, severity="info")


def _error(code: str, count: int, en: str, id: str) -> Problem:
    return warn(code, count, en, id, severity="error")
