"""Which missing road or bridge brings most poor families within reach for its cost.

The question is the maximal covering network improvement problem (Murawski & Church 2009, Socio-Economic Planning
Sciences 43:102-110), with new links in place of upgraded ones. A single link is valued exactly. A sequence under a
budget takes the best link for its cost, given those before it, one after the other: links can need each other, so
coverage by links is not submodular, and the guarantee that greedy choice has for sites does not hold for it.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.analysis.checks import as_number, need_whole, refuse
from gisapp.analysis.roads.journeys import Journeys
from gisapp.analysis.roads.links_gain import (
    GAINS,
    Demand,
    LinkCost,
    State,
    changes,
    demand_of,
    gain,
    state_of,
    with_link,
)

Floats = npt.NDArray[np.float64]

_NEEDED = ("link_id", "start", "end", "length_m", "river_crossings")
_NOBODY = np.empty(0, dtype=np.intp)


def link_gains(
    candidates: gpd.GeoDataFrame,
    journeys: Journeys,
    *,
    families: Any,
    poor_families: Any,
    standard_min: float,
    link_kmh: float,
    cost: LinkCost,
) -> gpd.GeoDataFrame:
    """What each candidate would give on its own, ranked by poor families brought within the standard per rupiah.

    Parameters
    ----------
    candidates : as of ``candidate_links``, on the network of the journeys.
    families, poor_families : numbers at each place of the journeys (0 or more; the poor are part of the families).
    standard_min : minutes within which a facility should be reached; a dated standard.
    link_kmh : km/h on the new link, walks onto it not counted: families along it gain nothing but through its ends.

    Returns
    -------
    the candidates, best first, with minutes (over the link), families and poor_families (newly within the standard),
    families_connected (reached at all for the first time), minutes_saved (sum over families that were reached before),
    cost_idr, cost_year, cost_source, idr_per_poor_family (infinite where none is won) and rank. Equal links are ordered
    by all families per rupiah, minutes saved per rupiah, cost and link_id.
    """
    demand = demand_of(journeys, families, poor_families, standard_min)
    _check(candidates, journeys, link_kmh)
    told = _valued(candidates, state_of(journeys), demand, link_kmh, cost)
    return _ranked(told)


def link_plan(
    candidates: gpd.GeoDataFrame,
    journeys: Journeys,
    *,
    families: Any,
    poor_families: Any,
    standard_min: float,
    link_kmh: float,
    cost: LinkCost,
    budget_idr: float,
    most_links: int | None = None,
) -> gpd.GeoDataFrame:
    """A sequence of links that the budget pays for: each the best for its cost given those before it.

    Every family counts once: a row holds what the link adds to those above it, and ``total_poor_families``,
    ``total_families`` and ``total_cost_idr`` run on. It ends where no link that is still affordable brings a family
    within the standard, or at ``most_links`` (1 or more). Columns as of ``link_gains``, with ``step`` from 1 in place
    of ``rank``.
    """
    demand = demand_of(journeys, families, poor_families, standard_min)
    _check(candidates, journeys, link_kmh)
    if not 0 <= as_number(budget_idr) < np.inf:
        refuse(
            "link_plan", f"budget_idr is {budget_idr}, not 0 or more", f"budget_idr {budget_idr}, harus 0 atau lebih"
        )
    if most_links is not None:
        need_whole(most_links, subject="link_plan", name="most_links", least=1)
    state, left = state_of(journeys), float(budget_idr)
    taken: list[gpd.GeoDataFrame] = []
    open_links = candidates
    while len(open_links) and len(taken) != most_links:
        valued = _valued(open_links, state, demand, link_kmh, cost)
        worth = valued[(valued["cost_idr"] <= left) & (valued["families"] > 0)]
        if worth.empty:
            break
        best = _ranked(worth).iloc[:1]
        taken.append(best)
        left -= float(best["cost_idr"].iloc[0])
        start, end, minutes = (best[name].iloc[0] for name in ("start", "end", "minutes"))
        state = with_link(state, int(start), int(end), float(minutes))
        open_links = open_links[open_links["link_id"] != best["link_id"].iloc[0]]
    plan = pd.concat(taken) if taken else _ranked(_valued(candidates.iloc[:0], state, demand, link_kmh, cost))
    plan = plan.rename(columns={"rank": "step"}).reset_index(drop=True)
    plan["step"] = np.arange(1, len(plan) + 1)
    for name in ("families", "poor_families", "cost_idr"):
        plan[f"total_{name}"] = plan[name].cumsum()
    return plan


def newly_within(
    candidates: gpd.GeoDataFrame, journeys: Journeys, *, standard_min: float, link_kmh: float
) -> pd.DataFrame:
    """Whom each candidate on its own brings within the standard: one row per link and place.

    Columns: link_id, place (index label of the journeys), minutes_before (infinite where not reached), minutes. In the
    order of the candidates, then of the places; so that plans of other works can count each family once.
    """
    nobody = np.zeros(len(journeys.known))
    demand = demand_of(journeys, nobody, nobody, standard_min)
    _check(candidates, journeys, link_kmh)
    state = state_of(journeys)
    over = candidates["length_m"].to_numpy() * (60.0 / 1000.0 / link_kmh)
    start, end = (candidates[name].to_numpy(dtype=np.intp) for name in ("start", "end"))
    ends = np.sort(np.stack([state.minutes[start], state.minutes[end]]), axis=0)
    # Nobody is nearer than the far end of the link will be, so that links beyond the standard need no search.
    worth = np.flatnonzero(ends[0] + over < np.minimum(ends[1], np.nextafter(demand.standard_min, np.inf)))
    links, places, minutes = [], [], []
    for at in worth:
        _, _, place, then = changes(state, int(start[at]), int(end[at]), float(over[at]))
        new = (then <= demand.standard_min) & ~(state.family_min[place] <= demand.standard_min)
        order = np.argsort(place[new], kind="stable")
        links.append(np.full(len(order), at))
        places.append(place[new][order])
        minutes.append(then[new][order])
    rows, quick = np.concatenate([*places, _NOBODY]), np.concatenate([*minutes, np.empty(0)])
    return pd.DataFrame(
        {
            "link_id": candidates["link_id"].to_numpy(dtype=object)[np.concatenate([*links, _NOBODY])],
            "place": journeys.index[rows],
            "minutes_before": state.family_min[rows],
            "minutes": quick,
        }
    )


def _check(candidates: gpd.GeoDataFrame, journeys: Journeys, link_kmh: float) -> None:
    absent = [name for name in _NEEDED if name not in getattr(candidates, "columns", ())]
    if absent:
        named = ", ".join(absent)
        refuse("candidates", f"no column {named}; take candidate_links", f"tidak ada kolom {named}")
    ends = candidates[["start", "end"]].to_numpy()
    nodes = len(journeys.minutes)
    bad = np.flatnonzero(((ends < 0) | (ends >= nodes)).any(axis=1)) if len(ends) else np.empty(0, dtype=np.intp)
    if len(bad):
        row = candidates.index[bad[0]]
        refuse(
            "candidates",
            f"row {row} ends at no node of these journeys; take candidates of the same network",
            f"baris {row} tidak berujung pada simpul jaringan ini; pakai calon dari jaringan yang sama",
        )
    if not 0 < as_number(link_kmh) < np.inf:
        refuse("links", f"link_kmh is {link_kmh}, not above 0", f"link_kmh {link_kmh}, seharusnya di atas 0")


def _valued(
    candidates: gpd.GeoDataFrame, state: State, demand: Demand, link_kmh: float, cost: LinkCost
) -> gpd.GeoDataFrame:
    """Minutes, gains and cost of each candidate, in the order given."""
    minutes = candidates["length_m"].to_numpy() * (60.0 / 1000.0 / link_kmh)
    ends = zip(candidates["start"], candidates["end"], minutes, strict=True)
    gains = [gain(state, demand, start, end, over) for start, end, over in ends]
    columns = np.array(gains, dtype=float).reshape(-1, len(GAINS)).T
    told = candidates.assign(minutes=minutes, **dict(zip(GAINS, columns, strict=True)))
    return told.assign(cost_idr=cost.of(candidates), cost_year=int(cost.year), cost_source=str(cost.source))


def _ranked(told: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Best first, by poor families per rupiah."""
    price = told["cost_idr"].to_numpy()
    poor = told["poor_families"].to_numpy()
    per_poor = np.divide(price, poor, out=np.full(len(told), np.inf), where=poor > 0)
    order = np.lexsort(
        (
            told["link_id"].to_numpy().astype(str),
            price,
            -told["minutes_saved"].to_numpy() / price,
            -told["families"].to_numpy() / price,
            per_poor,
        )
    )
    ranked = told.assign(idr_per_poor_family=per_poor).iloc[order].reset_index(drop=True)
    return ranked.assign(rank=np.arange(1, len(ranked) + 1))
