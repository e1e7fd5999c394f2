"""Cells that run over several lines: an address of two lines, or rows that stray quotation marks have swallowed."""

from __future__ import annotations

import re

import pandas as pd
import pyarrow as pa

LINE_END = r"\r\n|\r|\n"

#: So many separators in one cell of several lines are cells of other rows, in a table twice as wide.
_MANY_CELLS = 6


def columns_over_lines(batch: pa.RecordBatch) -> list[str]:
    """Columns of a batch of text in which a cell runs over several lines."""
    return [str(name) for name, column in zip(batch.schema.names, batch.columns, strict=True) if _has_line_end(column)]


def _has_line_end(column: pa.StringArray) -> bool:
    """Whether the text of a column holds a line end; its bytes are searched, which is faster than its cells."""
    text = bytes(column.buffers()[2] or b"")
    return b"\n" in text or b"\r" in text


def lines_in(cells: pd.Series) -> pd.Series:
    """How many line ends stand inside each cell."""
    return cells.str.count(LINE_END)


def swallows_rows(cell: str, *, place: int, width: int, separator: str) -> bool:
    r"""Whether a cell holds rows of its table: the separators of its lines are those of a row that is torn open here.

    ``place`` is the cell's column from 0. Separators before a blank are those of a sentence and do not count.

    >>> swallows_rows("Dusun I, RT 3\nDesa Rekaan", place=2, width=4, separator=",")
    False
    >>> swallows_rows("Dusun I,4\n1205012002,9901,Dusun II", place=2, width=4, separator=",")
    True
    """
    counts = [len(re.findall(re.escape(separator) + r"(?! )", line)) for line in re.split(LINE_END, cell)]
    if len(counts) < 2:
        return False
    torn = counts[0] >= width - 1 - place and counts[-1] >= place
    whole = any(count >= width - 1 for count in counts[1:-1])
    return width > 1 and (torn or whole or sum(counts) >= max(_MANY_CELLS, width // 2))
