"""Roads that do not connect: every part apart from the longest, with the gap that keeps it apart."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisapp.analysis.checks import as_number, refuse
from gisapp.analysis.network import Network
from gisapp.errors import Problem

#: Findings by which the drawn lines were changed, or not understood.
_CHANGED = {
    "no_geometry", "oneway_unknown", "level_unknown", "end_joined", "t_junction", "crossing_unshared",
}  # fmt: skip


def unconnected(network: Network, *, search_m: float) -> gpd.GeoDataFrame:
    """Parts of the network apart from the longest, longest first, each with the nearest road of another part.

    One row per component from 1: length_m, edges, gap_m (straight line to the nearest road of another part; NaN where
    none lies within ``search_m`` metres), row and other_row (labels of the road lines on both sides), other (component
    of the far side), geometry: the line across the gap, or the first place of the part where none was found. No gap is
    closed by this.
    """
    if not 0 < as_number(search_m) < np.inf:
        refuse("unconnected", f"search_m is {search_m}, not above 0", f"search_m {search_m}, seharusnya di atas 0")
    gaps = _gaps(network, float(search_m))
    parts = network.components.iloc[1:][["length_m", "edges"]]
    first = network.nodes.drop_duplicates("component").set_index("component")
    told = parts.join(gaps)
    across = [
        line if line is not None and not pd.isna(line) else shapely.Point(first.at[part, "x"], first.at[part, "y"])
        for part, line in told.pop("line").items()
    ]
    rows = network.edges.drop_duplicates("component").set_index("component")["row"]
    told["row"] = told["row"].where(told["row"].notna(), rows.reindex(told.index))
    told["other"] = told["other"].astype("Int64")
    return gpd.GeoDataFrame(told, geometry=across, crs=network.edges.crs)


def network_problems(network: Network) -> list[Problem]:
    """What was found in the road lines as problems in two languages; roads that do not connect come last.

    Codes are ``road_`` and the kind of repair, and ``roads_unconnected`` (count: parts apart from the longest).
    """
    found = []
    for row in network.repairs.to_dict("records"):
        most = float(row["largest_m"])
        found.append(
            Problem(
                code=f"road_{row['kind']}",
                severity="warning" if row["kind"] in _CHANGED else "info",
                count=int(row["count"]),
                detail=f"{row['en']}{_widest(most, 'at most')}. Rows: {row['rows']}.",
                detail_id=f"{row['id']}{_widest(most, 'paling jauh').replace('.', ',')}. Baris: {row['rows']}.",
            )
        )
    apart = network.components.iloc[1:]
    return [*found, _apart(len(apart), apart["length_m"].sum(), apart["share"].sum())] if len(apart) else found


def _apart(parts: int, length_m: float, share: float) -> Problem:
    """Roads that do not connect, as one message."""
    told = f"{length_m / 1000:.1f} km ({100 * share:.1f} %)"
    return Problem(
        code="roads_unconnected",
        severity="warning",
        count=parts,
        detail=f"Roads that do not connect: {parts} parts with {told} are apart from the rest. Families there reach "
        "only what lies on their own part. Mend the lines, or add the road that is missing.",
        detail_id=f"Jalan yang tidak tersambung: {parts} bagian, {told.replace('.', ',')}, terpisah dari yang lain. "
        "Keluarga di sana hanya mencapai yang ada di bagiannya sendiri. Perbaiki garisnya, atau tambahkan jalan "
        "yang belum digambar.",
    )


def _widest(metres: float, words: str) -> str:
    return f" ({words} {metres:.1f} m)" if metres else ""


def _gaps(network: Network, search_m: float) -> pd.DataFrame:
    """Shortest line from each part to another: an end of one side to any place of the other."""
    shapes = network.edges.geometry.to_numpy()
    of_edge, of_node = network.edges["component"].to_numpy(), network.nodes["component"].to_numpy()
    points = shapely.points(network.nodes[["x", "y"]].to_numpy())
    found = []
    for asked, offered in ((of_node > 0, of_edge >= 0), (of_node == 0, of_edge > 0)):
        nodes, edges = np.flatnonzero(asked), np.flatnonzero(offered)
        node, edge = shapely.STRtree(shapes[edges]).query(points[nodes], predicate="dwithin", distance=search_m)
        node, edge = nodes[node], edges[edge]
        apart = of_node[node] != of_edge[edge]
        node, edge = node[apart], edge[apart]
        gap = shapely.distance(points[node], shapes[edge])
        seen = {"node": node, "edge": edge, "gap_m": gap}
        found.append(pd.DataFrame({**seen, "component": of_node[node], "other": of_edge[edge], "turned": False}))
        found.append(pd.DataFrame({**seen, "component": of_edge[edge], "other": of_node[node], "turned": True}))
    pairs = pd.concat(found).sort_values(["component", "gap_m", "node", "edge", "turned"])
    least = pairs.drop_duplicates("component").set_index("component")
    lines = shapely.shortest_line(points[least["node"]], shapes[least["edge"]])
    label = network.edges["row"].to_numpy()
    at_node = _first_edge(network)[least["node"]]
    here = np.where(least["turned"], least["edge"], at_node).astype(np.intp)
    there = np.where(least["turned"], at_node, least["edge"]).astype(np.intp)
    told = least[["gap_m", "other"]].assign(row=label[here], other_row=label[there])
    told["line"] = pd.Series(lines, index=told.index, dtype=object)
    return told


def _first_edge(network: Network) -> np.ndarray:
    """The first edge at each node."""
    edge = np.full(len(network.nodes), -1, dtype=np.intp)
    for column in ("end", "start"):
        at = network.edges[column].to_numpy()[::-1]
        edge[at] = np.arange(len(network.edges))[::-1]
    return edge
