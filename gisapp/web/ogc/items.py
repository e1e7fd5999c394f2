"""Rows as GeoJSON features, in the coordinates that are asked for."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import orjson
import shapely

from gisapp.errors import NotFoundError
from gisapp.release.coordinates import CRS84, decimals_of, out_of_degrees
from gisapp.release.selecting import selected
from gisapp.web.language import texts
from gisapp.web.ogc.asked import Asked
from gisapp.web.ogc.links import GEOJSON, HTML, JSON, address, here, link, self_and_page
from gisapp.web.ogc.offers import Offer
from gisapp.writers.geojson import rounded
from gisapp.writers.values import plain_columns


def features(frame: gpd.GeoDataFrame, found: Offer, *, crs: str) -> list[dict[str, Any]]:
    """Features of some rows: ids as text, every released column, null where withheld or unknown."""
    geometry = np.asarray(frame.geometry.array, dtype=object)
    moved = rounded(out_of_degrees(geometry, crs), decimals=decimals_of(crs))
    columns = plain_columns(frame, found.id)
    names = list(columns)
    rows = zip(shapely.to_geojson(moved), *columns.values(), strict=True)
    ids = columns[found.key]
    return [
        {
            "type": "Feature",
            "id": str(ids[number]),
            "geometry": None if text is None else orjson.Fragment(text),
            "properties": dict(zip(names, values, strict=True)),
        }
        for number, (text, *values) in enumerate(rows)
    ]


def page_of(found: Offer, asked: Asked) -> dict[str, Any]:
    """One page of a collection: features, how many match in all, and links to the pages beside it."""
    matching = selected(found.disclosed, found.id, asked.selection)
    part = matching.iloc[asked.offset : asked.offset + asked.limit]
    return {
        "type": "FeatureCollection",
        "numberMatched": len(matching),
        "numberReturned": len(part),
        "links": _links(found, asked, len(matching)),
        "features": features(part, found, crs=asked.crs),
    }


def _links(found: Offer, asked: Asked, matched: int) -> list[dict[str, str]]:
    t, links = texts(), self_and_page(GEOJSON, found.title)
    links.append(link("collection", JSON, address("collection", collection=found.id), found.title))
    if asked.offset + asked.limit < matched:
        onward = here(limit=asked.limit, offset=asked.offset + asked.limit)
        links.append(link("next", GEOJSON, onward, t("ogc_next")))
    if asked.offset > 0:
        back = here(limit=asked.limit, offset=max(asked.offset - asked.limit, 0))
        links.append(link("prev", GEOJSON, back, t("ogc_previous")))
    return links


def feature(found: Offer, feature_id: str, *, crs: str = CRS84) -> dict[str, Any]:
    """One feature with its links; NotFoundError where the collection has none of this id."""
    rows = found.frame[found.frame[found.key].astype(str) == feature_id]
    if rows.empty:
        raise NotFoundError(
            f"{found.id} has no item {feature_id[:60]!r}.", f"{found.id} tidak memuat {feature_id[:60]!r}."
        )
    document = features(rows.iloc[:1], found, crs=crs)[0]
    links = [
        *self_and_page(GEOJSON, feature_id),
        link("collection", JSON, address("collection", collection=found.id), found.title),
        link("up", HTML, address("items_page", collection=found.id, f="html"), found.title),
    ]
    return document | {"links": links}
