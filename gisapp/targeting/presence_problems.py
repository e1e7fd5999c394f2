"""What ``check`` says of all facility layers together: those counted once, elsewhere, or without a known place."""

from __future__ import annotations

import geopandas as gpd

from gisapp.errors import GisappError, Problem, Severity, some
from gisapp.targeting.presence import Settled, judge_facilities
from gisapp.workspace import layers
from gisapp.workspace.folder import Workspace
from gisapp.workspace.settings import AUTO

#: Code -> (severity, English, Indonesian), each with a place for the first rows of it.
_SAID: dict[str, tuple[Severity, str, str]] = {
    "facility_repeated": (
        "info",
        "Facilities that two layers hold, counted once: {rows}.",
        "Sarana yang sama di dua lapisan, dihitung sekali: {rows}.",
    ),
    "facility_elsewhere": (
        "info",
        "Facilities of another district by their point and their area, not counted: {rows}.",
        "Sarana milik kabupaten lain menurut titik dan wilayahnya, tidak dihitung: {rows}.",
    ),
    "facility_area_misspelt": (
        "warning",
        "Facilities without a position whose area is misspelt; correct it, or give a coordinate: {rows}.",
        "Sarana tanpa posisi yang nama wilayahnya salah tulis; betulkan, atau beri koordinat: {rows}.",
    ),
    "facility_area_unknown": (
        "warning",
        "Facilities without a position and without a known area; while they stay so, absence of their service is not "
        "known anywhere in the district: {rows}.",
        "Sarana tanpa posisi dan tanpa wilayah yang dikenal; selama begitu, ketiadaan layanannya tidak diketahui di "
        "seluruh kabupaten: {rows}.",
    ),
    "facility_crowded": (
        "warning",
        "Facilities of one service on a single point, perhaps an office's; absence in their area is not known: {rows}.",
        "Sarana sejenis yang menumpuk di satu titik, mungkin titik kantor; ketiadaan di wilayahnya tidak diketahui: "
        "{rows}.",
    ),
}


def presence_problems(workspace: Workspace) -> list[Problem]:
    """One problem per kind of row that a run will treat apart, with its count and the first of them.

    Nothing where there is no desa boundary, or where a layer cannot be read: that is told at the layer itself.
    """
    try:
        desa, facilities = layers.read_boundary(workspace, "desa"), layers.read_facilities(workspace)
        kecamatan = layers.read_boundary(workspace, "kecamatan")
        if desa is None or desa.empty or facilities.empty:
            return []
        settled, metric = _judged(workspace, desa, kecamatan, facilities)
    except GisappError:
        return []
    return [
        _problem(code, settled, metric, severity, en, id)
        for code, (severity, en, id) in _SAID.items()
        if settled.rows[code].any()
    ]


def _judged(
    workspace: Workspace, desa: gpd.GeoDataFrame, kecamatan: gpd.GeoDataFrame | None, facilities: gpd.GeoDataFrame
) -> tuple[Settled, gpd.GeoDataFrame]:
    settings = workspace.settings
    crs = desa.estimate_utm_crs() if settings.working_crs == AUTO else settings.working_crs
    metric = facilities.to_crs(crs)
    named = desa.iloc[:0] if kecamatan is None else kecamatan
    placed = layers.with_parents(desa.to_crs(crs), settings.code_system)
    return judge_facilities(metric, placed, named, district=settings.name, settings=settings), metric


def _problem(
    code: str, settled: Settled, facilities: gpd.GeoDataFrame, severity: Severity, en: str, id: str
) -> Problem:
    rows = settled.rows[code]
    found = facilities[rows]
    names = [
        f"{layer}: {name or '?'}" + (f" ({hint})" if hint else "")
        for layer, name, hint in zip(found["layer"], found["name"].fillna(""), found["area_hint"], strict=True)
    ]
    listed = some(names)
    return Problem(
        code=code, severity=severity, count=int(rows.sum()), detail=en.format(rows=listed),
        detail_id=id.format(rows=listed),
    )  # fmt: skip
