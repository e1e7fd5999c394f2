"""Delimited text (CSV): encoding, separator and ragged rows told apart; every value stays text."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv

from gisapp.errors import FileRefusedError
from gisapp.readers.guard import refuse, wide_encoding
from gisapp.readers.quotes import columns_over_lines, lines_in, swallows_rows

_SEPARATORS = (",", ";", "\t", "|")
_LONGEST_LINE = 4_000_000
_SAMPLE_BYTES = 1 << 18
_BLOCK = 1 << 20
#: A separator may split this share of the lines evenly that another splits, and still be the true one.
_NEARLY_EVEN = 0.8
_LINE_END = re.compile(r"[\r\n]")
_NOT_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_UTF8_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Dialect:
    """How a text file is written: ``encoding`` is utf-8, utf-16-le, utf-16-be or cp1252; ``bom`` its length in bytes.

    ``odd_quotes``: the number of quotation marks is odd, so one of them is not closed. ``quotes``: there are any.
    """

    encoding: str
    separator: str
    bom: int
    odd_quotes: bool = False
    quotes: bool = True


def detect(path: Path) -> Dialect:
    """Tell encoding and separator; refuse NUL bytes and endless lines with the line number.

    Raises
    ------
    FileRefusedError : code ``csv_nul``, ``csv_line``, ``csv_encoding``.
    """
    with path.open("rb") as stream:
        head = stream.read(_SAMPLE_BYTES)
    encoding, bom = wide_encoding(head)
    if encoding is not None:
        quotes = _scan_wide(path, encoding)
        sample = head[bom:].decode(encoding, errors="ignore")
        return Dialect(encoding, _separator(sample), bom, odd_quotes=quotes % 2 == 1, quotes=quotes > 0)
    bom = len(_UTF8_BOM) if head.startswith(_UTF8_BOM) else 0
    utf8, quotes = _scan(path)
    encoding = "utf-8" if utf8 else "cp1252"
    sample = head[bom:].decode(encoding, errors="replace")
    return Dialect(encoding, _separator(sample), bom, odd_quotes=quotes % 2 == 1, quotes=quotes > 0)


def preview(path: Path, dialect: Dialect, rows: int) -> list[list[str]]:
    """Return the first rows as they stand."""
    return [cells for _, cells in first_rows(path, dialect, rows)]


def first_rows(path: Path, dialect: Dialect, rows: int) -> list[tuple[int, list[str]]]:
    """Return the first rows as they stand, each with the line on which it ends.

    Raises
    ------
    FileRefusedError : code ``csv_quote`` where a quote among them is never closed.
    """
    with path.open("rb") as stream:
        stream.seek(dialect.bom)
        text = stream.read(_SAMPLE_BYTES).decode(dialect.encoding, errors="replace")
    reader = _reader(io.StringIO(text, newline=""), dialect.separator)
    out: list[tuple[int, list[str]]] = []
    for row in islice(reader, rows):
        if dialect.odd_quotes and any(_LINE_END.search(cell) and dialect.separator in cell for cell in row):
            raise _quote_error(path, len(out) + 1)
        out.append((reader.line_num, [cell.strip() for cell in row]))
    return out


def iter_delimited(
    path: Path, dialect: Dialect, *, columns: list[str], header_row: int, header_line: int, chunk_rows: int
) -> Iterator[pd.DataFrame]:
    """Yield chunks of text; the index (``row``) is the row's number in the file, the first row being 1.

    ``header_row`` is the last row of the headings and ``header_line`` the line on which it ends, which is further down
    where a title or a heading runs over several lines.
    ``attrs["ragged"]`` lists rows whose number of cells is not the header's: short ones are padded with blanks,
    the surplus of long ones is joined to the last column.

    Raises
    ------
    FileRefusedError : code ``csv_quote`` where an opened quote swallows the following rows.
    """
    reader = _Rows(path, dialect, columns, (header_row, header_line))
    waiting: list[pd.DataFrame] = []
    held = 0
    for frame in reader.frames():
        waiting.append(frame)
        held += len(frame)
        while held >= chunk_rows:
            joined = pd.concat(waiting)
            yield _with_ragged(joined.iloc[:chunk_rows], reader)
            waiting, held = [joined.iloc[chunk_rows:]], held - chunk_rows
    if held:
        yield _with_ragged(pd.concat(waiting), reader)


class _Rows:
    """The arrow reader, with the rows that do not fit put back in their place."""

    def __init__(self, path: Path, dialect: Dialect, columns: list[str], header_end: tuple[int, int]) -> None:
        """``header_end`` is the row and the line on which the headings end."""
        self._path, self._dialect, self._columns = path, dialect, columns
        header_row, self._header_line = header_end
        self._next = header_row + 1
        self._breaks = self._header_line - header_row
        self._skipped = self._breaks
        self._odd: list[tuple[int, list[str]]] = []
        self.ragged: list[int] = []
        self.position, self.size = 0, path.stat().st_size
        self._failure: FileRefusedError | None = None

    def frames(self) -> Iterator[pd.DataFrame]:
        try:
            with self._path.open("rb") as stream:
                stream.seek(self._dialect.bom)
                for frame in self._read(pa.PythonFile(stream, mode="r")):
                    self.position = stream.tell()
                    yield frame
        except (pa.ArrowInvalid, UnicodeDecodeError) as error:
            raise self._failure or _quote_error(self._path, self._next) from error
        if self._failure:
            raise self._failure
        yield from self._drain(None)

    def _read(self, stream: pa.NativeFile) -> Iterator[pd.DataFrame]:
        encoding = {"utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be"}.get(
            self._dialect.encoding, self._dialect.encoding
        )
        batches = arrow_csv.open_csv(
            stream,
            read_options=arrow_csv.ReadOptions(
                use_threads=False,
                column_names=self._columns,
                skip_rows=self._header_line,
                encoding=encoding,
                block_size=8 * _BLOCK,
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self._dialect.separator,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=self._odd_row,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={name: pa.string() for name in self._columns}, strings_can_be_null=False
            ),
        )
        for batch in batches:
            yield from self._number(batch.to_pandas(), columns_over_lines(batch) if self._dialect.quotes else [])

    def _odd_row(self, row: arrow_csv.InvalidRow) -> str:
        if "\n" in row.text or "\r" in row.text:
            self._failure = _quote_error(self._path, row.number)
            return "error"
        self._odd.append(
            (row.number - self._skipped, next(csv.reader([row.text], delimiter=self._dialect.separator), []))
        )
        return "skip"

    def _number(self, frame: pd.DataFrame, long_cells: list[str]) -> Iterator[pd.DataFrame]:
        """Give rows their numbers, letting the odd ones in between; ``long_cells``: columns with line ends in cells."""
        start = 0
        while start < len(frame):
            limit = len(frame)
            if self._odd and self._odd[0][0] < self._next + (limit - start):
                limit = start + self._odd[0][0] - self._next
            if limit > start:
                part = frame.iloc[start:limit].copy()
                part.index = pd.RangeIndex(self._next, self._next + len(part), name="row")
                self._next += len(part)
                start = limit
                self._look_into(part, long_cells)
                yield _without_blank_rows(part)
            else:
                yield from self._drain(1)

    def _look_into(self, part: pd.DataFrame, long_cells: list[str]) -> None:
        """Refuse cells over several lines that stand for an open quote or for swallowed rows."""
        breaks = pd.Series(0, index=part.index)
        for name in long_cells:
            breaks += lines_in(part[name])
        long = breaks[breaks > 0]
        if long.empty:
            return
        if self._dialect.odd_quotes:
            raise _quote_error(self._path, int(long.index[0]))
        before = breaks.cumsum() - breaks + self._breaks
        for row in long.index:
            for name in long_cells:
                place = self._columns.index(name)
                cell = str(part.at[row, name])
                if swallows_rows(cell, place=place, width=len(self._columns), separator=self._dialect.separator):
                    first = int(row) + int(before[row])
                    raise _swallowed(self._path, first, first + int(breaks[row]), place + 1)
        self._breaks += int(long.sum())

    def _drain(self, most: int | None) -> Iterator[pd.DataFrame]:
        taken = self._odd[:most] if most else self._odd[:]
        del self._odd[: len(taken)]
        rows, numbers = [], []
        for number, cells in taken:
            self._next = number + 1
            if any(cell.strip() for cell in cells):
                rows.append(self._fit(cells))
                numbers.append(number)
                if not _only_blank_surplus(cells, len(self._columns)):
                    self.ragged.append(number)
        if rows:
            yield pd.DataFrame(rows, columns=self._columns, index=pd.Index(numbers, name="row"), dtype="str")

    def _fit(self, cells: list[str]) -> list[str]:
        width = len(self._columns)
        if len(cells) <= width:
            return cells + [""] * (width - len(cells))
        surplus = cells[width - 1 :]
        if _only_blank_surplus(cells, width):
            return cells[:width]
        return [*cells[: width - 1], self._dialect.separator.join(surplus)]


def _without_blank_rows(frame: pd.DataFrame) -> pd.DataFrame:
    suspect = frame[frame.iloc[:, 0] == ""]
    blank = suspect.index[(suspect == "").all(axis=1)]
    return frame.drop(index=blank) if len(blank) else frame


def _only_blank_surplus(cells: list[str], width: int) -> bool:
    return len(cells) > width and not any(cell.strip() for cell in cells[width:])


def _with_ragged(frame: pd.DataFrame, reader: _Rows) -> pd.DataFrame:
    present = frame.index
    frame.attrs["ragged"] = [row for row in reader.ragged if row in present]
    frame.attrs["formula_cells"] = []
    frame.attrs["done"], frame.attrs["total"] = reader.position, reader.size
    return frame


def _quote_error(path: Path, row: int | None) -> FileRefusedError:
    return refuse(
        f"{path}, near row {row}: a quotation mark is opened and not closed. Close it or remove it, then save again.",
        f"{path}, sekitar baris {row}: tanda kutip dibuka tetapi tidak ditutup. Tutup atau hapus, lalu simpan ulang.",
        code="csv_quote",
    )


def _swallowed(path: Path, first: int, last: int, column: int) -> FileRefusedError:
    return refuse(
        f"{path}, lines {first} to {last}, column {column}: a quotation mark joins these lines into one cell, so rows "
        "would be lost. Remove the stray quotation marks there, then save again.",
        f"{path}, baris {first} sampai {last}, kolom {column}: tanda kutip menyatukan baris-baris ini menjadi satu "
        "sel, sehingga ada baris yang hilang. Hapus tanda kutip yang salah di sana, lalu simpan ulang.",
        code="csv_quote",
    )


def _reader(lines: Iterable[str], separator: str) -> Any:
    """Rows of a sample; a cell may be as long as the sample, where the module's own limit would raise ``csv.Error``."""
    csv.field_size_limit(max(csv.field_size_limit(), _SAMPLE_BYTES))
    return csv.reader(lines, delimiter=separator)


