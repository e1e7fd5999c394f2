"""Still pictures of the whole district for documents: the pockets among the classes, and where each kecamatan lies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import matplotlib.patheffects
import shapely

from gisapp.maps.drawing import (
    as_png,
    draw_areas,
    draw_outline,
    draw_polygon,
    draw_scale,
    frame_axes,
    new_figure,
    view_around,
)
from gisapp.maps.layers import MapFrames
from gisapp.maps.palette import INK, MUTED, POCKET

_MARGIN = 0.03


def draw_district(manifest: Mapping[str, Any], frames: MapFrames, *, size_mm: tuple[float, float]) -> bytes:
    """PNG of all desa in the classes of the default indicator, kecamatan, pockets with their letters, scale, north."""
    figure, axes = new_figure(size_mm)
    view = view_around(shapely.box(*frames.areas.total_bounds), size_mm, margin=_MARGIN)
    frame_axes(axes, view)
    draw_areas(axes, manifest, frames, manifest["methods"][0]["name"], view)
    for shape in frames.level("kecamatan").geometry:
        draw_polygon(axes, shape, facecolor="none", edgecolor=MUTED, linewidth=0.5, zorder=3)
    shapes = frames.pockets.set_index("pocket_id").geometry
    for card in manifest["pockets"]:
        draw_outline(axes, shapes[card["id"]], dashed=not card["core"])
    for card in reversed(manifest["pockets"]):  # where letters lie on each other, the first in rank stays readable
        _letter(axes, shapes[card["id"]], str(card["letter"]))
    draw_scale(axes, view, manifest["lang"])
    return as_png(figure)


def draw_kecamatan(frames: MapFrames, *, size_mm: tuple[float, float]) -> bytes:
    """PNG of the kecamatan with the numbers of ``numbered``."""
    figure, axes = new_figure(size_mm)
    found = _kecamatan(frames)
    frame_axes(axes, view_around(shapely.box(*found.total_bounds), size_mm, margin=_MARGIN))
    for shape in found.geometry:
        draw_polygon(axes, shape, facecolor="#f2f5f6", edgecolor="#9aa7ad", linewidth=0.5)
    for number, shape in enumerate(found.geometry, start=1):
        place = shape.representative_point()
        axes.text(place.x, place.y, str(number), fontsize=5.5, color=INK, ha="center", va="center", zorder=4)
    return as_png(figure)


def numbered(frames: MapFrames) -> list[str]:
    """Names of the areas that ``draw_kecamatan`` draws, in the order of their numbers."""
    return [str(name) for name in _kecamatan(frames)["name"]]


def _kecamatan(frames: MapFrames) -> gpd.GeoDataFrame:
    found = frames.level("kecamatan")
    return found if len(found) else frames.level("kabupaten")


def _letter(axes: Any, shape: Any, text: str) -> None:
    place = shape.representative_point()
    halo = [matplotlib.patheffects.withStroke(linewidth=2.4, foreground="#ffffff")]
    label = axes.text(
        place.x, place.y, text, fontsize=8, weight="bold", color=POCKET, ha="center", va="center", zorder=8
    )
    label.set_path_effects(halo)
    label.set_parse_math(False)
