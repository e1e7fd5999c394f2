"""Roads and rivers as travel needs them: the class of each road in the words of the table of speeds."""

from __future__ import annotations

from collections import Counter
from functools import cache

import geopandas as gpd
import pandas as pd

from gisapp.catalog.spec import LayerSpec
from gisapp.catalog.travel_speeds import load_travel_speeds
from gisapp.readers.layer import read_layer
from gisapp.workspace.columns import PLACE_NAMES, as_text, find_column
from gisapp.workspace.folder import Workspace
from gisapp.workspace.layers import WGS84

#: Usual names of the column of a road's class and of what says that it is a bridge; the first that is there wins.
ROAD_CLASS_COLUMNS = (
    "kelas", "kelas_jalan", "kls_jalan", "status_jalan", "status", "fungsi_jalan", "fungsi", "highway", "fclass",
    "class", "road_class", "jenis",
)  # fmt: skip
BRIDGE_COLUMNS = ("bridge", "jembatan")
#: Class of a road whose own is missing or unknown: that of a local road, and counted.
UNKNOWN_CLASS = "unclassified"
#: Words of road maps that mean a class of the table of speeds: OpenStreetMap and PP 34/2006 (status and function).
_SYNONYMS = {
    "motorway": "trunk", "living_street": "residential", "pedestrian": "path", "footway": "path", "steps": "path",
    "bridleway": "path", "cycleway": "path", "jalan setapak": "setapak", "negara": "nasional", "kota": "kabupaten",
    "kabupaten/kota": "kabupaten", "poros desa": "desa", "dusun": "desa", "usaha tani": "track",
}  # fmt: skip
_YES = ("yes", "ya", "y", "true", "1", "viaduct", "jembatan")


def road_class(word: str) -> str | None:
    """Class of the table of speeds that a word of a road map means; None where nobody knows.

    >>> road_class("Jalan Kabupaten"), road_class("trunk_link"), road_class("Kolektor Primer"), road_class("3A")
    ('kabupaten', 'trunk', 'kolektor', None)
    """
    plain = " ".join(word.lower().replace("_link", "").split())
    plain = plain.removeprefix("jalan ") if plain not in _SYNONYMS else plain
    for tail in (" primer", " sekunder"):
        plain = plain.removesuffix(tail)
    found = _SYNONYMS.get(plain, plain)
    return found if found in _known_classes() else None


@cache
def _known_classes() -> frozenset[str]:
    """Classes of road that the table of speeds has."""
    speeds = load_travel_speeds().speeds
    return frozenset(speeds.loc[speeds["group"].eq("road"), "class"])


def read_ways(workspace: Workspace) -> tuple[gpd.GeoDataFrame, dict[str, int]]:
    """Roads (EPSG:4326): ``layer``, ``name``, ``class``, ``bridge`` (NA where no layer says); and words nobody knows.

    The words come with how many roads have them; those roads are taken as ``UNKNOWN_CLASS``.
    """
    unknown: Counter[str] = Counter()
    frames = [_one(spec, unknown) for spec in workspace.catalog.roads() if spec.kind == "jalan"]
    if not frames:
        empty = {name: pd.Series(dtype="object") for name in ("layer", "name", "class", "bridge")}
        return gpd.GeoDataFrame(empty, geometry=gpd.GeoSeries([], crs=WGS84), crs=WGS84), {}
    return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=WGS84), dict(sorted(unknown.items()))


def _one(spec: LayerSpec, unknown: Counter[str]) -> gpd.GeoDataFrame:
    frame = read_layer(spec).frame
    frame = frame[~(frame.geometry.isna() | frame.geometry.is_empty)].reset_index(drop=True)
    named = spec.name_column or find_column(frame.columns, PLACE_NAMES)
    column, bridges = (find_column(frame.columns, names) for names in (ROAD_CLASS_COLUMNS, BRIDGE_COLUMNS))
    words = as_text(frame[column]) if column else pd.Series("", index=frame.index, dtype="str")
    classes = words.map(road_class)
    unknown.update(words[classes.isna()].replace("", "(kosong)").tolist())
    bridge = as_text(frame[bridges]).str.lower().isin(_YES).astype("boolean") if bridges else pd.NA
    return gpd.GeoDataFrame(
        {
            "layer": spec.name,
            "name": as_text(frame[named]) if named else "",
            "class": classes.fillna(UNKNOWN_CLASS),
            "bridge": pd.Series(bridge, index=frame.index, dtype="boolean"),
        },
        geometry=frame.geometry,
        crs=frame.crs,
    )
