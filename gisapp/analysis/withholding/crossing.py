"""Groups that cross areas: which of them must be withheld so that no part of an area can be computed from totals.

A pocket of grid cells takes a part of one desa and a part of the next. Totals of desa and totals of pockets then form
a table of which only the margins are shown: desa by pocket, with a last column for what lies outside every pocket.
What an outsider can learn of one entry is its least and greatest value that agree with every margin shown, found by
linear programming (the audit of two-way tables: Fischetti & Salazar-González 2001; Willenborg & de Waal 2001).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import linprog

from gisapp.analysis.checks import Complaints, Floats, as_numbers, duplicated_labels, need_rows

#: Name of the column of the table for what lies outside every group.
OUTSIDE = ""
_EXACT = 1e-6


@dataclass(frozen=True)
class _Table:
    """Entries of the table: their area and group (numbers, −1 is outside every group), counts and complements."""

    area: np.ndarray
    group: np.ndarray
    areas: list[str]
    groups: list[str]
    sides: tuple[Floats, Floats]


def groups_to_withhold(
    parts: pd.DataFrame, areas: pd.DataFrame, *, k: int, withheld: Collection[str] = ()
) -> frozenset[str]:
    """Groups whose totals must be withheld beside those that are withheld already.

    Parameters
    ----------
    parts : one row per group and area that share families: ``group``, ``code``, ``families``, ``poor_families``.
    areas : every area whose totals are shown: ``code``, ``families``, ``poor_families``. An area of ``parts`` that is
        not here is not shown, and nothing about it is protected by this rule.
    k : smallest number that may be shown, at least 3.
    withheld : groups that are withheld for another reason.

    Returns
    -------
    ``withheld`` and further groups, until for every part with fewer than ``k`` poor families, or fewer than ``k``
    others, the range of values that agree with everything shown is at least ``k`` wide. The smallest group that
    touches such a part goes first, then the lowest name; the order of rows changes nothing. A part without any family
    protects nobody.

    Raises
    ------
    InvalidInputError
        k below 3, bad or negative counts by row, a count above its total, a pair of group and area twice, parts of
        an area that exceed it.
    """
    table = _checked(parts, areas, k)
    sizes = parts.groupby(parts["group"].astype(str))["families"].sum()
    hidden = {str(name) for name in withheld}
    while (entry := _first_unsafe(table, hidden, k)) is not None:
        here = table.group[(table.area == table.area[entry]) & (table.group >= 0)]
        shown = sorted({table.groups[number] for number in here} - hidden, key=lambda name: (float(sizes[name]), name))
        if not shown:
            break
        hidden.add(shown[0])
    return frozenset(hidden)


def _first_unsafe(table: _Table, hidden: set[str], k: int) -> int | None:
    """The first small entry of too narrow a range whose area a shown group still touches; None where all hold."""
    matrix = _margins(table, hidden)
    for side in table.sides:
        right = matrix @ side
        for entry in np.flatnonzero(side < k):
            here = table.group[(table.area == table.area[entry]) & (table.group >= 0)]
            if all(table.groups[number] in hidden for number in here):
                continue
            lower, upper = value_range(matrix, right, int(entry))
            if upper - lower < k - _EXACT:
                return int(entry)
    return None


def value_range(matrix: sparse.csr_array, right: Floats, entry: int) -> tuple[float, float]:
    """Least and greatest value (infinite where nothing bounds it) of one entry that agree with the shown margins."""
    target = np.zeros(matrix.shape[1])
    target[entry] = 1.0
    ends = [linprog(sign * target, A_eq=matrix, b_eq=right, bounds=(0, None), method="highs") for sign in (1, -1)]
    return float(ends[0].fun), float(-ends[1].fun) if ends[1].status == 0 else float("inf")


def _margins(table: _Table, hidden: set[str]) -> sparse.csr_array:
    """One row per margin that is shown: the areas, and the groups that are not hidden."""
    shown = np.array([name not in hidden for name in table.groups], dtype=np.bool_)
    visible = (table.group >= 0) & shown[table.group]
    columns = np.arange(len(table.area))
    rows = np.r_[table.area, len(table.areas) + table.group[visible]]
    shape = (len(table.areas) + len(table.groups), len(table.area))
    matrix = sparse.csr_array((np.ones(len(rows)), (rows, np.r_[columns, columns[visible]])), shape=shape)
    return matrix[np.diff(matrix.indptr) > 0]


def _checked(parts: pd.DataFrame, areas: pd.DataFrame, k: int) -> _Table:
    complaints = Complaints("groups_to_withhold")
    if k < 3:
        complaints.add(f"k is {k}, it must be at least 3", f"k adalah {k}, minimal 3")
    need_rows(areas, complaints, "areas")
    for frame, names in ((parts, ("group", "code", "families", "poor_families")), (areas, ("code", "families"))):
        if missing := [name for name in names if name not in frame.columns]:
            complaints.add(f"no column {', '.join(missing)}", f"tidak ada kolom {', '.join(missing)}")
    complaints.refuse()
    if twice := duplicated_labels(areas["code"])[:5]:
        complaints.add(f"code {', '.join(twice)} occurs twice", f"kode {', '.join(twice)} muncul dua kali")
    if parts.duplicated(["group", "code"]).any():
        complaints.add("a group and area occur twice", "pasangan kelompok dan wilayah muncul dua kali")
    for frame in (parts, areas):
        few = as_numbers(frame["poor_families"], complaints, "poor_families")
        every = as_numbers(frame["families"], complaints, "families")
        complaints.rows(few < 0, frame.index, "poor_families is negative", "poor_families negatif")
        complaints.rows(few > every, frame.index, "poor_families exceeds families", "poor_families melebihi families")
    complaints.refuse()
    return _table(parts, areas, complaints)


def _table(parts: pd.DataFrame, areas: pd.DataFrame, complaints: Complaints) -> _Table:
    counts = ["families", "poor_families"]
    known = areas.assign(code=areas["code"].astype(str)).set_index("code")[counts].astype("float64")
    mine = parts.assign(group=parts["group"].astype(str), code=parts["code"].astype(str))
    mine = mine[mine["code"].isin(known.index) & (mine["families"] > 0)].sort_values(["group", "code"])
    inside = mine.groupby("code")[counts].sum()
    rest = known.loc[inside.index] - inside
    bad = ((rest < 0).any(axis=1) | (rest["poor_families"] > rest["families"])).to_numpy()
    complaints.rows(bad, rest.index, "the parts exceed the area", "bagian melebihi wilayahnya")
    complaints.refuse()
    rest = rest[rest["families"] > 0].reset_index().assign(group=OUTSIDE)
    entries = pd.concat([mine[["group", "code", *counts]], rest[["group", "code", *counts]]], ignore_index=True)
    names, codes = sorted(set(mine["group"])), sorted(inside.index)
    poor = entries["poor_families"].to_numpy(dtype=np.float64)
    return _Table(
        area=pd.Index(codes).get_indexer(entries["code"]),
        group=pd.Index(names, dtype="object").get_indexer(entries["group"]),
        areas=codes,
        groups=names,
        sides=(poor, entries["families"].to_numpy(dtype=np.float64) - poor),
    )
