"""Tree search for the p-median: each node bounded by prices, the node with the least bound opened next.

Branch and bound over Lagrangian relaxation as Beasley (1985) solved the OR-Library instances; the column that the
relaxed plan values most is opened on one side and left out on the other. Nodes are counted, never seconds.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np

from gisapp.analysis.kernels.median_search import bound_at, search_prices
from gisapp.analysis.locating.median_prices import Floats, Ints, Relaxed, proven, reduced_costs, useless

_ROUNDS = 40
_PATIENCE = 6


@dataclass(frozen=True, kw_only=True)
class _Node:
    """Plans that open ``opened`` and else only some of ``free``; ``paid`` is what each row pays to the opened."""

    bound: float
    opened: Ints
    free: Ints
    price: Floats
    paid: Floats


class _Search:
    """Best plan so far and the nodes that may still hold a better one; ``cost`` is (columns, rows)."""

    def __init__(self, cost: Floats, base: Floats, sites: int, known: Relaxed, unit: float) -> None:
        self.cost, self.sites, self.unit = cost, sites, unit
        self.best, self.value = known.best, known.value
        self.heap: list[tuple[float, int, _Node]] = []
        self.made = 0
        root = _Node(
            bound=known.bound, opened=np.zeros(0, dtype=np.intp), free=known.left, price=known.price, paid=base
        )
        self._keep(root)

    def bound(self) -> float:
        """Return what no plan pays less than."""
        return min(self.value, self.heap[0][0]) if self.heap else self.value

    def branch(self) -> None:
        """Open the node with the least bound: one child with its most valued column, one without."""
        node = heapq.heappop(self.heap)[2]
        rho = np.empty(len(node.free))
        _, order = bound_at(self.cost[node.free], node.paid, self.sites - len(node.opened), node.price, rho)
        column, others = node.free[order[0]], np.delete(node.free, order[0])
        with_it = np.minimum(node.paid, self.cost[column])
        self._child(node, np.append(node.opened, column), others, with_it)
        self._child(node, node.opened, others, node.paid)

    def _child(self, parent: _Node, opened: Ints, free: Ints, paid: Floats) -> None:
        left = self.sites - len(opened)
        if left == 0:
            self._offer(opened, float(paid.sum()))
        if left == 0 or len(free) < left:
            return
        part = self.cost[free]
        bound, price, best, value = search_prices(
            part, paid, parent.price, np.arange(left), self.value, 0.999 * self.unit, _ROUNDS, _ROUNDS + 1, _PATIENCE
        )
        self._offer(np.append(opened, free[best]), value)
        limit = max(proven(bound, self.unit), parent.bound)
        if limit < self.value:
            self._shrink(_Node(bound=limit, opened=opened, free=free, price=price, paid=paid), part, left)

    def _shrink(self, node: _Node, part: Floats, left: int) -> None:
        """Keep a node with the columns that its reduced costs do not settle."""
        opening, closing = reduced_costs(part, node.paid, left, node.price)
        certain = useless(closing, self.value, self.unit)
        keep = ~useless(opening, self.value, self.unit) & ~certain
        opened = np.append(node.opened, node.free[certain])
        paid = np.minimum(node.paid, part[certain].min(axis=0, initial=np.inf))
        if len(opened) == self.sites:
            self._offer(opened, float(paid.sum()))
        elif len(opened) < self.sites and keep.sum() >= self.sites - len(opened):
            self._keep(_Node(bound=node.bound, opened=opened, free=node.free[keep], price=node.price, paid=paid))

    def _offer(self, columns: Ints, value: float) -> None:
        if value < self.value:
            self.best, self.value = np.sort(columns).astype(np.intp), value

    def _keep(self, node: _Node) -> None:
        self.made += 1
        heapq.heappush(self.heap, (node.bound, self.made, node))


def branched(
    cost: Floats, base: Floats, sites: int, known: Relaxed, *, unit: float, nodes: int
) -> tuple[Ints, float, float]:
    """Return the best plan, what it pays, and what no plan pays less than, after at most ``nodes`` nodes.

    ``cost`` is (columns, rows) and finite, as is ``base``; ``unit`` the least difference of two plans (0: unknown).
    """
    search = _Search(cost, base, sites, known, unit)
    for _ in range(nodes):
        if search.bound() >= search.value:
            break
        search.branch()
    return search.best, search.value, search.bound()
