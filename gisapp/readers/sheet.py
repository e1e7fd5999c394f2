"""Cells of one sheet, fast: values by calamine, formulas and errors found in the sheet's own XML.

calamine reads every number as a float, gives nothing for an error cell, and lays out a sheet as one dense block. So a
sheet with whole numbers beyond 2**53, with cells that do not say where they stand, or with a cell far off is left to
the slow reader (``None``), which reads number by number.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import python_calamine

#: Cells of the dense block that calamine would make; more are read row by row instead.
MOST_CELLS = 60_000_000
#: Whole numbers from here on lose digits as floats, and with them a NIK its last digit.
EXACT = 2**53

_BLOCK = 1 << 22
_ROW = re.compile(rb'<row\s[^>]*?\br="(\d+)"')
_WIDE = re.compile(rb'<c\s[^>]*?\br="([A-Z]{2,3})\d')
_FORMULA = re.compile(rb"<f[\s>/]")
_ERROR = re.compile(rb'<c\s[^>]*?\bt="e"')
_SPECIAL = re.compile(rb"<c\s([^>]*[^>/])>((?:(?!</c>).)*?)</c>", re.DOTALL)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d+)"')
_VALUE = re.compile(rb"<v>([^<]*)</v>")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass
class Scan:
    """What the XML of a sheet says beyond its values: its size, its formula cells, its error cells (row, column)."""

    rows: int = 0
    columns: int = 26
    formulas: dict[int, list[int]] = field(default_factory=dict)
    errors: dict[int, dict[int, str]] = field(default_factory=dict)
    placed: bool = True


def iter_fast(path: Path, sheet: str) -> Iterator[tuple[int, list[Any], list[int]]] | None:
    """Row number, values, and positions of formula cells of a sheet; None where the slow reader must do it."""
    entry = _entry_of(path, sheet)
    if entry is None:
        return None
    scan = _scan(path, entry)
    if not scan.placed or scan.rows * scan.columns > MOST_CELLS:
        return None
    with python_calamine.CalamineWorkbook.from_path(path) as book:
        table = book.get_sheet_by_name(sheet)
        if _inexact(table):
            return None
    return _rows(table, scan)


def visible_sheets(path: Path) -> list[str]:
    """Names of the sheets that are neither hidden nor charts, in order."""
    with python_calamine.CalamineWorkbook.from_path(path) as book:
        return [
            one.name
            for one in book.sheets_metadata
            if one.visible == python_calamine.SheetVisibleEnum.Visible
            and one.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]


def _rows(table: python_calamine.CalamineSheet, scan: Scan) -> Iterator[tuple[int, list[Any], list[int]]]:
    offset: list[Any] = [None] * (table.start[1] if table.start else 0)
    for number, values in enumerate(table.iter_rows(), 1):
        cells: list[Any] = [*offset, *values] if offset else values
        for column, text in scan.errors.get(number, {}).items():
            cells += [None] * (column + 1 - len(cells))
            cells[column] = text
        yield number, cells, scan.formulas.get(number, [])


def _inexact(table: python_calamine.CalamineSheet) -> bool:
    return any(
        type(value) is float and (value >= EXACT or value <= -EXACT) and abs(value) < 1e17
        for row in table.iter_rows()
        for value in row
    )


def _entry_of(path: Path, sheet: str) -> str | None:
    """Name of the sheet's XML inside the workbook."""
    with zipfile.ZipFile(path) as archive:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 (check_workbook refuses entities)
        try:
            links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 (as above)
        except KeyError:
            return None
        targets = {link.get("Id"): link.get("Target", "") for link in links}
        names = set(archive.namelist())
    for one in book.iter(f"{_MAIN}sheet"):
        if one.get("name") == sheet:
            target = targets.get(one.get(_RELATION), "")
            entry = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            return entry if entry in names else None
    return None


def _scan(path: Path, entry: str) -> Scan:
    """Read the sheet's XML once, in blocks that end with a cell."""
    scan, rest = Scan(), b""
    with zipfile.ZipFile(path) as archive, archive.open(entry) as stream:
        while block := stream.read(_BLOCK):
            text = rest + block
            end = text.rfind(b"</row>")
            if end < 0 and len(text) > 4 * _BLOCK:
                scan.placed = False
                return scan
            end = end + 6 if end >= 0 else 0
            _look(scan, text[:end])
            rest = text[end:]
    _look(scan, rest)
    return scan


def _look(scan: Scan, text: bytes) -> None:
    rows = _ROW.findall(text)
    if len(rows) != text.count(b"<row"):
        scan.placed = False
    scan.rows = max([scan.rows, *map(int, rows)])
    wide = set(_WIDE.findall(text))
    scan.columns = max([scan.columns, *(column_number(name.decode()) + 1 for name in wide)])
    formulas = len(_FORMULA.findall(text))
    if not formulas and not _ERROR.search(text):
        return
    for attributes, inside in _SPECIAL.findall(text):
        formula, error = _FORMULA.search(inside), b't="e"' in attributes
        if not formula and not error:
            continue
        formulas -= bool(formula)
        place = _PLACE.search(attributes)
        if place is None:
            scan.placed = False
            return
        row, column = int(place[2]), column_number(place[1].decode())
        if formula:
            scan.formulas.setdefault(row, []).append(column)
        if error and (value := _VALUE.search(inside)):
            scan.errors.setdefault(row, {})[column] = value[1].decode(errors="replace")
    scan.placed &= formulas == 0


def column_number(letters: str) -> int:
    """Position of a column from 0.

    >>> column_number("A"), column_number("Z"), column_number("AA")
    (0, 25, 26)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
