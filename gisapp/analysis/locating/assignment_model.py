"""Sites with capacities: every row goes whole to one site or (coverage only) to none.

Rows with the same demand and the same columns are interchangeable, so they are one integer count per column.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from gisapp.analysis.locating.optimisation import Answer, Floats, Model, power_of_two, solve

Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """Worth (or cost) of every allowed pair of row and column, and the limits.

    ``value`` is (rows × columns), NaN where the pair is not allowed. ``everyone`` asks that each row is assigned.
    ``conflicts`` are pairs of columns that may not both be open, none of them standing; ``shut`` are never open;
    ``floor`` is the demand of each ``group`` of rows that must be assigned.
    """

    demand: Floats
    value: Floats
    capacity: Floats
    existing: Ints
    sites: int | None
    budget: float | None
    cost: Floats
    everyone: bool
    conflicts: Ints = field(default_factory=lambda: np.zeros((0, 2), dtype=np.intp))
    shut: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    group: Ints | None = None
    floor: Floats = field(default_factory=lambda: np.zeros(0))


@dataclass(frozen=True, kw_only=True)
class _Pairs:
    group_of_row: Ints
    size: Ints
    area: Ints
    demand: Floats
    group: Ints
    column: Ints
    most: Floats
    value: Floats


def best_assignment(
    question: Assignment, *, time_limit_s: float, node_limit: int | None
) -> tuple[Ints | None, Ints, Answer]:
    """Return the column of each row (-1: none; None when no plan was found), the new columns, the solver's word."""
    pairs = _pairs(question)
    start = None if question.everyone or (question.floor > 0).any() else _start(question, pairs)
    answer = solve(_model(question, pairs), time_limit_s=time_limit_s, node_limit=node_limit, start=start)
    columns = question.value.shape[1]
    if answer.values is None and start is not None and answer.status != "infeasible":
        answer = replace(answer, values=start)
    if answer.values is None:
        return None, np.array([], dtype=np.intp), answer
    counts = np.rint(answer.values[columns:]).astype(np.intp)
    new = np.setdiff1d(np.flatnonzero(answer.values[:columns] > 0.5), question.existing)
    return _spread(pairs, counts, len(question.demand)), new, answer


def _pairs(question: Assignment) -> _Pairs:
    group = np.zeros(len(question.demand)) if question.group is None else question.group
    table = np.column_stack([group, question.demand, question.value]).astype(np.float64)
    kinds, group_of_row, size = np.unique(table, axis=0, return_inverse=True, return_counts=True, equal_nan=True)
    area, demand, value = kinds[:, 0].astype(np.intp), kinds[:, 1], kinds[:, 2:]
    group, column = np.nonzero(~np.isnan(value))
    fits = np.floor(question.capacity[column] / demand[group] + 1e-9)
    most = np.minimum(size[group], fits)
    keep = most > 0
    return _Pairs(
        group_of_row=group_of_row.ravel(),
        size=size,
        area=area,
        demand=demand,
        group=group[keep],
        column=column[keep],
        most=most[keep],
        value=value[group, column][keep],
    )


def _model(question: Assignment, pairs: _Pairs) -> Model:
    columns, groups, n = question.value.shape[1], len(pairs.size), len(pairs.group)
    at = np.arange(n)
    once = sparse.csr_array((np.ones(n), (pairs.group, at)), shape=(groups, n))
    scale = power_of_two(pairs.demand)
    load = sparse.csr_array((pairs.demand[pairs.group] / scale, (pairs.column, at)), shape=(columns, n))
    room = np.minimum(question.capacity, float(pairs.demand @ pairs.size)) / scale
    link = sparse.csr_array((-pairs.most, (at, pairs.column)), shape=(n, columns))
    new = np.ones(columns)
    new[question.existing] = 0.0
    limits = _limits(question, new, pairs)
    rows = [sparse.csr_array(line[None, :]) for line, _, _ in limits]
    empty = sparse.csr_array((groups, columns))
    matrix = sparse.vstack(
        [
            sparse.hstack([empty, once]),
            sparse.hstack([-sparse.diags_array(room), load]),
            sparse.hstack([link, sparse.eye_array(n)]),
            *rows,
        ]
    )
    least = pairs.size.astype(float) if question.everyone else np.full(groups, -np.inf)
    return Model(
        objective=np.concatenate([np.zeros(columns), pairs.value]),
        lower=np.concatenate([1.0 - new, np.zeros(n)]),
        upper=np.concatenate([np.where(np.isin(np.arange(columns), question.shut), 0.0, 1.0), pairs.most]),
        integer=np.ones(columns + n, dtype=bool),
        matrix=matrix,
        row_lower=np.concatenate([least, np.full(columns + n, -np.inf), [low for _, low, _ in limits]]),
        row_upper=np.concatenate([pairs.size.astype(float), np.zeros(columns + n), [high for _, _, high in limits]]),
        maximise=not question.everyone,
    )


