"""Sites with capacities: every row goes whole to one site or (coverage only) to none.

Rows with the same demand and the same columns are interchangeable, so they are one integer count per column.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from gisapp.analysis.optimisation import Answer, Floats, Model, power_of_two, solve

Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """Worth (or cost) of every allowed pair of row and column, and the limits.

    ``value`` is (rows × columns), NaN where the pair is not allowed. ``everyone`` asks that each row is assigned.
    """

    demand: Floats
    value: Floats
    capacity: Floats
    existing: Ints
    sites: int | None
    budget: float | None
    cost: Floats
    everyone: bool


@dataclass(frozen=True, kw_only=True)
class _Pairs:
    group_of_row: Ints
    size: Ints
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
    answer = solve(_model(question, pairs), time_limit_s=time_limit_s, node_limit=node_limit)
    columns = question.value.shape[1]
    if answer.values is None:
        return None, np.array([], dtype=np.intp), answer
    counts = np.rint(answer.values[columns:]).astype(np.intp)
    new = np.setdiff1d(np.flatnonzero(answer.values[:columns] > 0.5), question.existing)
    return _spread(pairs, counts, len(question.demand)), new, answer


def _pairs(question: Assignment) -> _Pairs:
    table = np.column_stack([question.demand, question.value])
    kinds, group_of_row, size = np.unique(table, axis=0, return_inverse=True, return_counts=True, equal_nan=True)
    demand, value = kinds[:, 0], kinds[:, 1:]
    group, column = np.nonzero(~np.isnan(value))
    fits = np.floor(question.capacity[column] / demand[group] + 1e-9)
    most = np.minimum(size[group], fits)
    keep = most > 0
    return _Pairs(
        group_of_row=group_of_row.ravel(),
        size=size,
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
    limits = _limits(question, new)
    rows = [sparse.csr_array(np.concatenate([line, np.zeros(n)])[None, :]) for line, _, _ in limits]
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
        upper=np.concatenate([np.ones(columns), pairs.most]),
        integer=np.ones(columns + n, dtype=bool),
        matrix=matrix,
        row_lower=np.concatenate([least, np.full(columns + n, -np.inf), [low for _, low, _ in limits]]),
        row_upper=np.concatenate([pairs.size.astype(float), np.zeros(columns + n), [high for _, _, high in limits]]),
        maximise=not question.everyone,
    )


def _limits(question: Assignment, new: Floats) -> list[tuple[Floats, float, float]]:
    limits: list[tuple[Floats, float, float]] = []
    if question.sites is not None:
        limits.append((new, float(question.sites) if question.everyone else -np.inf, float(question.sites)))
    if question.budget is not None:
        limits.append((new * question.cost, -np.inf, float(question.budget)))
    return limits


def _spread(pairs: _Pairs, counts: Ints, rows: int) -> Ints:
    """Give the rows of each group, in their order, to its columns, in theirs."""
    assigned = np.full(rows, -1, dtype=np.intp)
    for group in range(len(pairs.size)):
        mine = pairs.group == group
        columns = np.repeat(pairs.column[mine], counts[mine])
        members = np.flatnonzero(pairs.group_of_row == group)
        assigned[members[: len(columns)]] = columns
    return assigned
