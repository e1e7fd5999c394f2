"""What the sites of a run were held against, and what they were not: from the facts of its manifest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gisapp.analysis.interventions import CONTEXT_LAYERS
from gisapp.catalog.spec import WORKS_KIND
from gisapp.web.source import District
from gisapp.web.texts import Texts

#: Desa that a sentence names.
_SHOWN = 10


def site_checks(district: District, t: Texts, *, pre_empted: int) -> dict[str, Any] | None:
    """Rows (``title``, ``result``, ``checked``) of every layer, and sentences; None for a run of an earlier gisapp.

    ``pre_empted`` is how many suggestions funded works answer already.
    """
    facts = district.run.manifest.get("site_checks") or {}
    if "candidates" not in facts:
        return None
    rows = [_row(kind, facts, t, pre_empted) for kind in CONTEXT_LAYERS]
    return {"rows": rows, "sentences": [text for text in _sentences(facts, district, t) if text]}


def _row(kind: str, facts: Mapping[str, Any], t: Texts, pre_empted: int) -> dict[str, Any]:
    checked = kind in facts["layers_checked"]
    title = t(f"unchecked_{kind}")
    if not checked:
        text = t("site_outside") if kind in facts.get("layers_outside", ()) else t("site_unchecked")
        return {"title": title, "result": text, "checked": False}
    result = _works(facts["works"], t, pre_empted) if kind == WORKS_KIND else _land(kind, facts["candidates"], t)
    return {"title": title, "result": result, "checked": True}


def _land(kind: str, candidates: Mapping[str, Any], t: Texts) -> str:
    excluded, noted = candidates["excluded_by"].get(kind, 0), candidates["noted"].get(kind, 0)
    said = [t("site_excluded", n=t.number(excluded)) if excluded else t("site_none_excluded")]
    return "; ".join([*said, *([t("site_noted", n=t.number(noted))] if noted else [])])


def _works(works: Mapping[str, Any], t: Texts, pre_empted: int) -> str:
    told = t("site_works", used=t.number(works["used"]), supplied=t.number(works["supplied"]), n=t.number(pre_empted))
    aside = (works["past"], works["kind_unknown"], works["without_place"])
    if not any(aside):
        return told
    past, unknown, lost = (t.number(count) for count in aside)
    return f"{told}; {t('site_works_aside', past=past, unknown=unknown, lost=lost)}"


def _sentences(facts: Mapping[str, Any], district: District, t: Texts) -> list[str]:
    found, facilities = facts["candidates"], facts.get("facilities") or {}
    sources = list(found["sources"].values())
    told = t(
        "site_candidates", allowed=t.number(found["allowed"]), offered=t.number(found["offered"]),
        public=t.number(sources[0]), settlements=t.number(sources[1]), squares=t.number(sources[2]),
        outside=t.number(found["outside"]), same=t.number(found["same_spot"]),
        replaced=t.number(found["replaced_by_public_land"]),
    )  # fmt: skip
    lost = facilities.get("facility_unplaced", 0), facilities.get("facility_repeated", 0)
    return [
        told if found["allowed"] else t("site_no_candidate"),
        t("site_desa_without", n=t.number(found["desa_without"])) if found["desa_without"] else "",
        t(
            "site_facilities", repeated=t.number(lost[1]), unplaced=t.number(lost[0]),
            unknown=t.number(facilities.get("facility_area_unknown", 0)),
        ) if any(lost) else "",
        _links(facts.get("links") or {}, t),
        *_villages(facts.get("villages_without") or {}, district, t),
    ]  # fmt: skip


def _links(links: Mapping[str, Any], t: Texts) -> str:
    """How missing roads and bridges were looked for, or why not; empty for a run of an earlier gisapp."""
    if not links:
        return ""
    if not links["searched"]:
        reason = links["reason"]
        return t("links_refused", why=links[t.lang]) if reason == "refused" else t(f"links_{reason}")
    return t(
        "links_searched", candidates=t.number(links["candidates"]), longest=t.distance(links["longest_m"]),
        km=t.number(links["length_km"]), parts=t.number(links["parts"] - 1), mended=t.number(links["mended"]),
        offered=t.number(links["offered"]),
    )  # fmt: skip


def _villages(found: Mapping[str, Any], district: District, t: Texts) -> list[str]:
    """Desa without electricity or signal by name, the first of them, and of how many it is not known."""
    if not found:
        return []
    areas = district.released("areas").frame
    areas = areas[areas["status"].eq("present")]  # a desa whose figures are withheld is not named either
    names = dict(zip(areas["code"].astype(str), areas["name"].astype(str), strict=True))
    told = []
    for service, one in found.items():
        here = [names[code] for code in one["without"] if code in names]
        shown = [*here[:_SHOWN], *(["…"] if len(here) > _SHOWN else [])] or [t("villages_none")]
        numbers = {"n": t.number(len(here)), "unknown": t.number(one["unknown"])}
        told.append(t(f"villages_{service}", names=", ".join(shown), **numbers))
    return told
