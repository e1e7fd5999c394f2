"""Rasters resampled to a working grid in windows: the same whatever the windows, clean of undeclared nodata."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.warp import Resampling, reproject

from gisapp.errors import FileRefusedError
from gisapp.readers.raster import read_band
from gisapp.readers.raster_window import read_on_grid

UTM = Affine(100.0, 0.0, 430000.0, 0.0, -100.0, 410000.0)
CRS = "EPSG:32647"


@pytest.fixture
def tif(tmp_path):
    """Write a small GeoTIFF."""

    def write(values, *, transform=UTM, crs=CRS, nodata=None):
        path = tmp_path / "r.tif"
        with rasterio.open(
            path, "w", driver="GTiff", height=values.shape[0], width=values.shape[1], count=1, dtype=values.dtype,
            crs=crs, transform=transform, nodata=nodata,
        ) as target:  # fmt: skip
            target.write(values, 1)
        return path

    return write


def noise(rows=60, columns=70):
    return np.random.default_rng(7).uniform(0, 100, (rows, columns)).astype("float32")


def test_the_same_grid_gives_the_file_back(tif):
    path = tif(noise())
    found = read_on_grid(path, transform=UTM, crs=CRS, shape=(60, 70))
    np.testing.assert_array_equal(found, read_band(path).values)
    assert found.dtype == np.float32


@pytest.mark.parametrize("resampling", ["nearest", "mode", "average", "bilinear", "sum"])
@pytest.mark.parametrize("crs", [CRS, "EPSG:32648"])
def test_windows_of_any_size_give_the_same(tif, resampling, crs):
    path = tif(noise())
    with rasterio.open(path) as source:
        west, south, east, north = rasterio.warp.transform_bounds(source.crs, crs, *source.bounds)
    grid = {"transform": Affine(230.0, 0, west - 300, 0, -230.0, north + 300), "crs": crs}
    shape = (int((north - south) / 230) + 4, int((east - west) / 230) + 4)
    whole = read_on_grid(path, **grid, shape=shape, resampling=resampling)
    parts = read_on_grid(path, **grid, shape=shape, resampling=resampling, window_cells=600)
    near = 1e-7 if resampling in ("nearest", "mode") else 5e-3
    np.testing.assert_allclose(parts, whole, rtol=near)
    assert np.isnan(whole[0, 0])
    assert np.isfinite(whole).mean() > 0.5
    if resampling == "bilinear":
        return  # the warper guesses how far to smooth from the size of its arrays; here it is told
    direct = np.full(shape, np.nan, dtype=np.float32)
    reproject(
        noise(), direct, src_transform=UTM, src_crs=CRS, src_nodata=np.nan, dst_transform=grid["transform"],
        dst_crs=crs, dst_nodata=np.nan, resampling=Resampling[resampling], tolerance=0.0,
    )  # fmt: skip
    np.testing.assert_allclose(whole, direct, rtol=near)


def test_a_mean_of_four_cells_is_read_off(tif):
    path = tif(np.array([[1, 2, 9, 9], [3, 4, 9, 9]], dtype="float32"))
    coarse = Affine(200.0, 0, 430000.0, 0, -200.0, 410000.0)
    assert read_on_grid(path, transform=coarse, crs=CRS, shape=(1, 2), resampling="average").tolist() == [[2.5, 9]]
    assert read_on_grid(path, transform=coarse, crs=CRS, shape=(1, 2), resampling="sum").tolist() == [[10, 36]]


def test_undeclared_nodata_and_negative_people_spoil_no_mean(tif):
    path = tif(np.array([[1, -9999], [3, -5]], dtype="float32"))
    coarse = {"transform": Affine(200.0, 0, 430000.0, 0, -200.0, 410000.0), "crs": CRS, "shape": (1, 1)}
    found = read_on_grid(path, **coarse, resampling="average", kind="population")
    assert found.tolist() == [[2.0]]
    assert read_on_grid(path, **coarse, resampling="average").tolist() == [[pytest.approx(-1 / 3)]]


def test_a_south_up_file_and_a_part_beyond_it(tif):
    path = tif(np.array([[3, 4], [1, 2]], dtype="float32"), transform=Affine(100.0, 0, 430000.0, 0, 100.0, 409800.0))
    found = read_on_grid(path, transform=UTM, crs=CRS, shape=(3, 2))
    np.testing.assert_array_equal(found, [[1, 2], [3, 4], [np.nan, np.nan]])


def refused(path, code, **given):
    grid = {"transform": UTM, "crs": CRS, "shape": (3, 3), **given}
    with pytest.raises(FileRefusedError) as told:
        read_on_grid(path, **grid)
    assert told.value.code == code
    assert told.value.en != told.value.id


def test_what_cannot_be_resampled_is_refused_with_what_to_do(tif):
    path = tif(noise())
    refused(path, "raster_outside", transform=Affine(100.0, 0, 900000.0, 0, -100.0, 410000.0))
    refused(path, "resampling", resampling="cubic_magic")
    refused(path, "crs_unknown", crs="nonsense")
    refused(path, "raster_too_fine", transform=Affine(6000.0, 0, 430000.0, 0, -6000.0, 410000.0), window_cells=100)


def test_a_file_without_crs_needs_one(tif):
    path = tif(noise(), crs=None)
    refused(path, "crs_missing")
    found = read_on_grid(path, transform=UTM, crs=CRS, shape=(3, 3), source_crs=CRS)
    np.testing.assert_array_equal(found, noise()[:3, :3])


def test_what_is_no_geotiff_is_refused(tmp_path):
    path = tmp_path / "r.tif"
    path.write_text("not a raster", encoding="utf-8")
    refused(path, "format_mismatch")
