"""Tables as plain values: what a template draws and a script sorts, withheld rows without a figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from gisapp.maps.numbers import is_missing


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell: what is read, and the number that a column is sorted by."""

    text: str
    sort: float | None = None


@dataclass(frozen=True, kw_only=True)
class Head:
    """Head of a column; ``number``: right-aligned."""

    title: str
    number: bool = True


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row; ``withheld``: it has a name and nothing else."""

    name: str
    cells: tuple[Cell, ...] = ()
    withheld: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table beside a picture, with the same content."""

    caption: str
    first: str
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]


def figure(row: dict[str, Any], column: str) -> float | None:
    """A number of a released row; None where the run has no such column, or nothing in it, or it is withheld."""
    value: Any = row.get(column)
    return None if is_missing(value) else float(value)


def text(row: dict[str, Any], column: str) -> str:
    """Text of a released row, empty where there is none."""
    value = row.get(column)
    return value if isinstance(value, str) else ""


def flag(row: dict[str, Any], column: str) -> bool:
    """Whether a flag of a released row is set; a missing one is not."""
    value = row.get(column)
    return value is not None and value == value and bool(value)


def is_withheld(row: dict[str, Any]) -> bool:
    """Whether a released row has lost its figures, or never had any."""
    return row.get("status") != "present"


def has(rows: Iterable[dict[str, Any]], *columns: str) -> bool:
    """Whether any row has a figure in every one of the columns."""
    return any(all(figure(row, column) is not None for column in columns) for row in rows)


def table_of(rows: Sequence[dict[str, Any]], *, caption: str, first: str, columns: Sequence[tuple[Head, Any]]) -> Table:
    """A table of released rows: each column is a head and a function from a row to a ``Cell``."""
    return Table(
        caption=caption,
        first=first,
        heads=tuple(head for head, _ in columns),
        rows=tuple(
            Row(name=str(row["name"]), withheld=True)
            if is_withheld(row)
            else Row(name=str(row["name"]), cells=tuple(cell(row) for _, cell in columns))
            for row in rows
        ),
    )
