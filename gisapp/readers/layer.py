"""A declared layer read by what its TOML says."""

from __future__ import annotations

import pandas as pd

from gisapp.catalog.spec import LayerSpec
from gisapp.errors import NotFoundError
from gisapp.readers.guard import identify
from gisapp.readers.points import POSITION, POSITIONS, position_of, read_points
from gisapp.readers.raster import RasterInfo, read_raster_info
from gisapp.readers.table import read_text_table
from gisapp.readers.vector import VectorRead, read_vector

_TABLES = ("csv", "xlsx")


def read_layer(spec: LayerSpec) -> VectorRead:
    """Read a boundary, facility or road layer in EPSG:4326; a facility layer has a ``position`` for every row."""
    path = spec.data_path
    if path is None or not path.is_file():
        raise missing_data(spec)
    if spec.role == "facility":
        if identify(path) in _TABLES:
            return read_points(path, crs=spec.crs, latitude=spec.latitude, longitude=spec.longitude)
        read = read_vector(path, crs=spec.crs)
        if POSITION not in read.frame or not read.frame[POSITION].isin(POSITIONS).all():
            read.frame[POSITION] = position_of(read.frame.geometry.representative_point())
        return read
    return read_vector(path, crs=spec.crs)


def read_layer_table(spec: LayerSpec) -> pd.DataFrame:
    """Read a table layer as text."""
    path = spec.data_path
    if path is None or not path.is_file():
        raise missing_data(spec)
    return read_text_table(path)


def read_layer_raster(spec: LayerSpec) -> RasterInfo:
    """Read the header of a raster layer."""
    path = spec.data_path
    if path is None or not path.is_file():
        raise missing_data(spec)
    return read_raster_info(path, kind=spec.kind, crs=spec.crs)


def missing_data(spec: LayerSpec) -> NotFoundError:
    """Make the error for a layer whose data file is not there."""
    return NotFoundError(
        f"Layer {spec.name}: the data file {spec.path} named in {spec.file} is not there. Add the layer again.",
        f"Lapisan {spec.name}: berkas data {spec.path} yang disebut di {spec.file} tidak ada. Tambahkan lagi.",
        code="layer_data_missing",
    )
