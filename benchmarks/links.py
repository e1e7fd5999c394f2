"""The gain of missing links beside a new search of the whole network for each, with scipy, on roads cut by a river.

``python benchmarks/links.py`` prints medians over new processes; ``--side`` sets the junctions a side.
"""

from __future__ import annotations

import argparse

import fresh
import numpy as np
import pandas as pd
from scipy.sparse.csgraph import dijkstra

SEARCHED = 100  # candidates that scipy searches anew; the time of all follows by proportion


def district(side: int):
    """Roads every 500 m, a bridge over the river at one end only, families everywhere, ten schools."""
    import geopandas as gpd
    from shapely import LineString

    from gisapp.analysis.network import road_network, with_nodes_every

    far = 500.0 * (side - 1)
    across = [LineString([(0, 500 * at), (far, 500 * at)]) for at in range(side)]
    cut = 500.0 * (side // 2) + 250
    down = [
        LineString([(500 * at, low), (500 * at, high)])
        for at in range(side)
        for low, high in ((0, cut - 150), (cut + 150, far))
    ]
    lines = [*across, *down, LineString([(0, cut - 150), (0, cut + 150)])]
    roads = gpd.GeoDataFrame({"road_class": "desa"}, index=range(len(lines)), geometry=lines, crs=32647)
    return with_nodes_every(road_network(roads, tolerance_m=1), metres=500)


def measured(side: int) -> dict[str, float]:
    from gisapp.analysis.links import link_gains
    from gisapp.analysis.roads.journeys import journeys
    from gisapp.analysis.roads.links_candidates import candidate_links
    from gisapp.analysis.roads.links_gain import LinkCost, changes, state_of
    from gisapp.analysis.roads.travel import arcs

    rng = np.random.default_rng(1)
    build, network = fresh.seconds(lambda: district(side))
    homes, schools = rng.uniform(0, 500 * side, (20_000, 2)), rng.uniform(0, 250 * side, (10, 2))
    once, ways = fresh.seconds(
        lambda: journeys(homes, schools, network, speeds_kmh={"desa": 20}, walking_kmh=5, access_max_m=1000)
    )
    look, links = fresh.seconds(lambda: candidate_links(network, max_length_m=800, least_detour=2.5, spacing_m=0))
    given = {
        "families": np.ones(len(homes)), "poor_families": np.ones(len(homes)), "standard_min": 30, "link_kmh": 20,
        "cost": LinkCost(per_metre_idr=3e6, per_bridge_idr=5e9, year=2025, source="benchmark"),
    }  # fmt: skip
    ours, _ = fresh.seconds(lambda: link_gains(links, ways, **given))

    state, sources = state_of(ways), np.flatnonzero(ways.minutes == 0)
    graph, steps = ways.against, ways.steps
    tried = links.iloc[:: max(1, len(links) // SEARCHED)].iloc[:SEARCHED]
    ends = list(zip(tried["start"], tried["end"], tried["length_m"] * 0.003, strict=True))

    def again() -> list[np.ndarray]:
        found = []
        for start, end, over in ends:
            whole = arcs(
                np.append(graph.tail, [start, end]), np.append(graph.head, [end, start]),
                np.append(graph.minutes, [over, over]), np.append(graph.metres, [0, 0]), nodes=len(ways.minutes),
            )  # fmt: skip
            minutes = dijkstra(whole.matrix(), indices=sources, min_only=True)
            found.append(np.full(len(homes), np.inf))
            np.minimum.at(found[-1], steps["place"], steps["minutes"] + minutes[steps["node"]])
        return found

    scipy, families = fresh.seconds(again)
    worst = 0.0
    for (start, end, over), wanted in zip(ends, families, strict=True):
        _, _, place, then = changes(state, start, end, over)
        told = state.family_min.copy()
        told[place] = then
        assert np.array_equal(np.isfinite(told), np.isfinite(wanted))
        worst = max(worst, float(np.abs(told - wanted)[np.isfinite(told)].max()))
    return {
        "nodes": len(network.nodes), "candidates": len(links), "network_s": build["seconds"],
        "journeys_s": once["seconds"], "look_s": look["seconds"], "gains_s": ours["seconds"],
        "scipy_s": scipy["seconds"] * len(links) / len(tried), "largest_difference_min": worst,
    }  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--one", nargs="*")
    parser.add_argument("--side", type=int, default=80)
    parser.add_argument("--repeats", type=int, default=5)
    asked = parser.parse_args()
    if asked.one is not None:
        fresh.report(measured(int(asked.one[0])))
    else:
        found = fresh.repeated(__file__, asked.side, repeats=asked.repeats, warm=(10,))
        print(pd.Series(found).round(3).to_string())
        print(f"ratio, scipy's new searches : ours = {found['scipy_s'] / found['gains_s']:.0f}")
