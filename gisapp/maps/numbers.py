"""Numbers as people in Indonesia, or readers of English, write them: on maps, in documents and on pages."""

from __future__ import annotations

import math
from typing import Any

MISSING = "–"

_SIZES = ((1e12, "triliun", "trillion"), (1e9, "miliar", "billion"), (1e6, "juta", "million"))


def is_missing(value: Any) -> bool:
    """Whether there is no number to print: None, NA, NaN or infinite."""
    try:
        return value is None or not math.isfinite(float(value))
    except (TypeError, ValueError):
        return True


def number(value: Any, lang: str = "id", *, digits: int = 0) -> str:
    """``1.234,5`` in Indonesian, ``1,234.5`` in English; a dash where there is none, never a zero below zero."""
    if is_missing(value):
        return MISSING
    text = f"{float(value):,.{digits}f}"
    if text.startswith("-"):
        text = f"−{text[1:]}" if text.strip("-0.,") else text[1:]
    return text.translate(str.maketrans(",.", ".,")) if lang == "id" else text


def percent(ratio: Any, lang: str = "id", *, digits: int = 1) -> str:
    """A ratio 0..1 as ``9,2 %`` or ``9.2%``."""
    if is_missing(ratio):
        return MISSING
    return number(100 * float(ratio), lang, digits=digits) + ("\u00a0%" if lang == "id" else "%")


def percent_range(lower: Any, upper: Any, lang: str = "id") -> str:
    """Both ends of a range of ratios, as ``20,1–22,6 %``; empty where unknown."""
    if is_missing(lower) or is_missing(upper):
        return ""
    return f"{number(100 * float(lower), lang, digits=1)}–{percent(upper, lang)}"


def unit_range(lower: Any, upper: Any, unit: str, lang: str = "id") -> str:
    """Both ends of a range in the unit of its column; ``s.d.`` between ends below zero, empty where unknown."""
    if unit == "0..1" or is_missing(lower) or is_missing(upper):
        return percent_range(lower, upper, lang)
    dash = "–" if float(lower) >= 0 else (" s.d. " if lang == "id" else " to ")
    return f"{with_unit(lower, unit, lang)}{dash}{with_unit(upper, unit, lang)}"


def distance(metres: Any, lang: str = "id") -> str:
    """Metres below one kilometre, else kilometres with one decimal."""
    if is_missing(metres):
        return MISSING
    if float(metres) < 1000:
        return f"{number(metres, lang)}\u00a0m"
    return f"{number(float(metres) / 1000, lang, digits=1)}\u00a0km"


def duration(minutes: Any, lang: str = "id") -> str:
    """Whole minutes; from an hour on hours and minutes: ``1 jam 20 menit``."""
    if is_missing(minutes):
        return MISSING
    whole = round(float(minutes))
    hours, rest = divmod(whole, 60)
    parts = [f"{number(hours, lang)}\u00a0{'jam' if lang == 'id' else 'h'}"] if hours else []
    parts += [f"{rest}\u00a0{'menit' if lang == 'id' else 'min'}"] if rest or not hours else []
    return " ".join(parts)


def rupiah(value: Any, lang: str = "id") -> str:
    """Money in rupiah, in millions or more where large: ``Rp 1,25 miliar``."""
    if is_missing(value):
        return MISSING
    for size, word_id, word_en in _SIZES:
        if abs(float(value)) >= size:
            scaled = _short(number(float(value) / size, lang, digits=2))
            return f"Rp\u00a0{scaled}\u00a0{word_id if lang == 'id' else word_en}"
    return f"Rp\u00a0{number(value, lang)}"


def _short(text: str) -> str:
    """Drop decimals that are all zero."""
    return text[:-3] if text.endswith((",00", ".00")) else text


def with_unit(value: Any, unit: str, lang: str = "id") -> str:
    """A figure of a column in its unit of ``columns``: ratios as percent, metres as m or km, minutes as hours."""
    if unit == "0..1":
        return percent(value, lang)
    if unit == "m":
        return distance(value, lang)
    if unit == "min":
        return duration(value, lang)
    if unit == "IDR":
        return rupiah(value, lang)
    digits = 0 if unit in ("families", "persons", "areas", "methods", "visits", "places/1000") else 2
    return number(value, lang, digits=digits)
