"""Stop at the gate when layers differ in their coordinate reference system, or lengths would be in degrees."""

from __future__ import annotations

from typing import TypeAlias

import geopandas as gpd

from gisapp.errors import CRSMismatchError, InvalidInputError

Layer: TypeAlias = gpd.GeoDataFrame | gpd.GeoSeries


def require_same_crs(left: Layer, right: Layer) -> None:
    """Raise ``CRSMismatchError`` unless both layers declare the same coordinate reference system."""
    require_layer(left)
    require_layer(right)
    if left.crs is None or right.crs is None or left.crs != right.crs:
        here, there = _name(left), _name(right)
        raise CRSMismatchError(
            f"The layers differ in coordinate reference system ({here} and {there}); "
            "declare `crs` in the layer's TOML or reproject one of them.",
            f"Sistem koordinat kedua lapisan berbeda ({here} dan {there}); "
            "isi `crs` pada TOML lapisan atau proyeksikan ulang salah satunya.",
        )


def require_layer(layer: object) -> None:
    """Raise ``InvalidInputError`` for anything that is not a layer with a column of geometries."""
    held = isinstance(layer, gpd.GeoSeries) or (
        isinstance(layer, gpd.GeoDataFrame) and layer.active_geometry_name is not None
    )
    if not held:
        kind = type(layer).__name__
        raise InvalidInputError(
            f"A GeoDataFrame or GeoSeries with geometries is expected, not {kind}.",
            f"Perlu GeoDataFrame atau GeoSeries dengan geometri, bukan {kind}.",
        )


def require_projected(layer: Layer) -> None:
    """Raise ``CRSMismatchError`` unless the layer is projected, in metres."""
    require_layer(layer)
    if layer.crs is None or not layer.crs.is_projected or layer.crs.axis_info[0].unit_name != "metre":
        raise CRSMismatchError(
            f"Distances need a projected coordinate reference system in metres, this layer has {_name(layer)}; "
            "reproject it to the working CRS of gisapp.toml first.",
            f"Jarak memerlukan sistem koordinat terproyeksi dalam meter, lapisan ini memakai {_name(layer)}; "
            "proyeksikan dahulu ke CRS kerja di gisapp.toml.",
        )


def _name(layer: Layer) -> str:
    """Short name of the CRS, or that there is none."""
    if layer.crs is None:
        return "none"
    authority = layer.crs.to_authority()
    return ":".join(authority) if authority else str(layer.crs.name)
