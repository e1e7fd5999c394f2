"""Smaller covering questions with the same optimum: rows made one, columns and rows that another makes needless.

The classical reductions of covering problems (Toregas & ReVelle 1973); a column leaves only where the one that
replaces it costs no more and has no further rivals.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]

#: Multiplications beyond which comparing all pairs would take longer than it saves.
_PAIRS_UP_TO = 200_000_000


def merged_rows(covers: Any, demand: Floats, group: Ints | None = None) -> tuple[Any, Floats, Ints]:
    """Rows with demand and at least one column; those with the same columns (and group) are one with the summed demand.

    Returns the matrix, the demand, and the new row of each old one (-1: it left).
    """
    covers = sparse.csr_array(covers)
    covers.sort_indices()
    place: dict[tuple[bytes, int], int] = {}
    first: list[int] = []
    new_row = np.full(covers.shape[0], -1, dtype=np.intp)
    for row in np.flatnonzero((np.diff(covers.indptr) > 0) & (demand > 0)):
        columns = covers.indices[covers.indptr[row] : covers.indptr[row + 1]].tobytes()
        at = place.setdefault((columns, 0 if group is None else int(group[row])), len(place))
        if at == len(first):
            first.append(int(row))
        new_row[row] = at
    kept = new_row >= 0
    total = np.bincount(new_row[kept], weights=demand[kept], minlength=len(first)).astype(float)
    return covers[np.array(first, dtype=np.intp)], total, new_row


def distinct_rows(matrix: Any) -> Any:
    """Each different row once, in the order of first appearance; a row without columns is kept too."""
    matrix = sparse.csr_array(matrix)
    matrix.sort_indices()
    start = matrix.indptr
    first = {matrix.indices[start[row] : start[row + 1]].tobytes(): row for row in range(matrix.shape[0] - 1, -1, -1)}
    return matrix[np.array(sorted(first.values()), dtype=np.intp)]


def _common(covers: Any) -> tuple[Ints, Ints, Ints, Ints] | None:
    """Pairs of columns that share rows, how many, and each column's size; None where there are too many."""
    counts = sparse.csr_array(covers).astype(np.int32)
    size = np.asarray(counts.sum(axis=0)).ravel()
    if float((np.diff(counts.indptr).astype(float) ** 2).sum()) > _PAIRS_UP_TO:
        return None
    shared = (counts.T @ counts).tocoo()
    a, b = shared.coords
    apart = a != b
    return a[apart], b[apart], shared.data[apart], size


def dominated(covers: Any, cost: Floats, rivals: Any = None) -> Bools:
    """Whether another column covers all rows of this one at no higher cost and no further rivals (of equals the first).

    ``rivals`` is a symmetric (columns × columns) matrix of ones. Columns without rows are dominated by none at all.
    """
    size = np.asarray(covers.astype(np.int32).sum(axis=0)).ravel()
    out = np.asarray(size == 0, dtype=bool)
    found = _common(covers)
    if found is None:
        return out
    a, b, shared, size = found
    replaces = (shared == size[a]) & (cost[b] <= cost[a]) & ((size[b] > size[a]) | (cost[b] < cost[a]) | (b < a))
    a, b = a[replaces], b[replaces]
    if rivals is not None and len(a):
        further = sparse.csr_array(rivals)
        both = np.asarray(further[b].multiply(further[a]).sum(axis=1)).ravel()
        own = np.asarray(further[b, a]).ravel()
        free = both + own == np.asarray(further.sum(axis=1)).ravel()[b]
        a = a[free]
    out[a] = True
    return out


def implied(covers: Any) -> Bools:
    """Whether a row is covered whenever another one is (of equals the first stays)."""
    by_column = sparse.csr_array(covers.T)
    out = np.zeros(covers.shape[0], dtype=bool)
    found = _common(by_column)
    if found is None:
        return out
    a, b, shared, size = found
    inside = (shared == size[b]) & ((size[b] < size[a]) | (b < a))
    out[a[inside]] = True
    return out


def rival_matrix(conflicts: Ints, columns: int) -> Any:
    """Return a symmetric matrix of ones from the (k, 2) pairs of columns that may not stand together."""
    a, b = np.concatenate([conflicts, conflicts[:, ::-1]]).T
    matrix = sparse.csr_array((np.ones(len(a), dtype=np.int32), (a, b)), shape=(columns, columns))
    matrix.data[:] = 1
    return matrix


def pairs_among(conflicts: Ints, columns: Ints, total: int) -> Ints:
    """Return the pairs that lie within ``columns`` (of ``total``), in the numbering of ``columns``."""
    place = np.full(total, -1, dtype=np.intp)
    place[columns] = np.arange(len(columns))
    pairs = place[conflicts]
    return pairs[(pairs >= 0).all(axis=1)]
