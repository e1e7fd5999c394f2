"""Tables read as text and nothing else: ids keep their zeros, every row keeps its number in the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet

from gisapp.errors import FileRefusedError, Problem
from gisapp.readers.delimited import detect, first_rows, iter_delimited, preview
from gisapp.readers.guard import identify, refuse
from gisapp.readers.header import Header, read_header, unique_names
from gisapp.readers.workbook import cell_text, check_workbook, iter_sheet, rows_to_frame, sheet_names

_PREVIEW_ROWS = 30


@dataclass(frozen=True)
class TableRead:
    """A whole table of text, and what was noticed while reading it."""

    frame: pd.DataFrame
    problems: tuple[Problem, ...]


def read_text_table(path: Path | str, *, sheet: str | None = None, header_row: int | None = None) -> pd.DataFrame:
    """Read a CSV, XLSX or Parquet table as text; blanks are empty text, the index ``row`` is the row in the file."""
    return read_table(path, sheet=sheet, header_row=header_row).frame


def read_table(path: Path | str, *, sheet: str | None = None, header_row: int | None = None) -> TableRead:
    """Read a table as text, with problems: formula cells, rows of another width, sheets that were not read.

    Raises
    ------
    FileRefusedError : the file is not what it says, is damaged, or has no header.
    """
    chunks = list(iter_text_table(path, sheet=sheet, header_row=header_row))
    frame = pd.concat(chunks) if len(chunks) > 1 else chunks[0]
    formulas = [cell for chunk in chunks for cell in chunk.attrs["formula_cells"]]
    ragged = [row for chunk in chunks for row in chunk.attrs["ragged"]]
    frame.attrs = {"formula_cells": formulas, "ragged": ragged}
    problems = [*_cell_problems(formulas, ragged), *_sheet_problems(Path(path), sheet)]
    return TableRead(frame, tuple(problems))


def iter_text_table(
    path: Path | str, chunk_rows: int = 50_000, *, sheet: str | None = None, header_row: int | None = None
) -> Iterator[pd.DataFrame]:
    """Yield a table in chunks of text, at least one (empty where there is only a header).

    Parameters
    ----------
    path : a CSV (any usual encoding and separator), XLSX or Parquet file.
    chunk_rows : rows per chunk.
    sheet : the sheet of a workbook; the first visible one by default.
    header_row : row of the column names, from 1; found by itself where None (the first row as wide as the table).

    Yields
    ------
    DataFrame of text. Index ``row``: the row's number in the file, the first row of the file being 1.
    ``attrs["formula_cells"]``: list of (row, column). ``attrs["ragged"]``: rows with too few or too many cells.
    ``attrs["done"]`` of ``attrs["total"]``: how far the file is read, in bytes or rows, where that is known.

    Raises
    ------
    FileRefusedError : the file is not what it says, is damaged, or has no header.
    """
    found = Path(path)
    kind = identify(found)
    if kind == "csv":
        chunks = _iter_csv(found, chunk_rows, header_row)
    elif kind == "xlsx":
        check_workbook(found)
        chunks = _iter_workbook(found, chunk_rows, sheet, header_row)
    elif kind == "parquet":
        chunks = _iter_parquet(found, chunk_rows)
    else:
        raise refuse(
            f"{found}: a table must be CSV, XLSX or Parquet, not {kind}.",
            f"{found}: tabel harus CSV, XLSX atau Parquet, bukan {kind}.",
            code="format_unknown",
        )
    yield from chunks


def read_preview(path: Path | str, *, rows: int = _PREVIEW_ROWS, sheet: str | None = None) -> list[list[str]]:
    """Return the first rows of a CSV or XLSX as they stand, titles and header included."""
    found = Path(path)
    if identify(found) == "csv":
        return preview(found, detect(found), rows)
    check_workbook(found)
    out = []
    for _, cells, _ in iter_sheet(found, sheet):
        out.append([cell.strip() for cell in cells])
        if len(out) == rows:
            break
    return out


def table_sheets(path: Path | str) -> list[str]:
    """Names of the visible sheets of a workbook, in order; none for any other table."""
    found = Path(path)
    if identify(found) != "xlsx":
        return []
    check_workbook(found)
    return sheet_names(found)


def unread_sheets(path: Path | str, sheet: str | None) -> list[str]:
    """Names of the visible sheets that are not read where ``sheet`` (None: the first) is."""
    names = table_sheets(path)
    return [name for name in names if name != (sheet or names[0])]


def _header(path: Path, rows: list[list[str]], header_row: int | None) -> Header:
    found = read_header(rows, header_row)
    if found is None:
        raise _no_header(path)
    return found


def _iter_csv(path: Path, chunk_rows: int, header_row: int | None) -> Iterator[pd.DataFrame]:
    dialect = detect(path)
    first = first_rows(path, dialect, max(_PREVIEW_ROWS, header_row or 0))
    rows = [cells for _, cells in first]
    header = _header(path, rows, header_row)
    width = max(len(row) for row in rows[header.first - 1 : header.last])
    columns = [*header.names, *(f"column_{n}" for n in range(len(header.names) + 1, width + 1))]
    none_yet = True
    for chunk in iter_delimited(
        path,
        dialect,
        columns=columns,
        header_row=header.last,
        header_line=first[header.last - 1][0],
        chunk_rows=chunk_rows,
    ):
        none_yet = False
        yield chunk
    if none_yet:
        yield _empty(columns)


def _iter_workbook(path: Path, chunk_rows: int, sheet: str | None, header_row: int | None) -> Iterator[pd.DataFrame]:
    source = iter_sheet(path, sheet)
    first = list(islice(source, max(_PREVIEW_ROWS, header_row or 0)))
    header = _header(path, [[cell.strip() for cell in cells] for _, cells, _ in first], header_row)
    columns = header.names
    rows: list[tuple[int, list[str]]] = []
    formulas: list[tuple[int, str]] = []
    ragged: list[int] = []
    none_yet = True
    for number, cells, formula_at in chain(first, source):
        if number <= header.last or not any(cell.strip() for cell in cells):
            continue
        rows.append((number, cells))
        formulas += [(number, columns[position]) for position in formula_at if position < len(columns)]
        if any(cell.strip() for cell in cells[len(columns) :]):
            ragged.append(number)
        if len(rows) == chunk_rows:
            none_yet = False
            yield _chunk(rows_to_frame(rows, columns), formulas, ragged)
            rows, formulas, ragged = [], [], []
    if rows or none_yet:
        yield _chunk(rows_to_frame(rows, columns), formulas, ragged)


def _iter_parquet(path: Path, chunk_rows: int) -> Iterator[pd.DataFrame]:
    try:
        source = parquet.ParquetFile(path)
        fields = [
            field for field in source.schema_arrow if not pa.types.is_nested(field.type) and field.name != "geometry"
        ]
        wanted = list(dict.fromkeys(field.name for field in fields))
        if not wanted:
            raise _no_header(path)
        columns = unique_names([field.name for field in fields])
        number, none_yet = 2, True
        for batch in source.iter_batches(batch_size=chunk_rows, columns=wanted):
            flat = [column for column in batch.columns if not pa.types.is_nested(column.type)]
            values = zip(columns, flat, strict=True)
            frame = pd.DataFrame({name: _column_text(column) for name, column in values}, dtype="str")
            frame.index = pd.RangeIndex(number, number + len(frame), name="row")
            number, none_yet = number + len(frame), False
            chunk = _chunk(frame, [], [])
            chunk.attrs["done"], chunk.attrs["total"] = number - 2, source.metadata.num_rows
            yield chunk
        if none_yet:
            yield _empty(columns)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        raise refuse(f"{path}: damaged Parquet file ({error}).", f"{path}: berkas Parquet rusak ({error}).") from error


def _column_text(values: pa.Array) -> list[str]:
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        return [value or "" for value in values.to_pylist()]
    return ["" if value != value else cell_text(value) for value in values.to_pylist()]


def _empty(columns: list[str]) -> pd.DataFrame:
    return _chunk(rows_to_frame([], columns), [], [])


def _chunk(frame: pd.DataFrame, formulas: list[tuple[int, str]], ragged: list[int]) -> pd.DataFrame:
    frame.attrs["formula_cells"] = formulas
    frame.attrs["ragged"] = ragged
    return frame


def _no_header(path: Path) -> FileRefusedError:
    return refuse(
        f"{path}: no row of column names was found. Put the names in one row above the data.",
        f"{path}: baris nama kolom tidak ditemukan. Letakkan nama kolom dalam satu baris di atas data.",
        code="header_missing",
    )


def _cell_problems(formulas: list[tuple[int, str]], ragged: list[int]) -> list[Problem]:
    problems = []
    if formulas:
        row, column = formulas[0]
        problems.append(
            Problem(
                code="formula_cell",
                severity="warning",
                count=len(formulas),
                detail=f"Cells hold formulas; their saved results were read. First: row {row}, column {column}.",
                detail_id=f"Sel berisi rumus; hasil tersimpannya yang dibaca. Pertama: baris {row}, kolom {column}.",
            )
        )
    if ragged:
        problems.append(
            Problem(
                code="columns_mismatch",
                severity="warning",
                count=len(ragged),
                detail=f"Rows have another number of cells than the header. First: row {ragged[0]}.",
                detail_id=f"Baris dengan jumlah sel berbeda dari judul kolom. Pertama: baris {ragged[0]}.",
            )
        )
    return problems


def _sheet_problems(path: Path, sheet: str | None) -> list[Problem]:
    others = unread_sheets(path, sheet)
    if not others:
        return []
    listed, read = ", ".join(others), sheet or table_sheets(path)[0]
    return [
        Problem(
            code="sheets_ignored",
            severity="info",
            count=len(others),
            detail=f"Only sheet {read!r} was read; not read: {listed}.",
            detail_id=f"Hanya lembar {read!r} yang dibaca; tidak dibaca: {listed}.",
        )
    ]
