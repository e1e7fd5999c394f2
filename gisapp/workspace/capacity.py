"""How many a facility has room for, where its layer says so: places, in the words of the layer's own column."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from gisapp.errors import Problem, some
from gisapp.readers.guard import refuse
from gisapp.readers.numbers import parse_numbers
from gisapp.workspace.columns import as_text, find_column, nearest
from gisapp.workspace.prepared import warn

#: Usual names of a column of places. Beds, classrooms or teachers are no places until somebody names their column.
CAPACITY_COLUMNS = ("kapasitas", "daya_tampung", "daya tampung", "dayatampung", "capacity", "kuota")
#: More places than this in one facility are taken for a slip, such as an identity number in the wrong column.
#: gisapp's own limit of 2026-11-23 for sanity, not a standard.
MOST_PLACES = 100_000
_GROUPED = re.compile(r"[+-]?\d{1,3}([.,]\d{3})+")


def capacity_column(names: pd.Index, declared: str | None) -> str | None:
    """Return the column of the capacity: the declared one, else one of a usual name; None where the layer has none."""
    if declared is not None:
        return declared if declared in names else None
    return find_column(names, CAPACITY_COLUMNS)


def capacities(frame: pd.DataFrame, column: str | None) -> pd.Series:
    """Capacity of each row, a whole number from 0 to ``MOST_PLACES``.

    NaN where there is no column, the cell is blank or holds something else; `capacity_problems` names those cells.
    """
    if column is None:
        return pd.Series(np.nan, index=frame.index)
    return _read(as_text(frame[column]))[0]


def _read(words: pd.Series) -> tuple[pd.Series, dict[str, pd.Series]]:
    """Capacity of each cell, NaN where it is none, and by code of the problem the cells that have it, one at most."""
    numbers = parse_numbers(words, whole=True)
    unreadable = (words != "") & ~(np.isfinite(numbers) & (numbers >= 0))
    numbers = numbers.mask(unreadable)
    # 1,000 in a column in which 120,5 makes the comma a decimal sign: 1 or 1,000, which nobody can tell.
    digits = pd.to_numeric(words.where(words.str.fullmatch(_GROUPED)).str.replace(r"[.,]", "", regex=True))
    not_whole = numbers.notna() & ((numbers % 1 != 0) | (digits.notna() & (digits != numbers)))
    too_many = numbers.notna() & ~not_whole & (numbers > MOST_PLACES)
    faults = {"capacity_unreadable": unreadable, "capacity_not_whole": not_whole, "capacity_too_large": too_many}
    return numbers.mask(not_whole | too_many), faults


def asked_capacity_column(path: Path, frame: pd.DataFrame, asked: str | None) -> str | None:
    """Column that ``add`` was told of, or one of a usual name; FileRefusedError (capacity_column_missing) for none."""
    names = [str(name) for name in frame.columns if name != "geometry"]
    if asked is not None and asked not in names:
        listed, meant = ", ".join(names), nearest(asked, names)
        raise refuse(
            f"{path}: no column {asked!r} (--capacity-column).{meant.en} Columns: {listed}.",
            f"{path}: tidak ada kolom {asked!r} (--capacity-column).{meant.id} Kolom: {listed}.",
            code="capacity_column_missing",
        )
    return capacity_column(frame.columns, asked)


def capacity_problems(frame: pd.DataFrame, declared: str | None) -> list[Problem]:
    """Cells of the capacity that hold no whole number from 0 to ``MOST_PLACES``, and a declared column that is gone."""
    column = capacity_column(frame.columns, declared)
    if column is None:
        return [] if declared is None else [
            warn(
                "capacity_column_missing",
                len(frame),
                f"There is no column {declared!r}: no capacity is known.",
                f"Tidak ada kolom {declared!r}: kapasitas tidak diketahui.",
            )
        ]  # fmt: skip
    words = as_text(frame[column])
    return [
        _problem(code, column, [f"{word!r} (#{at})" for at, word in enumerate(words, start=1) if wrong.iloc[at - 1]])
        for code, wrong in _read(words)[1].items()
        if wrong.any()
    ]


def _problem(code: str, column: str, cells: list[str]) -> Problem:
    en, id = {
        "capacity_unreadable": ("no capacity of 0 or more", "bukan kapasitas 0 atau lebih"),
        "capacity_not_whole": (
            "no whole number of places; write thousands with one sign throughout the column or with none "
            "(1.200 or 1200) and no decimals",
            "bukan bilangan bulat; tulis ribuan dengan satu tanda yang sama di seluruh kolom atau tanpa tanda "
            "(1.200 atau 1200), tanpa desimal",
        ),
        "capacity_too_large": (
            f"more than {MOST_PLACES} places in one facility; check that the column counts places",
            f"lebih dari {MOST_PLACES} tempat dalam satu sarana; periksa apakah kolom ini berisi daya tampung",
        ),
    }[code]
    shown = some(cells)
    return warn(
        code,
        len(cells),
        f"Column {column!r}: {en}, taken as not known: {shown}.",
        f"Kolom {column!r}: {id}, dianggap tidak diketahui: {shown}.",
    )
