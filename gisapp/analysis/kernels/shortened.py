"""The nodes that a new arc brings nearer, compiled: a search that goes no further than what changes.

A node gains only if the next node on its way to the new arc gains too, so Dijkstra's search from the arc's far end may
stop wherever nothing is gained (Even & Gazit 1985; Ramalingam & Reps 1996). What scipy's search of all nodes would
give is the oracle in the tests.
"""

from __future__ import annotations

import heapq

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


@numba.njit(cache=True, nogil=True)
def shortened(
    first: Ints, head: Ints, minutes: Floats, nearest: Floats, start: int, value: float
) -> tuple[Ints, Floats]:
    """Nodes that come nearer when ``start`` is ``value`` minutes away, and their new minutes, in no certain order.

    ``first``, ``head`` and ``minutes`` are arcs against the direction of travel, ``nearest`` the minutes of each node
    so far; ``nearest`` is left as it was.
    """
    heap = [(value, start)]
    changed = [start]
    before = [nearest[start]]
    nearest[start] = value
    while len(heap) > 0:
        now, node = heapq.heappop(heap)
        if now > nearest[node]:
            continue
        for arc in range(first[node], first[node + 1]):
            other = head[arc]
            then = now + minutes[arc]
            if then < nearest[other]:
                changed.append(other)
                before.append(nearest[other])
                nearest[other] = then
                heapq.heappush(heap, (then, other))
    nodes = np.unique(np.array(changed))
    values = nearest[nodes]
    for at in range(len(changed) - 1, -1, -1):
        nearest[changed[at]] = before[at]
    return nodes, values
