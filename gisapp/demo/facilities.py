"""Schools, health posts and markets, placed at hamlets; absent where a planted pocket's cause is their absence."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gisapp.demo.planted import Planted, members_without
from gisapp.demo.profiles import parameters, stream
from gisapp.demo.settlements import scatter

Array = npt.NDArray[np.float64]

#: Hamlets this close to a pocket get no facility of the kind that the pocket lacks.
_AWAY_M = 2000.0
_TITLES = {
    "paud": "PAUD Contoh",
    "sd": "SD Negeri Contoh",
    "mi": "MI Contoh",
    "smp": "SMP Negeri Contoh",
    "mts": "MTs Contoh",
    "sma": "SMA Negeri Contoh",
    "ma": "MA Contoh",
    "smk": "SMK Contoh",
    "puskesmas": "Puskesmas Contoh",
    "pustu": "Pustu Contoh",
    "posyandu": "Posyandu Contoh",
    "pasar": "Pasar Contoh",
}


def make_facilities(
    areas: gpd.GeoDataFrame,
    settlements: gpd.GeoDataFrame,
    planted: tuple[Planted, ...],
    families: npt.NDArray[np.int64],
    *,
    seed: int,
) -> gpd.GeoDataFrame:
    """Points (CRS of ``areas``, metres): kind, name, area (row), room; sorted by kind, then by order of placing."""
    frames = [
        _of_kind(kind, float(rate), areas, settlements, planted, families, seed=seed)
        for kind, rate in parameters()["facilities"].items()
    ]
    frame = pd.concat(frames, ignore_index=True)
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=areas.crs)


def _of_kind(
    kind: str,
    per_100_areas: float,
    areas: gpd.GeoDataFrame,
    settlements: gpd.GeoDataFrame,
    planted: tuple[Planted, ...],
    families: npt.NDArray[np.int64],
    *,
    seed: int,
) -> gpd.GeoDataFrame:
    rng = stream(seed, f"facility:{kind}")
    hamlet_area = settlements["area"].to_numpy()
    allowed = _allowed(kind, areas, settlements, planted)
    count = max(1, round(per_100_areas * len(areas) / 100))
    weight = settlements["share"].to_numpy() * np.sqrt(families[hamlet_area]) * allowed
    chosen = _spread(weight, hamlet_area, count, rng)
    x, y = shapely.get_coordinates(settlements.geometry.to_numpy()[chosen]).T
    area = hamlet_area[chosen]
    x, y = scatter(x, y, area, areas.geometry.to_numpy(), sd_m=160.0, rng=rng)
    names = [f"{_TITLES[kind]} {number}" for number in range(1, len(chosen) + 1)]
    columns = {"kind": kind, "name": names, "area": area, "room": _room(kind, len(chosen), seed=seed)}
    return gpd.GeoDataFrame(columns, geometry=shapely.points(x, y), crs=areas.crs)


def _room(kind: str, count: int, *, seed: int) -> pd.Series:
    """How many each school of one kind has room for (synthetic); None where its list is blank, and for other kinds."""
    given = parameters()["room"]
    if kind not in given:
        return pd.Series([None] * count, dtype="object")
    fewest, most, years, pupils = given[kind]
    rng = stream(seed, f"room:{kind}")
    room = pd.Series(rng.integers(fewest, most + 1, count) * years * pupils).astype("object")
    return room.mask(rng.random(count) < float(given["blank_share"]), None)


def _allowed(
    kind: str, areas: gpd.GeoDataFrame, settlements: gpd.GeoDataFrame, planted: tuple[Planted, ...]
) -> npt.NDArray[np.bool_]:
    members = list(members_without(planted, kind))
    if not members:
        return np.ones(len(settlements), dtype=bool)
    pocket = shapely.union_all(areas.geometry.to_numpy()[members])
    allowed: npt.NDArray[np.bool_] = ~shapely.dwithin(settlements.geometry.to_numpy(), pocket, _AWAY_M)
    return allowed if allowed.any() else ~np.isin(settlements["area"].to_numpy(), members)


def _spread(weight: Array, area: npt.NDArray[np.int64], count: int, rng: np.random.Generator) -> npt.NDArray[np.intp]:
    """Hamlets for ``count`` facilities in rounds: an area gets its next one when the others had their turn."""
    open_hamlets = np.flatnonzero(weight > 0)
    if not len(open_hamlets):
        return open_hamlets
    chosen: list[npt.NDArray[np.intp]] = []
    left = count
    while left > 0:
        # Exponential clocks: the smallest time of an area's hamlets is a draw in proportion to their weights.
        clock = rng.exponential(size=len(open_hamlets)) / weight[open_hamlets]
        order = open_hamlets[np.argsort(clock, kind="stable")]
        _, first = np.unique(area[order], return_index=True)
        turn = order[np.sort(first)][:left]
        chosen.append(turn)
        left -= len(turn)
    return np.concatenate(chosen)
