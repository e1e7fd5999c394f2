"""Windows of the scan statistic and their largest likelihood ratio, compiled; the same for any number of threads.

Replicates stand side by side: LANES of them form one block whose counts are added up along a centre's nested
windows in one vector step per neighbour. Only where a replicate could exceed its own maximum (chi-square bound
of the likelihood ratio) are logarithms taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Members = npt.NDArray[np.int32]
Counts = npt.NDArray[np.uint16]
Singles = npt.NDArray[np.float32]

#: Replicates per block: 64 counts of 16 bits are two cache lines of a row.
LANES = 64
# Four windows are looked at as one where the expected count grows by less than this share of the bound's width.
_STEP, _FINE = 4, 0.3
_LITTLE_TO_SORT = 100_000


@contextmanager
def one_thread() -> Iterator[None]:
    """Run kernels on this thread alone: waking others costs more than little work saves."""
    before = numba.get_num_threads()
    numba.set_num_threads(1)
    try:
        yield
    finally:
        numba.set_num_threads(before)


def sort_rows(keys: npt.NDArray[np.uint64]) -> None:
    """Sort each row in place, with as many threads as kernels use (NumPy sorts faster than compiled code here)."""
    parts = np.array_split(keys, numba.get_num_threads())
    if len(parts) == 1 or keys.size < _LITTLE_TO_SORT:
        keys.sort(axis=1)
        return
    with ThreadPoolExecutor(len(parts)) as threads:
        list(threads.map(lambda part: part.sort(axis=1), parts))


@numba.njit(cache=True)
def _squared(places: Floats, layout: int, one: int, other: int) -> float:
    total = 0.0
    for axis in range(places.shape[2]):
        step = places[layout, other, axis] - places[layout, one, axis]
        total += step * step
    return total


@numba.njit(cache=True, parallel=True)
def squared_distances(places: npt.NDArray[np.float64], first: int, squared: Floats) -> None:
    """Fill squared (rows, n) with the squared distance of rows first.. (layout by layout, centre by centre) to all.

    ``places`` is (layouts, n, dimensions).
    """
    for row in numba.prange(squared.shape[0]):
        layout, centre = (first + row) // places.shape[1], (first + row) % places.shape[1]
        for other in range(places.shape[1]):
            squared[row, other] = _squared(places, layout, centre, other)


@numba.njit(cache=True)
def _distance(places: Floats, layout: int, one: int, other: int) -> float:
    return float(np.sqrt(_squared(places, layout, one, other)))


@numba.njit(cache=True)
def _nest(
    keys: npt.NDArray[np.uint64],
    bits: int,
    places: Floats,
    layout: int,
    centre: int,
    population: Floats,
    limit: float,
    slack: Floats,
    members: Members,
    measure: Floats,
) -> int:
    """Windows of one centre, see ``nested_windows``; the number of members."""
    mask = np.uint64((1 << bits) - 1)
    size, held, begin = keys.shape[0], 0.0, 0
    far = _distance(places, layout, centre, np.int64(keys[0] & mask))
    while begin < size:
        end = begin
        while end < size:
            # Equals are few or nearly in order, because the row's number is part of the key.
            other, at = np.int32(keys[end] & mask), end
            while at > begin and members[at - 1] > other:
                members[at] = members[at - 1]
                at -= 1
            members[at] = other
            end += 1
            if end == size:
                break
            near, far = far, _distance(places, layout, centre, np.int64(keys[end] & mask))
            if far - near > slack[0] * far + slack[1]:
                break
        for at in range(begin, end):
            held += population[members[at]]
            measure[at] = -held
        if held > limit:
            break
        measure[end - 1] = held
        begin = end
    return begin


@numba.njit(cache=True, parallel=True)
def nested_windows(
    keys: npt.NDArray[np.uint64],
    bits: int,
    places: Floats,
    first: int,
    population: Floats,
    limit: float,
    slack: Floats,
    members: Members,
    measure: Floats,
    length: Longs,
) -> None:
    """Turn sorted keys (distance above, row below) into nested windows up to ``limit`` of the population.

    ``slack`` holds the relative and the absolute difference up to which two distances are equal; equals enter
    together, in order of row, or not at all. ``measure`` is the population of the window that ends at the member,
    negative where the window is not closed because an equal follows.
    """
    for row in numba.prange(keys.shape[0]):
        layout, centre = (first + row) // places.shape[1], (first + row) % places.shape[1]
        length[row] = _nest(
            keys[row], bits, places, layout, centre, population, limit, slack, members[row], measure[row]
        )


@numba.njit(cache=True)
def ratio(count: float, measure: float, total: float, everybody: float, bernoulli: bool) -> float:
    """Logarithm of the likelihood ratio of a window with a high rate, else 0.

    Kulldorff (1997): Poisson c ln(c/E) + (C-c) ln((C-c)/(C-E)); Bernoulli adds the same of the controls.
    """
    expected = measure * (total / everybody)
    # Rounding of the expected count is no excess.
    if count - expected <= 1e-12 * expected:
        return 0.0
    value = count * np.log(count / expected)
    if count < total:
        value += (total - count) * np.log((total - count) / (total - expected))
    if bernoulli:
        free, outside = measure - count, (everybody - measure) - (total - count)
        share = (everybody - total) / everybody
        if free > 0.0:
            value += free * np.log(free / (measure * share))
        if outside > 0.0:
            value += outside * np.log(outside / ((everybody - measure) * share))
    return float(max(value, 0.0))


@numba.njit(cache=True)
def _best(
    row: int,
    members: Members,
    measure: Floats,
    length: Longs,
    cases: Longs,
    total: float,
    everybody: float,
    bernoulli: bool,
    min_cases: int,
    best: Floats,
    sizes: Longs,
    last: Longs,
) -> None:
    count = 0
    for at in range(length[row]):
        count += cases[members[row, at]]
        if measure[row, at] > 0.0 and count >= min_cases:
            value = ratio(float(count), measure[row, at], total, everybody, bernoulli)
            if value > best[row]:
                best[row], sizes[row], last[row] = value, at + 1, members[row, at]


@numba.njit(cache=True, parallel=True)
def best_windows(
    members: Members,
    measure: Floats,
    length: Longs,
    cases: Longs,
    total: float,
    everybody: float,
    bernoulli: bool,
    min_cases: int,
    best: Floats,
    sizes: Longs,
    last: Longs,
    penalty: Floats,
    bound: Singles,
) -> None:
    """Largest likelihood ratio of each row's windows; size and last member of the first window that has it.

    Fills bound (rows, n, 2) for ``raise_maxima``, unless its n is 0.
    """
    for row in numba.prange(length.shape[0]):
        if bound.shape[1] > 0:
            _bound(measure[row], length[row], total, everybody, bernoulli, penalty[row], bound[row])
        _best(row, members, measure, length, cases, total, everybody, bernoulli, min_cases, best, sizes, last)


@numba.njit(cache=True)
def approach(places: Floats, layout: Longs, taken: Members, nearest: Floats) -> None:
    """Lower nearest (n) to each centre's distance, in its own layout, to the nearest of the taken rows."""
    for centre in range(nearest.shape[0]):
        for other in taken:
            nearest[centre] = min(nearest[centre], _distance(places, layout[centre], centre, other))


