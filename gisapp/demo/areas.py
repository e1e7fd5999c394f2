"""The areas of the synthetic district: made by us, or real boundaries that were handed in."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS

from gisapp.demo.profiles import Profile, invented_words, stream
from gisapp.demo.tessellation import Array, cells, spread_points
from gisapp.errors import CRSMismatchError, InvalidInputError


def make_areas(profile: Profile, *, seed: int) -> gpd.GeoDataFrame:
    """Areas of a fictitious district in EPSG:4326 without gap or overlap, codes starting with 99."""
    rng = stream(seed, "areas")
    inside, outside = _seeds(profile, rng)
    polygons = cells(inside, outside, rng)
    parents = _parents(inside, polygons, profile.kecamatan, rng)
    frame = gpd.GeoDataFrame({"parent": parents}, geometry=polygons, crs=_utm(*profile.centre))
    frame = _named(frame, inside, profile, rng).to_crs(4326)
    frame["geometry"] = shapely.transform(frame.geometry.to_numpy(), lambda xy: np.round(xy, 6))
    return frame.sort_values("code", ignore_index=True)


def given_areas(boundaries: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The handed-in boundaries (code, name; EPSG:4326), one valid polygon per code, kecamatan read from the code.

    Rows without a polygon are left out: nobody can be placed there.
    """
    if boundaries.crs is None or CRS(boundaries.crs) != CRS(4326):
        raise CRSMismatchError(
            "Boundaries for the demo must be in EPSG:4326.", "Batas wilayah untuk demo harus dalam EPSG:4326."
        )
    absent = {"code", "name"} - set(boundaries.columns)
    if absent or boundaries.empty:
        raise InvalidInputError(
            "Boundaries for the demo need the columns code and name, and at least one area.",
            "Batas wilayah untuk demo harus memiliki kolom code dan name, dan sedikitnya satu wilayah.",
        )
    frame = boundaries[["code", "name", "geometry"]]
    frame = frame[~(frame.geometry.isna() | frame.geometry.is_empty)]
    frame = dissolved(frame.assign(code=frame["code"].astype(str)), key="code", name="name")
    frame["parent"] = [_parent_code(code) for code in frame["code"]]
    frame["parent_name"] = frame["parent"]
    frame["kelurahan"] = [code.rpartition(".")[2].startswith("1") for code in frame["code"]]
    return frame.sort_values("code", ignore_index=True)


