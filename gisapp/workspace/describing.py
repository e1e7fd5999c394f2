"""Thresholds of what describes the desa beside the tests: cut lines, class lines, density clusters."""

from __future__ import annotations

import re

from gisapp.workspace.threshold import OURS, Threshold, in_range

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
#: How a cut line is taken from the figures of a run; see analysis.quadrants and analysis.matrix.
CUT_RULES = ("mean", "median")
CLASS_METHODS = ("quantile", "equal_interval", "natural_breaks")


def cut_numbers(value: str) -> tuple[float, ...]:
    """Numbers of a cut that somebody fixed (``"0.12"``, ``"0.05; 0.1; 0.2"``); none where a rule is named."""
    parts = [part.strip() for part in value.split(";")]
    return tuple(float(part) for part in parts) if all(_NUMBER.fullmatch(part) for part in parts) else ()


def _rising(value: str) -> bool:
    numbers = cut_numbers(value)
    return len(numbers) == 3 and numbers[0] < numbers[1] < numbers[2]


def _line(name: str, id: str, en: str) -> Threshold:
    """One cut line: a rule, or a number that holds over all periods."""
    return Threshold(
        name=name,
        kind="text",
        default="mean",
        source="Analisis Kemiskinan Nasional 2013: rata-rata wilayah induk (mean of the containing area)",
        date="2013-01-01",
        id=id,
        en=en,
        rule_id='"mean", "median", atau angka dalam tanda kutip',
        rule_en='"mean", "median", or a number in quotes',
        allowed=lambda value: value in CUT_RULES or len(cut_numbers(value)) == 1,
        optional=True,
    )


def _classes(name: str, id: str, en: str) -> Threshold:
    """Three cut lines of four classes: a method, or numbers that hold over all periods."""
    return Threshold(
        name=name,
        kind="text",
        default="quantile",
        source="matriks 4×4 Kabupaten Lebak, tanpa tahun; metode kelas dengan mencoba (class method by trial)",
        date="2026-11-01",
        id=id,
        en=en,
        rule_id=f'salah satu dari {", ".join(CLASS_METHODS)}, atau tiga angka menaik "a; b; c"',
        rule_en=f'one of {", ".join(CLASS_METHODS)}, or three rising numbers "a; b; c"',
        allowed=lambda value: value in CLASS_METHODS or _rising(value),
        optional=True,
    )


#: What describes the desa beside the tests; none of it makes a pocket.
DESCRIBING = (
    _line(
        "quadrant_rate_cut",
        "Batas bagian pada kuadran; angka agar tetap antarperiode.",
        "Line of the share in the quadrants; a number to hold it over periods.",
    ),
    _line(
        "quadrant_count_cut",
        "Batas jumlah keluarga pada kuadran; angka agar tetap antarperiode.",
        "Line of the number of families in the quadrants; a number to hold it over periods.",
    ),
    _classes(
        "matrix_share_cuts",
        "Batas kelas bagian pada matriks 4×4 (0..1).",
        "Cut lines of the share in the 4×4 matrix (0..1).",
    ),
    _classes(
        "matrix_density_cuts",
        "Batas kelas keluarga desil 1 per km² pada matriks 4×4.",
        "Cut lines of families of decile 1 per km² in the 4×4 matrix.",
    ),
    _line(
        "klassen_level_cut",
        "Batas tingkat pada tipologi Klassen (0..1).",
        "Line of the level in Klassen's typology (0..1).",
    ),
    _line(
        "klassen_change_cut",
        "Batas perubahan sejak periode lalu pada tipologi Klassen.",
        "Line of the change since the previous period in Klassen's typology.",
    ),
    in_range(
        "dense_cluster_size",
        "integer",
        20,
        2,
        1000,
        (OURS, "2026-11-01", "Keluarga paling sedikit per kelompok rapat.", "Fewest families of a dense cluster."),
        optional=True,
    ),
    in_range(
        "dense_distance_m",
        "integer",
        250,
        10,
        5000,
        (
            OURS,
            "2026-11-01",
            "Jarak DBSCAN, meter; dipakai bila keluarga terlalu banyak bagi HDBSCAN.",
            "Distance of DBSCAN, metres; used where families are too many for HDBSCAN.",
        ),
        optional=True,
    ),
)
