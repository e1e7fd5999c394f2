"""Layers around the pockets, for the page: which there are, their shapes, their pictures."""

from __future__ import annotations

from typing import Any

import geopandas as gpd

from gisapp.analysis.suggesting.suggestion import SITED
from gisapp.columns import SERVICES
from gisapp.errors import NotFoundError
from gisapp.maps import palette, shapes
from gisapp.web.planner.geometry import features
from gisapp.web.source import District
from gisapp.web.texts import LANGUAGES, Texts

#: Lines and context polygons are thinned to this many degrees (about 25 m).
LINE_TOLERANCE_DEG = 0.00025
LINE_COLOURS = {"jalan": palette.ROAD, "sungai": palette.RIVER}
POLYGON_COLOURS = {"kawasan_hutan": "#7a8f5c", "hgu": "#a58d5a"}
LINE_KINDS = ("jalan", "sungai")
POLYGON_KINDS = ("kawasan_hutan", "hgu")


def _no_layer(name: str) -> NotFoundError:
    return NotFoundError(f"This run has no layer {name!r}.", f"Tidak ada lapisan {name!r} pada hasil ini.")


def _kind(frame: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    return frame[frame["kind"] == name].reset_index(drop=True)


def context_features(district: District, name: str) -> dict[str, Any]:
    """One layer as GeoJSON; facilities carry their names, lines and polygons nothing but their shape."""
    if name in LINE_KINDS or name in POLYGON_KINDS:
        frame = _kind(district.context("lines" if name in LINE_KINDS else "polygons"), name)
        thin = frame.set_geometry(frame.geometry.simplify(LINE_TOLERANCE_DEG))
        columns: list[str] = []
    else:
        thin, columns = _kind(district.facilities(), name), ["name"]
    if thin.empty:
        raise _no_layer(name)
    return features(thin.assign(row=range(len(thin))), key="row", columns=columns)


def listed(district: District, t: Texts) -> list[dict[str, Any]]:
    """Every layer that the page offers, with its count, or None where the workspace has none."""
    makers = (_collections, _facilities, _lines, _polygons, _rasters)
    return [layer for make in makers for layer in make(district, t)]


def placed(interventions: gpd.GeoDataFrame) -> Any:
    """Which suggestions have a place of their own; the others stand for their whole pocket, whatever their point."""
    named = interventions["location_label"].astype("object").fillna("").str.startswith(SITED)
    return named & interventions.geometry.notna()


def _layer(id: str, type: str, title: str, count: int | None, **more: Any) -> dict[str, Any]:
    return {"id": id, "type": type, "title": title, "count": count, "note": "", "on": False, **more}


def _collections(district: District, t: Texts) -> list[dict[str, Any]]:
    found = []
    if district.shows("pockets"):
        pockets = len(district.released("pockets").frame)
        found.append(_layer("pockets", "pockets", t("layer_pockets"), pockets, on=True))
    if district.shows("interventions"):
        suggested = int(placed(district.released("interventions").frame).sum())
        found.append(_layer("interventions", "interventions", t("layer_interventions"), suggested, on=True))
    borders = len(district.areas("kecamatan")) if "kecamatan" in district.levels else None
    return [*found, _layer("kecamatan", "boundary", t("layer_kecamatan"), borders, on=True)]


def _facilities(district: District, t: Texts) -> list[dict[str, Any]]:
    counts = district.facilities()["kind"].value_counts().to_dict()
    catalog = district.workspace.catalog
    found = []
    order = [*SERVICES, None]
    for spec in sorted(catalog.defaults.values(), key=lambda spec: (order.index(spec.service), spec.name)):
        if spec.role == "facility" and spec.kind:
            shape = palette.FACILITY_SHAPES.get(spec.service or "", "circle")
            title = t.pick((spec.title_id, spec.title_en))
            found.append(_layer(spec.kind, "points", title, counts.get(spec.kind), color=spec.style.color, shape=shape))
    return found


def _lines(district: District, t: Texts) -> list[dict[str, Any]]:
    frame = district.context("lines")
    found = []
    for kind in LINE_KINDS:
        mine = _kind(frame, kind)
        look = {"color": LINE_COLOURS[kind], "on": kind == "sungai"}
        note = t("line_km", n=t.number(shapes.length_km(mine))) if len(mine) else ""
        found.append(_layer(kind, "lines", _title(district, kind, t), len(mine) or None, note=note, **look))
    return found


def _polygons(district: District, t: Texts) -> list[dict[str, Any]]:
    frame = district.context("polygons")
    return [
        _layer(kind, "polygons", t(f"layer_{kind}"), len(_kind(frame, kind)) or None, color=POLYGON_COLOURS[kind])
        for kind in POLYGON_KINDS
    ]


def _title(district: District, kind: str, t: Texts) -> str:
    spec = district.workspace.catalog.kinds.get(kind)
    return t.pick((spec.title_id, spec.title_en)) if spec else kind


def _rasters(district: District, t: Texts) -> list[dict[str, Any]]:
    found = []
    for name, picture in district.pictures(t.lang).items():
        spec = district.workspace.catalog.layers.get(name)
        title = t.pick((spec.title_id, spec.title_en)) if spec else name
        found.append(
            _layer(
                name,
                "raster",
                title,
                1,
                note=picture.note,
                bounds=picture.bounds,
                legend=picture.legend,
                caption=picture.caption,
            )
        )
    return found


def raster_picture(district: District, name: str) -> bytes:
    """PNG of a raster of the run."""
    found = district.pictures(LANGUAGES[0])
    if name not in found:
        raise _no_layer(name)
    return found[name].png
