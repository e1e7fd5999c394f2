"""Rasters of a run as pictures for maps."""

from __future__ import annotations

from typing import Any

import rasterio

from gisapp.maps.numbers import number
from gisapp.maps.overlay import Picture, picture
from gisapp.maps.words import word


def pictures(workspace: Any, run: Any, *, lang: str = "id") -> dict[str, Picture]:
    """Every raster of the run by layer name, coloured by its layer's kind; the note says how long a cell's edge is."""
    found = {}
    for name, path in run.rasters().items():
        spec = workspace.catalog.layers.get(name)
        with rasterio.open(path, driver="GTiff") as source:
            edge = f"{number(abs(source.transform.a), lang)}\u00a0m"
            found[name] = picture(
                source.read(1),
                bounds_3857=tuple(source.bounds),
                kind=str(getattr(spec, "kind", None) or name),
                lang=lang,
                nodata=source.nodata,
                palette=tuple(getattr(getattr(spec, "style", None), "palette", ()) or ()),
                note=word("cell", lang, edge=edge),
                caption=_caption(spec, edge, lang),
            )
    return found


def _caption(spec: Any, edge: str, lang: str) -> str:
    """Unit where the numbers do not carry it, source and date of the layer."""
    unit = word("per_cell", lang, edge=edge) if getattr(spec, "kind", None) == "population" else ""
    return " · ".join(part for part in (unit, getattr(spec, "source", ""), getattr(spec, "date", "")) if part)
