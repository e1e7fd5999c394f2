"""What a plan may hold, checked: number, money, what stands, what is excluded, rivals, floors and seconds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from gisapp.analysis.checks import as_number, is_whole
from gisapp.analysis.locating.inputs import (
    Floats,
    Ints,
    as_table,
    checked_columns,
    checked_limit,
    checked_per_column,
    checked_sites,
)
from gisapp.errors import InvalidInputError, some


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits of one question about ``columns`` columns; ``conflicts`` are (k, 2) pairs, each once, lower first."""

    columns: int
    standing: Ints
    excluded: Ints
    conflicts: Ints
    sites: int | None
    budget: float | None
    price: Floats
    time_limit_s: float
    node_limit: int | None

    @property
    def crowded(self) -> Ints:
        """Columns that are rivals of a standing one."""
        standing = np.isin(self.conflicts, self.standing)
        beside = self.conflicts[standing.any(axis=1) & ~standing.all(axis=1)]
        return np.setdiff1d(beside, self.standing)

    @property
    def new(self) -> Ints:
        """Columns that may be opened: not standing, not excluded, not beside a standing rival."""
        shut = np.concatenate([self.standing, self.excluded, self.crowded])
        return np.setdiff1d(np.arange(self.columns), shut)


def checked_limits(
    columns: int,
    *,
    sites: int | None,
    budget: float | None,
    cost: Any,
    existing: Iterable[int],
    excluded: Iterable[int],
    conflicts: Any,
    time_limit_s: float,
    node_limit: int | None,
    unlimited: bool = False,
) -> Limits:
    """Limits out of what was given; ``unlimited`` allows neither sites nor budget."""
    standing = checked_columns(existing, columns, "existing")
    shut = checked_columns(excluded, columns, "excluded")
    both = np.intersect1d(standing, shut)
    if len(both):
        raise InvalidInputError(
            f"column {both[0]} is both existing and excluded ({len(both)} such).",
            f"kolom {both[0]} disebut sudah berdiri dan sekaligus dikecualikan ({len(both)} kasus).",
        )
    count = None if sites is None else checked_sites(sites)
    money, price = checked_money(budget, cost, columns, count is not None or unlimited)
    return Limits(
        columns=columns,
        standing=standing,
        excluded=shut,
        conflicts=checked_conflicts(conflicts, columns),
        sites=count,
        budget=money,
        price=price,
        time_limit_s=checked_limit(time_limit_s),
        node_limit=_checked_nodes(node_limit),
    )


def checked_money(budget: float | None, cost: Any, columns: int, limited: bool) -> tuple[float | None, Floats]:
    """Budget (0 or more, or none) and the cost of each column (0 where none is given)."""
    if budget is None and not limited:
        raise InvalidInputError(
            "give sites, or budget with cost: without a limit every column would be opened.",
            "isi sites, atau budget dengan cost: tanpa batas semua kolom akan dibuka.",
        )
    if budget is not None and cost is None:
        raise InvalidInputError("budget needs cost, one per column.", "budget memerlukan cost, satu per kolom.")
    if budget is not None and not 0 <= as_number(budget) < np.inf:
        raise InvalidInputError(f"budget is {budget}: give 0 or more.", f"budget bernilai {budget}: isi 0 atau lebih.")
    price = checked_per_column(0.0 if cost is None else cost, columns, "cost", "biaya", finite=True)
    return (None if budget is None else float(budget)), price