def _separator(text: str) -> str:
    """Separator that splits the first lines most evenly; a decimal comma loses to a semicolon.

    A sign that stands once in every address loses to the one that makes many columns, though some row is ragged: a
    table has at most one decimal comma more than it has separators, so a greater surplus is no decimals.
    """
    lines = [line for line in text.splitlines()[:50] if line.strip()][:20]
    if not lines:
        return ","

    def score(separator: str) -> tuple[int, int]:
        counts = [len(row) - 1 for row in _reader(lines, separator)]
        usual = max(set(counts), key=lambda count: (counts.count(count), count)) if counts else 0
        return (counts.count(usual) * (usual > 0), usual)

    scores = {separator: score(separator) for separator in _SEPARATORS}
    even, usual = max(scores.values())
    richer = {key: own for key, own in scores.items() if own[1] > usual + 1 and own[0] >= _NEARLY_EVEN * even}
    best = max(richer or scores, key=lambda separator: scores[separator][:: -1 if richer else 1])
    return best if scores[best][1] else ","


class _Scan:
    """What is noticed on the way through a text file, block by block."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._line, self._since, self.quotes = 1, 0, 0

    def take(self, block: Any, nul: Any, newline: Any, quote: Any) -> None:
        if nul in block:
            at = self._line + block[: block.index(nul)].count(newline)
            raise refuse(
                f"{self._path}, line {at}: there are NUL bytes; this is not a text file. Save it as CSV UTF-8.",
                f"{self._path}, baris {at}: ada byte NUL; ini bukan berkas teks. Simpan sebagai CSV UTF-8.",
                code="csv_nul",
            )
        self.quotes += block.count(quote)
        breaks = block.count(newline)
        self._since = len(block) - block.rindex(newline) - 1 if breaks else self._since + len(block)
        self._line += breaks
        if self._since > _LONGEST_LINE:
            raise refuse(
                f"{self._path}, line {self._line}: the line is longer than 4 MB. Save one row per line.",
                f"{self._path}, baris {self._line}: baris lebih dari 4 MB. Simpan satu baris per data.",
                code="csv_line",
            )


def _scan(path: Path) -> tuple[bool, int]:
    """Whether the whole file is UTF-8, and how many quotation marks it has; refuses NUL bytes and endless lines."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    scan, valid = _Scan(path), True
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            scan.take(block, b"\x00", b"\n", b'"')
            if valid:
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    valid = False
    if valid:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            valid = False
    if not valid:
        _refuse_strange_bytes(path)
    return valid, scan.quotes


