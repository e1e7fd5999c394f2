"""Little road maps drawn by hand, in metres of UTM 47N."""

from __future__ import annotations

import geopandas as gpd
from hypothesis import strategies as st
from shapely import LineString

METRES = "EPSG:32647"


def drawn(*lines, index=None, road_class="desa", **columns) -> gpd.GeoDataFrame:
    """Roads from lists of places; columns as lists, the class as one word or a list."""
    classes = [road_class] * len(lines) if isinstance(road_class, str) else road_class
    shapes = [LineString(line) if isinstance(line, list) else line for line in lines]
    return gpd.GeoDataFrame({"road_class": classes, **columns}, geometry=shapes, crs=METRES, index=index)


place = st.tuples(st.integers(0, 6), st.integers(0, 6))
segment = st.tuples(place, place).filter(lambda ends: ends[0] != ends[1])


def hundreds(segments) -> list[list[tuple[int, int]]]:
    """Places of a small board, a hundred metres apart."""
    return [[(100 * x, 100 * y) for x, y in ends] for ends in segments]


maps = st.lists(segment, min_size=1, max_size=12).map(hundreds)
