"""What one new link gives: minutes of every family with it, exactly, without searching the network again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.analysis.checks import Complaints, as_number, as_numbers, need_same_rows, refuse
from gisapp.analysis.kernels.shortened import nearer_places, shortened
from gisapp.analysis.roads.journeys import Journeys
from gisapp.analysis.roads.travel import Arcs, arcs

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


#: What a link gives, in the order of ``gain``.
GAINS = ("families", "poor_families", "families_connected", "minutes_saved")


@dataclass(frozen=True, kw_only=True)
class LinkCost:
    """What a link costs: rupiah for each metre of road and for each bridge, with the year and source of both."""

    per_metre_idr: float
    per_bridge_idr: float
    year: int
    source: str

    def __post_init__(self) -> None:
        for name, value in (("per_metre_idr", self.per_metre_idr), ("per_bridge_idr", self.per_bridge_idr)):
            if not 0 < as_number(value) < np.inf:
                refuse("LinkCost", f"{name} is {value}, not above 0", f"{name} {value}, seharusnya di atas 0")
        if not 1900 < as_number(self.year) < 2200 or not str(self.source).strip():
            refuse("LinkCost", "a cost needs its year and source", "biaya harus disertai tahun dan sumber")

    def of(self, links: pd.DataFrame) -> Floats:
        """Rupiah of each link."""
        road = links["length_m"].to_numpy() * self.per_metre_idr
        cost: Floats = road + links["river_crossings"].to_numpy() * self.per_bridge_idr
        return cost


@dataclass(frozen=True)
class State:
    """Journeys as they stand, with the links that are already taken; ``steps`` of families sorted by node."""

    against: Arcs
    minutes: Floats
    family_min: Floats
    first_step: Ints
    place: Ints
    step_min: Floats


@dataclass(frozen=True)
class Demand:
    """Families and poor families at each place, and the minutes within which they should be."""

    families: Floats
    poor: Floats
    standard_min: float


def demand_of(journeys: Journeys, families: Any, poor_families: Any, standard_min: float) -> Demand:
    """Check numbers of families per place against the journeys; poor families are part of families."""
    complaints = Complaints("links")
    places = pd.Series(0, index=journeys.index)
    counts = []
    for values, name in ((families, "families"), (poor_families, "poor_families")):
        same = need_same_rows(places, values, complaints, name)
        complaints.refuse()
        found = as_numbers(values, complaints, name)
        if same:
            complaints.rows(found < 0, journeys.index, f"{name} is negative", f"{name} negatif")
        counts.append(found)
    complaints.rows(
        counts[1] > counts[0], journeys.index, "poor_families exceed families", "poor_families melebihi families"
    )
    complaints.refuse()
    if not 0 < as_number(standard_min) < np.inf:
        refuse("links", f"standard_min is {standard_min}, not above 0", f"standard_min {standard_min}, harus di atas 0")
    return Demand(counts[0], counts[1], float(standard_min))


def state_of(journeys: Journeys) -> State:
    """Journeys before any link."""
    steps = journeys.steps.sort_values(["node", "place", "minutes"])
    node, place = steps["node"].to_numpy(), steps["place"].to_numpy()
    minutes = steps["minutes"].to_numpy()
    family_min = np.full(len(journeys.known), np.inf)
    np.minimum.at(family_min, place, minutes + journeys.minutes[node])
    first = np.searchsorted(node, np.arange(len(journeys.minutes) + 1))
    return State(journeys.against, journeys.minutes.copy(), family_min, first, place, minutes)


def changes(state: State, start: int, end: int, link_min: float) -> tuple[Ints, Floats, Ints, Floats]:
    """Nodes and places that a link brings nearer, each with its new minutes.

    A way with the link uses it once: min(old, to one end + link + from the other end to a facility). Only the end that
    is farther from a facility can gain, since minutes obey the triangle inequality, so one search suffices.
    """
    far, near = (start, end) if state.minutes[start] > state.minutes[end] else (end, start)
    value = state.minutes[near] + link_min
    if not value < state.minutes[far]:
        none = np.empty(0, dtype=np.intp)
        return none, np.empty(0), none, np.empty(0)
    graph = state.against
    nodes, minutes = shortened(graph.first, graph.head, graph.minutes, state.minutes, far, value)
    place, then = nearer_places(nodes, minutes, state.first_step, state.place, state.step_min, state.family_min)
    return nodes, minutes, place, then


def with_link(state: State, start: int, end: int, link_min: float) -> State:
    """Journeys once the link is there."""
    nodes, minutes, place, then = changes(state, start, end, link_min)
    graph = state.against
    tail = np.concatenate([graph.tail, [start, end]])
    head = np.concatenate([graph.head, [end, start]])
    taken = np.concatenate([graph.minutes, [link_min, link_min]])
    metres = np.concatenate([graph.metres, [0.0, 0.0]])  # gains are told in minutes
    node_min, family_min = state.minutes.copy(), state.family_min.copy()
    node_min[nodes], family_min[place] = minutes, then
    with_arcs = arcs(tail, head, taken, metres, nodes=len(graph.first) - 1)
    return State(with_arcs, node_min, family_min, state.first_step, state.place, state.step_min)


def gain(state: State, demand: Demand, start: int, end: int, link_min: float) -> tuple[float, float, float, float]:
    """Families and poor families that come within the standard, families reached at all, minutes saved: ``GAINS``."""
    _, _, place, then = changes(state, start, end, link_min)
    before = state.family_min[place]
    within = (then <= demand.standard_min) & ~(before <= demand.standard_min)
    old = np.isfinite(before)
    families, poor = demand.families[place], demand.poor[place]
    saved = (before[old] - then[old]) * families[old]
    return (
        float(families[within].sum()),
        float(poor[within].sum()),
        float(families[~old].sum()),
        float(saved.sum()),
    )