@numba.njit(cache=True)
def _bound(
    measure: Floats, length: int, total: float, everybody: float, bernoulli: bool, penalty: float, bound: Singles
) -> None:
    """Fill bound (n, 2): a count whose ratio exceeds r in this window is above bound 0 + sqrt(r) · bound 1.

    With d = c - E and A half the second derivative of the ratio at E, ratio <= k · 2 A d², where k is 1/2 or, if
    more, what makes both sides equal at the largest count possible: 2 k A - ratio'' changes its sign only once.
    Windows that are not closed get infinity. Rounded so that float32 errs on the side of looking.
    """
    controls = (everybody - total) / everybody if bernoulli else 1.0
    for at in range(length):
        bound[at, 0] = bound[at, 1] = np.inf
        held = measure[at]
        expected = held * (total / everybody)
        most = min(total, held) if bernoulli else total
        if held > 0.0 and most > expected and expected < total:
            chi_square = total / (expected * (total - expected) * controls)
            largest = ratio(most, held, total, everybody, bernoulli)
            steepness = max(0.5, largest / (chi_square * (most - expected) ** 2))
            bound[at, 0] = expected * (1.0 - 1e-6)
            bound[at, 1] = (1.0 - 1e-6) / np.sqrt(penalty * steepness * chi_square)


