"""A workbook to be filled in: fixed cells locked, the others with lists to choose from, codes explained beside it."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from gisapp.writers.table import inert

#: Row of the headings; the title stands above it.
HEADER_ROW = 2
_MADE = dt.datetime(2000, 1, 1)
_FILL = PatternFill("solid", fgColor="FFF6D6")
_HEAD = PatternFill("solid", fgColor="E4ECEF")
_LINE = Border(*(Side(style="thin", color="C9D2D6"),) * 4)


@dataclass(frozen=True, kw_only=True)
class FormColumn:
    """One column: its heading, its texts, whether it is filled in, and what may be chosen."""

    heading: str
    texts: Sequence[str]
    fill_in: bool = False
    hidden: bool = False
    choices: Sequence[str] = ()
    width: int = 16
    note: str = ""


def cell_name(row: int, column: int) -> str:
    """Name of a cell as a spreadsheet shows it.

    >>> cell_name(3, 28)
    'AB3'
    """
    return f"{get_column_letter(column)}{row}"


def write_form_sheet(
    out: BinaryIO, *, sheet: str, title: str, columns: Sequence[FormColumn], guide: Sequence[tuple[str, str]]
) -> None:  # fmt: skip
    """Write the sheet, a sheet of choices and a sheet of what each column means; every cell is text."""
    book = Workbook()
    page: Any = book.active
    page.title = sheet[:31]
    _fill(page, title, columns)
    _choices(book, page, columns)
    _guide(book, guide)
    book.properties.created = book.properties.modified = _MADE
    raw = io.BytesIO()
    book.save(raw)
    out.write(raw.getvalue())


def _text(cell: Any, value: str, *, bold: bool = False) -> None:
    cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)
    cell.data_type, cell.number_format = "s", "@"
    cell.quotePrefix = inert(value) != value
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if bold:
        cell.font = Font(bold=True)


def _fill(page: Any, title: str, columns: Sequence[FormColumn]) -> None:
    head = page.cell(1, 1)
    _text(head, title, bold=True)
    head.font = Font(bold=True, size=13)
    head.alignment = Alignment(wrap_text=False)
    for at, column in enumerate(columns, start=1):
        letter = get_column_letter(at)
        page.column_dimensions[letter].width = column.width
        page.column_dimensions[letter].hidden = column.hidden
        cell = page.cell(HEADER_ROW, at)
        _text(cell, column.heading, bold=True)
        cell.fill, cell.border = _HEAD, _LINE
        for row, value in enumerate(column.texts, start=HEADER_ROW + 1):
            cell = page.cell(row, at)
            _text(cell, value)
            cell.border = _LINE
            if column.fill_in:
                cell.protection, cell.fill = Protection(locked=False), _FILL
    page.freeze_panes = page.cell(HEADER_ROW + 1, 5)
    page.protection.sheet = True
    page.protection.formatColumns = page.protection.formatRows = False
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = f"1:{HEADER_ROW}"
    page.oddFooter.center.text = f"{title[:120]} — &P/&N"


def _choices(book: Workbook, page: Any, columns: Sequence[FormColumn]) -> None:
    """Lists to choose from stand on a sheet of their own: written into the rule they may have 255 letters only."""
    lists = book.create_sheet("Pilihan")
    rows = max((len(column.texts) for column in columns), default=0)
    for at, column in enumerate(columns, start=1):
        if not column.choices or not rows:
            continue
        letter = get_column_letter(at)
        for row, choice in enumerate((column.heading, *column.choices), start=1):
            _text(lists.cell(row, at), choice, bold=row == 1)
        rule = DataValidation(type="list", formula1=f"=Pilihan!${letter}$2:${letter}${len(column.choices) + 1}")
        rule.allow_blank, rule.showErrorMessage = True, True
        rule.errorTitle, rule.error = "Pilih dari daftar", f"Isi {column.heading} dari daftar pilihan."
        if column.note:
            rule.showInputMessage, rule.promptTitle, rule.prompt = True, column.heading[:32], column.note[:255]
        page.add_data_validation(rule)
        rule.add(f"{letter}{HEADER_ROW + 1}:{letter}{HEADER_ROW + rows}")
    lists.protection.sheet = True


def _guide(book: Workbook, guide: Sequence[tuple[str, str]]) -> None:
    sheet = book.create_sheet("Petunjuk")
    for row, (name, meaning) in enumerate((("Kolom", "Arti dan cara mengisi"), *guide), start=1):
        _text(sheet.cell(row, 1), name, bold=row == 1)
        _text(sheet.cell(row, 2), meaning, bold=row == 1)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 30, 100
    sheet.freeze_panes = "A2"
