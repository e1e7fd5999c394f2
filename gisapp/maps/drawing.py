"""What still pictures share: a window of the ground, areas in their classes, outlines, scale and north."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.patheffects
import numpy as np
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from gisapp.maps.layers import MapFrames
from gisapp.maps.legend import NO_DATA, WITHHELD
from gisapp.maps.numbers import number
from gisapp.maps.palette import INK, MUTED, POCKET
from gisapp.maps.words import word

DPI = 220
#: Room around a shape, as a part of its size.
MARGIN = 0.35
_PATTERNS = {WITHHELD: "////", NO_DATA: "..."}
_METRES_PER_DEGREE = 111_320.0

#: West, south, east, north in degrees.
View = tuple[float, float, float, float]


def fonts_folder() -> Path:
    """Folder of the font files that travel with matplotlib, so that documents and pictures use the same letters."""
    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def new_figure(size_mm: tuple[float, float]) -> tuple[Figure, Any]:
    """A figure of a size in millimetres, and axes that fill it."""
    figure = Figure(figsize=(size_mm[0] / 25.4, size_mm[1] / 25.4), dpi=DPI)
    FigureCanvasAgg(figure)
    return figure, figure.add_axes((0.003, 0.003, 0.994, 0.994))


def view_around(shape: Any, size_mm: tuple[float, float], *, margin: float = MARGIN) -> View:
    """Window around a shape (degrees) with the proportions of the picture on the ground."""
    west, south, east, north = shape.bounds
    squeeze = math.cos(math.radians((south + north) / 2))
    high = max(north - south, (east - west) * squeeze * size_mm[1] / size_mm[0], 0.005) * (1 + 2 * margin)
    wide = high * size_mm[0] / size_mm[1] / squeeze
    x, y = (west + east) / 2, (south + north) / 2
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2


def frame_axes(axes: Any, view: View) -> None:
    """Show a window of the ground, undistorted in its middle, with a thin frame."""
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


def draw_polygon(axes: Any, shape: Any, **style: Any) -> None:
    """Draw every polygon of a shape."""
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            axes.add_patch(matplotlib.patches.PathPatch(_path(part), **style))


def _path(polygon: Any) -> Any:
    rings = [np.asarray(ring.coords)[:, :2] for ring in (polygon.exterior, *polygon.interiors)]
    codes = [np.r_[matplotlib.path.Path.MOVETO, np.full(len(ring) - 1, matplotlib.path.Path.LINETO)] for ring in rings]
    return matplotlib.path.Path(np.concatenate(rings), np.concatenate(codes))


def draw_areas(axes: Any, manifest: Mapping[str, Any], frames: MapFrames, method: str, view: View) -> None:
    """Colour the desa of a window by the classes of the default indicator; hatched or dotted where nothing is shown."""
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
            draw_polygon(axes, shape, **style)
            draw_polygon(axes, shape, facecolor="none", edgecolor="#ffffff", linewidth=0.6)


def default_indicator(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    """The indicator that a map opens with."""
    wanted = manifest["default_indicator"]
    found: Mapping[str, Any] = next(item for item in manifest["indicators"] if item["name"] == wanted)
    return found


def draw_outline(axes: Any, shape: Any, *, dashed: bool) -> None:
    """Draw the outline of a pocket over a white halo; dashed where fewer methods found it."""
    draw_polygon(axes, shape, facecolor="none", edgecolor="#ffffff", linewidth=3.6, zorder=5)
    style = {"linestyle": (0, (3, 1.5))} if dashed else {}
    draw_polygon(axes, shape, facecolor="none", edgecolor=POCKET, linewidth=1.7, zorder=6, **style)


def draw_scale(axes: Any, view: View, lang: str) -> None:
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


def as_png(figure: Figure) -> bytes:
    """Bytes of the picture, the same each time."""
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=DPI, metadata={"Software": "gisapp"})
    return out.getvalue()
