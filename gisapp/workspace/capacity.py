"""How many a facility has room for, where its layer says so: places, in the words of the layer's own column."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from gisapp.errors import Problem
from gisapp.readers.guard import refuse
from gisapp.readers.numbers import parse_numbers
from gisapp.workspace.columns import as_text, find_column, nearest
from gisapp.workspace.prepared import warn

#: Usual names of a column of places. Beds, classrooms or teachers are no places until somebody names their column.
CAPACITY_COLUMNS = ("kapasitas", "daya_tampung", "daya tampung", "dayatampung", "capacity", "kuota")


def capacity_column(names: pd.Index, declared: str | None) -> str | None:
    """Return the column of the capacity: the declared one, else one of a usual name; None where the layer has none."""
    if declared is not None:
        return declared if declared in names else None
    return find_column(names, CAPACITY_COLUMNS)


def capacities(frame: pd.DataFrame, column: str | None) -> pd.Series:
    """Capacity of each row; NaN where there is no column, the cell is blank, or it holds no number of 0 or more."""
    if column is None:
        return pd.Series(np.nan, index=frame.index)
    numbers = parse_numbers(as_text(frame[column]), whole=True)
    return numbers.where(np.isfinite(numbers) & (numbers >= 0))


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
    """Cells of the capacity that hold something else than a number of 0 or more, and a declared column that is gone."""
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
    wrong = (words != "") & capacities(frame, column).isna()
    if not wrong.any():
        return []
    shown = ", ".join(f"{words[row]!r} (#{at})" for at, row in enumerate(frame.index, start=1) if wrong[row])[:200]
    return [
        warn(
            "capacity_unreadable",
            int(wrong.sum()),
            f"Column {column!r}: no capacity of 0 or more, taken as not known: {shown}.",
            f"Kolom {column!r}: bukan kapasitas 0 atau lebih, dianggap tidak diketahui: {shown}.",
        )
    ]
