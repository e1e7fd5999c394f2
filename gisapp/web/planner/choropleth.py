"""Which classes a page may ask for; the classes themselves are the shared legend's."""

from __future__ import annotations

from gisapp.analysis.classify import Method
from gisapp.errors import InvalidParameterError
from gisapp.maps.legend import DEFAULT_CLASSES, METHODS

CLASS_COUNTS = (2, 3, 4, 5)


def parse_classes(method: str | None, count: str | None) -> tuple[Method, int]:
    """Class method and number of classes as asked for in the address; the defaults where nothing is said."""
    known: dict[str, Method] = {name: name for name in METHODS}
    chosen, count = known.get(method or METHODS[0]), count or str(DEFAULT_CLASSES)
    if chosen is None:
        names = ", ".join(METHODS)
        raise InvalidParameterError(f"method is one of {names}.", f"method adalah salah satu dari {names}.")
    if count not in {str(number) for number in CLASS_COUNTS}:
        raise InvalidParameterError("k is a number from 2 to 5.", "k adalah angka 2 sampai 5.")
    return chosen, int(count)
