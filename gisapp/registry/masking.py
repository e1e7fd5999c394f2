"""Cells as a preview may show them: enough to recognise a mistake, too little to recognise a person."""

from __future__ import annotations

import re

from gisapp.registry.forms import AREA_NAMES, CODE_PARTS, NUMBERS

DOT = "•"
_LONG_NUMBER = re.compile(r"\d[\d.,\s-]{5,}\d")
_LETTER = re.compile(r"[^\W\d_]")
_NUMBERS = ("family_number", "nik")
_CODES = ("code", *CODE_PARTS)
_MOST_SHOWN = 40
_LONGEST_NUMBER = 24


def mask_id(text: str) -> str:
    """A NIK or KK number by its last four signs.

    >>> mask_id("9901010101700012"), mask_id("0")
    ('••••••••••••0012', '0')
    """
    bare = text.strip()
    return bare if len(bare) <= 2 else f"{DOT * max(len(bare) - 4, 2)}{bare[-4:] if len(bare) >= 6 else ''}"


def mask_amount(text: str) -> str:
    """An amount by its first digit and its size: a wrong unit is seen, what a family spends is not.

    >>> mask_amount("Rp 850.000"), mask_amount("350")
    ('8••.•••', '3••')
    """
    first = re.search(r"\d", text)
    if first is None:
        return initials(text)
    return first[0] + re.sub(r"\w", DOT, text[first.end() :][:_LONGEST_NUMBER])


def initials(text: str) -> str:
    """First letters of a name; its numbers are left out.

    >>> initials("Nama Rekaan 12")
    'N. R.'
    """
    letters = [found[0] for word in text.split() if (found := _LETTER.search(word))]
    return " ".join(f"{letter.upper()}." for letter in letters[:4]) or (DOT * 3 if text.strip() else "")


def mask(variable: str | None, text: str, *, listed: bool = True) -> str:
    """One cell as it may be shown; ``variable`` is None for a column that is nothing to an intake.

    ``listed``: the answer is in the form's code list, or is so common that it is no name.
    """
    if not text.strip():
        return ""
    if variable in _NUMBERS:
        return mask_id(text)
    if variable in ("head_name", "member_name"):
        return initials(text)
    if variable is None or variable in ("address", "birth_date"):
        return DOT * 3
    if variable == "expenditure_idr":
        return mask_amount(text)
    if variable in _CODES:
        return _short(text) if len(re.sub(r"\D", "", text)) <= 12 else mask_id(text)
    if variable in NUMBERS:
        plain = len(text) <= _LONGEST_NUMBER and len(re.sub(r"\D", "", text.partition(".")[0])) < 8
        return text if plain and len(_LETTER.findall(text)) <= 6 else initials(text)
    if variable in AREA_NAMES or listed:
        return _short(_LONG_NUMBER.sub(lambda found: mask_id(found[0]), text))
    return initials(text) if len(text.strip()) > 3 else text


def mask_heading(text: str) -> str:
    """A heading without long numbers, for a file whose first row may be data."""
    return _short(_LONG_NUMBER.sub(lambda found: mask_id(found[0]), text))


def _short(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 1]}…"
