"""What a dated threshold is: its default, its source, what it means and what is allowed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gisapp.catalog.strict import KeyKind

#: Source of a default that nobody published.
OURS = "bawaan gisapp (gisapp default)"


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """One threshold of gisapp.toml. ``allowed`` answers whether a value of the right type may be used.

    ``optional``: a workspace made before this threshold existed may lack it, and the default counts.
    """

    name: str
    kind: KeyKind
    default: Any
    source: str
    date: str
    id: str
    en: str
    rule_id: str
    rule_en: str
    allowed: Callable[[Any], bool]
    optional: bool = False


def _between(low: float, high: float) -> Callable[[Any], bool]:
    return lambda value: low <= value <= high


def in_range(
    name: str,
    kind: KeyKind,
    default: float,
    low: float,
    high: float,
    texts: tuple[str, str, str, str],
    *,
    optional: bool = False,
) -> Threshold:
    """Make a number between two ends, both allowed; ``texts`` are source, date, Indonesian and English meaning."""
    source, date, id, en = texts
    return Threshold(
        name=name,
        kind=kind,
        default=default,
        source=source,
        date=date,
        id=id,
        en=en,
        rule_id=f"dari {low:g} sampai {high:g}",
        rule_en=f"from {low:g} to {high:g}",
        allowed=_between(low, high),
        optional=optional,
    )


def one_of(name: str, default: str, choices: tuple[str, ...], texts: tuple[str, str, str, str]) -> Threshold:
    """Make a choice among words; ``texts`` are source, date, Indonesian and English meaning."""
    source, date, id, en = texts
    return Threshold(
        name=name, kind="text", default=default, source=source, date=date, id=id, en=en,
        rule_id=f"salah satu dari {', '.join(choices)}", rule_en=f"one of {', '.join(choices)}",
        allowed=lambda value: value in choices, optional=True,
    )  # fmt: skip
