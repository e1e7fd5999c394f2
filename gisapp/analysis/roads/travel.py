"""A network as one mode travels it in one season: which arcs there are, and how many minutes each takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array

from gisapp.analysis.checks import as_number, refuse
from gisapp.analysis.network import Network
from gisapp.analysis.roads.access import Entries
from gisapp.analysis.roads.lines import SAME_PLACE_M
from gisapp.analysis.travelling.friction_speeds import speeds_for

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

#: Kilometres an hour beyond which a speed is a slip of the hand.
_FASTEST_KMH = 300.0


@dataclass(frozen=True)
class Arcs:
    """Directed arcs by ``tail`` and ``head``, the quickest of parallel ones: ``first[n]`` is the first of tail n."""

    first: Ints
    head: Ints
    minutes: Floats
    metres: Floats

    @property
    def tail(self) -> Ints:
        """Node that each arc leaves."""
        return np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))

    def matrix(self) -> csr_array:
        """Minutes as scipy reads them (indices of 32 bits); an arc of 0 minutes stays an arc."""
        count = len(self.first) - 1
        inside = (self.minutes, self.head.astype(np.int32), self.first.astype(np.int32))
        return csr_array(inside, shape=(count, count))


@dataclass(frozen=True)
class Stretches:
    """Usable edges cut at stops; sorted by ``edge`` and ``from_m``. Nodes from ``len(network.nodes)`` on are stops."""

    edge: Ints
    from_m: Floats
    length_m: Floats
    start: Ints
    end: Ints
    minutes_per_m: Floats
    oneway: Bools
    nodes: int


def road_speeds(speeds: pd.DataFrame, *, mode: str, season: str) -> dict[str, float]:
    """Kilometres an hour by road class for one mode and season, from the table of speeds that rasters use too.

    ``speeds`` as of ``friction_speeds.speeds_for``, which refuses what is wrong in it; only its group "road" is read.
    """
    chosen = speeds_for(speeds, mode=mode, season=season).minutes
    return {
        name: 0.0 if np.isnan(per_m) else 0.06 / per_m for (group, name), per_m in chosen.items() if group == "road"
    }


def edge_speeds(network: Network, speeds_kmh: Mapping[str, float]) -> Floats:
    """Kilometres an hour on each edge, 0 where the mode may or can not go.

    ``class/surface`` is looked up before ``class``; a class that is in neither form is refused with its length.
    """
    wrong = {name: kmh for name, kmh in speeds_kmh.items() if not 0 <= as_number(kmh) <= _FASTEST_KMH}
    if wrong:
        told = ", ".join(f"{name}: {kmh}" for name, kmh in wrong.items())
        refuse(
            "speeds_kmh",
            f"{told} is not from 0 (closed) to {_FASTEST_KMH:.0f} km/h",
            f"{told} tidak di antara 0 (tertutup) dan {_FASTEST_KMH:.0f} km/jam",
        )
    classes, surface = network.edges["road_class"], network.edges["surface"]
    table = {name: float(kmh) for name, kmh in speeds_kmh.items()}
    speed = (classes + "/" + surface).map(table).fillna(classes.map(table))
    unknown = speed.isna()
    if unknown.any():
        lengths = network.edges["length_m"][unknown].groupby(classes[unknown]).sum() / 1000
        told = ", ".join(f"{name} ({km:.1f} km)" for name, km in lengths.items())
        refuse(
            "speeds_kmh",
            f"no speed for the road classes {told}; give each a speed, 0 where the mode cannot go",
            f"belum ada kecepatan untuk kelas jalan {told}; isi semuanya, 0 bila tidak dapat dilalui",
        )
    found: Floats = speed.to_numpy(dtype=float)
    return found


def stretches(network: Network, speed_kmh: Floats, stops: Entries, *, oneway: bool) -> tuple[Stretches, Ints]:
    """Cut the usable edges at the stops; returns the stretches and the node of each stop."""
    used = np.flatnonzero(speed_kmh > 0)
    length = network.edges["length_m"].to_numpy()
    start, end = network.edges["start"].to_numpy(), network.edges["end"].to_numpy()
    millimetre = np.rint(stops.measure_m / SAME_PLACE_M).astype(np.int64)
    at_start = stops.measure_m <= SAME_PLACE_M
    at_end = stops.measure_m >= length[stops.edge] - SAME_PLACE_M
    inside = ~at_start & ~at_end
    cuts = pd.MultiIndex.from_arrays([stops.edge, millimetre])
    fresh = cuts[inside].unique().sort_values()
    base = len(network.nodes)
    node = np.where(at_start, start[stops.edge], np.where(at_end, end[stops.edge], base + fresh.get_indexer(cuts)))
    edge = np.concatenate([used, fresh.get_level_values(0).to_numpy(dtype=np.intp)])
    from_m = np.concatenate([np.zeros(len(used)), fresh.get_level_values(1).to_numpy(dtype=float) * SAME_PLACE_M])
    leaves = np.concatenate([start[used], base + np.arange(len(fresh))])
    order = np.lexsort((from_m, edge))
    edge, from_m, leaves = edge[order], from_m[order], leaves[order]
    last = np.concatenate([edge[1:] != edge[:-1], [True]])[: len(edge)]
    until = np.where(last, length[edge], np.roll(from_m, -1))
    reaches = np.where(last, end[edge], np.roll(leaves, -1))
    one_way = network.edges["oneway"].to_numpy(dtype=bool)[edge] & oneway
    per_m = 60.0 / 1000.0 / speed_kmh[edge]
    cut = Stretches(edge, from_m, until - from_m, leaves, reaches, per_m, one_way, base + len(fresh))
    return cut, node.astype(np.intp)


def stretch_at(cut: Stretches, edge: Ints, measure_m: Floats) -> Ints:
    """Position of the stretch of each edge that holds the place at these metres."""
    first = np.searchsorted(cut.edge, edge, side="left")
    last = np.searchsorted(cut.edge, edge, side="right") - 1
    furthest = float(cut.from_m.max(initial=0.0)) + float(measure_m.max(initial=0.0)) + 1.0
    at = np.searchsorted(cut.edge * furthest + cut.from_m, edge * furthest + measure_m, side="right") - 1
    found: Ints = np.clip(at, first, last)
    return found


def arcs(tail: Ints, head: Ints, minutes: Floats, metres: Floats, *, nodes: int) -> Arcs:
    """Sort arcs and keep the quickest of those that lead from one node to the same other."""
    order = np.lexsort((metres, minutes, head, tail))
    tail, head = tail[order], head[order]
    once = np.concatenate([[True], (np.diff(tail) != 0) | (np.diff(head) != 0)])[: len(tail)]
    kept = order[once]
    first = np.searchsorted(tail[once], np.arange(nodes + 1))
    return Arcs(first, head[once], minutes[kept], metres[kept])
