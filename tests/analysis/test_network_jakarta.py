"""A real network: the roads of Jakarta as OpenStreetMap had them in 2012, with their breaks and one-way streets."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from gisapp.analysis.network import Network, road_network
from gisapp.analysis.roads.gaps import unconnected
from gisapp.analysis.roads.reach import reach

pytestmark = pytest.mark.shared_data


@pytest.fixture(scope="module")
def roads(shared_data) -> gpd.GeoDataFrame:
    read = gpd.read_parquet(shared_data / "infrastructure" / "osm_jakarta_roads_2012.parquet")
    return read.rename(columns={"TYPE": "road_class", "ONEWAY": "oneway"}).to_crs(32748)


@pytest.fixture(scope="module")
def network(roads) -> Network:
    return road_network(roads, tolerance_m=2, crossings="shared_vertex")


def test_what_does_not_connect_is_counted_and_every_metre_is_kept(roads, network):
    counts = dict(zip(network.repairs["kind"], network.repairs["count"], strict=True))
    assert counts["duplicate"] == 1
    assert counts["crossing_unshared"] > 1000  # flyovers of a city without a column for levels
    assert counts["t_junction"] > 300
    assert network.repairs.set_index("kind").loc["t_junction", "largest_m"] <= 2
    drawn_once = shapely.union_all(roads.geometry.to_numpy()).length
    assert network.edges["length_m"].sum() == pytest.approx(drawn_once, rel=1e-4)
    assert network.components["share"].iloc[0] > 0.98
    apart = unconnected(network, search_m=200)
    assert len(apart) == len(network.components) - 1
    assert (apart["gap_m"].dropna() > 2).all()


def test_minutes_are_those_of_a_search_written_apart(network):
    """Plain arcs between nodes, searched from each facility on its own, the least of all."""
    nodes, edges = network.nodes, network.edges
    speeds = {name: 10.0 + 5 * at for at, name in enumerate(sorted(edges["road_class"].unique()))}
    minutes = edges["length_m"].to_numpy() * 0.06 / edges["road_class"].map(speeds).to_numpy()
    tail = np.concatenate([edges["start"], edges["end"][~edges["oneway"]]])
    head = np.concatenate([edges["end"], edges["start"][~edges["oneway"]]])
    least = {}
    for a, b, over in zip(tail, head, np.concatenate([minutes, minutes[~edges["oneway"]]]), strict=True):
        least[a, b] = min(over, least.get((a, b), np.inf))
    pairs = np.array(list(least))
    graph = csr_array(
        (list(least.values()), (pairs[:, 0].astype(np.int32), pairs[:, 1].astype(np.int32))), shape=2 * [len(nodes)]
    )
    stands = np.arange(0, len(nodes), 6000)
    wanted = dijkstra(graph.T, indices=stands).min(axis=0)
    asked = np.arange(0, len(nodes), 50)
    xy = nodes[["x", "y"]].to_numpy()
    told = reach(xy[asked], xy[stands], network, speeds_kmh=speeds, walking_kmh=5, access_max_m=0.5)
    alone = nodes["component"].to_numpy()[asked] == 0
    near = ~np.isclose(told["minutes"], wanted[asked], atol=1e-3)
    assert alone.mean() > 0.95
    assert near.sum() == 0
