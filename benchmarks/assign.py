"""Which area holds each point: gisapp beside geopandas, duckdb spatial and sedonadb, as ratios; ``--exact`` with GEOS.

Every time is the first call in a new process: the preparation of the areas and the loading of compiled code count, the
reading of files does not. "from a frame": the points are geometries already; otherwise they are two columns of numbers.

    python benchmarks/assign.py AREAS.parquet [--key kode] [--points 1000000] [--only gisapp,duckdb] [--repeats 5]
    python benchmarks/assign.py AREAS.parquet --exact [--points 1000000]

``--exact`` counts answers that differ from those of GEOS, for random points and for points on, and one unit in the last
place beside, edges. Peers: dependency group ``bench``.
"""

from __future__ import annotations

import argparse
import importlib.util
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from fresh import repeated, report, seconds

PEERS = {
    "gisapp": "gisapp",
    "geopandas": "geopandas",
    "duckdb": "duckdb_extensions",
    "sedonadb": "sedonadb",
    "gisapp from a frame": "gisapp",
    "geopandas from a frame": "geopandas",
}


def repaired(path: Path, key: str) -> gpd.GeoDataFrame:
    """Valid polygons and their keys; of a repaired shape only the polygons stay."""
    areas = gpd.read_parquet(path)[[key, "geometry"]]
    shapes = np.asarray(areas.geometry.array).copy()
    wrong = ~shapely.is_valid(shapes)
    shapes[wrong] = shapely.make_valid(shapes[wrong], method="structure", keep_collapsed=False)
    for row in np.flatnonzero(shapely.get_type_id(shapes) == 7):
        shapes[row] = shapely.union_all([part for part in shapely.get_parts(shapes[row]) if part.area > 0])
    return areas.set_geometry(gpd.GeoSeries(shapes, index=areas.index, crs=areas.crs))


def random_points(areas: gpd.GeoDataFrame, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Points in the boxes of areas that are drawn by the area of their box; most lie in some area, not all."""
    generator = np.random.default_rng(seed)
    box = areas.bounds.to_numpy()
    size = (box[:, 2] - box[:, 0]) * (box[:, 3] - box[:, 1])
    box = box[generator.choice(len(box), count, p=np.nan_to_num(size) / np.nansum(size))]
    return generator.uniform(box[:, 0], box[:, 2]), generator.uniform(box[:, 1], box[:, 3])


def edge_points(areas: gpd.GeoDataFrame, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Points on edges, a fifth of them on vertices; each coordinate is kept or moved by one unit in the last place."""
    generator = np.random.default_rng(seed)
    rings = shapely.get_rings(shapely.get_parts(np.asarray(areas.geometry.array)))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    begin = generator.choice(np.flatnonzero(ring[:-1] == ring[1:]), count)
    share = np.where(generator.random(count) < 0.2, 0.0, generator.random(count))[:, None]
    placed = xy[begin] + share * (xy[begin + 1] - xy[begin])
    toward = generator.choice([-np.inf, 0.0, np.inf], placed.shape)
    placed = np.where(toward == 0, placed, np.nextafter(placed, toward))
    return placed[:, 0].copy(), placed[:, 1].copy()


def gisapp(areas: gpd.GeoDataFrame, x: np.ndarray, y: np.ndarray, key: str) -> Any:
    from gisapp.analysis.assign import index_areas, locate_area

    def call() -> int:
        index = index_areas(areas, key=key)
        codes = index.keys.array.take(locate_area(x, y, index), allow_fill=True)
        return int((~codes.isna()).sum())

    return seconds(call)


def gisapp_frame(areas: gpd.GeoDataFrame, x: np.ndarray, y: np.ndarray, key: str) -> Any:
    from gisapp.analysis.assign import assign_area

    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y, crs=areas.crs))
    return seconds(lambda: int(assign_area(points, areas, key=key).notna().sum()))


def geopandas(areas: gpd.GeoDataFrame, x: np.ndarray, y: np.ndarray, key: str) -> Any:  # noqa: ARG001 — same form
    def call() -> int:
        points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y, crs=areas.crs))
        return gpd.sjoin(points, areas, predicate="intersects").index.nunique()

    return seconds(call)


def geopandas_frame(areas: gpd.GeoDataFrame, x: np.ndarray, y: np.ndarray, key: str) -> Any:  # noqa: ARG001 — same form
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y, crs=areas.crs))
    return seconds(lambda: gpd.sjoin(points, areas, predicate="intersects").index.nunique())


