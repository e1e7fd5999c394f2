"""A raster as a picture to lay over a map: colours, a legend, and where its corners are."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import matplotlib.image
import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_rgba
from rasterio.warp import transform_bounds

from gisapp.maps.numbers import number

#: Colours of the raster kinds, light to dark; people are never red.
RAMPS = {
    "population": ("#fff7ec", "#fdd49e", "#c98b5a", "#8a5a3c", "#4d2f20"),
    "elevation": ("#e8efe4", "#c3cfae", "#b5a37a", "#94765a", "#6b5345"),
}
#: What stands behind each number of a legend.
UNITS = {"elevation": "\u00a0m"}
_OTHER = ("#f1eef6", "#bdbfd9", "#8089b3", "#4d5a8a", "#2b345c")
#: Land cover of the common 10 m products (ESA WorldCover codes): code -> (Indonesian, English, colour).
LAND_COVER = {
    10: ("Pohon", "Trees", "#4d7c4d"),
    20: ("Semak", "Shrubs", "#c8b45a"),
    30: ("Rumput", "Grass", "#e6e08c"),
    40: ("Pertanian", "Cropland", "#d9a9c9"),
    50: ("Terbangun", "Built-up", "#b05c52"),
    60: ("Terbuka", "Bare", "#b9b4a8"),
    80: ("Air", "Water", "#7fa8c9"),
    90: ("Rawa", "Wetland", "#5fa79a"),
    95: ("Bakau", "Mangrove", "#2f8f6b"),
}
_SPARE = ("#4e79a7", "#a0cbe8", "#b6992d", "#86bcb6", "#79706e", "#d4a6c8", "#9d7660", "#59a14f")


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A PNG with transparent gaps. ``bounds`` is [[south, west], [north, east]] in WGS 84."""

    png: bytes
    bounds: list[list[float]]
    legend: list[dict[str, Any]] = field(default_factory=list)
    note: str = ""
    caption: str = ""


def picture(
    values: np.ndarray,
    *,
    bounds_3857: Sequence[float],
    kind: str,
    lang: str = "id",
    nodata: float | None = None,
    palette: Sequence[str] = (),
    note: str = "",
    caption: str = "",
) -> Picture:
    """Colour a 2-D raster (EPSG:3857, north up) whose corners are (west, south, east, north) in metres.

    ``kind`` land_cover is read as codes, anything else as quantities; NaN, ``nodata`` and, for population, zero are
    transparent. ``palette`` (colours, low to high) replaces the ramp of the kind; ``note`` and ``caption`` (unit,
    source, date) are texts that stand beside it.
    """
    west, south, east, north = transform_bounds("EPSG:3857", "EPSG:4326", *bounds_3857)
    if kind == "land_cover":
        rgba, legend = _coded(values, nodata, lang)
    else:
        rgba, legend = _ramped(values, kind, nodata, lang, palette)
    out = io.BytesIO()
    matplotlib.image.imsave(out, rgba, format="png", metadata={"Software": "gisapp"})
    corners = [[round(south, 6), round(west, 6)], [round(north, 6), round(east, 6)]]
    return Picture(png=out.getvalue(), bounds=corners, legend=legend, note=note, caption=caption)


def _coded(values: np.ndarray, nodata: float | None, lang: str) -> tuple[np.ndarray, list[dict[str, Any]]]:
    codes = np.nan_to_num(values, nan=-1).astype("int64")
    gone = ~np.isfinite(values.astype("float64")) | (codes == (0 if nodata is None else nodata))
    rgba = np.zeros((*values.shape, 4), dtype="uint8")
    legend = []
    for position, code in enumerate(np.unique(codes[~gone]).tolist()):
        title_id, title_en, color = LAND_COVER.get(code, (str(code), str(code), _SPARE[position % len(_SPARE)]))
        rgba[(codes == code) & ~gone] = [round(255 * part) for part in to_rgba(color)]
        legend.append({"label": title_id if lang == "id" else title_en, "color": color})
    return rgba, legend


def _ramped(
    values: np.ndarray, kind: str, nodata: float | None, lang: str, palette: Sequence[str]
) -> tuple[np.ndarray, list[dict[str, Any]]]:
    quantity = values.astype("float64")
    gone = ~np.isfinite(quantity)
    if nodata is not None and np.isfinite(nodata):
        gone |= quantity == nodata
    if kind == "population":
        gone |= quantity <= 0
    colours = tuple(palette) if len(palette) >= 2 else RAMPS.get(kind, _OTHER)
    if gone.all():
        return np.zeros((*values.shape, 4), dtype="uint8"), []
    low, high = np.quantile(quantity[~gone], [0.02, 0.98])
    span = (np.clip(quantity, low, high) - low) / (high - low) if high > low else np.ones_like(quantity)
    rgba = LinearSegmentedColormap.from_list("ramp", colours)(np.where(gone, 0.0, span), bytes=True)
    rgba[gone] = 0
    ends = np.linspace(low, high, len(colours))
    digits = 0 if high - low >= 10 else 1
    unit = UNITS.get(kind, "")
    legend = [
        {"label": number(end, lang, digits=digits) + unit, "color": c} for end, c in zip(ends, colours, strict=True)
    ]
    return rgba, legend
