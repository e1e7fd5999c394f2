"""CSV and XLSX for spreadsheet users: ids as text, formulas inert, numbers as numbers, the same bytes each time."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, BinaryIO

import geopandas as gpd
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from gisapp.writers import indonesian
from gisapp.writers.archive import zip_bytes
from gisapp.writers.values import column, plain_columns

#: What a CSV repeats on every row, because a note beside the file gets lost.
CARRIED = ("run_id", "period", "synthetic", "training", "poor_families_outside_pockets")

_FORMULA = re.compile(r"'*\s*[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"-?\d+([.,]\d+)?")
_MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
_CELL_LIMIT = 32_767


def inert(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run; a plain negative number is left alone.

    The text is recovered by taking one leading apostrophe away where ``'*[=+-@tab CR LF]`` matches.
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _with_position(frame: gpd.GeoDataFrame | pd.DataFrame, collection: str) -> dict[str, list[Any]]:
    columns = plain_columns(frame, collection)
    if not isinstance(frame, gpd.GeoDataFrame):
        return columns
    points = frame.geometry.to_crs("EPSG:4326") if frame.crs is not None else frame.geometry
    inside = points.representative_point()
    for name, values in (("longitude", inside.x), ("latitude", inside.y)):
        if name not in columns:
            columns[name] = [None if pd.isna(value) else round(float(value), 6) for value in values]
    return columns


def write_csv(
    frame: gpd.GeoDataFrame | pd.DataFrame, out: BinaryIO, *, collection: str, metadata: Mapping[str, Any]
) -> None:
    """Write UTF-8 with BOM (Excel needs it), comma, CRLF; geometry as the longitude and latitude of a point inside.

    Run, period, the synthetic flag and the share outside all pockets stand on every row.
    """
    columns = _with_position(frame, collection)
    for name in CARRIED:
        if name in metadata and name not in columns:
            columns[name] = [metadata[name]] * len(frame)
    text = io.StringIO(newline="")
    sheet = csv.writer(text)
    sheet.writerow(list(columns))
    for row in zip(*columns.values(), strict=True):
        sheet.writerow([_csv_cell(value) for value in row])
    out.write(text.getvalue().encode("utf-8-sig"))


def _csv_cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return inert(value) if isinstance(value, str) else value


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> Any:
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)[:_CELL_LIMIT]
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.number_format = "@"
        cell.quotePrefix = bool(_FORMULA.match(value))
    if bold:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _add_sheet(
    book: Workbook, title: str, header: Sequence[str], rows: Iterable[Sequence[Any]], *, filtered: int = 0
) -> None:
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "B2"
    for number, name in enumerate(header, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = min(max(len(name) + 2, 12), 34)
    if filtered:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(header))}{filtered + 1}"
    sheet.append([_cell(sheet, name, bold=True) for name in header])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _legend_rows(frame: pd.DataFrame, names: Iterable[str], collection: str, lang: str) -> list[tuple[str, str, str]]:
    known = [column(collection, name, frame[name] if name in frame.columns else None) for name in names]
    if lang == "id":
        return [(item.name, item.id, indonesian.UNITS.get(item.unit, item.unit)) for item in known]
    return [(item.name, item.en, item.unit) for item in known]


def _metadata_rows(metadata: Mapping[str, Any], frame: pd.DataFrame, lang: str) -> list[tuple[str, Any, str]]:
    """Words, value and key of every fact and total; the key stays the same in both languages."""
    rows = [*metadata.items(), *totals(frame)]
    if lang != "id":
        return [(key, value, key) for key, value in rows]
    said = {"disclosure_rule": indonesian.rule(metadata.get("k"))}
    return [(indonesian.fact(key), said.get(key, value), key) for key, value in rows]


def _worded(columns: Mapping[str, list[Any]], collection: str, lang: str) -> tuple[list[str], list[list[Any]]]:
    """Headings and cells of the first sheet: Indonesian words, or the names and codes as they are."""
    if lang != "id":
        return list(columns), list(columns.values())
    titles = [_HEADINGS.get(name) or column(collection, name).id for name in columns]
    twice = {title for title in titles if titles.count(title) > 1}
    titles = [f"{title} ({name})" if title in twice else title for title, name in zip(titles, columns, strict=True)]
    return titles, [[indonesian.value(name, cell) for cell in cells] for name, cells in columns.items()]


_HEADINGS = {"longitude": "Bujur", "latitude": "Lintang"}


_WORDS = {
    "id": {
        "columns": "Kolom",
        "meta": "Metadata",
        "meaning": "Arti",
        "unit": "Satuan",
        "fact": "Keterangan",
        "key": "Kunci",
        "value": "Nilai",
    },
    "en": {
        "columns": "Columns",
        "meta": "Metadata",
        "meaning": "Meaning",
        "unit": "Unit",
        "fact": "Item",
        "key": "Key",
        "value": "Value",
    },
}


def write_xlsx(
    frame: gpd.GeoDataFrame | pd.DataFrame,
    out: BinaryIO,
    *,
    collection: str,
    metadata: Mapping[str, Any],
    lang: str = "id",
) -> None:
    """Write three sheets: the rows under a frozen header with filters, what each column means, metadata with totals.

    Headings, units and coded values are Indonesian words where ``lang`` is ``id``; the sheet of columns names the keys.
    """
    words = _WORDS.get(lang, _WORDS["id"])
    columns = _with_position(frame, collection)
    book = Workbook(write_only=True)
    headings, cells = _worded(columns, collection, lang)
    _add_sheet(book, collection, headings, zip(*cells, strict=True), filtered=max(len(frame), 1))
    legend = _legend_rows(frame, columns, collection, lang)
    _add_sheet(book, words["columns"], (words["columns"], words["meaning"], words["unit"]), legend)
    _add_sheet(
        book, words["meta"], (words["fact"], words["value"], words["key"]), _metadata_rows(metadata, frame, lang)
    )
    raw = io.BytesIO()
    book.save(raw)
    out.write(undated(raw.getvalue()))


def totals(frame: pd.DataFrame) -> list[tuple[str, int]]:
    """Rows, withheld rows, and sums over the rows that are shown; per level where the frame mixes levels."""
    result = [("rows", len(frame))]
    if "status" in frame.columns:
        result += [(f"rows_{status}", int((frame["status"] == status).sum())) for status in ("suppressed", "no_data")]
    parts = frame.groupby("level", sort=True) if "level" in frame.columns else [("", frame)]
    for level, part in parts:
        for name in ("families", "persons", "poor_families", "poor_persons"):
            if name in part.columns and part[name].notna().any():
                label = f"total_{name}_shown" + (f"_{level}" if level else "")
                result.append((label, int(part[name].sum())))
    return result


def undated(workbook: bytes) -> bytes:
    """Return a workbook without the time at which it was made, so that the same rows give the same bytes."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    core = "docProps/core.xml"
    files[core] = _MODIFIED.sub(rb"\g<1>2000-01-01T00:00:00Z", files[core])
    return zip_bytes(files)
