"""What a layer is: the declaration read from one ``layers/<name>.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Role = Literal["boundary", "facility", "road", "raster", "table"]

ROLES: tuple[Role, ...] = ("boundary", "facility", "road", "raster", "table")
#: Levels of boundary layers, from large to small; ``sls`` (hamlets: dusun, RT/RW) only makes pockets and no total.
LEVELS = ("kabupaten", "kecamatan", "desa", "sls")
#: Kinds of polygon that are context, not administrative areas: a site is checked against each.
CONTEXT_KINDS = ("kawasan_hutan", "hgu", "pola_ruang_rtrw", "lp2b", "rawan_bencana")
#: Works with a budget, and public land: points, lines or polygons, under the role of their shape.
WORKS_KIND, PUBLIC_LAND_KIND = "rencana_kegiatan", "lahan_publik"
SHAPED_KINDS = (WORKS_KIND, PUBLIC_LAND_KIND)
TABLE_KINDS = (
    "population",
    "published_poverty",
    "crosswalk",
    "direct_estimates",
    "expected_families",
    "programme",
    "planned_works",
    "target_list",
)
#: ``other`` is drawn as an overlay and enters no figure.
RASTER_KINDS = ("population", "land_cover", "elevation", "other")
LINE_KINDS = ("jalan", "sungai")


@dataclass(frozen=True, kw_only=True)
class Style:
    """How a layer is drawn: ``color`` is #rrggbb, ``width`` is in pixels."""

    color: str = "#5d6b72"
    symbol: str = "circle"
    width: float = 1.0
    palette: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Standard:
    """An access standard of a service, dated and sourced.

    ``distance_m`` is the farthest distance in metres, ``population`` the most persons that one facility serves.
    """

    service: str
    distance_m: float
    population: float | None = None
    source: str
    date: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class LayerSpec:
    """One layer as declared. ``path`` is None in the default catalogue, which holds no data."""

    name: str
    role: Role
    title_id: str
    title_en: str
    path: str | None = None
    level: str | None = None
    key: str | None = None
    name_column: str | None = None
    kind: str | None = None
    kind_column: str | None = None
    kind_map: Mapping[str, str] = field(default_factory=dict)
    class_column: str | None = None
    capacity_column: str | None = None
    aliases: tuple[str, ...] = ()
    service: str | None = None
    crs: str | None = None
    latitude: str | None = None
    longitude: str | None = None
    source: str = ""
    date: str = ""
    licence: str = ""
    legal_status: str = ""
    completeness: float | None = None
    original: str | None = None
    original_sha256: str | None = None
    style: Style = Style()
    standards: tuple[Standard, ...] = ()
    file: Path | None = None

    @property
    def data_path(self) -> Path | None:
        """Absolute path of the data file, or None for a layer of the default catalogue."""
        if self.path is None or self.file is None:
            return None
        return self.file.parent / self.path
