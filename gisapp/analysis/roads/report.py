"""What was found and mended in road lines: every kind counted, with the largest gap and the first rows of the input."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.errors import some

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

#: Kinds of finding: name -> (Indonesian, English).
FINDINGS = {
    "no_geometry": ("Baris tanpa garis dilewati", "Rows without a line were passed over"),
    "multi_part": ("Garis majemuk dipecah menjadi bagiannya", "Lines of several parts were taken apart"),
    "zero_length": ("Bagian tanpa panjang dibuang", "Parts without length were dropped"),
    "duplicate": ("Garis yang persis sama dibuang", "Lines that repeat another exactly were dropped"),
    "self_crossing": ("Garis yang memotong dirinya dipecah per ruas", "Lines that cross themselves were taken apart"),
    "oneway_unknown": ("Arah tidak dikenal, dianggap dua arah", "Direction not understood, taken as two-way"),
    "level_unknown": ("Tingkat (layer) tidak dikenal, dianggap 0", "Level (layer) not understood, taken as 0"),
    "touching": ("Ujung tepat pada tengah garis lain: garis itu dibagi", "Ends exactly on another line divide it"),
    "crossing_joined": ("Perpotongan sebidang dijadikan simpang", "Crossings at one level became junctions"),
    "crossing_levels": (
        "Perpotongan tak sebidang (jembatan, terowongan) tidak disambung",
        "Crossings at different levels (bridge, tunnel) were not joined",
    ),
    "crossing_unshared": (
        "Perpotongan tanpa titik bersama tidak disambung",
        "Crossings without a shared vertex were not joined",
    ),
    "end_joined": ("Ujung yang berdekatan disambung", "Ends near each other were joined"),
    "t_junction": ("Ujung di dekat tengah garis lain disambung", "Ends near the middle of another line were joined"),
    "short_loop": ("Putaran lebih pendek dari toleransi dibuang", "Loops shorter than the tolerance were dropped"),
    "overlap": ("Ruas berimpit dibuang satu", "Stretches drawn twice were dropped once"),
}


class Tally:
    """Findings as they come, by kind; ``frame`` is the report."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[list[Ints], float]] = {}

    def add(self, kind: str, rows: Ints, gaps_m: Floats | None = None) -> None:
        """Note findings: the row position of each in the input, and how many metres were involved."""
        if len(rows) == 0:
            return
        largest = 0.0 if gaps_m is None else float(np.max(gaps_m))
        held, most = self._found.get(kind, ([], 0.0))
        self._found[kind] = ([*held, np.asarray(rows, dtype=np.intp)], max(most, largest))

    def frame(self, labels: pd.Index) -> pd.DataFrame:
        """One row per kind that occurred: kind, count, largest_m, rows (first labels of the input), id, en."""
        found: list[dict[str, Any]] = []
        for kind, (id, en) in FINDINGS.items():
            if kind in self._found:
                parts, largest = self._found[kind]
                rows = np.concatenate(parts)
                shown = some(f"{label}" for label in labels[np.unique(rows)])
                found.append(
                    {"kind": kind, "count": len(rows), "largest_m": largest, "rows": shown, "id": id, "en": en}
                )
        return pd.DataFrame(found, columns=["kind", "count", "largest_m", "rows", "id", "en"])
