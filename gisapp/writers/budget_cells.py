"""Cells of a budget workbook: inert texts, numbers, and formulas with their value for readers that do not compute.

A telephone or a mail preview shows what a cell holds, not what its formula gives; LibreOffice and Excel compute anew.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from gisapp.writers.archive import zip_bytes
from gisapp.writers.table import inert, undated

RUPIAH, SHARE, PLAIN, FACTOR, YEAR = "#,##0", "0.0%", "#,##0.##", "0.00", "0"
_HEAD = PatternFill("solid", fgColor="E4ECEF")
_INPUT = PatternFill("solid", fgColor="FFF6D6")
_LINE = Border(*(Side(style="thin", color="C9D2D6"),) * 4)
_EMPTY = re.compile(rb'(<c r="([A-Z]+[0-9]+)"[^>]*><f>[^<]*</f>)<v\s*(?:/>|></v>)')
_LIMIT = 32_767
#: Paper sizes by their numbers in SpreadsheetML (ECMA-376-1, 18.3.1.63).
_A4, _A3 = 9, 8
_FONT = "Arial"
#: Height of a line of 10 points, the highest row there is (ECMA-376-1, 18.3.1.73), and how much wider bold runs.
_LINE_POINTS, _MOST_POINTS, _BOLD = 13.5, 409.0, 0.85


class BudgetBook:
    """A workbook under construction, and the value of each of its formulas."""

    def __init__(self) -> None:
        self.book = Workbook()
        for unasked in self.book.worksheets:
            self.book.remove(unasked)
        self.values: dict[tuple[int, str], float] = {}

    def sheet(self, title: str, *, widths: list[float], pages_wide: int = 1) -> Any:
        """Add a sheet with its column widths, set up to print across: on A4, or on A3 where several pages wide."""
        page = self.book.create_sheet(title[:31])
        for number, width in enumerate(widths, start=1):
            page.column_dimensions[get_column_letter(number)].width = width
        print_as = page.page_setup
        print_as.orientation, print_as.paperSize = "landscape", _A4 if pages_wide == 1 else _A3
        print_as.fitToWidth, print_as.fitToHeight = pages_wide, 0
        page.sheet_properties.pageSetUpPr.fitToPage = True
        page.oddFooter.center.text = "&A — &P/&N"
        return page

    def put(
        self, page: Any, row: int, column: int, value: Any, *, form: str = "", bold: bool = False, fill_in: bool = False
    ) -> None:
        """Write a text that nothing runs, a number, or nothing."""
        cell = page.cell(row, column)
        if isinstance(value, str):
            cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)[:_LIMIT]
            cell.data_type, cell.number_format = "s", "@"
            cell.quotePrefix = inert(value) != value
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            self._make_room(page, row, column, value, bold=bold)
        elif value is not None:
            cell.value = value
            cell.number_format = form or PLAIN
            cell.alignment = Alignment(vertical="top")
        cell.font, cell.border = Font(name=_FONT, size=10, bold=bold), _LINE
        if fill_in:
            cell.fill = _INPUT

    def _make_room(self, page: Any, row: int, column: int, text: str, *, bold: bool) -> None:
        """Make the row as high as the text needs: not every reader does it on opening."""
        width = page.column_dimensions[get_column_letter(column)].width * (_BOLD if bold else 1.0)
        lines = sum(max(1, math.ceil(len(part) / width)) for part in text.split("\n"))
        room = page.row_dimensions[row]
        room.height = max(room.height or 0.0, min(lines * _LINE_POINTS, _MOST_POINTS))

    def formula(
        self, page: Any, row: int, column: int, formula: str, value: float, *, form: str = RUPIAH, bold: bool = False
    ) -> None:
        """Write a formula of ours, with the value that it gives."""
        cell = page.cell(row, column)
        cell.value, cell.number_format = f"={formula}", form
        cell.font, cell.border, cell.alignment = Font(name=_FONT, size=10, bold=bold), _LINE, Alignment(vertical="top")
        self.values[self.book.index(page), cell.coordinate] = value

    def heading(self, page: Any, row: int, names: list[str]) -> None:
        """Write a row of headings."""
        for column, name in enumerate(names, start=1):
            self.put(page, row, column, name, bold=True)
            page.cell(row, column).fill = _HEAD

    def title(self, page: Any, row: int, text: str, *, size: int = 11) -> None:
        """Write a line that runs over the cells beside it."""
        self.put(page, row, 1, text, bold=size > 11)
        page.row_dimensions[row].height = None
        cell = page.cell(row, 1)
        cell.font, cell.border, cell.alignment = (
            Font(name=_FONT, bold=size > 11, size=size),
            Border(),
            Alignment(wrap_text=False),
        )

    def save(self) -> bytes:
        """Return the file: the same bytes for the same content."""
        raw = io.BytesIO()
        self.book.save(raw)
        return _with_values(undated(raw.getvalue()), self.values)


def _with_values(workbook: bytes, values: dict[tuple[int, str], float]) -> bytes:
    """Put the value of each formula beside it; openpyxl leaves its place empty."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    for number in sorted({sheet for sheet, _ in values}):
        name = f"xl/worksheets/sheet{number + 1}.xml"

        def filled(found: re.Match[bytes], number: int = number) -> bytes:
            value = values[number, found[2].decode()]
            return found[1] + f"<v>{value!r}</v>".encode()

        files[name] = _EMPTY.sub(filled, files[name])
    return zip_bytes(files)
