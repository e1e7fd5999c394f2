"""The only reader of the environment, and where packaged folders are found.

A setting is declared once, in ``SETTINGS``; documentation is tested against that table.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_PACKAGE = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One environment variable that this service reads."""

    name: str
    help_en: str
    help_id: str


SETTINGS = (
    Setting(
        name="GISAPP_WORKSPACE",
        help_en="The workspace folder, where -w/--workspace is not given.",
        help_id="Folder ruang kerja bila -w/--workspace tidak diberikan.",
    ),
    Setting(
        name="GISAPP_DATABASE_URL",
        help_en="A PostgreSQL server, postgresql+psycopg://user:password@host/database; without it each workspace "
        "has its SQLite file.",
        help_id="Server PostgreSQL, postgresql+psycopg://pengguna:sandi@host/basisdata; tanpa ini tiap ruang kerja "
        "memakai berkas SQLite.",
    ),
)


def workspace_from_environment() -> Path | None:
    """Return the workspace named by GISAPP_WORKSPACE, or None."""
    value = os.environ.get("GISAPP_WORKSPACE", "").strip()
    return Path(value) if value else None


def database_url() -> str | None:
    """Return the server named by GISAPP_DATABASE_URL, or None for the embedded database."""
    return os.environ.get("GISAPP_DATABASE_URL", "").strip() or None


def _packaged_or_checkout(name: str) -> Path:
    packaged = _PACKAGE / "_packaged" / name
    return packaged if packaged.is_dir() else _PACKAGE.parent / name


def templates_folder() -> Path:
    """Folder of the page and document templates: in the wheel, else the checkout's."""
    return _packaged_or_checkout("templates")


def default_layers_folder() -> Path:
    """Folder of the default layer catalogue: in the wheel, else the checkout's."""
    return _packaged_or_checkout("layers")


def static_folder() -> Path:
    """Folder of our own CSS and ES modules; ``vendor/`` inside it is made by the build."""
    return _PACKAGE / "static"


def guard_gdal() -> None:
    """Make GDAL skip drivers that read other files or the network; must run before GDAL is first loaded.

    A VRT saved as .geojson or .tif reads any file on the machine, and /vsicurl leaves it.
    """
    os.environ["OGR_SKIP"] = (
        "OGR_VRT,GDALG,HTTP,WFS,OAPIF,OGCAPI,CSW,Elasticsearch,Carto,AmigoCloud,PLSCENES,NGW,EEDA,GPSBabel,ADBC"
    )
    os.environ["GDAL_SKIP"] = "VRT,WMS,WCS,WMTS"
    os.environ["CPL_VSIL_CURL_ALLOWED_EXTENSIONS"] = ".no-such-extension"
