"""Straight-line distance of each family to the nearest known facility of each service, and called so."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisapp.analysis.access import nearest_straight_line
from gisapp.columns import SERVICES


def known_facilities(facilities: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Facilities with a usable position and a service that is measured."""
    usable = facilities["position"].isin(["known", "stacked"]) & facilities["service"].notna()
    return facilities.loc[usable & facilities.geometry.notna()].reset_index(drop=True)


def distance_to_lines(points: np.ndarray, lines: gpd.GeoSeries) -> np.ndarray:
    """Metres from each (n, 2) position to the nearest line; NaN where there is no line at all."""
    if lines.empty or not len(points):
        return np.full(len(points), np.nan)
    tree = shapely.STRtree(lines.to_numpy())
    found, distance = tree.query_nearest(shapely.points(points), return_distance=True, all_matches=False)
    reached = np.full(len(points), np.nan)
    reached[found[0]] = distance
    return reached


def family_distances(families: pd.DataFrame, facilities: gpd.GeoDataFrame, roads: gpd.GeoDataFrame) -> pd.DataFrame:
    """One column of metres per service, aligned with families; NaN where family or service has no position."""
    placed = families["x"].notna().to_numpy()
    points = families.loc[placed, ["x", "y"]].to_numpy(dtype="float64")
    frame = pd.DataFrame(index=families.index)
    for service in SERVICES:
        measured = np.full(len(families), np.nan)
        if service == "road":
            measured[placed] = distance_to_lines(points, roads.geometry)
        else:
            places = facilities.loc[facilities["service"].eq(service)].geometry
            xy = np.column_stack([places.x, places.y]) if len(places) else np.empty((0, 2))
            measured[placed] = nearest_straight_line(points, xy)[0]
        frame[service] = measured
    return frame


def median_distances(distances: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
    """Median metres per group and service, as columns ``distance_m_<service>``; rounded to whole metres."""
    return distances.groupby(by).median().round(0).add_prefix("distance_m_")
