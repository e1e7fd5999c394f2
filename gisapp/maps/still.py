"""Still pictures for documents: one pocket among its neighbours, and where it lies in the district."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib
import matplotlib.patheffects
import numpy as np
import shapely
import shapely.affinity
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from gisapp.maps import shapes
from gisapp.maps.layers import LINES, MapFrames
from gisapp.maps.legend import NO_DATA, WITHHELD
from gisapp.maps.numbers import number
from gisapp.maps.palette import GAP, INK, MUTED, POCKET
from gisapp.maps.words import word

DPI = 220
_MARGIN = 0.35
_NAME = 26
#: Facilities farther than this from the pocket are left out of the still map, degrees (about 2 km).
_NEAR_DEG = 0.02
_PATTERNS = {WITHHELD: "////", NO_DATA: "..."}
#: Shape of a facility's mark -> matplotlib's name; shapes, not colours, tell services apart in a black-and-white print.
_MARKERS = {"triangle": "^", "square": "s", "cross": "P", "diamond": "D", "circle": "o"}
_METRES_PER_DEGREE = 111_320.0
#: Half of a pin as a part of the picture's width, and how much of a name must lie in its own desa.
_PIN, _INSIDE = 0.014, 0.55

View = tuple[float, float, float, float]


def fonts_folder() -> Path:
    """Folder of the font files that travel with matplotlib, so that documents and pictures use the same letters."""
    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


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
    figure, axes = _figure(size_mm)
    shape = frames.pockets.set_index("pocket_id").geometry[pocket_id]
    view = _view(shape, size_mm)
    _frame(axes, view)
    _areas(axes, manifest, frames, method or manifest["methods"][0]["name"], view)
    _lines(axes, frames, view)
    _facilities(axes, manifest, frames, pocket_id)
    card = next(card for card in manifest["pockets"] if card["id"] == pocket_id)
    _outline(axes, shape, dashed=not card["core"])
    ours = [item for item in manifest["interventions"] if item["pocket"] == pocket_id]
    placed = _pins(ours[:pins], view)
    _names(axes, frames, pocket_id, view, [_pin_box(place, view) for _, place in placed])
    _suggestions(axes, placed)
    _scale(axes, view, manifest["lang"])
    return _png(figure)


def draw_inset(frames: MapFrames, pocket_id: str, *, size_mm: tuple[float, float]) -> bytes:
    """PNG of the district with the pocket filled dark, to say where the sheet's map lies."""
    figure, axes = _figure(size_mm)
    level = frames.level("kecamatan")
    areas = level if len(level) else frames.level("desa")
    _frame(axes, _view(shapely.box(*areas.total_bounds), size_mm, margin=0.04))
    for shape in areas.geometry:
        _polygon(axes, shape, facecolor="#f2f5f6", edgecolor="#9aa7ad", linewidth=0.4)
    _polygon(axes, frames.pockets.set_index("pocket_id").geometry[pocket_id], facecolor=POCKET, edgecolor=POCKET)
    return _png(figure)


def _figure(size_mm: tuple[float, float]) -> tuple[Figure, Any]:
    figure = Figure(figsize=(size_mm[0] / 25.4, size_mm[1] / 25.4), dpi=DPI)
    FigureCanvasAgg(figure)
    return figure, figure.add_axes((0.003, 0.003, 0.994, 0.994))


def _view(shape: Any, size_mm: tuple[float, float], *, margin: float = _MARGIN) -> tuple[float, float, float, float]:
    """Window around a shape (degrees) with the proportions of the picture on the ground."""
    west, south, east, north = shape.bounds
    squeeze = math.cos(math.radians((south + north) / 2))
    high = max(north - south, (east - west) * squeeze * size_mm[1] / size_mm[0], 0.005) * (1 + 2 * margin)
    wide = high * size_mm[0] / size_mm[1] / squeeze
    x, y = (west + east) / 2, (south + north) / 2
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2


