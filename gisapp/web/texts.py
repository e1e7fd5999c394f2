"""Every word on the pages, Indonesian first, English second.

The words themselves stand in texts.toml, which the scripts of the map are given too, and in texts_*.toml.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from gisapp.maps import numbers
from gisapp.maps.standing import marked

LANGUAGES = ("id", "en")


#: A smaller p value is printed as below this: nobody tells such chances apart.
LEAST_CHANCE = 1e-4

_HERE = Path(__file__).parent
_OF_SCRIPTS = "texts.toml"


@cache
def catalogue() -> dict[str, tuple[str, str]]:
    """All texts by key: (Indonesian, English)."""
    found: dict[str, tuple[str, str]] = {}
    for path in sorted(_HERE.glob("texts*.toml")):
        found |= _of_file(path.name)
    return found


@cache
def _of_file(name: str) -> dict[str, tuple[str, str]]:
    entries = tomllib.loads((_HERE / name).read_text(encoding="utf-8"))
    return {key: (pair["id"], pair["en"]) for key, pair in entries.items()}


class Texts:
    """The texts of one language, and numbers written in it."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def __call__(self, key: str, **values: Any) -> str:
        """Text of a key with its values put in; an unknown key is a mistake of ours and raises KeyError."""
        return self.pick(catalogue()[key]).format(**values)

    def pick(self, pair: tuple[str, str]) -> str:
        """Of (Indonesian, English), the one of this language."""
        return pair[LANGUAGES.index(self.lang)]

    def all(self) -> dict[str, str]:
        """Every text that the scripts of the map may need."""
        return {key: self.pick(pair) for key, pair in _of_file(_OF_SCRIPTS).items()}

    def number(self, value: Any, digits: int = 0) -> str:
        """A number with separators."""
        return numbers.number(value, self.lang, digits=digits)

    def percent(self, value: Any, digits: int = 1) -> str:
        """A ratio as percent."""
        return numbers.percent(value, self.lang, digits=digits)

    def level(self, value: float) -> str:
        """An error that a test may make, with decimals only where it has some: ``5 %``, ``1,25 %``."""
        return self.percent(value, next((n for n in (0, 1) if round(100 * value, n) == round(100 * value, 2)), 2))

    def chance(self, p: Any) -> str:
        """A p value; below ``LEAST_CHANCE`` only that it is below."""
        small = not numbers.is_missing(p) and float(p) < LEAST_CHANCE
        return f"< {self.number(LEAST_CHANCE, 4)}" if small else self.number(p, 4)

    def share(self, area: Mapping[str, Any]) -> str:
        """The share of decile 1 of an area, marked where it may not stand on its own."""
        return marked(self.percent(area["headcount_ratio"]), area.get("headcount_standing"))

    def range(self, lower: Any, upper: Any) -> str:
        """Two ratios as a range of percent."""
        return numbers.percent_range(lower, upper, self.lang)

    def distance(self, metres: Any) -> str:
        """Metres or kilometres."""
        return numbers.distance(metres, self.lang)

    def duration(self, minutes: Any) -> str:
        """Minutes, or hours and minutes."""
        return numbers.duration(minutes, self.lang)

    def rupiah(self, value: Any) -> str:
        """Rupiah, shortened."""
        return numbers.rupiah(value, self.lang)
