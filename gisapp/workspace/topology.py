"""Overlaps and gaps between the areas of one boundary layer, measured and reported, never mended."""

from __future__ import annotations

import geopandas as gpd

from gisapp.analysis.polygons.tessellation import overlaps_and_gaps
from gisapp.errors import Problem

_NAMED = 5


def topology_problems(areas: gpd.GeoDataFrame) -> list[Problem]:
    """Problems ``area_overlap`` (pairs) and ``area_gap`` (holes and cracks), with km² and the largest ones' codes."""
    if areas.empty:
        return []
    found = overlaps_and_gaps(areas, key="code")
    problems = []
    if len(found.overlaps):
        pairs = list(zip(found.overlaps["first"], found.overlaps["second"], strict=True))
        problems.append(
            _problem(
                "area_overlap",
                found.overlaps,
                "Pairs of areas overlap, largest {}; a family there counts in the lower code",
                "Wilayah bertumpang tindih, terbesar {}; keluarga di sana dihitung di kode terendah",
                en=[f"{first} and {second}" for first, second in pairs],
                id=[f"{first} dan {second}" for first, second in pairs],
            )
        )
    if len(found.gaps):
        around = [" / ".join(codes) for codes in found.gaps["neighbours"]]
        problems.append(
            _problem(
                "area_gap",
                found.gaps,
                "Gaps between areas, largest beside {}; a family there counts in its declared area",
                "Celah antarwilayah, terbesar di sisi {}; keluarga di sana dihitung di wilayah yang tercatat",
                en=around,
                id=around,
            )
        )
    return problems


def _problem(
    code: str, pieces: gpd.GeoDataFrame, told_en: str, told_id: str, *, en: list[str], id: list[str]
) -> Problem:
    """One problem for all pieces, the largest named with their km²."""
    sizes = [f"{size:.4f} km²" for size in pieces["area_km2"]]
    total = f"{pieces['area_km2'].sum():.4f}"
    return Problem(
        code=code,
        severity="warning",
        count=len(pieces),
        detail=f"{told_en.format(_largest(en, sizes))} ({total} km²).",
        detail_id=f"{told_id.format(_largest(id, [size.replace('.', ',') for size in sizes]))} "
        f"({total.replace('.', ',')} km²).",
    )


def _largest(names: list[str], sizes: list[str]) -> str:
    """Name the first few pieces with their size, and how many more there are."""
    named = ", ".join(f"{name} ({size})" for name, size in list(zip(names, sizes, strict=True))[:_NAMED])
    return named + (f" +{len(names) - _NAMED}" if len(names) > _NAMED else "")
