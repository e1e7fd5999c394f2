"""GeoTIFF: judged by its header, its nodata told, its rows from north to south."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from affine import Affine

from gisapp.errors import FileRefusedError
from gisapp.readers.raster import read_band, read_raster_info

UTM = Affine(100.0, 0.0, 430000.0, 0.0, -100.0, 410000.0)


@pytest.fixture
def tif(tmp_path):
    """Write a small GeoTIFF."""

    def write(values, *, transform=UTM, crs="EPSG:32647", nodata=None, **options):
        path = tmp_path / "r.tif"
        values = np.atleast_3d(values) if values.ndim == 3 else values[np.newaxis]
        with rasterio.open(
            path, "w", driver="GTiff", height=values.shape[1], width=values.shape[2], count=values.shape[0],
            dtype=values.dtype, crs=crs, transform=transform, nodata=nodata, **options,
        ) as target:  # fmt: skip
            target.write(values)
        return path

    return write


def grid(*rows, dtype="float32"):
    return np.array(rows, dtype=dtype)


def refused(path, code, **options):
    with pytest.raises(FileRefusedError) as caught:
        read_raster_info(path, **options)
    assert caught.value.code == code


def test_header_and_values(tif):
    path = tif(grid([1, 2], [3, 4]), nodata=-1)
    info = read_raster_info(path)
    assert (info.crs, info.width, info.height, info.nodata, info.problems) == ("EPSG:32647", 2, 2, -1, ())
    band = read_band(path)
    assert band.values.tolist() == [[1, 2], [3, 4]]
    assert band.transform == UTM


def test_undeclared_nodata_and_negative_persons_are_told_and_read_as_none(tif):
    path = tif(grid([1, -9999], [-3, 4]))
    problems = {problem.code: problem.count for problem in read_raster_info(path, kind="population").problems}
    assert problems == {"nodata_undeclared": 1, "negative_cells": 1}
    assert np.isnan(read_band(path, kind="population").values).tolist() == [[False, True], [True, False]]
    assert {problem.code for problem in read_raster_info(path, kind="elevation").problems} == {"nodata_undeclared"}
    assert read_band(path, kind="elevation").values[1, 0] == -3


def test_a_south_up_raster_is_turned(tif):
    path = tif(grid([3, 4], [1, 2]), transform=Affine(100.0, 0.0, 430000.0, 0.0, 100.0, 409800.0))
    band = read_band(path)
    assert band.values.tolist() == [[1, 2], [3, 4]]
    assert band.transform == UTM


def test_bounds_cut_a_window(tif):
    path = tif(np.arange(100, dtype="float32").reshape(10, 10))
    band = read_band(path, bounds=(430200.0, 409500.0, 430400.0, 409700.0))
    assert band.values.tolist() == [[32, 33], [42, 43]]
    assert (band.transform.c, band.transform.f) == (430200.0, 409700.0)
    with pytest.raises(FileRefusedError, match="does not cover"):
        read_band(path, bounds=(0.0, 0.0, 10.0, 10.0))


def test_a_large_raster_is_thinned_on_request(tif):
    band = read_band(tif(np.ones((100, 100), dtype="float32")), max_cells=100)
    assert band.values.shape == (10, 10)
    assert band.transform.a == 1000.0


def test_a_sparse_giant_is_refused_by_its_header(tif, tmp_path):
    path = tmp_path / "giant.tif"
    with rasterio.open(path, "w", driver="GTiff", height=200_000, width=200_000, count=1, dtype="uint8", crs="EPSG:32647", transform=UTM, sparse_ok=True, tiled=True, blockxsize=4096, blockysize=4096, bigtiff="yes"):  # fmt: skip  # noqa: E501
        pass
    refused(path, "raster_too_large")


def test_too_many_bands_are_refused_and_a_second_band_is_told(tif):
    refused(tif(np.zeros((65, 2, 2), dtype="uint8")), "raster_too_large")
    assert [p.code for p in read_raster_info(tif(np.zeros((2, 2, 2), dtype="uint8"))).problems] == ["bands_ignored"]


def test_rotation_and_a_missing_crs_are_refused_with_what_to_do(tif):
    refused(tif(grid([1, 2], [3, 4]), transform=Affine(100.0, 10.0, 0.0, 10.0, -100.0, 0.0)), "raster_rotated")
    path = tif(grid([1, 2], [3, 4]), crs=None)
    refused(path, "crs_missing")
    assert read_raster_info(path, crs="EPSG:32647").crs == "EPSG:32647"


def test_a_cut_off_geotiff_is_a_clean_error(tif):
    path = tif(np.random.default_rng(1).random((200, 200)))
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(FileRefusedError):
        read_raster_info(path)
