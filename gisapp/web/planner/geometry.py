"""Shapes for the page: thinned together so that neighbours still touch, rounded, without any figure."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import orjson
import pandas as pd
import shapely

from gisapp.maps import shapes
from gisapp.release.collections import member_codes
from gisapp.writers.geojson import DECIMALS, rounded


def thinned(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Thin polygons as one coverage: borders that two areas share stay shared."""
    drawn = shapes.thinned(np.asarray(frame.geometry.array, dtype=object))
    return frame.set_geometry(gpd.GeoSeries(drawn, index=frame.index, crs=frame.crs))


def outlines(pockets: gpd.GeoDataFrame, desa: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Pockets as unions of the areas as drawn, so that an outline lies on the borders that the page shows.

    Pockets of cells or SLS cross the areas: their own outline is drawn.
    """
    if shapes.are_fine(pockets):
        return pockets
    drawn = thinned(desa)
    areas = np.asarray(drawn.geometry.array, dtype=object)
    found = np.empty(len(pockets), dtype=object)
    for row, (codes, own) in enumerate(zip(member_codes(pockets), pockets.geometry, strict=True)):
        found[row] = shapes.together(areas[drawn["code"].isin(codes).to_numpy()], own)
    return pockets.set_geometry(gpd.GeoSeries(found, index=pockets.index, crs=pockets.crs))


def features(frame: gpd.GeoDataFrame, *, key: str, columns: list[str], decimals: int = DECIMALS) -> dict[str, Any]:
    """A GeoJSON document of the frame's rows: ids from ``key``, the named columns as properties, null where blank."""
    texts = shapely.to_geojson(rounded(np.asarray(frame.geometry.array, dtype=object), decimals=decimals))
    values = zip(*(plain(frame[name]) for name in columns), strict=True) if columns else [()] * len(frame)
    rows = zip(plain(frame[key]), texts, values, strict=True)
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": str(name),
                "properties": dict(zip(columns, row, strict=True)),
                "geometry": None if text is None else orjson.Fragment(text),
            }
            for name, text, row in rows
        ],
    }


def plain(series: pd.Series) -> list[Any]:
    """A column as JSON values; what is not known becomes null."""
    return [None if pd.isna(value) else value.item() if isinstance(value, np.generic) else value for value in series]
