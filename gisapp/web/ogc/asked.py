"""What a request for items asks for, checked before any row is looked at."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from gisapp.columns import Column, Kind
from gisapp.errors import InvalidParameterError
from gisapp.release.coordinates import CRS84, into_degrees
from gisapp.release.cql2.evaluate import parse
from gisapp.release.selecting import Selection, year_of
from gisapp.web.ogc.offers import Offer
from gisapp.web.ogc.renditions import EVERYWHERE, require_known
from gisapp.web.ogc.times import meets, parse_datetime

DEFAULT_LIMIT: Final = 1000
LARGEST_LIMIT: Final = 10_000
FILTER_LANGUAGES: Final = ("cql2-text", "cql2-json")
#: Parameters of items beside one per column.
ITEMS: Final = EVERYWHERE | {
    "limit", "offset", "bbox", "bbox-crs", "crs", "datetime", "filter", "filter-lang", "filter-crs",
}  # fmt: skip
_NUMBER: Final = re.compile(r"\s*[-+]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})(e[-+]?\d{1,3})?\s*", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which rows, from where to where, in which coordinates."""

    limit: int
    offset: int
    crs: str
    selection: Selection


def parse_items(arguments: MultiDict[str, str], found: Offer) -> Asked:
    """A request for items; a limit beyond the largest is cut down, every other value out of range is refused."""
    fields = found.fields
    require_known(arguments, ITEMS | set(fields))
    limit = _whole(arguments, "limit", default=DEFAULT_LIMIT, least=1)
    return Asked(
        limit=min(limit, LARGEST_LIMIT),
        offset=_whole(arguments, "offset", default=0, least=0),
        crs=parse_crs(arguments, "crs", found),
        selection=Selection(
            equal={name: _value(fields[name], text) for name, text in arguments.items() if name in fields},
            window=_window(arguments, found),
            expression=_expression(arguments),
            to_degrees=partial(into_degrees, crs=parse_crs(arguments, "filter-crs", found)),
            at_another_time=_at_another_time(arguments, found),
        ),
    )


def parse_crs(arguments: MultiDict[str, str], name: str, found: Offer) -> str:
    """A coordinate system out of the collection's list; CRS84 where none is asked for."""
    asked = arguments.get(name, CRS84)
    if asked not in found.crs:
        listed = ", ".join(found.crs)
        raise InvalidParameterError(f"{name}: one of {listed}.", f"{name}: salah satu dari {listed}.", code=name)
    return asked


def _whole(arguments: MultiDict[str, str], name: str, *, default: int, least: int) -> int:
    text = arguments.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= least):
        raise InvalidParameterError(
            f"{name} is a whole number from {least}.", f"{name} adalah bilangan bulat mulai {least}."
        )
    return int(text)


def _number(text: str) -> float:
    number = float(text) if _NUMBER.fullmatch(text) else math.nan
    return number if math.isfinite(number) else math.nan


def _window(arguments: MultiDict[str, str], found: Offer) -> Any:
    crs = parse_crs(arguments, "bbox-crs", found)
    if "bbox" not in arguments:
        return None
    numbers = tuple(_number(text) for text in arguments["bbox"].split(","))
    if len(numbers) not in (4, 6) or any(math.isnan(number) for number in numbers):
        raise InvalidParameterError(
            "bbox has four numbers (or six, with heights) between commas: 99.9,1.9,100.4,2.4.",
            "bbox berisi empat bilangan (atau enam, dengan tinggi) yang dipisah koma: 99.9,1.9,100.4,2.4.",
            code="bbox",
        )
    return into_degrees(numbers if len(numbers) == 4 else (*numbers[:2], *numbers[3:5]), crs)


def _expression(arguments: MultiDict[str, str]) -> Any:
    language = arguments.get("filter-lang", FILTER_LANGUAGES[0])
    if language not in FILTER_LANGUAGES:
        listed = ", ".join(FILTER_LANGUAGES)
        raise InvalidParameterError(
            f"filter-lang: one of {listed}.", f"filter-lang: salah satu dari {listed}.", code="filter-lang"
        )
    text = arguments.get("filter")
    return None if text is None else parse(text, language=language)


def _at_another_time(arguments: MultiDict[str, str], found: Offer) -> bool:
    if "datetime" not in arguments:
        return False
    asked, year = parse_datetime(arguments["datetime"]), year_of(found.district.period)
    return year is not None and not meets(asked, year)


def _value(column: Column, text: str) -> Any:
    value = _typed(column.kind, text)
    if value is None:
        kind = _WORDS[column.kind]
        raise InvalidParameterError(
            f"{column.name} is {kind[1]}, not {text[:60]!r}.",
            f"{column.name} adalah {kind[0]}, bukan {text[:60]!r}.",
            code="property",
        )
    return value


def _typed(kind: Kind, text: str) -> Any:
    if kind == "text":
        return text
    if kind == "boolean":
        return {"true": True, "false": False}.get(text)
    number = _number(text)
    return None if math.isnan(number) else number


_WORDS: Final[dict[Kind, tuple[str, str]]] = {
    "text": ("teks", "a text"),
    "boolean": ("true atau false", "true or false"),
    "integer": ("bilangan", "a number"),
    "number": ("bilangan", "a number"),
    "ratio": ("bilangan", "a number"),
}
