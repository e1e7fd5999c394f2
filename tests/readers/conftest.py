"""Small files made by hand, good and hostile."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import Point, box


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file outside the upload that no reader may show."""
    path = tmp_path / "secret.geojson"
    path.write_text(
        json.dumps(collection([feature({"type": "Point", "coordinates": [98, 4]}, nik="3301010101010001")]))
    )
    return path


@pytest.fixture
def two_squares() -> gpd.GeoDataFrame:
    """Two squares of 0.01 degrees near Stabat, with codes whose zeros matter."""
    return gpd.GeoDataFrame(
        {"kode": ["12.05.10.2001", "12.05.10.2010"], "nama": ["A", "B"]},
        geometry=[box(98.40, 3.70, 98.41, 3.71), box(98.41, 3.70, 98.42, 3.71)],
        crs="EPSG:4326",
    )


@pytest.fixture
def three_points() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"nama": ["a", "b", "c"]}, geometry=[Point(98.4, 3.7), Point(98.41, 3.7), Point(98.42, 3.71)], crs=4326
    )


def feature(geometry: dict | None, **properties: object) -> dict:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(features: list[dict], **extra: object) -> dict:
    return {"type": "FeatureCollection", "features": features, **extra}


@pytest.fixture
def geojson(tmp_path: Path):
    """Write geometries (or None) as a GeoJSON file."""

    def write(*geometries: dict | None, name: str = "layer.geojson", **extra: object) -> Path:
        path = tmp_path / name
        features = [feature(geometry, nomor=at) for at, geometry in enumerate(geometries)]
        path.write_text(json.dumps(collection(features, **extra)))
        return path

    return write


@pytest.fixture
def polygon_geojson(geojson):
    """Write rings as polygons."""

    def write(*rings: list[list[float]]) -> Path:
        return geojson(*({"type": "Polygon", "coordinates": [ring]} for ring in rings))

    return write


@pytest.fixture
def zipped(tmp_path: Path):
    """Write a zip of names and bytes."""

    def write(entries: dict[str, bytes], name: str = "layer.zip") -> Path:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for entry, data in entries.items():
                archive.writestr(entry, data)
        return path

    return write


@pytest.fixture
def shapefile(tmp_path: Path):
    """Write a frame as a shapefile and return its parts by ending."""

    def write(frame: gpd.GeoDataFrame) -> dict[str, bytes]:
        folder = tmp_path / "shp"
        folder.mkdir()
        frame.to_file(folder / "desa.shp", engine="pyogrio")
        return {path.suffix: path.read_bytes() for path in folder.iterdir()}

    return write


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch):
    """No reader may open a connection."""
    import socket

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a reader tried to reach the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