def checked_conflicts(conflicts: Any, columns: int) -> Ints:
    """Pairs of different columns that may not both be open, each once, lower column first."""
    pairs = as_table(conflicts)
    if pairs.size == 0 and conflicts is not None:
        return np.zeros((0, 2), dtype=np.intp)
    if pairs.ndim != 2 or pairs.shape[1] != 2 or not np.issubdtype(pairs.dtype, np.integer):
        raise InvalidInputError(
            "conflicts must be pairs of column numbers: one row per pair.",
            "conflicts harus berupa pasangan nomor kolom: satu baris per pasangan.",
        )
    wrong = (pairs < 0).any(axis=1) | (pairs >= columns).any(axis=1) | (pairs[:, 0] == pairs[:, 1])
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise InvalidInputError(
            f"conflicts at row {row} is {tuple(pairs[row].tolist())}: give two different columns of 0 to {columns - 1} "
            f"({int(wrong.sum())} such).",
            f"conflicts pada baris {row} adalah {tuple(pairs[row].tolist())}: isi dua kolom berbeda dari 0 sampai "
            f"{columns - 1} ({int(wrong.sum())} kasus).",
        )
    return np.unique(np.sort(pairs, axis=1), axis=0).astype(np.intp)


@dataclass(frozen=True, kw_only=True)
class Groups:
    """Groups of rows, numbered in the order of their names as text, with the least demand each must see covered."""

    names: tuple[str, ...]
    of_row: Ints
    least_share: Floats
    least: Floats


def checked_groups(groups: Any, least_share: Any, weights: Floats) -> Groups | None:
    """Return the floor of each group, or None where none is asked for.

    ``groups`` is one label per row (text), ``least_share`` a share of 0..1 for every group or a mapping by label.
    """
    if groups is None and least_share is None:
        return None
    if groups is None or least_share is None:
        raise InvalidInputError(
            "groups and least_share belong together: give both or neither.",
            "groups dan least_share harus diisi bersama: isi keduanya atau tidak sama sekali.",
        )
    return numbered_groups(groups, least_share, weights)


def numbered_groups(groups: Any, least_share: Any, weights: Floats) -> Groups:
    """Return the groups with their floors, numbered in the order of their names as text."""
    if isinstance(groups, str) or not isinstance(groups, Iterable):
        raise InvalidInputError(
            "groups must be one label per row.", "groups harus berupa satu label untuk setiap baris."
        )
    labels = [str(label) for label in groups]
    if len(labels) != len(weights):
        raise InvalidInputError(
            f"groups has {len(labels)} labels for {len(weights)} rows.",
            f"groups memuat {len(labels)} label untuk {len(weights)} baris.",
        )
    names, of_row = np.unique(np.array(labels, dtype=object), return_inverse=True)
    total = np.bincount(of_row, weights=weights, minlength=len(names)).astype(float)
    share = _shares(least_share, [str(name) for name in names])
    return Groups(
        names=tuple(str(name) for name in names), of_row=of_row.astype(np.intp), least_share=share, least=share * total
    )


def _shares(least_share: Any, names: list[str]) -> Floats:
    if isinstance(least_share, Mapping):
        unknown = sorted(str(name) for name in least_share if str(name) not in names)
        if unknown:
            raise InvalidInputError(
                f"least_share names groups without rows: {some(unknown)} ({len(unknown)} such).",
                f"least_share menyebut kelompok tanpa baris: {some(unknown)} ({len(unknown)} kasus).",
            )
        by_name = {str(name): value for name, value in least_share.items()}
        share = np.array([as_number(by_name.get(name, 0.0)) for name in names])
    else:
        share = np.full(len(names), as_number(least_share))
    wrong = ~((share >= 0) & (share <= 1))
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        raise InvalidInputError(
            f"least_share of group {names[at]} is {share[at]}: give a share of 0 to 1.",
            f"least_share kelompok {names[at]} adalah {share[at]}: isi bagian 0 sampai 1.",
        )
    return share


def _checked_nodes(node_limit: int | None) -> int | None:
    if node_limit is None:
        return None
    if not is_whole(node_limit) or node_limit < 0:
        raise InvalidInputError(
            f"node_limit is {node_limit}: give a whole number, 0 or more.",
            f"node_limit bernilai {node_limit}: isi bilangan bulat 0 atau lebih.",
        )
    return int(node_limit)
