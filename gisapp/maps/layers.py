"""Layers of a map: which there are, with their counts, and their shapes as GeoJSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from gisapp.columns import SERVICES
from gisapp.maps import shapes
from gisapp.maps.numbers import number
from gisapp.maps.palette import FACILITY_SHAPES, RIVER, ROAD
from gisapp.maps.words import word

#: Kind of line -> (key of its title, colour).
LINES = {"jalan": ("roads", ROAD), "sungai": ("rivers", RIVER)}


@dataclass(frozen=True, kw_only=True)
class MapFrames:
    """The disclosed frames of one run (EPSG:4326) and what lies around them."""

    areas: gpd.GeoDataFrame
    pockets: gpd.GeoDataFrame
    interventions: gpd.GeoDataFrame
    facilities: gpd.GeoDataFrame | None = None
    lines: gpd.GeoDataFrame | None = None
    rasters: Sequence[Mapping[str, Any]] = ()

    def level(self, name: str) -> gpd.GeoDataFrame:
        """Areas of one level, by code."""
        return self.areas[self.areas["level"] == name].sort_values("code", ignore_index=True)


def ranked(pockets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Order pockets as people read them: by rank, then by id; withheld ones last."""
    order = ["rank", "pocket_id"] if "rank" in pockets.columns else ["pocket_id"]
    return pockets.sort_values(order, na_position="last", ignore_index=True)


def _layer(name: str, title: str, geometry: str, count: int, *, on: bool = False, **style: Any) -> dict[str, Any]:
    blank = {"group": "", "service": None, "color": None, "shape": None}
    return {"name": name, "title": title, "geometry": geometry, "count": count, "on": on, **blank, **style}


def listed(frames: MapFrames, *, pockets: int, placed: int, lang: str) -> list[dict[str, Any]]:
    """Every layer that a map offers, also those without a feature (count 0), because absence is a fact too."""
    desa, kecamatan = len(frames.level("desa")), len(frames.level("kecamatan"))
    rows = [
        _layer("areas", word("village", lang), "polygon", desa, on=True),
        _layer("kecamatan", word("subdistrict", lang), "polygon", kecamatan, on=True),
        _layer("pockets", word("pockets", lang), "polygon", pockets, on=True),
        _layer("interventions", word("suggestions", lang), "point", placed, on=True),
    ]
    for kind, (title, color) in LINES.items():
        mine = None if frames.lines is None else frames.lines[frames.lines["kind"] == kind]
        count = 0 if mine is None else len(mine)
        amount = "" if mine is None or not count else f"{number(shapes.length_km(mine), lang)}\u00a0km"
        on = kind == "sungai" and count > 0
        rows.append(_layer(f"lines_{kind}", word(title, lang), "line", count, on=on, color=color, amount=amount))
    rows += _facility_layers(frames.facilities, lang)
    rows = rows + [{**_layer("", "", "raster", 1), **raster} for raster in frames.rasters]
    return [{**row, "amount": row.get("amount") or number(row["count"], lang)} for row in rows]


def _facility_layers(facilities: gpd.GeoDataFrame | None, lang: str) -> list[dict[str, Any]]:
    placed = pd.Series(dtype="object") if facilities is None else facilities[facilities.geometry.notna()]["service"]
    group = word("facilities", lang)
    return [
        _layer(
            f"facilities_{service}", title[0 if lang == "id" else 1], "point", int((placed == service).sum()),
            group=group, service=service, shape=FACILITY_SHAPES.get(service, "square"),
        )
        for service, title in SERVICES.items()
        if service != "road"
    ]  # fmt: skip


def map_layers(frames: MapFrames, *, vertices: int = shapes.VERTICES) -> dict[str, dict[str, Any]]:
    """Shapes of every layer of the manifest that has any, as GeoJSON by layer name.

    ``areas`` and ``pockets`` carry ids only (the figures are in the manifest); facilities carry their ``name``. Pockets
    are unions of the drawn areas, so that outlines lie on borders, or their own shape where made of cells or SLS.
    Suggestions stand in the manifest with a position.
    """
    desa = frames.level("desa")
    drawn = shapes.thinned(np.asarray(desa.geometry.array, dtype=object), vertices=vertices)
    by_code = dict(zip(desa["code"], drawn, strict=True))
    result = {"areas": shapes.feature_collection(drawn, desa["code"])}
    kecamatan = frames.level("kecamatan")
    if len(kecamatan) and "parent_code" in desa:
        parts = [shapes.together(drawn[(desa["parent_code"] == code).to_numpy()], None) for code in kecamatan["code"]]
        result["kecamatan"] = shapes.feature_collection(np.array(parts, dtype=object), kecamatan["code"])
    pockets = ranked(frames.pockets)
    outlines = np.array(pockets.geometry.array, dtype=object)
    for row, members in enumerate([] if shapes.are_fine(pockets) else _members(pockets)):
        known = np.array([by_code[code] for code in members if code in by_code], dtype=object)
        outlines[row] = shapes.together(known, outlines[row]) if len(known) else outlines[row]
    result["pockets"] = shapes.feature_collection(outlines, pockets["pocket_id"])
    return result | _context_layers(frames, vertices)


def _members(pockets: gpd.GeoDataFrame) -> list[list[str]]:
    if "member_codes" not in pockets:
        return [[] for _ in range(len(pockets))]
    return [str(codes).replace(",", " ").replace(";", " ").split() for codes in pockets["member_codes"].fillna("")]


def _context_layers(frames: MapFrames, vertices: int) -> dict[str, dict[str, Any]]:
    result = {}
    if frames.lines is not None:
        for kind in LINES:
            lines = np.asarray(frames.lines[frames.lines["kind"] == kind].geometry.array, dtype=object)
            if len(lines):
                drawn = shapes.thinned_lines(lines, vertices=vertices)
                result[f"lines_{kind}"] = shapes.feature_collection(drawn, range(len(drawn)))
    if frames.facilities is not None:
        for service, part in frames.facilities[frames.facilities.geometry.notna()].groupby("service", sort=True):
            names = [{"name": "" if pd.isna(name) else str(name)} for name in part["name"]]
            places = np.asarray(part.geometry.array, dtype=object)
            result[f"facilities_{service}"] = shapes.feature_collection(places, range(len(part)), names)
    return result
