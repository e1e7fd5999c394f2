"""A plane cut into irregular areas whose shared edges have exactly the same vertices.

Cells of a Voronoi diagram are assembled from its ridges; every ridge is cut into short steps once, in one direction,
and bent by one smooth one-to-one deformation of the plane, so that no gap and no overlap can appear.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import Voronoi

Array = npt.NDArray[np.float64]

_STEP_M = 260.0
#: Wavelengths of the deformation in metres. Each one's slope is 0.2, so the sum stays below 1: one-to-one.
_WAVELENGTHS_M = (21000.0, 7000.0, 2600.0)
_SLOPE = 0.2


def spread_points(n: int, spacing: Array, candidates: Array, rng: np.random.Generator) -> npt.NDArray[np.intp]:
    """Positions of ``n`` candidates far apart in units of their own local spacing (best of 24, Mitchell 1991)."""
    chosen = [int(rng.integers(len(candidates)))]
    for _ in range(n - 1):
        trial = rng.integers(len(candidates), size=24)
        offset = candidates[trial][:, None, :] - candidates[chosen][None, :, :]
        nearest = np.hypot(offset[..., 0], offset[..., 1]).min(axis=1) / spacing[trial]
        chosen.append(int(trial[nearest.argmax()]))
    return np.array(chosen)


def deform(points: Array, rng: np.random.Generator) -> Array:
    """Move points (n, 2) in metres by a smooth field of waves; the same generator state gives the same field."""
    moved = points.copy()
    for wavelength in _WAVELENGTHS_M:
        angle, phase = rng.uniform(0, 2 * np.pi, 2), rng.uniform(0, 2 * np.pi, 2)
        amplitude = _SLOPE * wavelength / (2 * np.pi)
        for axis in (0, 1):
            along = points[:, 0] * np.cos(angle[axis]) + points[:, 1] * np.sin(angle[axis])
            moved[:, axis] += amplitude * np.sin(2 * np.pi * along / wavelength + phase[axis])
    return moved


def _ridge_lines(diagram: Voronoi, kept: int) -> list[tuple[int, int, int, int]]:
    """Ridges (start vertex, end vertex, cell, cell) of which at least one cell is kept, lowest vertex first."""
    lines = []
    for (left, right), (a, b) in zip(diagram.ridge_points, diagram.ridge_vertices, strict=True):
        if min(left, right) < kept:
            lines.append((min(a, b), max(a, b), int(left), int(right)))
    return lines


def _densified(start: Array, end: Array) -> Array:
    steps = max(int(np.ceil(np.hypot(*(end - start)) / _STEP_M)), 1)
    share = np.linspace(0, 1, steps + 1)[:, None]
    return start + share * (end - start)


def _ring(edges: list[tuple[int, int, Array]]) -> Array:
    """Chain edges into one closed ring of vertices."""
    by_vertex: dict[int, list[int]] = {}
    for number, (a, b, _) in enumerate(edges):
        by_vertex.setdefault(a, []).append(number)
        by_vertex.setdefault(b, []).append(number)
    at, number, parts = edges[0][0], 0, []
    for _ in edges:
        a, b, line = edges[number]
        parts.append(line[:-1] if a == at else line[::-1][:-1])
        at = b if a == at else a
        number = next(other for other in by_vertex[at] if other != number)
    return np.concatenate(parts)


def cells(seeds: Array, outside: Array, rng: np.random.Generator) -> npt.NDArray[np.object_]:
    """One polygon in metres per seed; ``outside`` are seeds that only close the outer cells and are not returned."""
    diagram = Voronoi(np.concatenate([seeds, outside]))
    ridges = _ridge_lines(diagram, len(seeds))
    lines = [_densified(diagram.vertices[a], diagram.vertices[b]) for a, b, _, _ in ridges]
    ends = np.cumsum([len(line) for line in lines])
    # Ridges that meet share a vertex by value: the deformation moves equal inputs to equal outputs.
    bent = np.split(np.round(deform(np.concatenate(lines), rng), 3), ends[:-1])
    edges: dict[int, list[tuple[int, int, Array]]] = {cell: [] for cell in range(len(seeds))}
    for (a, b, left, right), line in zip(ridges, bent, strict=True):
        for cell in (left, right):
            if cell < len(seeds):
                edges[cell].append((a, b, line))
    return np.array([shapely.Polygon(_ring(edges[cell])) for cell in range(len(seeds))], dtype=object)
