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
    seen = np.zeros(len(nearest), dtype=np.bool_)
    seen[start] = True
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
                if not seen[other]:
                    seen[other] = True
                    changed.append(other)
                    before.append(nearest[other])
                nearest[other] = then
                heapq.heappush(heap, (then, other))
    nodes = np.array(changed)
    values = nearest[nodes]
    nearest[nodes] = np.array(before)
    return nodes, values


@numba.njit(cache=True, nogil=True)
def nearer_places(
    nodes: Ints, minutes: Floats, first_step: Ints, place: Ints, step_min: Floats, nearest: Floats
) -> tuple[Ints, Floats]:
    """Places that come nearer when these nodes are ``minutes`` away, and their new minutes, in no certain order.

    The steps of node n are ``first_step[n]`` to ``first_step[n + 1]``: a place, and the minutes from it to the node.
    ``nearest`` holds the minutes of each place so far, and is left as it was.
    """
    best = np.full(len(nearest), np.inf)
    changed = np.empty(len(nearest), dtype=np.intp)
    count = 0
    for at in range(len(nodes)):
        for step in range(first_step[nodes[at]], first_step[nodes[at] + 1]):
            where, then = place[step], minutes[at] + step_min[step]
            if then < nearest[where] and then < best[where]:
                if best[where] == np.inf:
                    changed[count] = where
                    count += 1
                best[where] = then
    places = changed[:count].copy()
    return places, best[places]
