"""XLSX workbooks, read without macros, links or formulas run; numbers become the text they stand for."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
import pandas as pd
from openpyxl.utils.exceptions import InvalidFileException

from gisapp.errors import FileRefusedError
from gisapp.readers.archive import check_archive
from gisapp.readers.guard import refuse

_MOST_COLUMNS = 2_000
_FORMULA = re.compile(rb"<f[\s>/]")
_BROKEN = (
    InvalidFileException,
    zipfile.BadZipFile,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    OSError,
)


def check_workbook(path: Path) -> None:
    """Refuse a workbook with macros or XML entities, a bomb, a damaged one (code ``workbook`` or ``archive``)."""
    infos = check_archive(path)
    names = {info.filename.lower() for info in infos}
    if "xl/workbook.xml" not in names:
        raise _workbook_error(path, "this is not an XLSX workbook", "ini bukan buku kerja XLSX")
    if any(name.endswith(("vbaproject.bin", ".exe", ".dll")) for name in names):
        raise _workbook_error(
            path, "the workbook holds macros; save it as .xlsx", "buku kerja memuat makro; simpan sebagai .xlsx"
        )
    with zipfile.ZipFile(path) as archive:
        for info in infos:
            if info.filename.lower().endswith((".xml", ".rels")):
                with archive.open(info) as stream:
                    head = stream.read(4096)
                if b"<!DOCTYPE" in head.upper() or b"<!ENTITY" in head.upper():
                    raise _workbook_error(path, "the workbook's XML declares entities", "XML buku kerja memuat ENTITY")


def sheet_names(path: Path) -> list[str]:
    """Names of the visible sheets, in order."""
    book = _open(path, values=True)
    try:
        return [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    finally:
        book.close()


def iter_sheet(path: Path, sheet: str | None) -> Iterator[tuple[int, list[str], list[int]]]:
    """Yield row number (from 1), cells as text, and positions of formula cells (whose saved result is given)."""
    book = _open(path, values=True)
    shadow = _open(path, values=False) if _has_formulas(path) else None
    try:
        rows = _rows(path, book, sheet)
        if shadow is None:
            for number, cells in enumerate(rows, 1):
                yield number, [cell_text(value) for value in cells], []
            return
        for number, (cells, written) in enumerate(zip(rows, _rows(path, shadow, sheet), strict=False), 1):
            formulas = [
                at
                for at, value in enumerate(written)
                if isinstance(value, str) and value.startswith("=") and len(value) > 1
            ]
            formulas += [
                at for at, value in enumerate(written) if type(value).__name__ in ("ArrayFormula", "DataTableFormula")
            ]
            yield number, [cell_text(value) for value in cells], formulas
    except _BROKEN as error:
        if isinstance(error, FileRefusedError):
            raise
        raise _workbook_error(path, f"the workbook is damaged ({error})", f"buku kerja rusak ({error})") from error
    finally:
        book.close()
        if shadow is not None:
            shadow.close()


def cell_text(value: Any) -> str:
    """Text of a cell: whole numbers without .0, dates as 2023-05-01, blanks as empty text.

    >>> cell_text(3.0), cell_text(1205010101010010), cell_text(None), cell_text(0.5)
    ('3', '1205010101010010', '', '0.5')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e22 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def _open(path: Path, *, values: bool) -> Any:
    try:
        return openpyxl.load_workbook(path, read_only=True, data_only=values, keep_links=False, keep_vba=False)
    except _BROKEN as error:
        raise _workbook_error(
            path, f"the workbook cannot be opened ({error})", f"buku kerja tidak terbuka ({error})"
        ) from error


def _rows(path: Path, book: Any, sheet: str | None) -> Iterator[tuple[Any, ...]]:
    visible = [item for item in book.worksheets if item.sheet_state == "visible"]
    chosen = (
        next((item for item in visible if item.title == sheet), None) if sheet else (visible[0] if visible else None)
    )
    if chosen is None:
        listed = ", ".join(item.title for item in visible)
        raise _workbook_error(
            path, f"there is no sheet {sheet!r}; sheets: {listed}", f"tidak ada lembar {sheet!r}; lembar: {listed}"
        )
    chosen.reset_dimensions()  # a wrong declared size would cut the sheet
    for row in chosen.iter_rows(values_only=True):
        if len(row) > _MOST_COLUMNS:
            row = _trim(row)
            if len(row) > _MOST_COLUMNS:
                raise _workbook_error(
                    path,
                    f"a row has more than {_MOST_COLUMNS} columns",
                    f"ada baris dengan lebih dari {_MOST_COLUMNS} kolom",
                )
        yield row


def _trim(row: tuple[Any, ...]) -> tuple[Any, ...]:
    last = max((at for at, value in enumerate(row) if value is not None), default=-1)
    return row[: last + 1]


def _has_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not name.lower().startswith("xl/worksheets/"):
                continue
            overlap = b""
            with archive.open(name) as stream:
                while block := stream.read(1 << 20):
                    if _FORMULA.search(overlap + block):
                        return True
                    overlap = block[-4:]
    return False


def rows_to_frame(rows: list[tuple[int, list[str]]], columns: list[str]) -> pd.DataFrame:
    """Frame of text from numbered rows, padded or cut to the columns."""
    width = len(columns)
    cells = [(values + [""] * (width - len(values)))[:width] for _, values in rows]
    return pd.DataFrame(
        cells, columns=columns, index=pd.Index([number for number, _ in rows], name="row", dtype="int64"), dtype="str"
    )


def _workbook_error(path: Path, en: str, id: str) -> FileRefusedError:
    return refuse(f"{path}: {en}.", f"{path}: {id}.", code="workbook")
