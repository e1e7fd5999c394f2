"""XLSX workbooks, read without macros, links or formulas run; numbers become the text they stand for."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
import pandas as pd
import python_calamine
from openpyxl.utils.exceptions import InvalidFileException

from gisapp.errors import FileRefusedError
from gisapp.readers.archive import check_archive
from gisapp.readers.guard import refuse
from gisapp.readers.sheet import iter_fast, visible_sheets

_MOST_COLUMNS = 2_000
#: The beginning of an XML part in which its first element must stand.
_PROLOG = 1 << 16
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_ELEMENT = re.compile(rb"<[A-Z_]")
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
    python_calamine.CalamineError,
    python_calamine.XmlError,
    python_calamine.ZipError,
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
                    _check_prolog(path, stream.read(_PROLOG))


def _check_prolog(path: Path, head: bytes) -> None:
    """Refuse XML that declares entities, hides its beginning behind comments, or is written in UTF-16."""
    body = _COMMENT.sub(b"", head).upper()
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise _workbook_error(path, "the workbook's XML declares entities", "XML buku kerja memuat ENTITY")
    if b"\x00" in head[:64] or b"<!--" in body or not _ELEMENT.search(body):
        raise _workbook_error(path, "the workbook's XML is odd; save it again", "XML buku kerja janggal; simpan ulang")


def sheet_names(path: Path) -> list[str]:
    """Names of the visible sheets, in order."""
    with _refusing(path):
        return visible_sheets(path)


def iter_sheet(path: Path, sheet: str | None) -> Iterator[tuple[int, list[str], list[int]]]:
    """Yield row number (from 1), cells as text, and positions of formula cells (whose saved result is given)."""
    with _refusing(path):
        chosen = _chosen(path, sheet)
        rows = iter_fast(path, chosen)
        for number, cells, formulas in rows if rows is not None else _iter_slow(path, chosen):
            if len(cells) > _MOST_COLUMNS:
                cells = _trim(path, cells)
            yield number, [cell_text(value) for value in cells], formulas


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """Turn every way in which a workbook can be broken into a refusal."""
    try:
        yield
    except FileRefusedError:
        raise
    except _BROKEN as error:
        raise _workbook_error(path, f"the workbook is damaged ({error})", f"buku kerja rusak ({error})") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise _workbook_error(path, "the workbook is damaged", "buku kerja rusak") from error


def _chosen(path: Path, sheet: str | None) -> str:
    visible = visible_sheets(path)
    if sheet is None and visible:
        return visible[0]
    if sheet is not None and sheet in visible:
        return sheet
    listed = ", ".join(visible) or "-"
    raise _workbook_error(
        path, f"there is no sheet {sheet!r}; sheets: {listed}", f"tidak ada lembar {sheet!r}; lembar: {listed}"
    )


def _iter_slow(path: Path, sheet: str) -> Iterator[tuple[int, list[Any], list[int]]]:
    """Row by row with openpyxl, which keeps every digit of a number."""
    book = _open(path, values=True)
    shadow = _open(path, values=False) if _has_formulas(path) else None
    try:
        rows = _rows(book, sheet)
        if shadow is None:
            for number, cells in enumerate(rows, 1):
                yield number, list(cells), []
            return
        for number, (cells, written) in enumerate(zip(rows, _rows(shadow, sheet), strict=False), 1):
            yield number, list(cells), [at for at, value in enumerate(written) if _is_formula(value)]
    finally:
        book.close()
        if shadow is not None:
            shadow.close()


def _is_formula(value: Any) -> bool:
    if isinstance(value, str):
        return value.startswith("=") and len(value) > 1
    return type(value).__name__ in ("ArrayFormula", "DataTableFormula")


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
    if isinstance(value, Decimal):
        return str(int(value)) if value == value.to_integral_value() else str(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def _open(path: Path, *, values: bool) -> Any:
    return openpyxl.load_workbook(path, read_only=True, data_only=values, keep_links=False, keep_vba=False)


def _rows(book: Any, sheet: str) -> Iterator[tuple[Any, ...]]:
    chosen = book[sheet]
    chosen.reset_dimensions()  # a wrong declared size would cut the sheet
    yield from chosen.iter_rows(values_only=True)


def _trim(path: Path, row: list[Any]) -> list[Any]:
    last = max((at for at, value in enumerate(row) if value not in (None, "")), default=-1)
    if last < _MOST_COLUMNS:
        return row[: last + 1]
    raise _workbook_error(
        path, f"a row has more than {_MOST_COLUMNS} columns", f"ada baris dengan lebih dari {_MOST_COLUMNS} kolom"
    )


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
