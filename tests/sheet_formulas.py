"""The few formulas of the budget table, computed from the file: an oracle beside the values that it carries."""

from __future__ import annotations

import math
import re
from typing import Any

from openpyxl import Workbook

_TOKEN = re.compile(r"(?:(?:'([^']+)'|([A-Za-z]+))!)?(\$?[A-Z]{1,2}\$?\d+(?::\$?[A-Z]{1,2}\$?\d+)?)")


def computed(book: Workbook, sheet: str, cell: str) -> Any:
    """Value of a cell: what stands there, or what its formula gives."""
    value = book[sheet][cell.replace("$", "")].value
    if not (isinstance(value, str) and value.startswith("=") and book[sheet][cell.replace("$", "")].data_type == "f"):
        return value

    def reference(found: re.Match[str]) -> str:
        place = found[1] or found[2] or sheet
        return f"_get({place!r}, {found[3]!r})"

    def get(place: str, name: str) -> Any:
        if ":" not in name:
            return computed(book, place, name) or 0
        rows = book[place][name.replace("$", "")]
        return [computed(book, place, one.coordinate) or 0 for row in rows for one in row]

    names = {
        "_get": get,
        "ROUND": lambda number, _: math.floor(number + 0.5),
        "SUM": lambda values: sum(values),
        "SUMIF": lambda tests, wanted, values: sum(v for t, v in zip(tests, values, strict=True) if t == wanted),
    }
    return eval(_TOKEN.sub(reference, value[1:]), {"__builtins__": {}}, names)
