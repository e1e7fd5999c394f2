"""A workspace, and the small district it may hold."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import box

from gisapp.workspace.add import AddReport, add_layer
from gisapp.workspace.folder import Workspace, init_workspace, open_workspace


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Root of a fresh workspace."""
    return init_workspace(tmp_path / "kabupaten").root


@pytest.fixture
def add(root: Path):
    """Add a file to the workspace, opened afresh each time."""

    def call(file: Path | str, **options: object) -> AddReport:
        return add_layer(open_workspace(root), file, **options)

    return call


@pytest.fixture
def reopen(root: Path):
    """Open the workspace as it is now."""

    def call() -> Workspace:
        return open_workspace(root)

    return call


def squares(codes: list[str], *, names: list[str] | None = None, side: float = 0.1) -> gpd.GeoDataFrame:
    """Squares in a row from 98.0° E, 3.5° N."""
    shapes = [box(98 + side * at, 3.5, 98 + side * (at + 1), 3.5 + side) for at in range(len(codes))]
    return gpd.GeoDataFrame({"kode": codes, "nama": names or codes}, geometry=shapes, crs=4326)


@pytest.fixture
def desa_file(tmp_path: Path) -> Path:
    """Four desa of two kecamatan."""
    path = tmp_path / "desa.geojson"
    codes = ["12.05.01.2001", "12.05.01.2010", "12.05.10.1001", "12.05.10.2002"]
    squares(codes, names=["Satu", "Dua", "Tiga", "Empat"]).to_file(path, engine="pyogrio")
    return path


@pytest.fixture
def desa(add, desa_file: Path) -> AddReport:
    """The four desa added."""
    return add(desa_file, role="boundary", name="desa", level="desa", key="kode")


@pytest.fixture
def csv(tmp_path: Path):
    """Write a text file."""

    def write(text: str, name: str = "file.csv") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def snapshot_of(root: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes, but for the database and the lock."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.name.startswith(("gisapp.sqlite", ".lock"))
    }


@pytest.fixture
def unchanged(root: Path):
    """Compare the workspace with what it was when the test began."""
    before = snapshot_of(root)
    return lambda: snapshot_of(root) == before
