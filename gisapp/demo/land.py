"""Land that a site is checked against: the spatial plan, protected farmland, hazard along rivers, village land."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisapp.demo.profiles import stream
from gisapp.demo.terrain import Terrain

#: Metres around a hamlet that the plan calls settlement, and beside a river that it keeps free.
_SETTLEMENT_M, _RIVERBANK_M = 900.0, 100.0
#: Metres from a river of high and of moderate flood hazard.
_HIGH_M, _MODERATE_M = 120.0, 350.0
_LOWLAND = 0.35
_PLOT_M = 30.0
_NECK_M = 4.0
_WITH_PLOT = 0.3


def spatial_plan(
    areas: gpd.GeoDataFrame, settlements: gpd.GeoDataFrame, wooded: gpd.GeoDataFrame, estates: gpd.GeoDataFrame,
    rivers: gpd.GeoDataFrame,
) -> gpd.GeoDataFrame:  # fmt: skip
    """Classes of the whole district without overlap (metres): riverbank, settlement, forest, estate, and the rest."""
    outline = shapely.union_all(areas.geometry.to_numpy())
    ring = shapely.union_all(shapely.buffer(settlements.geometry.to_numpy(), _SETTLEMENT_M, quad_segs=3))
    wanted = [
        ("Kawasan Perlindungan Setempat (Sempadan Sungai)", _along(rivers, _RIVERBANK_M)),
        ("Kawasan Permukiman Perdesaan", ring),
        ("Kawasan Hutan Lindung", _union(wooded)),
        ("Kawasan Perkebunan", _union(estates)),
        ("Kawasan Tanaman Pangan", outline),
    ]
    taken = shapely.Polygon()
    rows = []
    for name, shape in wanted:
        part = _polygonal(shapely.difference(shapely.intersection(shape, outline), taken))
        taken = shapely.union(taken, part)
        if not part.is_empty:
            rows.append((name, "rencana pola ruang (contoh)", part))
    frame = pd.DataFrame(rows, columns=["pola_ruang", "keterangan", "geometry"])
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=areas.crs)


def flood_hazard(areas: gpd.GeoDataFrame, rivers: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """High and moderate flood hazard along the rivers (metres)."""
    outline = shapely.union_all(areas.geometry.to_numpy())
    high, moderate = _along(rivers, _HIGH_M), _along(rivers, _MODERATE_M)
    rows = [
        ("tinggi", "banjir", _polygonal(shapely.intersection(high, outline))),
        ("sedang", "banjir", _polygonal(shapely.difference(shapely.intersection(moderate, outline), high))),
    ]
    frame = pd.DataFrame([row for row in rows if not row[2].is_empty], columns=["tingkat", "jenis", "geometry"])
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=areas.crs)


def protected_farmland(
    areas: gpd.GeoDataFrame, settlements: gpd.GeoDataFrame, terrain: Terrain, *, seed: int
) -> gpd.GeoDataFrame:
    """Rice land kept for food (LP2B): one field in every low area, away from hamlets (metres)."""
    rng = stream(seed, "farmland")
    middle = shapely.get_coordinates(shapely.point_on_surface(areas.geometry.to_numpy()))
    low = terrain.height(middle[:, 0], middle[:, 1]) < _LOWLAND
    size = rng.uniform(0.15, 0.35, len(areas)) * np.sqrt(areas.area.to_numpy())
    fields = shapely.box(middle[:, 0] - size, middle[:, 1] - size, middle[:, 0] + size, middle[:, 1] + size)
    settled = shapely.union_all(shapely.buffer(settlements.geometry.to_numpy(), _SETTLEMENT_M, quad_segs=3))
    kept = shapely.difference(shapely.intersection(fields, areas.geometry.to_numpy()), settled)
    shapes = [_polygonal(shape) for shape in kept[low]]
    frame = pd.DataFrame({"nama": [f"LP2B Contoh {name}" for name in areas["name"][low]], "geometry": shapes})
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=areas.crs)[lambda rows: ~rows.geometry.is_empty]


def village_land(areas: gpd.GeoDataFrame, settlements: gpd.GeoDataFrame, *, seed: int) -> gpd.GeoDataFrame:
    """Plots of village land beside some hamlets (metres)."""
    rng = stream(seed, "village land")
    chosen = rng.random(len(settlements)) < _WITH_PLOT
    hamlets = settlements[chosen]
    turn, away = rng.uniform(0, 2 * np.pi, len(hamlets)), rng.uniform(80, 300, len(hamlets))
    x = hamlets.geometry.x.to_numpy() + away * np.cos(turn)
    y = hamlets.geometry.y.to_numpy() + away * np.sin(turn)
    polygons = areas.geometry.to_numpy()[hamlets["area"]]
    inside = shapely.contains_xy(polygons, x, y)
    plots = shapely.box(x - _PLOT_M, y - _PLOT_M, x + _PLOT_M, y + _PLOT_M)[inside]
    names = [f"Tanah Kas {name}" for name in hamlets["name"].to_numpy()[inside]]
    frame = pd.DataFrame({"nama": names, "status": "tanah kas desa (contoh)", "geometry": plots})
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=areas.crs)


def _along(rivers: gpd.GeoDataFrame, metres: float) -> shapely.Geometry:
    return shapely.union_all(shapely.buffer(rivers.geometry.to_numpy(), metres, quad_segs=2))


def _union(frame: gpd.GeoDataFrame) -> shapely.Geometry:
    return shapely.union_all(frame.geometry.to_numpy()) if len(frame) else shapely.Polygon()


def _polygonal(shape: shapely.Geometry) -> shapely.Geometry:
    """Return the polygons of a shape alone, as one geometry without necks that six decimals of a degree would cut."""
    opened = shapely.buffer(shapely.buffer(shape, -_NECK_M, join_style="mitre"), 0.9 * _NECK_M, join_style="mitre")
    whole = shapely.set_precision(opened, 1.0)
    parts = [part for part in shapely.get_parts(whole) if part.geom_type == "Polygon" and part.area > 100.0]
    return shapely.multipolygons(parts) if parts else shapely.Polygon()
