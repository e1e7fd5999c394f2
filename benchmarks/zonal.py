"""Mean, sum and count of a raster per polygon beside rasterstats: seconds and ratios, each the first call of a process.

"coverage" weighs each cell by the share of it that lies inside (exactextract), "centre" counts cells whole by their
centre, which is what rasterstats does; ``--check`` compares the two. Peers: dependency group ``bench``.

    python benchmarks/zonal.py [--side 3000] [--polygons 277,10000] [--repeats 5] [--peer-repeats 1] [--check]
"""

from __future__ import annotations

import argparse
import importlib.util

import geopandas as gpd
import numpy as np
import shapely
from affine import Affine
from fresh import repeated, report, seconds

STATISTICS = ["mean", "sum", "count"]


def district(side: int, polygons: int) -> tuple[np.ndarray, Affine, gpd.GeoDataFrame]:
    """Noise of side × side cells of 100 m, and Voronoi polygons over it whose edges are wiggled."""
    generator = np.random.default_rng(0)
    values = generator.uniform(0, 100, (side, side)).astype(np.float32)
    length = 100.0 * side
    places = shapely.points(generator.uniform(0, length, (polygons, 2)))
    frame = shapely.box(0, 0, length, length)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(places), extend_to=frame))
    cells = shapely.segmentize(shapely.intersection(cells, frame), length / polygons**0.5 / 20)
    return values, Affine(100, 0, 0, 0, -100, length), gpd.GeoDataFrame(geometry=cells, crs="EPSG:32647")


def ours(rule: str, side: int, polygons: int) -> None:
    from gisapp.analysis.zonal import zonal_statistics

    values, transform, areas = district(side, polygons)
    taken, _ = seconds(lambda: zonal_statistics(values, transform, areas, statistics=STATISTICS, rule=rule))
    report(taken)


def peer(_: str, side: int, polygons: int) -> None:
    from rasterstats import zonal_stats

    values, transform, areas = district(side, polygons)
    taken, _ = seconds(lambda: zonal_stats(areas.geometry, values, affine=transform, nodata=-9999, stats=STATISTICS))
    report(taken)


def check(side: int, polygons: int) -> None:
    import pandas as pd
    from rasterstats import zonal_stats

    from gisapp.analysis.zonal import zonal_statistics

    values, transform, areas = district(side, polygons)
    mine = zonal_statistics(values, transform, areas, statistics=STATISTICS, rule="centre")
    theirs = pd.DataFrame(zonal_stats(areas.geometry, values, affine=transform, nodata=-9999, stats=STATISTICS))
    cells = int((mine["count"] != theirs["count"]).sum())
    worst = float((mine["sum"] / theirs["sum"].astype(float) - 1).abs().max())
    print(f"{polygons:,} polygons: {cells} with another count, largest relative difference of a sum {worst:.1e}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side", type=int, default=3000)
    parser.add_argument("--polygons", default="277,10000")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--peer-repeats", type=int, default=1)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--one", nargs="+", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        call, rule, side, polygons = asked.one
        {"ours": ours, "peer": peer}[call](rule, int(side), int(polygons))
        return
    if importlib.util.find_spec("rasterstats") is None:
        raise SystemExit("rasterstats is absent: uv sync --group bench")
    print(f"{asked.side}² cells, median of {asked.repeats} processes ({asked.peer_repeats} of rasterstats)")
    print(f"{'polygons':>10}{'method':>14}{'seconds':>10}{'CPU s':>8}{'MB':>7}{'ratio':>8}")
    for polygons in map(int, asked.polygons.split(",")):
        if asked.check:
            check(asked.side, polygons)
            continue
        runs = {
            "rasterstats": repeated(__file__, "peer", "-", asked.side, polygons, repeats=asked.peer_repeats,
                                    warm=("peer", "-", 50, 5)),
            **{rule: repeated(__file__, "ours", rule, asked.side, polygons, repeats=asked.repeats,
                              warm=("ours", rule, 50, 5)) for rule in ("coverage", "centre")},
        }  # fmt: skip
        for name, run in runs.items():
            ratio = runs["rasterstats"]["cpu_s"] / run["cpu_s"]
            print(
                f"{polygons:>10,}{name:>14}{run['seconds']:>10.2f}{run['cpu_s']:>8.2f}{run['peak_mb']:>7.0f}"
                f"{ratio:>7.1f}×",
                flush=True,
            )


if __name__ == "__main__":
    main()
