"""What a column is: its name, unit and meaning in both languages, and whether families can be read from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "integer", "number", "ratio", "boolean"]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One released column."""

    name: str
    kind: Kind
    unit: str
    id: str
    en: str
    from_families: bool = False


def text(name: str, id: str, en: str, *, from_families: bool = False) -> Column:
    """A text."""
    return Column(name=name, kind="text", unit="", id=id, en=en, from_families=from_families)


def count(name: str, unit: str, id: str, en: str) -> Column:
    """A count of families or persons."""
    return Column(name=name, kind="integer", unit=unit, id=id, en=en, from_families=True)


def ratio(name: str, id: str, en: str) -> Column:
    """A ratio 0..1 of families or persons."""
    return Column(name=name, kind="ratio", unit="0..1", id=id, en=en, from_families=True)


def number(name: str, unit: str, id: str, en: str, *, from_families: bool = True) -> Column:
    """A number with a unit."""
    return Column(name=name, kind="number", unit=unit, id=id, en=en, from_families=from_families)


def rank_class(name: str, unit: str, id: str, en: str) -> Column:
    """A class number."""
    return Column(name=name, kind="integer", unit=unit, id=id, en=en, from_families=True)


def flag(name: str, id: str, en: str) -> Column:
    """A yes or no about families."""
    return Column(name=name, kind="boolean", unit="", id=id, en=en, from_families=True)
