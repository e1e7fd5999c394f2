"""Distance along a graph between the two nodes of many pairs that lie near each other, compiled.

Dijkstra's (1959) search from each first node ends as soon as the nodes it is asked for are settled or too far.
scipy's search gives the distance to every node instead; it is the oracle in the tests.
"""

from __future__ import annotations

import heapq

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


@numba.njit(cache=True, nogil=True)
def pair_distances(first: Ints, head: Ints, length: Floats, starts: Ints, ends: Ints, limit: float) -> Floats:
    """Distance from each of ``starts`` (in rising order) to its ``ends``; infinite where more than ``limit``."""
    found = np.full(len(starts), np.inf)
    nearest = np.full(len(first) - 1, np.inf)
    wanted = np.zeros(len(first) - 1, dtype=np.bool_)
    begin = 0
    while begin < len(starts):
        source, stop, left = starts[begin], begin, 0
        while stop < len(starts) and starts[stop] == source:
            if not wanted[ends[stop]]:
                wanted[ends[stop]] = True
                left += 1
            stop += 1
        heap = [(0.0, source)]
        touched = [source]
        nearest[source] = 0.0
        while len(heap) > 0 and left > 0:
            now, node = heapq.heappop(heap)
            if now > nearest[node]:
                continue
            if wanted[node]:
                wanted[node] = False
                left -= 1
            for arc in range(first[node], first[node + 1]):
                other = head[arc]
                then = now + length[arc]
                if then <= limit and then < nearest[other]:
                    if nearest[other] == np.inf:
                        touched.append(other)
                    nearest[other] = then
                    heapq.heappush(heap, (then, other))
        for pair in range(begin, stop):
            found[pair] = nearest[ends[pair]]
            wanted[ends[pair]] = False
        for node in touched:
            nearest[node] = np.inf
        begin = stop
    return found
