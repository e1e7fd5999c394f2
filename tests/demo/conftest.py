from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from gisapp.demo.district import make_district
from gisapp.demo.files import DemoFiles


@dataclass(frozen=True)
class Made:
    """A district that was written once for many tests."""

    files: DemoFiles
    folder: Path

    def layer(self, name: str) -> gpd.GeoDataFrame:
        return gpd.read_file(self.folder / f"{name}.geojson")

    def table(self, name: str) -> pd.DataFrame:
        return pd.read_csv(self.folder / f"{name}.csv", dtype=str, keep_default_na=False)

    def families(self, period: str = "2025") -> pd.DataFrame:
        return pd.read_csv(self.files.registry[period], dtype=str, keep_default_na=False)


def _made(folder: Path, **how: object) -> Made:
    return Made(make_district(folder, **how), folder)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def langkat(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return _made(tmp_path_factory.mktemp("langkat"), seed=42)


@pytest.fixture(scope="session")
def labuhanbatu_selatan(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return _made(tmp_path_factory.mktemp("labusel"), seed=7, profile="labuhanbatu_selatan")


@pytest.fixture(scope="session")
def grid() -> gpd.GeoDataFrame:
    """Nine squares of 0.05 degrees, three by three, numbered row by row from the south-west."""
    squares = [shapely.box(100 + x, 1 + y, 100.05 + x, 1.05 + y) for y in (0, 0.05, 0.1) for x in (0, 0.05, 0.1)]
    columns = {"code": [f"12.99.01.200{n}" for n in range(1, 10)], "name": [f"Petak {n}" for n in range(1, 10)]}
    return gpd.GeoDataFrame(columns, geometry=squares, crs="EPSG:4326")


@pytest.fixture(scope="session")
def on_grid(tmp_path_factory: pytest.TempPathFactory, grid: gpd.GeoDataFrame) -> Made:
    return _made(tmp_path_factory.mktemp("grid"), seed=3, households=500, boundaries=grid)


@pytest.fixture(scope="session")
def grid_pairs() -> Callable[[int], np.ndarray]:
    """Queen neighbours of a square grid of the given side, as pairs of positions."""

    def pairs(side: int) -> np.ndarray:
        row, column = np.divmod(np.arange(side * side), side)
        return np.argwhere(np.maximum(abs(row[:, None] - row), abs(column[:, None] - column)) == 1)

    return pairs
