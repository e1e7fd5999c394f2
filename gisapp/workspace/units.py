"""Thresholds of what pockets are made of: the unit, the grid, other grids for comparison, and who follows whom."""

from __future__ import annotations

from gisapp.workspace.threshold import OURS, Threshold, in_range, one_of

CELL_SHAPES = ("square", "hexagon")
POCKET_UNITS = ("desa", "sls", "grid")

_BIRCH = "segi enam sama luas dengan persegi (Birch, Oom dan Beecham 2007)"
_MAUP = "Openshaw (1984), masalah satuan wilayah (modifiable areal unit problem)"
_MONIC = "MONIC, Spiliopoulou dkk. (2006): separuh anggota bersama"

UNITS: tuple[Threshold, ...] = (
    one_of(
        "cell_shape",
        "square",
        CELL_SHAPES,
        (_BIRCH, "2007-08-24", "Bentuk sel peta: persegi atau segi enam.", "Shape of a map cell: square or hexagon."),
    ),
    one_of(
        "pocket_unit",
        "desa",
        POCKET_UNITS,
        (
            OURS,
            "2026-11-22",
            "Satuan penyusun wilayah prioritas: desa, sls (perlu batas tingkat sls) atau grid.",
            "What pockets are made of: desa, sls (needs a boundary of level sls) or grid.",
        ),
    ),
    one_of(
        "pocket_grid_shape",
        "square",
        CELL_SHAPES,
        (_BIRCH, "2007-08-24", "Bentuk sel bila satuannya grid.", "Shape of the cells where the unit is grid."),
    ),
    in_range(
        "pocket_grid_size_m",
        "integer",
        2000,
        250,
        20_000,
        (
            OURS,
            "2026-11-22",
            "Ukuran sel bila satuannya grid, meter: sisi persegi; segi enam sama luasnya.",
            "Size of the cells where the unit is grid, metres: edge of a square; a hexagon has the same area.",
        ),
        optional=True,
    ),
    in_range(
        "grid_support_shifts",
        "integer",
        2,
        0,
        4,
        (
            _MAUP,
            "1984-01-01",
            "Geseran tiap kisi pembanding (dua bentuk, tiga ukuran); 0 mematikan perbandingan.",
            "Shifts of each grid of comparison (two shapes, three sizes); 0 switches the comparison off.",
        ),
        optional=True,
    ),
    in_range(
        "lineage_overlap",
        "number",
        0.5,
        0.01,
        1.0,
        (
            _MONIC,
            "2006-08-20",
            "Bagian keluarga bersama sejak wilayah prioritas dianggap lanjutan dari periode sebelumnya.",
            "Common share of families from which a pocket counts as the continuation of an earlier one.",
        ),
        optional=True,
    ),
)
