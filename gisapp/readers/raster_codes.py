"""Which codes a raster of classes holds, and in how many cells each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from rasterio.windows import Window

from gisapp.readers.raster import open_raster, valid_cells, window_of

_ROWS_AT_ONCE = 512
#: Classes of a land cover are some tens; a raster with more values than this holds quantities, and is not read on.
MOST_CODES = 65_536


def read_codes(path: Path | str, *, bounds: tuple[float, float, float, float] | None = None) -> dict[float, int]:
    """Cells of each value of the first band, sorted by value, within ``bounds`` (in the raster's own CRS).

    Nodata, declared or usual, is left out, as a run leaves it out. Reading ends after ``MOST_CODES`` different values.

    Raises
    ------
    FileRefusedError : all of ``open_raster``, and ``raster_outside`` where the raster has no cell within the bounds.
    """
    found: dict[float, int] = {}
    with open_raster(path) as source:
        whole = window_of(source, bounds)
        for start in range(0, whole.height, _ROWS_AT_ONCE):
            rows = min(_ROWS_AT_ONCE, whole.height - start)
            window = Window(whole.col_off, whole.row_off + start, whole.width, rows)
            values = source.read(1, window=window).astype("float32")
            held = (source.read_masks(1, window=window) > 0) & valid_cells(values, source.nodata, "land_cover")
            for value, cells in count_codes(values[held]).items():
                found[value] = found.get(value, 0) + cells
            if len(found) > MOST_CODES:
                break
    return dict(sorted(found.items()))


def count_codes(values: np.ndarray) -> dict[float, int]:
    """Cells of each value, sorted by value; NaN is left out."""
    codes, cells = np.unique(values[~np.isnan(values)], return_counts=True)
    return dict(zip(codes.tolist(), cells.tolist(), strict=True))
