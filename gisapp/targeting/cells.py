"""Grid cells of the working coordinate system that hold families with a usable position."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisapp.targeting.measure import count_families


def cell_ids(x: np.ndarray, y: np.ndarray, *, size_m: int) -> tuple[pd.Series, np.ndarray, np.ndarray]:
    """Text id, column and row of the square cell that each position (metres) lies in; the lower edge is inside."""
    column, row = np.floor(x / size_m).astype("int64"), np.floor(y / size_m).astype("int64")
    names = pd.Series([f"{size_m}m-{c}-{r}" for c, r in zip(column, row, strict=True)], dtype="object")
    return names, column, row


def make_cells(families: pd.DataFrame, *, size_m: int, crs: str) -> gpd.GeoDataFrame:
    """One row per inhabited cell: cell_id, desa with most families, counts, geometry (square).

    Parameters
    ----------
    families : frame with x, y (metres, NaN where the position is not usable), code, persons, poor.
    size_m : edge of a cell in metres.
    crs : the working coordinate system of x and y.
    """
    placed = families.loc[families["x"].notna()]
    names, column, row = cell_ids(placed["x"].to_numpy(), placed["y"].to_numpy(), size_m=size_m)
    by = pd.Series(names.to_numpy(), index=placed.index, name="cell_id")
    counts = count_families(placed, by)
    corners = pd.DataFrame({"cell_id": by.to_numpy(), "column": column, "row": row}).drop_duplicates("cell_id")
    corners = corners.set_index("cell_id").reindex(counts.index)
    west, south = corners["column"].to_numpy() * size_m, corners["row"].to_numpy() * size_m
    most = placed.groupby([by, "code"]).size().reset_index(name="n").sort_values(
        ["cell_id", "n", "code"], ascending=[True, False, True]
    )  # fmt: skip
    code = most.drop_duplicates("cell_id").set_index("cell_id")["code"].reindex(counts.index)
    frame = counts.assign(code=code).reset_index()
    squares = shapely.box(west, south, west + size_m, south + size_m)
    return gpd.GeoDataFrame(frame, geometry=squares, crs=crs)
