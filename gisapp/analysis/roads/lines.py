"""Road lines made ready for noding: single, flat, in an order that no shuffling of rows changes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gisapp.analysis.checks import Complaints
from gisapp.analysis.crs import require_projected
from gisapp.analysis.roads.report import Tally
from gisapp.errors import InvalidInputError

Ints = npt.NDArray[np.intp]
Objects = npt.NDArray[np.object_]

#: Coordinates closer than this are one place: beyond what any district's lines are exact to.
SAME_PLACE_M = 0.001

_FORWARD = {"yes", "true", "1", "1.0", "ya", "searah"}
_BACKWARD = {"-1", "-1.0", "reverse"}
_NOT = {"", "no", "false", "0", "0.0", "tidak", "dua arah"}


@dataclass(frozen=True)
class Lines:
    """Lines in one order; ``row`` is the position in the input, one-way lines run in the direction of travel."""

    geometry: Objects
    attributes: pd.DataFrame
    """road_class, surface (text), oneway (bool), level (whole number), row."""

    def taken(self, at: Any) -> Lines:
        """Return the lines at these positions, in this order."""
        return Lines(self.geometry[at], self.attributes.iloc[at].reset_index(drop=True))


def ready_lines(roads: gpd.GeoDataFrame, tally: Tally) -> Lines:
    """Check road lines and make them single, flat, unrepeated and simple, noting what was changed in ``tally``."""
    geometry = _checked(roads)
    attributes = _attributes(roads, tally)
    absent = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    tally.add("no_geometry", np.flatnonzero(absent))
    parts, owner = shapely.get_parts(geometry[~absent], return_index=True)
    rows = np.flatnonzero(~absent)[owner]
    tally.add("multi_part", np.flatnonzero(np.bincount(rows, minlength=len(geometry)) > 1))
    lines = Lines(shapely.remove_repeated_points(shapely.force_2d(parts)), attributes.iloc[rows].reset_index(drop=True))
    long = shapely.length(lines.geometry) > SAME_PLACE_M
    tally.add("zero_length", rows[~long])
    lines = _unrepeated(_directed(lines.taken(np.flatnonzero(long))), tally)
    if len(lines.geometry) == 0:
        raise InvalidInputError(
            f"roads: none of {len(geometry)} rows is a line with a length. Add a layer of road lines.",
            f"roads: tidak satu pun dari {len(geometry)} baris berupa garis yang berpanjang. Tambahkan garis jalan.",
        )
    return _simple(lines, tally)


def _checked(roads: gpd.GeoDataFrame) -> Objects:
    """Return the geometries, or refuse what are no lines in metres with a class, naming the rows."""
    require_projected(roads)
    complaints = Complaints("roads")
    if "road_class" not in getattr(roads, "columns", ()):
        complaints.add("no column road_class", "tidak ada kolom road_class")
        complaints.refuse()
    geometry = roads.geometry.to_numpy()
    named = roads["road_class"].astype("string").str.strip().fillna("").to_numpy() != ""
    complaints.rows(~named, roads.index, "road_class is missing", "road_class kosong")
    kinds = shapely.get_type_id(geometry)
    other = ~np.isin(kinds, (-1, 1, 2, 5)) & ~shapely.is_empty(geometry)
    complaints.rows(other, roads.index, "the geometry is no line", "geometri bukan garis")
    xy, owner = shapely.get_coordinates(geometry, return_index=True)
    endless = np.zeros(len(geometry), dtype=bool)
    endless[owner[~np.isfinite(xy).all(axis=1)]] = True
    complaints.rows(endless, roads.index, "a coordinate is not a number", "koordinat bukan angka")
    complaints.refuse()
    return np.asarray(geometry, dtype=object)


def _attributes(roads: gpd.GeoDataFrame, tally: Tally) -> pd.DataFrame:
    direction = _direction(_text(roads, "oneway"), tally)
    return pd.DataFrame(
        {
            "road_class": roads["road_class"].astype("string").str.strip().astype(object).to_numpy(),
            "surface": _text(roads, "surface").to_numpy(dtype=object),
            "oneway": direction != 0,
            "backward": direction < 0,
            "level": _level(roads, tally),
            "row": np.arange(len(roads)),
        }
    )


def _text(roads: gpd.GeoDataFrame, column: str) -> pd.Series:
    """A column as trimmed lower-case text, blank where there is none."""
    if column not in roads.columns:
        return pd.Series("", index=range(len(roads)), dtype="string")
    return roads[column].reset_index(drop=True).astype("string").fillna("").str.strip().str.lower()


def _direction(said: pd.Series, tally: Tally) -> Ints:
    """1 along the line only, -1 against it only, 0 both ways."""
    forward, backward = said.isin(_FORWARD).to_numpy(), said.isin(_BACKWARD).to_numpy()
    tally.add("oneway_unknown", np.flatnonzero(~forward & ~backward & ~said.isin(_NOT).to_numpy()))
    found: Ints = forward.astype(np.intp) - backward.astype(np.intp)
    return found


def _level(roads: gpd.GeoDataFrame, tally: Tally) -> Ints:
    """``layer`` where it is a number, else 1 on a bridge, -1 in a tunnel, 0 elsewhere (as OpenStreetMap reads it)."""
    said = _text(roads, "layer")
    layer = pd.to_numeric(said, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    known = np.isfinite(layer) & (np.abs(layer) < 100)
    tally.add("level_unknown", np.flatnonzero((said != "").to_numpy() & ~known))
    bridge, tunnel = (~_text(roads, name).isin(_NOT).to_numpy() for name in ("bridge", "tunnel"))
    implied = np.where(bridge, 1, np.where(tunnel, -1, 0))
    found: Ints = np.where(known, np.nan_to_num(layer, posinf=0, neginf=0), implied).astype(np.intp)
    return found


def _directed(lines: Lines) -> Lines:
    """Turn lines that are travelled against their drawing; two-way lines get GEOS's normal direction."""
    oneway, backward = lines.attributes["oneway"].to_numpy(), lines.attributes["backward"].to_numpy()
    geometry = np.where(oneway, lines.geometry, shapely.normalize(lines.geometry))
    geometry = np.where(backward, shapely.reverse(geometry), geometry)
    return Lines(geometry, lines.attributes.drop(columns="backward"))


