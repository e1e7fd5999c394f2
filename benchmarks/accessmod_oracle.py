"""Travel times of the AccessMod demo by scikit-image alone: what tests/analysis/test_accessmod_demo.py must equal.

Nothing of gisapp is used: the demo's rasters and lines are read and drawn here, costs are those of
skimage.graph.MCP_Geometric. Without slope; roads lie over rivers, rivers and restricted zones are barriers.

    python benchmarks/accessmod_oracle.py FOLDER
"""

from __future__ import annotations

import argparse
from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
from rasterio.features import rasterize
from skimage.graph import MCP_Geometric

#: km/h by class of the demo's table_model.xlsx.
SPEED = {1: 2, 2: 15, 3: 2, 4: 3, 5: 4, 6: 4, 1001: 80, 1002: 80, 1003: 60, 1004: 12, 1005: 10}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    with rasterio.open(folder / "land_cover.tif") as raster:
        cover, transform, shape = raster.read(1), raster.transform, raster.shape
    with rasterio.open(folder / "population.tif") as raster:
        people = np.where(raster.read(1) == raster.nodata, 0, raster.read(1)).astype(float)

    def drawn(name: str) -> np.ndarray:
        shapes = gpd.read_file(folder / name).geometry
        return rasterize(shapes, out_shape=shape, transform=transform, all_touched=True).astype(bool)

    speed = np.zeros(shape)
    for code in range(1, 7):
        speed[cover == code] = SPEED[code]
    speed[drawn("barrier_river.gpkg")] = 0
    roads = gpd.read_file(folder / "road.gpkg")
    for code in sorted(roads["class"].unique(), key=lambda code: SPEED[code]):
        lines = roads.geometry[roads["class"] == code]
        speed[rasterize(lines, out_shape=shape, transform=transform, all_touched=True).astype(bool)] = SPEED[code]
    speed[drawn("barrier_restricted.gpkg")] = 0
    metres = np.sqrt(transform.a * -transform.e)
    cost = np.divide(metres * 60 / 1000, speed, out=np.full(shape, np.inf), where=speed > 0)
    places = gpd.read_file(folder / "health_facilities.gpkg").geometry
    rows, columns = rasterio.transform.rowcol(transform, places.x, places.y)
    minutes, _ = MCP_Geometric(cost).find_costs(list(zip(rows, columns, strict=True)))
    # A start on a barrier keeps its 0 minutes there, but leads nowhere.
    reached = np.isfinite(minutes) & np.isfinite(cost)
    total = people.sum()
    print(f"cells to cross {np.isfinite(cost).sum()}, reached {reached.sum()}")
    print(f"people {total:.0f}, reached {people[reached].sum():.0f}")
    weighted = (people * np.where(reached, minutes, 0)).sum()
    print(f"minutes of all cells {minutes[reached].sum():.6f}, of all people {weighted:.6f}")
    for limit in (5, 30, 60):
        print(f"share of people within {limit} minutes {people[reached & (minutes <= limit)].sum() / total:.9f}")


if __name__ == "__main__":
    main()
