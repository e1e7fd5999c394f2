"""Numbers as Indonesian offices write them: 1.234,5 and 1.250.000; coordinates in decimal or degrees-minutes."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_GROUPED_DOT = re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d*)?")
_GROUPED_COMMA = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
_RUPIAH = re.compile(r"^(?:rp|idr)\.?|,-+$", re.IGNORECASE)
_SPACES = re.compile(r"[\s\u00a0\u202f]+")
_DIRECTIONS = {"LU": 1, "LS": -1, "BT": 1, "BB": -1, "N": 1, "S": -1, "E": 1, "W": -1, "U": 1}
_DIRECTION = re.compile(r"^(LU|LS|BT|BB|[NSEWU])?\s*(.*?)\s*(LU|LS|BT|BB|[NSEWU])?$", re.IGNORECASE)
_SECONDS = re.compile(r"m\s*[\d.,]+s$", re.IGNORECASE)
_SEXAGESIMAL = re.compile(
    r"^([+-]?)(\d{1,3})\s*[°º˚*d:\s]\s*(\d{1,2}(?:[.,]\d+)?)\s*(?:['’′m:\s]\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:\"|”|″|''|’’|s)?)?)?$",
    re.IGNORECASE,
)


def parse_number(text: str, *, comma_decimal: bool | None = None) -> float:
    """Number of one text, NaN where it is none. ``comma_decimal`` decides 1.250 and 1,250, which are ambiguous.

    Without it a single dot or comma is the decimal sign, and several of the same sign group thousands.

    >>> parse_number("1.234,5"), parse_number("1.250.000"), parse_number("1.250", comma_decimal=True)
    (1234.5, 1250000.0, 1250.0)
    """
    value = _SPACES.sub("", text)
    if "," in value and "." in value:
        comma_decimal = value.rfind(",") > value.rfind(".")
    elif value.count(".") > 1:
        comma_decimal = True
    elif value.count(",") > 1:
        comma_decimal = False
    elif comma_decimal is None:
        comma_decimal = "," in value
    if comma_decimal:
        if "." in value and not _GROUPED_DOT.fullmatch(value):
            return _plain(value) if "," not in value else math.nan
        value = value.replace(".", "").replace(",", ".")
    elif "," in value:
        if not _GROUPED_COMMA.fullmatch(value):
            return math.nan
        value = value.replace(",", "")
    return _plain(value)


def parse_rupiah(text: str) -> float:
    """Rupiah of one text, NaN where it is none; one dot or comma before exactly three digits groups thousands.

    >>> parse_rupiah("Rp 850.000,-"), parse_rupiah("850,000"), parse_rupiah("1.250.000,50"), parse_rupiah("850000.5")
    (850000.0, 850000.0, 1250000.5, 850000.5)
    """
    value = _RUPIAH.sub("", _SPACES.sub("", text))
    return parse_number(value, comma_decimal=_GROUPED_COMMA.fullmatch(value) is None)


def parse_numbers(texts: pd.Series, *, whole: bool = False) -> pd.Series:
    """Numbers of a column of text, NaN where one is none; the column decides together what a dot means.

    One value with two dots, or with dot then comma, or with a comma that cannot group thousands shows that the
    comma is the decimal sign. With ``whole`` (counts) a dot or comma before exactly three digits groups thousands:
    36.370 persons are 36,370.
    """
    unique = [text for text in pd.unique(texts) if isinstance(text, str)]
    comma = _comma_is_decimal(unique)
    if whole and comma is not True:
        grouped = [text for text in unique if _GROUPED_DOT.fullmatch(_SPACES.sub("", text))]
        dotted = [text for text in unique if "." in text]
        comma = bool(grouped) if grouped == dotted and grouped else (False if comma is None else comma)
    table = {text: parse_number(text, comma_decimal=comma) for text in unique}
    return texts.map(table).astype("float64")


def parse_coordinate(text: str) -> float:
    r"""Degrees of one coordinate: decimal with dot or comma, or degrees-minutes(-seconds), with LU/LS/BT/BB or N/E/S/W.

    NaN where it is no coordinate.

    >>> parse_coordinate("3,8214"), parse_coordinate("3°49'17\"LU"), parse_coordinate("0 30 0 S")
    (3.8214, 3.821388888888889, -0.5)
    """
    found = _DIRECTION.match(text.strip())
    if found is None:
        return math.nan
    before, body, after = found.groups()
    if after and after.upper() == "S" and _SECONDS.search(text):
        body, after = f"{body}s", None  # 33.6s are seconds, not south
    if before and after:
        return math.nan
    sign = _DIRECTIONS[(before or after).upper()] if before or after else 1
    body = body.strip()
    plain = _plain(body.rstrip("°º˚").strip().replace(",", "."))
    if not math.isnan(plain):
        return math.copysign(plain, sign) if sign < 0 else plain
    return sign * _sexagesimal(body)


def parse_coordinates(texts: pd.Series) -> np.ndarray:
    """Degrees of a column of text (float64), NaN where one is no coordinate; infinities are kept."""
    table = {text: parse_coordinate(text) for text in pd.unique(texts) if isinstance(text, str)}
    degrees: np.ndarray = texts.map(table).to_numpy(dtype="float64", na_value=np.nan)
    return degrees


def _plain(value: str) -> float:
    if _PLAIN.fullmatch(value):
        return float(value)
    return float(value) if value.lower().lstrip("+-") in ("inf", "infinity") else math.nan


def _sexagesimal(body: str) -> float:
    found = _SEXAGESIMAL.match(body)
    if found is None:
        return math.nan
    minutes = float(found[3].replace(",", "."))
    seconds = float(found[4].replace(",", ".")) if found[4] else 0.0
    if minutes >= 60 or seconds >= 60:
        return math.nan
    degrees = int(found[2]) + minutes / 60 + seconds / 3600
    return -degrees if found[1] == "-" else degrees


def _comma_is_decimal(texts: Iterable[str]) -> bool | None:
    dot_decimal = False
    for text in texts:
        value = _SPACES.sub("", text)
        if value.count(".") > 1 or ("," in value and value.rfind(",") > value.rfind(".") > -1):
            return True
        if "," in value and "." not in value and value.count(",") == 1 and not _GROUPED_COMMA.fullmatch(value):
            return True
        if value.count(".") == 1 and not _GROUPED_DOT.fullmatch(value):
            dot_decimal = True
    return False if dot_decimal else None