def _limits(question: Assignment, new: Floats, pairs: _Pairs) -> list[tuple[Floats, float, float]]:
    """Rows of the model with their least and most: number, budget, rivals, and the floor of each group."""
    none = np.zeros(len(pairs.group))
    limits: list[tuple[Floats, float, float]] = []
    if question.sites is not None:
        line = np.concatenate([new, none])
        limits.append((line, float(question.sites) if question.everyone else -np.inf, float(question.sites)))
    if question.budget is not None:
        limits.append((np.concatenate([new * question.cost, none]), -np.inf, float(question.budget)))
    for pair in question.conflicts:
        line = np.concatenate([np.isin(np.arange(len(new)), pair).astype(float), none])
        limits.append((line, -np.inf, 1.0))
    for area in np.flatnonzero(question.floor > 0):
        demand = np.where(pairs.area[pairs.group] == area, pairs.demand[pairs.group], 0.0)
        scale = power_of_two(demand)
        line = np.concatenate([np.zeros(len(new)), demand / scale])
        limits.append((line, question.floor[area] * (1 - 1e-12) / scale, np.inf))
    return limits


def _start(question: Assignment, pairs: _Pairs) -> Floats:
    """Return a plan by filling one column after another, the fullest first, as a point of the model."""
    free, assigned = np.ones(len(question.demand), dtype=bool), np.full(len(question.demand), -1, dtype=np.intp)
    allowed, on = ~np.isnan(question.value), np.zeros(question.value.shape[1])
    for column in question.existing:
        _fill(question, allowed, free, assigned, int(column))
    on[question.existing] = 1.0
    money, left = np.inf if question.budget is None else question.budget, question.sites
    while left is None or left > 0:
        load = np.minimum(question.capacity, allowed[free].T @ question.demand[free])
        load[(on > 0) | (question.cost > money)] = 0.0
        load[question.conflicts[on[question.conflicts].any(axis=1)].ravel()] = 0.0
        best = int(np.argmax(load)) if len(load) else -1
        if best < 0 or load[best] <= 0 or not _fill(question, allowed, free, assigned, best):
            break
        on[best], money = 1.0, money - (question.cost[best] if question.budget is not None else 0.0)
        left = None if left is None else left - 1
    counts = np.zeros((len(pairs.size), len(on)))
    served = assigned >= 0
    np.add.at(counts, (pairs.group_of_row[served], assigned[served]), 1.0)
    return np.concatenate([on, counts[pairs.group, pairs.column]])


def _fill(question: Assignment, allowed: Any, free: Any, assigned: Ints, column: int) -> bool:
    """Give the free rows of ``column`` to it, the largest that still fit first; whether any fitted."""
    room, some = float(question.capacity[column]), False
    rows = np.flatnonzero(allowed[:, column] & free)
    for row in rows[np.argsort(-question.demand[rows], kind="stable")]:
        if question.demand[row] <= room:
            room -= float(question.demand[row])
            free[row], assigned[row], some = False, column, True
    return some


def _spread(pairs: _Pairs, counts: Ints, rows: int) -> Ints:
    """Give the rows of each group, in their order, to its columns, in theirs."""
    assigned = np.full(rows, -1, dtype=np.intp)
    for group in range(len(pairs.size)):
        mine = pairs.group == group
        columns = np.repeat(pairs.column[mine], counts[mine])
        members = np.flatnonzero(pairs.group_of_row == group)
        assigned[members[: len(columns)]] = columns
    return assigned
