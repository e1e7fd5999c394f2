"""Still pictures for documents: one pocket among its neighbours, and where it lies in the district."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import matplotlib
import matplotlib.patheffects
import shapely
import shapely.affinity

from gisapp.maps import shapes
from gisapp.maps.drawing import (
    View,
    as_png,
    draw_areas,
    draw_outline,
    draw_polygon,
    draw_scale,
    frame_axes,
    new_figure,
    view_around,
)
from gisapp.maps.layers import LINES, MapFrames
from gisapp.maps.palette import GAP, INK, POCKET

_NAME = 26
#: Facilities farther than this from the pocket are left out of the still map, degrees (about 2 km).
_NEAR_DEG = 0.02
#: Shape of a facility's mark -> matplotlib's name; shapes, not colours, tell services apart in a black-and-white print.
_MARKERS = {"triangle": "^", "square": "s", "cross": "P", "diamond": "D", "circle": "o"}
#: Half of a pin as a part of the picture's width, and how much of a name must lie in its own desa.
_PIN, _INSIDE = 0.014, 0.55


def draw_pocket(
    manifest: Mapping[str, Any],
    frames: MapFrames,
    pocket_id: str,
    *,
    size_mm: tuple[float, float],
    method: str = "",
    pins: int = 9,
) -> bytes:
    """PNG of a pocket, its neighbours in the classes of the default indicator, first suggestions, scale and north."""
    figure, axes = new_figure(size_mm)
    shape = frames.pockets.set_index("pocket_id").geometry[pocket_id]
    view = view_around(shape, size_mm)
    frame_axes(axes, view)
    draw_areas(axes, manifest, frames, method or manifest["methods"][0]["name"], view)
    _lines(axes, frames, view)
    _facilities(axes, manifest, frames, pocket_id)
    card = next(card for card in manifest["pockets"] if card["id"] == pocket_id)
    draw_outline(axes, shape, dashed=not card["core"])
    ours = [item for item in manifest["interventions"] if item["pocket"] == pocket_id]
    placed = _pins(ours[:pins], view)
    _names(axes, frames, pocket_id, view, [_pin_box(place, view) for _, place in placed])
    _suggestions(axes, placed)
    draw_scale(axes, view, manifest["lang"])
    return as_png(figure)


def draw_inset(frames: MapFrames, pocket_id: str, *, size_mm: tuple[float, float]) -> bytes:
    """PNG of the district with the pocket filled dark, to say where the sheet's map lies."""
    figure, axes = new_figure(size_mm)
    level = frames.level("kecamatan")
    areas = level if len(level) else frames.level("desa")
    frame_axes(axes, view_around(shapely.box(*areas.total_bounds), size_mm, margin=0.04))
    for shape in areas.geometry:
        draw_polygon(axes, shape, facecolor="#f2f5f6", edgecolor="#9aa7ad", linewidth=0.4)
    draw_polygon(axes, frames.pockets.set_index("pocket_id").geometry[pocket_id], facecolor=POCKET, edgecolor=POCKET)
    return as_png(figure)


def _lines(axes: Any, frames: MapFrames, view: View) -> None:
    if frames.lines is None:
        return
    for kind, (_, color) in LINES.items():
        near = frames.lines[frames.lines["kind"] == kind].clip(shapely.box(*view))
        for shape in near.geometry:
            for part in shapely.get_parts(shape):
                if part.geom_type == "LineString":
                    x, y = part.xy
                    style = "-" if kind == "jalan" else (0, (4, 1.5))
                    axes.plot(x, y, color=color, linewidth=0.8, linestyle=style, zorder=2)


def _facilities(axes: Any, manifest: Mapping[str, Any], frames: MapFrames, pocket_id: str) -> None:
    for layer, places in facilities_near(manifest, frames, pocket_id):
        axes.scatter(
            places.geometry.x, places.geometry.y, marker=_MARKERS.get(layer["shape"], "s"), s=16,
            facecolor="#33475b", edgecolor="#ffffff", linewidth=0.5, zorder=4,
        )  # fmt: skip