@numba.njit(cache=True, inline="always")
def _add_one(one: Counts, sums: Members, reach: Singles, low: float, wide: float) -> int:
    """Add one row's counts; how many lanes may exceed their maximum then."""
    hits = np.int32(0)
    for lane in range(LANES):
        count = np.int32(sums[lane] + np.int32(one[lane]))
        sums[lane] = count
        hits += np.int32(np.float32(count) > low + reach[lane] * wide)
    return int(hits)


@numba.njit(cache=True, inline="always")
def _add_four(
    a: Counts, b: Counts, c: Counts, d: Counts, sums: Members, reach: Singles, low: float, wide: float
) -> int:
    """Add four rows' counts; how many lanes may exceed their maximum in any of the four windows."""
    hits = np.int32(0)
    for lane in range(LANES):
        four = np.int32(a[lane]) + np.int32(b[lane]) + np.int32(c[lane]) + np.int32(d[lane])
        count = np.int32(sums[lane] + np.int32(four))
        sums[lane] = count
        hits += np.int32(np.float32(count) > low + reach[lane] * wide)
    return int(hits)


@numba.njit(cache=True)
def _raise_block(
    members: Members,
    measure: Floats,
    length: Longs,
    bound: Singles,
    penalty: Floats,
    counts: Counts,
    total: float,
    everybody: float,
    bernoulli: bool,
    min_cases: int,
    maxima: Floats,
) -> None:
    """One block of ``raise_maxima``."""
    rate = total / everybody
    sums = np.empty(LANES, dtype=np.int32)
    reach = np.empty(LANES, dtype=np.float32)
    for lane in range(LANES):
        reach[lane] = np.float32(np.sqrt(maxima[lane]))
    for row in range(length.shape[0]):
        for lane in range(LANES):
            sums[lane] = 0
        at = 0
        while at < length[row]:
            stop = min(at + _STEP, length[row])
            low = np.float32(abs(measure[row, at]) * rate * (1.0 - 1e-6))
            wide = bound[row, at, 1]
            for later in range(at + 1, stop):
                wide = min(wide, bound[row, later, 1])
            growth = (abs(measure[row, stop - 1]) - abs(measure[row, at])) * rate
            if stop - at == _STEP and growth < _FINE * wide:
                a, b = counts[members[row, at]], counts[members[row, at + 1]]
                c, d = counts[members[row, at + 2]], counts[members[row, at + 3]]
                if _add_four(a, b, c, d, sums, reach, low, wide) == 0:
                    at = stop
                    continue
                for lane in range(LANES):
                    sums[lane] -= np.int32(a[lane]) + np.int32(b[lane]) + np.int32(c[lane]) + np.int32(d[lane])
            while at < stop:
                low, wide = bound[row, at, 0], bound[row, at, 1]
                if _add_one(counts[members[row, at]], sums, reach, low, wide) > 0:
                    held = measure[row, at]
                    for lane in range(LANES):
                        if sums[lane] >= min_cases and np.float32(sums[lane]) > low + reach[lane] * wide:
                            value = penalty[row] * ratio(float(sums[lane]), held, total, everybody, bernoulli)
                            if value > maxima[lane]:
                                maxima[lane] = value
                                reach[lane] = np.float32(np.sqrt(value))
                at += 1


@numba.njit(cache=True, parallel=True)
def raise_maxima(
    members: Members,
    measure: Floats,
    length: Longs,
    bound: Singles,
    penalty: Floats,
    draws: Counts,
    total: float,
    everybody: float,
    bernoulli: bool,
    min_cases: int,
    maxima: Floats,
) -> None:
    """Raise maxima (blocks, LANES) to the largest penalised ratio of these rows' windows; draws (blocks, n, LANES)."""
    for block in numba.prange(draws.shape[0]):
        _raise_block(
            members,
            measure,
            length,
            bound,
            penalty,
            draws[block],
            total,
            everybody,
            bernoulli,
            min_cases,
            maxima[block],
        )
