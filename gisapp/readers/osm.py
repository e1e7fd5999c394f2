"""Roads and rivers from an OpenStreetMap extract (.osm.pbf), read with the optional package ``osmium`` (BSD-2-Clause).

Columns are OpenStreetMap's own words, so that a road network can be made of them: where two ways share a node they
meet, elsewhere they pass over or under each other.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from gisapp.errors import FileRefusedError, Problem
from gisapp.readers.guard import LIMITS, local_file, refuse
from gisapp.readers.vector import VectorRead, finish

#: Largest extract: the places of all its nodes are held in memory, about ten times the file. An island group fits.
MOST_BYTES = 400_000_000

_MAGIC = b"\x0a\x09OSMHeader"
#: Values of ``highway`` that nobody travels: not built, gone, or no way at all.
_NO_ROADS = frozenset((
    "abandoned", "bus_stop", "construction", "corridor", "demolished", "disused", "elevator", "planned", "platform",
    "proposed", "raceway", "razed", "rest_area", "services",
))  # fmt: skip
_RIVERS = frozenset(("river", "stream", "canal", "tidal_channel"))
_ROAD_TAGS = ("name", "surface", "oneway", "bridge", "tunnel", "layer", "access")

Tags = Mapping[str, str]


def read_osm_roads(path: Path | str) -> VectorRead:
    """Read the roads and ferry lines of an .osm.pbf file in EPSG:4326, one row per way in the order of the file.

    Columns: osm_id, road_class (``highway``, or "ferry"), name, surface, oneway, bridge, tunnel, layer, access (text as
    in OpenStreetMap, blank where untagged; roundabouts and motorways without ``oneway`` get "yes", as its wiki says).
    Roads that are planned, gone or areas are left out. Private roads stay, with a count: estates have most of them.

    Raises
    ------
    FileRefusedError : code ``osmium_missing``, ``format_unknown``, ``format_mismatch``, ``file_too_large``,
        ``damaged``, ``layer_empty``.
    """
    found = _checked(path)
    rows, shapes, notes = _ways(found, ("highway", "route"), _road)
    private = sum(row["access"] in ("no", "private") for row in rows)
    notes += _note(
        "osm_private",
        private,
        "Roads tagged access=private or no; they are read like the others.",
        "Jalan bertanda access=private atau no; tetap dibaca seperti yang lain.",
    )
    return _finished(found, rows, shapes, notes)


def read_osm_rivers(path: Path | str) -> VectorRead:
    """Read the river lines (river, stream, canal, tidal channel) of an .osm.pbf file: osm_id, name, waterway.

    Raises
    ------
    FileRefusedError : as ``read_osm_roads``.
    """
    found = _checked(path)
    return _finished(found, *_ways(found, ("waterway",), _river))


def _checked(path: Path | str) -> Path:
    """Return the path of a file that is a PBF extract of bearable size, told by its first bytes."""
    found = local_file(path)
    if found.suffix.lower() != ".pbf":
        raise refuse(
            f"{found}: an OpenStreetMap extract ends in .osm.pbf.",
            f"{found}: berkas OpenStreetMap berakhiran .osm.pbf.",
            code="format_unknown",
        )
    with found.open("rb") as stream:
        head = stream.read(4 + len(_MAGIC))
    if head[4:] != _MAGIC:
        raise refuse(
            f"{found}: the content is no .osm.pbf extract. Download it again.",
            f"{found}: format tidak cocok: isinya bukan .osm.pbf. Unduh ulang.",
            code="format_mismatch",
        )
    size, most = found.stat().st_size, MOST_BYTES // 1_000_000
    if size > MOST_BYTES:
        raise refuse(
            f"{found}: {size // 1_000_000} MB are more than {most} MB. Cut the district out first (osmium extract).",
            f"{found}: {size // 1_000_000} MB melebihi {most} MB. Potong dahulu sesuai kabupaten (osmium extract).",
            code="file_too_large",
        )
    return found


def _library() -> Any:
    """Return the package osmium, or say how to get it."""
    try:
        return importlib.import_module("osmium")
    except ImportError as error:
        raise refuse(
            'Reading .osm.pbf needs the package osmium: pip install "gisapp[osm]".',
            'Membaca .osm.pbf memerlukan paket osmium: pip install "gisapp[osm]".',
            code="osmium_missing",
        ) from error


def _ways(
    path: Path, keys: tuple[str, ...], taken: Callable[[Tags], dict[str, str] | None]
) -> tuple[list[dict[str, str]], list[Any], list[Problem]]:
    """Rows and lines of the ways that ``taken`` makes a row of; stretches outside the extract are left out."""
    rows: list[dict[str, str]] = []
    shapes: list[Any] = []
    cut = 0
    for osm_id, tags, nodes in _tagged(path, keys):
        row = taken(tags)
        if row is None:
            continue
        lines, whole = _lines(nodes)
        cut += not whole
        if lines:
            rows.append({"osm_id": osm_id, **row})
            shapes.append(shapely.linestrings(lines[0]) if len(lines) == 1 else shapely.multilinestrings(lines))
        if len(rows) > LIMITS.features:
            raise refuse(
                f"{path}: more than {LIMITS.features} lines. Cut it to the district.",
                f"{path}: lebih dari {LIMITS.features} garis. Potong sesuai kabupaten.",
                code="file_too_large",
            )
    notes = _note(
        "osm_way_cut",
        cut,
        "Lines with places outside the extract; what lies inside was kept.",
        "Garis yang sebagian titiknya di luar potongan berkas; bagian di dalam disimpan.",
    )
    return rows, shapes, notes


def _tagged(
    path: Path, keys: tuple[str, ...]
) -> Iterator[tuple[str, dict[str, str], list[tuple[float, float] | None]]]:
    """Ways with one of these keys: id, tags, and the place of each node (None where it is not in the file)."""
    osmium = _library()
    try:
        reader = osmium.FileProcessor(str(path)).with_locations()
        reader = reader.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
        for way in reader.with_filter(osmium.filter.KeyFilter(*keys)):
            places = [(node.location.lon, node.location.lat) if node.location.valid() else None for node in way.nodes]
            yield str(way.id), dict(way.tags), places
    except (RuntimeError, ValueError, UnicodeDecodeError) as error:
        if isinstance(error, FileRefusedError):
            raise
        reason = str(error).splitlines()[0][:200]
        raise refuse(
            f"{path}: the extract is damaged: {reason}. Download it again.",
            f"{path}: berkas rusak: {reason}. Unduh ulang.",
            code="damaged",
        ) from error


def _road(tags: Tags) -> dict[str, str] | None:
    """Row of a road or ferry line; None for what is neither."""
    ferry = tags.get("route") == "ferry"
    road = tags.get("highway", "")
    if not ferry and (not road or road in _NO_ROADS or tags.get("area") == "yes"):
        return None
    row = {"road_class": "ferry" if ferry and not road else road, **{name: tags.get(name, "") for name in _ROAD_TAGS}}
    implied = tags.get("junction") in ("roundabout", "circular") or road == "motorway"
    row["oneway"] = row["oneway"] or ("yes" if implied else "")
    return row


def _river(tags: Tags) -> dict[str, str] | None:
    """Row of a river; None for other waterways (dams, weirs, ditches)."""
    kind = tags.get("waterway", "")
    return {"name": tags.get("name", ""), "waterway": kind} if kind in _RIVERS else None


def _lines(nodes: list[tuple[float, float] | None]) -> tuple[list[list[tuple[float, float]]], bool]:
    """Stretches of two or more known places, and whether all places were known."""
    stretches: list[list[tuple[float, float]]] = [[]]
    for place in nodes:
        if place is None:
            stretches.append([])
        else:
            stretches[-1].append(place)
    return [line for line in stretches if len(line) > 1], None not in nodes


def _note(code: str, count: int, en: str, id: str) -> list[Problem]:
    return [Problem(code=code, severity="info", count=count, detail=en, detail_id=id)] if count else []


def _finished(path: Path, rows: list[dict[str, str]], shapes: list[Any], notes: list[Problem]) -> VectorRead:
    columns: dict[str, list[str]] = {name: [row[name] for row in rows] for name in rows[0]} if rows else {}
    raw = gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes, crs="EPSG:4326"))
    return finish(path, raw, crs=None, notes=notes)
