"""Grid cells of the working coordinate system that hold families with a usable position."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd

from gisapp.analysis import grids
from gisapp.targeting.measure import count_families


def make_cells(families: pd.DataFrame, *, size_m: int, crs: str, shape: str = "square") -> gpd.GeoDataFrame:
    """One row per inhabited cell: cell_id, desa with most families, counts, geometry.

    Parameters
    ----------
    families : frame with x, y (metres, NaN where the position is not usable), code, persons, poor.
    size_m : edge of a square cell in metres; a hexagon has the same area.
    crs : the working coordinate system of x and y.
    shape : square or hexagon.
    """
    placed = families.loc[families["x"].notna()]
    cut: dict[str, Any] = {"shape": shape, "size_m": size_m}
    at = grids.locate(placed["x"], placed["y"], **cut) if len(placed) else pd.DataFrame({"column": [], "row": []})
    column, row = at["column"].to_numpy(dtype="int64"), at["row"].to_numpy(dtype="int64")
    by = pd.Series(grids.cell_names(column, row, **cut), index=placed.index, name="cell_id")
    counts = count_families(placed, by)
    corners = pd.DataFrame({"cell_id": by.to_numpy(), "column": column, "row": row}).drop_duplicates("cell_id")
    corners = corners.set_index("cell_id").reindex(counts.index)
    most = placed.groupby([by, "code"]).size().reset_index(name="n").sort_values(
        ["cell_id", "n", "code"], ascending=[True, False, True]
    )  # fmt: skip
    code = most.drop_duplicates("cell_id").set_index("cell_id")["code"].reindex(counts.index)
    frame = counts.assign(code=code).reset_index()
    cells = grids.cell_polygons(corners["column"].to_numpy(), corners["row"].to_numpy(), **cut)
    return gpd.GeoDataFrame(frame, geometry=cells, crs=crs)
