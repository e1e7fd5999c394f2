"""Small maps of two plans as inline SVG: one extent, one legend, kecamatan by the share reached, and the places."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisapp.maps import shapes

#: Width of a map in the units of its drawing, and how many corners its borders have together at most.
WIDTH, CORNERS = 400.0, 2500
#: Upper ends of the classes of the share reached, after the class of none.
ENDS = (0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, kw_only=True)
class Frame:
    """From degrees to the units of the drawing: one frame for all maps that stand side by side."""

    west: float
    north: float
    scale_x: float
    scale_y: float
    height: float

    def place(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Units right and down from the upper left corner."""
        return (np.asarray(x) - self.west) * self.scale_x, (self.north - np.asarray(y)) * self.scale_y


def frame_of(areas: Iterable[gpd.GeoDataFrame]) -> Frame:
    """The frame that holds all these areas (WGS 84); degrees of longitude are shortened at their middle latitude."""
    boxes = np.array([one.total_bounds for one in areas])
    west, south, east, north = boxes[:, 0].min(), boxes[:, 1].min(), boxes[:, 2].max(), boxes[:, 3].max()
    margin = 0.02 * (east - west)
    west, east, south, north = west - margin, east + margin, south - margin, north + margin
    scale_x = WIDTH / (east - west)
    scale_y = scale_x / math.cos(math.radians((south + north) / 2))
    return Frame(west=west, north=north, scale_x=scale_x, scale_y=scale_y, height=round((north - south) * scale_y, 1))


def area_shapes(areas: gpd.GeoDataFrame, table: pd.DataFrame, frame: Frame) -> list[dict[str, Any]]:
    """Each kecamatan: its outline as the path of an SVG, its name, and the class of its share."""
    drawn = shapes.thinned(np.asarray(areas.geometry.array, dtype=object), vertices=CORNERS)
    known = table.set_index("code")
    return [
        {"code": code, "name": name, "path": _path(shape, frame), "class": share_class(known, code)}
        for code, name, shape in zip(areas["code"].astype(str), areas["name"], drawn, strict=True)
    ]


def share_class(table: pd.DataFrame, code: str) -> str:
    """``none``, ``1`` to ``4`` by ``ENDS``, ``withheld`` or ``no_data``."""
    if code not in table.index:
        return "no_data"
    status, share = table.at[code, "status"], table.at[code, "share"]
    if status != "present":
        return "withheld" if status == "suppressed" else "no_data"
    return "none" if share == 0 else str(1 + int(np.searchsorted(ENDS, share - 1e-9)))


def marks(places: gpd.GeoDataFrame, frame: Frame, shared: Sequence[str]) -> list[dict[str, Any]]:
    """Where suggestions stand: those on one spot together, with their ids and whether the other plan has them all."""
    if places.empty:
        return []
    x, y = frame.place(places.geometry.x.to_numpy(), places.geometry.y.to_numpy())
    spots = pd.DataFrame({"id": places["intervention_id"].astype(str), "x": x.round(1), "y": y.round(1)})
    common = set(shared)
    return [
        {"x": float(right), "y": float(down), "ids": list(group["id"]), "shared": set(group["id"]) <= common}
        for (right, down), group in spots.groupby(["x", "y"], sort=True)
    ]


def _path(shape: Any, frame: Frame) -> str:
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    return "".join(_ring(shapely.get_coordinates(ring), frame) for ring in rings)


def _ring(corners: Any, frame: Frame) -> str:
    x, y = frame.place(corners[:-1, 0], corners[:-1, 1])
    return "M" + "L".join(f"{right:.1f} {down:.1f}" for right, down in zip(x, y, strict=True)) + "Z"
