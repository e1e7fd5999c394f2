"""Which collections the one who asks is offered, each with its columns, coordinate systems and extent."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import geopandas as gpd
import numpy as np
from werkzeug.exceptions import Unauthorized

from gisapp.columns import ID_COLUMNS, Column
from gisapp.errors import NotFoundError
from gisapp.release.collections import Disclosed
from gisapp.release.coordinates import DECIMALS_DEGREES, offered
from gisapp.release.selecting import fields_of
from gisapp.web.language import texts
from gisapp.web.source import District, district, source
from gisapp.writers.values import PARTS, base_collection, id_column

#: Every collection by its id; suggestions also in parts of one geometry type each, as QGIS and Shapefile want them.
COLLECTIONS: Final = (
    "areas", "pockets", "interventions", *(f"interventions_{part}" for part in PARTS), "gaps", "cells",
)  # fmt: skip
_GEOMETRY: Final = {
    "point": "geometry-point-or-multipoint",
    "line": "geometry-linestring-or-multilinestring",
    "polygon": "geometry-polygon-or-multipolygon",
}


@dataclass(frozen=True)
class Offer:
    """One collection of a district, as the audience of the request may see it."""

    id: str
    district: District

    @property
    def base(self) -> str:
        """Collection that this one is a part of, or itself."""
        return base_collection(self.id)

    @cached_property
    def disclosed(self) -> Disclosed:
        """Its rows after disclosure control, by id."""
        return self.district.in_order(self.id)

    @property
    def frame(self) -> gpd.GeoDataFrame:
        """The released rows."""
        return self.disclosed.frame

    @property
    def key(self) -> str:
        """Column that identifies a row."""
        return id_column(self.id)

    @property
    def fields(self) -> dict[str, Column]:
        """Columns by name, in print order."""
        return fields_of(self.id, self.frame)

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        t = texts()
        name, part = t(f"collection_{self.base}"), self.id.removeprefix(f"{self.base}_")
        return name if part == self.id else f"{name}: {t(f'ogc_part_{part}')}"

    @property
    def description(self) -> str:
        """What one row is, and what is withheld."""
        t = texts()
        return f"{t(f'ogc_about_{self.base}')} {t('ogc_withheld', k=self.disclosed.k, n=self.disclosed.suppressed)}"

    @property
    def crs(self) -> tuple[str, ...]:
        """Coordinate systems that it is served in, CRS84 first."""
        return reference_systems(self.district)

    @property
    def bounds(self) -> list[float]:
        """West, south, east, north of its rows, no finer than they are; of the district where none has a place."""
        own = self.frame.total_bounds
        found = own if np.isfinite(own).all() else district_bounds(self.district)
        scale = 10.0**DECIMALS_DEGREES
        return [*(np.floor(found[:2] * scale) / scale).tolist(), *(np.ceil(found[2:] * scale) / scale).tolist()]

    @property
    def geometry_format(self) -> str:
        """Type of the geometries as OGC API - Features, Part 5 names it."""
        if self.id != self.base:
            return _GEOMETRY[self.id.removeprefix(f"{self.base}_")]
        types = set(self.frame.geom_type.dropna())
        fitting = [part for part, names in PARTS.items() if types and types <= set(names)]
        return _GEOMETRY[fitting[0]] if fitting and self.id != "interventions" else "geometry-any"


def district_bounds(found: District) -> np.ndarray:
    """West, south, east, north of all areas."""
    return np.asarray(found.released("areas").frame.total_bounds)


def reference_systems(found: District) -> tuple[str, ...]:
    """Coordinate systems that fit where the district lies."""
    return offered(district_bounds(found).tolist(), found.workspace.settings.working_crs)


def is_public(collection: str) -> bool:
    """Whether strangers may see a collection."""
    return source().district("public").shows(base_collection(collection))


def offer(collection: str) -> Offer:
    """The collection of that id, else NotFoundError; 401 where it is not published and nobody has logged in."""
    if collection not in COLLECTIONS or base_collection(collection) not in ID_COLUMNS:
        names = ", ".join(COLLECTIONS)
        raise NotFoundError(
            f"No collection {collection[:60]!r}: {names}.", f"Tidak ada koleksi {collection[:60]!r}: {names}."
        )
    found = district()
    if not found.shows(base_collection(collection)):
        raise Unauthorized
    return Offer(collection, found)


def offers() -> list[Offer]:
    """Every collection that the one who asks may see."""
    found = district()
    return [Offer(name, found) for name in COLLECTIONS if found.shows(base_collection(name))]
