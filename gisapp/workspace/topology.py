"""Overlaps and gaps between the areas of one boundary layer, measured and reported, never mended."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from gisapp.errors import Problem

#: Overlaps and gaps below this are drawing noise, m².
SLIVER_M2 = 100.0
_EQUAL_AREA = "EPSG:6933"


def topology_problems(areas: gpd.GeoDataFrame) -> list[Problem]:
    """Problems ``area_overlap`` (pairs) and ``area_gap`` (holes inside the union), with their area in km²."""
    metric = areas.to_crs(_EQUAL_AREA)
    problems = []
    pairs, overlap_m2 = overlaps(metric.geometry.to_numpy())
    if len(pairs):
        first, second = (metric["code"].iloc[at] for at in pairs[0])
        problems.append(
            _problem(
                "area_overlap",
                len(pairs),
                overlap_m2.sum(),
                f"Pairs of areas overlap, first {first} and {second}; a family there counts in the lower code",
                f"Wilayah bertumpang tindih, pertama {first} dan {second}; keluarga di sana dihitung di kode terendah",
            )
        )
    holes = gaps(metric.geometry.to_numpy())
    if len(holes):
        problems.append(
            _problem(
                "area_gap",
                len(holes),
                holes.sum(),
                "Gaps between areas; a family there counts in its declared area",
                "Celah antarwilayah; keluarga di sana dihitung di wilayah yang tercatat",
            )
        )
    return problems


def overlaps(polygons: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of positions (m, 2) that overlap by more than a sliver, and the area of each overlap in m²."""
    tree = shapely.STRtree(polygons)
    left, right = tree.query(polygons, predicate="intersects")
    keep = left < right
    left, right = left[keep], right[keep]
    shared = shapely.area(shapely.intersection(polygons[left], polygons[right]))
    large = shared > SLIVER_M2
    return np.column_stack([left[large], right[large]]), shared[large]


def gaps(polygons: np.ndarray) -> np.ndarray:
    """Area in m² of every hole in the union of the polygons, larger than a sliver."""
    parts = shapely.get_parts(shapely.union_all(polygons))
    rings = [
        shapely.get_interior_ring(part, at) for part in parts for at in range(shapely.get_num_interior_rings(part))
    ]
    if not rings:
        return np.empty(0)
    areas: np.ndarray = shapely.area(shapely.polygons(np.array(rings)))
    return areas[areas > SLIVER_M2]


def _problem(code: str, count: int, area_m2: float, en: str, id: str) -> Problem:
    km2 = f"{area_m2 / 1e6:.4f}"
    return Problem(
        code=code,
        severity="warning",
        count=count,
        detail=f"{en} ({km2} km²).",
        detail_id=f"{id} ({km2.replace('.', ',')} km²).",
    )