def _refuse_strange_bytes(path: Path) -> None:
    """Refuse text that is not UTF-8 and holds bytes that Windows-1252 does not know either."""
    line = 1
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            if found := _NOT_1252.search(block):
                line += block[: found.start()].count(b"\n")
                raise refuse(
                    f"{path}, line {line}: the text is broken, neither UTF-8 nor Windows-1252. Save it as CSV UTF-8.",
                    f"{path}, baris {line}: teks rusak, bukan UTF-8 dan bukan Windows-1252. Simpan sebagai CSV UTF-8.",
                    code="csv_encoding",
                )
            line += block.count(b"\n")


def _scan_wide(path: Path, encoding: str) -> int:
    """How many quotation marks a UTF-16 file has; refuses NUL characters, endless lines and broken text."""
    decoder = codecs.getincrementaldecoder(encoding)()
    scan = _Scan(path)
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            try:
                text = decoder.decode(block)
            except UnicodeDecodeError as error:
                raise refuse(
                    f"{path}: broken UTF-16 text. Save it as CSV UTF-8.",
                    f"{path}: teks UTF-16 rusak. Simpan sebagai CSV UTF-8.",
                    code="csv_encoding",
                ) from error
            scan.take(text, "\x00", "\n", '"')
    return scan.quotes
