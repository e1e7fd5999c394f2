"""What a map shows around the pockets: facilities, roads and rivers, forest and estates, light enough to draw."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from gisapp.targeting.load import District

#: Metres by which drawn lines and outlines may deviate; measurement never uses the drawn ones.
DRAWN_TOLERANCE_M = 15.0


def map_context(district: District) -> dict[str, gpd.GeoDataFrame]:
    """Frames ``facilities``, ``lines`` and ``polygons`` in EPSG:4326."""
    roads = _drawn(district.roads.assign(kind="jalan"))
    rivers = _drawn(district.rivers.assign(kind="sungai"))
    lines = gpd.GeoDataFrame(pd.concat([roads, rivers], ignore_index=True), geometry="geometry", crs=district.crs)
    columns = ["layer", "kind", "service", "name", "position", "geometry"]
    return {
        "facilities": district.facilities[columns].to_crs("EPSG:4326"),
        "lines": lines.to_crs("EPSG:4326"),
        "polygons": _drawn(district.polygons).to_crs("EPSG:4326"),
    }


def _drawn(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    shapes = frame.geometry.simplify(DRAWN_TOLERANCE_M) if len(frame) else frame.geometry
    names = [name for name in ("kind", "name", "class") if name in frame.columns]
    return gpd.GeoDataFrame(frame[names].astype("object"), geometry=shapes.to_numpy(), crs=frame.crs)
