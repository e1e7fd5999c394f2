"""What may be shown: small counts are withheld, and so is whatever would give them back.

A count and its complement are both protected: "nobody" and "everybody" say as much about a family as "two".
Published totals must not undo it by subtraction, so further rows are withheld until every unknown that a total
still contains is one of at least two, together at least k, on both sides (families of the class and the rest).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from gisapp.analysis.checks import Bools, Complaints, Floats, as_numbers, duplicated_labels
from gisapp.columns import columns_of


def family_columns(collection: str) -> tuple[str, ...]:
    """Columns of a collection from which families could be counted: all are withheld together."""
    return tuple(name for name, column in columns_of(collection).items() if column.from_families)


def suppress(
    frame: pd.DataFrame,
    *,
    counts: Mapping[str, str],
    k: int,
    derived: Iterable[str] = (),
    code: str = "code",
    parent: str | None = None,
    also: Any = None,
) -> pd.DataFrame:
    """Withhold small rows, and the rows that would give them back; a copy with ``status`` in every row.

    Parameters
    ----------
    counts : count column -> column of its total; both are withheld, and the complement (total − count) is
        protected like the count.
    k : smallest number that may be shown, at least 3.
    derived : further columns from which a count could be turned back (see ``family_columns``); those that
        the frame does not have are ignored.
    parent : column with the code of the row that contains this one; totals over children are then protected
        (desa, kecamatan and kabupaten in one frame). A code that is not in the frame is no published total.
    also : bool per row: withhold these in any case.

    Returns
    -------
    The frame with ``status`` ``suppressed`` and missing values in all these columns where withheld,
    ``no_data`` where a count is missing (nothing to protect), else ``present``. Which rows are chosen does
    not depend on the order of rows: the smallest count goes first, then the lowest code.

    Raises
    ------
    InvalidInputError
        k below 3, missing columns, negative counts, a count above its total, repeated codes, a row that
        contains itself.
    """
    tables, known = _checked(frame, counts, k, code, parent)
    hidden: Bools = np.zeros(len(frame), dtype=np.bool_) if also is None else np.array(also, dtype=np.bool_)
    for table in tables:
        hidden |= known & (table < k).any(axis=1)
    hidden &= known
    if parent is not None:
        codes = frame[code].astype(str).to_numpy()
        tree = _Tree(codes, frame[parent].astype("string").to_numpy(dtype=object, na_value=None), tables, known, k)
        hidden = tree.protect(hidden)
    columns = [name for name in dict.fromkeys([*counts, *counts.values(), *derived]) if name in frame.columns]
    shown = frame.copy()
    for name in columns:
        shown[name] = _without(shown[name], hidden)
    status = np.where(hidden, "suppressed", np.where(known, "present", "no_data"))
    return shown.assign(status=pd.Series(status, index=frame.index, dtype="string"))


def touches_withheld(members: Mapping[str, Collection[str]], *, withheld: Collection[str]) -> pd.Series:
    """Which groups (pockets) contain a withheld area: their totals less the visible members would show it."""
    hidden = set(withheld)
    return pd.Series({name: bool(hidden & set(codes)) for name, codes in members.items()}, dtype=bool)


def _without(column: pd.Series, hidden: Bools) -> pd.Series:
    """Return the column with missing values where hidden; whole numbers and flags stay such."""
    if pd.api.types.is_bool_dtype(column.dtype) or pd.api.types.is_integer_dtype(column.dtype):
        column = column.convert_dtypes()
    return column.mask(pd.Series(hidden, index=column.index))


def _checked(
    frame: pd.DataFrame, counts: Mapping[str, str], k: int, code: str, parent: str | None
) -> tuple[list[Floats], Bools]:
    """Per pair an (n, 2) table of count and complement, missing as 0, and which rows have all counts."""
    complaints = Complaints("suppress")
    if k < 3:
        complaints.add(f"k is {k}, it must be at least 3", f"k adalah {k}, minimal 3")
    needed = {*counts, *counts.values(), *([code, parent] if parent else [])}
    missing = sorted(needed - set(frame.columns))
    if missing:
        complaints.add(f"no column {', '.join(missing)}", f"tidak ada kolom {', '.join(missing)}")
        complaints.refuse()
    if parent:
        twice = duplicated_labels(frame[code])[:5]
        if twice:
            complaints.add(f"code {', '.join(twice)} occurs twice", f"kode {', '.join(twice)} muncul dua kali")
        itself = (frame[code].astype(str) == frame[parent].astype("string")).fillna(False).to_numpy(dtype=np.bool_)
        complaints.rows(itself, frame.index, "the area contains itself", "wilayah memuat dirinya sendiri")
    tables, known = [], np.ones(len(frame), dtype=np.bool_)
    for count, total in counts.items():
        few = as_numbers(frame[count], complaints, count, allow_missing=True)
        all_ = as_numbers(frame[total], complaints, total, allow_missing=True)
        complaints.rows(few < 0, frame.index, f"{count} is negative", f"{count} negatif")
        complaints.rows(few > all_, frame.index, f"{count} exceeds {total}", f"{count} melebihi {total}")
        known &= ~(np.isnan(few) | np.isnan(all_))
        tables.append(np.nan_to_num(np.column_stack([few, all_ - few])))
    complaints.refuse()
    return tables, known


class _Tree:
    """Rows that contain rows, with what must hold so that no total gives a withheld row back."""

    def __init__(self, codes: Any, parents: Any, tables: list[Floats], known: Bools, k: int) -> None:
        self.sizes = np.column_stack(tables) * known[:, None]
        self.k = k
        position = {code: at for at, code in enumerate(codes)}
        self.children: dict[int, list[int]] = {}
        for at in sorted(range(len(codes)), key=lambda row: (self.sizes[row, 0], codes[row])):
            above = position.get(parents[at])
            if above is not None and known[at]:
                self.children.setdefault(above, []).append(at)
        self.containers = sorted(self.children, key=lambda row: codes[row], reverse=True)

    def protect(self, hidden: Bools) -> Bools:
        """Withhold further rows until every total is safe. Rows are only ever added, so it ends."""
        hidden = hidden.copy()
        changed = True
        while changed:
            changed = False
            for above in self.containers:
                while (row := self._next(above, hidden)) is not None:
                    hidden[row] = changed = True
        return hidden

    def _next(self, above: int, hidden: Bools) -> int | None:
        """Row to withhold next under (or instead of) one containing row; None when its total is safe."""
        inside = self.children[above]
        unknown = [row for row in inside if hidden[row]]
        visible = [row for row in inside if not hidden[row]]
        for row in unknown:
            # What is unknown inside a withheld part must be settled before it is counted here.
            if row in self.children and (deeper := self._next(row, hidden)) is not None:
                return deeper
        if hidden[above]:
            # A withheld total must not be the sum of visible parts.
            return None if unknown else visible[0]
        if not unknown:
            return None
        pool = sum((self._unknown_size(row, hidden) for row in unknown), np.zeros(self.sizes.shape[1]))
        if len(unknown) >= 2 and (pool >= self.k).all():
            return None
        return visible[0] if visible else above

    def _unknown_size(self, row: int, hidden: Bools) -> Floats:
        """Counts and complements that stay unknown inside one withheld row."""
        parts = [part for part in self.children.get(row, []) if hidden[part]]
        if row not in self.children:
            alone: Floats = self.sizes[row]
            return alone
        return sum((self._unknown_size(part, hidden) for part in parts), np.zeros(self.sizes.shape[1]))
