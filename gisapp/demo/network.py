"""Roads that connect the settlements by rank, and rivers from the hills to the coast."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import Delaunay

from gisapp.demo.profiles import stream
from gisapp.demo.terrain import Terrain

Array = npt.NDArray[np.float64]
Pairs = npt.NDArray[np.intp]

_RIVERS_PER_1000_KM2 = 3
_RIVER_STEP_M = 500.0


def make_roads(
    settlements: gpd.GeoDataFrame, parents: npt.NDArray[np.object_], without: shapely.Geometry | None, *, seed: int
) -> gpd.GeoDataFrame:
    """Road lines (metres) with class: provinsi between kecamatan seats, kabupaten between areas, desa to each hamlet.

    ``parents`` is the kecamatan of each area; no road enters ``without``, the areas planted as roadless.
    """
    rng = stream(seed, "roads")
    points = shapely.get_coordinates(settlements.geometry.to_numpy())
    area, first = settlements["area"].to_numpy(), settlements["number"].to_numpy() == 1
    centres = np.flatnonzero(first)
    seats = centres[pd.Series(parents[area[centres]]).drop_duplicates().index.to_numpy()]
    ranked = (
        ("provinsi", seats[_connected(points[seats], extra=0.0)]),
        ("kabupaten", centres[_connected(points[centres], extra=0.35)]),
        ("desa", _to_centre(area, first)),
    )
    classes = np.concatenate([np.repeat(name, len(pairs)) for name, pairs in ranked])
    pairs = np.concatenate([pairs for _, pairs in ranked])
    lines = _winding(points[pairs[:, 0]], points[pairs[:, 1]], rng)
    frame = gpd.GeoDataFrame({"kelas": classes}, geometry=lines, crs=settlements.crs)
    if without is not None:
        frame = frame[~frame.intersects(shapely.buffer(without, -50.0)).to_numpy()].reset_index(drop=True)
    frame.insert(0, "nama", [f"Jalan Contoh {kelas} {n}" for n, kelas in enumerate(frame["kelas"], start=1)])
    return frame


def make_rivers(areas: gpd.GeoDataFrame, terrain: Terrain, *, seed: int) -> gpd.GeoDataFrame:
    """River lines (metres), from springs in the hills down the slope, inside the district."""
    rng = stream(seed, "rivers")
    outline = shapely.union_all(areas.geometry.to_numpy())
    count = max(2, round(_RIVERS_PER_1000_KM2 * outline.area / 1e9))
    x = terrain.origin[0] + terrain.extent[0] * rng.uniform(0, 1, 40 * count)
    y = terrain.origin[1] + terrain.extent[1] * rng.uniform(0, 1, 40 * count)
    height = terrain.height(x, y)
    springs = np.flatnonzero(shapely.contains_xy(outline, x, y) & (height > 0.5))[:count]
    if not len(springs):
        springs = np.argsort(-height, kind="stable")[:count]
    lines = shapely.linestrings(_descent(np.column_stack([x[springs], y[springs]]), terrain, rng))
    clipped = [_longest_line(shapely.intersection(line, outline)) for line in np.atleast_1d(lines)]
    kept = [line for line in clipped if line is not None and line.length > 3 * _RIVER_STEP_M]
    names = [f"Sungai Contoh {n}" for n in range(1, len(kept) + 1)]
    return gpd.GeoDataFrame({"nama": names}, geometry=kept, crs=areas.crs)


def _connected(points: Array, *, extra: float) -> Pairs:
    """Edges (i, j) of a minimum spanning tree, and a share ``extra`` of the shortest edges that form loops."""
    edges = _candidate_edges(points)
    if not len(edges):
        return np.empty((0, 2), dtype=np.intp)
    length = np.hypot(*(points[edges[:, 0]] - points[edges[:, 1]]).T)
    ends = edges.astype(np.int32)  # csgraph of scipy 1.17.0 reads no wider index
    weights = coo_array((length, (ends[:, 0], ends[:, 1])), shape=(len(points), len(points)))
    tree = minimum_spanning_tree(weights.tocsr()).tocoo()
    in_tree = set(zip(tree.row.tolist(), tree.col.tolist(), strict=True))
    order = np.argsort(length, kind="stable")
    loops = [tuple(edges[e].tolist()) for e in order if tuple(edges[e].tolist()) not in in_tree]
    chosen = sorted(in_tree) + loops[: round(extra * len(points))]
    return np.array(chosen, dtype=np.intp)


def _candidate_edges(points: Array) -> Pairs:
    """Edges worth trying: Delaunay's, or all pairs of a handful of points."""
    if len(points) < 12:
        return np.column_stack(np.triu_indices(len(points), k=1))
    triangles = Delaunay(points).simplices
    edges = np.sort(np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [0, 2]]]), axis=1)
    return np.unique(edges, axis=0).astype(np.intp)


def _to_centre(area: npt.NDArray[np.int64], first: npt.NDArray[np.bool_]) -> Pairs:
    centre = np.zeros(int(area.max()) + 1, dtype=np.intp)
    centre[area[first]] = np.flatnonzero(first)
    hamlets = np.flatnonzero(~first)
    return np.column_stack([centre[area[hamlets]], hamlets]).astype(np.intp)


def _winding(start: Array, end: Array, rng: np.random.Generator) -> npt.NDArray[np.object_]:
    """Lines between the points with nine vertices, bent sideways by up to an eighth of their length."""
    along = np.linspace(0, 1, 9)
    bend = rng.uniform(-0.09, 0.09, (len(start), 2))
    side = bend[:, :1] * np.sin(np.pi * along) + 0.4 * bend[:, 1:] * np.sin(2 * np.pi * along)
    step = end - start
    normal = np.column_stack([-step[:, 1], step[:, 0]])
    xy = start[:, None] + along[None, :, None] * step[:, None] + side[:, :, None] * normal[:, None]
    lines: npt.NDArray[np.object_] = shapely.linestrings(xy)
    return lines


def _descent(start: Array, terrain: Terrain, rng: np.random.Generator) -> Array:
    """Paths (rivers, steps, 2) that follow the slope towards the coast and meander."""
    steps = int(np.hypot(*terrain.extent) / _RIVER_STEP_M)
    path, reach = [start], 900.0
    phase, coast = rng.uniform(0, 2 * np.pi, len(start)), np.array([0.7071, 0.7071])
    for step in range(steps):
        x, y = path[-1].T
        slope = np.column_stack(
            [
                terrain.height(x - reach, y) - terrain.height(x + reach, y),
                terrain.height(x, y - reach) - terrain.height(x, y + reach),
            ]
        )
        direction = coast + 12.0 * slope
        turn = 0.5 * np.sin(step / 4.0 + phase) + 0.25 * np.sin(step / 1.7 + 2 * phase)
        direction /= np.hypot(*direction.T)[:, None]
        bent = np.column_stack(
            [
                direction[:, 0] * np.cos(turn) - direction[:, 1] * np.sin(turn),
                direction[:, 0] * np.sin(turn) + direction[:, 1] * np.cos(turn),
            ]
        )
        path.append(path[-1] + _RIVER_STEP_M * bent)
    return np.stack(path, axis=1)


def _longest_line(geometry: shapely.Geometry) -> shapely.Geometry | None:
    lines = [part for part in shapely.get_parts(geometry) if part.geom_type == "LineString"]
    return max(lines, key=lambda line: line.length, default=None)
