"""What the page *Seberapa yakin* says first: how many desa may stand alone, how many pockets there are, how sure."""

from __future__ import annotations

from typing import Any

from gisapp.maps.numbers import is_missing
from gisapp.web.planner.certainty import rule
from gisapp.web.planner.statistics_ranges import STANDINGS, standing
from gisapp.web.source import District
from gisapp.web.texts import Texts

#: Pockets that are named one by one; more would not be read.
NAMED = 6


def finding(district: District, shown: list[dict[str, Any]], t: Texts) -> list[str]:
    """One sentence on the desa that are shown, where the run tells their standing, and one on the pockets."""
    counts = {name: sum(standing(row) == name for row in shown) for name in STANDINGS}
    said = [t("statistics_finding_standing", n=len(shown), **counts)] if any(counts.values()) else []
    pockets = district.released("pockets").frame.sort_values("label").to_dict("records")
    if not pockets:
        return [*said, t("statistics_finding_none")]
    names = "; ".join(_one(row, t) for row in pockets[:NAMED]) + (" …" if len(pockets) > NAMED else "")
    return [*said, t("statistics_finding_pockets", n=len(pockets), names=names)]


def _one(row: dict[str, Any], t: Texts) -> str:
    words = t("statistics_finding_one", label=row["label"], n=row["agreement"], of=row["methods_run"])
    if is_missing(row.get("stability")):
        return words
    return words + t("statistics_finding_stability", stability=t.percent(row["stability"], 0))


def rule_words(district: District, methods: int, t: Texts) -> list[str]:
    """The rule by which tests make a pocket, and how often it errs; empty where the run does not say."""
    applied = rule(district.run)
    if not applied["least"] or applied["level"] is None or not methods:
        return []
    whole = district.run.manifest["tests"].get("level", applied["level"])
    return [
        t("statistics_rule", least=applied["least"], of=methods, each=t.level(applied["level"])),
        t("statistics_error", level=t.level(whole)),
    ]
