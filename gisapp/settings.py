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
    Setting(
        name="GISAPP_SECRET_KEY",
        help_en="Signs the browser's cookie, at least 32 bytes; without it keys/session.key of the workspace does.",
        help_id="Menandatangani kuki peramban, paling sedikit 32 bita; tanpa ini dipakai keys/session.key ruang kerja.",
    ),
    Setting(
        name="GISAPP_TRUSTED_HOSTS",
        help_en="Names under which the service may be addressed beside this machine's own, separated by commas.",
        help_id="Nama yang boleh dipakai untuk membuka layanan selain nama mesin ini, dipisah koma.",
    ),
    Setting(
        name="GISAPP_TRUSTED_PROXY",
        help_en="Address of the proxy in front that adds https; its X-Forwarded-For and -Proto are believed.",
        help_id="Alamat proksi di depan yang menambah https; X-Forwarded-For dan -Proto darinya dipercaya.",
    ),
    Setting(
        name="GISAPP_INSECURE_HTTP",
        help_en="1: allow log-in without https in an office network; passwords and cookies can then be overheard.",
        help_id="1: izinkan masuk tanpa https di jaringan kantor; kata sandi dan kuki dapat disadap.",
    ),
)


def workspace_from_environment() -> Path | None:
    """Return the workspace named by GISAPP_WORKSPACE, or None."""
    value = os.environ.get("GISAPP_WORKSPACE", "").strip()
    return Path(value) if value else None


def database_url() -> str | None:
    """Return the server named by GISAPP_DATABASE_URL, or None for the embedded database."""
    return os.environ.get("GISAPP_DATABASE_URL", "").strip() or None


def secret_key() -> str | None:
    """Return GISAPP_SECRET_KEY as it was given, or None; an empty one counts as not given."""
    return os.environ.get("GISAPP_SECRET_KEY") or None


def trusted_hosts() -> list[str]:
    """Names of GISAPP_TRUSTED_HOSTS, without blanks."""
    given = os.environ.get("GISAPP_TRUSTED_HOSTS", "").split(",")
    return [name.strip() for name in given if name.strip()]


def trusted_proxy() -> str | None:
    """Return the address of GISAPP_TRUSTED_PROXY, or None."""
    return os.environ.get("GISAPP_TRUSTED_PROXY", "").strip() or None


def insecure_http() -> bool:
    """Whether GISAPP_INSECURE_HTTP says 1."""
    return os.environ.get("GISAPP_INSECURE_HTTP", "").strip() == "1"


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
