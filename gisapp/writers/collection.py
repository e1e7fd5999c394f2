"""One collection to one file: the format by the file's ending or by name, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyproj

from gisapp.errors import InvalidParameterError
from gisapp.writers import geodata, table
from gisapp.writers.geojson import WGS84, write_geojson
from gisapp.writers.shapefile import unpack_shapefile, write_shapefile
from gisapp.writers.values import id_column

FORMATS = ("geojson", "gpkg", "fgb", "parquet", "shp", "kml", "csv", "xlsx")

#: Media type of each format, for a download.
MEDIA_TYPES = {
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "fgb": "application/flatgeobuf",
    "parquet": "application/vnd.apache.parquet",
    "shp": "application/zip",
    "kml": "application/vnd.google-earth.kml+xml",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_SUFFIXES = {f".{name}": name for name in FORMATS} | {".json": "geojson", ".zip": "shp"}
_DEGREES_ONLY = ("geojson", "kml")


def format_of(path: Path, format: str | None = None) -> str:
    """Return the format asked for by name, else by the file's ending; ``.zip`` is a zipped Shapefile."""
    chosen = format or _SUFFIXES.get(path.suffix.lower())
    if chosen not in FORMATS:
        known = ", ".join(FORMATS)
        asked = format or path.suffix
        raise InvalidParameterError(
            f"{path.name}: cannot tell the format ({asked or 'no ending'}); choose one of {known}.",
            f"{path.name}: format tidak dikenal ({asked or 'tanpa akhiran'}); pilih salah satu dari {known}.",
            code="format",
        )
    return chosen


def crs_of(crs: str | None, format: str) -> str:
    """Check the CRS that was asked for (``EPSG:32647`` or ``32647``); None is WGS 84."""
    if crs is None:
        return WGS84
    try:
        wanted = pyproj.CRS.from_user_input(int(crs) if crs.isdigit() else crs)
    except pyproj.exceptions.CRSError as error:
        raise InvalidParameterError(
            f"--crs {crs}: no such coordinate reference system; write for example EPSG:32647.",
            f"--crs {crs}: sistem koordinat tidak dikenal; tulis misalnya EPSG:32647.",
            code="crs",
        ) from error
    if wanted == pyproj.CRS(WGS84):
        return WGS84
    if format in _DEGREES_ONLY:
        raise InvalidParameterError(
            f"--crs {crs}: {format} is always in WGS 84 degrees; leave --crs out, or export to gpkg.",
            f"--crs {crs}: {format} selalu dalam derajat WGS 84; hapus --crs, atau ekspor ke gpkg.",
            code="crs",
        )
    return str(wanted.to_string())


def write_collection(
    frame: gpd.GeoDataFrame,
    path: Path,
    *,
    collection: str,
    format: str | None = None,
    lang: str = "id",
    crs: str | None = None,
    metadata: Mapping[str, Any] | None = None,
    suppressed: int = 0,
) -> None:
    """Write a disclosed frame; the file appears under its name only when it is complete.

    ``collection`` is one of ``columns.COLLECTIONS`` or a part of one such as ``interventions_point``; ``lang`` (``id``
    or ``en``) is the language of the sheets that explain an XLSX; ``metadata`` holds flat facts of the run that travel
    inside the file, to which ``suppressed`` (rows with a withheld value) is added. Raises InvalidParameterError for a
    format, CRS or folder that cannot be used, InvalidInputError for geometry that the format cannot hold.
    """
    chosen = format_of(path, format)
    crs = crs_of(crs, chosen)
    facts = {**(metadata or {}), "suppressed": suppressed}
    if not path.parent.is_dir():
        raise InvalidParameterError(
            f"{path.parent}: no such folder; make it first or write elsewhere.",
            f"{path.parent}: folder tidak ada; buat dahulu atau tulis di tempat lain.",
            code="output_folder",
        )
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".gisapp-") as folder:
        draft = Path(folder) / f"{collection}.{'zip' if chosen == 'shp' else chosen}"
        _write(frame, draft, chosen, collection, lang, crs, facts)
        if path.suffix.lower() == ".shp":
            unpack_shapefile(draft, path)
            return
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(path)


def _write(
    frame: gpd.GeoDataFrame, path: Path, format: str, collection: str, lang: str, crs: str, facts: Mapping[str, Any]
) -> None:
    key = id_column(collection)
    if format in ("geojson", "csv", "xlsx"):
        with path.open("wb") as out:
            if format == "geojson":
                write_geojson(frame, out, collection=collection, id_column=key, metadata=facts)
            elif format == "csv":
                table.write_csv(frame, out, collection=collection, metadata=facts)
            else:
                table.write_xlsx(frame, out, collection=collection, metadata=facts, lang=lang)
        return
    ready = geodata.prepared(frame, collection=collection, crs=crs)
    if format == "gpkg":
        geodata.write_geopackage(ready, path, collection=collection, metadata=facts)
    elif format == "fgb":
        geodata.write_flatgeobuf(ready, path, collection=collection, metadata=facts)
    elif format == "parquet":
        geodata.write_parquet(ready, path, metadata=facts)
    elif format == "kml":
        geodata.write_kml(ready, path, collection=collection, metadata=facts, name_column=key)
    else:
        write_shapefile(ready, path, collection=collection, metadata=facts)
