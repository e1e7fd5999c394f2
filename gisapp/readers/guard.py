"""What a brought file is, told by its bytes and not by its name; nothing here opens it with GDAL.

An OGR VRT named .geojson reads any file of the machine, so a file is opened only with the driver that its
content was found to be. Names are never trusted either: no /vsi path, no URL, no connection string.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gisapp.errors import FileRefusedError

Format = Literal["geojson", "gpkg", "shp", "zip", "fgb", "parquet", "kml", "kmz", "gpx", "gml", "csv", "xlsx", "tiff"]

_EXTENSIONS: dict[str, Format] = {
    ".geojson": "geojson",
    ".json": "geojson",
    ".gpkg": "gpkg",
    ".shp": "shp",
    ".zip": "zip",
    ".fgb": "fgb",
    ".parquet": "parquet",
    ".geoparquet": "parquet",
    ".kml": "kml",
    ".kmz": "kmz",
    ".gpx": "gpx",
    ".gml": "gml",
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".xlsx": "xlsx",
    ".tif": "tiff",
    ".tiff": "tiff",
}
_MAGIC: tuple[tuple[bytes, Format], ...] = (
    (b"SQLite format 3\x00", "gpkg"),
    (b"fgb\x03fgb", "fgb"),
    (b"PAR1", "parquet"),
    (b"\x00\x00\x27\x0a", "shp"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
)
_ZIPPED = ("zip", "kmz", "xlsx")
_XML_ROOTS: dict[str, Format] = {"kml": "kml", "gpx": "gpx", "FeatureCollection": "gml"}
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s>/]")
_GEOJSON_TYPE = re.compile(
    rb'"type"\s*:\s*"(FeatureCollection|Feature|Point|MultiPoint|LineString|MultiLineString|Polygon|MultiPolygon|GeometryCollection)"'
)
_CONNECTION = re.compile(r"^(/vsi|[A-Za-z][A-Za-z0-9+_-]+:)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
#: Share of NUL in every second byte from which a text is UTF-16 that has lost its mark.
_WIDE = 0.9
_XML_TRAPS = (b"<!DOCTYPE", b"<!ENTITY", b"<!doctype", b"<!entity", b"<OGRVRT", b"<VRTDataset")


@dataclass(frozen=True)
class Limits:
    """How large a brought file may be."""

    file_bytes: int = 2_000_000_000
    text_file_bytes: int = 2_000_000_000
    features: int = 3_000_000


LIMITS = Limits()


def refuse(en: str, id: str, *, code: str = "file_refused") -> FileRefusedError:
    """Make the error; the caller raises it."""
    return FileRefusedError(en, id, code=code)


def local_file(path: Path | str) -> Path:
    """Return the path of an existing, readable, non-empty regular file; refuse everything that is not one.

    Raises
    ------
    FileRefusedError : a URL, a /vsi path, a connection string, control characters, a folder, nothing, or an empty file.
    """
    text = str(path)
    shown = _CONTROL.sub("?", text)
    if _CONTROL.search(text):
        raise refuse(
            f"{shown!r}: the name holds control characters. Rename the file.",
            f"{shown!r}: nama berkas mengandung karakter kendali. Ganti namanya.",
            code="file_name",
        )
    if _CONNECTION.match(text) or "://" in text or "/vsi" in text.lower():
        raise refuse(
            f"{shown}: only files of this computer are opened, no URL and no connection. Save it as a file first.",
            f"{shown}: hanya berkas di komputer ini yang dibuka, bukan URL atau sambungan. Simpan dulu sebagai berkas.",
            code="path_not_local",
        )
    found = Path(text)
    try:
        if not found.is_file():
            reason = "is a folder" if found.is_dir() else "does not exist"
            alasan = "adalah folder" if found.is_dir() else "tidak ada"
            raise refuse(
                f"{shown} {reason}. Name one file; zip a folder first.",
                f"{shown} {alasan}. Sebutkan satu berkas; folder di-zip dulu.",
                code="file_missing",
            )
        size = found.stat().st_size
        with found.open("rb"):
            pass
    except OSError as error:
        raise refuse(
            f"{shown} cannot be read ({error.strerror}).",
            f"{shown} tidak terbaca ({error.strerror}).",
            code="file_unreadable",
        ) from error
    _check_size(shown, size)
    return found


def _check_size(shown: str, size: int) -> None:
    if size == 0:
        raise refuse(f"{shown} is empty (0 bytes).", f"{shown} kosong (0 byte).", code="file_empty")
    if size > LIMITS.file_bytes:
        limit = LIMITS.file_bytes // 1_000_000
        raise refuse(
            f"{shown} is larger than {limit} MB. Cut it to the district.",
            f"{shown} lebih dari {limit} MB. Potong sesuai kabupaten.",
            code="file_too_large",
        )


def identify(path: Path | str) -> Format:
    """Tell the format of a file: what its name says and what its content is must agree.

    Raises
    ------
    FileRefusedError : code ``format_unknown`` for an ending that is not read here, ``format_mismatch`` where the
        content is something else (a VRT named .geojson, a PNG named .tif), ``xml_entities`` for XML with a DTD.
    """
    found = local_file(path)
    expected = _EXTENSIONS.get(found.suffix.lower())
    if found.suffix.lower() in (".xlsm", ".xls", ".xlsb"):
        raise refuse(
            f"{found}: save the workbook as .xlsx (no macros) or CSV.",
            f"{found}: simpan sebagai .xlsx (tanpa makro) atau CSV.",
            code="format_unknown",
        )
    if expected is None:
        known = " ".join(sorted(_EXTENSIONS))
        raise refuse(
            f"{found}: files ending in {found.suffix!r} are not read. Known: {known}.",
            f"{found}: berkas berakhiran {found.suffix!r} tidak dibaca. Dikenal: {known}.",
            code="format_unknown",
        )
    actual = sniff(found)
    if expected in _ZIPPED and actual == "zip":
        return expected
    if actual != expected:
        seen = actual or "something else"
        raise refuse(
            f"{found}: the content is not {expected} (it looks like {seen}). Export it again in the right format.",
            f"{found}: format tidak cocok: isinya bukan {expected} (tampaknya {actual or 'lain'}). Ekspor ulang.",
            code="format_mismatch",
        )
    if actual in ("kml", "gpx", "gml"):
        check_xml(found)
    return expected


def sniff(path: Path) -> Format | None:
    """Tell the format from the content alone, or None where it is nothing that is read here."""
    with path.open("rb") as stream:
        head = stream.read(1 << 16)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    return _sniff_text(path, head)


def _sniff_text(path: Path, head: bytes) -> Format | None:
    text = _as_utf8(head).lstrip()
    if text.startswith(b"{"):
        return "geojson" if _GEOJSON_TYPE.search(text) or _type_at_end(path) else None
    if text.startswith(b"<"):
        return _XML_ROOTS.get(_root_name(text))
    if not text:
        return None
    return "csv" if _looks_like_text(text) else None


def wide_encoding(head: bytes) -> tuple[str | None, int]:
    """UTF-16 by its byte order mark, or without one by the NUL that every second byte of plain text is; mark's length.

    >>> wide_encoding("NIK;Nama".encode("utf-16-le")), wide_encoding(b"NIK;Nama")
    (('utf-16-le', 0), (None, 0))
    """
    for bom, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(bom):
            return encoding, len(bom)
    sample = head[:4096]
    for encoding, text, nul in (("utf-16-le", sample[::2], sample[1::2]), ("utf-16-be", sample[1::2], sample[::2])):
        if nul and nul.count(0) >= _WIDE * len(nul) and not text.count(0):
            return encoding, 0
    return None, 0


def _as_utf8(head: bytes) -> bytes:
    encoding, bom = wide_encoding(head)
    if encoding is not None:
        return head[bom : len(head) // 2 * 2].decode(encoding, errors="replace").encode()
    return head.removeprefix(b"\xef\xbb\xbf")


def _looks_like_text(text: bytes) -> bool:
    control = sum(byte < 9 or 13 < byte < 32 for byte in text[:4096])
    return control <= 1 + len(text[:4096]) // 50


def _type_at_end(path: Path) -> bool:
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - (1 << 16)))
        return bool(_GEOJSON_TYPE.search(stream.read()))


def _root_name(text: bytes) -> str:
    body = re.sub(rb"<\?.*?\?>|<!--.*?-->|<![^>]*>", b"", text, flags=re.DOTALL)
    found = _ROOT.search(body)
    return found[1].decode() if found else ""


def check_xml(path: Path) -> None:
    """Refuse XML with a document type or entities: they can read files, call hosts or fill the memory."""
    overlap = b""
    with path.open("rb") as stream:
        start = stream.read(4)
        stream.seek(0)
        if start[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in start:
            raise refuse(f"{path}: save the XML as UTF-8.", f"{path}: simpan XML sebagai UTF-8.", code="xml_encoding")
        while block := stream.read(1 << 20):
            window = overlap + block
            if any(trap in window for trap in _XML_TRAPS):
                raise refuse(
                    f"{path}: the XML declares a document type or entities, which are not opened. Export it again.",
                    f"{path}: XML memuat DOCTYPE atau ENTITY yang tidak dibuka. Ekspor ulang berkasnya.",
                    code="xml_entities",
                )
            overlap = window[-16:]
