"""Rasters of the workspace as small web pictures: reprojected, at most ``LARGEST`` cells a side, values kept."""

from __future__ import annotations

import numpy as np
from affine import Affine
from rasterio.enums import Resampling
from rasterio.io import MemoryFile
from rasterio.transform import array_bounds
from rasterio.warp import reproject, transform_bounds

from gisapp.readers.raster import Band, read_band
from gisapp.workspace.folder import Workspace

LARGEST = 1000
WEB_CRS = "EPSG:3857"
#: Kinds whose cells are classes: never averaged.
CATEGORICAL = ("land_cover",)


def web_picture(band: Band, *, categorical: bool) -> bytes:
    """One band as a tiled GeoTIFF in EPSG:3857, float32, NaN where there is nothing."""
    height, width = band.values.shape
    west, south, east, north = transform_bounds(band.crs, WEB_CRS, *array_bounds(height, width, band.transform))
    # As many cells as the source has along its longer side: a picture shows no more than was measured.
    cell_m = max(east - west, north - south) / min(LARGEST, max(height, width))
    columns, rows = max(1, round((east - west) / cell_m)), max(1, round((north - south) / cell_m))
    transform = Affine((east - west) / columns, 0.0, west, 0.0, (south - north) / rows, north)
    picture = np.full((rows, columns), np.nan, dtype="float32")
    reproject(
        band.values, picture, src_transform=band.transform, src_crs=band.crs, src_nodata=np.nan,
        dst_transform=transform, dst_crs=WEB_CRS, dst_nodata=np.nan,
        resampling=Resampling.nearest if categorical else Resampling.bilinear,
    )  # fmt: skip
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff", width=columns, height=rows, count=1, dtype="float32", crs=WEB_CRS, nodata=np.nan,
            transform=transform, compress="deflate", tiled=True, blockxsize=256, blockysize=256,
        ) as target:  # fmt: skip
            target.write(picture, 1)
        return bytes(memory.read())


def web_pictures(workspace: Workspace) -> dict[str, bytes]:
    """Every raster layer of the workspace as a web picture, by layer name; big ones are read thinned."""
    found = {}
    for spec in workspace.catalog.rasters():
        path = spec.data_path
        if path is None:
            continue
        categorical = spec.kind in CATEGORICAL
        thinning = Resampling.nearest if categorical else Resampling.average
        band = read_band(path, kind=spec.kind, crs=spec.crs, max_cells=LARGEST * LARGEST * 2, resampling=thinning)
        found[spec.name] = web_picture(band, categorical=categorical)
    return found
