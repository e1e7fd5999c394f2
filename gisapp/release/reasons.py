"""The numbers inside a suggestion's reason and evidence, which must be no smaller than the counts of its row."""

from __future__ import annotations

import json
from typing import Any

import geopandas as gpd

from gisapp.analysis.suggesting.reasons import of_decile_1

_DECILE_1, _REACHED = "decile_1_families_lacking", "decile_1_families_reached"


def without_small_counts(frame: gpd.GeoDataFrame, k: int) -> gpd.GeoDataFrame:
    """Take counts of 1 to k − 1 families out of reasons and evidence, and those whose complement is as small.

    ``families_lacking`` is no smaller than the row's own count, which is withheld with the row. Of those, the families
    of decile 1 can be few, or all but few; and of a missing link those whom it brings within one standard.
    """
    if "evidence" not in frame:
        return frame
    shown = frame.copy()
    for at, text in frame["evidence"].items():
        if not isinstance(text, str) or not text:
            continue
        evidence = json.loads(text)
        told = evidence.get(_DECILE_1)
        if told is not None and _few(told, evidence["families_lacking"], k):
            evidence[_DECILE_1] = None
            for name, sentence in zip(("why_id", "why_en"), of_decile_1(int(told)), strict=True):
                shown.at[at, name] = str(frame.at[at, name]).replace(f" {sentence}", "")
        if _tells_few(evidence, frame.at[at, "families"], k):
            evidence[_REACHED] = None
        for part in (evidence.get("link") or {}).get("services", ()):
            if part["families"] is not None and _few(part["families"], evidence["families_lacking"], k):
                part["families"] = None
        shown.at[at, "evidence"] = json.dumps(evidence, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return shown


def _tells_few(evidence: dict[str, Any], families: Any, k: int) -> bool:
    """Whether the families of decile 1 that are reached are few, all but few, or leave few who are not reached."""
    reached, lacking = evidence.get(_REACHED), evidence.get(_DECILE_1)
    if reached is None:
        return False
    return lacking is None or _few(reached, families, k) or 0 < lacking - reached < k


def _few(count: Any, whole: Any, k: int) -> bool:
    return 0 < int(count) < k or 0 < int(whole) - int(count) < k
