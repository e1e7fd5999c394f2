"""Files to take along: made whole in a temporary folder, then sent; a failure leaves nothing half-written."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from flask import Response, send_file

from gisapp.release.export import export_collection
from gisapp.release.portable import write_portable_map
from gisapp.web.source import District

#: Formats of ``download``: name -> (ending of the file, media type).
FORMATS = {
    "geojson": (".geojson", "application/geo+json"),
    "gpkg": (".gpkg", "application/geopackage+sqlite3"),
    "fgb": (".fgb", "application/flatgeobuf"),
    "parquet": (".parquet", "application/vnd.apache.parquet"),
    "shp": (".zip", "application/zip"),
    "kml": (".kml", "application/vnd.google-earth.kml+xml"),
    "csv": (".csv", "text/csv"),
    "xlsx": (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def attachment(body: bytes, *, name: str, mimetype: str) -> Response:
    """Send bytes as a download that no browser shows in place and no cache keeps."""
    response = send_file(io.BytesIO(body), mimetype=mimetype, as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "no-store"
    return response


def portable_map(district: District, pocket_id: str | None, *, lang: str) -> bytes:
    """The offline map of a district, or of one pocket."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map.html"
        write_portable_map(
            district.workspace, district.run, path, lang=lang, pocket_id=pocket_id,
            audience=district.audience, publication=district.publication,
        )  # fmt: skip
        return path.read_bytes()


def sheet(district: District, pocket_id: str, *, lang: str) -> bytes:
    """One A4 page about a pocket, PDF."""
    from gisapp.release.sheet import write_sheet

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.pdf"
        write_sheet(
            district.workspace, district.run, pocket_id, path, lang=lang, audience=district.audience,
            publication=district.publication,
        )  # fmt: skip
        return path.read_bytes()


def budget(district: District) -> bytes:
    """The budget table (RAB) of all suggestions, XLSX."""
    from gisapp.release.budget import budget_table

    return budget_table(district.workspace, district.run, audience=district.audience)[0]


def export(
    district: District, collection: str, *, file_format: str, crs: str | None, area: str | None, lang: str
) -> bytes:
    """One collection in one format, after disclosure control."""
    ending, _ = FORMATS[file_format]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{collection}{ending}"
        export_collection(
            district.workspace, district.run, collection, path, format=file_format, crs=crs, area=area, lang=lang,
            audience=district.audience, publication=district.publication,
        )  # fmt: skip
        return path.read_bytes()