def duckdb(areas: gpd.GeoDataFrame, x: np.ndarray, y: np.ndarray, key: str) -> Any:
    import duckdb as duck
    import pyarrow as pa
    from duckdb_extensions import import_extension

    import_extension("spatial")
    points = pa.table({"id": np.arange(len(x), dtype=np.int32), "x": x, "y": y})
    shapes = pa.table({"code": areas[key].to_numpy(), "wkb": areas.geometry.to_wkb().to_numpy()})
    inner = "(SELECT code, ST_GeomFromWKB(wkb) g FROM shapes) a"

    def call() -> int:
        with duck.connect() as database:
            database.execute("LOAD spatial")
            database.register("points", points)
            database.register("shapes", shapes)
            sql = f"SELECT p.id, a.code FROM points p JOIN {inner} ON ST_Intersects(a.g, ST_Point(p.x, p.y))"
            return len(np.unique(database.execute(sql).fetch_arrow_table()["id"].to_numpy()))

    return seconds(call)


def sedonadb(areas: gpd.GeoDataFrame, x: np.ndarray, y: np.ndarray, key: str) -> Any:
    import pyarrow as pa
    import sedonadb as sedona

    points = pa.table({"id": np.arange(len(x), dtype=np.int32), "x": x, "y": y})
    place = f"ST_SetSRID(ST_Point(p.x, p.y), {areas.crs.to_epsg()})"

    def call() -> int:
        database = sedona.connect()
        database.create_data_frame(points).to_view("p")
        database.create_data_frame(areas[[key, "geometry"]]).to_view("a")
        found = database.sql(f"SELECT p.id, a.{key} AS code FROM p JOIN a ON ST_Intersects(a.geometry, {place})")
        return len(np.unique(pa.table(found)["id"].to_numpy()))

    return seconds(call)


CALLS = {
    "gisapp": gisapp,
    "geopandas": geopandas,
    "duckdb": duckdb,
    "sedonadb": sedonadb,
    "gisapp from a frame": gisapp_frame,
    "geopandas from a frame": geopandas_frame,
}


def one(name: str, path: Path, key: str, count: int) -> None:
    """Time one call in this process."""
    areas = repaired(path, key)
    taken, placed = CALLS[name](areas, *random_points(areas, count, 1), key)
    report({**taken, "placed": placed})


def exact(path: Path, key: str, count: int) -> None:
    """Count answers that differ from the lowest row that GEOS says meets the point."""
    from gisapp.analysis.polygons.point_location import locate, prepare_polygons

    areas = repaired(path, key)
    shapes = np.asarray(areas.geometry.array)
    index = prepare_polygons(shapes)
    for name, draw in (("random", random_points), ("on and beside edges", edge_points)):
        x, y = draw(areas, count, 2)
        mine = locate(x, y, index)
        row, hit = shapely.STRtree(shapely.points(x, y)).query(shapes, predicate="intersects")
        lowest = np.full(count, len(shapes))
        np.minimum.at(lowest, hit, row)
        wrong = int((np.where(lowest == len(shapes), -1, lowest) != mine).sum())
        print(f"{count:,} points {name}: {(mine >= 0).sum():,} in an area, {wrong} answered differently from GEOS")


def compared(asked: argparse.Namespace) -> None:
    """Print one line per implementation."""
    names = asked.only.split(",") if asked.only else list(PEERS)
    print(f"{asked.points:,} points × {len(gpd.read_parquet(asked.areas)):,} areas, median of {asked.repeats}")
    print(f"{'':24}{'seconds':>9}{'× gisapp':>10}{'CPU s':>8}{'peak MB':>9}{'placed':>12}")
    base: dict[bool, float] = {}
    for name in names:
        if importlib.util.find_spec(PEERS[name]) is None:
            print(f"{name:24} is not installed: `uv sync --group bench`")
            continue
        taken = repeated(__file__, name, asked.areas, asked.key, asked.points, repeats=asked.repeats)
        ratio = taken["seconds"] / base.setdefault("frame" in name, taken["seconds"])
        shown = f"{ratio:9.1f}×" if "gisapp" in names or "frame" in name else f"{'':10}"
        line = f"{name:24}{taken['seconds']:9.2f}{shown}{taken['cpu_s']:8.2f}{taken['peak_mb']:9,.0f}"
        print(f"{line}{taken['placed']:12,.0f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("areas", type=Path, nargs="?")
    parser.add_argument("--key", default="kode")
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--only", help=", ".join(PEERS))
    parser.add_argument("--exact", action="store_true")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        one(asked.one[0], Path(asked.one[1]), asked.one[2], int(asked.one[3]))
    elif asked.areas is None:
        parser.error("AREAS.parquet is missing")
    elif asked.exact:
        exact(asked.areas, asked.key, asked.points)
    else:
        compared(asked)


if __name__ == "__main__":
    main()
