"""GeoTIFF opened by its own driver only, judged by its header before a pixel is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.windows import Window

from gisapp.errors import Problem
from gisapp.readers.crs import crs_name, parse_crs
from gisapp.readers.guard import identify, refuse

#: Uncompressed bytes that a raster may hold; a district at 10 m is far below.
MOST_BYTES = 4_000_000_000
_MOST_BANDS = 64
_MOST_BLOCKS = 2_000_000
_ROWS_AT_ONCE = 512
#: Values that stand for "no data" in files that forgot to say so.
_USUAL_NODATA = (-9999.0, -32768.0, -99999.0, -3.4028234663852886e38)


@dataclass(frozen=True)
class RasterInfo:
    """The header of a raster: CRS name, size in cells, affine transform, declared nodata, and problems."""

    crs: str
    width: int
    height: int
    count: int
    dtype: str
    transform: Affine
    nodata: float | None
    bounds: tuple[float, float, float, float]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Band:
    """One band: ``values`` float32 (rows from north to south, NaN where there is no data), transform, CRS name."""

    values: np.ndarray
    transform: Affine
    crs: str


@contextmanager
def open_raster(path: Path | str) -> Iterator[Any]:
    """Open a GeoTIFF with the GTiff driver; refuse what is none, and headers that promise too much.

    Raises
    ------
    FileRefusedError : code ``format_mismatch``, ``raster_too_large``, ``raster_rotated``, ``damaged``.
    """
    found = Path(path)
    if identify(found) != "tiff":
        raise refuse(
            f"{found}: a raster must be a GeoTIFF (.tif).",
            f"{found}: raster harus GeoTIFF (.tif).",
            code="format_unknown",
        )
    try:
        with rasterio.open(found, driver="GTiff") as source:
            _check_header(found, source)
            yield source
    except RasterioError as error:
        reason = str(error).splitlines()[0][:200]
        raise refuse(
            f"{found}: the raster is damaged: {reason}", f"{found}: raster rusak: {reason}", code="damaged"
        ) from error


def read_raster_info(path: Path | str, *, kind: str | None = None, crs: str | None = None) -> RasterInfo:
    """Read the header, and scan the first band for undeclared nodata and (kind population) negative cells.

    Raises
    ------
    FileRefusedError : also code ``crs_missing`` where neither the file nor ``crs`` tells the coordinate system.
    """
    with open_raster(path) as source:
        name = named_crs(Path(path), source, crs)
        problems = [*_nodata_problems(source, kind)]
        if source.count > 1:
            problems.append(
                _problem(
                    "bands_ignored",
                    "info",
                    source.count - 1,
                    "Only the first band is used.",
                    "Hanya pita pertama yang dipakai.",
                )
            )
        return RasterInfo(
            name,
            source.width,
            source.height,
            source.count,
            source.dtypes[0],
            source.transform,
            source.nodata,
            tuple(source.bounds),
            tuple(problems),
        )


def read_band(
    path: Path | str,
    *,
    kind: str | None = None,
    crs: str | None = None,
    bounds: tuple[float, float, float, float] | None = None,
    max_cells: int = 100_000_000,
    resampling: Resampling = Resampling.nearest,
) -> Band:
    """Read the first band, or the part of it inside ``bounds`` (in the raster's own CRS), thinned to ``max_cells``.

    Undeclared nodata (-9999 and its like) and, for kind population, negative cells become NaN.
    A south-up raster is turned.
    """
    with open_raster(path) as source:
        name = named_crs(Path(path), source, crs)
        window = window_of(source, bounds)
        height, width = _shape(window, max_cells)
        values = source.read(1, window=window, out_shape=(height, width), resampling=resampling).astype("float32")
        mask = source.read_masks(1, window=window, out_shape=(height, width)) == 0
        transform = _thinned(source.transform, window, height, width)
        nodata = source.nodata
    values[mask | ~valid_cells(values, nodata, kind)] = np.nan
    if transform.e > 0:
        values = values[::-1].copy()
        transform = Affine(transform.a, 0.0, transform.c, 0.0, -transform.e, transform.f + height * transform.e)
    return Band(values, transform, name)


def _check_header(path: Path, source: Any) -> None:
    item = np.dtype(source.dtypes[0]).itemsize if not source.dtypes[0].startswith("complex_int") else 8
    size = source.width * source.height * source.count * item
    rows, columns = source.block_shapes[0]
    blocks = -(-source.height // max(rows, 1)) * -(-source.width // max(columns, 1)) * source.count
    if size > MOST_BYTES or source.count > _MOST_BANDS or blocks > _MOST_BLOCKS:
        raise refuse(
            f"{path}: the raster unpacks to {size / 1e9:.1f} GB ({source.count} bands). Cut it to the district.",
            f"{path}: raster menjadi {size / 1e9:.1f} GB ({source.count} pita). Potong sesuai kabupaten.",
            code="raster_too_large",
        )
    cell = source.transform
    if cell.b or cell.d:
        raise refuse(
            f"{path}: the raster is rotated. Warp it to north-up first (gdalwarp).",
            f"{path}: raster terputar. Tegakkan dulu ke utara (gdalwarp).",
            code="raster_rotated",
        )
    if not (abs(cell.a) > 1e-9 and abs(cell.e) > 1e-9 and np.isfinite([*cell]).all()):
        raise refuse(
            f"{path}: the raster has no cell size.", f"{path}: raster tanpa ukuran sel.", code="raster_cell_size"
        )


def named_crs(path: Path, source: Any, crs: str | None) -> str:
    """Name of the CRS of an open raster, or the one given; refuses a raster without any."""
    if crs is not None:
        return crs_name(parse_crs(crs))
    if source.crs is None:
        raise refuse(
            f"{path}: the raster does not say its coordinate system. Say which, as in --crs EPSG:32647.",
            f"{path}: raster tidak menyebut sistem koordinat. Sebutkan dengan --crs, misalnya --crs EPSG:32647.",
            code="crs_missing",
        )
    code = source.crs.to_epsg()
    return f"EPSG:{code}" if code else str(source.crs.to_wkt())


def window_of(source: Any, bounds: tuple[float, float, float, float] | None) -> Window:
    """Cells of an open raster within bounds in its own CRS; refuses (``raster_outside``) where there are none."""
    whole = Window(0, 0, source.width, source.height)
    if bounds is None:
        return whole
    cell = source.transform
    left, right = sorted((x - cell.c) / cell.a for x in (bounds[0], bounds[2]))
    top, bottom = sorted((y - cell.f) / cell.e for y in (bounds[1], bounds[3]))
    left, top = max(0, int(np.floor(left))), max(0, int(np.floor(top)))
    right, bottom = min(source.width, int(np.ceil(right))), min(source.height, int(np.ceil(bottom)))
    if right <= left or bottom <= top:
        raise refuse(
            f"{source.name}: the raster does not cover the district.",
            f"{source.name}: raster tidak mencakup kabupaten.",
            code="raster_outside",
        )
    return Window(left, top, right - left, bottom - top)


def _thinned(cell: Affine, window: Window, height: int, width: int) -> Affine:
    """Transform of a window read at another size (the raster is not rotated)."""
    left = cell.c + window.col_off * cell.a
    top = cell.f + window.row_off * cell.e
    return Affine(cell.a * window.width / width, 0.0, left, 0.0, cell.e * window.height / height, top)


def _shape(window: Window, max_cells: int) -> tuple[int, int]:
    factor = max(1.0, (window.width * window.height / max_cells) ** 0.5)
    return max(1, int(window.height / factor)), max(1, int(window.width / factor))


def valid_cells(values: np.ndarray, nodata: float | None, kind: str | None) -> np.ndarray:
    """Whether cells hold a value: finite, not undeclared nodata, and for kind population not negative."""
    valid: np.ndarray = np.isfinite(values)
    if nodata is None:
        valid &= ~np.isin(values, np.array(_USUAL_NODATA, dtype="float32"))
    if kind == "population":
        valid &= ~(values < 0)
    return valid


def _nodata_problems(source: Any, kind: str | None) -> list[Problem]:
    undeclared = negative = 0
    usual = np.array(_USUAL_NODATA, dtype="float32")
    for start in range(0, source.height, _ROWS_AT_ONCE):
        window = Window(0, start, source.width, min(_ROWS_AT_ONCE, source.height - start))
        values = source.read(1, window=window).astype("float32")
        present = source.read_masks(1, window=window) > 0
        looks = np.isin(values, usual) & present if source.nodata is None else np.zeros_like(present)
        undeclared += int(looks.sum())
        if kind == "population":
            negative += int(((values < 0) & present & ~looks).sum())
    problems = []
    if undeclared:
        problems.append(
            _problem(
                "nodata_undeclared",
                "warning",
                undeclared,
                "Cells of -9999 or the like, but no nodata value is declared; read as no data.",
                "Sel bernilai -9999 atau sejenisnya, tetapi nodata tidak dinyatakan; dibaca sebagai tanpa data.",
            )
        )
    if negative:
        problems.append(
            _problem(
                "negative_cells",
                "warning",
                negative,
                "Cells with fewer than 0 persons; read as no data.",
                "Sel dengan penduduk di bawah 0; dibaca sebagai tanpa data.",
            )
        )
    return problems


def _problem(code: str, severity: Any, count: int, en: str, id: str) -> Problem:
    return Problem(code=code, severity=severity, count=count, detail=en, detail_id=id)
