"""Colours and symbols, one set for pages, the portable map and documents."""

from __future__ import annotations

INK = "#1f2a30"
MUTED = "#5d6b72"
LINE = "#dce2e5"
GROUND = "#f6f8f9"

#: Sequential, one hue, light to dark; never red for people.
FAMILIES = ("#eef3f1", "#cfe1dc", "#9fc6bf", "#63a19c", "#2f7576")
#: Outline of a pocket, never a fill; dashed where found by fewer than the default number of methods.
POCKET = "#2b2e6b"
POCKET_WIDTH = 2.6
POCKET_HALO = 6.0
#: Service gaps, bars of *Mengapa di sini*, markers of suggestions.
GAP = "#c2410c"
GAP_PALE = "#fde8dd"

ROAD = "#8a8f94"
RIVER = "#7fa8c9"

#: Marker of a suggestion: a short word on the pin, per service; other kinds carry their strategy's number.
SERVICE_MARKS = {
    "early_childhood": "PAUD",
    "primary_school": "SD",
    "junior_school": "SMP",
    "senior_school": "SMA",
    "health_centre": "Kes",
    "posyandu": "Pos",
    "market": "Psr",
    "road": "Jln",
}

#: Shape of a facility's mark, so that a print without colour still tells services apart (our own small SVG paths).
FACILITY_SHAPES = {
    "early_childhood": "triangle",
    "primary_school": "square",
    "junior_school": "square",
    "senior_school": "square",
    "health_centre": "cross",
    "posyandu": "cross",
    "market": "diamond",
}


def ramp(classes: int) -> tuple[str, ...]:
    """Colours of 1 to 5 classes, light to dark; fewer classes keep the ends apart."""
    picks = {1: (2,), 2: (1, 4), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4)}
    return tuple(FAMILIES[position] for position in picks[max(1, min(classes, 5))])
