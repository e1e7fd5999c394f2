"""Rasters of the workspace as small web pictures: reprojected, at most ``LARGEST`` pixels a side, values kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import rasterio
from rasterio.enums import Resampling
from rasterio.io import MemoryFile
from rasterio.vrt import WarpedVRT

from gisapp.workspace import layers
from gisapp.workspace.folder import Workspace

LARGEST = 1000
WEB_CRS = "EPSG:3857"


def _scale(width: int, height: int) -> float:
    return min(1.0, LARGEST / max(width, height))


def web_raster(path: Path, *, categorical: bool, nodata: float | None) -> bytes:
    """One band of a raster as GeoTIFF bytes in EPSG:3857; NaN or the declared value where there is nothing.

    Read through GDAL's decimated windows, so that memory follows the picture and not the file.
    """
    method = Resampling.nearest if categorical else Resampling.average
    with (
        rasterio.open(path, driver="GTiff") as source,
        WarpedVRT(source, crs=WEB_CRS, resampling=method, src_nodata=nodata, nodata=nodata) as warped,
    ):
        scale = _scale(warped.width, warped.height)
        shape = (max(1, round(warped.height * scale)), max(1, round(warped.width * scale)))
        values = warped.read(1, out_shape=shape, resampling=method, masked=True)
        bounds, kept = warped.bounds, warped.nodata
    transform = rasterio.transform.from_bounds(*bounds, width=shape[1], height=shape[0])
    if categorical:
        kept = 0 if kept is None else kept
        picture = values.filled(kept)
    else:
        kept = np.nan
        picture = values.astype("float32").filled(np.nan)
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff", width=shape[1], height=shape[0], count=1, dtype=picture.dtype, crs=WEB_CRS,
            transform=transform, nodata=kept, compress="deflate", tiled=True, blockxsize=256, blockysize=256,
        ) as target:  # fmt: skip
            target.write(picture, 1)
        return bytes(memory.read())


def web_rasters(workspace: Workspace) -> dict[str, bytes]:
    """Every raster layer of the workspace as a web picture, by layer name."""
    return {
        spec.name: web_raster(path, categorical=spec.kind == "land_cover", nodata=nodata)
        for spec, path, nodata in layers.list_rasters(workspace)
    }
