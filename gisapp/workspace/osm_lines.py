"""Roads and rivers out of an OpenStreetMap extract, brought as a layer of lines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from gisapp.errors import Problem
from gisapp.readers.osm import read_osm_rivers, read_osm_roads
from gisapp.readers.vector import VectorRead, read_vector
from gisapp.workspace.prepared import Request

_ENDING = ".pbf"
#: How OpenStreetMap asks to be named, and its licence.
_SOURCE, _LICENCE = "OpenStreetMap contributors", "ODbL-1.0"


def is_extract(file: Path) -> bool:
    """Whether the name is that of an OpenStreetMap extract (.osm.pbf)."""
    return file.suffix.lower() == _ENDING


def with_origin(request: Request) -> Request:
    """The request with OpenStreetMap named as source and licence, where it is an extract and says nothing else."""
    if not is_extract(request.file):
        return request
    return replace(request, source=request.source or _SOURCE, licence=request.licence or _LICENCE)


def read_lines(request: Request, kind: str) -> VectorRead:
    """Read the lines of a file; of an extract the rivers (kind ``sungai``) or the roads, without ferries.

    Raises
    ------
    FileRefusedError : as the readers; code ``osmium_missing`` where the optional package is not installed.
    """
    if not is_extract(request.file):
        return read_vector(request.file, crs=request.crs)
    if kind == "sungai":
        return read_osm_rivers(request.file)
    read = read_osm_roads(request.file)
    ferry = read.frame["road_class"].eq("ferry")
    kept = read.frame[~ferry].reset_index(drop=True)
    left = Problem(
        code="osm_ferry",
        severity="info",
        count=int(ferry.sum()),
        detail="Ferry lines are no roads; left out.",
        detail_id="Lintasan penyeberangan bukan jalan; tidak diambil.",
    )
    return VectorRead(kept, read.crs, (*read.problems, *([left] if ferry.any() else [])))
