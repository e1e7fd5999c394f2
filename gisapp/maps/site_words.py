"""What is said of a suggestion's place: the land that it stands on, and works that answer it already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from gisapp.analysis.suggesting.funded_works import PERHAPS
from gisapp.catalog.land_classes import load_land_classes
from gisapp.catalog.spec import WORKS_KIND
from gisapp.maps.numbers import is_missing, percent
from gisapp.maps.words import UNCHECKED, unchecked_names, word


def land_note(text: str, lang: str = "id") -> str:
    """Classes of land to heed ("rawan_bencana: bahaya sedang; ..."), in words.

    >>> land_note("rawan_bencana: bahaya sedang", "en")
    'hazard areas: moderate hazard'
    """
    english = {entry.title_id: entry.title_en for entry in load_land_classes()}
    place = 0 if lang == "id" else 1
    said = []
    for part in filter(None, text.split("; ")):
        kind, _, name = part.partition(": ")
        title = UNCHECKED.get(kind, (kind, kind))[place]
        named = name if lang == "id" else english.get(name, name)
        said.append(f"{title}: {named}" if named else title)
    return "; ".join(said)


def funded(row: Mapping[str, Any], lang: str = "id") -> str:
    """Which funded works, of which year, answer a suggestion already, wholly or in part; empty where none does."""
    works = row.get("funded_by")
    if not isinstance(works, str) or not works:
        return ""
    told = str(works) if lang == "id" else str(works).replace(PERHAPS, word("perhaps", lang))
    pre_empted = row.get("pre_empted")
    if pre_empted is not None and pre_empted is not pd.NA and bool(pre_empted):
        return word("funded", lang, works=told)
    share = row.get("funded_share")
    if is_missing(share) or not share:
        return word("funded_perhaps", lang, works=told.removeprefix(word("perhaps", lang)))
    return word("funded_partly", lang, share=percent(share, lang, digits=0), works=told)


def site_unchecked(text: str, lang: str = "id", *, sited: bool) -> list[str]:
    """Names of what a suggestion was not checked against; land speaks against a site alone, works against all."""
    names = text.removeprefix("belum diperiksa:").replace(",", ";").split(";")
    kept = [name.strip() for name in names if sited or name.strip() == WORKS_KIND]
    return unchecked_names("; ".join(name for name in kept if name), lang)