def _unrepeated(lines: Lines, tally: Tally) -> Lines:
    """Put the lines in the order of their bytes and attributes, and leave out the ones that repeat another."""
    told = lines.attributes[["road_class", "surface", "oneway", "level"]]
    shapes = shapely.to_wkb(lines.geometry)
    rows = lines.attributes["row"].to_list()
    told_rows = told.itertuples(index=False, name=None)
    keys = [(shape, *rest, row) for shape, rest, row in zip(shapes, told_rows, rows, strict=True)]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    again = [at for before, at in pairwise(order) if keys[before][:-1] == keys[at][:-1]]
    tally.add("duplicate", lines.attributes["row"].to_numpy()[again])
    repeated = set(again)
    return lines.taken(np.array([at for at in order if at not in repeated], dtype=np.intp))


def _simple(lines: Lines, tally: Tally) -> Lines:
    """Take lines that cross themselves apart, vertex by vertex; what meets then is found like any two lines."""
    crossed = np.flatnonzero(~shapely.is_simple(lines.geometry))
    if len(crossed) == 0:
        return lines
    tally.add("self_crossing", lines.attributes["row"].to_numpy()[crossed])
    whole = np.setdiff1d(np.arange(len(lines.geometry)), crossed)
    legs = [shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1)) for xy in map(_vertices, lines.geometry[crossed])]
    owner = np.repeat(crossed, [len(each) for each in legs])
    taken = lines.attributes.iloc[np.concatenate([whole, owner])].reset_index(drop=True)
    return Lines(np.concatenate([lines.geometry[whole], *legs]), taken)


def _vertices(line: Any) -> npt.NDArray[np.float64]:
    xy: npt.NDArray[np.float64] = shapely.get_coordinates(line)
    return xy