def metric(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The same areas in metres, in their own UTM zone."""
    west, south, east, north = areas.total_bounds
    return areas.to_crs(_utm((west + east) / 2, (south + north) / 2))


def dissolved(areas: gpd.GeoDataFrame, *, key: str, name: str) -> gpd.GeoDataFrame:
    """Areas joined by ``key``: columns code, name, geometry; sorted by code."""
    rows = [
        (code, str(group[name].iloc[0]), _joined(group.geometry.to_numpy()))
        for code, group in areas.groupby(key, sort=True)
    ]
    frame = pd.DataFrame(rows, columns=["code", "name", "geometry"])
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=areas.crs)


def neighbour_pairs(areas: gpd.GeoDataFrame, *, tolerance_m: float = 30.0) -> npt.NDArray[np.intp]:
    """Pairs (i, j), i != j, of areas closer than the tolerance; real boundaries leave slivers between neighbours."""
    geometry = areas.geometry.to_numpy()
    pairs = shapely.STRtree(geometry).query(geometry, predicate="dwithin", distance=tolerance_m)
    pairs = pairs[:, pairs[0] != pairs[1]]
    ordered: npt.NDArray[np.intp] = pairs[:, np.lexsort((pairs[1], pairs[0]))].T
    return ordered


def _utm(longitude: float, latitude: float) -> str:
    zone = min(max(int((longitude + 180) // 6) + 1, 1), 60)
    # Northern zones hold Langkat and Labuhanbatu Selatan; a district across the equator keeps one zone.
    return f"EPSG:{(32600 if latitude >= 0 else 32700) + zone}"


def _joined(polygons: npt.NDArray[np.object_]) -> shapely.Geometry:
    """Union of polygons; a single valid polygon is returned untouched."""
    valid = shapely.is_valid(polygons).all()
    if len(polygons) == 1 and valid:
        return polygons[0]
    return shapely.union_all(polygons if valid else shapely.buffer(shapely.make_valid(polygons), 0.0))


def _parent_code(code: str) -> str:
    if "." in code:
        return code.rpartition(".")[0]
    if len(code) == 10 and code.isdigit():
        return code[:6] if code[6] in "123" else code[:7]
    return ""


def _seeds(profile: Profile, rng: np.random.Generator) -> tuple[Array, Array]:
    """Seeds of the areas, and of a belt around them that closes the outer cells."""
    point = gpd.GeoSeries.from_xy([profile.centre[0]], [profile.centre[1]], crs=4326).to_crs(_utm(*profile.centre))
    radius = np.sqrt(profile.area_km2 * 1e6 / np.pi)
    xy = rng.uniform(-1.7, 1.7, (30000, 2))
    angle, distance = np.arctan2(xy[:, 1], xy[:, 0]), np.hypot(xy[:, 0], xy[:, 1])
    phase = rng.uniform(0, 2 * np.pi, 3)
    edge = (
        1
        + 0.16 * np.sin(2 * angle + phase[0])
        + 0.08 * np.sin(3 * angle + phase[1])
        + 0.05 * np.sin(5 * angle + phase[2])
    )
    inside = distance < edge
    # Areas are small towards the north-east (coast and towns) and large in the south-western hills.
    spacing = 1.0 + 0.55 * np.clip(-(xy[:, 0] + xy[:, 1]) / 1.4, -1, 1)
    chosen = spread_points(profile.areas, spacing[inside], xy[inside], rng)
    belt = np.flatnonzero((distance >= edge) & (distance < edge + 0.35))
    around = spread_points(profile.areas, spacing[belt], xy[belt], rng)
    far = 3.0 * np.array([[-1, -1], [-1, 1], [1, -1], [1, 1], [0, 1], [0, -1], [1, 0], [-1, 0]])
    centre = np.array([point.x.iloc[0], point.y.iloc[0]])
    return xy[inside][chosen] * radius + centre, np.concatenate([xy[belt][around], far]) * radius + centre


def _parents(
    seeds: Array, polygons: npt.NDArray[np.object_], count: int, rng: np.random.Generator
) -> npt.NDArray[np.intp]:
    """Number of the kecamatan of each area: grown outward together from spread seats, so each is one piece."""
    seats = spread_points(count, np.ones(len(seeds)), seeds, rng)
    pairs = neighbour_pairs(gpd.GeoDataFrame(geometry=polygons), tolerance_m=0.01)
    parent = np.full(len(seeds), -1)
    parent[seats] = np.arange(count)
    while (parent < 0).any():
        open_pairs = pairs[(parent[pairs[:, 0]] >= 0) & (parent[pairs[:, 1]] < 0)]
        size = np.bincount(parent[parent >= 0], minlength=count)
        owner = parent[open_pairs[:, 0]]
        reach = np.hypot(*(seeds[open_pairs[:, 1]] - seeds[seats[owner]]).T) * (1 + size[owner])
        best = int(reach.argmin())
        parent[open_pairs[best, 1]] = owner[best]
    return parent


def _named(frame: gpd.GeoDataFrame, seeds: Array, profile: Profile, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Add fictitious codes and names; kelurahan are small areas spread over the kecamatan."""
    names = invented_words()["areas"]
    # Kecamatan are numbered from south-west to north-east, areas inside likewise.
    frame["order"] = seeds.sum(axis=1)
    rank = frame.groupby("parent")["order"].mean().rank(method="first").astype(int)
    frame["number"] = frame["parent"].map(rank)
    within = frame.groupby("number")["order"].rank(method="first").astype(int)
    smallness = frame.area.rank() * rng.uniform(0.6, 1.4, len(frame))
    frame["kelurahan"] = smallness.rank(method="first") <= profile.kelurahan
    frame["parent_name"] = [f"Contoh {names[(n - 1) % len(names)]}" for n in frame["number"]]
    frame["parent"] = [f"{profile.code}.{n:02d}" for n in frame["number"]]
    frame["code"] = [
        f"{parent}.{1 if urban else 2}{serial:03d}"
        for parent, urban, serial in zip(frame["parent"], frame["kelurahan"], within, strict=True)
    ]
    frame["name"] = [
        f"{'Kelurahan' if urban else 'Desa'} {parent} {serial}"
        for urban, parent, serial in zip(frame["kelurahan"], frame["parent_name"], within, strict=True)
    ]
    return frame[["code", "name", "parent", "parent_name", "kelurahan", "geometry"]]
