"""Words of offices found in a longer text: folded alike, and only between blanks."""

from __future__ import annotations

import re
from collections.abc import Iterable

_BETWEEN = re.compile(r"[^0-9a-z]+")


def folded(text: str) -> str:
    """Lower case, with one blank for everything that is no letter or digit.

    >>> folded(" Kws. Hutan-Lindung (HL)")
    'kws hutan lindung hl'
    """
    return _BETWEEN.sub(" ", text.casefold()).strip()


def longest_phrase(text: str, phrases: Iterable[str]) -> str | None:
    """Return the longest of the folded phrases that stands in a folded text as whole words; of equal ones the first.

    >>> longest_phrase("pembangunan sd negeri", ["sd", "negeri lain", "sd negeri"])
    'sd negeri'
    """
    found = [phrase for phrase in phrases if f" {phrase} " in f" {text} "]
    return max(found, key=len, default=None)
