"""The working grid of travel times: where its cells lie, and what is refused as a raster on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from affine import Affine
from pyproj import CRS
from pyproj.exceptions import CRSError

from gisapp.analysis.checks import refuse
from gisapp.errors import CRSMismatchError

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

#: A search takes some 50 bytes a cell, 70 with slopes: 3 GB at this size, what an office computer has to spare.
MOST_CELLS = 40_000_000
#: Sides of a cell may differ by this share: a step is then wrong by half of it at most, far less than any speed.
_UNEVEN = 0.01
#: Heights of the Earth's land, metres, with a margin (Dead Sea shore -430, Everest 8,849).
_LOWEST_M, _HIGHEST_M = -500.0, 9000.0
#: Values that stand for "no data" in files that forgot to say so, whatever their type.
USUAL_NODATA = (-9999.0, -32768.0, -99999.0, -3.4028234663852886e38, 65535.0, 255.0)


@dataclass(frozen=True)
class Grid:
    """Cells of a raster: ``transform`` from columns and rows to a projected CRS in metres, north or south up.

    Raises
    ------
    CRSMismatchError
        No CRS, or one that is not in metres.
    InvalidInputError
        A rotated grid, cells that are not square (1 %), no cells or too many.
    """

    transform: Affine
    crs: Any
    shape: tuple[int, int]

    def __post_init__(self) -> None:
        """Refuse what distances cannot be measured on."""
        require_metres(self.crs)
        cell = self.transform
        if cell.b or cell.d or cell.a <= 0 or not cell.e:
            refuse("grid", "it is rotated or mirrored: warp it first", "kisi diputar atau tercermin: luruskan dulu")
        if abs(abs(cell.e) / cell.a - 1) > _UNEVEN:
            refuse(
                "grid",
                f"cells are {cell.a:g} × {abs(cell.e):g} m: resample to square cells",
                f"sel berukuran {cell.a:g} × {abs(cell.e):g} m: ambil ulang menjadi sel persegi",
            )
        cells = int(self.shape[0]) * int(self.shape[1])
        if not 0 < cells <= MOST_CELLS:
            refuse(
                "grid",
                f"it has {cells:,} cells, not 1 to {MOST_CELLS:,}: choose larger cells",
                f"kisi punya {cells:,} sel, seharusnya 1 sampai {MOST_CELLS:,}: pilih sel lebih besar",
            )

    @property
    def cell_size_m(self) -> float:
        """Side of a cell, metres; of almost square cells the side of the square of the same area."""
        return float(np.sqrt(self.transform.a * abs(self.transform.e)))

    def cells_of(self, x: Any, y: Any) -> tuple[Longs, Longs]:
        """Rows and columns of points; -1 in both outside the grid and without a position (NaN).

        A point on the line between two cells belongs to the one with the higher row or column; the outer border is in.
        """
        columns = (np.asarray(x, dtype=float) - self.transform.c) / self.transform.a
        rows = (np.asarray(y, dtype=float) - self.transform.f) / self.transform.e
        inside = (rows >= 0) & (rows <= self.shape[0]) & (columns >= 0) & (columns <= self.shape[1])
        row = np.minimum(np.floor(np.where(inside, rows, 0)), self.shape[0] - 1).astype(np.int64)
        column = np.minimum(np.floor(np.where(inside, columns, 0)), self.shape[1] - 1).astype(np.int64)
        return np.where(inside, row, -1), np.where(inside, column, -1)

    def centres(self, rows: Any, columns: Any) -> tuple[Floats, Floats]:
        """Coordinates x and y of the centres of cells, metres."""
        x = self.transform.c + (np.asarray(columns) + 0.5) * self.transform.a
        y = self.transform.f + (np.asarray(rows) + 0.5) * self.transform.e
        return x, y


def require_metres(crs: Any) -> CRS:
    """Read a CRS, or raise ``CRSMismatchError``: none, unknown, or not projected in metres."""
    try:
        found = None if crs is None else CRS.from_user_input(crs)
    except CRSError:
        found = None
    if found is None or not found.is_projected or found.axis_info[0].unit_name != "metre":
        name = "none" if found is None else found.name
        raise CRSMismatchError(
            f"The raster needs a projected coordinate reference system in metres; it has {name}. "
            "Declare the right one (--crs), or resample it to the working CRS of gisapp.toml.",
            f"Raster perlu sistem koordinat terproyeksi dalam meter; yang ada: {name}. "
            "Nyatakan yang benar (--crs), atau ambil ulang ke CRS kerja di gisapp.toml.",
        )
    return found


def require_same_grid(values: Any, grid: Grid, name: str, *, transform: Affine | None = None, crs: Any = None) -> None:
    """Refuse a raster that does not lie on the grid: another size, origin, cell size or CRS."""
    shape = np.shape(values)
    if shape != tuple(grid.shape):
        refuse(
            name,
            f"it has {_by(shape)} cells, the working grid {_by(grid.shape)}: resample it to that grid",
            f"raster punya {_by(shape)} sel, kisi kerja {_by(grid.shape)}: ambil ulang ke kisi itu",
        )
    off = 0.0 if transform is None else max(abs(a - b) for a, b in zip(transform[:6], grid.transform[:6], strict=True))
    if off > grid.cell_size_m * 1e-3:
        refuse(
            name,
            f"its cells lie {off:g} m beside those of the working grid: resample it to that grid",
            f"selnya bergeser {off:g} m dari kisi kerja: ambil ulang ke kisi itu",
        )
    if crs is not None and require_metres(crs) != require_metres(grid.crs):
        raise CRSMismatchError(
            f"{name}: its coordinate reference system differs from that of the working grid; resample it.",
            f"{name}: sistem koordinatnya berbeda dari kisi kerja; ambil ulang dahulu.",
        )


def _by(shape: Any) -> str:
    return " × ".join(str(side) for side in shape)


def checked_heights(elevation: Any, grid: Grid, *, nodata: float | None = None) -> Floats:
    """Elevation in metres, NaN where there is none; refuses heights that are not on Earth, with their count."""
    require_same_grid(elevation, grid, "elevation")
    height: Floats = np.ma.filled(np.ma.asarray(elevation, dtype=np.float64), np.nan)
    if nodata is not None:
        height = np.where(height == nodata, np.nan, height)
    strange = (height < _LOWEST_M) | (height > _HIGHEST_M)
    if strange.any():
        worst = height[strange][0]
        usual = ": declare it as nodata" if worst in USUAL_NODATA else ": correct the raster"
        usual_id = ": nyatakan sebagai nodata" if worst in USUAL_NODATA else ": perbaiki rasternya"
        refuse(
            "elevation",
            f"{int(strange.sum())} cells are no height on Earth (the first is {worst:g} m){usual}",
            f"{int(strange.sum())} sel bukan ketinggian di bumi (yang pertama {worst:g} m){usual_id}",
        )
    return height
