"""The manifest: what went in, how it was computed, and the figures that every map and export repeats."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import Any

import geopandas as gpd
import pandas as pd

from gisapp import __version__
from gisapp.targeting.load import District
from gisapp.targeting.request import RunRequest
from gisapp.workspace.folder import Workspace
from gisapp.workspace.settings import WorkspaceSettings

#: How the source of a made-up layer begins.
SYNTHETIC_SOURCE = "SINTETIS"
#: Libraries whose version can change a figure.
LIBRARIES = (
    "geopandas", "highspy", "libpysal", "mapclassify", "numba", "numpy", "pandas", "pyproj", "rasterio", "scikit-learn",
    "scipy", "shapely",
)  # fmt: skip


def make_manifest(
    workspace: Workspace,
    request: RunRequest,
    district: District,
    collections: dict[str, gpd.GeoDataFrame],
    tests: dict[str, Any],
) -> dict[str, Any]:
    """JSON-ready manifest without any clock, so that the same input gives the same bytes."""
    settings, snapshot = workspace.settings, request.snapshot
    return {
        "run_id": request.run_id,
        "period": snapshot.period,
        "snapshot": snapshot.hash,
        "parent": request.parent,
        "version": __version__,
        "district": {"name": district_name(settings), "kode": settings.kode, "synthetic": is_synthetic(request)},
        "registry": {"source": snapshot.source, "form": snapshot.form, "families": snapshot.rows},
        "crs": district.crs,
        "parameters": request.parameters,
        "tests": tests,
        "inputs": [entry.as_dict() for entry in request.inputs],
        "libraries": {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}},
        "counts": {name: len(frame) for name, frame in collections.items()},
        "outside_pockets": outside_pockets(collections),
        "published_poverty": published_rows(district.published),
        "site_checks": district.facts,
        "warnings": dict(sorted(district.warnings.items())),
    }


def district_name(settings: WorkspaceSettings) -> str:
    """Name of the district, or its code where nobody has named it."""
    return settings.name or f"Kabupaten {settings.kode}".strip()


def is_synthetic(request: RunRequest) -> bool:
    """Whether anything of the run is made up: by the settings, or by the source that a layer declares."""
    declared = any(entry.source.startswith(SYNTHETIC_SOURCE) for entry in request.inputs)
    return bool(request.parameters["synthetic"]) or declared


def outside_pockets(collections: dict[str, gpd.GeoDataFrame]) -> dict[str, Any]:
    """Families and families of the poor deciles that live outside every pocket: counts and shares of the district."""
    areas, pockets = collections["areas"], collections["pockets"]
    desa = areas.loc[areas["level"].eq("desa")]
    answer: dict[str, Any] = {}
    for name in ("families", "poor_families"):
        total = int(desa[name].sum())
        outside = total - int(pockets[name].sum()) if len(pockets) else total
        answer[name] = outside
        answer[f"{name}_share"] = outside / total if total else None
    return answer


def published_rows(published: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Published poverty figures as they were supplied, by year: never computed here."""
    if published is None:
        return []
    rows = published.sort_values("year").to_dict("records")
    return [{name: (None if pd.isna(value) else value) for name, value in row.items()} for row in rows]
