"""Part of a GeoTIFF resampled to a working grid, read in windows: memory stays bounded however large the file is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from affine import Affine
from rasterio.crs import CRS
from rasterio.enums import Resampling
from rasterio.errors import CRSError
from rasterio.transform import array_bounds
from rasterio.warp import reproject, transform_bounds
from rasterio.windows import Window

from gisapp.readers.guard import refuse
from gisapp.readers.raster import named_crs, open_raster, valid_cells

#: Cells of the file that are held at a time: with their mask and copies below 300 MB.
WINDOW_CELLS = 16_000_000
_RESAMPLINGS = ("nearest", "mode", "average", "bilinear", "sum", "max", "min")


class _Target(NamedTuple):
    """The working grid, the CRS of the file as told or given, and how much of the file is held at a time."""

    transform: Affine
    crs: CRS
    source_crs: CRS
    resampling: Resampling
    window_cells: int
    scale: tuple[float, float]
    """Cells of the grid per cell of the file, across and down: told to the warper, which guesses it per window."""


def read_on_grid(
    path: Path | str,
    *,
    transform: Affine,
    crs: str,
    shape: tuple[int, int],
    resampling: str = "nearest",
    kind: str | None = None,
    source_crs: str | None = None,
    window_cells: int = WINDOW_CELLS,
) -> np.ndarray:
    """Read the first band resampled to a grid: float32, NaN where there is no data or the file does not reach.

    Undeclared nodata (-9999 and its like) and, for kind population, negative cells are taken out before resampling, so
    that no mean is spoilt by them. Windows overlap: classes do not depend on their size, means and sums only by what
    the warper rounds places to (an eighth of a cell of the file).

    Parameters
    ----------
    transform, crs, shape
        The working grid: affine transform of its cells, CRS, rows and columns.
    resampling
        ``nearest`` or ``mode`` for classes, ``average`` or ``bilinear`` for heights, ``sum`` for people.
    source_crs
        CRS of the file where it tells none.
    window_cells
        Cells of the file that are held at a time.

    Raises
    ------
    FileRefusedError
        All of ``open_raster``; ``crs_missing``; ``raster_outside`` where the file covers no cell; ``raster_too_fine``
        where a single cell of the grid needs more than ``window_cells``; ``resampling`` and ``crs_unknown``.
    """
    if resampling not in _RESAMPLINGS:
        raise refuse(
            f"resampling {resampling!r} is unknown: choose from {', '.join(_RESAMPLINGS)}.",
            f"resampling {resampling!r} tidak dikenal: pilih dari {', '.join(_RESAMPLINGS)}.",
            code="resampling",
        )
    found = np.full(shape, np.nan, dtype=np.float32)
    with open_raster(path) as source:
        source_name = named_crs(Path(path), source, source_crs)
        whole = Window(0, 0, shape[1], shape[0])
        target = _Target(transform, _crs(crs), _crs(source_name), Resampling[resampling], window_cells, (1.0, 1.0))
        left, right, top, bottom = _extent(source, target, whole)
        target = target._replace(scale=(shape[1] / (right - left), shape[0] / (bottom - top)))
        covered = False
        for part, window in _parts(source, target, whole, Path(path)):
            covered = True
            _fill(found, part, source, window, target, kind)
    if not covered:
        raise refuse(
            f"{path}: the raster does not cover the working grid.",
            f"{path}: raster tidak mencakup kisi kerja.",
            code="raster_outside",
        )
    return found


def _crs(name: str) -> CRS:
    try:
        return CRS.from_user_input(name)
    except CRSError as error:
        raise refuse(
            f"{name!r} is no coordinate reference system.", f"{name!r} bukan sistem koordinat.", code="crs_unknown"
        ) from error


def _parts(source: Any, target: _Target, part: Window, path: Path) -> Iterator[tuple[Window, Window]]:
    """Parts of the grid with the window of the file each needs, halved until the window fits the bound."""
    window = _window(source, target, part)
    if window is None:
        return
    if window.width * window.height <= target.window_cells:
        yield part, window
        return
    if part.width * part.height == 1:
        raise refuse(
            f"{path}: one cell of the working grid holds {int(window.width * window.height):,} cells of the raster. "
            "Thin the raster first, or choose smaller cells.",
            f"{path}: satu sel kisi kerja memuat {int(window.width * window.height):,} sel raster. "
            "Renggangkan raster dahulu, atau pilih sel lebih kecil.",
            code="raster_too_fine",
        )
    if part.height >= part.width:
        half = part.height // 2
        first = Window(part.col_off, part.row_off, part.width, half)
        second = Window(part.col_off, part.row_off + half, part.width, part.height - half)
    else:
        half = part.width // 2
        first = Window(part.col_off, part.row_off, half, part.height)
        second = Window(part.col_off + half, part.row_off, part.width - half, part.height)
    yield from _parts(source, target, first, path)
    yield from _parts(source, target, second, path)


def _extent(source: Any, target: _Target, part: Window) -> tuple[float, float, float, float]:
    """Columns and rows of the file (fractions, maybe beyond it) that a part of the grid spans."""
    at = _moved(target.transform, part)
    bounds = transform_bounds(target.crs, target.source_crs, *_bounds(at, part), densify_pts=21)
    cell = source.transform
    left, right = sorted((x - cell.c) / cell.a for x in (bounds[0], bounds[2]))
    top, bottom = sorted((y - cell.f) / cell.e for y in (bounds[1], bounds[3]))
    return left, right, top, bottom


def _window(source: Any, target: _Target, part: Window) -> Window | None:
    """Window of the file below a part of the grid, with a margin for the cells that resampling looks at."""
    left, right, top, bottom = _extent(source, target, part)
    margin_x = 3 + 2 * (right - left) / part.width
    margin_y = 3 + 2 * (bottom - top) / part.height
    if not np.isfinite([left, right, top, bottom]).all():
        return None
    first_column, last_column = max(0, int(left - margin_x)), min(source.width, int(np.ceil(right + margin_x)))
    first_row, last_row = max(0, int(top - margin_y)), min(source.height, int(np.ceil(bottom + margin_y)))
    if right <= 0 or bottom <= 0 or left >= source.width or top >= source.height:
        return None
    return Window(first_column, first_row, last_column - first_column, last_row - first_row)


def _fill(
    found: np.ndarray, part: Window, source: Any, window: Window, target: _Target, kind: str | None
) -> None:  # fmt: skip
    values = source.read(1, window=window).astype("float32")
    mask = source.read_masks(1, window=window) == 0
    values[mask | ~valid_cells(values, source.nodata, kind)] = np.nan
    into = np.full((int(part.height), int(part.width)), np.nan, dtype=np.float32)
    reproject(
        values, into, src_transform=_moved(source.transform, window), src_crs=target.source_crs, src_nodata=np.nan,
        dst_transform=_moved(target.transform, part), dst_crs=target.crs, dst_nodata=np.nan,
        resampling=target.resampling, tolerance=0.0, XSCALE=str(target.scale[0]), YSCALE=str(target.scale[1]),
    )  # fmt: skip
    rows = slice(int(part.row_off), int(part.row_off + part.height))
    found[rows, int(part.col_off) : int(part.col_off + part.width)] = into


def _moved(transform: Affine, window: Window) -> Affine:
    """Transform of a window of a grid that is not rotated."""
    left, top = transform.c + window.col_off * transform.a, transform.f + window.row_off * transform.e
    return Affine(transform.a, 0.0, left, 0.0, transform.e, top)


def _bounds(transform: Affine, part: Window) -> tuple[float, float, float, float]:
    west, south, east, north = array_bounds(int(part.height), int(part.width), transform)
    return west, min(south, north), east, max(south, north)
