"""Possible sites: each on one spot in one area, with all the land that forbids it and all that is only noted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

from gisapp.analysis.crs import require_projected, require_same_crs
from gisapp.errors import InvalidInputError

#: What a polygon means for a site.
RULES = ("excludes", "note", "allows")


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """``frame``: source, code, excluded_by, land_note, x, y (metres); ``counts``: what became of all that were offered.

    ``excluded_by`` names every kind of land that forbids the spot ("hgu; kawasan_hutan"), null where none does;
    ``land_note`` what is to be heeded there ("rawan_bencana: bahaya sedang"), empty where nothing is.
    """

    frame: gpd.GeoDataFrame
    counts: dict[str, Any]


def check_candidates(points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, land: gpd.GeoDataFrame) -> Candidates:
    """Hold offered points against areas and land; of several on one spot (to the metre) the first stays.

    Parameters
    ----------
    points
        ``source`` and a point each, the preferred source first.
    areas
        ``code`` and polygons; a point on a shared border goes to the lowest code, one in no area is left out.
    land
        ``kind``, ``class`` (text), ``rule`` (one of ``RULES``) and polygons. May be empty.

    Raises
    ------
    InvalidInputError
        A missing column, a rule that is none, a layer without a metric CRS, or in another one.
    """
    _check(points, areas, land)
    there = points[~(points.geometry.isna() | points.geometry.is_empty)].reset_index(drop=True)
    spots = pd.DataFrame({"x": there.geometry.x.round(), "y": there.geometry.y.round()})
    once = there[~spots.duplicated().to_numpy()].reset_index(drop=True)
    within = once.sjoin(areas[["code", "geometry"]], predicate="intersects").sort_values("code")
    once = once.assign(code=within["code"].groupby(level=0).first().reindex(once.index))
    inside = once[once["code"].notna()].reset_index(drop=True)
    frame = inside.assign(
        excluded_by=land_named(inside, land[land["rule"] == "excludes"], ["kind"], None),
        land_note=land_named(inside, land[land["rule"] == "note"], ["kind", "class"], ""),
        x=inside.geometry.x,
        y=inside.geometry.y,
    )
    counts = {
        "offered": len(points),
        "without_place": len(points) - len(there),
        "same_spot": len(there) - len(once),
        "outside": len(once) - len(inside),
        "excluded": int(frame["excluded_by"].notna().sum()),
        "excluded_by": _counted(frame["excluded_by"]),
        "noted": _counted(frame["land_note"]),
        "allowed": int(frame["excluded_by"].isna().sum()),
    }
    return Candidates(frame=frame, counts=counts)


def inhabited_squares(x: Any, y: Any, *, edge_m: float, at_least: int) -> npt.NDArray[np.float64]:
    """Centres (n, 2) of the squares of ``edge_m`` metres in which at least ``at_least`` families live.

    ``x`` and ``y`` are metres; NaN where a family has no usable position. A centre is a corner of the grid and half an
    edge, whatever the homes, so that it tells nothing of where one of them stands.
    """
    if not (np.isfinite(edge_m) and edge_m > 0) or at_least < 1:
        raise InvalidInputError(
            f"edge_m is {edge_m} and at_least {at_least}: give metres above 0 and 1 family or more.",
            f"edge_m bernilai {edge_m} dan at_least {at_least}: isi meter di atas 0 dan sedikitnya 1 keluarga.",
        )
    across, up = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if across.shape != up.shape or across.ndim != 1:
        raise InvalidInputError(
            f"x has the shape {across.shape} and y {up.shape}: give one of each per family.",
            f"x berukuran {across.shape} dan y {up.shape}: beri satu untuk tiap keluarga.",
        )
    homes = np.column_stack([across, up])
    squares = np.floor(homes[np.isfinite(homes).all(axis=1)] / edge_m)
    corners, sizes = np.unique(squares, axis=0, return_counts=True)
    centres: npt.NDArray[np.float64] = (corners[sizes >= at_least] + 0.5) * edge_m
    return centres


def prefer_near(frame: gpd.GeoDataFrame, preferred: Any, *, within_m: float) -> gpd.GeoDataFrame:
    """Leave out candidates that have a preferred and allowed one within ``within_m`` metres (0: none is left out).

    ``preferred`` is a column of booleans, aligned with the frame of ``check_candidates``.
    """
    if not (np.isfinite(within_m) and within_m >= 0):
        raise InvalidInputError(
            f"within_m is {within_m}: give metres, 0 or more.",
            f"within_m bernilai {within_m}: isi meter, 0 atau lebih.",
        )
    chosen = np.asarray(preferred, dtype=bool)
    if len(chosen) != len(frame):
        raise InvalidInputError(
            f"preferred has {len(chosen)} rows and frame {len(frame)}.",
            f"preferred berisi {len(chosen)} baris dan frame {len(frame)}.",
        )
    strong = chosen & frame["excluded_by"].isna().to_numpy()
    if within_m == 0 or not strong.any() or strong.all():
        return frame
    places = frame[["x", "y"]].to_numpy(dtype=float)
    distance = cKDTree(places[strong]).query(places)[0]
    kept = chosen | (distance > within_m)
    return frame[kept].reset_index(drop=True)


def land_named(places: gpd.GeoDataFrame, land: gpd.GeoDataFrame, columns: list[str], none: str | None) -> pd.Series:
    """Names of all polygons that each place (a point, a line) touches, each once and sorted, or ``none``."""
    empty = pd.Series([none] * len(places), index=places.index, dtype="object")
    if land.empty or places.empty:
        return empty
    named = land[["geometry"]].assign(named=land[columns].astype(str).agg(": ".join, axis=1).str.removesuffix(": "))
    hit = places[["geometry"]].sjoin(named, predicate="intersects")
    joined = hit.groupby(level=0)["named"].agg(lambda names: "; ".join(sorted(set(names))))
    return empty.where(~empty.index.isin(joined.index), joined.reindex(empty.index))


def _counted(names: pd.Series) -> dict[str, int]:
    """How many candidates each kind of land is named for."""
    kinds = names.dropna().str.split("; ").explode().str.split(": ").str[0]
    return {str(kind): int(count) for kind, count in sorted(kinds[kinds != ""].value_counts().items())}


def _check(points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, land: gpd.GeoDataFrame) -> None:
    needed = ((points, "points", {"source"}), (areas, "areas", {"code"}), (land, "land", {"kind", "class", "rule"}))
    for frame, name, columns in needed:
        absent = ", ".join(sorted(columns - set(frame.columns)))
        if absent:
            raise InvalidInputError(f"{name}: no column {absent}.", f"{name}: tidak ada kolom {absent}.")
    wrong = land.loc[~land["rule"].isin(RULES), "rule"]
    if len(wrong):
        listed = ", ".join(RULES)
        raise InvalidInputError(
            f"land: rule of row {wrong.index[0]} is {wrong.iloc[0]!r}; give one of {listed} ({len(wrong)} such rows).",
            f"land: rule baris {wrong.index[0]} bernilai {wrong.iloc[0]!r}; isi {listed} ({len(wrong)} baris).",
        )
    require_projected(areas)
    for other in (points, land):
        require_same_crs(areas, other)
