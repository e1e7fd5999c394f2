"""The mark of a share that may not stand on its own, the same wherever the share is printed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gisapp.maps.words import word

SIGN = "†"
#: Value of ``headcount_standing`` that is marked; shares of the class before it always have their range beside them.
NOT_ALONE = "not_alone"


def marked(text: str, standing: Any) -> str:
    """``11,3 % †`` where the share may not stand on its own, else the text as it is."""
    return f"{text}\u00a0{SIGN}" if standing == NOT_ALONE else text


def marked_all(texts: Iterable[str], standings: Iterable[Any]) -> list[str]:
    """Mark each of several texts by its own standing."""
    return [marked(text, standing) for text, standing in zip(texts, standings, strict=True)]


def explained(standings: Iterable[Any], lang: str) -> str:
    """What the mark means, where one of the shares has it; empty where none has."""
    return f"{SIGN} {word('not_alone', lang)}" if any(one == NOT_ALONE for one in standings) else ""