def facilities_near(
    manifest: Mapping[str, Any], frames: MapFrames, pocket_id: str
) -> list[tuple[Mapping[str, Any], gpd.GeoDataFrame]]:
    """Facility layers that have a place in or close to the pocket, with those places."""
    if frames.facilities is None:
        return []
    near = frames.pockets.set_index("pocket_id").geometry[pocket_id].buffer(_NEAR_DEG)
    placed = frames.facilities[frames.facilities.geometry.notna() & frames.facilities.intersects(near)]
    pairs = [(layer, placed[placed["service"] == layer["service"]]) for layer in manifest["layers"] if layer["service"]]
    return [(layer, places) for layer, places in pairs if len(places)]


def _named_desa(frames: MapFrames, desa: gpd.GeoDataFrame, pocket_id: str, view: View) -> gpd.GeoDataFrame:
    """Member desa of a pocket; where its outline crosses desa, those of its members that the picture shows."""
    own = frames.pockets[frames.pockets["pocket_id"] == pocket_id]
    if shapes.are_fine(own):
        codes = str(own["member_codes"].iloc[0]).split("; ")
        return desa[desa["code"].isin(codes) & desa.intersects(shapely.box(*view))]
    return desa[desa["pocket_id"].eq(pocket_id).fillna(False)] if "pocket_id" in desa else desa.iloc[:0]


def _names(axes: Any, frames: MapFrames, pocket_id: str, view: View, taken: list[Any]) -> None:
    """Names of the member desa; left out where one would lie on another, on a pin, or far outside its own desa."""
    desa = frames.level("desa")
    members = _named_desa(frames, desa, pocket_id, view)
    halo = [matplotlib.patheffects.withStroke(linewidth=1.8, foreground="#ffffff")]
    taken = list(taken)
    for name, shape in zip(members["name"], members.geometry, strict=True):
        text = str(name) if len(str(name)) <= _NAME else f"{str(name)[: _NAME - 1]}…"
        place = shape.intersection(shapely.box(*view)).representative_point()
        half, high = len(text) * (view[2] - view[0]) * 0.0043, (view[3] - view[1]) * 0.014
        label_box = shapely.box(place.x - half, place.y - high, place.x + half, place.y + high)
        spots = [shapely.affinity.translate(label_box, yoff=lift * high) for lift in (0, 2.2, -2.2, 4.4, -4.4)]
        free = [spot for spot in spots if not any(spot.intersects(other) for other in taken) and _fits(spot, shape)]
        if not free:
            continue
        label_box, place = free[0], free[0].centroid
        taken.append(label_box)
        label = axes.text(place.x, place.y, text, fontsize=5.5, color=INK, ha="center", va="center", zorder=7)
        label.set_path_effects(halo)
        label.set_parse_math(False)


def _fits(label: Any, shape: Any) -> bool:
    return bool(label.intersection(shape).area >= _INSIDE * label.area)


def _pin_box(place: tuple[float, float], view: View) -> Any:
    """Room that a pin takes, degrees."""
    wide, high = (view[2] - view[0]) * _PIN, (view[3] - view[1]) * _PIN * 4 / 3
    return shapely.box(place[0] - wide, place[1] - high, place[0] + wide, place[1] + high)


def _pins(items: Sequence[Mapping[str, Any]], view: View) -> list[tuple[str, tuple[float, float]]]:
    """Numbers and places (longitude, latitude) of what has a place; those at one place stand beside each other."""
    pins: list[tuple[str, tuple[float, float]]] = []
    step = (view[2] - view[0]) * _PIN * 2.1
    for number_on_sheet, item in enumerate(items, start=1):
        if item["position"]:
            lat, lon = item["position"]
            while any(_pin_box((lon, lat), view).intersects(_pin_box(other, view)) for _, other in pins):
                lon += step
            pins.append((str(number_on_sheet), (lon, lat)))
    return pins


def _suggestions(axes: Any, pins: Sequence[tuple[str, tuple[float, float]]]) -> None:
    for text, (lon, lat) in pins:
        axes.scatter([lon], [lat], marker="o", s=70, facecolor=GAP, edgecolor="#ffffff", linewidth=0.8, zorder=8)
        look = {"fontsize": 5.5, "color": "#ffffff", "weight": "bold", "zorder": 9}
        axes.text(lon, lat, text, ha="center", va="center_baseline", **look)