def _frame(axes: Any, view: View) -> None:
    west, south, east, north = view
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_aspect(1 / math.cos(math.radians((south + north) / 2)))
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_facecolor("#ffffff")
    for side in axes.spines.values():
        side.set_color(MUTED)
        side.set_linewidth(0.6)


def _polygon(axes: Any, shape: Any, **style: Any) -> None:
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            axes.add_patch(matplotlib.patches.PathPatch(_path(part), **style))


def _path(polygon: Any) -> Any:
    rings = [np.asarray(ring.coords)[:, :2] for ring in (polygon.exterior, *polygon.interiors)]
    codes = [np.r_[matplotlib.path.Path.MOVETO, np.full(len(ring) - 1, matplotlib.path.Path.LINETO)] for ring in rings]
    return matplotlib.path.Path(np.concatenate(rings), np.concatenate(codes))


def _areas(axes: Any, manifest: Mapping[str, Any], frames: MapFrames, method: str, view: View) -> None:
    indicator = default_indicator(manifest)
    classes = indicator["classes"][method]
    colours = {row["class"]: row["color"] for row in classes["rows"]}
    class_of = dict(zip(manifest["areas"]["code"], classes["class_of"], strict=True))
    window = shapely.box(*view)
    for code, shape in zip(frames.areas["code"], frames.areas.geometry, strict=True):
        if code in class_of and shape is not None and shape.intersects(window):
            found = class_of[code]
            style = {"facecolor": colours.get(found) or "#ffffff", "edgecolor": "#ffffff", "linewidth": 0.5}
            if found in _PATTERNS:
                style = {"facecolor": "#ffffff", "edgecolor": MUTED, "linewidth": 0.3, "hatch": _PATTERNS[found]}
            _polygon(axes, shape, **style)
            _polygon(axes, shape, facecolor="none", edgecolor="#ffffff", linewidth=0.6)


def default_indicator(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    """The indicator that a map opens with."""
    wanted = manifest["default_indicator"]
    found: Mapping[str, Any] = next(item for item in manifest["indicators"] if item["name"] == wanted)
    return found


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


def _outline(axes: Any, shape: Any, *, dashed: bool) -> None:
    _polygon(axes, shape, facecolor="none", edgecolor="#ffffff", linewidth=3.6, zorder=5)
    style = {"linestyle": (0, (3, 1.5))} if dashed else {}
    _polygon(axes, shape, facecolor="none", edgecolor=POCKET, linewidth=1.7, zorder=6, **style)


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


def _scale(axes: Any, view: View, lang: str) -> None:
    """Scale bar of a round length about a fifth of the width, and an arrow to the north."""
    west, south, east, north = view
    metres = _METRES_PER_DEGREE * math.cos(math.radians((south + north) / 2))
    goal = (east - west) * metres / 5
    step = 10 ** math.floor(math.log10(goal))
    length = max(factor * step for factor in (1, 2, 5) if factor * step <= goal)
    x, y = west + (east - west) * 0.03, south + (north - south) * 0.035
    end = x + length / metres
    axes.plot([x, end], [y, y], color="#ffffff", linewidth=4, zorder=9, solid_capstyle="butt")
    axes.plot([x, end], [y, y], color=INK, linewidth=2, zorder=10, solid_capstyle="butt")
    label = f"{number(length / 1000, lang, digits=0 if length >= 1000 else 1)} km"
    halo = [matplotlib.patheffects.withStroke(linewidth=2, foreground="#ffffff")]
    text = axes.text(x, y + (north - south) * 0.012, label, fontsize=6.5, color=INK, zorder=10)
    text.set_path_effects(halo)
    top = (west + (east - west) * 0.965, south + (north - south) * 0.965)
    arrow = {"arrowstyle": "-|>", "color": INK, "linewidth": 1.2}
    axes.annotate(
        word("north", lang), xy=top, xytext=(top[0], top[1] - (north - south) * 0.09), arrowprops=arrow,
        ha="center", va="top", fontsize=7, color=INK, zorder=10,
    ).set_path_effects(halo)  # fmt: skip


def _png(figure: Figure) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=DPI, metadata={"Software": "gisapp"})
    return out.getvalue()
