"""Pockets of known truth: where the rate of decile 1 was raised on purpose, by how much, and with which cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.demo.profiles import parameters, stream

_SMALLEST = 3
_FULL_SIZE_FROM = 150
_TRIES = 60
_LAYOUTS = 30


@dataclass(frozen=True, kw_only=True)
class Planted:
    """One planted pocket: ``members`` are row positions of its areas."""

    name: str
    relative_risk: float
    cause: str
    members: tuple[int, ...]


def plant(pairs: npt.NDArray[np.intp], count: int, *, rural: npt.NDArray[np.bool_], seed: int) -> tuple[Planted, ...]:
    """Plant as many of the declared pockets as fit, strongest first, none touching another; rural areas before urban.

    ``pairs`` are neighbouring row positions of ``count`` areas. At most a third of all areas is planted.
    """
    rng = stream(seed, "planted")
    neighbours: list[list[int]] = [[] for _ in range(count)]
    for i, j in pairs:
        neighbours[int(i)].append(int(j))
    best: list[Planted] = []
    for _ in range(_LAYOUTS):
        placed = _layout(neighbours, rural, rng)
        best = placed if len(placed) > len(best) else best
        if len(best) == len(parameters()["pockets"]):
            break
    return tuple(best)


def _layout(neighbours: list[list[int]], rural: npt.NDArray[np.bool_], rng: np.random.Generator) -> list[Planted]:
    """One attempt to place every declared pocket."""
    count = len(neighbours)
    placed: list[Planted] = []
    for declared in parameters()["pockets"]:
        size = _size(int(declared["areas"]), count)
        if size + sum(len(pocket.members) for pocket in placed) > count / 3:
            continue
        taken = _with_ring({member for pocket in placed for member in pocket.members}, neighbours)
        members = _grow(size, neighbours, taken, rural, rng)
        if members:
            placed.append(_pocket(declared, members))
    return placed


def truth_frame(planted: tuple[Planted, ...], codes: npt.NDArray[np.object_]) -> pd.DataFrame:
    """One row per planted area: pocket, code, relative_risk, cause; sorted by pocket and code."""
    rows = [
        (pocket.name, str(codes[member]), pocket.relative_risk, pocket.cause)
        for pocket in planted
        for member in pocket.members
    ]
    frame = pd.DataFrame(rows, columns=["pocket", "code", "relative_risk", "cause"])
    return frame.sort_values(["pocket", "code"], ignore_index=True)


def deprivations_of(cause: str) -> tuple[str, ...]:
    """Deprivations that a cause raises."""
    return tuple(parameters()["causes"][cause]["deprivations"])


def members_without(planted: tuple[Planted, ...], kind: str) -> tuple[int, ...]:
    """Row positions of areas whose pocket's cause is that this kind of facility (or ``jalan``) is absent."""
    causes = parameters()["causes"]
    return tuple(m for p in planted if kind in causes[p.cause]["without_services"] for m in p.members)


def _pocket(declared: dict[str, Any], members: tuple[int, ...]) -> Planted:
    return Planted(
        name=str(declared["name"]),
        relative_risk=float(declared["relative_risk"]),
        cause=str(declared["cause"]),
        members=members,
    )


def _size(declared: int, count: int) -> int:
    return declared if count >= _FULL_SIZE_FROM else max(_SMALLEST, declared * count // _FULL_SIZE_FROM)


def _with_ring(members: set[int], neighbours: list[list[int]]) -> set[int]:
    return members | {other for member in members for other in neighbours[member]}


def _grow(
    size: int,
    neighbours: list[list[int]],
    taken: set[int],
    rural: npt.NDArray[np.bool_],
    rng: np.random.Generator,
) -> tuple[int, ...]:
    """Grow one connected set from a random start; each next area has the most neighbours already inside."""
    free = [area for area in range(len(neighbours)) if area not in taken]
    starts = [area for area in free if rural[area]] or free
    for _ in range(_TRIES if starts else 0):
        members = [starts[int(rng.integers(len(starts)))]]
        while len(members) < size:
            border = sorted(_with_ring(set(members), neighbours) - set(members) - taken)
            if not border:
                break
            inside = [sum(other in members for other in neighbours[area]) for area in border]
            score = np.array(inside) + 0.8 * rural[border] + rng.uniform(0, 1.2, len(border))
            members.append(border[int(score.argmax())])
        if len(members) == size:
            return tuple(sorted(members))
    return ()
