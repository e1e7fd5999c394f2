"""The threshold by which two plans are set side by side."""

from __future__ import annotations

from gisapp.workspace.threshold import OURS, Threshold, in_range

COMPARISON: tuple[Threshold, ...] = (
    in_range(
        "site_match_m",
        "integer",
        500,
        0,
        20_000,
        (
            f"{OURS}: sisi kotak calon lokasi (edge of a candidate's square)",
            "2026-11-23",
            "Usulan sejenis dari dua skenario sedekat ini dianggap lokasi yang sama, meter.",
            "Suggestions of a kind from two scenarios this near are the same site, metres.",
        ),
        optional=True,
    ),
)
